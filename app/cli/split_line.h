// Words of a line, quoted as in a shell.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/base/error.h"

namespace coffre::cli {

// Splits at blanks. 'single quotes' keep everything; "double quotes" keep everything but \" \\ \$
// \` whose backslash goes; outside quotes a backslash takes the next character as it is. A # at the
// start of a word begins a comment. Nothing is expanded. kInvalidArgument: a quote or a backslash
// that has no end, or U+0000.
[[nodiscard]] Result<std::vector<std::string>> split_line(std::string_view line);

}  // namespace coffre::cli
