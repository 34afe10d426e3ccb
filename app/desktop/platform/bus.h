// Connections to D-Bus, driven by hand in the thread that owns them.
//
// Guarantees: nothing here waits for another program: calls are asynchronous, and their callbacks
// run inside process_bus(). A connection that is lost is reported once, by process_bus().
// Not covered: who sends a message. A signal that is sent to us alone passes every match rule:
// whoever acts on one compares its sender with the owner of the name.
// Threads: a connection belongs to one thread.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <systemd/sd-bus.h>

#include "app/desktop/platform/wakeup.h"
#include "core/base/error.h"

namespace coffre::desktop {

struct BusCloser {
  void operator()(sd_bus* bus) const { sd_bus_close_unref(bus); }
};
using Bus = std::unique_ptr<sd_bus, BusCloser>;

struct BusMessageReleaser {
  void operator()(sd_bus_message* message) const { sd_bus_message_unref(message); }
};
using BusMessage = std::unique_ptr<sd_bus_message, BusMessageReleaser>;

enum class BusKind : unsigned char { kSystem, kSession };

// Begins to connect. Without an `address` it is the one of the environment, or the usual one.
// kNotFound when there is no bus.
[[nodiscard]] Result<Bus> connect_bus(BusKind kind, const std::string& address);

// Handles all that has arrived. False when the connection is lost: it is of no more use then.
[[nodiscard]] bool process_bus(sd_bus* bus);

// Waits until a bus has something for process_bus(), `wakeup` was signalled (and clears it), or
// timeout_ms have passed (without limit when negative). May return early. Null buses are left out.
void wait_for_buses(std::span<sd_bus* const> buses, const Wakeup& wakeup, int timeout_ms);

// A NameOwnerChanged signal: who owns the name now, empty when nobody does. The rule for one name.
[[nodiscard]] std::string owner_rule(const std::string& name);
[[nodiscard]] std::string new_owner_of(sd_bus_message* message);

// Whether `message` was sent by this connection (a unique name, ":1.7"); never by an empty one.
[[nodiscard]] bool is_from(sd_bus_message* message, const std::string& unique_name);

}  // namespace coffre::desktop
