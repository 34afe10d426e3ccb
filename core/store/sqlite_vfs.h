// The SQLite VFS named "coffre": the system's unix VFS, narrowed to what a vault needs.
//
// Guarantees: SQLite opens nothing but the vault and its rollback journal, deletes nothing but that
// journal, and never sees a -wal file: a planted side file can neither name another file for
// deletion (a super-journal) nor be taken for newer pages. A journal that is a link, symbolic or
// hard, is not opened. Neither shared memory nor mapping is offered, so that write-ahead mode
// cannot be switched on. What SQLite does not overwrite by itself is overwritten here, before it
// reaches the medium or its blocks go back to the file system: bytes of rows in the unused room of
// a page (in a file of up to 2 TiB), the end of the vault that a rollback cuts off, and a journal
// that is deleted. A hook sees every read, write, sync, truncation, deletion and lock before it
// happens, and may make it fail (tests). Without one it costs a branch. Threads: any; a hook must
// cope with several threads by itself.
#pragma once

#include <string_view>

#include "core/base/bytes.h"

namespace coffre {

inline constexpr const char* kSqliteVfs = "coffre";

// Each method returns 0 to let the call happen, or the SQLite error that it is to fail with.
class SqliteHook {
 public:
  virtual ~SqliteHook() = default;
  virtual int before_read(std::string_view, std::size_t, std::int64_t) { return 0; }
  virtual int before_write(std::string_view, ByteView, std::int64_t) { return 0; }
  virtual int before_sync(std::string_view) { return 0; }
  virtual int before_truncate(std::string_view, std::int64_t) { return 0; }
  virtual int before_delete(std::string_view) { return 0; }
  virtual int before_lock(std::string_view, int) { return 0; }  // SQLITE_LOCK_*
};

// Sets the hook of the process (nullptr: none) and returns the one before.
SqliteHook* set_sqlite_hook(SqliteHook* hook);

// Starts SQLite once for the process (memory wiped before it is freed, no statistics) and registers
// the VFS. A process that started SQLite before by other means keeps its own memory functions.
[[nodiscard]] Status start_sqlite();

}  // namespace coffre
