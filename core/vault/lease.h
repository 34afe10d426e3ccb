// The session's state machine and the lease on its keys.
//
//   Locked -> Unlocking -> Unlocked -> Locking -> Locked
//
// Guarantees: when no activity renews the lease, a thread of the core wipes the keys at the
// deadline, whatever the interface does; a user of the keys (Use) holds them off until it reaches a
// safe point, and learns from should_stop() that it must. The deadline counts time in suspend. A
// user that never comes there, because the system does not come back to it, is `stuck`: who asked
// for it ends the program, and the keys with it. Threads: all methods may run concurrently.
#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <string_view>
#include <thread>

#include "core/base/clock.h"
#include "core/base/error.h"

namespace coffre {

enum class SessionState : unsigned char { kLocked, kUnlocking, kUnlocked, kLocking };
enum class LockCause : unsigned char {
  kNone,
  kRequest,
  kIdle,
  kRevoked,
  kSuspend,      // the machine goes to sleep
  kScreenSaver,  // the desktop locked itself
  kSignal,       // the program is asked to end
  kCurtain,      // the curtain was not lifted in time
};

class Lease {
 public:
  // `wipe` destroys the keys; it runs exactly once per unlock, with no Use alive.
  // `stuck` is called once a lock has waited for a Use for kStuckSeconds of running time; it must
  // not return into the lease. Empty: the lock waits.
  Lease(Clock& clock, std::function<void()> wipe, std::function<void()> stuck = {});
  static constexpr int kStuckSeconds = 60;
  Lease(const Lease&) = delete;
  Lease& operator=(const Lease&) = delete;
  ~Lease();  // locks

  [[nodiscard]] SessionState state() const;
  [[nodiscard]] LockCause cause() const;
  // Locked -> Unlocking; kBusy in any other state.
  [[nodiscard]] Status begin_unlock();
  // Unlocking -> Unlocked with an idle limit, or back to Locked (the keys are wiped).
  void finish_unlock(bool success, std::int64_t idle_ms_max);
  // Activity: moves the deadline. Nothing happens unless Unlocked and before the deadline.
  void renew();
  [[nodiscard]] std::int64_t remaining_ms() const;  // 0 when locked or over
  // Locks now: waits until every Use is gone. Call it without a Use of your own.
  void lock(LockCause cause = LockCause::kRequest);

  // Permission to touch the keys. Short-lived.
  class [[nodiscard]] Use {
   public:
    Use(Use&& other) noexcept : lease_(other.lease_) { other.lease_ = nullptr; }
    Use& operator=(Use&&) = delete;
    Use(const Use&) = delete;
    Use& operator=(const Use&) = delete;
    ~Use();
    // True once the lock waits for this user.
    [[nodiscard]] bool should_stop() const;

   private:
    friend class Lease;
    explicit Use(Lease* lease) : lease_(lease) {}
    Lease* lease_;
  };
  // kLocked unless Unlocked and before the deadline.
  [[nodiscard]] Result<Use> use();
  // The same while Unlocking: for the unlock's own work.
  [[nodiscard]] Result<Use> use_unlocking();

 private:
  void watch();
  void lock_locked(std::unique_lock<std::mutex>& lock, LockCause cause);
  void wait_for_users(std::unique_lock<std::mutex>& lock);

  Clock& clock_;
  std::function<void()> wipe_;
  std::function<void()> stuck_;
  mutable std::mutex mutex_;
  std::condition_variable wake_;     // deadline moved, state changed
  std::condition_variable drained_;  // the last Use is gone
  SessionState state_ = SessionState::kLocked;
  LockCause cause_ = LockCause::kNone;
  std::int64_t deadline_ms_ = 0;
  std::int64_t idle_ms_max_ = 0;
  std::size_t uses_ = 0;
  bool ended_ = false;
  std::thread thread_;
};

}  // namespace coffre
