#include "core/vault/extents.h"

#include <limits>

#include <gtest/gtest.h>

namespace coffre {
namespace {

constexpr std::int64_t kEnd = std::numeric_limits<std::int64_t>::max();

std::vector<std::pair<std::int64_t, std::int64_t>> gaps(std::vector<ExtentRange> ranges) {
  std::vector<std::pair<std::int64_t, std::int64_t>> found;
  for (const ExtentRange& gap : gaps_between(std::move(ranges))) {
    found.emplace_back(gap.begin, gap.end);
  }
  return found;
}
using Gaps = std::vector<std::pair<std::int64_t, std::int64_t>>;

TEST(ExtentRanges, OneThatContinuesTheLastMakesItLonger) {
  std::vector<ExtentRange> ranges;
  add_range(ranges, {1, 3});
  add_range(ranges, {3, 4});
  add_range(ranges, {6, 7});
  add_range(ranges, {4, 6});
  ASSERT_EQ(ranges.size(), 3U);
  EXPECT_EQ(ranges[0].end, 4);
}

TEST(ExtentRanges, GapsAreWhatNoRangeHolds) {
  EXPECT_EQ(gaps({}), (Gaps{{1, kEnd}}));
  EXPECT_EQ(gaps({{1, 5}}), (Gaps{{5, kEnd}}));
  EXPECT_EQ(gaps({{6, 8}, {2, 4}}), (Gaps{{1, 2}, {4, 6}, {8, kEnd}}));
}

// Versions that somebody made up may name what others name.
TEST(ExtentRanges, RangesMayOverlap) {
  EXPECT_EQ(gaps({{1, 10}, {2, 4}, {3, 12}}), (Gaps{{12, kEnd}}));
}

}  // namespace
}  // namespace coffre
