#include "app/desktop/ui_shell/ui_calls.h"

#include <utility>

namespace coffre::ui {

void UiCalls::post(std::function<void()> call) {
  // The lock is held while waking: close() returns when nobody is in there.
  const std::lock_guard lock(mutex_);
  calls_.push_back(std::move(call));
  if (wake_) {
    wake_();
  }
}

void UiCalls::run() {
  std::vector<std::function<void()>> due;
  {
    const std::lock_guard lock(mutex_);
    due.swap(calls_);
  }
  for (const auto& call : due) {
    call();
  }
}

void UiCalls::close() {
  const std::lock_guard lock(mutex_);
  wake_ = {};
  calls_.clear();
}

}  // namespace coffre::ui
