// What was typed in a sheet that asks why something is done to one object: a draft that comes back
// after a lock. Threads: values.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/base/bytes.h"

namespace coffre::ui {

struct ReasonDraft {
  Id object;
  std::string reason;

  [[nodiscard]] std::string encode() const;  // JSON
  // nullopt for what is none.
  [[nodiscard]] static std::optional<ReasonDraft> decode(std::string_view draft);
};

}  // namespace coffre::ui
