// The lease on the keys: they are wiped at the deadline, not before their users let go, and once.
#include "core/vault/lease.h"

#include <atomic>

#include <gtest/gtest.h>

#include "tests/core/vault/expect.h"
#include "tests/core/vault/practice.h"

namespace coffre::test {
namespace {

constexpr std::int64_t kIdle = 300'000;

class LeaseTest : public ::testing::Test {
 protected:
  void unlock() {
    must(lease_.begin_unlock());
    lease_.finish_unlock(true, kIdle);
  }
  // The lease's own thread wipes: wait for it without looking at a clock.
  void wait_for_wipes(int count) {
    for (int seen = wipes_.load(); seen < count; seen = wipes_.load()) {
      wipes_.wait(seen);
    }
  }

  ManualClock clock_;
  std::atomic<int> wipes_ = 0;
  Lease lease_{clock_, [this] {
                 ++wipes_;
                 wipes_.notify_all();
               }};
};

TEST_F(LeaseTest, TheKeysAreWipedAtTheDeadlineThoughNobodyAsks) {
  unlock();
  EXPECT_EQ(lease_.remaining_ms(), kIdle);
  clock_.advance(kIdle - 1);
  EXPECT_TRUE(ok(lease_.use()));
  EXPECT_EQ(lease_.remaining_ms(), 1);
  clock_.advance(1);
  wait_for_wipes(1);
  EXPECT_EQ(lease_.state(), SessionState::kLocked);
  EXPECT_EQ(lease_.cause(), LockCause::kIdle);
  EXPECT_TRUE(refused(lease_.use(), Code::kLocked));
  EXPECT_EQ(lease_.remaining_ms(), 0);
}

TEST_F(LeaseTest, NothingIsLentAtTheDeadlineEvenBeforeTheWipe) {
  unlock();
  const Lease::Use held = must(lease_.use());  // holds the wipe off
  clock_.advance(kIdle);
  EXPECT_TRUE(refused(lease_.use(), Code::kLocked));
  EXPECT_EQ(wipes_, 0);
}

TEST_F(LeaseTest, ActivityMovesTheDeadlineAndComesTooLateAfterIt) {
  unlock();
  clock_.advance(kIdle - 1);
  lease_.renew();
  EXPECT_EQ(lease_.remaining_ms(), kIdle);
  clock_.advance(kIdle - 1);
  EXPECT_TRUE(ok(lease_.use()));
  clock_.advance(1);
  lease_.renew();
  EXPECT_TRUE(refused(lease_.use(), Code::kLocked));
  wait_for_wipes(1);
}

TEST_F(LeaseTest, AUserOfTheKeysDelaysTheWipeAndIsToldToStop) {
  unlock();
  {
    const Lease::Use use = must(lease_.use());
    EXPECT_FALSE(use.should_stop());
    clock_.advance(kIdle);
    EXPECT_TRUE(use.should_stop());
    EXPECT_EQ(wipes_, 0);
  }
  wait_for_wipes(1);
  EXPECT_EQ(lease_.state(), SessionState::kLocked);
}

TEST_F(LeaseTest, ALockWaitsForTheLastUser) {
  unlock();
  std::optional<Lease::Use> use(must(lease_.use()));
  std::thread locker([this] { lease_.lock(); });
  while (!use->should_stop()) {
    std::this_thread::yield();
  }
  EXPECT_EQ(lease_.state(), SessionState::kLocking);
  EXPECT_EQ(wipes_, 0);
  EXPECT_TRUE(refused(lease_.use(), Code::kLocked));
  EXPECT_TRUE(refused(lease_.begin_unlock(), Code::kBusy));
  use.reset();
  locker.join();
  EXPECT_EQ(lease_.state(), SessionState::kLocked);
  EXPECT_EQ(lease_.cause(), LockCause::kRequest);
  EXPECT_EQ(wipes_, 1);
}

TEST_F(LeaseTest, ALockDuringTheUnlockWins) {
  must(lease_.begin_unlock());
  EXPECT_TRUE(refused(lease_.use(), Code::kLocked));
  EXPECT_TRUE(ok(lease_.use_unlocking()));
  lease_.lock();
  EXPECT_EQ(wipes_, 1);
  lease_.finish_unlock(true, kIdle);
  EXPECT_EQ(lease_.state(), SessionState::kLocked);
  EXPECT_TRUE(refused(lease_.use(), Code::kLocked));
  EXPECT_TRUE(refused(lease_.use_unlocking(), Code::kLocked));
}

TEST_F(LeaseTest, AFailedUnlockWipesAndLocks) {
  must(lease_.begin_unlock());
  lease_.finish_unlock(false, kIdle);
  EXPECT_EQ(lease_.state(), SessionState::kLocked);
  EXPECT_EQ(wipes_, 1);
  EXPECT_TRUE(ok(lease_.begin_unlock()));
}

TEST_F(LeaseTest, AStepOfTheWallClockDoesNothing) {
  unlock();
  clock_.step_wall(10 * kIdle);
  EXPECT_TRUE(ok(lease_.use()));
  EXPECT_EQ(lease_.remaining_ms(), kIdle);
  clock_.step_wall(-20 * kIdle);
  EXPECT_EQ(lease_.remaining_ms(), kIdle);
  clock_.advance(kIdle);
  EXPECT_TRUE(refused(lease_.use(), Code::kLocked));
}

TEST_F(LeaseTest, TheKeysAreWipedOncePerUnlock) {
  unlock();
  lease_.lock();
  lease_.lock();
  EXPECT_EQ(wipes_, 1);
  unlock();
  lease_.lock(LockCause::kRevoked);
  EXPECT_EQ(wipes_, 2);
  EXPECT_EQ(lease_.cause(), LockCause::kRevoked);
}

TEST(VaultLease, AVaultLocksItselfAfterTheTimeOfItsSetting) {
  Practice practice;
  const auto owner = must(practice.unlock("marie"));
  must(owner->set_lock_after(60));
  owner->lock();
  must(owner->unlock({"marie", secret_of(kOwnerPassword), {}}));
  practice.clock().advance(59'999);
  EXPECT_TRUE(ok(owner->me()));  // looking is no activity of the person
  practice.clock().advance(1);
  EXPECT_TRUE(refused(owner->me(), Code::kLocked));
  EXPECT_TRUE(refused(owner->documents({}), Code::kLocked));
}

// A suspended machine is a large step of the steady clock, which counts it.
TEST(VaultLease, TimeInSuspendCounts) {
  Practice practice;
  const auto owner = must(practice.unlock("marie"));
  practice.clock().advance(8 * 3'600'000);
  EXPECT_TRUE(refused(owner->me(), Code::kLocked));
}

TEST(VaultLease, ALockStopsAnExportBetweenItsParts) {
  Practice practice;
  const auto owner = must(practice.unlock("marie"));
  const Id id =
      must(file_document(*owner, "medical", practice.patient(), sample_bytes(20'000'000)));
  std::size_t given = 0;
  const auto exported = owner->export_document(id, "copie", "",
                                               [&](ByteView bytes) -> Status {
                                                 given += bytes.size();
                                                 practice.clock().advance(900'000);
                                                 return {};
                                               });
  EXPECT_TRUE(refused(exported, Code::kLocked));
  EXPECT_LT(given, 20'000'000U);
  owner->lock();
  EXPECT_FALSE(owner->impl().keyring.is_open());
}

}  // namespace
}  // namespace coffre::test
