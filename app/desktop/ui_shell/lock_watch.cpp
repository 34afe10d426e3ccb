#include "app/desktop/ui_shell/lock_watch.h"

#include <chrono>
#include <cstdlib>

#include "app/common/i18n.h"

namespace coffre::ui {
namespace {

using desktop::DesktopEvent;

// The system itself gives up waiting after five seconds.
constexpr std::chrono::milliseconds kSuspendPatience{4'000};
// Work in progress ends at a safe point well within this.
constexpr std::chrono::milliseconds kEndPatience{10'000};
constexpr int kEndedByForce = 1;

}  // namespace

Result<std::unique_ptr<LockWatch>> LockWatch::start() {
  std::unique_ptr<LockWatch> watch(new LockWatch());
  const auto handle = [self = watch.get()](DesktopEvent event) { self->handle(event); };
  COFFRE_TRY_ASSIGN(watch->termination_, desktop::TerminationSignals::start(handle));
  desktop::DesktopSignalsOptions options;
  options.reason = tr(N_("the vault is being locked"));
  COFFRE_TRY_ASSIGN(watch->desktop_, desktop::DesktopSignals::start(handle, std::move(options)));
  return watch;
}

LockWatch::~LockWatch() { detach(); }

void LockWatch::attach(App& app, Loop& loop) {
  const std::lock_guard lock(mutex_);
  app_ = &app;
  loop_ = &loop;
  if (must_end_) {
    loop.quit();
  }
}

void LockWatch::detach() {
  {
    const std::lock_guard lock(mutex_);
    app_ = nullptr;
    loop_ = nullptr;
  }
  const std::lock_guard lock(state_mutex_);
  is_gone_ = true;
  state_changed_.notify_all();
}

void LockWatch::locked() {
  const std::lock_guard lock(state_mutex_);
  state_changed_.notify_all();
}

void LockWatch::handle(DesktopEvent event) {
  switch (event) {
    case DesktopEvent::kSleep:
      request(LockCause::kSuspend, false);
      wait_until_locked();
      break;
    case DesktopEvent::kWake:
      break;
    case DesktopEvent::kSessionLock:
    case DesktopEvent::kScreenSaver:
      request(LockCause::kScreenSaver, false);
      break;
    case DesktopEvent::kTerminate:
      request(LockCause::kSignal, true);
      end_even_if_it_hangs();
      break;
  }
}

void LockWatch::request(LockCause cause, bool ends) {
  const std::lock_guard lock(mutex_);
  if (app_ != nullptr) {
    app_->request_lock(cause);
  }
  must_end_ = must_end_ || ends;
  if (ends && loop_ != nullptr) {
    loop_->quit();
  }
}

void LockWatch::wait_until_locked() {
  const auto deadline = std::chrono::steady_clock::now() + kSuspendPatience;
  std::unique_lock state(state_mutex_);
  while (!is_gone_ && std::chrono::steady_clock::now() < deadline) {
    state.unlock();
    bool is_locked = true;
    {
      const std::lock_guard lock(mutex_);
      is_locked = app_ == nullptr || app_->is_locked();
    }
    state.lock();
    if (is_locked) {
      return;
    }
    // A short limit: the keys may go between the look and the wait.
    state_changed_.wait_for(state, std::chrono::milliseconds(50));
  }
}

void LockWatch::end_even_if_it_hangs() {
  std::unique_lock state(state_mutex_);
  if (!state_changed_.wait_for(state, kEndPatience, [this] { return is_gone_; })) {
    // The window does not answer. The keys are wiped by now, and what the vault writes is safe to
    // leave at any point.
    std::_Exit(kEndedByForce);
  }
}

}  // namespace coffre::ui
