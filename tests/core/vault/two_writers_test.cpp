// Two programs on one vault: each sees what the other wrote, and one waits for the other.
#include "tests/core/vault/expect.h"
#include "tests/core/vault/practice.h"

namespace coffre::test {
namespace {

TEST(TwoWriters, AlternateAndBothSeeEverything) {
  Practice practice;
  const auto first = must(practice.unlock("marie"));
  const auto second = must(practice.unlock("prac", "second"));
  std::vector<std::string> filed;
  for (int turn = 0; turn < 6; ++turn) {
    Vault& writer = turn % 2 == 0 ? *first : *second;
    const std::string title = "document " + std::to_string(turn);
    must(file_document(writer, "medical", practice.patient(), sample_bytes(1000), title));
    filed.push_back(title);
    EXPECT_EQ(titles(*first), filed) << turn;
    EXPECT_EQ(titles(*second), filed) << turn;
  }
  must(first->me());  // follows
  EXPECT_EQ(must(first->checkpoint_note()), must(second->checkpoint_note()));
  EXPECT_TRUE(must(second->verify(true)).damaged.empty());
  EXPECT_TRUE(must(first->verify(true)).damaged.empty());
}

TEST(TwoWriters, APolicyChangeOfOneHoldsForTheOtherAtOnce) {
  Practice practice;
  const auto owner = must(practice.unlock("marie"));
  const auto practitioner = must(practice.unlock("prac", "second"));
  must(owner->add_compartment("radiologie", "medical"));
  const Id id =
      must(file_document(*owner, "radiologie", practice.patient(), sample_bytes(1000), "radio"));
  EXPECT_TRUE(ok(practitioner->document(id)));
  must(owner->assign_role("prac", "practitioner", true));
  EXPECT_TRUE(refused(practitioner->document(id), Code::kDenied));
}

TEST(TwoWriters, AVaultThatWasOpenedBeforeAnotherWroteIsUnlockedAfterwards) {
  Practice practice;
  {
    // The workstation knows the vault.
    const auto known = must(practice.unlock("prac", "second"));
  }
  const auto waiting = must(practice.open(practice.path(), "second"));
  {
    const auto writer = must(practice.unlock("marie"));
    must(file_document(*writer, "medical", practice.patient(), sample_bytes(1000), "entre-temps"));
  }
  EXPECT_TRUE(ok(waiting->unlock({"prac", secret_of(kStaffPassword), {}})));
  EXPECT_EQ(titles(*waiting), std::vector<std::string>{"entre-temps"});
}

TEST(TwoWriters, ALockedVaultFollowsWhatWasWrittenMeanwhile) {
  Practice practice;
  const auto sleeping = must(practice.unlock("prac", "second"));
  sleeping->lock();
  {
    const auto writer = must(practice.unlock("marie"));
    must(file_document(*writer, "medical", practice.patient(), sample_bytes(1000), "nuit"));
  }
  EXPECT_TRUE(ok(sleeping->unlock({"prac", secret_of(kStaffPassword), {}})));
  EXPECT_EQ(titles(*sleeping), std::vector<std::string>{"nuit"});
}

TEST(TwoWriters, RowsThatTakeTheNumbersOfARefusedChangeAreFound) {
  Practice practice;
  const auto owner = must(practice.unlock("marie", "first"));
  const auto administrator = must(practice.unlock("adm", "second"));
  // Refused after its slot was inserted: the next slot, of somebody else, gets the same number.
  EXPECT_TRUE(refused(administrator->add_user("docb", {"owner"}, secret_of(kStaffPassword)),
                      Code::kDenied));
  must(owner->add_user("docb", {"practitioner"}, secret_of(kStaffPassword)));
  EXPECT_EQ(must(administrator->users()).size(), 7U);
}

TEST(TwoWriters, RowsThatTakeTheNumbersOfRemovedOnesAreFound) {
  Practice practice;
  const auto owner = must(practice.unlock("marie", "first"));
  const auto other = must(practice.unlock("marie", "second"));
  must(owner->remove_user("priv"));
  must(owner->remove_user("adm"));  // the last slot
  EXPECT_EQ(must(other->users()).size(), 6U);
  must(other->add_user("un", {"secretary"}, secret_of(kStaffPassword)));
  must(owner->add_user("deux", {"secretary"}, secret_of(kStaffPassword)));
  EXPECT_EQ(must(other->users()).size(), 8U);
  EXPECT_TRUE(must(other->verify(true)).damaged.empty());
  EXPECT_TRUE(must(owner->verify(true)).damaged.empty());
}

TEST(TwoWriters, OneIsBusyWhileTheOtherHoldsTheFile) {
  Practice practice;
  const auto first = must(practice.unlock("marie"));
  const auto second = must(practice.unlock("prac", "second"));
  {
    const auto held = must(first->impl().store->write());
    EXPECT_TRUE(refused(second->add_patient({{}, "Petit", "Anne", "1980-03-04"}), Code::kBusy));
    EXPECT_EQ(second->state(), SessionState::kUnlocked);
  }
  EXPECT_TRUE(ok(second->add_patient({{}, "Petit", "Anne", "1980-03-04"})));
  EXPECT_EQ(must(first->patients({"petit"})).size(), 1U);
}

}  // namespace
}  // namespace coffre::test
