// When the desktop says that nobody may be looking any more: suspend, the session's lock, the
// screen saver. The program locks the vault on each.
//
// Guarantees: the callback runs on this object's own thread, never on the caller's, so that a lock
// happens while the interface hangs; a suspend waits for it where the system grants that (see
// DesktopStatus::delays_sleep). Buses that are absent or go away are no error: they are tried again
// until they are there.
// Not covered: events while a bus is away; that is what the vault's own deadline is for. See
// LogindWatch for what a suspend can skip.
// Threads: status() from any thread. The callbacks must not destroy this object.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "app/desktop/platform/desktop_event.h"
#include "app/desktop/platform/wakeup.h"
#include "core/base/error.h"

namespace coffre::desktop {

class LogindWatch;
class ScreenSaverWatch;

// What is being listened to at the moment.
struct DesktopStatus {
  bool sleep = false;         // logind's announcements of a suspend
  bool delays_sleep = false;  // and it waits until the callback returned
  bool session_lock = false;  // logind's lock of this session
  bool screen_saver = false;  // the session bus

  friend bool operator==(const DesktopStatus&, const DesktopStatus&) = default;
};

struct DesktopSignalsOptions {
  std::string system_bus = {};  // addresses; empty: those of the environment, or the usual ones
  std::string session_bus = {};
  std::string session_id = {};    // of logind (XDG_SESSION_ID); empty: logind finds it
  std::string reason = {};        // why a suspend is delayed, translated; administrators see it
  std::int64_t retry_ms = 5'000;  // between two attempts at a bus that is not there
  // Called on the thread after each change, the first time when something is listened to.
  std::function<void(const DesktopStatus&)> on_status = {};
};

class DesktopSignals {
 public:
  using Callback = std::function<void(DesktopEvent)>;

  // Starts the thread. kFailed when the system gives no thread or descriptor.
  [[nodiscard]] static Result<std::unique_ptr<DesktopSignals>> start(
      const Callback& callback, DesktopSignalsOptions options = {});
  DesktopSignals(const DesktopSignals&) = delete;
  DesktopSignals& operator=(const DesktopSignals&) = delete;
  // Waits for a callback that runs.
  ~DesktopSignals();

  [[nodiscard]] DesktopStatus status() const;

 private:
  DesktopSignals(const Callback& callback, DesktopSignalsOptions options, Wakeup wakeup);
  void run();
  // Connects what is not connected; false when something still is not.
  [[nodiscard]] bool connect();
  void publish();

  DesktopSignalsOptions options_;
  Wakeup wakeup_;
  std::unique_ptr<LogindWatch> logind_;
  std::unique_ptr<ScreenSaverWatch> screen_saver_;
  std::atomic<bool> stops_{false};
  mutable std::mutex mutex_;  // status_
  DesktopStatus status_;
  std::thread thread_;
};

}  // namespace coffre::desktop
