// The desktop program from its command line to its end.
//
// Threads: called once, from main(), before any other thread runs.
#pragma once

#include <string>
#include <vector>

#include "app/desktop/ui_shell/hooks.h"

namespace coffre::ui {

// The exit status: 0, 1 for a failure, 2 for words that make no sense. `hooks` is nullptr in the
// program that ships.
[[nodiscard]] int run_program(const std::vector<std::string>& words, Hooks* hooks);

}  // namespace coffre::ui
