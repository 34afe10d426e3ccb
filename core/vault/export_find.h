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
};

struct FoundCopy {
  CopyPlace place = CopyPlace::kMissing;
  std::string path;       // where it is; kOther, kMissing: where it should be
  FileIdentity identity;  // as it has to be said to erase_file

  [[nodiscard]] bool is_there() const {
    return place != CopyPlace::kMissing && place != CopyPlace::kOther;
  }
};

// Looks; changes nothing.
[[nodiscard]] FoundCopy find_copy(const ExportEntry& entry);

}  // namespace coffre
