#include "core/base/clock.h"

#include <limits>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

namespace coffre {
namespace {

TEST(SystemClock, GoesForwardAndGivesAPlausibleDate) {
  const std::int64_t first = system_clock().steady_ms();
  EXPECT_GE(system_clock().steady_ms(), first);
  EXPECT_GT(system_clock().wall_ms(), 1'600'000'000'000);
}

TEST(SystemClock, ReturnsAtOnceWhenTheDeadlineIsPast) {
  std::mutex mutex;
  std::condition_variable wake;
  std::unique_lock lock(mutex);
  system_clock().wait_until(lock, wake, system_clock().steady_ms());
  system_clock().wait_until(lock, wake, std::numeric_limits<std::int64_t>::min());
  EXPECT_TRUE(lock.owns_lock());
}

TEST(SystemClock, FarthestDeadlineEndsWithANotification) {
  std::mutex mutex;
  std::condition_variable wake;
  bool done = false;
  std::unique_lock lock(mutex);
  std::jthread other([&] {
    const std::lock_guard guard(mutex);
    done = true;
    wake.notify_all();
  });
  while (!done) {
    system_clock().wait_until(lock, wake, std::numeric_limits<std::int64_t>::max());
  }
  EXPECT_TRUE(lock.owns_lock());
}

TEST(ManualClock, MovesByHandOnly) {
  ManualClock clock(5000);
  EXPECT_EQ(clock.wall_ms(), 5000);
  EXPECT_EQ(clock.steady_ms(), 0);
  clock.advance(10);
  EXPECT_EQ(clock.wall_ms(), 5010);
  EXPECT_EQ(clock.steady_ms(), 10);
  clock.step_wall(-1000);
  EXPECT_EQ(clock.wall_ms(), 4010);
  EXPECT_EQ(clock.steady_ms(), 10);
}

TEST(ManualClock, EveryWaiterReachesItsDeadline) {
  ManualClock clock;
  std::mutex mutex;  // shared by all waiters, as are two of the condition variables
  std::vector<std::condition_variable> wakes(2);
  int reached = 0;
  {
    std::vector<std::jthread> waiters;
    for (std::int64_t i = 0; i < 6; ++i) {
      waiters.emplace_back([&, i] {
        std::unique_lock lock(mutex);
        while (clock.steady_ms() < (i + 1) * 10) {
          clock.wait_until(lock, wakes[static_cast<std::size_t>(i % 2)], (i + 1) * 10);
        }
        ++reached;
      });
    }
    for (int i = 0; i < 60; ++i) {
      clock.advance(1);
      std::this_thread::yield();
    }
  }
  EXPECT_EQ(reached, 6);
}

TEST(ManualClock, MayBeAdvancedByAThreadThatHoldsTheWaitersMutex) {
  ManualClock clock;
  std::mutex mutex;
  std::condition_variable wake;
  std::jthread waiter([&] {
    std::unique_lock lock(mutex);
    while (clock.steady_ms() < 5) clock.wait_until(lock, wake, 5);
  });
  const std::lock_guard guard(mutex);
  clock.advance(5);
}

}  // namespace
}  // namespace coffre
