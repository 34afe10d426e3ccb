#include "core/store/sqlite_view.h"

#include <limits>
#include <type_traits>

#include "core/store/sqlite_page.h"
#include "core/store/sqlite_rows.h"
#include "core/store/sqlite_schema.h"
#include "core/store/vault_claim.h"

namespace coffre {
namespace {

constexpr std::uint64_t kReservedMax = std::uint64_t{1} << 32;
constexpr int kTreeDepthMax = 20;  // SQLite's own limit

struct ChangeSql {
  std::string_view insert;
  std::string_view replace;
  std::string_view remove;
};

#define COFFRE_CHANGE_SQL(name)                                                             \
  {"INSERT INTO " name "(id, body) VALUES(?, ?)", "UPDATE " name " SET body=? WHERE row=?", \
   "DELETE FROM " name " WHERE row=?"}
constexpr std::array<ChangeSql, 5> kChangeSql = {{
    COFFRE_CHANGE_SQL("slots"),
    COFFRE_CHANGE_SQL("envelopes"),
    COFFRE_CHANGE_SQL("adoptions"),
    COFFRE_CHANGE_SQL("records"),
    COFFRE_CHANGE_SQL("versions"),
}};
#undef COFFRE_CHANGE_SQL

const ChangeSql& change_sql_of(Table table) {
  const auto number = static_cast<std::size_t>(table);
  COFFRE_ASSERT(number >= 1 && number <= kChangeSql.size());
  return kChangeSql[number - 1];
}

std::unexpected<Error> too_big(std::string_view table) {
  return fail(Code::kLimit, N_("a row is larger than the format allows"), std::string(table));
}

std::unexpected<Error> missing(std::string_view table, std::int64_t row) {
  return fail(Code::kDamaged, N_("a row of the vault is missing"), row_name(table, row),
              N_("restore the vault from a backup"));
}

// A connection inside a transaction; rolls back and gives the connection back at the end.
class Transaction {
 public:
  Transaction(std::unique_ptr<Connection> connection, ConnectionReturn give_back)
      : connection_(std::move(connection)), give_back_(std::move(give_back)) {}
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;
  ~Transaction() {
    const bool usable = connection_->roll_back().has_value();
    give_back_(std::move(connection_), usable);
  }

  [[nodiscard]] Status begin(std::string_view sql, std::int64_t cookie) {
    COFFRE_TRY(connection_->run(sql));
    // Also takes the snapshot of a read transaction.
    COFFRE_TRY_ASSIGN(const std::int64_t now, schema_cookie(*connection_));
    if (now == cookie) return {};
    return fail(Code::kDamaged, N_("the vault's structure was changed"), connection_->path(),
                N_("restore the vault from a backup"));
  }
  [[nodiscard]] Connection& connection() { return *connection_; }

 private:
  std::unique_ptr<Connection> connection_;
  ConnectionReturn give_back_;
};

// The reading half of both kinds of view.
template <typename Interface>
class Reading : public Interface {
 public:
  explicit Reading(std::unique_ptr<Transaction> transaction)
      : transaction_(std::move(transaction)), rows_(transaction_->connection()) {}

  Result<Bytes> checkpoint() override { return rows_.checkpoint(); }
  Result<std::uint64_t> entry_count() override { return rows_.entry_count(); }
  Result<EntryRow> entry(std::uint64_t sequence) override { return rows_.entry(sequence); }
  Status entries(std::uint64_t from, std::uint64_t to, const EntryVisitor& visit) override {
    return rows_.entries(from, to, visit);
  }
  Status scan(Table table, std::int64_t row_min, std::int64_t row_max,
              const RowVisitor& visit) override {
    return rows_.scan(table, row_min, row_max, visit);
  }
  Result<std::optional<std::pair<std::int64_t, std::int64_t>>> row_range(Table table) override {
    return rows_.row_range(table);
  }
  Result<std::optional<OwnedStateRow>> state_row(Table table, std::int64_t row) override {
    return rows_.state_row(table, row);
  }
  Result<std::optional<ExtentRow>> extent_into(std::int64_t row, Bytes memory) override {
    return rows_.extent(row, std::move(memory));
  }
  Result<std::optional<ExtentKey>> extent_key(std::int64_t row) override {
    return rows_.extent_key(row);
  }
  Status extent_keys(std::int64_t row_min,
                     const std::function<Status(const ExtentKey&)>& visit) override {
    return rows_.extent_keys(row_min, visit);
  }

 protected:
  [[nodiscard]] Connection& connection() { return transaction_->connection(); }

 private:
  std::unique_ptr<Transaction> transaction_;
  SqliteRows rows_;
};

class SqliteReadView final : public Reading<ReadView> {
 public:
  using Reading::Reading;
};

class SqliteWriteTransaction final : public Reading<WriteTransaction> {
 public:
  using Reading::Reading;

  Result<std::int64_t> insert_row(Table table, ByteView id, ByteView body) override;
  Status replace_row(Table table, std::int64_t row, ByteView body) override;
  Status remove_row(Table table, std::int64_t row) override;
  Status append_entry(std::uint64_t sequence, ByteView header, ByteView signature,
                      ByteView body) override;
  Status set_checkpoint(ByteView note) override;
  Result<std::int64_t> reserve_extents(std::uint64_t count) override;
  Status put_extent(std::int64_t row, ByteView version, std::uint64_t number,
                    ByteView bytes) override;
  Status remove_extent(std::int64_t row) override;
  Result<StorePlace> place_of(Table table, std::int64_t row) override;
  Status commit() override;

 private:
  // SQLite ends the transaction by itself after some failures. A statement after that would be a
  // transaction of its own.
  [[nodiscard]] Result<Statement> statement(std::string_view sql) {
    if (connection().in_transaction()) return connection().statement(sql);
    return fail(Code::kFailed, N_("the transaction has ended already"), connection().path(),
                N_("try again"));
  }
  [[nodiscard]] bool changed_one() { return sqlite3_changes(connection().handle()) == 1; }
};

Result<std::int64_t> SqliteWriteTransaction::insert_row(Table table, ByteView id, ByteView body) {
  if (id.size() < kRowIdMin || id.size() > kRowIdMax || body.size() > kRowBodyMax) {
    return too_big(table_name(table));
  }
  COFFRE_TRY_ASSIGN(Statement insert, statement(change_sql_of(table).insert));
  COFFRE_TRY(insert.bind(1, id).bind(2, body).run());
  return sqlite3_last_insert_rowid(connection().handle());
}

Status SqliteWriteTransaction::replace_row(Table table, std::int64_t row, ByteView body) {
  if (body.size() > kRowBodyMax) return too_big(table_name(table));
  COFFRE_TRY_ASSIGN(Statement replace, statement(change_sql_of(table).replace));
  COFFRE_TRY(replace.bind(1, body).bind(2, row).run());
  if (!changed_one()) return missing(table_name(table), row);
  return {};
}

Status SqliteWriteTransaction::remove_row(Table table, std::int64_t row) {
  COFFRE_TRY_ASSIGN(Statement remove, statement(change_sql_of(table).remove));
  COFFRE_TRY(remove.bind(1, row).run());
  if (!changed_one()) return missing(table_name(table), row);
  return {};
}

Status SqliteWriteTransaction::append_entry(std::uint64_t sequence, ByteView header,
                                            ByteView signature, ByteView body) {
  if (header.size() > kEntryHeaderMax || signature.size() != kSignatureSize ||
      body.size() > kEntryBodyMax) {
    return too_big("entries");
  }
  COFFRE_TRY_ASSIGN(const std::uint64_t count, entry_count());
  if (sequence != count) {
    return fail(Code::kInvalidArgument, N_("a journal entry must follow the last one"),
                std::to_string(sequence));
  }
  COFFRE_TRY_ASSIGN(
      Statement append,
      statement("INSERT INTO entries(row, header, signature, body) VALUES(?, ?, ?, ?)"));
  append.bind(1, static_cast<std::int64_t>(sequence) + 1);
  return append.bind(2, header).bind(3, signature).bind(4, body).run();
}

Status SqliteWriteTransaction::set_checkpoint(ByteView note) {
  if (note.empty() || note.size() > kNoteMax) return too_big("checkpoints");
  COFFRE_TRY_ASSIGN(Statement replace,
                    statement("INSERT OR REPLACE INTO checkpoints(row, note) VALUES(1, ?)"));
  return replace.bind(1, note).run();
}

Result<std::int64_t> SqliteWriteTransaction::reserve_extents(std::uint64_t count) {
  if (count == 0 || count > kReservedMax) {
    return fail(Code::kLimit, N_("a document is larger than the format allows"));
  }
  std::int64_t last = 0;
  {
    COFFRE_TRY_ASSIGN(Statement newest, statement("SELECT max(row) FROM extents"));
    COFFRE_TRY_ASSIGN(const bool row, newest.step());
    if (row) last = std::max<std::int64_t>(newest.integer(0).value_or(0), 0);
  }
  const auto size = static_cast<std::int64_t>(count);
  if (last > std::numeric_limits<std::int64_t>::max() - size) {
    return fail(Code::kDamaged, N_("the row numbers of the vault are used up"),
                row_name("extents", last), N_("restore the vault from a backup"));
  }
  COFFRE_TRY_ASSIGN(Statement insert, statement("INSERT INTO extents(row, version, number, bytes) "
                                                "VALUES(?, x'', 0, x'')"));
  COFFRE_TRY(insert.bind(1, last + size).run());
  return last + 1;
}

Status SqliteWriteTransaction::put_extent(std::int64_t row, ByteView version, std::uint64_t number,
                                          ByteView bytes) {
  if (version.size() != kVersionIdSize || number > std::uint64_t{kExtentNumberMax} ||
      bytes.empty() || bytes.size() > kExtentMax) {
    return too_big("extents");
  }
  COFFRE_TRY_ASSIGN(
      Statement put,
      statement("INSERT INTO extents(row, version, number, bytes) VALUES(?1, ?2, ?3, ?4) ON "
                "CONFLICT(row) DO UPDATE SET version=?2, number=?3, bytes=?4 WHERE "
                "length(extents.version)=0"));
  put.bind(1, row).bind(2, version).bind(3, static_cast<std::int64_t>(number)).bind(4, bytes);
  COFFRE_TRY(put.run());
  if (!changed_one()) {
    return fail(Code::kInvalidArgument, N_("this extent has been written already"),
                row_name("extents", row));
  }
  return {};
}

Status SqliteWriteTransaction::remove_extent(std::int64_t row) {
  COFFRE_TRY_ASSIGN(Statement remove, statement("DELETE FROM extents WHERE row=?"));
  return remove.bind(1, row).run();
}

Result<StorePlace> SqliteWriteTransaction::place_of(Table table, std::int64_t row) {
  std::uint32_t number = 0;
  {
    COFFRE_TRY_ASSIGN(Statement root,
                      statement("SELECT rootpage FROM sqlite_schema WHERE name=CAST(? AS TEXT)"));
    COFFRE_TRY_ASSIGN(const bool found, root.bind(1, as_bytes(table_name(table))).step());
    number = found ? static_cast<std::uint32_t>(root.integer(0).value_or(0)) : 0;
  }
  sqlite3_file* file = nullptr;
  if (sqlite3_file_control(connection().handle(), "main", SQLITE_FCNTL_FILE_POINTER,
                           static_cast<void*>(&file)) != SQLITE_OK ||
      file == nullptr) {
    return connection().refused(SQLITE_IOERR);
  }
  Bytes page(kVaultPageSize);
  for (int depth = 0; depth < kTreeDepthMax && number > 1; ++depth) {
    const std::uint64_t offset = (std::uint64_t{number} - 1) * kVaultPageSize;
    const int read = file->pMethods->xRead(file, page.data(), kVaultPageSize,
                                           static_cast<sqlite3_int64>(offset));
    if (read != SQLITE_OK) return connection().refused(read);
    if (leaf_has(page, row)) return StorePlace{offset, page.size()};
    number = page_below(page, row).value_or(0);
  }
  return missing(table_name(table), row);
}

Status SqliteWriteTransaction::commit() {
  Status done;
  {
    COFFRE_TRY_ASSIGN(Statement committing, statement("COMMIT"));
    done = committing.run();
  }
  if (done || done.error().code == Code::kBusy) return done;
  // Rolled back now rather than by the next one who opens the vault.
  (void)connection().roll_back();
  return done;
}

template <typename View, typename Interface>
Result<std::unique_ptr<Interface>> begin(std::unique_ptr<Connection> connection,
                                         std::string_view sql, std::int64_t cookie,
                                         ConnectionReturn give_back) {
  auto transaction = std::make_unique<Transaction>(std::move(connection), std::move(give_back));
  COFFRE_TRY(transaction->begin(sql, cookie));
  return std::make_unique<View>(std::move(transaction));
}

}  // namespace

Result<std::unique_ptr<ReadView>> begin_read(std::unique_ptr<Connection> connection,
                                             std::int64_t cookie, ConnectionReturn give_back) {
  return begin<SqliteReadView, ReadView>(std::move(connection), "BEGIN", cookie,
                                         std::move(give_back));
}

Result<std::unique_ptr<WriteTransaction>> begin_write(std::unique_ptr<Connection> connection,
                                                      std::int64_t cookie,
                                                      ConnectionReturn give_back) {
  return begin<SqliteWriteTransaction, WriteTransaction>(std::move(connection), "BEGIN IMMEDIATE",
                                                         cookie, std::move(give_back));
}

}  // namespace coffre
