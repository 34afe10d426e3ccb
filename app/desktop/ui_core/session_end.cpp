#include "app/desktop/ui_core/session_end.h"

#include <algorithm>

namespace coffre::ui {

SessionEnd::Ticket SessionEnd::add(std::function<void()> callback) {
  const std::lock_guard<std::mutex> guard(mutex_);
  callbacks_.emplace_back(next_, std::move(callback));
  return next_++;
}

std::optional<SessionEnd::Ticket> SessionEnd::add_since(std::uint64_t count,
                                                        std::function<void()> callback) {
  const std::lock_guard<std::mutex> guard(mutex_);
  if (ended_ != count) {
    return std::nullopt;
  }
  callbacks_.emplace_back(next_, std::move(callback));
  return next_++;
}

std::uint64_t SessionEnd::ended_count() const {
  const std::lock_guard<std::mutex> guard(mutex_);
  return ended_;
}

void SessionEnd::remove(Ticket ticket) {
  const std::lock_guard<std::mutex> guard(mutex_);
  std::erase_if(callbacks_, [&](const auto& entry) { return entry.first == ticket; });
}

void SessionEnd::run() {
  // Held while they run: who removed a callback may destroy what it uses.
  const std::lock_guard<std::mutex> guard(mutex_);
  ++ended_;
  for (const auto& [ticket, callback] : callbacks_) {
    callback();
  }
}

}  // namespace coffre::ui
