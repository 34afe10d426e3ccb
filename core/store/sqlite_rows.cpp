#include "core/store/sqlite_rows.h"

#include <array>
#include <limits>

namespace coffre {
namespace {

constexpr std::uint64_t kSequenceMax = std::numeric_limits<std::int64_t>::max() - 1;

struct TableSql {
  std::string_view name;
  std::string_view scan;
  std::string_view row;
  std::string_view range;
};

#define COFFRE_TABLE_SQL(name)                                                        \
  {name, "SELECT row, id, body FROM " name " WHERE row BETWEEN ? AND ? ORDER BY row", \
   "SELECT id, body FROM " name " WHERE row=?",                                       \
   "SELECT (SELECT min(row) FROM " name "), (SELECT max(row) FROM " name ")"}
constexpr std::array<TableSql, 5> kTableSql = {{
    COFFRE_TABLE_SQL("slots"),
    COFFRE_TABLE_SQL("envelopes"),
    COFFRE_TABLE_SQL("adoptions"),
    COFFRE_TABLE_SQL("records"),
    COFFRE_TABLE_SQL("versions"),
}};
#undef COFFRE_TABLE_SQL

const TableSql& sql_of(Table table) {
  const auto number = static_cast<std::size_t>(table);
  COFFRE_ASSERT(number >= 1 && number <= kTableSql.size());
  return kTableSql[number - 1];
}

std::unexpected<Error> damaged_row(std::string_view table, std::int64_t row) {
  return fail(Code::kDamaged, N_("a row of the vault is damaged"), row_name(table, row),
              N_("restore the vault from a backup"));
}

Bytes owned(ByteView bytes) { return {bytes.begin(), bytes.end()}; }

// Columns: row, header, signature, body.
Result<EntryRow> entry_at(const Statement& at, std::uint64_t sequence) {
  const auto row = static_cast<std::int64_t>(sequence) + 1;
  const auto header = at.blob(1, 0, kEntryHeaderMax);
  const auto signature = at.blob(2, kSignatureSize, kSignatureSize);
  const auto body = at.blob(3, 0, kEntryBodyMax);
  if (at.integer(0) != row || !header || !signature || (!body && !at.is_null(3))) {
    return damaged_row("entries", row);
  }
  EntryRow entry{sequence, owned(*header), owned(*signature), std::nullopt};
  if (body) entry.body = owned(*body);
  return entry;
}

// Version and number in columns `first` and `first` + 1. A reserved row has no version.
bool take_extent_key(const Statement& at, int first, ExtentKey& key) {
  const auto version = at.blob(first, 0, kVersionIdSize);
  const auto number = at.integer(first + 1);
  const bool fits = version && (version->empty() || version->size() == kVersionIdSize) && number &&
                    *number >= 0 && *number <= kExtentNumberMax;
  if (!fits) return false;
  key.version = owned(*version);
  key.number = static_cast<std::uint64_t>(*number);
  return true;
}

// Columns: row, version, number, typeof(bytes), length(bytes).
Result<ExtentKey> extent_key_at(const Statement& at) {
  ExtentKey key;
  key.row = at.integer(0).value_or(0);
  const auto size = at.integer(4);
  const bool fits = take_extent_key(at, 1, key) && at.text(3) == "blob" && size && *size >= 0 &&
                    static_cast<std::uint64_t>(*size) <= kExtentMax;
  if (!fits) return damaged_row("extents", key.row);
  key.size = static_cast<std::uint64_t>(*size);
  return key;
}

}  // namespace

std::string_view table_name(Table table) { return sql_of(table).name; }

std::string row_name(std::string_view table, std::int64_t row) {
  return std::string(table) + ", row " + std::to_string(row);
}

Result<Bytes> SqliteRows::checkpoint() const {
  COFFRE_TRY_ASSIGN(Statement rows,
                    connection_.statement("SELECT row, note FROM checkpoints LIMIT 2"));
  COFFRE_TRY_ASSIGN(const bool one, rows.step());
  if (!one) {
    return fail(Code::kDamaged, N_("the vault has no checkpoint"), connection_.path(),
                N_("restore the vault from a backup"));
  }
  const auto note = rows.blob(1, 1, kNoteMax);
  if (rows.integer(0) != 1 || !note) return damaged_row("checkpoints", rows.integer(0).value_or(0));
  Bytes taken = owned(*note);
  COFFRE_TRY_ASSIGN(const bool another, rows.step());
  if (another) return damaged_row("checkpoints", rows.integer(0).value_or(0));
  return taken;
}

Result<std::uint64_t> SqliteRows::entry_count() const {
  COFFRE_TRY_ASSIGN(Statement range,
                    connection_.statement(
                        "SELECT (SELECT min(row) FROM entries), (SELECT max(row) FROM entries)"));
  COFFRE_TRY_ASSIGN(const bool row, range.step());
  if (!row || range.is_null(0)) return 0;
  const auto first = range.integer(0);
  const auto last = range.integer(1);
  if (first != 1 || !last) return damaged_row("entries", first.value_or(0));
  return static_cast<std::uint64_t>(*last);
}

Result<EntryRow> SqliteRows::entry(std::uint64_t sequence) const {
  if (sequence > kSequenceMax) return damaged_row("entries", -1);
  COFFRE_TRY_ASSIGN(
      Statement rows,
      connection_.statement("SELECT row, header, signature, body FROM entries WHERE row=?"));
  const auto number = static_cast<std::int64_t>(sequence) + 1;
  COFFRE_TRY_ASSIGN(const bool row, rows.bind(1, number).step());
  if (!row) {
    return fail(Code::kDamaged, N_("a journal entry is missing"), std::to_string(sequence),
                N_("restore the vault from a backup"));
  }
  return entry_at(rows, sequence);
}

Status SqliteRows::entries(std::uint64_t from, std::uint64_t to, const EntryVisitor& visit) const {
  if (from >= to) return {};
  if (to - 1 > kSequenceMax) return damaged_row("entries", -1);
  COFFRE_TRY_ASSIGN(Statement rows,
                    connection_.statement("SELECT row, header, signature, body FROM entries WHERE "
                                          "row BETWEEN ? AND ? ORDER BY row"));
  rows.bind(1, static_cast<std::int64_t>(from) + 1).bind(2, static_cast<std::int64_t>(to));
  for (std::uint64_t sequence = from; sequence < to; ++sequence) {
    COFFRE_TRY_ASSIGN(const bool row, rows.step());
    if (!row || rows.integer(0) != static_cast<std::int64_t>(sequence) + 1) {
      return fail(Code::kDamaged, N_("a journal entry is missing"), std::to_string(sequence),
                  N_("restore the vault from a backup"));
    }
    COFFRE_TRY_ASSIGN(const EntryRow entry, entry_at(rows, sequence));
    COFFRE_TRY(visit(entry));
  }
  return {};
}

Status SqliteRows::scan(Table table, std::int64_t row_min, std::int64_t row_max,
                        const RowVisitor& visit) const {
  const TableSql& sql = sql_of(table);
  COFFRE_TRY_ASSIGN(Statement rows, connection_.statement(sql.scan));
  rows.bind(1, row_min).bind(2, row_max);
  // On a forged page rows may lie out of order: a search by number would miss what a scan finds.
  std::optional<std::int64_t> before;
  while (true) {
    COFFRE_TRY_ASSIGN(const bool row, rows.step());
    if (!row) return {};
    const std::int64_t number = rows.integer(0).value_or(0);
    if (number < row_min || number > row_max || (before && number <= *before)) {
      return damaged_row(sql.name, number);
    }
    before = number;
    const auto id = rows.blob(1, kRowIdMin, kRowIdMax);
    const auto body = rows.blob(2, 0, kRowBodyMax);
    if (!id || !body) return damaged_row(sql.name, number);
    COFFRE_TRY(visit(StateRow{number, *id, *body}));
  }
}

Result<std::optional<std::pair<std::int64_t, std::int64_t>>> SqliteRows::row_range(
    Table table) const {
  COFFRE_TRY_ASSIGN(Statement range, connection_.statement(sql_of(table).range));
  COFFRE_TRY_ASSIGN(const bool row, range.step());
  const auto first = row ? range.integer(0) : std::nullopt;
  const auto last = row ? range.integer(1) : std::nullopt;
  if (!first || !last) return std::nullopt;
  if (*first > *last) return damaged_row(sql_of(table).name, *first);
  return std::pair(*first, *last);
}

Result<std::optional<OwnedStateRow>> SqliteRows::state_row(Table table, std::int64_t row) const {
  const TableSql& sql = sql_of(table);
  COFFRE_TRY_ASSIGN(Statement rows, connection_.statement(sql.row));
  COFFRE_TRY_ASSIGN(const bool found, rows.bind(1, row).step());
  if (!found) return std::nullopt;
  const auto id = rows.blob(0, kRowIdMin, kRowIdMax);
  const auto body = rows.blob(1, 0, kRowBodyMax);
  if (!id || !body) return damaged_row(sql.name, row);
  return OwnedStateRow{owned(*id), owned(*body)};
}

Result<std::optional<ExtentRow>> SqliteRows::extent(std::int64_t row, Bytes memory) const {
  COFFRE_TRY_ASSIGN(Statement rows, connection_.statement(
                                        "SELECT version, number, bytes FROM extents WHERE row=?"));
  COFFRE_TRY_ASSIGN(const bool found, rows.bind(1, row).step());
  if (!found) return std::nullopt;
  ExtentKey key;
  const auto bytes = rows.blob(2, 0, kExtentMax);
  if (!take_extent_key(rows, 0, key) || !bytes) return damaged_row("extents", row);
  memory.assign(bytes->begin(), bytes->end());
  return ExtentRow{std::move(key.version), key.number, std::move(memory)};
}

Result<std::optional<ExtentKey>> SqliteRows::extent_key(std::int64_t row) const {
  // length() of a blob reads the row's header only, not its pages.
  COFFRE_TRY_ASSIGN(Statement rows,
                    connection_.statement("SELECT row, version, number, typeof(bytes), "
                                          "length(bytes) FROM extents WHERE row=?"));
  COFFRE_TRY_ASSIGN(const bool found, rows.bind(1, row).step());
  if (!found) return std::nullopt;
  return extent_key_at(rows);
}

Status SqliteRows::extent_keys(std::int64_t row_min,
                               const std::function<Status(const ExtentKey&)>& visit) const {
  COFFRE_TRY_ASSIGN(Statement rows,
                    connection_.statement("SELECT row, version, number, typeof(bytes), "
                                          "length(bytes) FROM extents WHERE row>=? ORDER BY row"));
  rows.bind(1, row_min);
  while (true) {
    COFFRE_TRY_ASSIGN(const bool row, rows.step());
    if (!row) return {};
    COFFRE_TRY_ASSIGN(const ExtentKey key, extent_key_at(rows));
    COFFRE_TRY(visit(key));
  }
}

}  // namespace coffre
