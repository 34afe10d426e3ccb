// Landlock by its system calls: the headers that we build with know its first two versions only.
#pragma once

#include "core/base/error.h"

namespace coffre::viewer {

// The version that the kernel offers; 0: none.
[[nodiscard]] int landlock_version();
// From now on only the fonts' places can be opened, read-only. `version`: 1 or more. kUnsupported.
[[nodiscard]] Status restrict_files(int version);

}  // namespace coffre::viewer
