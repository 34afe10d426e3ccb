// The policy: each kind of entry, allowed, without the right, and senseless.
#include "core/vault/policy.h"

#include "tests/core/vault/expect.h"
#include "tests/core/vault/practice.h"

namespace coffre::test {
namespace {

// A policy of two compartments (patients, journal) and one more, with an owner, a practitioner who
// reads "medical", and an administrator. Grants are random bytes: the policy never opens them.
class PolicyTest : public ::testing::Test {
 protected:
  struct Person {
    Id id;
    MemberSecrets secrets;
    [[nodiscard]] Hash key_id() const { return secrets.public_key().id(); }
  };

  PolicyTest() {
    GenesisOp op;
    op.practice = "Cabinet";
    op.cost = {kPasswordMemoryMinKib, kPasswordPassesMin, 2};
    op.user = owner_.id;
    op.user_name = "marie";
    op.key = owner_.secrets.public_key();
    op.compartments = {{patients_, Purpose::kAdministrative, "patients", epoch_key()},
                       {journal_, Purpose::kJournal, "journal", epoch_key()},
                       {medical_, Purpose::kOrdinary, "medical", epoch_key()}};
    op.roles = {{owner_role_,
                 "owner",
                 vault_right::kAll,
                 {{medical_, right::kAll}, {patients_, right::kAll}, {journal_, right::kRead}}},
                {reader_role_, "reader", 0, {{medical_, right::kRead | right::kDeposit}}},
                {accounts_role_, "accounts", vault_right::kAll, {}}};
    op.user_roles = {owner_role_};
    genesis_ = op;
    must(policy_.apply(vault_, owner_.key_id(), op));
    for (const Id& place : {patients_, journal_, medical_}) {
      must(by(owner_, grant(owner_, place)));
    }
    must(by(owner_, UserOp{reader_.id, "prac", reader_.secrets.public_key()}));
    must(by(owner_, AssignOp{reader_.id, reader_role_, false}));
    must(by(owner_, grant(reader_, medical_)));
    must(by(owner_, UserOp{adm_.id, "adm", adm_.secrets.public_key()}));
    must(by(owner_, AssignOp{adm_.id, accounts_role_, false}));
  }

  Person person() { return {fresh(), must(MemberSecrets::generate(random_))}; }
  Id fresh() { return must(random_.id()); }
  ExchangePublicKey epoch_key() { return must(ExchangeKey::generate(random_)).public_key(); }
  Status by(const Person& actor, const PolicyOp& op) {
    return policy_.apply(vault_, actor.key_id(), op);
  }
  GrantOp grant(const Person& to, const Id& place) const {
    const Compartment* compartment = policy_.compartment(place);
    return {place, compartment == nullptr ? 1 : compartment->epoch(), to.id, to.key_id(), {}};
  }
  UserKeyOp new_key(const Id& user, const MemberSecrets& secrets) const {
    UserKeyOp op{user, secrets.public_key(), {}, {}};
    op.proof = secrets.signing.sign(key_proof_message(vault_, user, op.key));
    return op;
  }
  // An account that the administrator made, with a role that reads "medical".
  Person made_by_adm() {
    Person made = person();
    must(by(adm_, UserOp{made.id, "docb", made.secrets.public_key()}));
    must(by(adm_, AssignOp{made.id, reader_role_, false}));
    return made;
  }

  SeededRandom random_{11};
  Hash vault_ = must(Hash::from(sample_bytes(32)));
  Id patients_ = fresh();
  Id journal_ = fresh();
  Id medical_ = fresh();
  Id owner_role_ = fresh();
  Id reader_role_ = fresh();
  Id accounts_role_ = fresh();
  Person owner_ = person();
  Person reader_ = person();
  Person adm_ = person();
  GenesisOp genesis_;
  Policy policy_;
};

TEST_F(PolicyTest, TheGenesisComesOnceAndFirst) {
  EXPECT_TRUE(refused(by(owner_, genesis_), Code::kInvalidArgument));
  Policy empty;
  EXPECT_TRUE(refused(empty.apply(vault_, owner_.key_id(), UserOp{}), Code::kInvalidArgument));
  EXPECT_TRUE(refused(empty.apply(vault_, reader_.key_id(), genesis_), Code::kInvalidArgument));
  GenesisOp op = genesis_;
  op.compartments.pop_back();
  op.compartments.pop_back();
  op.roles.clear();
  op.user_roles.clear();
  EXPECT_TRUE(refused(empty.apply(vault_, owner_.key_id(), op), Code::kInvalidArgument));
  op = genesis_;
  op.lock_after_s = kLockAfterMaxSeconds + 1;
  EXPECT_TRUE(refused(empty.apply(vault_, owner_.key_id(), op), Code::kInvalidArgument));
  op = genesis_;
  op.cost.memory_kib = 1 << 30;
  EXPECT_TRUE(refused(empty.apply(vault_, owner_.key_id(), op), Code::kLimit));
  EXPECT_TRUE(empty.users().empty());
}

TEST_F(PolicyTest, AccountsNeedTheRightANewNameAndANewKey) {
  const Person made = person();
  const MemberKey key = made.secrets.public_key();
  EXPECT_TRUE(refused(by(reader_, UserOp{made.id, "docb", key}), Code::kDenied));
  EXPECT_TRUE(refused(by(made, UserOp{made.id, "docb", key}), Code::kDenied));
  EXPECT_TRUE(refused(by(adm_, UserOp{made.id, "MARIE", key}), Code::kInvalidArgument));
  EXPECT_TRUE(refused(by(adm_, UserOp{made.id, "Márie", key}), Code::kInvalidArgument));
  EXPECT_TRUE(refused(by(adm_, UserOp{made.id, " docb", key}), Code::kInvalidArgument));
  EXPECT_TRUE(refused(by(adm_, UserOp{made.id, "docb", reader_.secrets.public_key()}),
                      Code::kInvalidArgument));
  EXPECT_TRUE(refused(by(adm_, UserOp{reader_.id, "docb", key}), Code::kInvalidArgument));
  EXPECT_TRUE(ok(by(adm_, UserOp{made.id, "docb", key})));
  EXPECT_EQ(policy_.user_by_name("DOCB")->made_by, adm_.id);
}

TEST_F(PolicyTest, ASuspendedMemberMayNothingAndReadsNothing) {
  EXPECT_TRUE(refused(by(reader_, UserStateOp{adm_.id, UserState::kSuspended}), Code::kDenied));
  EXPECT_TRUE(
      refused(by(adm_, UserStateOp{fresh(), UserState::kSuspended}), Code::kInvalidArgument));
  must(by(owner_, UserStateOp{adm_.id, UserState::kSuspended}));
  EXPECT_TRUE(refused(by(adm_, SettingOp{Setting::kLockAfterSeconds, 60}), Code::kDenied));
  must(by(owner_, UserStateOp{reader_.id, UserState::kSuspended}));
  EXPECT_FALSE(policy_.is_reader(*policy_.user(reader_.id), medical_));
  EXPECT_EQ(policy_.rights(*policy_.user(reader_.id), medical_), 0);
  must(by(owner_, UserStateOp{reader_.id, UserState::kActive}));
  EXPECT_TRUE(policy_.is_reader(*policy_.user(reader_.id), medical_));
}

TEST_F(PolicyTest, ARemovedMemberHoldsNoKeyAndNeverComesBack) {
  EXPECT_TRUE(
      refused(by(owner_, UserStateOp{reader_.id, UserState::kRemoved}), Code::kInvalidArgument));
  must(by(owner_, EpochOp{medical_, 2, epoch_key(), {}}));
  EXPECT_TRUE(ok(by(owner_, UserStateOp{reader_.id, UserState::kRemoved})));
  const User& removed = *policy_.user(reader_.id);
  EXPECT_TRUE(removed.roles.empty());
  EXPECT_TRUE(removed.grants.empty());
  EXPECT_EQ(policy_.user_by_key(reader_.key_id()), nullptr);
  EXPECT_NE(policy_.signing_key(reader_.key_id()), nullptr);  // old signatures stay valid
  for (const PolicyOp& op :
       {PolicyOp(UserStateOp{reader_.id, UserState::kActive}),
        PolicyOp(AssignOp{reader_.id, reader_role_, false}),
        PolicyOp(new_key(reader_.id, person().secrets)), PolicyOp(grant(reader_, medical_)),
        PolicyOp(UserOp{fresh(), "PRAC", person().secrets.public_key()})}) {
    EXPECT_TRUE(refused(by(owner_, op), Code::kInvalidArgument));
  }
}

TEST_F(PolicyTest, AKeyOfOnesOwnCarriesLiveGrantsOnly) {
  const Person next{reader_.id, must(MemberSecrets::generate(random_))};
  UserKeyOp op = new_key(reader_.id, next.secrets);
  op.carried = {{patients_, 1, {}}};
  EXPECT_TRUE(refused(by(reader_, op), Code::kDenied));  // no such grant
  op.carried = {{medical_, 2, {}}};
  EXPECT_TRUE(refused(by(reader_, op), Code::kDenied));  // another epoch
  op.carried = {{medical_, 1, {}}, {medical_, 1, {}}};
  EXPECT_TRUE(refused(by(reader_, op), Code::kDenied));  // twice
  op.carried = {{medical_, 1, {}}};
  UserKeyOp bad = op;
  bad.proof.bytes[0] = static_cast<Byte>(bad.proof.bytes[0] ^ 1U);
  EXPECT_TRUE(refused(by(reader_, bad), Code::kInvalidArgument));
  EXPECT_TRUE(refused(by(adm_, op), Code::kDenied));  // who replaces another's key carries nothing
  EXPECT_TRUE(ok(by(reader_, op)));
  EXPECT_TRUE(policy_.user(reader_.id)->has_own_key());
  EXPECT_TRUE(policy_.is_reader(*policy_.user(reader_.id), medical_));
  EXPECT_EQ(policy_.live_grant(*policy_.user(reader_.id), medical_)->granter_key, reader_.key_id());
  EXPECT_TRUE(refused(by(reader_, SettingOp{}), Code::kDenied));  // the old key is nobody's
  EXPECT_TRUE(refused(by(next, new_key(reader_.id, reader_.secrets)), Code::kInvalidArgument));
}

TEST_F(PolicyTest, AReplacedKeyVoidsTheGrants) {
  const Person next{reader_.id, must(MemberSecrets::generate(random_))};
  EXPECT_TRUE(refused(by(reader_, new_key(adm_.id, next.secrets)), Code::kDenied));
  must(by(adm_, new_key(reader_.id, next.secrets)));
  EXPECT_FALSE(policy_.is_reader(*policy_.user(reader_.id), medical_));
  EXPECT_TRUE(policy_.is_provisional(*policy_.user(reader_.id)));
  EXPECT_TRUE(refused(by(owner_, grant(reader_, medical_)), Code::kInvalidArgument));  // old key
  EXPECT_TRUE(refused(by(owner_, grant(next, medical_)), Code::kDenied));  // adm could use it
}

TEST_F(PolicyTest, AGrantWaitsForAKeyOfThePersonsOwnOrOfAReaders) {
  const Person made = made_by_adm();
  EXPECT_TRUE(refused(by(adm_, grant(made, medical_)), Code::kDenied));    // reads nothing herself
  EXPECT_TRUE(refused(by(made, grant(made, medical_)), Code::kDenied));    // nor does the person
  EXPECT_TRUE(refused(by(owner_, grant(made, medical_)), Code::kDenied));  // adm could use it
  const Person own{made.id, must(MemberSecrets::generate(random_))};
  must(by(made, new_key(made.id, own.secrets)));
  EXPECT_TRUE(refused(by(owner_, grant(own, patients_)), Code::kDenied));  // no role reads it
  GrantOp old = grant(own, medical_);
  old.epoch = 2;
  EXPECT_TRUE(refused(by(owner_, old), Code::kInvalidArgument));
  EXPECT_TRUE(ok(by(reader_, grant(own, medical_))));
  EXPECT_TRUE(policy_.is_reader(*policy_.user(made.id), medical_));
}

TEST_F(PolicyTest, DestroyIsGivenByAReaderOnly) {
  const Id role = fresh();
  const RoleOp destroys{role, "destroys", 0, {{medical_, right::kDestroy}}};
  EXPECT_TRUE(refused(by(reader_, destroys), Code::kDenied));
  EXPECT_TRUE(refused(by(adm_, destroys), Code::kDenied));
  EXPECT_TRUE(ok(by(adm_, RoleOp{role, "destroys", 0, {{medical_, right::kRead}}})));
  EXPECT_TRUE(refused(by(adm_, destroys), Code::kDenied));
  EXPECT_TRUE(ok(by(owner_, destroys)));
  EXPECT_TRUE(ok(by(adm_, RoleOp{role, "renamed", 0, {{medical_, right::kDestroy}}})));
  EXPECT_TRUE(refused(by(adm_, AssignOp{adm_.id, role, false}), Code::kDenied));
  EXPECT_TRUE(refused(by(adm_, AssignOp{adm_.id, owner_role_, false}), Code::kDenied));
  EXPECT_TRUE(ok(by(owner_, AssignOp{reader_.id, role, false})));
}

TEST_F(PolicyTest, RolesAreGivenOnceAndTakenOnce) {
  EXPECT_TRUE(refused(by(reader_, AssignOp{reader_.id, accounts_role_, false}), Code::kDenied));
  EXPECT_TRUE(refused(by(adm_, AssignOp{reader_.id, reader_role_, false}), Code::kInvalidArgument));
  EXPECT_TRUE(refused(by(adm_, AssignOp{reader_.id, fresh(), false}), Code::kInvalidArgument));
  EXPECT_TRUE(refused(by(adm_, AssignOp{fresh(), reader_role_, false}), Code::kInvalidArgument));
  EXPECT_TRUE(ok(by(adm_, AssignOp{reader_.id, reader_role_, true})));
  EXPECT_TRUE(refused(by(adm_, AssignOp{reader_.id, reader_role_, true}), Code::kInvalidArgument));
  EXPECT_FALSE(policy_.is_reader(*policy_.user(reader_.id), medical_));
  EXPECT_TRUE(refused(by(adm_, RoleOp{fresh(), "OWNER", 0, {}}), Code::kInvalidArgument));
  EXPECT_TRUE(refused(by(adm_, RoleOp{fresh(), "r", 0, {{fresh(), right::kRead}}}),
                      Code::kInvalidArgument));
}

TEST_F(PolicyTest, CompartmentsAreMadeAndNamedByTheirReaders) {
  const Id made = fresh();
  EXPECT_TRUE(refused(by(adm_, CompartmentOp{made, "x", medical_, epoch_key()}), Code::kDenied));
  EXPECT_TRUE(refused(by(reader_, CompartmentOp{made, "x", medical_, epoch_key()}), Code::kDenied));
  EXPECT_TRUE(refused(by(owner_, CompartmentOp{made, "Médical", medical_, epoch_key()}),
                      Code::kInvalidArgument));
  EXPECT_TRUE(ok(by(owner_, CompartmentOp{made, "radio", medical_, epoch_key()})));
  EXPECT_EQ(policy_.rights(*policy_.user(reader_.id), made), right::kRead | right::kDeposit);
  EXPECT_FALSE(policy_.is_reader(*policy_.user(reader_.id), made));
  EXPECT_TRUE(refused(by(reader_, grant(reader_, made)), Code::kDenied));
  EXPECT_TRUE(ok(by(owner_, grant(reader_, made))));  // who opened the epoch grants in it
  EXPECT_TRUE(refused(by(owner_, CompartmentNameOp{made, "scanner"}), Code::kDenied));
  must(by(owner_, grant(owner_, made)));
  EXPECT_TRUE(ok(by(owner_, CompartmentNameOp{made, "scanner"})));
  EXPECT_TRUE(ok(by(owner_, CompartmentNameOp{made, "Scanner"})));  // its own name, other case
  EXPECT_TRUE(refused(by(owner_, CompartmentNameOp{made, "JOURNAL"}), Code::kInvalidArgument));
  EXPECT_TRUE(refused(by(adm_, CompartmentNameOp{medical_, "y"}), Code::kDenied));
}

TEST_F(PolicyTest, EpochsAreOpenedInOrderByReaders) {
  EXPECT_TRUE(refused(by(adm_, EpochOp{medical_, 2, epoch_key(), {}}), Code::kDenied));
  EXPECT_TRUE(refused(by(reader_, EpochOp{medical_, 3, epoch_key(), {}}), Code::kInvalidArgument));
  EXPECT_TRUE(refused(by(reader_, EpochOp{medical_, 1, epoch_key(), {}}), Code::kInvalidArgument));
  EXPECT_TRUE(refused(by(reader_, EpochOp{fresh(), 2, epoch_key(), {}}), Code::kDenied));
  EXPECT_TRUE(ok(by(reader_, EpochOp{medical_, 2, epoch_key(), {}})));
  EXPECT_FALSE(policy_.is_reader(*policy_.user(owner_.id), medical_));
  EXPECT_TRUE(refused(by(owner_, grant(owner_, medical_)), Code::kDenied));
  EXPECT_TRUE(ok(by(reader_, grant(owner_, medical_))));
  EXPECT_EQ(policy_.reader_count(medical_, Id{}), 1U);
  EXPECT_EQ(policy_.reader_count(medical_, owner_.id), 0U);
}

TEST_F(PolicyTest, SettingsAndWorkstations) {
  EXPECT_TRUE(refused(by(reader_, SettingOp{Setting::kLockAfterSeconds, 60}), Code::kDenied));
  EXPECT_TRUE(refused(by(adm_, SettingOp{Setting::kLockAfterSeconds, 4}), Code::kInvalidArgument));
  EXPECT_TRUE(
      refused(by(adm_, SettingOp{Setting::kLockAfterSeconds, 901}), Code::kInvalidArgument));
  EXPECT_TRUE(ok(by(adm_, SettingOp{Setting::kLockAfterSeconds, 900})));
  EXPECT_EQ(policy_.lock_after_seconds(), 900U);
  const WorkstationOp enrol{fresh(), "accueil", must(SigningKey::generate(random_)).public_key()};
  EXPECT_TRUE(ok(by(reader_, enrol)));
  EXPECT_TRUE(refused(by(reader_, enrol), Code::kInvalidArgument));
  EXPECT_TRUE(refused(by(reader_, WorkstationRevokedOp{enrol.id}), Code::kDenied));
  EXPECT_TRUE(ok(by(adm_, WorkstationRevokedOp{enrol.id})));
  EXPECT_TRUE(refused(by(adm_, WorkstationRevokedOp{enrol.id}), Code::kInvalidArgument));
}

// Every kind, as bytes: what is read is what was written, and nothing shorter or longer.
TEST_F(PolicyTest, OperationsComeBackFromTheirBytesAndTruncationsAreRefused) {
  const Person other = person();
  UserKeyOp key = new_key(other.id, other.secrets);
  key.carried = {{medical_, 3, {}}, {journal_, 1, {}}};
  const std::vector<PolicyOp> all = {
      genesis_,
      UserOp{other.id, "Zoé", other.secrets.public_key()},
      UserStateOp{other.id, UserState::kSuspended},
      key,
      genesis_.roles.front(),
      AssignOp{other.id, owner_role_, false},
      AssignOp{other.id, owner_role_, true},
      CompartmentOp{fresh(), "radio", medical_, epoch_key()},
      CompartmentNameOp{medical_, "soins"},
      EpochOp{medical_, 2, epoch_key(), {}},
      grant(other, medical_),
      SettingOp{Setting::kLockAfterSeconds, 60},
      WorkstationOp{fresh(), "accueil", other.secrets.signing.public_key()},
      WorkstationRevokedOp{fresh()},
      HoldOp{fresh(), HoldKind::kDocument, {fresh(), fresh()}},
      HoldOp{fresh(), HoldKind::kPatient, {}},
      HoldLiftedOp{fresh()},
      RetentionOp{medical_, 20}};
  for (const PolicyOp& op : all) {
    const Bytes body = encode_op(op);
    const PolicyOp back = must(decode_op(body));
    EXPECT_EQ(back.index(), op.index());
    EXPECT_EQ(encode_op(back), body);
    for (std::size_t size = 0; size < body.size(); ++size) {
      EXPECT_FALSE(decode_op(ByteView(body).first(size)).has_value()) << op.index() << " " << size;
    }
    Bytes longer = body;
    longer.push_back(0);
    EXPECT_TRUE(refused(decode_op(longer), Code::kDamaged)) << op.index();
  }
}

TEST_F(PolicyTest, HoldsNeedTheRightAndAreOnceThere) {
  const Id document = fresh();
  const Id version = fresh();
  const Id patient = fresh();
  const HoldOp hold{document, HoldKind::kDocument, {version, fresh()}};
  EXPECT_TRUE(refused(by(reader_, hold), Code::kDenied));
  EXPECT_FALSE(policy_.is_held(document));
  EXPECT_TRUE(ok(by(adm_, hold)));
  EXPECT_TRUE(ok(by(owner_, HoldOp{patient, HoldKind::kPatient, {}})));
  EXPECT_EQ(policy_.holds().size(), 2U);
  for (const Id& held : {document, version, hold.versions[1], patient}) {
    EXPECT_TRUE(policy_.is_held(held));
  }
  EXPECT_TRUE(refused(by(owner_, hold), Code::kInvalidArgument));
  const HoldOp shares{fresh(), HoldKind::kDocument, {version}};
  EXPECT_TRUE(refused(by(owner_, shares), Code::kInvalidArgument));
  EXPECT_TRUE(
      refused(by(owner_, HoldOp{fresh(), HoldKind::kDocument, {}}), Code::kInvalidArgument));
  EXPECT_TRUE(
      refused(by(owner_, HoldOp{fresh(), HoldKind::kPatient, {fresh()}}), Code::kInvalidArgument));
  EXPECT_TRUE(refused(by(reader_, HoldLiftedOp{document}), Code::kDenied));
  EXPECT_TRUE(refused(by(owner_, HoldLiftedOp{version}), Code::kInvalidArgument));
  EXPECT_TRUE(ok(by(owner_, HoldLiftedOp{document})));
  EXPECT_TRUE(refused(by(owner_, HoldLiftedOp{document}), Code::kInvalidArgument));
  EXPECT_FALSE(policy_.is_held(document));
  EXPECT_FALSE(policy_.is_held(version));
  EXPECT_TRUE(policy_.is_held(patient));
  EXPECT_TRUE(ok(by(owner_, shares)));
}

TEST_F(PolicyTest, TheVaultKeepsSoManyHoldsAndVersions) {
  HoldOp many{fresh(), HoldKind::kDocument, {}};
  for (std::size_t index = 0; index < kHeldVersionsMax; ++index) {
    many.versions.push_back(fresh());
  }
  EXPECT_TRUE(ok(by(owner_, many)));
  EXPECT_TRUE(refused(by(owner_, HoldOp{fresh(), HoldKind::kDocument, {fresh()}}), Code::kLimit));
  many.versions.push_back(fresh());
  EXPECT_TRUE(refused(decode_op(encode_op(many)), Code::kDamaged));
  EXPECT_TRUE(ok(by(owner_, HoldLiftedOp{many.object})));
  for (std::size_t index = 0; index < kHoldsMax; ++index) {
    must(by(owner_, HoldOp{fresh(), HoldKind::kPatient, {}}));
  }
  EXPECT_TRUE(refused(by(owner_, HoldOp{fresh(), HoldKind::kPatient, {}}), Code::kLimit));
}

TEST_F(PolicyTest, PeriodsAreSetByWhoMayChangeTheSettings) {
  EXPECT_EQ(policy_.compartment(medical_)->retention_years, 0U);
  EXPECT_TRUE(refused(by(reader_, RetentionOp{medical_, 20}), Code::kDenied));
  EXPECT_TRUE(ok(by(adm_, RetentionOp{medical_, 20})));
  EXPECT_EQ(policy_.compartment(medical_)->retention_years, 20U);
  EXPECT_TRUE(ok(by(owner_, RetentionOp{medical_, kRetentionYearsMax})));
  EXPECT_TRUE(
      refused(by(owner_, RetentionOp{medical_, kRetentionYearsMax + 1}), Code::kInvalidArgument));
  EXPECT_TRUE(refused(by(owner_, RetentionOp{fresh(), 1}), Code::kInvalidArgument));
  EXPECT_TRUE(refused(by(owner_, RetentionOp{journal_, 1}), Code::kInvalidArgument));
  const Id like = fresh();
  must(by(owner_, CompartmentOp{like, "kine", medical_, epoch_key()}));
  EXPECT_EQ(policy_.compartment(like)->retention_years, kRetentionYearsMax);
}

TEST_F(PolicyTest, AnUnknownKindBelongsToANewerFormatAndBadValuesAreDamage) {
  const std::size_t at = label("coffre/policy/v1").size();
  Bytes body = encode_op(UserStateOp{adm_.id, UserState::kActive});
  body[at] = 18;
  EXPECT_TRUE(refused(decode_op(body), Code::kUnsupported));
  body = encode_op(UserStateOp{adm_.id, UserState::kActive});
  body.back() = 4;
  EXPECT_TRUE(refused(decode_op(body), Code::kDamaged));
  body = encode_op(RoleOp{adm_.id, "r", 0, {{medical_, right::kAll}}});
  body.back() = right::kAll + 1;
  EXPECT_TRUE(refused(decode_op(body), Code::kDamaged));
  body = encode_op(HoldOp{adm_.id, HoldKind::kPatient, {}});
  body[at + 1 + Id::kSize] = 3;
  EXPECT_TRUE(refused(decode_op(body), Code::kDamaged));
  body = encode_op(UserStateOp{adm_.id, UserState::kActive});
  body[0] = 'C';
  EXPECT_TRUE(refused(decode_op(body), Code::kDamaged));
  EXPECT_TRUE(refused(decode_op(Bytes(kPolicyBodyMax + 1)), Code::kDamaged));
}

}  // namespace
}  // namespace coffre::test
