// Alive: lets an answer that comes late find out that who asked for it is gone.
//
// Guarantees: what guard() returns does nothing once the Alive is destroyed. Threads: UI thread
// only; the guarded function may be copied and destroyed on any.
#pragma once

#include <memory>
#include <utility>

namespace coffre::ui {

class Alive {
 public:
  Alive() = default;
  Alive(const Alive&) = delete;
  Alive& operator=(const Alive&) = delete;

  template <typename Function>
  [[nodiscard]] auto guard(Function function) const {
    return [watched = std::weak_ptr<const bool>(token_),
            function = std::move(function)](auto&&... given) mutable {
      if (!watched.expired()) {
        function(std::forward<decltype(given)>(given)...);
      }
    };
  }

 private:
  std::shared_ptr<const bool> token_ = std::make_shared<const bool>(true);
};

}  // namespace coffre::ui
