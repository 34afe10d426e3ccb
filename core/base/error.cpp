#include "core/base/error.h"

#include <cstdio>
#include <cstdlib>

namespace coffre {

void assertion_failed(const char* expression, const char* file, int line) {
  std::fprintf(stderr, "coffre: assertion failed: %s (%s:%d)\n", expression, file, line);
  std::abort();
}

std::string_view code_name(Code code) {
  switch (code) {
    case Code::kFailed:
      return "failed";
    case Code::kInvalidArgument:
      return "usage";
    case Code::kCredentials:
      return "credentials";
    case Code::kDenied:
      return "denied";
    case Code::kDamaged:
      return "damaged";
    case Code::kRolledBack:
      return "rolled-back";
    case Code::kForked:
      return "forked";
    case Code::kBusy:
      return "busy";
    case Code::kLocked:
      return "locked";
    case Code::kLimit:
      return "limit";
    case Code::kNoSpace:
      return "no-space";
    case Code::kNotFound:
      return "not-found";
    case Code::kExists:
      return "exists";
    case Code::kUnsupported:
      return "unsupported";
    case Code::kReadOnly:
      return "read-only";
    case Code::kOutOfMemory:
      return "out-of-memory";
  }
  return "failed";
}

}  // namespace coffre
