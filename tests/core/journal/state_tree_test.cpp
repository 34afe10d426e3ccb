#include "core/journal/state_tree.h"

#include <algorithm>
#include <map>

#include <gtest/gtest.h>

#include "core/base/random.h"
#include "tests/core/journal/sample.h"

namespace coffre {
namespace {

using test::sample_hash;
using test::sample_id;
using namespace std::string_view_literals;

// The definition of FORMAT.md §8, over a map in the order that it demands.
using Rows = std::map<std::pair<Id, std::uint8_t>, std::pair<std::int64_t, Hash>>;

Hash reference_state_root(const Rows& rows) {
  std::vector<std::vector<Hash>> leaves(4096);
  for (const auto& [place, row] : rows) {
    const Id& key = place.first;
    leaves[static_cast<std::size_t>(key.bytes[0] * 16 + key.bytes[1] / 16)].push_back(row.second);
  }
  std::vector<Hash> level;
  for (std::size_t b = 0; b < leaves.size(); ++b) {
    Writer bucket;
    bucket.raw("coffre/bucket/v1\0"sv).u16(static_cast<std::uint16_t>(b));
    bucket.u32(static_cast<std::uint32_t>(leaves[b].size()));
    for (const Hash& leaf : leaves[b]) bucket.fixed(leaf);
    level.push_back(sha256(bucket.view()));
  }
  while (level.size() > 1) {
    std::vector<Hash> above;
    for (std::size_t i = 0; i < level.size(); i += 2) {
      above.push_back(merkle_node(level[i], level[i + 1]));
    }
    level = above;
  }
  return level[0];
}

// Keys that fall in few buckets, so that buckets have many rows, and in several tables.
Rows sample_rows(std::size_t count) {
  Rows rows;
  for (std::size_t i = 0; i < count; ++i) {
    Id key = sample_id(i / 2);  // most keys are in two tables
    if (i % 3 == 0) key.bytes[0] = 7;
    if (i % 9 == 0) key.bytes[1] = 9;
    rows[{key, static_cast<std::uint8_t>(1 + i % 5)}] = {static_cast<std::int64_t>(i),
                                                         sample_hash(1'000'000 + i)};
  }
  return rows;
}

StateTree::Loaded loaded_of(const Rows::value_type& row) {
  return {.table = row.first.second,
          .row = row.second.first,
          .key = row.first.first,
          .leaf = row.second.second};
}

StateTree tree_of(const Rows& rows, std::size_t lists = 3, std::size_t threads = 2) {
  std::vector<std::vector<StateTree::Loaded>> split(lists);
  std::size_t next = 0;
  for (const auto& row : rows) split[next++ * 7 % lists].push_back(loaded_of(row));
  StateTree tree;
  EXPECT_TRUE(tree.load(std::move(split), threads));
  return tree;
}

TEST(RowLeaf, IsThatOfTheFormat) {
  for (const std::size_t id_size : {16U, 32U}) {
    for (const std::size_t body_size : {0U, 1U, 300U, 1U << 20}) {
      const Bytes id(id_size, 3);
      const Bytes body(body_size, 4);
      Writer expected;
      expected.raw("coffre/row/v1\0"sv).u8(5).sized(ByteView(id)).sized(ByteView(body));
      EXPECT_EQ(row_leaf(5, id, body), sha256(expected.view()));
    }
  }
}

TEST(RowKey, IsTheFirstSixteenBytes) {
  const Hash id = sample_hash(1);
  EXPECT_EQ(to_hex(row_key(id.view()).view()), to_hex(id.view()).substr(0, 32));
  EXPECT_EQ(row_key(id.view().first(16)), row_key(id.view()));
}

TEST(StateTree, EmptyTreeHasTheRootOfEmptyBuckets) {
  StateTree tree;
  EXPECT_EQ(tree.root(), reference_state_root({}));
  EXPECT_EQ(tree.size(), 0U);
  EXPECT_FALSE(tree.find(1, sample_id(1)));
  EXPECT_EQ(tree_of({}).root(), reference_state_root({}));
  EXPECT_EQ(tree_of({}, 0).root(), reference_state_root({}));
}

TEST(StateTree, LoadedRootIsThatOfTheDefinition) {
  for (const std::size_t count : {1U, 2U, 65U, 1000U, 5000U}) {
    const Rows rows = sample_rows(count);
    const Hash expected = reference_state_root(rows);
    for (const std::size_t lists : {1U, 2U, 5U}) {
      StateTree tree = tree_of(rows, lists, lists);
      EXPECT_EQ(tree.root(), expected) << count;
      EXPECT_EQ(tree.size(), rows.size());
    }
  }
}

TEST(StateTree, FullBucketIsHashedInWholeBlocks) {
  for (const std::size_t count : {63U, 64U, 65U, 128U, 200U}) {
    Rows rows;
    for (std::size_t i = 0; i < count; ++i) {
      Id key = sample_id(i);
      key.bytes[0] = 0xff;
      key.bytes[1] = 0xff;
      rows[{key, std::uint8_t{1}}] = {1, sample_hash(i)};
    }
    EXPECT_EQ(tree_of(rows).root(), reference_state_root(rows)) << count;
  }
}

TEST(StateTree, FindsEveryRowInItsTableOnly) {
  const Rows rows = sample_rows(3000);
  const StateTree tree = tree_of(rows);
  for (const auto& [place, row] : rows) {
    for (std::uint8_t table = 1; table <= 5; ++table) {
      const auto found = tree.find(table, place.first);
      const auto expected = rows.find({place.first, table});
      ASSERT_EQ(found.has_value(), expected != rows.end());
      if (!found) continue;
      EXPECT_EQ(found->row, expected->second.first);
      EXPECT_EQ(found->leaf, expected->second.second);
    }
  }
  EXPECT_FALSE(tree.find(1, sample_id(999'999)));
}

// The search starts from where a random key would be: keys that somebody chose are far from there.
TEST(StateTree, FindsKeysThatSomebodyChose) {
  for (const Byte crowd : std::initializer_list<Byte>{0, 1, 128, 255}) {
    Rows rows;
    for (std::size_t i = 0; i < 700; ++i) {
      Id key;
      key.bytes[0] = 7;
      key.bytes[1] = 0x20;
      key.bytes[2] = i % 10 == 0 ? static_cast<Byte>(i * 31) : crowd;
      key.bytes[14] = static_cast<Byte>(i >> 8);
      key.bytes[15] = static_cast<Byte>(i * 2);
      rows[{key, static_cast<std::uint8_t>(1 + i % 5)}] = {static_cast<std::int64_t>(i),
                                                           sample_hash(i)};
    }
    const StateTree tree = tree_of(rows);
    for (const auto& [place, row] : rows) {
      const auto found = tree.find(place.second, place.first);
      ASSERT_TRUE(found.has_value());
      EXPECT_EQ(found->row, row.first);
      EXPECT_EQ(found->leaf, row.second);
      Id beside = place.first;
      beside.bytes[15] ^= 1;
      EXPECT_FALSE(tree.find(place.second, beside).has_value());
    }
  }
}

TEST(StateTree, OfManyRowsTheFirstThatIsAnotherIsNamed) {
  const Rows rows = sample_rows(900);
  const StateTree tree = tree_of(rows);
  std::vector<StateTree::Expected> expected;
  const std::uint8_t table = rows.begin()->first.second;
  for (const auto& [place, row] : rows) {
    if (place.second == table) expected.push_back({place.first, row.second});
  }
  ASSERT_GT(expected.size(), 100U);
  EXPECT_EQ(tree.first_other(table, expected), std::nullopt);
  EXPECT_EQ(tree.first_other(table, {}), std::nullopt);
  EXPECT_EQ(StateTree().first_other(table, expected), 0U);
  const auto other_table = static_cast<std::uint8_t>(table == 1 ? 2 : 1);
  EXPECT_EQ(tree.first_other(other_table, expected), 0U);
  for (const std::size_t at :
       {std::size_t{0}, std::size_t{15}, std::size_t{16}, expected.size() - 1}) {
    auto changed = expected;
    changed[at].leaf.bytes[31] ^= 1;
    EXPECT_EQ(tree.first_other(table, changed), at);
    changed = expected;
    changed[at].key.bytes[15] ^= 1;
    EXPECT_EQ(tree.first_other(table, changed), at);
  }
}

TEST(StateTree, ChangesGiveTheRootOfTheSameRowsLoaded) {
  Rows rows;
  StateTree tree;
  std::size_t number = 0;
  for (const auto& [place, row] : sample_rows(1500)) {
    ASSERT_TRUE(tree.insert(place.second, row.first, place.first, row.second));
    rows[place] = row;
    if (++number % 500 == 0) {
      EXPECT_EQ(tree.root(), reference_state_root(rows));
    }
  }
  number = 0;
  for (auto at = rows.begin(); at != rows.end();) {
    const auto [key, table] = at->first;
    ++number;
    if (number % 3 == 0) {
      ASSERT_TRUE(tree.remove(table, key));
      at = rows.erase(at);
      continue;
    }
    if (number % 3 == 1) {
      ASSERT_TRUE(tree.replace(table, key, sample_hash(number)));
      at->second.second = sample_hash(number);
    }
    ++at;
  }
  EXPECT_EQ(tree.root(), reference_state_root(rows));
  EXPECT_EQ(tree.root(), tree_of(rows).root());
  EXPECT_EQ(tree.size(), rows.size());
  for (const auto& [place, row] : rows) {
    const auto found = tree.find(place.second, place.first);
    ASSERT_TRUE(found);
    EXPECT_EQ(found->row, row.first);
  }
}

TEST(StateTree, RemovingAllGivesTheEmptyRoot) {
  const Rows rows = sample_rows(300);
  StateTree tree = tree_of(rows);
  for (const auto& [place, row] : rows) ASSERT_TRUE(tree.remove(place.second, place.first));
  EXPECT_EQ(tree.root(), reference_state_root({}));
  EXPECT_EQ(tree.size(), 0U);
}

TEST(StateTree, ChangeThatDoesNotFitIsDamageAndChangesNothing) {
  const Rows rows = sample_rows(100);
  StateTree tree = tree_of(rows);
  const Hash before = tree.root();
  const auto& [key, table] = rows.begin()->first;
  const Id other = sample_id(999'999);
  for (const Status& status :
       {tree.insert(table, 1, key, sample_hash(1)), tree.replace(table, other, sample_hash(1)),
        tree.remove(table, other), tree.insert(table, -1, other, sample_hash(1)),
        tree.insert(table, std::int64_t{1} << 56, other, sample_hash(1))}) {
    ASSERT_FALSE(status);
    EXPECT_EQ(status.error().code, Code::kDamaged);
  }
  EXPECT_EQ(tree.root(), before);
  EXPECT_EQ(tree.size(), rows.size());
}

TEST(StateTree, KeyTwiceInATableIsRefusedAcrossLists) {
  const StateTree::Loaded one{.table = 4, .row = 1, .key = sample_id(1), .leaf = sample_hash(1)};
  StateTree::Loaded two = one;
  two.row = 2;
  two.leaf = sample_hash(2);
  StateTree tree;
  for (const auto& lists : {std::vector<std::vector<StateTree::Loaded>>{{one, two}},
                            std::vector<std::vector<StateTree::Loaded>>{{one}, {two}}}) {
    const Status status = tree.load(lists, 2);
    ASSERT_FALSE(status);
    EXPECT_EQ(status.error().code, Code::kDamaged);
    EXPECT_EQ(tree.size(), 0U);
    EXPECT_EQ(tree.root(), reference_state_root({}));
  }
  two.table = 5;
  EXPECT_TRUE(tree.load({{one}, {two}}, 2));
  EXPECT_EQ(tree.size(), 2U);
}

TEST(StateTree, RowNumbersOutOfRangeAreRefusedAndTheLargestIsKept) {
  constexpr std::int64_t kLargest = (std::int64_t{1} << 56) - 1;
  StateTree tree;
  StateTree::Loaded one{.table = 255, .row = kLargest, .key = sample_id(1), .leaf = {}};
  ASSERT_TRUE(tree.load({{one}}, 1));
  ASSERT_TRUE(tree.find(255, sample_id(1)));
  EXPECT_EQ(tree.find(255, sample_id(1))->row, kLargest);
  for (const std::int64_t row : {std::int64_t{-1}, kLargest + 1}) {
    one.row = row;
    const Status status = tree.load({{one}}, 1);
    ASSERT_FALSE(status);
    EXPECT_EQ(status.error().code, Code::kDamaged);
  }
}

TEST(StateTree, RootWithOverridesIsThatOfTheTreeRebuilt) {
  const Rows rows = sample_rows(2000);
  StateTree tree = tree_of(rows);
  const Hash before = tree.root();
  EXPECT_EQ(tree.root_with({}), before);
  for (const std::size_t step : {1U, 7U, 100U, 1999U}) {
    Rows changed = rows;
    std::vector<StateTree::Override> overrides;
    std::size_t number = 0;
    for (const auto& [place, row] : rows) {
      if (++number % step != 0) continue;
      const Hash leaf = number % 2 == 0 ? Hash{} : sample_hash(number);
      overrides.push_back({.table = place.second, .key = place.first, .leaf = leaf});
      if (leaf.is_zero()) {
        changed.erase(place);
      } else {
        changed[place].second = leaf;
      }
      const Id absent = sample_id(500'000 + number);
      overrides.push_back({.table = 2, .key = absent, .leaf = leaf});
      if (!leaf.is_zero()) changed[{absent, std::uint8_t{2}}] = {0, leaf};
    }
    std::reverse(overrides.begin(), overrides.end());
    EXPECT_EQ(tree.root_with(overrides), reference_state_root(changed)) << step;
    EXPECT_EQ(tree.root(), before);
    EXPECT_EQ(tree.size(), rows.size());
  }
}

TEST(StateTree, OfSeveralOverridesOfOneKeyTheLastCounts) {
  const Rows rows = sample_rows(50);
  StateTree tree = tree_of(rows);
  const auto& [key, table] = rows.begin()->first;
  const std::vector<StateTree::Override> twice{
      {.table = table, .key = key, .leaf = {}},
      {.table = table, .key = key, .leaf = sample_hash(1)},
      {.table = table, .key = key, .leaf = rows.begin()->second.second}};
  EXPECT_EQ(tree.root_with(twice), tree.root());
}

TEST(StateTree, UndoingChangesGivesTheRootBefore) {
  StateTree tree = tree_of(sample_rows(500));
  const Hash before = tree.root();
  const auto first = sample_rows(500).begin()->first;
  const Hash old_leaf = sample_rows(500).begin()->second.second;
  ASSERT_TRUE(tree.insert(4, 9, sample_id(700'000), sample_hash(1)));
  ASSERT_TRUE(tree.remove(first.second, first.first));
  // Without a call of root() between: the overrides stand on changes that were not hashed yet.
  EXPECT_EQ(tree.root_with({{.table = 4, .key = sample_id(700'000), .leaf = {}},
                            {.table = first.second, .key = first.first, .leaf = old_leaf}}),
            before);
  EXPECT_NE(tree.root(), before);
}

// Large enough that lists are cut in several slices.
TEST(StateTree, ManyRowsGiveOneRootOnAnyNumberOfThreads) {
  constexpr std::size_t kRows = 200'000;
  SeededRandom random(5);
  std::vector<StateTree::Loaded> rows(kRows);
  for (std::size_t i = 0; i < kRows; ++i) {
    ASSERT_TRUE(random.fill(rows[i].key.bytes));
    ASSERT_TRUE(random.fill(rows[i].leaf.bytes));
    rows[i].table = static_cast<std::uint8_t>(1 + i % 5);
    rows[i].row = static_cast<std::int64_t>(i);
  }
  Rows all;
  for (const auto& row : rows) all[{row.key, row.table}] = {row.row, row.leaf};
  const Hash expected = reference_state_root(all);
  for (const std::size_t threads : {0U, 1U, 2U, 5U}) {
    StateTree tree;
    ASSERT_TRUE(tree.load({rows}, threads));
    EXPECT_EQ(tree.root(), expected) << threads;
    EXPECT_EQ(tree.size(), kRows);
  }
}

}  // namespace
}  // namespace coffre
