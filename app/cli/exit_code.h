// The exit statuses of coffrectl: a contract with scripts. They never change their meaning.
#pragma once

#include "core/base/error.h"

namespace coffre::cli {

enum class Exit : unsigned char {
  kDone = 0,
  kFailed = 1,       // failed otherwise, or in part
  kUsage = 2,        // the words of the call are wrong
  kCredentials = 3,  // wrong credentials
  kDenied = 4,       // this user may not, or there is no such object
  kDamaged = 5,      // damaged or tampered with
  kRolledBack = 6,   // rolled back or forked
  kErasure = 7,      // an erasure is not guaranteed or failed
  kBusy = 8,         // in use, or locked
  kLimit = 9,        // no space, or a limit reached
};

[[nodiscard]] constexpr Exit exit_of(Code code) {
  switch (code) {
    case Code::kInvalidArgument:
      return Exit::kUsage;
    case Code::kCredentials:
      return Exit::kCredentials;
    case Code::kDenied:
      return Exit::kDenied;
    case Code::kDamaged:
      return Exit::kDamaged;
    case Code::kRolledBack:
    case Code::kForked:
      return Exit::kRolledBack;
    case Code::kBusy:
    case Code::kLocked:
      return Exit::kBusy;
    case Code::kLimit:
    case Code::kNoSpace:
      return Exit::kLimit;
    case Code::kFailed:
    case Code::kNotFound:
    case Code::kExists:
    case Code::kUnsupported:
    case Code::kReadOnly:
    case Code::kOutOfMemory:
      break;
  }
  return Exit::kFailed;
}

[[nodiscard]] constexpr int status_of(Exit exit) { return static_cast<int>(exit); }

}  // namespace coffre::cli
