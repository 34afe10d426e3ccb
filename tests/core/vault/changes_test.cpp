// Changes over a stretch of the log follow from each other, and can be taken back.
#include "core/vault/changes.h"

#include "tests/core/vault/expect.h"
#include "tests/core/vault/practice.h"

namespace coffre::test {
namespace {

Hash leaf(std::uint8_t number) {
  Hash made;
  made.bytes.fill(number);
  return made;
}

Id id(std::uint8_t number) {
  Id made;
  made.bytes.fill(number);
  return made;
}

TEST(Changes, KeepTheFirstLeafBeforeAndTheLastAfter) {
  ChangeTracker tracker;
  must(tracker.note({4, id(1), id(9), {}, leaf(1)}, leaf(100), 5, 1));
  must(tracker.note({4, id(1), id(9), leaf(1), leaf(2)}, leaf(101), 6, 2));
  ASSERT_EQ(tracker.size(), 1U);
  const TrackedChange* change = tracker.find(4, id(1));
  ASSERT_NE(change, nullptr);
  EXPECT_TRUE(change->leaf_before.is_zero());
  EXPECT_EQ(change->leaf, leaf(2));
  EXPECT_EQ(change->actor, leaf(101));
  EXPECT_EQ(change->sequence, 6U);
  EXPECT_EQ(change->epoch, 2U);
  const auto undo = tracker.undo();
  ASSERT_EQ(undo.size(), 1U);
  EXPECT_EQ(tracker.find(5, id(1)), nullptr);  // another table
}

TEST(Changes, ThatDoNotFollowFromTheOneBeforeAreRefused) {
  ChangeTracker tracker;
  must(tracker.note({4, id(1), id(9), {}, leaf(1)}, leaf(100), 5, 1));
  EXPECT_TRUE(refused(tracker.note({4, id(1), id(9), {}, leaf(2)}, leaf(100), 6, 1),
                      Code::kDamaged));  // inserted twice
  EXPECT_TRUE(refused(tracker.note({4, id(1), id(9), leaf(3), leaf(2)}, leaf(100), 6, 1),
                      Code::kDamaged));  // another state before
  EXPECT_TRUE(refused(tracker.note({4, id(1), id(8), leaf(1), leaf(2)}, leaf(100), 6, 1),
                      Code::kDamaged));  // moved to another owner
  EXPECT_EQ(tracker.find(4, id(1))->leaf, leaf(1));
}

TEST(Changes, ARowMayBeRemovedAndComeBack) {
  ChangeTracker tracker;
  must(tracker.note({1, id(1), id(9), leaf(1), {}}, leaf(100), 5, 0));
  EXPECT_TRUE(tracker.find(1, id(1))->leaf.is_zero());
  EXPECT_TRUE(ok(tracker.note({1, id(1), id(9), {}, leaf(2)}, leaf(100), 6, 0)));
  EXPECT_EQ(tracker.find(1, id(1))->leaf_before, leaf(1));
}

}  // namespace
}  // namespace coffre::test
