// The rows of a vault, read through a connection: what ReadView promises, without the transaction.
// Threads: as for the connection.
#pragma once

#include "core/store/sqlite_handle.h"
#include "core/store/store.h"

namespace coffre {

inline constexpr std::size_t kSignatureSize = 64;  // Ed25519
inline constexpr std::size_t kVersionIdSize = 16;
// Extents number in u32, FORMAT §5.
inline constexpr std::int64_t kExtentNumberMax = 0xffff'ffff;

[[nodiscard]] std::string_view table_name(Table table);
// Data for an Error: "slots, row 5".
[[nodiscard]] std::string row_name(std::string_view table, std::int64_t row);

class SqliteRows {
 public:
  explicit SqliteRows(Connection& connection) : connection_(connection) {}

  [[nodiscard]] Result<Bytes> checkpoint() const;
  [[nodiscard]] Result<std::uint64_t> entry_count() const;
  [[nodiscard]] Result<EntryRow> entry(std::uint64_t sequence) const;
  [[nodiscard]] Status entries(std::uint64_t from, std::uint64_t to,
                               const EntryVisitor& visit) const;
  [[nodiscard]] Status scan(Table table, std::int64_t row_min, std::int64_t row_max,
                            const RowVisitor& visit) const;
  [[nodiscard]] Result<std::optional<std::pair<std::int64_t, std::int64_t>>> row_range(
      Table table) const;
  [[nodiscard]] Result<std::optional<OwnedStateRow>> state_row(Table table, std::int64_t row) const;
  [[nodiscard]] Result<std::optional<ExtentRow>> extent(std::int64_t row, Bytes memory) const;
  [[nodiscard]] Result<std::optional<ExtentKey>> extent_key(std::int64_t row) const;
  [[nodiscard]] Status extent_keys(std::int64_t row_min,
                                   const std::function<Status(const ExtentKey&)>& visit) const;

 private:
  Connection& connection_;
};

}  // namespace coffre
