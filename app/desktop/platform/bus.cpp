#include "app/desktop/platform/bus.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <limits>
#include <poll.h>
#include <time.h>

namespace coffre::desktop {
namespace {

constexpr std::size_t kBusesMax = 4;
constexpr std::uint64_t kNever = std::numeric_limits<std::uint64_t>::max();

int open_bus(BusKind kind, const std::string& address, sd_bus** bus) {
  if (address.empty()) {
    return kind == BusKind::kSystem ? sd_bus_open_system(bus) : sd_bus_open_user(bus);
  }
  int result = sd_bus_new(bus);
  if (result >= 0) result = sd_bus_set_address(*bus, address.c_str());
  if (result >= 0) result = sd_bus_set_bus_client(*bus, 1);
  if (result >= 0) result = sd_bus_start(*bus);
  return result;
}

// Milliseconds until a deadline on sd-bus's clock, rounded up; at most an hour.
int until_ms(std::uint64_t deadline_us) {
  timespec now{};
  COFFRE_ASSERT(clock_gettime(CLOCK_MONOTONIC, &now) == 0);
  const std::uint64_t now_us = static_cast<std::uint64_t>(now.tv_sec) * 1'000'000 +
                               static_cast<std::uint64_t>(now.tv_nsec) / 1'000;
  if (deadline_us <= now_us) return 0;
  const std::uint64_t wait_ms = (deadline_us - now_us - 1) / 1'000 + 1;
  return static_cast<int>(std::min<std::uint64_t>(wait_ms, 3'600'000));
}

int shorter(int timeout_ms, int other_ms) {
  return timeout_ms < 0 ? other_ms : std::min(timeout_ms, other_ms);
}

}  // namespace

Result<Bus> connect_bus(BusKind kind, const std::string& address) {
  sd_bus* made = nullptr;
  const int result = open_bus(kind, address, &made);
  Bus bus(made);
  if (result < 0) {
    return fail(Code::kNotFound, N_("the desktop's message bus does not answer"), address);
  }
  return bus;
}

bool process_bus(sd_bus* bus) {
  while (true) {
    const int result = sd_bus_process(bus, nullptr);
    if (result < 0) return false;
    if (result == 0) return true;
  }
}

void wait_for_buses(std::span<sd_bus* const> buses, const Wakeup& wakeup, int timeout_ms) {
  COFFRE_ASSERT(buses.size() <= kBusesMax);
  std::array<pollfd, kBusesMax + 1> waits{};
  waits[0] = {.fd = wakeup.fd(), .events = POLLIN, .revents = 0};
  nfds_t count = 1;
  for (sd_bus* const bus : buses) {
    if (bus == nullptr) continue;
    const int fd = sd_bus_get_fd(bus);
    const int events = sd_bus_get_events(bus);
    std::uint64_t deadline_us = kNever;
    if (fd < 0 || events < 0 || sd_bus_get_timeout(bus, &deadline_us) < 0) return;  // lost
    waits[count++] = {.fd = fd, .events = static_cast<short>(events), .revents = 0};
    if (deadline_us != kNever) timeout_ms = shorter(timeout_ms, until_ms(deadline_us));
  }
  if (::poll(waits.data(), count, timeout_ms) > 0 && waits[0].revents != 0) wakeup.clear();
}

std::string owner_rule(const std::string& name) {
  return "type='signal',sender='org.freedesktop.DBus',interface='org.freedesktop.DBus',"
         "member='NameOwnerChanged',arg0='" +
         name + "'";
}

std::string new_owner_of(sd_bus_message* message) {
  const char* name = nullptr;
  const char* before = nullptr;
  const char* after = nullptr;
  if (sd_bus_message_read(message, "sss", &name, &before, &after) < 0) return {};
  return after;
}

bool is_from(sd_bus_message* message, const std::string& unique_name) {
  const char* const sender = sd_bus_message_get_sender(message);
  return sender != nullptr && !unique_name.empty() && unique_name == sender;
}

}  // namespace coffre::desktop
