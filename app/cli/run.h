// One call of coffrectl, from its words to its exit status.
#pragma once

#include <string>
#include <vector>

namespace coffre::cli {

// `words` without the program's name. Returns the exit status (exit_code.h).
[[nodiscard]] int run(const std::vector<std::string>& words);

}  // namespace coffre::cli
