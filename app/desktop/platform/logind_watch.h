// Listens to logind on the system bus: suspend, and the lock of this session.
//
// Guarantees: only what logind itself sends counts. While logind is there, a delay inhibitor is
// held where the system grants one, so that a suspend waits until the event's callback returned.
// A lock is taken for ours when logind cannot say which session is ours.
// Not covered: a suspend that does not go through logind, or one that logind no longer delays
// (InhibitDelayMaxSec, 5 s as a rule). Threads: one, the same for all calls.
#pragma once

#include <functional>
#include <string>

#include "app/desktop/platform/bus.h"
#include "app/desktop/platform/desktop_event.h"
#include "core/base/file.h"

namespace coffre::desktop {

class LogindWatch {
 public:
  struct Options {
    std::string address = {};     // of the system bus; empty: the usual one
    std::string session_id = {};  // as logind names it; empty: logind finds it
    std::string reason = {};      // of the inhibitor, shown to administrators
  };
  using Emit = std::function<void(DesktopEvent)>;

  LogindWatch(Options options, Emit emit) : options_(std::move(options)), emit_(std::move(emit)) {}

  // kNotFound when there is no system bus.
  [[nodiscard]] Status connect();
  // Handles what has arrived and calls back; is_connected() is false afterwards when the bus went.
  void process();

  [[nodiscard]] bool is_connected() const { return bus_ != nullptr; }
  [[nodiscard]] sd_bus* bus() const { return bus_.get(); }
  // logind is there and its signals reach us.
  [[nodiscard]] bool listens() const { return !owner_.empty(); }
  // It holds the system back until the callback returned.
  [[nodiscard]] bool delays_sleep() const { return inhibitor_.is_open(); }

 private:
  static int on_owner_changed(sd_bus_message* message, void* self, sd_bus_error* error);
  static int on_owner(sd_bus_message* message, void* self, sd_bus_error* error);
  static int on_session(sd_bus_message* message, void* self, sd_bus_error* error);
  static int on_inhibitor(sd_bus_message* message, void* self, sd_bus_error* error);
  static int on_sleep(sd_bus_message* message, void* self, sd_bus_error* error);
  static int on_lock(sd_bus_message* message, void* self, sd_bus_error* error);

  [[nodiscard]] bool subscribe();
  void set_owner(std::string owner);
  void ask_session(const std::string& id);
  void ask_inhibitor();
  void disconnect();

  Options options_;
  Emit emit_;
  Bus bus_;
  std::string owner_;    // logind's connection
  std::string session_;  // the object of our session; empty while it is not known
  bool asked_auto_ = false;
  bool is_sleeping_ = false;
  File inhibitor_;
};

}  // namespace coffre::desktop
