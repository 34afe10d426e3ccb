// Clocks, injected so that no test sleeps.
//
// wall_ms() is for people and for the journal; no decision of authority rests on it. steady_ms()
// counts also while the machine is suspended (CLOCK_BOOTTIME): deadlines rest on it.
// Threads: all methods may run concurrently.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <vector>

namespace coffre {

class Clock {
 public:
  virtual ~Clock() = default;
  [[nodiscard]] virtual std::int64_t wall_ms() = 0;    // milliseconds since 1970-01-01 UTC
  [[nodiscard]] virtual std::int64_t steady_ms() = 0;  // milliseconds since some start
  // Waits on `wake` (with `lock` held on return) until notified or steady_ms() >= deadline_ms, or
  // spuriously: the caller checks again. Looks at the clock at least once a second, so that a
  // resume from suspend is noticed.
  virtual void wait_until(std::unique_lock<std::mutex>& lock, std::condition_variable& wake,
                          std::int64_t deadline_ms) = 0;
};

// The machine's clocks; one object for the process.
[[nodiscard]] Clock& system_clock();

// A clock that a test moves by hand. advance() wakes every waiter.
class ManualClock final : public Clock {
 public:
  explicit ManualClock(std::int64_t wall_ms = 1'700'000'000'000) : wall_ms_(wall_ms) {}
  [[nodiscard]] std::int64_t wall_ms() override;
  [[nodiscard]] std::int64_t steady_ms() override;
  void wait_until(std::unique_lock<std::mutex>& lock, std::condition_variable& wake,
                  std::int64_t deadline_ms) override;
  void advance(std::int64_t ms);
  void step_wall(std::int64_t ms);  // moves the wall clock alone, as an administrator would

 private:
  std::mutex mutex_;
  std::int64_t wall_ms_;
  std::int64_t steady_ms_ = 0;
  std::vector<std::condition_variable*> waiters_;
};

}  // namespace coffre
