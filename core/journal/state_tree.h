// The state root: 4,096 buckets over the leaf of every row. docs/FORMAT.md §8.
//
// The tree is also the one index from a row's id to its place: 56 bytes a row, sorted in its
// bucket. It knows bytes, not the store. After changes, root() hashes the dirty buckets and their
// paths only. Threads: one writer; const lookups may run concurrently between changes.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "core/crypto/hash.h"

namespace coffre {

// SHA-256(L("coffre/row/v1") || table || sized(id) || sized(body)). No allocation for small rows.
[[nodiscard]] Hash row_leaf(std::uint8_t table, ByteView id, ByteView body);
// The id cut to 16 bytes; ids have 16 or 32 (asserted: the store has checked it).
[[nodiscard]] Id row_key(ByteView id);

struct StateEntry {
  Id key;
  std::int64_t row = 0;  // table in the top byte: see StateTree::place()
  Hash leaf;
};

class StateTree {
 public:
  static constexpr std::size_t kBuckets = 4096;

  // The number that an entry keeps: the table in the top byte, the row (0 to 2^56 - 1) below.
  [[nodiscard]] static std::int64_t place(std::uint8_t table, std::int64_t row);

  StateTree();

  // Loading: several lists, each filled by one thread, are joined, sorted and hashed on `threads`
  // threads. kDamaged when a key appears twice in a table, or a row number is not in 0 to 2^56 - 1;
  // after a failure the tree is empty.
  struct Loaded {
    std::uint8_t table;
    std::int64_t row;
    Id key;
    Hash leaf;
  };
  [[nodiscard]] Status load(std::vector<std::vector<Loaded>> lists, std::size_t threads);

  struct Found {
    std::int64_t row;
    Hash leaf;
  };
  [[nodiscard]] std::optional<Found> find(std::uint8_t table, const Id& key) const;
  // The first of `rows` that the tree does not hold in `table` with this leaf; nullopt: it holds
  // all. Several times faster than a find() for each, whose cache misses follow one another.
  struct Expected {
    Id key;
    Hash leaf;
  };
  [[nodiscard]] std::optional<std::size_t> first_other(std::uint8_t table,
                                                       std::span<const Expected> rows) const;
  [[nodiscard]] std::uint64_t size() const { return size_; }

  // kDamaged when the key is there (insert) or is not there (replace, remove).
  [[nodiscard]] Status insert(std::uint8_t table, std::int64_t row, const Id& key,
                              const Hash& leaf);
  [[nodiscard]] Status replace(std::uint8_t table, const Id& key, const Hash& leaf);
  [[nodiscard]] Status remove(std::uint8_t table, const Id& key);

  [[nodiscard]] Hash root();

  // The root of this state with some keys' leaves replaced (zero: absent), this tree unchanged: for
  // undoing the changes since a remembered head. Keys may be absent here; of several overrides of
  // one key the last counts.
  struct Override {
    std::uint8_t table;
    Id key;
    Hash leaf;
  };
  [[nodiscard]] Hash root_with(const std::vector<Override>& overrides);

 private:
  [[nodiscard]] Hash bucket_hash(std::size_t bucket) const;
  void rehash();

  std::vector<std::vector<StateEntry>> buckets_;
  std::vector<Hash> nodes_;  // 1-based heap: nodes_[1] is the root, leaves at 4096..8191
  std::vector<bool> dirty_;
  std::uint64_t size_ = 0;
};

}  // namespace coffre
