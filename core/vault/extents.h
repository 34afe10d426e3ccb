// The rows of a version's ciphertext: which of them versions name, and removing them. Rows of
// extents are in no journal entry: what no version names is nobody's (docs/FORMAT.md §5).
#pragma once

#include <span>

#include "core/store/store.h"

namespace coffre {

// Extents that are removed in one transaction: 50 MB, which the store writes twice.
inline constexpr std::size_t kExtentsRemovedAtOnce = 192;

// A half-open range of row numbers of extents.
struct ExtentRange {
  std::int64_t begin = 0;
  std::int64_t end = 0;
};

// Adds a range to a list; one that continues the last one makes it longer.
void add_range(std::vector<ExtentRange>& ranges, const ExtentRange& range);
// The rows from 1 on that lie in none of the ranges, in order; the last is open to the largest row.
[[nodiscard]] std::vector<ExtentRange> gaps_between(std::vector<ExtentRange> ranges);

[[nodiscard]] Result<bool> has_extents(ReadView& view, const ExtentRange& range);
// Removes extents of a version from the range's first row on, as far as they follow each other, at
// most `count_max`; the row to go on from, or nullopt when there are none left.
[[nodiscard]] Result<std::optional<std::int64_t>> remove_extents(WriteTransaction& transaction,
                                                                 ByteView version,
                                                                 const ExtentRange& range,
                                                                 std::size_t count_max);
// The same for whatever lies in a range.
[[nodiscard]] Result<std::optional<std::int64_t>> remove_any_extents(WriteTransaction& transaction,
                                                                     const ExtentRange& range,
                                                                     std::size_t count_max);

}  // namespace coffre
