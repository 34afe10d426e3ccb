// What an unlock does before it hands out keys, what it writes, and how it refuses.
#include "core/base/file.h"
#include "tests/core/vault/expect.h"
#include "tests/core/vault/practice.h"

namespace coffre::test {
namespace {

// Of envelopes of the medical compartment.
std::size_t adoptions(Vault& vault) {
  const Id medical = compartment_of(vault, "medical");
  const auto view = must(vault.impl().store->read());
  std::size_t count = 0;
  if (const auto range = must(view->row_range(Table::kAdoptions))) {
    must(view->scan(Table::kAdoptions, range->first, range->second,
                    [&](const StateRow& row) -> Status {
                      const Hash envelope = must(Hash::from(row.id));
                      const auto info = vault.impl().state->envelopes.find(envelope);
                      const bool known = info != vault.impl().state->envelopes.end();
                      count += known && info->second.compartment == medical ? 1 : 0;
                      return {};
                    }));
  }
  return count;
}

Credentials credentials(const std::string& user, const std::string& password) {
  return {user, secret_of(password), {}};
}

TEST(Unlock, AdoptsADepositorsEnvelopeOnce) {
  Practice practice;
  Id id;
  {
    const auto secretary = must(practice.unlock("sec"));
    id = must(file_document(*secretary, "medical", practice.patient(), sample_bytes(3000)));
    must(file_document(*secretary, "medical", practice.patient(), sample_bytes(3000)));
    EXPECT_EQ(adoptions(*secretary), 0U);
  }
  {
    const auto billing = must(practice.unlock("bill"));  // does not read there
    EXPECT_EQ(adoptions(*billing), 0U);
  }
  const auto practitioner = must(practice.unlock("prac"));
  EXPECT_EQ(adoptions(*practitioner), 1U);  // two documents, one session, one envelope
  EXPECT_EQ(must(content_of(*practitioner, id)), sample_bytes(3000));
  const auto again = must(practice.unlock("prac", "second"));
  const auto owner = must(practice.unlock("marie", "third"));
  EXPECT_EQ(adoptions(*owner), 1U);
  EXPECT_EQ(must(content_of(*owner, id)), sample_bytes(3000));
}

TEST(Unlock, AWrongPasswordAndAnUnknownNameGetTheSameWords) {
  Practice practice;
  const auto vault = must(practice.open(practice.path()));
  const Status wrong = vault->unlock(credentials("marie", "Zz9!wrong-wrong-wrong"));
  const Status unknown = vault->unlock(credentials("personne", "Zz9!wrong-wrong-wrong"));
  ASSERT_TRUE(refused(wrong, Code::kCredentials));
  ASSERT_TRUE(refused(unknown, Code::kCredentials));
  EXPECT_STREQ(wrong.error().what, unknown.error().what);
  EXPECT_STREQ(wrong.error().hint, unknown.error().hint);
  EXPECT_EQ(wrong.error().on, unknown.error().on);
  EXPECT_EQ(vault->state(), SessionState::kLocked);
  EXPECT_TRUE(refused(vault->me(), Code::kLocked));
}

TEST(Unlock, ARemovedAccountIsNotToldApartFromAnUnknownOne) {
  Practice practice;
  must(must(practice.unlock("marie"))->remove_user("bill"));
  const auto vault = must(practice.open(practice.path()));
  const Status removed = vault->unlock(credentials("bill", kStaffPassword));
  const Status unknown = vault->unlock(credentials("personne", kStaffPassword));
  ASSERT_TRUE(refused(removed, Code::kCredentials));
  EXPECT_STREQ(removed.error().what, unknown.error().what);
  EXPECT_EQ(removed.error().on, unknown.error().on);
}

TEST(Unlock, ASecondOneIsRefusedWhileTheVaultIsUnlocked) {
  Practice practice;
  const auto vault = must(practice.unlock("marie"));
  EXPECT_TRUE(refused(vault->unlock(credentials("prac", kStaffPassword)), Code::kBusy));
  EXPECT_EQ(must(vault->me()).name, "marie");
}

TEST(Unlock, FailuresAreCountedAndWrittenAsOneEntry) {
  Practice practice;
  {
    const auto vault = must(practice.open(practice.path(), "second"));
    for (int attempt = 0; attempt < 3; ++attempt) {
      EXPECT_TRUE(
          refused(vault->unlock(credentials("prac", "Zz9!wrong-wrong-wrong")), Code::kCredentials));
    }
    must(vault->unlock(credentials("prac", kStaffPassword)));
    vault->lock();
    must(vault->unlock(credentials("prac", kStaffPassword)));
  }
  const auto officer = must(practice.unlock("priv"));
  std::vector<JournalLine> failed;
  for (JournalLine& line : must(officer->journal({}, {}))) {
    if (line.action == Action::kUnlockFailed) {
      failed.push_back(std::move(line));
    }
  }
  ASSERT_EQ(failed.size(), 1U);
  EXPECT_EQ(failed.front().count, 3U);
  EXPECT_EQ(failed.front().outcome, "failure");
  EXPECT_EQ(failed.front().actor, "second");  // the workstation signs: nobody was unlocked
}

TEST(Unlock, ASuspendedAccountIsRefusedOnlyWithTheRightPassword) {
  Practice practice;
  const auto owner = must(practice.unlock("marie"));
  must(owner->set_user_enabled("prac", false));
  const auto vault = must(practice.open(practice.path(), "second"));
  EXPECT_TRUE(
      refused(vault->unlock(credentials("prac", "Zz9!wrong-wrong-wrong")), Code::kCredentials));
  EXPECT_TRUE(refused(vault->unlock(credentials("prac", kStaffPassword)), Code::kDenied));
  EXPECT_EQ(vault->state(), SessionState::kLocked);
  EXPECT_FALSE(vault->impl().keyring.is_open());
  must(owner->set_user_enabled("prac", true));
  EXPECT_TRUE(ok(vault->unlock(credentials("prac", kStaffPassword))));
}

TEST(Unlock, TheNameIsFoundWhateverItsCaseAndAccents) {
  Practice practice;
  must(must(practice.unlock("marie"))->add_user("Zoé", {"secretary"}, secret_of(kStaffPassword)));
  EXPECT_TRUE(ok(practice.unlock_at(practice.path(), "ZOE", kStaffPassword, "second")));
}

TEST(Unlock, TheKeyFileIsASecondFactor) {
  Practice practice;
  const std::string key_file = practice.file("key");
  must(write_durable(key_file, as_bytes("the key file's bytes")));
  must(must(practice.unlock("prac"))->change_password(secret_of(kStaffPassword), key_file));
  const auto vault = must(practice.open(practice.path()));
  const Status without = vault->unlock(credentials("prac", kStaffPassword));
  ASSERT_TRUE(refused(without, Code::kCredentials));
  EXPECT_TRUE(ok(vault->unlock({"prac", secret_of(kStaffPassword), key_file})));
}

TEST(Unlock, ADamagedVaultIsRefusedAtTheSecondAttemptToo) {
  Practice practice;
  {
    const auto owner = must(practice.unlock("marie"));
    must(file_document(*owner, "medical", practice.patient(), sample_bytes(600'000)));
    const auto rows = must(owner->impl().store->write());
    must(rows->remove_extent(1));
    must(rows->commit());
  }
  const auto vault = must(practice.open(practice.path()));
  for (int attempt = 0; attempt < 2; ++attempt) {
    EXPECT_TRUE(refused(vault->unlock(credentials("marie", kOwnerPassword)), Code::kDamaged));
    EXPECT_EQ(vault->state(), SessionState::kLocked);
  }
}

}  // namespace
}  // namespace coffre::test
