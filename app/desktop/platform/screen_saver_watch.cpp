#include "app/desktop/platform/screen_saver_watch.h"

#include <array>

namespace coffre::desktop {
namespace {

// KDE and others have the first; the rest speak the same signal under their own name.
constexpr std::array kInterfaces = {
    "org.freedesktop.ScreenSaver", "org.gnome.ScreenSaver", "org.cinnamon.ScreenSaver",
    "org.mate.ScreenSaver",        "org.xfce.ScreenSaver",
};

}  // namespace

Status ScreenSaverWatch::connect() {
  COFFRE_TRY_ASSIGN(bus_, connect_bus(BusKind::kSession, address_));
  if (!subscribe()) {
    disconnect();
    return fail(Code::kNotFound, N_("the desktop's message bus does not answer"));
  }
  return {};
}

bool ScreenSaverWatch::subscribe() {
  for (const char* const interface : kInterfaces) {
    const std::string rule =
        std::string("type='signal',member='ActiveChanged',interface='") + interface + "'";
    if (sd_bus_add_match_async(bus_.get(), nullptr, rule.c_str(), on_active, nullptr, this) < 0) {
      return false;
    }
  }
  // The bus answers in order: with this answer the rules hold.
  return sd_bus_call_method_async(bus_.get(), nullptr, "org.freedesktop.DBus",
                                  "/org/freedesktop/DBus", "org.freedesktop.DBus", "GetId",
                                  on_subscribed, this, nullptr) >= 0;
}

void ScreenSaverWatch::process() {
  if (bus_ != nullptr && !process_bus(bus_.get())) disconnect();
}

void ScreenSaverWatch::disconnect() {
  listens_ = false;
  bus_.reset();
}

int ScreenSaverWatch::on_active(sd_bus_message* message, void* self, sd_bus_error*) {
  int active = 0;
  if (sd_bus_message_read(message, "b", &active) >= 0 && active != 0) {
    static_cast<ScreenSaverWatch*>(self)->emit_(DesktopEvent::kScreenSaver);
  }
  return 0;
}

int ScreenSaverWatch::on_subscribed(sd_bus_message* message, void* self, sd_bus_error*) {
  static_cast<ScreenSaverWatch*>(self)->listens_ =
      sd_bus_message_is_method_error(message, nullptr) == 0;
  return 0;
}

}  // namespace coffre::desktop
