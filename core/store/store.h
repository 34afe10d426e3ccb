// Store: the rows of a vault, as ciphertext, in transactions. docs/FORMAT.md §2.
//
// Everything above speaks to this interface and nothing above knows SQL, so that another engine can
// hold the same rows. It is shaped for many writers: a writer re-reads the head inside its
// transaction. A Store trusts nothing in the rows: callers verify what they read.
//
// Guarantees: a committed transaction is durable; one that did not commit left nothing; a read view
// sees one state, whatever others write. Rows are checked against the limits of FORMAT.md §11
// before memory is taken (kDamaged).
// Threads: one ReadView or WriteTransaction belongs to one thread at a time; several may exist.
#pragma once

#include <functional>
#include <memory>
#include <optional>

#include "core/base/bytes.h"

namespace coffre {

// The state tables, with their numbers in leaves and journal entries.
enum class Table : std::uint8_t {
  kSlots = 1,
  kEnvelopes = 2,
  kAdoptions = 3,
  kRecords = 4,
  kVersions = 5,
};
inline constexpr std::array<Table, 5> kStateTables = {
    Table::kSlots, Table::kEnvelopes, Table::kAdoptions, Table::kRecords, Table::kVersions};

// Limits on a row's columns, bytes.
inline constexpr std::size_t kRowIdMin = 16;
inline constexpr std::size_t kRowIdMax = 32;
inline constexpr std::size_t kRowBodyMax = std::size_t{1} << 20;
inline constexpr std::size_t kEntryHeaderMax = std::size_t{512} << 10;
inline constexpr std::size_t kEntryBodyMax = std::size_t{1} << 20;
inline constexpr std::size_t kExtentMax = 262'456;
inline constexpr std::size_t kNoteMax = 4096;

struct StateRow {  // views are valid during the visit only
  std::int64_t row = 0;
  ByteView id;
  ByteView body;
};
struct OwnedStateRow {
  Bytes id;
  Bytes body;
};
struct EntryRow {
  std::uint64_t sequence = 0;
  Bytes header;
  Bytes signature;
  std::optional<Bytes> body;  // nullopt: NULL, a missing body
};
struct ExtentRow {
  Bytes version;
  std::uint64_t number = 0;
  Bytes bytes;
};
struct ExtentKey {  // an extent without its bytes
  std::int64_t row = 0;
  Bytes version;
  std::uint64_t number = 0;
  std::uint64_t size = 0;
};

// Where something lies in the store's file: whole blocks of any medium, bytes.
struct StorePlace {
  std::uint64_t offset = 0;
  std::size_t size = 0;
};

using RowVisitor = std::function<Status(const StateRow&)>;
using EntryVisitor = std::function<Status(const EntryRow&)>;

// One consistent state of the vault. Kept short: a commit waits until every view of the vault
// ended, so that a thread must not commit while it holds a view itself.
class ReadView {
 public:
  virtual ~ReadView() = default;
  // The one checkpoint; kDamaged when there is none, or more than one.
  [[nodiscard]] virtual Result<Bytes> checkpoint() = 0;
  // Rows in the journal (the largest row number; gaps show when they are read).
  [[nodiscard]] virtual Result<std::uint64_t> entry_count() = 0;
  // kDamaged when entry `sequence` is missing.
  [[nodiscard]] virtual Result<EntryRow> entry(std::uint64_t sequence) = 0;
  // Entries from <= sequence < to in order; kDamaged at a gap. Stops at the visitor's error.
  [[nodiscard]] virtual Status entries(std::uint64_t from, std::uint64_t to,
                                       const EntryVisitor& visit) = 0;
  // Rows of a state table whose row number lies in [row_min, row_max], in order of row number.
  [[nodiscard]] virtual Status scan(Table table, std::int64_t row_min, std::int64_t row_max,
                                    const RowVisitor& visit) = 0;
  // Smallest and largest row number; nullopt for an empty table.
  [[nodiscard]] virtual Result<std::optional<std::pair<std::int64_t, std::int64_t>>> row_range(
      Table table) = 0;
  // nullopt when there is no such row.
  [[nodiscard]] virtual Result<std::optional<OwnedStateRow>> state_row(Table table,
                                                                       std::int64_t row) = 0;
  // The second form puts the bytes into `memory`, so that reading many allocates once.
  [[nodiscard]] Result<std::optional<ExtentRow>> extent(std::int64_t row) {
    return extent_into(row, Bytes());
  }
  [[nodiscard]] virtual Result<std::optional<ExtentRow>> extent_into(std::int64_t row,
                                                                     Bytes memory) = 0;
  // The same without reading its bytes.
  [[nodiscard]] virtual Result<std::optional<ExtentKey>> extent_key(std::int64_t row) = 0;
  // Extents from a row number on, in order, without their bytes: for verify and clearing leftovers.
  [[nodiscard]] virtual Status extent_keys(
      std::int64_t row_min, const std::function<Status(const ExtentKey&)>& visit) = 0;
};

// A transaction that writes, and reads its own writes. Destroyed without commit(): rolled back.
class WriteTransaction : public ReadView {
 public:
  // A row above the limits is kLimit. Returns the new row number.
  [[nodiscard]] virtual Result<std::int64_t> insert_row(Table table, ByteView id,
                                                        ByteView body) = 0;
  [[nodiscard]] virtual Status replace_row(Table table, std::int64_t row, ByteView body) = 0;
  [[nodiscard]] virtual Status remove_row(Table table, std::int64_t row) = 0;
  [[nodiscard]] virtual Status append_entry(std::uint64_t sequence, ByteView header,
                                            ByteView signature, ByteView body) = 0;
  [[nodiscard]] virtual Status set_checkpoint(ByteView note) = 0;
  // Reserves `count` consecutive rows of extents and returns the first; the reservation survives
  // this transaction (the last row is written, empty).
  [[nodiscard]] virtual Result<std::int64_t> reserve_extents(std::uint64_t count) = 0;
  // Writes a reserved row; kInvalidArgument when it was written already.
  [[nodiscard]] virtual Status put_extent(std::int64_t row, ByteView version, std::uint64_t number,
                                          ByteView bytes) = 0;
  // Fine when there is no such row.
  [[nodiscard]] virtual Status remove_extent(std::int64_t row) = 0;
  // Where a row's bytes lie (the first of them, when they are many) as long as this transaction has
  // changed nothing: for who destroys the row, and looks at the medium afterwards. kDamaged.
  [[nodiscard]] virtual Result<StorePlace> place_of(Table table, std::int64_t row) = 0;
  // Durable when it returns. kBusy: readers were in the way; the transaction is still open, commit
  // again or destroy it. kNoSpace, kFailed: it has ended, and nothing was written; but where the
  // medium fails in the very last sync all of it may be there: the next view shows which.
  [[nodiscard]] virtual Status commit() = 0;
};

class Store {
 public:
  virtual ~Store() = default;
  [[nodiscard]] virtual Result<std::unique_ptr<ReadView>> read() = 0;
  // Waits for other writers up to the store's patience, then kBusy.
  [[nodiscard]] virtual Result<std::unique_ptr<WriteTransaction>> write() = 0;
  // True while no other process has this vault open (then, and only then, leftovers may be
  // removed); the claim is given back by release_exclusive().
  [[nodiscard]] virtual bool try_exclusive() = 0;
  virtual void release_exclusive() = 0;
  // A hint while a large transaction runs: what was written so far may go to the medium now, so
  // that the commit has less to wait for. Promises nothing, fails silently.
  virtual void start_writing() = 0;
  // Overwrites what the engine keeps beside the vault (its side file), in place and synced, under
  // an exclusive lock: after a key was removed. kBusy when others are reading.
  [[nodiscard]] virtual Status scrub_side_file() = 0;
  // Reads what the medium has, where that can be told from what memory has of it; else `cached` is
  // set.
  [[nodiscard]] virtual Result<Bytes> read_medium(const StorePlace& place, bool& cached) = 0;
  // A hint: what is read next comes from the medium. Promises nothing, fails silently.
  virtual void drop_cache() = 0;
  // Shows the files in which rows are overwritten (the vault's own, the side file if there is one),
  // so that somebody can judge what that is worth. The descriptors stay the store's.
  [[nodiscard]] virtual Status look_at_files(const std::function<Status(int fd)>& look) = 0;
};

}  // namespace coffre
