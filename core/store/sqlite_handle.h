// Owning handles for SQLite: a connection, and statements that it keeps prepared.
//
// Guarantees: every SQLite error becomes an Error with a code of ours; a column's type and size are
// checked before its bytes are copied.
// Threads: a Connection and its statements belong to one thread at a time.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>

#include <sqlite3.h>

#include "core/base/bytes.h"

namespace coffre {

// The error for a SQLite result code; `on` is the vault's path.
[[nodiscard]] Error sqlite_error(int result, int system_error, const std::string& on);

class Connection;

// A prepared statement, lent by a connection: goes back, reset and unbound, when it is destroyed.
class Statement {
 public:
  Statement(Connection& connection, std::string_view sql, sqlite3_stmt* handle)
      : connection_(&connection), sql_(sql), handle_(handle) {}
  Statement(Statement&& other) noexcept
      : connection_(other.connection_),
        sql_(other.sql_),
        handle_(std::exchange(other.handle_, nullptr)) {}
  Statement& operator=(Statement&&) = delete;
  ~Statement();

  // Parameters count from 1. A blob must stay until the statement is destroyed.
  Statement& bind(int index, std::int64_t value);
  Statement& bind(int index, ByteView value);
  // True at a row, false at the end.
  [[nodiscard]] Result<bool> step();
  // Runs to the end; rows that come are dropped.
  [[nodiscard]] Status run();

  // Columns count from 0. The views are valid until the next step.
  [[nodiscard]] bool is_null(int column) const;
  [[nodiscard]] std::optional<std::int64_t> integer(int column) const;
  // nullopt unless the column is a blob of size_min to size_max bytes.
  [[nodiscard]] std::optional<ByteView> blob(int column, std::size_t size_min,
                                             std::size_t size_max) const;
  [[nodiscard]] std::optional<std::string_view> text(int column) const;

 private:
  Connection* connection_;
  std::string_view sql_;  // the caller's literal
  sqlite3_stmt* handle_;
  int bound_ = SQLITE_OK;  // the first failed bind
};

class Connection {
 public:
  // Opens an existing file for reading and writing. kReadOnly when it cannot be written.
  [[nodiscard]] static Result<std::unique_ptr<Connection>> open(const std::string& path,
                                                                const char* vfs);
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
  ~Connection();

  // `sql` must be a literal: it is the key under which the statement is kept.
  [[nodiscard]] Result<Statement> statement(std::string_view sql);
  [[nodiscard]] Status run(std::string_view sql);
  // The single integer that `sql` yields; kDamaged when it yields none.
  [[nodiscard]] Result<std::int64_t> integer(std::string_view sql);
  // Rolls back whatever transaction is open. The
  // connection must not be used again when it fails.
  [[nodiscard]] Status roll_back();
  [[nodiscard]] bool in_transaction() const { return sqlite3_get_autocommit(handle_) == 0; }
  void set_patience(std::int64_t ms);

  [[nodiscard]] sqlite3* handle() const { return handle_; }
  [[nodiscard]] const std::string& path() const { return path_; }
  [[nodiscard]] std::unexpected<Error> refused(int result) const;

 private:
  friend class Statement;
  Connection(sqlite3* handle, std::string path) : handle_(handle), path_(std::move(path)) {}

  sqlite3* handle_;
  std::string path_;
  std::multimap<std::string_view, sqlite3_stmt*> idle_;
};

}  // namespace coffre
