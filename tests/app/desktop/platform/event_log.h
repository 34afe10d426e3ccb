// What happened, in order, told by any thread; a test waits until it has.
//
// A test never waits for time to pass: kPatience only ends a test that would hang.
#pragma once

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace coffre::test {

inline constexpr std::chrono::seconds kPatience{30};

class EventLog {
 public:
  void add(std::string event) {
    const std::lock_guard guard(mutex_);
    events_.push_back(std::move(event));
    changed_.notify_all();
  }
  // Whether it has been told so often, or is within kPatience.
  [[nodiscard]] bool wait_for(const std::string& event, std::ptrdiff_t times = 1) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, kPatience, [&] {
      return std::count(events_.begin(), events_.end(), event) >= times;
    });
  }
  [[nodiscard]] std::vector<std::string> all() const {
    const std::lock_guard guard(mutex_);
    return events_;
  }

 private:
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::string> events_;
};

// The newest of some values that a thread tells.
template <typename Value>
class Latest {
 public:
  void set(Value value) {
    const std::lock_guard guard(mutex_);
    value_ = std::move(value);
    changed_.notify_all();
  }
  // Whether a value for which `wanted` holds is the newest, or is within kPatience.
  template <typename Wanted>
  [[nodiscard]] bool wait_until(Wanted wanted) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, kPatience, [&] { return value_ && wanted(*value_); });
  }
  // The first value; nothing after kPatience.
  [[nodiscard]] std::optional<Value> wait() {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, kPatience, [&] { return value_.has_value(); });
    return value_;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::optional<Value> value_;
};

}  // namespace coffre::test
