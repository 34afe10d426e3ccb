// The lease on the keys: they are wiped at the deadline, not before their users let go, and once.
#include "core/vault/lease.h"

#include <atomic>
#include <cerrno>

#include <gtest/gtest.h>

#include "core/base/file.h"
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

TEST(StuckLease, AUserThatTheSystemHoldsIsToldAfterAMinuteOfRunningTime) {
  ManualClock clock;
  std::atomic<int> stuck = 0;
  Lease lease(clock, [] {}, [&] { ++stuck; });
  must(lease.begin_unlock());
  lease.finish_unlock(true, kIdle);
  std::optional<Lease::Use> use(must(lease.use()));
  std::thread locker([&] { lease.lock(); });
  while (!use->should_stop()) std::this_thread::yield();
  clock.advance(8 * 3'600'000);  // a night in suspend is no minute
  for (int i = 0; i < 100'000 && stuck == 0; ++i) std::this_thread::yield();
  EXPECT_EQ(stuck, 0);
  while (stuck == 0) {
    clock.advance(1'000);
    std::this_thread::yield();
  }
  use.reset();
  locker.join();
  EXPECT_EQ(stuck, 1);
  EXPECT_EQ(lease.state(), SessionState::kLocked);
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
  const auto exported = owner->export_document(id, "copie", "", [&](ByteView bytes) -> Status {
    given += bytes.size();
    practice.clock().advance(900'000);
    return {};
  });
  EXPECT_TRUE(refused(exported, Code::kLocked));
  EXPECT_LT(given, 20'000'000U);
  owner->lock();
  EXPECT_FALSE(owner->impl().keyring.is_open());
}

// What the journal says of the one export of a document, and who says it.
JournalLine export_line(Practice& practice, const Id& id) {
  const auto officer = must(practice.unlock("priv"));
  for (const JournalLine& line : must(officer->journal({}, id))) {
    if (line.action == Action::kExport) return line;
  }
  ADD_FAILURE() << "there is no export in the journal";
  return {};
}

TEST(VaultLease, ALockStopsACopyAndLeavesNothingOfIt) {
  Practice practice;
  Id id;
  const std::string path = practice.file("copie.pdf");
  {
    const auto owner = must(practice.unlock("marie"));
    id = must(file_document(*owner, "medical", practice.patient(), sample_bytes(20'000'000)));
    CopyOrder order{path, "copie", {}, kKeepDefaultMs, {}};
    order.progress = [&](std::uint64_t) {
      practice.clock().advance(900'000);
      return Status();
    };
    EXPECT_TRUE(refused(owner->export_copy(id, order), Code::kLocked));
    EXPECT_FALSE(owner->impl().keyring.is_open());
  }
  struct stat found{};
  EXPECT_EQ(os().lstat(path.c_str(), &found), -ENOENT);
  const ExportLedger ledger = must(ExportLedger::open(practice.workstation().state_directory));
  EXPECT_TRUE(must(ledger.list()).entries.empty());
  EXPECT_EQ(export_line(practice, id).outcome, "failure");
}

TEST(VaultLease, ACopyThatIsBeingSyncedHoldsNoKeyAndItsEndIsJournaledAllTheSame) {
  Practice practice;
  Id id;
  const std::string path = practice.file("copie.pdf");
  {
    const auto owner = must(practice.unlock("marie"));
    id = must(file_document(*owner, "medical", practice.patient(), sample_bytes(1'000)));
    CopyOrder order{path, "copie", {}, kKeepDefaultMs, {}};
    order.progress = [&](std::uint64_t written) {
      EXPECT_EQ(written, 1'000U);
      practice.clock().advance(900'000);  // its last byte is written; the lock is due
      return Status();
    };
    EXPECT_TRUE(ok(owner->export_copy(id, order)));
    EXPECT_FALSE(owner->impl().keyring.is_open());
  }
  EXPECT_EQ(must(read_file(path, 2'000)), sample_bytes(1'000));
  EXPECT_EQ(export_line(practice, id).outcome, "success");
}

}  // namespace
}  // namespace coffre::test
