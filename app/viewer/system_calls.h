// The system calls that are left to the process that reads documents (seccomp). All others fail
// with EPERM, so that a library that tries one goes on without it; calls of another architecture
// end the process.
#pragma once

#include "core/base/error.h"

namespace coffre::viewer {

enum class Opening : unsigned char {
  kReadOnly,            // Landlock decides what
  kReadOnlyUntilClosed  // until close_last_door()
};

// kUnsupported.
[[nodiscard]] Status allow_system_calls(Opening opening);
// After kReadOnlyUntilClosed: nothing can be opened from now on.
[[nodiscard]] Status close_last_door();

}  // namespace coffre::viewer
