#include "core/crypto/padme.h"

#include <algorithm>
#include <vector>

#include <gtest/gtest.h>

namespace coffre {
namespace {

// Every size up to 2^16, then those around all sums of two powers of two up to 2^40.
std::vector<std::uint64_t> sizes() {
  std::vector<std::uint64_t> all;
  for (std::uint64_t size = 0; size < (1U << 16); ++size) all.push_back(size);
  for (unsigned high = 16; high < 40; ++high) {
    for (unsigned low = 0; low < high; ++low) {
      const std::uint64_t sum = (std::uint64_t{1} << high) + (std::uint64_t{1} << low);
      for (const std::uint64_t size : {sum - 1, sum, sum + 1}) all.push_back(size);
    }
  }
  all.push_back(std::uint64_t{1} << 40);
  return all;
}

TEST(Padme, NeverShrinksAndCostsAtMostTwelvePercent) {
  for (const std::uint64_t size : sizes()) {
    const std::uint64_t padded = padme_size(size);
    ASSERT_GE(padded, size);
    ASSERT_LE(padded - size, size * 12 / 100) << size;
  }
}

TEST(Padme, IsIdempotent) {
  for (const std::uint64_t size : sizes()) {
    ASSERT_EQ(padme_size(padme_size(size)), padme_size(size)) << size;
  }
}

TEST(Padme, IsMonotone) {
  std::vector<std::uint64_t> ascending = sizes();
  std::sort(ascending.begin(), ascending.end());
  std::uint64_t last = 0;
  for (const std::uint64_t size : ascending) {
    ASSERT_GE(padme_size(size), last) << size;
    last = padme_size(size);
  }
}

// By hand: 16,385 = 2^14 + 1 keeps 4 bits after its first, so it is rounded up by 2^10.
TEST(Padme, KnownSizes) {
  EXPECT_EQ(padme_size(0), 0U);
  EXPECT_EQ(padme_size(1), 1U);
  EXPECT_EQ(padme_size(9), 10U);
  EXPECT_EQ(padme_size(16'385), 17'408U);
  EXPECT_EQ(padme_size(200'000), 200'704U);
  EXPECT_EQ(padme_size(std::uint64_t{1} << 40), std::uint64_t{1} << 40);
}

TEST(Padme, TheMinimumIsRoundedToo) {
  EXPECT_EQ(padme_size(0, 512), 512U);
  EXPECT_EQ(padme_size(512, 512), 512U);
  EXPECT_EQ(padme_size(513, 512), padme_size(513));
  EXPECT_EQ(padme_size(3, 16'385), padme_size(16'385));
}

TEST(Padme, AbsurdSizesDoNotOverflow) {
  for (const std::uint64_t size : {UINT64_MAX, UINT64_MAX - 1, std::uint64_t{1} << 63}) {
    EXPECT_GE(padme_size(size), size);
  }
}

}  // namespace
}  // namespace coffre
