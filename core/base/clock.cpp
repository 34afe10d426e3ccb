#include "core/base/clock.h"

#include <algorithm>
#include <chrono>
#include <time.h>

#include "core/base/error.h"

namespace coffre {
namespace {

// A resume from suspend is noticed within this time.
constexpr std::int64_t kLookMs = 1000;
// See ManualClock::wait_until.
constexpr std::chrono::milliseconds kManualSlice{5};

std::int64_t now_ms(clockid_t which) {
  timespec now{};
  COFFRE_ASSERT(clock_gettime(which, &now) == 0);
  return std::int64_t{now.tv_sec} * 1000 + now.tv_nsec / 1'000'000;
}

class SystemClock final : public Clock {
 public:
  std::int64_t wall_ms() override { return now_ms(CLOCK_REALTIME); }
  std::int64_t steady_ms() override { return now_ms(CLOCK_BOOTTIME); }
  void wait_until(std::unique_lock<std::mutex>& lock, std::condition_variable& wake,
                  std::int64_t deadline_ms) override {
    const std::int64_t now = steady_ms();
    if (deadline_ms <= now) return;
    // Compared before it is subtracted: a deadline may be the largest number there is. The
    // condition variable's own clock stands still during suspend, hence the short waits.
    const std::int64_t wait = deadline_ms < now + kLookMs ? deadline_ms - now : kLookMs;
    wake.wait_for(lock, std::chrono::milliseconds(wait));
  }
};

}  // namespace

Clock& system_clock() {
  static SystemClock clock;
  return clock;
}

std::int64_t ManualClock::wall_ms() {
  const std::lock_guard guard(mutex_);
  return wall_ms_;
}

std::int64_t ManualClock::steady_ms() {
  const std::lock_guard guard(mutex_);
  return steady_ms_;
}

void ManualClock::wait_until(std::unique_lock<std::mutex>& lock, std::condition_variable& wake,
                             std::int64_t deadline_ms) {
  {
    const std::lock_guard guard(mutex_);
    if (steady_ms_ >= deadline_ms) return;
    waiters_.push_back(&wake);
  }
  // advance() cannot take the waiter's own mutex (its caller may hold it), so its notification may
  // fall between the registration above and this wait. The short slice makes such a one only late:
  // the caller sees a spurious return and looks at the clock again.
  wake.wait_for(lock, kManualSlice);
  const std::lock_guard guard(mutex_);
  waiters_.erase(std::find(waiters_.begin(), waiters_.end(), &wake));
}

void ManualClock::advance(std::int64_t ms) {
  const std::lock_guard guard(mutex_);
  steady_ms_ += ms;
  wall_ms_ += ms;
  // Under mutex_: a waiter takes itself off the list before its condition variable may go.
  for (std::condition_variable* waiter : waiters_) waiter->notify_all();
}

void ManualClock::step_wall(std::int64_t ms) {
  const std::lock_guard guard(mutex_);
  wall_ms_ += ms;
}

}  // namespace coffre
