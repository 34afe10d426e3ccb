// The SQLite engine of the Store. DESIGN §4; figures in docs/PERFORMANCE.md.
//
// Settings: page size 16 KiB, rollback journal in PERSIST mode, synchronous EXTRA, secure_delete
// on, mmap off, temporary storage in memory, defensive mode, trusted_schema off, cell_size_check
// on. The exact schema text, application id and version are compared when a file is opened. Errors
// of open(): kNotFound; kUnsupported for a network file system or a newer format; kDamaged for a
// file whose schema or structure is not a vault's; kFailed with "is not a Coffre vault" for another
// kind of file; kReadOnly; kBusy; each with its own hint.
// Threads: a store may be used from several threads; every view has a connection of its own.
#pragma once

#include <string>

#include "core/base/clock.h"
#include "core/store/store.h"

namespace coffre {

struct SqliteOptions {
  std::int64_t patience_ms = 5'000;        // how long write() waits for another writer
  const char* vfs = nullptr;               // another SQLite VFS (tests); nullptr: ours
  bool allow_network_file_system = false;  // tests
};

// Makes a new, empty vault file (mode 0600) with the schema; kExists when something is there.
[[nodiscard]] Result<std::unique_ptr<Store>> create_sqlite_store(const std::string& path,
                                                                 const SqliteOptions& options = {});
[[nodiscard]] Result<std::unique_ptr<Store>> open_sqlite_store(const std::string& path,
                                                               const SqliteOptions& options = {});

}  // namespace coffre
