// What the system says, turned into locks: suspend, the session's lock, the screen saver, and the
// signals that ask the program to end.
//
// Guarantees: the lock is asked for on a thread of the system's services, so that it happens while
// the window hangs; a suspend is held back until the keys are gone, as long as the system grants;
// after SIGTERM, SIGHUP or SIGINT the program ends, in order if it can. Threads: start() before any
// other thread runs; locked() from any; the rest on the UI thread.
#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>

#include "app/desktop/platform/desktop_signals.h"
#include "app/desktop/platform/termination_signals.h"
#include "app/desktop/ui_core/app.h"
#include "app/desktop/ui_shell/loop.h"

namespace coffre::ui {

class LockWatch {
 public:
  [[nodiscard]] static Result<std::unique_ptr<LockWatch>> start();
  LockWatch(const LockWatch&) = delete;
  LockWatch& operator=(const LockWatch&) = delete;
  ~LockWatch();

  // From here on there is something to lock and to end.
  void attach(App& app, Loop& loop);
  // Before they go. What comes afterwards ends the process at once.
  void detach();
  // AppOptions::locked: a suspend may go on.
  void locked();

 private:
  LockWatch() = default;
  void handle(desktop::DesktopEvent event);
  void request(LockCause cause, bool ends);
  void wait_until_locked();
  void end_even_if_it_hangs();

  std::mutex mutex_;  // app_, loop_, must_end_
  App* app_ = nullptr;
  Loop* loop_ = nullptr;
  bool must_end_ = false;
  std::mutex state_mutex_;
  std::condition_variable state_changed_;
  bool is_gone_ = false;
  // Last: their threads use what is above.
  std::unique_ptr<desktop::TerminationSignals> termination_;
  std::unique_ptr<desktop::DesktopSignals> desktop_;
};

}  // namespace coffre::ui
