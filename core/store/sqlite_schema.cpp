#include "core/store/sqlite_schema.h"

#include <algorithm>
#include <array>

#include "core/store/store.h"
#include "core/store/vault_claim.h"

namespace coffre {
namespace {

struct TableText {
  std::string_view name;
  std::string_view sql;
};

// In the order of their names.
constexpr auto kTables = std::to_array<TableText>({
    {"adoptions",
     "CREATE TABLE adoptions(row INTEGER PRIMARY KEY, id BLOB NOT NULL, body BLOB NOT NULL) "
     "STRICT"},
    {"checkpoints", "CREATE TABLE checkpoints(row INTEGER PRIMARY KEY, note BLOB NOT NULL) STRICT"},
    {"entries",
     "CREATE TABLE entries(row INTEGER PRIMARY KEY, header BLOB NOT NULL, signature BLOB NOT NULL, "
     "body BLOB) STRICT"},
    {"envelopes",
     "CREATE TABLE envelopes(row INTEGER PRIMARY KEY, id BLOB NOT NULL, body BLOB NOT NULL) "
     "STRICT"},
    {"extents",
     "CREATE TABLE extents(row INTEGER PRIMARY KEY, version BLOB NOT NULL, number INTEGER NOT "
     "NULL, bytes BLOB NOT NULL) STRICT"},
    {"records",
     "CREATE TABLE records(row INTEGER PRIMARY KEY, id BLOB NOT NULL, body BLOB NOT NULL) STRICT"},
    {"slots",
     "CREATE TABLE slots(row INTEGER PRIMARY KEY, id BLOB NOT NULL, body BLOB NOT NULL) STRICT"},
    {"versions",
     "CREATE TABLE versions(row INTEGER PRIMARY KEY, id BLOB NOT NULL, body BLOB NOT NULL) STRICT"},
});

// Larger than any row that may be (a journal entry, 1.5 MiB), smaller than a forged one.
constexpr int kRowMax = 4 << 20;
static_assert(kRowMax > kEntryHeaderMax + kEntryBodyMax + 4096);

struct Limit {
  int name;
  int value;
};
constexpr auto kLimits = std::to_array<Limit>({
    {SQLITE_LIMIT_LENGTH, kRowMax},
    {SQLITE_LIMIT_SQL_LENGTH, 4096},
    {SQLITE_LIMIT_COLUMN, 32},
    {SQLITE_LIMIT_EXPR_DEPTH, 16},
    {SQLITE_LIMIT_COMPOUND_SELECT, 2},
    {SQLITE_LIMIT_VDBE_OP, 10'000},
    {SQLITE_LIMIT_FUNCTION_ARG, 8},
    {SQLITE_LIMIT_ATTACHED, 0},
    {SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 1},
    {SQLITE_LIMIT_VARIABLE_NUMBER, 8},
    {SQLITE_LIMIT_TRIGGER_DEPTH, 1},
    {SQLITE_LIMIT_WORKER_THREADS, 0},
});

struct Switch {
  int name;
  int on;
};
constexpr auto kSwitches = std::to_array<Switch>({
    {SQLITE_DBCONFIG_DEFENSIVE, 1},
    {SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0},
    {SQLITE_DBCONFIG_WRITABLE_SCHEMA, 0},
    {SQLITE_DBCONFIG_ENABLE_TRIGGER, 0},
    {SQLITE_DBCONFIG_ENABLE_VIEW, 0},
    {SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0},
    {SQLITE_DBCONFIG_ENABLE_FTS3_TOKENIZER, 0},
    {SQLITE_DBCONFIG_DQS_DDL, 0},
    {SQLITE_DBCONFIG_DQS_DML, 0},
});

std::unexpected<Error> changed(const Connection& connection) {
  return fail(Code::kDamaged, N_("the vault's structure was changed"), connection.path(),
              N_("restore the vault from a backup"));
}

// SQLite has a plain error, not a corruption, for several kinds of schema that no vault has.
std::unexpected<Error> while_reading_schema(const Connection& connection, Error error) {
  if ((sqlite3_errcode(connection.handle()) & 0xff) == SQLITE_ERROR) return changed(connection);
  return std::unexpected(std::move(error));
}

Status compare_tables(Connection& connection) {
  COFFRE_TRY_ASSIGN(
      Statement rows,
      connection.statement("SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY name"));
  for (const TableText& table : kTables) {
    COFFRE_TRY_ASSIGN(const bool row, rows.step());
    const bool same = row && rows.text(0) == "table" && rows.text(1) == table.name &&
                      rows.text(2) == table.name && rows.text(3) == table.sql;
    if (!same) return changed(connection);
  }
  COFFRE_TRY_ASSIGN(const bool more, rows.step());
  if (more) return changed(connection);
  return {};
}

}  // namespace

Status apply_settings(Connection& connection, ConnectionUse use) {
  sqlite3* handle = connection.handle();
  for (const Limit& limit : kLimits) (void)sqlite3_limit(handle, limit.name, limit.value);
  for (const Switch& one : kSwitches) {
    const int set = sqlite3_db_config(handle, one.name, one.on, nullptr);
    // Extensions and full text search may have been left out of SQLite: then they are off.
    if (set != SQLITE_OK && set != SQLITE_ERROR) return connection.refused(set);
  }
  for (const std::string_view sql :
       {"PRAGMA trusted_schema=OFF", "PRAGMA cell_size_check=ON", "PRAGMA temp_store=MEMORY",
        "PRAGMA mmap_size=0", "PRAGMA secure_delete=ON", "PRAGMA synchronous=EXTRA",
        // Nothing of the side file is cut off before scrub_side_file() has overwritten it.
        "PRAGMA journal_size_limit=-1"}) {
    COFFRE_TRY(connection.run(sql));
  }
  // KiB. A transaction that changes more than the cache holds writes early, and then shuts readers
  // out until it ends.
  COFFRE_TRY(connection.run(use == ConnectionUse::kWrite ? "PRAGMA cache_size=-16384"
                                                         : "PRAGMA cache_size=-4096"));
  // The first statement that reads the file.
  if (Status set = connection.run("PRAGMA journal_mode=PERSIST"); !set) {
    return while_reading_schema(connection, std::move(set).error());
  }
  return {};
}

Status create_schema(Connection& connection) {
  COFFRE_TRY(connection.run("BEGIN IMMEDIATE"));
  COFFRE_TRY(connection.run("PRAGMA application_id=1131374194"));
  COFFRE_TRY(connection.run("PRAGMA user_version=1"));
  static_assert(kVaultApplicationId == 1'131'374'194 && kVaultFormatVersion == 1);
  for (const TableText& table : kTables) COFFRE_TRY(connection.run(table.sql));
  return connection.run("COMMIT");
}

Status check_schema(Connection& connection) {
  if (Status same = compare_tables(connection); !same) {
    return while_reading_schema(connection, std::move(same).error());
  }
  COFFRE_TRY_ASSIGN(const std::int64_t page_size, connection.integer("PRAGMA page_size"));
  COFFRE_TRY_ASSIGN(const std::int64_t application, connection.integer("PRAGMA application_id"));
  COFFRE_TRY_ASSIGN(const std::int64_t version, connection.integer("PRAGMA user_version"));
  const bool same = page_size == kVaultPageSize && application == kVaultApplicationId &&
                    version == kVaultFormatVersion;
  if (!same) return changed(connection);
  return {};
}

Result<std::int64_t> schema_cookie(Connection& connection) {
  return connection.integer("PRAGMA schema_version");
}

}  // namespace coffre
