// SessionEnd: what must happen the moment the keys are gone, whatever the interface is doing:
// processes that hold a document's pixels are killed, handed-out buffers are wiped.
//
// Guarantees: every registered callback runs once per end of a session, on the thread that locked;
// after remove() returned, it does not run and is not running. Callbacks are short, take no lock
// that is held around add() or remove(), and touch no ImGui state. Threads: all methods may run
// concurrently.
#pragma once

#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

namespace coffre::ui {

class SessionEnd {
 public:
  using Ticket = std::uint64_t;
  [[nodiscard]] Ticket add(std::function<void()> callback);
  // For work that began in a session and ends later, on any thread: nullopt when a session ended
  // since `count` was ended_count(); the callback is not registered then.
  [[nodiscard]] std::optional<Ticket> add_since(std::uint64_t count,
                                                std::function<void()> callback);
  [[nodiscard]] std::uint64_t ended_count() const;
  void remove(Ticket ticket);
  // Calls all of them; they stay registered.
  void run();

 private:
  mutable std::mutex mutex_;
  Ticket next_ = 1;
  std::uint64_t ended_ = 0;
  std::vector<std::pair<Ticket, std::function<void()>>> callbacks_;
};

}  // namespace coffre::ui
