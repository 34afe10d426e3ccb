// The rollback journal that SQLite keeps beside the vault.
#pragma once

#include <string>

#include "core/base/bytes.h"

namespace coffre {

// Overwrites the file with zeros in place, syncs it, then cuts it down if it is long; fine when
// there is none. The caller holds SQLite's exclusive lock: a journal of zeros is no journal to
// SQLite. kFailed, and nothing is touched, when the name is a symbolic link, has another hard link,
// or is no regular file. Not covered: copies that a copy-on-write file system or a flash medium
// keeps.
[[nodiscard]] Status overwrite_side_file(const std::string& path);

}  // namespace coffre
