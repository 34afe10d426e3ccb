// SIGTERM, SIGHUP and SIGINT as an event: the program locks the vault and ends in order.
//
// Guarantees: the callback runs on a thread of its own, for every signal that came (several at once
// may be told once), so that a lock happens while the interface hangs.
// Not covered: SIGKILL. Processes that are started inherit the blocked signals: whoever starts one
// resets its mask.
// Threads: start() before any other thread runs, so that all of them leave these signals alone. The
// callback must not destroy this object.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <signal.h>
#include <thread>

#include "app/desktop/platform/desktop_event.h"
#include "app/desktop/platform/wakeup.h"
#include "core/base/file.h"

namespace coffre::desktop {

class TerminationSignals {
 public:
  using Callback = std::function<void(DesktopEvent)>;

  // Blocks the signals in this thread and starts the one that waits for them. kFailed when the
  // system gives no thread or descriptor; nothing is blocked then.
  [[nodiscard]] static Result<std::unique_ptr<TerminationSignals>> start(Callback callback);
  TerminationSignals(const TerminationSignals&) = delete;
  TerminationSignals& operator=(const TerminationSignals&) = delete;
  // In the thread that started it. From here on a signal ends the process at once, one that nobody
  // was told of yet included.
  ~TerminationSignals();

 private:
  TerminationSignals(Callback callback, Wakeup wakeup)
      : callback_(std::move(callback)), wakeup_(std::move(wakeup)) {}
  void run();

  Callback callback_;
  Wakeup wakeup_;
  File signals_;
  sigset_t before_{};
  std::atomic<bool> stops_{false};
  std::thread thread_;
};

}  // namespace coffre::desktop
