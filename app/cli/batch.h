// batch: commands from standard input under a single unlock. docs: assets/man/coffrectl.1.
#pragma once

#include "app/cli/context.h"

namespace coffre::cli {

// Each line renews the session; a line that fails gives its error as its value, and later lines
// run. Returns the first failure's status; kLocked as soon as the session is locked.
[[nodiscard]] Result<Exit> run_batch(Context& context);

}  // namespace coffre::cli
