#include "app/desktop/ui_core/drafts.h"

namespace coffre::ui {

void Drafts::keep(const Hash& vault, const Id& owner, Bytes sealed) {
  const std::lock_guard<std::mutex> guard(mutex_);
  sealed_.insert_or_assign({vault, owner}, std::move(sealed));
}

std::optional<Bytes> Drafts::take(const Hash& vault, const Id& owner) {
  const std::lock_guard<std::mutex> guard(mutex_);
  const auto found = sealed_.find({vault, owner});
  if (found == sealed_.end()) {
    return std::nullopt;
  }
  Bytes sealed = std::move(found->second);
  sealed_.erase(found);
  return sealed;
}

}  // namespace coffre::ui
