#include "core/journal/state_tree.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <utility>

#include "core/base/parallel.h"

namespace coffre {
namespace {

using namespace std::string_view_literals;

constexpr std::string_view kRowLabel = "coffre/row/v1\0"sv;
constexpr std::string_view kBucketLabel = "coffre/bucket/v1\0"sv;

constexpr int kRowBits = 56;
constexpr std::uint64_t kRowMask = (std::uint64_t{1} << kRowBits) - 1;
constexpr std::size_t kIdMax = 32;

// A row's place in the order of a bucket: by key, then table. Keys are compared as two numbers,
// which sorts several times faster than byte by byte.
struct Order {
  std::uint64_t high = 0;
  std::uint64_t low = 0;
  std::uint8_t table = 0;
  friend auto operator<=>(const Order&, const Order&) = default;
};

std::uint64_t big_endian(const Byte* from) {
  std::uint64_t value = 0;
  std::memcpy(&value, from, sizeof value);
  if constexpr (std::endian::native == std::endian::little) value = std::byteswap(value);
  return value;
}

Order order_of(std::uint8_t table, const Id& key) {
  return {big_endian(key.bytes.data()), big_endian(key.bytes.data() + 8), table};
}

std::uint8_t table_of(const StateEntry& entry) {
  return static_cast<std::uint8_t>(static_cast<std::uint64_t>(entry.row) >> kRowBits);
}

std::int64_t row_of(const StateEntry& entry) {
  return static_cast<std::int64_t>(static_cast<std::uint64_t>(entry.row) & kRowMask);
}

Order order_of(const StateEntry& entry) { return order_of(table_of(entry), entry.key); }

std::size_t bucket_of(const Id& key) {
  return (std::size_t{key.bytes[0]} << 4) | (std::size_t{key.bytes[1]} >> 4);
}

bool is_row(std::int64_t row) { return row >= 0 && static_cast<std::uint64_t>(row) <= kRowMask; }

std::unexpected<Error> bad_row() {
  return fail(Code::kDamaged, N_("a row of the vault has a number that is not possible"));
}

std::unexpected<Error> duplicate() {
  return fail(Code::kDamaged, N_("two rows of one table of the vault have the same id"));
}

std::unexpected<Error> absent() {
  return fail(Code::kDamaged, N_("a row that the journal names is not in the vault"));
}

// Near which place of a bucket a key lies: its bits behind those that chose the bucket say so.
std::size_t guess_of(std::size_t size, const Order& order) {
  const std::uint64_t fraction = (order.high << 12) >> 32;  // of 2^32
  return static_cast<std::size_t>((fraction * size) >> 32);
}

// Where `order` is, or would be. Keys are random or hashes, so that their bits behind the bucket's
// say nearly where: a search from there touches two or three cache lines, not one for each halving.
// Keys that somebody chose cost a logarithm all the same.
template <typename Entries>
auto position(Entries& entries, const Order& order) {
  const auto before = [](const StateEntry& entry, const Order& wanted) {
    return order_of(entry) < wanted;
  };
  const std::size_t size = entries.size();
  const std::size_t guess = guess_of(size, order);
  std::size_t low = 0;      // all entries in front of it are before `order`
  std::size_t high = size;  // it and all behind it are not
  if (guess < size && before(entries[guess], order)) {
    low = guess + 1;
    for (std::size_t step = 4; low + step < size; step *= 2) {
      if (!before(entries[low + step], order)) {
        high = low + step;
        break;
      }
      low += step + 1;
    }
  } else {
    high = guess;
    for (std::size_t step = 4; high > step; step *= 2) {
      if (before(entries[high - step], order)) {
        low = high - step + 1;
        break;
      }
      high -= step;
    }
  }
  const auto at = [&](std::size_t index) {
    return entries.begin() + static_cast<std::ptrdiff_t>(index);
  };
  return std::lower_bound(at(low), at(high), order, before);
}

template <typename Entries>
bool is_at(const Entries& entries, typename Entries::const_iterator at, const Order& order) {
  return at != entries.end() && order_of(*at) == order;
}

// Starts to load what a search from `guess` looks at most likely, before it looks.
void fetch_near(const std::vector<StateEntry>& entries, std::size_t guess) {
  for (const std::ptrdiff_t step : {0, -4, 4, -8, 8}) {
    const std::size_t at = guess + static_cast<std::size_t>(step);  // far out when below the first
    if (at < entries.size()) __builtin_prefetch(entries.data() + at);
  }
}

// FORMAT.md §8: the hash of one bucket. Leaves go to the hash in blocks: a call for each is slow.
Hash hash_bucket(std::size_t bucket, const std::vector<StateEntry>& entries) {
  constexpr std::size_t kBlock = 64;
  std::array<Byte, kBlock * Hash::kSize> block;
  Writer head;
  head.raw(kBucketLabel).u16(static_cast<std::uint16_t>(bucket));
  head.u32(static_cast<std::uint32_t>(entries.size()));
  Sha256 hash;
  hash.update(head.view());
  std::size_t used = 0;
  for (const StateEntry& entry : entries) {
    std::memcpy(block.data() + used, entry.leaf.bytes.data(), Hash::kSize);
    used += Hash::kSize;
    if (used == block.size()) {
      hash.update(block);
      used = 0;
    }
  }
  hash.update(ByteView(block).first(used));
  return hash.finish();
}

// Part of one list of rows to load, and how many of its rows fall in each bucket; in the second
// step, where the next row of each bucket goes.
struct Slice {
  std::span<const StateTree::Loaded> rows;
  std::vector<std::uint32_t> counts;
};

std::vector<Slice> slices_of(const std::vector<std::vector<StateTree::Loaded>>& lists,
                             std::size_t threads) {
  constexpr std::size_t kSliceMin = std::size_t{1} << 16;
  std::size_t total = 0;
  for (const auto& list : lists) total += list.size();
  const std::size_t size = std::max(kSliceMin, total / std::max<std::size_t>(threads, 1) + 1);
  std::vector<Slice> slices;
  for (const auto& list : lists) {
    std::span<const StateTree::Loaded> rest = list;
    while (!rest.empty()) {
      const std::size_t taken = std::min(size, rest.size());
      slices.push_back({rest.first(taken), {}});
      rest = rest.subspan(taken);
    }
  }
  return slices;
}

Status count_rows(Slice& slice) {
  slice.counts.assign(StateTree::kBuckets, 0);
  for (const StateTree::Loaded& loaded : slice.rows) {
    if (!is_row(loaded.row)) return bad_row();
    ++slice.counts[bucket_of(loaded.key)];
  }
  return {};
}

// Sorts a bucket that was just loaded; false when it holds a key twice in one table.
bool sort_bucket(std::vector<StateEntry>& entries) {
  std::sort(entries.begin(), entries.end(),
            [](const StateEntry& a, const StateEntry& b) { return order_of(a) < order_of(b); });
  return std::adjacent_find(entries.begin(), entries.end(),
                            [](const StateEntry& a, const StateEntry& b) {
                              return order_of(a) == order_of(b);
                            }) == entries.end();
}

// Calls work(bucket) for all buckets, in runs long enough to be worth a thread's turn.
Status for_each_bucket(std::size_t threads, const std::function<Status(std::size_t)>& work) {
  constexpr std::size_t kRun = 64;
  return parallel_for(StateTree::kBuckets / kRun, threads, [&](std::size_t run) -> Status {
    for (std::size_t i = 0; i < kRun; ++i) COFFRE_TRY(work(run * kRun + i));
    return {};
  });
}

// Moves the rows of all slices to their buckets, which are empty.
Status scatter(std::vector<Slice>& slices, std::vector<std::vector<StateEntry>>& buckets,
               std::size_t threads) {
  COFFRE_TRY(
      parallel_for(slices.size(), threads, [&](std::size_t i) { return count_rows(slices[i]); }));
  COFFRE_TRY(for_each_bucket(threads, [&](std::size_t bucket) -> Status {
    std::uint64_t size = 0;
    for (Slice& slice : slices) {
      const std::uint32_t count = slice.counts[bucket];
      slice.counts[bucket] = static_cast<std::uint32_t>(size);
      size += count;
    }
    if (size > ~std::uint32_t{0}) return fail(Code::kLimit, N_("the vault has too many rows"));
    buckets[bucket].resize(static_cast<std::size_t>(size));
    return {};
  }));
  // Each slice has its own places in every bucket, so no two threads write the same element.
  return parallel_for(slices.size(), threads, [&](std::size_t i) -> Status {
    for (const StateTree::Loaded& loaded : slices[i].rows) {
      const std::size_t bucket = bucket_of(loaded.key);
      buckets[bucket][slices[i].counts[bucket]++] = {
          loaded.key, StateTree::place(loaded.table, loaded.row), loaded.leaf};
    }
    return {};
  });
}

// An override and its bucket: in the order of buckets, then as they were given.
using Wanted = std::pair<std::size_t, const StateTree::Override*>;

// A bucket with some leaves replaced, one after the other.
std::vector<StateEntry> with_overrides(const std::vector<StateEntry>& entries,
                                       std::span<const Wanted> overrides) {
  std::vector<StateEntry> made = entries;
  for (const auto& [bucket, wanted] : overrides) {
    const Order order = order_of(wanted->table, wanted->key);
    const auto at = position(made, order);
    const bool found = is_at(made, at, order);
    if (wanted->leaf.is_zero()) {
      if (found) made.erase(at);
    } else if (found) {
      at->leaf = wanted->leaf;
    } else {
      made.insert(at, {wanted->key, StateTree::place(wanted->table, 0), wanted->leaf});
    }
  }
  return made;
}

}  // namespace

Hash row_leaf(std::uint8_t table, ByteView id, ByteView body) {
  COFFRE_ASSERT(id.size() <= kIdMax);
  // In front of the body, on the stack: label, table, sized(id), length of the body.
  std::array<Byte, kRowLabel.size() + 1 + 4 + kIdMax + 4> front;
  std::size_t used = 0;
  const auto put = [&](ByteView bytes) {
    std::copy(bytes.begin(), bytes.end(), front.begin() + static_cast<std::ptrdiff_t>(used));
    used += bytes.size();
  };
  const auto put_u32 = [&](std::size_t value) {
    const auto wide = static_cast<std::uint32_t>(value);
    put(std::array{static_cast<Byte>(wide >> 24), static_cast<Byte>(wide >> 16),
                   static_cast<Byte>(wide >> 8), static_cast<Byte>(wide)});
  };
  COFFRE_ASSERT(body.size() <= ~std::uint32_t{0});
  put(as_bytes(kRowLabel));
  put({&table, 1});
  put_u32(id.size());
  put(id);
  put_u32(body.size());
  return sha256({ByteView(front).first(used), body});
}

Id row_key(ByteView id) {
  COFFRE_ASSERT(id.size() == 16 || id.size() == 32);
  Id key;
  std::copy_n(id.begin(), Id::kSize, key.bytes.begin());
  return key;
}

StateTree::StateTree() : buckets_(kBuckets), nodes_(2 * kBuckets), dirty_(kBuckets, true) {}

std::int64_t StateTree::place(std::uint8_t table, std::int64_t row) {
  COFFRE_ASSERT(is_row(row));
  return static_cast<std::int64_t>((std::uint64_t{table} << kRowBits) |
                                   static_cast<std::uint64_t>(row));
}

Status StateTree::load(std::vector<std::vector<Loaded>> lists, std::size_t threads) {
  *this = StateTree();
  StateTree made;
  std::vector<Slice> slices = slices_of(lists, threads);
  COFFRE_TRY(scatter(slices, made.buckets_, threads));
  for (const auto& list : lists) made.size_ += list.size();
  slices.clear();
  lists.clear();
  COFFRE_TRY(for_each_bucket(threads, [&](std::size_t bucket) -> Status {
    if (!sort_bucket(made.buckets_[bucket])) return duplicate();
    made.nodes_[kBuckets + bucket] = made.bucket_hash(bucket);
    return {};
  }));
  made.dirty_.assign(kBuckets, false);
  for (std::size_t node = kBuckets - 1; node > 0; --node) {
    made.nodes_[node] = merkle_node(made.nodes_[2 * node], made.nodes_[2 * node + 1]);
  }
  *this = std::move(made);
  return {};
}

std::optional<StateTree::Found> StateTree::find(std::uint8_t table, const Id& key) const {
  const std::vector<StateEntry>& entries = buckets_[bucket_of(key)];
  const Order order = order_of(table, key);
  const auto at = position(entries, order);
  if (!is_at(entries, at, order)) return std::nullopt;
  return Found{row_of(*at), at->leaf};
}

std::optional<std::size_t> StateTree::first_other(std::uint8_t table,
                                                  std::span<const Expected> rows) const {
  constexpr std::size_t kAtOnce = 16;
  for (std::size_t from = 0; from < rows.size(); from += kAtOnce) {
    const std::size_t to = std::min(rows.size(), from + kAtOnce);
    for (std::size_t i = from; i < to; ++i) {
      const std::vector<StateEntry>& entries = buckets_[bucket_of(rows[i].key)];
      if (entries.empty()) return i;
      fetch_near(entries, guess_of(entries.size(), order_of(table, rows[i].key)));
    }
    for (std::size_t i = from; i < to; ++i) {
      const std::optional<Found> found = find(table, rows[i].key);
      if (!found || found->leaf != rows[i].leaf) return i;
    }
  }
  return std::nullopt;
}

Status StateTree::insert(std::uint8_t table, std::int64_t row, const Id& key, const Hash& leaf) {
  if (!is_row(row)) return bad_row();
  const std::size_t bucket = bucket_of(key);
  std::vector<StateEntry>& entries = buckets_[bucket];
  const Order order = order_of(table, key);
  const auto at = position(entries, order);
  if (is_at(entries, at, order)) return duplicate();
  entries.insert(at, {key, place(table, row), leaf});
  dirty_[bucket] = true;
  ++size_;
  return {};
}

Status StateTree::replace(std::uint8_t table, const Id& key, const Hash& leaf) {
  const std::size_t bucket = bucket_of(key);
  const Order order = order_of(table, key);
  const auto at = position(buckets_[bucket], order);
  if (!is_at(buckets_[bucket], at, order)) return absent();
  at->leaf = leaf;
  dirty_[bucket] = true;
  return {};
}

Status StateTree::remove(std::uint8_t table, const Id& key) {
  const std::size_t bucket = bucket_of(key);
  const Order order = order_of(table, key);
  const auto at = position(buckets_[bucket], order);
  if (!is_at(buckets_[bucket], at, order)) return absent();
  buckets_[bucket].erase(at);
  dirty_[bucket] = true;
  --size_;
  return {};
}

Hash StateTree::root() {
  rehash();
  return nodes_[1];
}

Hash StateTree::root_with(const std::vector<Override>& overrides) {
  rehash();
  std::vector<Wanted> wanted;
  wanted.reserve(overrides.size());
  for (const Override& one : overrides) wanted.emplace_back(bucket_of(one.key), &one);
  std::sort(wanted.begin(), wanted.end());
  std::vector<std::pair<std::size_t, Hash>> level;  // changed nodes of one level, left to right
  for (auto from = wanted.cbegin(); from != wanted.cend();) {
    const std::size_t bucket = from->first;
    const auto to =
        std::find_if(from, wanted.cend(), [&](const Wanted& one) { return one.first != bucket; });
    level.emplace_back(kBuckets + bucket,
                       hash_bucket(bucket, with_overrides(buckets_[bucket], {from, to})));
    from = to;
  }
  while (!level.empty() && level.front().first != 1) {
    std::vector<std::pair<std::size_t, Hash>> above;
    for (std::size_t i = 0; i < level.size(); ++i) {
      const auto& [node, hash] = level[i];
      const bool is_left = node % 2 == 0;
      const bool both = is_left && i + 1 < level.size() && level[i + 1].first == node + 1;
      const Hash& sibling = both ? level[++i].second : nodes_[node ^ 1];
      above.emplace_back(node / 2,
                         is_left ? merkle_node(hash, sibling) : merkle_node(sibling, hash));
    }
    level = std::move(above);
  }
  return level.empty() ? nodes_[1] : level.front().second;
}

Hash StateTree::bucket_hash(std::size_t bucket) const {
  return hash_bucket(bucket, buckets_[bucket]);
}

void StateTree::rehash() {
  std::vector<std::size_t> level;
  for (std::size_t bucket = 0; bucket < kBuckets; ++bucket) {
    if (!dirty_[bucket]) continue;
    nodes_[kBuckets + bucket] = bucket_hash(bucket);
    dirty_[bucket] = false;
    level.push_back(kBuckets + bucket);
  }
  while (!level.empty() && level.front() != 1) {
    for (std::size_t& node : level) node /= 2;
    level.erase(std::unique(level.begin(), level.end()), level.end());
    for (const std::size_t node : level) {
      nodes_[node] = merkle_node(nodes_[2 * node], nodes_[2 * node + 1]);
    }
  }
}

}  // namespace coffre
