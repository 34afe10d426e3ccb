// A member with a program of their own: what is signed without the right to it is refused by every
// other member's program, which names the entry and the person, whether its workstation remembers a
// head or meets the vault for the first time.
#include <gtest/gtest.h>

#include "tests/core/vault/damage.h"

namespace coffre::test {
namespace {

class TamperForged : public testing::Test {
 protected:
  TamperForged() {
    auto practitioner = need(practice_.unlock("prac"));
    document_ = need(
        file_document(*practitioner, "medical", practice_.patient(), sample_bytes(40'000), "IRM"));
    medical_ = compartment_of(*practitioner, "medical");
    administrative_ = compartment_of(*practitioner, "administrative");
  }

  // A body with the same prefix but for the fields given, sealed for nobody.
  static Bytes record_body(const Id& compartment, std::uint64_t revision, const Hash& envelope) {
    Writer out;
    out.u8(2).fixed(compartment).u64(revision).fixed(envelope).raw(sample_bytes(540, 3));
    return out.take();
  }
  // The session's own envelope in a compartment, made and written by an honest commit.
  static Hash own_envelope(Vault& session, const Id& compartment) {
    Hash id;
    need(session.impl().commit([&](Commit& commit) -> Status {
      COFFRE_TRY_ASSIGN(const SealingEnvelope* envelope, commit.envelope(compartment));
      id = envelope->id;
      return commit.add_event(session.impl().event(Action::kView));
    }));
    return id;
  }
  static const User& user_of(Vault& session, const std::string& name) {
    return *session.policy().user_by_name(name);
  }

  Practice practice_;
  Id document_;
  Id medical_;
  Id administrative_;
};

TEST_F(TamperForged, TheToolItselfLeavesAVaultThatOpens) {
  auto practitioner = need(practice_.unlock("prac"));
  ForgedCommit forged(*practitioner);
  forged.event();
  forged.finish();
  practitioner.reset();
  for (const char* workstation : {"first", "never seen"}) {
    const Access got = access(practice_, "marie", workstation, practice_.path());
    EXPECT_EQ(got.refused_at, "") << got.error.what;
    EXPECT_EQ(got.titles, std::vector<std::string>{"IRM"});
  }
}

// Not damage: between opening and unlocking, others write.
TEST_F(TamperForged, AVaultThatOthersWroteToBetweenOpeningAndUnlockingIsNotDamaged) {
  auto waiting = need(practice_.open(practice_.path(), "first"));
  {
    auto practitioner = need(practice_.unlock("prac", "other"));
    EXPECT_TRUE(practitioner->edit_document(document_, {{}, "IRM 2", {}, {}}).has_value());
  }
  const Status unlocked = waiting->unlock({"marie", secret_of(kOwnerPassword), {}});
  ASSERT_TRUE(unlocked.has_value()) << unlocked.error().what << unlocked.error().on;
  EXPECT_EQ(titles(*waiting), std::vector<std::string>{"IRM 2"});
}

TEST_F(TamperForged, WhatAMemberForgesBetweenOpeningAndUnlockingIsFound) {
  auto waiting = need(practice_.open(practice_.path(), "never seen"));
  auto secretary = need(practice_.unlock("sec"));
  const Hash hers = own_envelope(*secretary, medical_);
  secretary.reset();
  auto practitioner = need(practice_.unlock("prac"));
  ForgedCommit forged(*practitioner);
  forged.replace(Table::kRecords, document_.view(), record_body(medical_, 2, hers), medical_);
  forged.event();
  const std::uint64_t entry = forged.finish();
  const Status unlocked = waiting->unlock({"marie", secret_of(kOwnerPassword), {}});
  ASSERT_FALSE(unlocked.has_value());
  EXPECT_EQ(unlocked.error().on, "entry " + std::to_string(entry) + ", prac");
}

TEST_F(TamperForged, ASecretaryGivesHerselfTheOwnersRole) {
  auto secretary = need(practice_.unlock("sec"));
  ForgedCommit forged(*secretary);
  forged.policy(
      AssignOp{user_of(*secretary, "sec").id, secretary->policy().role_by_name("owner")->id});
  const std::uint64_t entry = forged.finish();
  secretary.reset();
  expect_blamed(practice_, entry, "sec");
}

TEST_F(TamperForged, ASecretaryAddsRightsToHerRole) {
  auto secretary = need(practice_.unlock("sec"));
  const Role& role = *secretary->policy().role_by_name("secretary");
  ForgedCommit forged(*secretary);
  forged.policy(RoleOp{role.id, role.name, vault_right::kAll, {{medical_, right::kAll}}});
  const std::uint64_t entry = forged.finish();
  secretary.reset();
  expect_blamed(practice_, entry, "sec");
}

TEST_F(TamperForged, ASecretaryGrantsHerselfACompartment) {
  auto secretary = need(practice_.unlock("sec"));
  const User& self = user_of(*secretary, "sec");
  ForgedCommit forged(*secretary);
  forged.policy(GrantOp{medical_, 1, self.id, self.key_id, {}});
  const std::uint64_t entry = forged.finish();
  secretary.reset();
  expect_blamed(practice_, entry, "sec");
}

TEST_F(TamperForged, AnAdministratorPutsTheirOwnKeyInTheOwnersPlaceAndGrantsIt) {
  auto administrator = need(practice_.unlock("adm"));
  const MemberSecrets fresh = need(MemberSecrets::generate(system_random()));
  const User& owner = user_of(*administrator, "marie");
  const MemberKey key = fresh.public_key();
  const Signature proof =
      fresh.signing.sign(key_proof_message(administrator->policy().vault(), owner.id, key));
  ForgedCommit forged(*administrator);
  forged.policy(UserKeyOp{owner.id, key, proof, {}});  // their right: a reset
  forged.policy(GrantOp{medical_, 1, owner.id, key.id(), {}});
  const std::uint64_t entry = forged.finish();
  administrator.reset();
  for (const char* workstation : {"first", "never seen"}) {
    const Access got = access(practice_, "prac", workstation, practice_.path());
    expect_refused(got);
    EXPECT_EQ(got.error.on, "entry " + std::to_string(entry) + ", adm");
  }
}

TEST_F(TamperForged, ASecretaryReplacesTheOwnersPublicKey) {
  auto secretary = need(practice_.unlock("sec"));
  const MemberSecrets fresh = need(MemberSecrets::generate(system_random()));
  const User& owner = user_of(*secretary, "marie");
  const MemberKey key = fresh.public_key();
  const Signature proof =
      fresh.signing.sign(key_proof_message(secretary->policy().vault(), owner.id, key));
  ForgedCommit forged(*secretary);
  forged.policy(UserKeyOp{owner.id, key, proof, {}});
  const std::uint64_t entry = forged.finish();
  secretary.reset();
  expect_blamed(practice_, entry, "sec");
}

TEST_F(TamperForged, ASecretaryChangesAMedicalRecord) {
  auto secretary = need(practice_.unlock("sec"));
  const Hash envelope = own_envelope(*secretary, medical_);
  ForgedCommit forged(*secretary);
  forged.replace(Table::kRecords, document_.view(), record_body(medical_, 2, envelope), medical_);
  forged.event();
  const std::uint64_t entry = forged.finish();
  secretary.reset();
  expect_blamed(practice_, entry, "sec");
}

// She may edit in "administrative": saying that the record belongs there must not help her.
TEST_F(TamperForged, ASecretaryChangesAMedicalRecordAndSaysItIsAnAdministrativeOne) {
  auto secretary = need(practice_.unlock("sec"));
  const Hash envelope = own_envelope(*secretary, administrative_);
  ForgedCommit forged(*secretary);
  forged.replace(Table::kRecords, document_.view(), record_body(administrative_, 2, envelope),
                 administrative_);
  forged.event();
  const std::uint64_t entry = forged.finish();
  secretary.reset();
  expect_blamed(practice_, entry, "sec");
}

TEST_F(TamperForged, ASecretaryChangesAMedicalRecordUnderTheEyesOfAnOpenSession) {
  auto owner = need(practice_.unlock("marie"));
  ASSERT_EQ(titles(*owner).size(), 1U);
  auto secretary = need(practice_.unlock("sec", "other"));
  const Hash envelope = own_envelope(*secretary, administrative_);
  ForgedCommit forged(*secretary);
  forged.replace(Table::kRecords, document_.view(), record_body(administrative_, 2, envelope),
                 administrative_);
  forged.event();
  const std::uint64_t entry = forged.finish();
  const auto listed = owner->documents({});
  ASSERT_FALSE(listed.has_value());
  EXPECT_EQ(listed.error().code, Code::kDamaged);
  EXPECT_EQ(listed.error().on, "entry " + std::to_string(entry) + ", sec");
  EXPECT_EQ(owner->documents({}).error().code, Code::kLocked);
}

// One's own slots may be removed; saying that the owner's slot is one of them must not help.
TEST_F(TamperForged, ASecretaryRemovesTheOwnersSlotAndSaysItIsHers) {
  auto secretary = need(practice_.unlock("sec"));
  const Bytes slot = RawVault(practice_.path()).blob("SELECT id FROM slots WHERE row=1");
  const Id self = user_of(*secretary, "sec").id;
  ForgedCommit forged(*secretary);
  forged.remove(Table::kSlots, slot, self);
  forged.event();
  const std::uint64_t entry = forged.finish();
  secretary.reset();
  for (const char* workstation : {"first", "never seen"}) {
    const Access got = access(practice_, "prac", workstation, practice_.path());
    expect_refused(got);
    EXPECT_EQ(got.error.on, "entry " + std::to_string(entry) + ", sec") << got.error.what;
  }
}

TEST_F(TamperForged, ABillingClerkDepositsInMedical) {
  auto billing = need(practice_.unlock("bill"));
  const Compartment& place = *billing->policy().compartment(medical_);
  const MadeEnvelope made =
      need(make_envelope(billing->policy().vault(), medical_, 1, place.current().key, nullptr,
                         billing->impl().keyring.member(), system_random()));
  ForgedCommit forged(*billing);
  forged.insert(Table::kEnvelopes, made.id.view(), made.body, medical_);
  forged.insert(Table::kRecords, need(system_random().id()).view(),
                record_body(medical_, 1, made.id), medical_);
  forged.event();
  const std::uint64_t entry = forged.finish();
  billing.reset();
  expect_blamed(practice_, entry, "bill");
}

TEST_F(TamperForged, APractitionerRemovesARecord) {
  auto practitioner = need(practice_.unlock("prac"));
  ForgedCommit forged(*practitioner);
  forged.remove(Table::kRecords, document_.view(), medical_);
  forged.event();
  const std::uint64_t entry = forged.finish();
  practitioner.reset();
  expect_blamed(practice_, entry, "prac");
}

TEST_F(TamperForged, ARecordIsReplacedThatWasNeverThere) {
  auto practitioner = need(practice_.unlock("prac"));
  const Hash envelope = own_envelope(*practitioner, medical_);
  ForgedCommit forged(*practitioner);
  forged.insert(Table::kRecords, need(system_random().id()).view(),
                record_body(medical_, 1, envelope), medical_);
  forged.pretend_old_leaf(sha256(as_bytes("nothing")));
  forged.event();
  const std::uint64_t entry = forged.finish();
  practitioner.reset();
  expect_blamed(practice_, entry, "prac");
}

TEST_F(TamperForged, APractitionerRemovesAnotherPersonsEnvelope) {
  auto practitioner = need(practice_.unlock("prac"));
  const Bytes id = RawVault(practice_.path()).blob("SELECT id FROM envelopes WHERE row=1");
  const Id journal = practitioner->policy().compartment_for(Purpose::kJournal)->id;
  ForgedCommit forged(*practitioner);
  forged.remove(Table::kEnvelopes, id, journal);
  forged.event();
  const std::uint64_t entry = forged.finish();
  practitioner.reset();
  expect_blamed(practice_, entry, "prac");
}

TEST_F(TamperForged, ARowIsWrittenUnderAnotherPersonsEnvelope) {
  auto secretary = need(practice_.unlock("sec"));
  const Hash hers = own_envelope(*secretary, medical_);
  secretary.reset();
  auto practitioner = need(practice_.unlock("prac"));
  ForgedCommit forged(*practitioner);
  forged.replace(Table::kRecords, document_.view(), record_body(medical_, 2, hers), medical_);
  forged.event();
  const std::uint64_t entry = forged.finish();
  practitioner.reset();
  expect_blamed(practice_, entry, "prac");
}

TEST_F(TamperForged, ARowIsWrittenUnderAnEnvelopeOfAnotherCompartment) {
  auto practitioner = need(practice_.unlock("prac"));
  const Hash envelope = own_envelope(*practitioner, administrative_);
  ForgedCommit forged(*practitioner);
  forged.replace(Table::kRecords, document_.view(), record_body(medical_, 2, envelope), medical_);
  forged.event();
  const std::uint64_t entry = forged.finish();
  practitioner.reset();
  expect_blamed(practice_, entry, "prac");
}

TEST_F(TamperForged, ARowIsChangedAndTheRootSignedButNoEntryNamesTheRow) {
  auto practitioner = need(practice_.unlock("prac"));
  const Hash envelope = own_envelope(*practitioner, medical_);
  ForgedCommit forged(*practitioner);
  forged.replace(Table::kRecords, document_.view(), record_body(medical_, 2, envelope), medical_);
  forged.forget_changes();
  forged.event();
  forged.finish();
  practitioner.reset();
  for (const char* workstation : {"first", "never seen"}) {
    expect_refused(access(practice_, "marie", workstation, practice_.path()));
  }
}

TEST_F(TamperForged, SomebodyWhoKnowsOnlyPublicKeysInjectsADocumentSignedWithTheirOwn) {
  auto practitioner = need(practice_.unlock("prac"));
  const MemberSecrets stranger = need(MemberSecrets::generate(system_random()));
  const Compartment& place = *practitioner->policy().compartment(medical_);
  const MadeEnvelope made =
      need(make_envelope(practitioner->policy().vault(), medical_, 1, place.current().key, nullptr,
                         stranger, system_random()));
  const Hash key_id = stranger.public_key().id();
  ForgedCommit forged(*practitioner);
  forged.sign_as(stranger.signing, key_id);
  forged.insert(Table::kEnvelopes, made.id.view(), made.body, medical_);
  forged.insert(Table::kRecords, need(system_random().id()).view(),
                record_body(medical_, 1, made.id), medical_);
  forged.event();
  const std::uint64_t entry = forged.finish();
  practitioner.reset();
  expect_blamed(practice_, entry, to_hex(key_id.view().first(8)));
}

TEST_F(TamperForged, SomebodyInjectsADocumentInAMembersNameWithoutASignature) {
  auto practitioner = need(practice_.unlock("prac"));
  ForgedCommit forged(*practitioner);
  forged.rewrite_signatures([](const Signature&) { return Signature{}; });
  forged.event();
  const std::uint64_t entry = forged.finish();
  practitioner.reset();
  expect_blamed(practice_, entry, "prac");
}

TEST_F(TamperForged, ASecretarySignsInTheOwnersName) {
  auto secretary = need(practice_.unlock("sec"));
  const SigningKey key = need(secretary->impl().keyring.member().signing.clone());
  ForgedCommit forged(*secretary);
  forged.sign_as(key, user_of(*secretary, "marie").key_id);
  forged.event();
  const std::uint64_t entry = forged.finish();
  secretary.reset();
  expect_blamed(practice_, entry, "marie");
}

TEST_F(TamperForged, ASuspendedMemberGoesOnSigning) {
  auto secretary = need(practice_.unlock("sec"));
  const SigningKey key = need(secretary->impl().keyring.member().signing.clone());
  const Hash key_id = secretary->impl().keyring.key_id();
  secretary.reset();
  auto owner = need(practice_.unlock("marie"));
  need(owner->set_user_enabled("sec", false));
  ForgedCommit forged(*owner);
  forged.sign_as(key, key_id);
  forged.event();
  const std::uint64_t entry = forged.finish();
  owner.reset();
  expect_blamed(practice_, entry, "sec");
}

TEST_F(TamperForged, DocumentRowsWithoutAnyEntry) {
  RawVault(practice_.path())
      .run("INSERT INTO records(id, body) VALUES(?, ?)",
           {Bytes(16, 7), record_body(medical_, 1, Hash{})});
  for (const char* workstation : {"first", "never seen"}) {
    expect_refused(access(practice_, "marie", workstation, practice_.path()));
  }
}

}  // namespace
}  // namespace coffre::test
