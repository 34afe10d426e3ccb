// Listens to the desktop's screen saver on the session bus.
//
// Guarantees: an ActiveChanged(true) of any of the desktops' interfaces calls back. Whoever is on
// the session bus is this user already, so the sender is not asked: at worst the program locks.
// Not covered: desktops without such a signal. Threads: one, the same for all calls.
#pragma once

#include <functional>
#include <string>

#include "app/desktop/platform/bus.h"
#include "app/desktop/platform/desktop_event.h"

namespace coffre::desktop {

class ScreenSaverWatch {
 public:
  using Emit = std::function<void(DesktopEvent)>;

  // `address` of the session bus; empty: the usual one.
  ScreenSaverWatch(std::string address, Emit emit)
      : address_(std::move(address)), emit_(std::move(emit)) {}

  // kNotFound when there is no session bus.
  [[nodiscard]] Status connect();
  // Handles what has arrived and calls back; is_connected() is false afterwards when the bus went.
  void process();

  [[nodiscard]] bool is_connected() const { return bus_ != nullptr; }
  [[nodiscard]] sd_bus* bus() const { return bus_.get(); }
  // The bus will pass on the signals.
  [[nodiscard]] bool listens() const { return listens_; }

 private:
  static int on_active(sd_bus_message* message, void* self, sd_bus_error* error);
  static int on_subscribed(sd_bus_message* message, void* self, sd_bus_error* error);

  [[nodiscard]] bool subscribe();
  void disconnect();

  std::string address_;
  Emit emit_;
  Bus bus_;
  bool listens_ = false;
};

}  // namespace coffre::desktop
