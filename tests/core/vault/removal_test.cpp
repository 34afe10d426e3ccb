// Somebody who was removed opens nothing that is stored afterwards, whoever stores it.
#include "tests/core/vault/expect.h"
#include "tests/core/vault/practice.h"

namespace coffre::test {
namespace {

// All that a session's keys open of one compartment, newest file or not.
bool opens_envelope(Vault& reader, Vault& file, const Hash& id) {
  const auto view = must(file.impl().view());
  const OwnedStateRow stored = must(file.impl().row(*view, Table::kEnvelopes, row_key(id.view())));
  const Envelope envelope = must(Envelope::parse(file.policy().vault(), stored.id, stored.body));
  for (const auto& [place, compartment] : file.policy().compartments()) {
    for (std::uint32_t epoch = 1; epoch <= compartment.epoch(); ++epoch) {
      EpochKeys* keys = reader.impl().keyring.epoch(place, epoch);
      if (keys != nullptr && (envelope.open_as_reader(keys->read_key).has_value() ||
                              envelope.open_as_deposited(keys->exchange).has_value())) {
        return true;
      }
    }
  }
  return envelope.open_as_deposited(reader.impl().keyring.member().exchange).has_value();
}

// The envelope that a document's record lies under.
Hash envelope_of(Vault& vault, const Id& document) {
  const auto view = must(vault.impl().view());
  const OwnedStateRow stored = must(vault.impl().row(*view, Table::kRecords, document));
  return must(RecordRow::parse(stored.body)).envelope;
}

class RemovalTest : public ::testing::Test {
 protected:
  Id file(Vault& vault, const std::string& title) {
    return must(file_document(vault, "medical", practice_.patient(), sample_bytes(2000), title));
  }
  Practice practice_;
};

TEST_F(RemovalTest, AnOldCopyAndPasswordOpenNothingStoredAfterwards) {
  const auto owner = must(practice_.unlock("marie"));
  const auto stale = must(practice_.unlock("sec", "second"));  // unlocked before the removal
  const Id before = file(*owner, "avant");
  const Id deposited_before = file(*stale, "déposé avant");
  practice_.copy_to(practice_.file("copy.coffre"));

  const auto readable = must(owner->remove_user("prac"));
  const Id after = file(*owner, "après");
  const Id deposited_after = file(*stale, "déposé après");

  // The thief unlocks the copy, where the account still lives, and takes the keys to the new file.
  const auto thief =
      must(practice_.unlock_at(practice_.file("copy.coffre"), "prac", kStaffPassword, "thief"));
  EXPECT_TRUE(opens_envelope(*thief, *owner, envelope_of(*owner, before)));
  EXPECT_TRUE(opens_envelope(*thief, *owner, envelope_of(*owner, deposited_before)));
  EXPECT_FALSE(opens_envelope(*thief, *owner, envelope_of(*owner, after)));
  EXPECT_FALSE(opens_envelope(*thief, *owner, envelope_of(*owner, deposited_after)));
  EXPECT_TRUE(refused(practice_.unlock_at(practice_.path(), "prac", kStaffPassword, "thief"),
                      Code::kForked));
  EXPECT_TRUE(refused(practice_.unlock_at(practice_.path(), "prac", kStaffPassword, "other"),
                      Code::kCredentials));
  // Who stays reads all of it.
  EXPECT_EQ(titles(*owner).size(), 4U);
  EXPECT_TRUE(must(owner->verify(true)).damaged.empty());
}

TEST_F(RemovalTest, ASessionOfAnotherReaderGoesOverToTheNewEpoch) {
  const auto owner = must(practice_.unlock("marie"));
  must(owner->add_user("prac2", {"practitioner"}, secret_of(kStaffPassword)));
  const auto other = must(practice_.unlock("prac2", "second"));
  file(*other, "avant");  // its session seals under an envelope of the old epoch
  practice_.copy_to(practice_.file("copy.coffre"));
  must(owner->remove_user("prac"));
  const Id after = file(*other, "après");
  const auto thief =
      must(practice_.unlock_at(practice_.file("copy.coffre"), "prac", kStaffPassword, "thief"));
  EXPECT_FALSE(opens_envelope(*thief, *owner, envelope_of(*owner, after)));
  EXPECT_EQ(titles(*other), (std::vector<std::string>{"avant", "après"}));
  EXPECT_EQ(titles(*owner), (std::vector<std::string>{"avant", "après"}));
}

TEST_F(RemovalTest, EditingAnOldDocumentSealsItForThoseWhoStay) {
  const auto owner = must(practice_.unlock("marie"));
  const Id id = file(*owner, "avant");
  practice_.copy_to(practice_.file("copy.coffre"));
  must(owner->remove_user("prac"));
  must(owner->edit_document(id, {{}, "corrigé", {}, {}}));
  const auto thief =
      must(practice_.unlock_at(practice_.file("copy.coffre"), "prac", kStaffPassword, "thief"));
  EXPECT_FALSE(opens_envelope(*thief, *owner, envelope_of(*owner, id)));
  EXPECT_EQ(titles(*owner), std::vector<std::string>{"corrigé"});
}

TEST_F(RemovalTest, TheRemovedPersonsOpenSessionIsLockedAtItsNextOperation) {
  const auto owner = must(practice_.unlock("marie"));
  const auto leaving = must(practice_.unlock("prac", "second"));
  const Id before = file(*leaving, "avant");
  must(owner->remove_user("prac"));
  EXPECT_EQ(leaving->state(), SessionState::kUnlocked);  // nothing told it yet
  EXPECT_TRUE(refused(leaving->document(before), Code::kLocked));
  EXPECT_EQ(leaving->state(), SessionState::kLocked);
  EXPECT_EQ(leaving->lock_cause(), LockCause::kRevoked);
  EXPECT_FALSE(leaving->impl().keyring.is_open());
  EXPECT_TRUE(
      refused(leaving->unlock({"prac", secret_of(kStaffPassword), {}}), Code::kCredentials));
}

TEST_F(RemovalTest, AListAndAnImportOfTheRemovedAreRefusedToo) {
  const auto owner = must(practice_.unlock("marie"));
  const auto lists = must(practice_.unlock("prac", "second"));
  const auto files = must(practice_.unlock("prac", "third"));
  must(owner->remove_user("prac"));
  EXPECT_TRUE(refused(lists->documents({}), Code::kLocked));
  EXPECT_TRUE(refused(file_document(*files, "medical", practice_.patient(), sample_bytes(100)),
                      Code::kLocked));
  EXPECT_EQ(files->lock_cause(), LockCause::kRevoked);
  EXPECT_TRUE(titles(*owner).empty());
}

TEST_F(RemovalTest, TheListOfWhatCouldBeReadIsRight) {
  const auto owner = must(practice_.unlock("marie"));
  file(*owner, "un");
  file(*owner, "deux");
  must(file_document(*owner, "administrative", practice_.patient(), sample_bytes(10), "trois"));
  must(file_document(*owner, "management", practice_.patient(), sample_bytes(10), "quatre"));
  std::map<std::string, std::uint64_t> counts;
  for (const ReadableBefore& entry : must(owner->remove_user("prac"))) {
    counts.emplace(entry.compartment, entry.documents);
  }
  EXPECT_EQ(counts, (std::map<std::string, std::uint64_t>{{"administrative", 1}, {"medical", 2}}));
  EXPECT_TRUE(must(owner->remove_user("adm")).empty());
}

TEST_F(RemovalTest, TheLastReaderStays) {
  {
    const auto owner = must(practice_.unlock("marie"));
    must(owner->remove_user("prac"));
    must(owner->remove_user("priv"));
    EXPECT_TRUE(refused(owner->remove_user("marie"), Code::kInvalidArgument));
    EXPECT_TRUE(refused(owner->assign_role("marie", "owner", true), Code::kFailed));
    EXPECT_TRUE(refused(owner->define_role("owner", vault_right::kAll, {}), Code::kFailed));
  }
  const auto administrator = must(practice_.unlock("adm"));
  EXPECT_TRUE(refused(administrator->remove_user("marie"), Code::kFailed));
  EXPECT_TRUE(
      refused(administrator->reset_password("marie", secret_of(kStaffPassword)), Code::kFailed));
  EXPECT_TRUE(ok(practice_.unlock("marie")));
}

TEST_F(RemovalTest, OnlyWhoReadsTheSameCanRemoveAReader) {
  const auto administrator = must(practice_.unlock("adm"));
  EXPECT_TRUE(refused(administrator->remove_user("prac"), Code::kDenied));
  EXPECT_TRUE(ok(practice_.unlock("prac", "second")));  // and nothing of it was done
  must(administrator->set_user_enabled("prac", false));
  EXPECT_TRUE(refused(practice_.unlock("prac", "second"), Code::kDenied));
  const auto owner = must(practice_.unlock("marie"));
  EXPECT_TRUE(ok(owner->remove_user("prac")));
}

TEST_F(RemovalTest, ASuspendedAccountComesBackAsItWas) {
  const auto owner = must(practice_.unlock("marie"));
  const auto session = must(practice_.unlock("prac", "second"));
  const Id id = file(*session, "avant");
  must(owner->set_user_enabled("prac", false));
  EXPECT_TRUE(refused(session->document(id), Code::kLocked));
  EXPECT_EQ(session->lock_cause(), LockCause::kRevoked);
  EXPECT_TRUE(refused(session->unlock({"prac", secret_of(kStaffPassword), {}}), Code::kDenied));
  must(owner->set_user_enabled("prac", true));
  EXPECT_TRUE(ok(session->unlock({"prac", secret_of(kStaffPassword), {}})));
  EXPECT_TRUE(ok(session->document(id)));
}

TEST_F(RemovalTest, AnEpochThatOpenedWhileSuspendedWaitsForApproval) {
  const auto owner = must(practice_.unlock("marie"));
  const Id before = file(*owner, "avant");
  must(owner->set_user_enabled("prac", false));
  must(owner->remove_user("sec"));  // a new epoch of the administrative compartment
  must(owner->set_user_enabled("prac", true));
  const auto session = must(practice_.unlock("prac", "second"));
  EXPECT_TRUE(must(session->patients({})).empty());
  EXPECT_TRUE(ok(session->document(before)));  // the medical one is as it was
  must(owner->approve_grant("prac", "administrative", {}));
  EXPECT_EQ(must(session->patients({})).size(), 1U);
}

TEST_F(RemovalTest, ARevokedRoleClosesTheEpochForThatPerson) {
  const auto owner = must(practice_.unlock("marie"));
  const auto session = must(practice_.unlock("prac", "second"));
  const Id before = file(*owner, "avant");
  practice_.copy_to(practice_.file("copy.coffre"));
  must(owner->assign_role("prac", "practitioner", true));
  const Id after = file(*owner, "après");
  EXPECT_TRUE(refused(session->document(before), Code::kDenied));
  EXPECT_TRUE(refused(session->document(after), Code::kDenied));
  const auto thief =
      must(practice_.unlock_at(practice_.file("copy.coffre"), "prac", kStaffPassword, "thief"));
  EXPECT_FALSE(opens_envelope(*thief, *owner, envelope_of(*owner, after)));
}

TEST_F(RemovalTest, ARoleThatLosesTheRightToReadClosesTheEpochToo) {
  const auto owner = must(practice_.unlock("marie"));
  file(*owner, "avant");
  practice_.copy_to(practice_.file("copy.coffre"));
  must(owner->define_role("practitioner", 0, {{"administrative", right::kRead}}));
  const Id after = file(*owner, "après");
  const auto thief =
      must(practice_.unlock_at(practice_.file("copy.coffre"), "prac", kStaffPassword, "thief"));
  EXPECT_FALSE(opens_envelope(*thief, *owner, envelope_of(*owner, after)));
}

TEST_F(RemovalTest, ANameOfTheRemovedStaysTaken) {
  const auto owner = must(practice_.unlock("marie"));
  must(owner->remove_user("bill"));
  EXPECT_TRUE(refused(owner->add_user("Bill", {"billing"}, secret_of(kStaffPassword)),
                      Code::kInvalidArgument));
  EXPECT_TRUE(refused(owner->remove_user("bill"), Code::kDenied));
  EXPECT_TRUE(refused(owner->set_user_enabled("bill", true), Code::kDenied));
}

}  // namespace
}  // namespace coffre::test
