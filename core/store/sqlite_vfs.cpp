#include "core/store/sqlite_vfs.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <new>

#include <sqlite3.h>

#include "core/base/os.h"
#include "core/store/side_file.h"
#include "core/store/sqlite_page.h"
#include "core/store/vault_claim.h"

namespace coffre {
namespace {

std::atomic<SqliteHook*> g_hook{nullptr};

// Asks the hook, if there is one.
template <typename Ask>
int asked(Ask ask) {
  SqliteHook* hook = g_hook.load(std::memory_order_acquire);
  return hook == nullptr ? SQLITE_OK : ask(*hook);
}

struct ShimFile {
  sqlite3_file base;      // first: SQLite sees this
  std::string_view path;  // SQLite keeps the name as long as the file is open
  bool is_vault = false;
};

constexpr std::size_t kAlignment = alignof(std::max_align_t);
constexpr std::size_t kShimSize = (sizeof(ShimFile) + kAlignment - 1) / kAlignment * kAlignment;

// The unix VFS's own file lies behind ours in the memory that SQLite gives.
sqlite3_file* inner(sqlite3_file* file) {
  return reinterpret_cast<sqlite3_file*>(reinterpret_cast<Byte*>(file) + kShimSize);
}
bool is_vault(sqlite3_file* file) { return reinterpret_cast<ShimFile*>(file)->is_vault; }
std::string_view path_of(sqlite3_file* file) { return reinterpret_cast<ShimFile*>(file)->path; }
sqlite3_vfs* unix_vfs(sqlite3_vfs* vfs) { return static_cast<sqlite3_vfs*>(vfs->pAppData); }

int shim_close(sqlite3_file* file) { return inner(file)->pMethods->xClose(inner(file)); }

int shim_read(sqlite3_file* file, void* data, int size, sqlite3_int64 offset) {
  const int refused = asked([&](SqliteHook& hook) {
    return hook.before_read(path_of(file), static_cast<std::size_t>(size), offset);
  });
  if (refused != SQLITE_OK) return refused;
  return inner(file)->pMethods->xRead(inner(file), data, size, offset);
}

int shim_sync(sqlite3_file* file, int flags) {
  const int refused = asked([&](SqliteHook& hook) { return hook.before_sync(path_of(file)); });
  if (refused != SQLITE_OK) return refused;
  return inner(file)->pMethods->xSync(inner(file), flags);
}

int shim_file_size(sqlite3_file* file, sqlite3_int64* size) {
  return inner(file)->pMethods->xFileSize(inner(file), size);
}

int write_inner(sqlite3_file* file, ByteView bytes, sqlite3_int64 offset) {
  const int refused =
      asked([&](SqliteHook& hook) { return hook.before_write(path_of(file), bytes, offset); });
  if (refused != SQLITE_OK) return refused;
  return inner(file)->pMethods->xWrite(inner(file), bytes.data(), static_cast<int>(bytes.size()),
                                       offset);
}

using VaultPage = std::array<Byte, kVaultPageSize>;

// The page without what SQLite left in its unused room of rows that lay there before: a copy in
// `clean` where there is something, else the page itself.
ByteView without_remains(sqlite3_file* file, ByteView page, sqlite3_int64 offset,
                         VaultPage& clean) {
  const bool whole = page.size() == clean.size() && offset % kVaultPageSize == 0 && offset != 0;
  const auto room = whole ? leaf_room(page) : std::nullopt;
  if (!room) return page;
  const ByteView unused = page.subspan(room->begin, room->end - room->begin);
  // Each byte equals the one before it, and the first is zero.
  if (unused.empty() ||
      (unused[0] == 0 && std::memcmp(&unused[0], &unused[0] + 1, unused.size() - 1) == 0)) {
    return page;
  }
  // In a larger file a page of a row's continuation may begin like a leaf: with the number of the
  // next such page.
  constexpr sqlite3_int64 kCleanedMax = sqlite3_int64{1} << 41;
  sqlite3_int64 size = 0;
  if (shim_file_size(file, &size) != SQLITE_OK || size > kCleanedMax) return page;
  std::ranges::copy(page, clean.begin());
  std::fill(clean.begin() + static_cast<std::ptrdiff_t>(room->begin),
            clean.begin() + static_cast<std::ptrdiff_t>(room->end), Byte{0});
  return clean;
}

int shim_write(sqlite3_file* file, const void* data, int size, sqlite3_int64 offset) {
  const ByteView bytes(static_cast<const Byte*>(data), static_cast<std::size_t>(size));
  if (!is_vault(file)) return write_inner(file, bytes, offset);
  VaultPage clean;
  return write_inner(file, without_remains(file, bytes, offset, clean), offset);
}

// What a transaction added to the vault and is taken back may be copies of older rows: overwritten
// before its blocks go to who knows whom. What cannot be done here is left: a rollback matters
// more.
void overwrite_end(sqlite3_file* file, sqlite3_int64 from) {
  const VaultPage zeros{};
  sqlite3_int64 end = 0;
  if (shim_file_size(file, &end) != SQLITE_OK || from >= end) return;
  for (sqlite3_int64 at = from; at < end; at += kVaultPageSize) {
    const auto size = static_cast<std::size_t>(std::min<sqlite3_int64>(end - at, kVaultPageSize));
    if (write_inner(file, ByteView(zeros).first(size), at) != SQLITE_OK) return;
  }
  (void)shim_sync(file, SQLITE_SYNC_NORMAL);
}

int shim_truncate(sqlite3_file* file, sqlite3_int64 size) {
  if (is_vault(file)) overwrite_end(file, size);
  const int refused =
      asked([&](SqliteHook& hook) { return hook.before_truncate(path_of(file), size); });
  if (refused != SQLITE_OK) return refused;
  return inner(file)->pMethods->xTruncate(inner(file), size);
}

int shim_lock(sqlite3_file* file, int level) {
  const int refused =
      asked([&](SqliteHook& hook) { return hook.before_lock(path_of(file), level); });
  if (refused != SQLITE_OK) return refused;
  return inner(file)->pMethods->xLock(inner(file), level);
}

int shim_unlock(sqlite3_file* file, int level) {
  return inner(file)->pMethods->xUnlock(inner(file), level);
}

int shim_check_reserved_lock(sqlite3_file* file, int* out) {
  return inner(file)->pMethods->xCheckReservedLock(inner(file), out);
}

int shim_file_control(sqlite3_file* file, int operation, void* argument) {
  return inner(file)->pMethods->xFileControl(inner(file), operation, argument);
}

int shim_sector_size(sqlite3_file* file) { return inner(file)->pMethods->xSectorSize(inner(file)); }

int shim_device_characteristics(sqlite3_file* file) {
  return inner(file)->pMethods->xDeviceCharacteristics(inner(file));
}

// Version 1 of the interface: without shared memory and without mapping.
const sqlite3_io_methods& shim_methods() {
  static const sqlite3_io_methods methods = [] {
    sqlite3_io_methods made{};
    made.iVersion = 1;
    made.xClose = shim_close;
    made.xRead = shim_read;
    made.xWrite = shim_write;
    made.xTruncate = shim_truncate;
    made.xSync = shim_sync;
    made.xFileSize = shim_file_size;
    made.xLock = shim_lock;
    made.xUnlock = shim_unlock;
    made.xCheckReservedLock = shim_check_reserved_lock;
    made.xFileControl = shim_file_control;
    made.xSectorSize = shim_sector_size;
    made.xDeviceCharacteristics = shim_device_characteristics;
    return made;
  }();
  return methods;
}

// A journal under this name that is a link would let whoever planted it change another file.
bool is_file_of_its_own(const char* name) {
  struct stat found{};
  const int error = os().lstat(name, &found);
  return error == -ENOENT || (error == 0 && S_ISREG(found.st_mode) && found.st_nlink == 1);
}

int shim_open(sqlite3_vfs* vfs, const char* name, sqlite3_file* file, int flags, int* out_flags) {
  file->pMethods = nullptr;
  constexpr int kAllowed = SQLITE_OPEN_MAIN_DB | SQLITE_OPEN_MAIN_JOURNAL;
  if (name == nullptr || (flags & kAllowed) == 0) return SQLITE_CANTOPEN;
  if ((flags & SQLITE_OPEN_MAIN_JOURNAL) != 0 && !is_file_of_its_own(name)) return SQLITE_CANTOPEN;
  auto* shim = new (file) ShimFile{};
  shim->path = name;
  shim->is_vault = (flags & SQLITE_OPEN_MAIN_DB) != 0;
  const int opened = unix_vfs(vfs)->xOpen(unix_vfs(vfs), name, inner(file), flags, out_flags);
  if (opened == SQLITE_OK) shim->base.pMethods = &shim_methods();
  return opened;
}

int shim_delete(sqlite3_vfs* vfs, const char* name, int sync_directory) {
  // A super-journal, named by a planted journal, is any file of the user's.
  if (!std::string_view(name).ends_with("-journal")) return SQLITE_IOERR_DELETE;
  const int refused = asked([&](SqliteHook& hook) { return hook.before_delete(name); });
  if (refused != SQLITE_OK) return refused;
  // The journal of a transaction that was killed goes when the vault is opened again, and with it
  // the pages as they were. SQLite has put them back and synced by now.
  if (!overwrite_side_file(name)) return SQLITE_IOERR_DELETE;
  return unix_vfs(vfs)->xDelete(unix_vfs(vfs), name, sync_directory);
}

int shim_access(sqlite3_vfs* vfs, const char* name, int flags, int* out) {
  if (std::string_view(name).ends_with("-wal")) {
    *out = 0;
    return SQLITE_OK;
  }
  return unix_vfs(vfs)->xAccess(unix_vfs(vfs), name, flags, out);
}

int shim_full_pathname(sqlite3_vfs* vfs, const char* name, int size, char* out) {
  return unix_vfs(vfs)->xFullPathname(unix_vfs(vfs), name, size, out);
}

int shim_randomness(sqlite3_vfs* vfs, int size, char* out) {
  return unix_vfs(vfs)->xRandomness(unix_vfs(vfs), size, out);
}

int shim_sleep(sqlite3_vfs* vfs, int microseconds) {
  return unix_vfs(vfs)->xSleep(unix_vfs(vfs), microseconds);
}

int shim_current_time(sqlite3_vfs* vfs, double* out) {
  return unix_vfs(vfs)->xCurrentTime(unix_vfs(vfs), out);
}

int shim_last_error(sqlite3_vfs* vfs, int size, char* out) {
  return unix_vfs(vfs)->xGetLastError(unix_vfs(vfs), size, out);
}

int register_shim() {
  static sqlite3_vfs shim{};
  sqlite3_vfs* base = sqlite3_vfs_find("unix");
  if (base == nullptr) return SQLITE_NOTFOUND;
  shim.iVersion = 1;
  shim.szOsFile = static_cast<int>(kShimSize) + base->szOsFile;
  shim.mxPathname = base->mxPathname;
  shim.zName = kSqliteVfs;
  shim.pAppData = base;
  shim.xOpen = shim_open;
  shim.xDelete = shim_delete;
  shim.xAccess = shim_access;
  shim.xFullPathname = shim_full_pathname;
  shim.xRandomness = shim_randomness;
  shim.xSleep = shim_sleep;
  shim.xCurrentTime = shim_current_time;
  shim.xGetLastError = shim_last_error;
  return sqlite3_vfs_register(&shim, 0);
}

// Memory for SQLite with its size in front, so that all of it can be wiped before it is freed.
constexpr std::size_t kPrefix = kAlignment;

void* wiping_malloc(int size) {
  auto* block = static_cast<Byte*>(std::malloc(kPrefix + static_cast<std::size_t>(size)));
  if (block == nullptr) return nullptr;
  std::memcpy(block, &size, sizeof size);
  return block + kPrefix;
}

int wiping_size(void* memory) {
  int size = 0;
  if (memory != nullptr) std::memcpy(&size, static_cast<Byte*>(memory) - kPrefix, sizeof size);
  return size;
}

void wiping_free(void* memory) {
  if (memory == nullptr) return;
  explicit_bzero(memory, static_cast<std::size_t>(wiping_size(memory)));
  std::free(static_cast<Byte*>(memory) - kPrefix);
}

void* wiping_realloc(void* memory, int size) {
  void* larger = wiping_malloc(size);
  if (larger == nullptr) return nullptr;
  const int kept = std::min(size, wiping_size(memory));
  std::memcpy(larger, memory, static_cast<std::size_t>(kept));
  wiping_free(memory);
  return larger;
}

int rounded_up(int size) { return (size + 7) & ~7; }
int memory_init(void*) { return SQLITE_OK; }
void memory_shutdown(void*) {}

int start_once() {
  static sqlite3_mem_methods memory{wiping_malloc, wiping_free, wiping_realloc,  wiping_size,
                                    rounded_up,    memory_init, memory_shutdown, nullptr};
  // Both are refused when SQLite runs already in this process; it then works as it was set up.
  (void)sqlite3_config(SQLITE_CONFIG_MALLOC, &memory);
  (void)sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
  if (const int started = sqlite3_initialize(); started != SQLITE_OK) return started;
  if (sqlite3_threadsafe() == 0) return SQLITE_MISUSE;
  return register_shim();
}

}  // namespace

SqliteHook* set_sqlite_hook(SqliteHook* hook) {
  return g_hook.exchange(hook, std::memory_order_acq_rel);
}

Status start_sqlite() {
  static const int started = start_once();
  if (started == SQLITE_OK) return {};
  return fail(Code::kFailed, N_("the vault's engine could not be started"),
              "SQLite " + std::to_string(started));
}

}  // namespace coffre
