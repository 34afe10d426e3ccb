// Where this workstation remembers: heads, keys.
#pragma once

#include <string>

#include "core/base/error.h"

namespace coffre {

// COFFRE_STATE_DIR, else $XDG_STATE_HOME/coffre, else ~/.local/state/coffre; null pointers are
// unset variables. XDG_STATE_HOME counts only when it is absolute. kInvalidArgument when nothing
// says where.
[[nodiscard]] Result<std::string> state_directory_of(const char* coffre_state_dir,
                                                     const char* xdg_state_home, const char* home);

// The same from this process's environment.
[[nodiscard]] Result<std::string> state_directory();

// This machine's name, for the journal.
[[nodiscard]] std::string workstation_name();

}  // namespace coffre
