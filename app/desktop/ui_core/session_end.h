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
#include <utility>
#include <vector>

namespace coffre::ui {

class SessionEnd {
 public:
  using Ticket = std::uint64_t;
  [[nodiscard]] Ticket add(std::function<void()> callback);
  void remove(Ticket ticket);
  // Calls all of them; they stay registered.
  void run();

 private:
  std::mutex mutex_;
  Ticket next_ = 1;
  std::vector<std::pair<Ticket, std::function<void()>>> callbacks_;
};

}  // namespace coffre::ui
