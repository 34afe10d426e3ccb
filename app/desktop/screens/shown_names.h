// Roles as a person reads them: those that a new vault starts with in the person's language, those
// that the practice made as they are; lists of names, keys in groups.
//
// Not covered: the vault itself, which is always asked by the name that it knows (compartments:
// dossiers_names.h). Threads: any.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "core/base/bytes.h"

namespace coffre::ui {

[[nodiscard]] std::string shown_role(std::string_view name);
// "a, b, c".
[[nodiscard]] std::string joined(std::span<const std::string> parts);
// Lowercase hexadecimal in groups of four, so that two people can read it to each other.
[[nodiscard]] std::string grouped_hex(ByteView bytes);

}  // namespace coffre::ui
