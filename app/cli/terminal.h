// Passwords asked on the terminal, without echo.
//
// Guarantees: the terminal's settings come back at the end, on an error, and through
// restore_terminal() from the thread that handles signals. The answer is kept in secret memory
// only.
#pragma once

#include <string>

#include "core/base/secret.h"

namespace coffre::cli {

// Asks on the controlling terminal; `prompt` is translated text. kInvalidArgument when there is no
// terminal; kLimit for more than 4,096 bytes.
[[nodiscard]] Result<Secret> ask_password(const std::string& prompt);

// Asks twice; kInvalidArgument when the answers differ.
[[nodiscard]] Result<Secret> ask_new_password(const std::string& prompt);

// Gives the terminal its echo back if ask_password() took it. From any thread, at most one.
void restore_terminal();

}  // namespace coffre::cli
