// A Channel carries messages to one other process and back: a pair of connected sockets that keep
// the bounds of a message.
//
// Guarantees: a message arrives whole or is refused; descriptors that the other side might send
// along are dropped; a side that has gone ends no process by a signal. Descriptors are closed on
// exec. Not covered: what a message says. Threads: one at a time, but shut() may be called at any
// time from any thread and ends the wait of another.
#pragma once

#include <cstdint>
#include <optional>
#include <utility>

#include "core/base/bytes.h"
#include "core/base/clock.h"
#include "core/base/file.h"

namespace coffre {

class Channel {
 public:
  Channel() = default;
  explicit Channel(File socket) : socket_(std::move(socket)) {}

  // The two ends. kFailed.
  [[nodiscard]] static Result<std::pair<Channel, Channel>> pair();
  [[nodiscard]] int fd() const { return socket_.fd(); }
  // kFailed when the other side has gone, or has not taken what was sent before.
  [[nodiscard]] Status send(ByteView message) const;
  // Waits for one message: its size, which may be larger than `out` (then the rest is lost).
  // 0: the other side has gone, or shut() was called. nullopt: the clock's steady_ms() reached
  // deadline_ms.
  [[nodiscard]] std::optional<std::size_t> receive(MutableByteView out, Clock& clock,
                                                   std::int64_t deadline_ms) const;
  void shut() const;

 private:
  File socket_;
};

}  // namespace coffre
