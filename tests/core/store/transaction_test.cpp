// Transactions: isolation, waiting, rolling back, and what stays on the disk after a removal.
#include <thread>

#include "store_fixture.h"

namespace coffre {
namespace {

class TransactionTest : public StoreTest {
 protected:
  static void commit_note(Store& store, std::string_view note) {
    auto transaction = *store.write();
    ASSERT_OK(transaction->set_checkpoint(bytes_of(note)));
    ASSERT_OK(transaction->commit());
  }
};

TEST_F(TransactionTest, DestroyedWithoutCommitLeavesNothing) {
  auto store = create();
  commit_note(*store, "before");
  {
    auto transaction = *store->write();
    ASSERT_OK(transaction->set_checkpoint(bytes_of("after")));
    ASSERT_OK(transaction->insert_row(Table::kSlots, filled(16, 1), filled(9, 1)));
    EXPECT_EQ(*transaction->checkpoint(), bytes_of("after"));
  }
  auto view = *store->read();
  EXPECT_EQ(*view->checkpoint(), bytes_of("before"));
  EXPECT_EQ(*view->row_range(Table::kSlots), std::nullopt);
}

TEST_F(TransactionTest, AReadViewSeesOneState) {
  auto store = create();
  commit_note(*store, "before");
  auto transaction = *store->write();
  ASSERT_OK(transaction->set_checkpoint(bytes_of("after")));
  auto view = *store->read();
  EXPECT_EQ(*view->checkpoint(), bytes_of("before"));
  view = nullptr;
  ASSERT_OK(transaction->commit());
  EXPECT_EQ(*(*store->read())->checkpoint(), bytes_of("after"));
}

TEST_F(TransactionTest, ACommitWaitsForReadersAndMayBeTriedAgain) {
  (void)create();
  auto store = open(kImpatient);
  commit_note(*store, "before");
  auto view = *store->read();
  auto transaction = *store->write();
  ASSERT_OK(transaction->set_checkpoint(bytes_of("after")));
  EXPECT_CODE(Code::kBusy, transaction->commit());
  EXPECT_EQ(*view->checkpoint(), bytes_of("before"));
  view = nullptr;
  ASSERT_OK(transaction->commit());
  transaction = nullptr;
  EXPECT_EQ(*(*store->read())->checkpoint(), bytes_of("after"));
}

TEST_F(TransactionTest, ABusyCommitThatIsGivenUpLeavesNothing) {
  (void)create();
  auto store = open(kImpatient);
  commit_note(*store, "before");
  auto view = *store->read();
  auto transaction = *store->write();
  ASSERT_OK(transaction->set_checkpoint(bytes_of("after")));
  EXPECT_CODE(Code::kBusy, transaction->commit());
  transaction = nullptr;
  view = nullptr;
  EXPECT_EQ(*(*store->read())->checkpoint(), bytes_of("before"));
  commit_note(*store, "later");
}

TEST_F(TransactionTest, ASecondWriterOfTheStoreIsBusyUntilTheFirstEnds) {
  (void)create();
  auto store = open(kImpatient);
  auto first = *store->write();
  EXPECT_CODE(Code::kBusy, store->write());
  ASSERT_OK(first->set_checkpoint(bytes_of("first")));
  ASSERT_OK(first->commit());
  first = nullptr;
  auto second = store->write();
  ASSERT_OK(second);
  EXPECT_EQ(*(*second)->checkpoint(), bytes_of("first"));
}

TEST_F(TransactionTest, AWriterOfAnotherStoreIsBusyUntilTheFirstEnds) {
  (void)create();
  auto one = open(kImpatient);
  auto two = open(kImpatient);
  auto first = *one->write();
  ASSERT_OK(first->set_checkpoint(bytes_of("first")));
  const auto refused = two->write();
  EXPECT_CODE(Code::kBusy, refused);
  EXPECT_THAT(refused.error().hint, testing::Not(testing::StrEq("")));
  ASSERT_OK(first->commit());
  first = nullptr;
  auto second = two->write();
  ASSERT_OK(second);
  EXPECT_EQ(*(*second)->checkpoint(), bytes_of("first"));
}

TEST_F(TransactionTest, APatientWriterGetsItsTurn) {
  auto one = create();
  auto two = open();
  auto first = *one->write();
  ASSERT_OK(first->set_checkpoint(bytes_of("first")));
  std::thread other([&] { commit_note(*two, "second"); });
  ASSERT_OK(first->commit());
  first = nullptr;
  other.join();
  EXPECT_EQ(*(*one->read())->checkpoint(), bytes_of("second"));
}

TEST_F(TransactionTest, WritersOnSeveralThreadsLoseNothing) {
  auto store = create();
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&store, i] {
      for (int n = 0; n < 5; ++n) {
        auto transaction = *store->write();
        ASSERT_OK(transaction->insert_row(Table::kRecords, filled(16, i), filled(8, n)));
        ASSERT_OK(transaction->commit());
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ((*(*store->read())->row_range(Table::kRecords))->second, 20);
}

TEST_F(TransactionTest, AViewOutlivesItsStore) {
  auto store = create();
  commit_note(*store, "note");
  auto view = *store->read();
  store = nullptr;
  EXPECT_EQ(*view->checkpoint(), bytes_of("note"));
}

TEST_F(TransactionTest, ARemovedBodyIsNotLeftInTheVaultOrAfterScrubbingBesideIt) {
  const std::string marker = "K9Z-marker-of-a-destroyed-key-K9Z";
  Bytes body = filled(60'000, 3);
  std::copy(marker.begin(), marker.end(), body.begin() + 50'000);
  auto store = create();
  auto transaction = *store->write();
  const auto large = *transaction->insert_row(Table::kVersions, filled(16, 1), body);
  const auto small = *transaction->insert_row(Table::kVersions, filled(16, 2), bytes_of(marker));
  ASSERT_OK(transaction->commit());
  transaction = nullptr;
  ASSERT_NE(content(path_).find(marker), std::string::npos);
  transaction = *store->write();
  ASSERT_OK(transaction->remove_row(Table::kVersions, large));
  ASSERT_OK(transaction->replace_row(Table::kVersions, small, bytes_of("short")));
  ASSERT_OK(transaction->commit());
  transaction = nullptr;
  EXPECT_EQ(content(path_).find(marker), std::string::npos);
  // The side file has the pages as they were: without that the rest would show nothing.
  ASSERT_NE(content(path_ + "-journal").find(marker), std::string::npos);
  ASSERT_OK(store->scrub_side_file());
  const std::string side = content(path_ + "-journal");
  EXPECT_EQ(side, std::string(side.size(), '\0'));
  EXPECT_GT(side.size(), 0U);
  commit_note(*store, "after");
  store = nullptr;
  EXPECT_EQ(*(*open()->read())->checkpoint(), bytes_of("after"));
}

TEST_F(TransactionTest, AReplacedBodyOfTheSameSizeIsNotLeft) {
  auto store = create();
  auto transaction = *store->write();
  const auto row = *transaction->insert_row(Table::kSlots, filled(16, 2), bytes_of("old-marker-1"));
  ASSERT_OK(transaction->commit());
  transaction = nullptr;
  transaction = *store->write();
  ASSERT_OK(transaction->replace_row(Table::kSlots, row, bytes_of("new-marker-2")));
  ASSERT_OK(transaction->commit());
  EXPECT_EQ(content(path_).find("old-marker-1"), std::string::npos);
  EXPECT_NE(content(path_).find("new-marker-2"), std::string::npos);
}

TEST_F(TransactionTest, ScrubbingIsBusyWhileOthersRead) {
  (void)create();
  auto one = open(kImpatient);
  auto two = open(kImpatient);
  commit_note(*one, "note");
  auto view = *two->read();
  EXPECT_CODE(Code::kBusy, one->scrub_side_file());
  view = nullptr;
  ASSERT_OK(one->scrub_side_file());
}

TEST_F(TransactionTest, ScrubbingDoesNotFollowALink) {
  auto store = create();
  std::filesystem::remove(path_ + "-journal");
  const std::string victim = directory_ + "/victim";
  write(victim, "precious");
  std::filesystem::create_symlink(victim, path_ + "-journal");
  EXPECT_CODE(Code::kFailed, store->scrub_side_file());
  std::filesystem::remove(path_ + "-journal");
  std::filesystem::create_hard_link(victim, path_ + "-journal");
  EXPECT_CODE(Code::kFailed, store->scrub_side_file());
  EXPECT_EQ(content(victim), "precious");
}

}  // namespace
}  // namespace coffre
