#include "app/desktop/platform/logind_watch.h"

#include <cerrno>
#include <fcntl.h>
#include <utility>

namespace coffre::desktop {
namespace {

constexpr const char* kName = "org.freedesktop.login1";
constexpr const char* kPath = "/org/freedesktop/login1";
constexpr const char* kManager = "org.freedesktop.login1.Manager";
constexpr const char* kSleepRule =
    "type='signal',sender='org.freedesktop.login1',path='/org/freedesktop/login1',"
    "interface='org.freedesktop.login1.Manager',member='PrepareForSleep'";
// Of every session: which one is ours is known only later, and nothing may be missed until then.
constexpr const char* kLockRule =
    "type='signal',sender='org.freedesktop.login1',"
    "path_namespace='/org/freedesktop/login1/session',"
    "interface='org.freedesktop.login1.Session',member='Lock'";
// logind's word for the session of the caller, or else the one on the user's display.
constexpr const char* kAuto = "auto";

LogindWatch& watch(void* self) { return *static_cast<LogindWatch*>(self); }

bool is_error(sd_bus_message* message) {
  return sd_bus_message_is_method_error(message, nullptr) != 0;
}

}  // namespace

Status LogindWatch::connect() {
  COFFRE_TRY_ASSIGN(bus_, connect_bus(BusKind::kSystem, options_.address));
  if (!subscribe()) {
    disconnect();
    return fail(Code::kNotFound, N_("the desktop's message bus does not answer"));
  }
  return {};
}

// The answer about the owner comes after those to the rules, so when it is there they hold. A rule
// that the bus refuses closes the connection (sd-bus), which counts as lost.
bool LogindWatch::subscribe() {
  sd_bus* const bus = bus_.get();
  return sd_bus_add_match_async(bus, nullptr, owner_rule(kName).c_str(), on_owner_changed, nullptr,
                                this) >= 0 &&
         sd_bus_add_match_async(bus, nullptr, kSleepRule, on_sleep, nullptr, this) >= 0 &&
         sd_bus_add_match_async(bus, nullptr, kLockRule, on_lock, nullptr, this) >= 0 &&
         sd_bus_call_method_async(bus, nullptr, "org.freedesktop.DBus", "/org/freedesktop/DBus",
                                  "org.freedesktop.DBus", "GetNameOwner", on_owner, this, "s",
                                  kName) >= 0;
}

void LogindWatch::process() {
  if (bus_ != nullptr && !process_bus(bus_.get())) disconnect();
}

void LogindWatch::disconnect() {
  set_owner({});
  bus_.reset();
}

void LogindWatch::set_owner(std::string owner) {
  owner_ = std::move(owner);
  session_.clear();
  is_sleeping_ = false;
  inhibitor_ = File();
  if (owner_.empty()) return;
  asked_auto_ = false;
  ask_session(options_.session_id.empty() ? kAuto : options_.session_id);
  ask_inhibitor();
}

// A call that cannot be sent means a connection that is going: process() will see it.
void LogindWatch::ask_session(const std::string& id) {
  asked_auto_ = asked_auto_ || id == kAuto;
  (void)sd_bus_call_method_async(bus_.get(), nullptr, kName, kPath, kManager, "GetSession",
                                 on_session, this, "s", id.c_str());
}

void LogindWatch::ask_inhibitor() {
  (void)sd_bus_call_method_async(bus_.get(), nullptr, kName, kPath, kManager, "Inhibit",
                                 on_inhibitor, this, "ssss", "sleep", "Coffre",
                                 options_.reason.c_str(), "delay");
}

int LogindWatch::on_owner_changed(sd_bus_message* message, void* self, sd_bus_error*) {
  watch(self).set_owner(new_owner_of(message));
  return 0;
}

int LogindWatch::on_owner(sd_bus_message* message, void* self, sd_bus_error*) {
  const char* owner = nullptr;
  if (!is_error(message) && sd_bus_message_read(message, "s", &owner) >= 0) {
    watch(self).set_owner(owner);
  }
  return 0;
}

int LogindWatch::on_session(sd_bus_message* message, void* self, sd_bus_error*) {
  LogindWatch& logind = watch(self);
  const char* path = nullptr;
  if (!is_error(message)) {
    if (is_from(message, logind.owner_) && sd_bus_message_read(message, "o", &path) >= 0) {
      logind.session_ = path;
    }
  } else if (logind.listens() && !logind.asked_auto_) {
    // The environment's id may be that of a session that has ended.
    logind.ask_session(kAuto);
  }
  return 0;
}

int LogindWatch::on_inhibitor(sd_bus_message* message, void* self, sd_bus_error*) {
  LogindWatch& logind = watch(self);
  int theirs = -1;
  // Refused, or granted too late: a suspend must not wait for one that nobody will give back.
  if (is_error(message) || !is_from(message, logind.owner_) || logind.is_sleeping_ ||
      sd_bus_message_read(message, "h", &theirs) < 0) {
    return 0;
  }
  const int ours = ::fcntl(theirs, F_DUPFD_CLOEXEC, 3);  // theirs goes with the message
  if (ours >= 0) logind.inhibitor_ = File(ours);
  return 0;
}

int LogindWatch::on_sleep(sd_bus_message* message, void* self, sd_bus_error*) {
  LogindWatch& logind = watch(self);
  int begins = 0;
  if (!is_from(message, logind.owner_) || sd_bus_message_read(message, "b", &begins) < 0) return 0;
  logind.is_sleeping_ = begins != 0;
  logind.emit_(begins != 0 ? DesktopEvent::kSleep : DesktopEvent::kWake);
  if (begins != 0) {
    logind.inhibitor_ = File();  // now it may sleep
  } else {
    logind.ask_inhibitor();
  }
  return 0;
}

int LogindWatch::on_lock(sd_bus_message* message, void* self, sd_bus_error*) {
  LogindWatch& logind = watch(self);
  const char* const path = sd_bus_message_get_path(message);
  if (!is_from(message, logind.owner_) || path == nullptr) return 0;
  if (logind.session_.empty() || logind.session_ == path) {
    logind.emit_(DesktopEvent::kSessionLock);
  }
  return 0;
}

}  // namespace coffre::desktop
