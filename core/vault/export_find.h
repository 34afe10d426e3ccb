// Where the file of a copy is now.
//
// A copy is known by its inode and the instant it was made; the name alone proves nothing, and an
// inode's number is given again. Where the file system keeps no such instant: by device, inode,
// size and time of the last change, so that a copy that was changed there counts as another file.
// Threads: no shared state.
#pragma once

#include "core/vault/export_ledger.h"

namespace coffre {

enum class CopyPlace : std::uint8_t {
  kThere,    // under its name
  kStaged,   // under its staging name: it was never finished
  kRenamed,  // under another name in the same directory
  kOther,    // another file bears its name
  kMissing,
  kUnreachable,  // its file system does not answer
};

struct FoundCopy {
  CopyPlace place = CopyPlace::kMissing;
  std::string path;       // where it is, without links on the way; else where it should be
  FileIdentity identity;  // as it has to be said to erase_file

  [[nodiscard]] bool is_there() const {
    return place == CopyPlace::kThere || place == CopyPlace::kStaged ||
           place == CopyPlace::kRenamed;
  }
};

// Whether the file system that the copy should lie on answers: three seconds at most, where it is
// not this machine's.
[[nodiscard]] bool is_reachable(const ExportEntry& entry);

// Looks; changes nothing. Waits at most three seconds for a file system that is not this machine's.
[[nodiscard]] FoundCopy find_copy(const ExportEntry& entry);

}  // namespace coffre
