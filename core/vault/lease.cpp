#include "core/vault/lease.h"

#include <limits>
#include <utility>

namespace coffre {
namespace {

constexpr std::int64_t kNever = std::numeric_limits<std::int64_t>::max();

std::unexpected<Error> locked() {
  return fail(Code::kLocked, N_("the vault is locked"), {}, N_("unlock it again"));
}

}  // namespace

Lease::Lease(Clock& clock, std::function<void()> wipe, std::function<void()> stuck)
    : clock_(clock), wipe_(std::move(wipe)), stuck_(std::move(stuck)), deadline_ms_(kNever) {
  thread_ = std::thread([this] { watch(); });
}

Lease::~Lease() {
  {
    std::unique_lock<std::mutex> guard(mutex_);
    lock_locked(guard, LockCause::kRequest);
    ended_ = true;
    wake_.notify_all();
  }
  thread_.join();
}

SessionState Lease::state() const {
  const std::lock_guard<std::mutex> guard(mutex_);
  return state_;
}

LockCause Lease::cause() const {
  const std::lock_guard<std::mutex> guard(mutex_);
  return cause_;
}

Status Lease::begin_unlock() {
  const std::lock_guard<std::mutex> guard(mutex_);
  if (state_ != SessionState::kLocked) {
    return fail(Code::kBusy, N_("the vault is unlocked already"), {}, N_("lock it first"));
  }
  state_ = SessionState::kUnlocking;
  cause_ = LockCause::kNone;
  return {};
}

void Lease::finish_unlock(bool success, std::int64_t idle_ms_max) {
  std::unique_lock<std::mutex> guard(mutex_);
  if (state_ != SessionState::kUnlocking) {
    return;  // a lock came in the middle and has wiped the keys
  }
  if (!success) {
    lock_locked(guard, LockCause::kNone);
    return;
  }
  idle_ms_max_ = idle_ms_max;
  deadline_ms_ = clock_.steady_ms() + idle_ms_max;
  state_ = SessionState::kUnlocked;
  wake_.notify_all();
}

void Lease::renew() {
  const std::lock_guard<std::mutex> guard(mutex_);
  const std::int64_t now = clock_.steady_ms();
  if (state_ == SessionState::kUnlocked && now < deadline_ms_) {
    deadline_ms_ = now + idle_ms_max_;
    wake_.notify_all();
  }
}

std::int64_t Lease::remaining_ms() const {
  const std::lock_guard<std::mutex> guard(mutex_);
  if (state_ != SessionState::kUnlocked) {
    return 0;
  }
  return std::max<std::int64_t>(0, deadline_ms_ - clock_.steady_ms());
}

void Lease::lock(LockCause cause) {
  std::unique_lock<std::mutex> guard(mutex_);
  lock_locked(guard, cause);
}

void Lease::wait_for_users(std::unique_lock<std::mutex>& guard) {
  constexpr std::int64_t kSecondMs = 1'000;
  int seconds = 0;
  std::int64_t last_ms = clock_.steady_ms();
  while (uses_ != 0) {
    if (!stuck_) {
      drained_.wait(guard);
      continue;
    }
    clock_.wait_until(guard, drained_, last_ms + kSecondMs);
    const std::int64_t now_ms = clock_.steady_ms();
    if (now_ms < last_ms + kSecondMs) {
      continue;
    }
    // A suspend counts as one: nobody could come to a safe point in it.
    last_ms = now_ms;
    if (++seconds == kStuckSeconds && uses_ != 0) {
      stuck_();
    }
  }
}

void Lease::lock_locked(std::unique_lock<std::mutex>& guard, LockCause cause) {
  if (state_ == SessionState::kLocked) {
    return;
  }
  if (state_ == SessionState::kLocking) {
    drained_.wait(guard, [this] { return state_ == SessionState::kLocked; });
    return;
  }
  state_ = SessionState::kLocking;
  cause_ = cause;
  wait_for_users(guard);
  wipe_();
  state_ = SessionState::kLocked;
  deadline_ms_ = kNever;
  drained_.notify_all();
}

Result<Lease::Use> Lease::use() {
  const std::lock_guard<std::mutex> guard(mutex_);
  if (state_ != SessionState::kUnlocked || clock_.steady_ms() >= deadline_ms_) {
    return locked();
  }
  ++uses_;
  return Use(this);
}

Result<Lease::Use> Lease::use_unlocking() {
  const std::lock_guard<std::mutex> guard(mutex_);
  if (state_ != SessionState::kUnlocking) {
    return locked();
  }
  ++uses_;
  return Use(this);
}

Lease::Use::~Use() {
  if (lease_ == nullptr) {
    return;
  }
  const std::lock_guard<std::mutex> guard(lease_->mutex_);
  --lease_->uses_;
  lease_->drained_.notify_all();
}

bool Lease::Use::should_stop() const {
  const std::lock_guard<std::mutex> guard(lease_->mutex_);
  return lease_->state_ == SessionState::kLocking ||
         (lease_->state_ == SessionState::kUnlocked &&
          lease_->clock_.steady_ms() >= lease_->deadline_ms_);
}

void Lease::watch() {
  std::unique_lock<std::mutex> guard(mutex_);
  while (!ended_) {
    if (state_ == SessionState::kUnlocked && clock_.steady_ms() >= deadline_ms_) {
      lock_locked(guard, LockCause::kIdle);
      continue;
    }
    if (state_ == SessionState::kUnlocked) {
      clock_.wait_until(guard, wake_, deadline_ms_);
    } else {
      wake_.wait(guard);
    }
  }
}

}  // namespace coffre
