#include "core/store/sqlite_handle.h"

#include <cerrno>
#include <limits>

#include "core/store/sqlite_vfs.h"

namespace coffre {
namespace {

bool is_permission(int system_error) {
  return system_error == EACCES || system_error == EPERM || system_error == EROFS;
}

Error read_only(const std::string& on) {
  return {Code::kReadOnly, N_("the vault cannot be written"), on,
          N_("check the permissions of the vault and of its directory, and that the medium is not "
             "write-protected")};
}

Error damaged(const std::string& on) {
  return {Code::kDamaged, N_("the vault's file is damaged"), on,
          N_("restore the vault from a backup")};
}

// SQLite takes a null pointer for NULL, and an empty view may have one.
const void* not_null(ByteView value) {
  static constexpr Byte kNothing = 0;
  return value.data() == nullptr ? &kNothing : value.data();
}

}  // namespace

Error sqlite_error(int result, int system_error, const std::string& on) {
  switch (result & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return {Code::kBusy, N_("the vault is in use by another program"), on,
              N_("wait and try again")};
    case SQLITE_FULL:
      return {Code::kNoSpace, N_("there is no space left"), on,
              N_("free some space and try again")};
    case SQLITE_READONLY:
    case SQLITE_PERM:
      return read_only(on);
    case SQLITE_CANTOPEN:
      if (is_permission(system_error)) return read_only(on);
      return {Code::kFailed, N_("the vault's side file could not be opened"), on,
              N_("look for a file of another kind beside the vault, named like it and ending in "
                 "-journal")};
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
    case SQLITE_TOOBIG:
    case SQLITE_SCHEMA:
    case SQLITE_MISMATCH:
    case SQLITE_FORMAT:
      return damaged(on);
    case SQLITE_NOMEM:
      return {Code::kOutOfMemory, N_("memory was refused"), on,
              N_("close other programs and try again")};
    case SQLITE_IOERR:
      if (result == SQLITE_IOERR_NOMEM) return sqlite_error(SQLITE_NOMEM, 0, on);
      if (system_error == ENOSPC || system_error == EDQUOT) {
        return sqlite_error(SQLITE_FULL, 0, on);
      }
      return {Code::kFailed, N_("the medium could not be read or written"), on,
              N_("check the medium and its cable")};
    default:
      return {Code::kFailed, N_("the vault's engine refused a request"),
              on + " (SQLite " + std::to_string(result) + ")"};
  }
}

Statement::~Statement() {
  if (handle_ == nullptr) return;
  (void)sqlite3_reset(handle_);
  (void)sqlite3_clear_bindings(handle_);
  connection_->idle_.emplace(sql_, handle_);
}

Statement& Statement::bind(int index, std::int64_t value) {
  const int bound = sqlite3_bind_int64(handle_, index, value);
  if (bound_ == SQLITE_OK) bound_ = bound;
  return *this;
}

Statement& Statement::bind(int index, ByteView value) {
  const int bound =
      sqlite3_bind_blob64(handle_, index, not_null(value), value.size(), SQLITE_STATIC);
  if (bound_ == SQLITE_OK) bound_ = bound;
  return *this;
}

Result<bool> Statement::step() {
  if (bound_ != SQLITE_OK) return connection_->refused(bound_);
  const int stepped = sqlite3_step(handle_);
  if (stepped == SQLITE_ROW) return true;
  if (stepped == SQLITE_DONE) return false;
  return connection_->refused(stepped);
}

Status Statement::run() {
  while (true) {
    COFFRE_TRY_ASSIGN(const bool row, step());
    if (!row) return {};
  }
}

bool Statement::is_null(int column) const {
  return sqlite3_column_type(handle_, column) == SQLITE_NULL;
}

std::optional<std::int64_t> Statement::integer(int column) const {
  if (sqlite3_column_type(handle_, column) != SQLITE_INTEGER) return std::nullopt;
  return sqlite3_column_int64(handle_, column);
}

std::optional<ByteView> Statement::blob(int column, std::size_t size_min,
                                        std::size_t size_max) const {
  if (sqlite3_column_type(handle_, column) != SQLITE_BLOB) return std::nullopt;
  const auto size = static_cast<std::size_t>(sqlite3_column_bytes(handle_, column));
  if (size < size_min || size > size_max) return std::nullopt;
  if (size == 0) return ByteView{};
  const void* data = sqlite3_column_blob(handle_, column);
  if (data == nullptr) return std::nullopt;
  return ByteView(static_cast<const Byte*>(data), size);
}

std::optional<std::string_view> Statement::text(int column) const {
  if (sqlite3_column_type(handle_, column) != SQLITE_TEXT) return std::nullopt;
  const auto* data = reinterpret_cast<const char*>(sqlite3_column_text(handle_, column));
  if (data == nullptr) return std::nullopt;
  return std::string_view(data, static_cast<std::size_t>(sqlite3_column_bytes(handle_, column)));
}

Result<std::unique_ptr<Connection>> Connection::open(const std::string& path, const char* vfs) {
  COFFRE_TRY(start_sqlite());
  // So that no relative name is taken for a URI or for ":memory:".
  const std::string named = path.starts_with('/') ? path : "./" + path;
  sqlite3* handle = nullptr;
  const int opened =
      sqlite3_open_v2(named.c_str(), &handle, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX,
                      vfs == nullptr ? kSqliteVfs : vfs);
  if (handle == nullptr) return std::unexpected(sqlite_error(SQLITE_NOMEM, 0, path));
  std::unique_ptr<Connection> connection(new Connection(handle, path));
  (void)sqlite3_extended_result_codes(handle, 1);
  if (opened != SQLITE_OK) return connection->refused(opened);
  // SQLite falls back to reading alone without a word.
  if (sqlite3_db_readonly(handle, "main") != 0) return std::unexpected(read_only(path));
  return connection;
}

Connection::~Connection() {
  for (const auto& [sql, statement] : idle_) (void)sqlite3_finalize(statement);
  // A statement that is still lent would keep the file open, and its locks.
  COFFRE_ASSERT(sqlite3_close(handle_) == SQLITE_OK);
}

Result<Statement> Connection::statement(std::string_view sql) {
  if (auto node = idle_.extract(sql); !node.empty()) return Statement(*this, sql, node.mapped());
  sqlite3_stmt* handle = nullptr;
  const int prepared = sqlite3_prepare_v3(handle_, sql.data(), static_cast<int>(sql.size()),
                                          SQLITE_PREPARE_PERSISTENT, &handle, nullptr);
  if (prepared != SQLITE_OK) return refused(prepared);
  COFFRE_ASSERT(handle != nullptr);
  return Statement(*this, sql, handle);
}

Status Connection::run(std::string_view sql) {
  COFFRE_TRY_ASSIGN(Statement running, statement(sql));
  return running.run();
}

Result<std::int64_t> Connection::integer(std::string_view sql) {
  COFFRE_TRY_ASSIGN(Statement asking, statement(sql));
  COFFRE_TRY_ASSIGN(const bool row, asking.step());
  const auto value = row ? asking.integer(0) : std::nullopt;
  if (!value) return refused(SQLITE_CORRUPT);
  return *value;
}

Status Connection::roll_back() {
  if (!in_transaction()) return {};
  // SQLite reports failures of a rollback that it completes later, from the journal.
  const Status done = run("ROLLBACK");
  return in_transaction() ? done : Status{};
}

void Connection::set_patience(std::int64_t ms) {
  const std::int64_t most = std::numeric_limits<int>::max();
  (void)sqlite3_busy_timeout(handle_, static_cast<int>(std::clamp<std::int64_t>(ms, 0, most)));
}

std::unexpected<Error> Connection::refused(int result) const {
  return std::unexpected(sqlite_error(result, sqlite3_system_errno(handle_), path_));
}

}  // namespace coffre
