// The one error of everything that builds the sandbox: what failed is no use to who reads it.
#pragma once

#include "core/base/error.h"

namespace coffre::viewer {

[[nodiscard]] inline std::unexpected<Error> no_sandbox() {
  return fail(Code::kUnsupported, "the sandbox for documents cannot be made on this machine");
}

}  // namespace coffre::viewer
