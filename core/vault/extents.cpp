#include "core/vault/extents.h"

#include <algorithm>
#include <limits>

namespace coffre {
namespace {

// Rows of the range that `wanted` accepts, until it refuses one or there are more than `count_max`:
// then the first that was left.
struct FoundExtents {
  std::vector<std::int64_t> rows;
  std::optional<std::int64_t> next;
};

Result<FoundExtents> find_extents(ReadView& view, const ExtentRange& range, std::size_t count_max,
                                  const std::function<bool(const ExtentKey&)>& wanted) {
  FoundExtents found;
  bool ended = false;
  const Status visited = view.extent_keys(range.begin, [&](const ExtentKey& extent) -> Status {
    ended = extent.row >= range.end || found.rows.size() == count_max || !wanted(extent);
    if (!ended) {
      found.rows.push_back(extent.row);
      return {};
    }
    if (extent.row < range.end && found.rows.size() == count_max) {
      found.next = extent.row;
    }
    return fail(Code::kLimit, "");  // only ends the visit
  });
  if (!visited && !ended) {
    return std::unexpected<Error>(visited.error());
  }
  return found;
}

Result<std::optional<std::int64_t>> remove_found(WriteTransaction& transaction,
                                                 Result<FoundExtents> found) {
  COFFRE_TRY(found);
  for (const std::int64_t row : found->rows) {
    COFFRE_TRY(transaction.remove_extent(row));
  }
  return found->next;
}

}  // namespace

void add_range(std::vector<ExtentRange>& ranges, const ExtentRange& range) {
  if (!ranges.empty() && ranges.back().end == range.begin) {
    ranges.back().end = range.end;
  } else {
    ranges.push_back(range);
  }
}

std::vector<ExtentRange> gaps_between(std::vector<ExtentRange> ranges) {
  std::ranges::sort(ranges, {}, &ExtentRange::begin);
  std::vector<ExtentRange> gaps;
  std::int64_t at = 1;
  for (const ExtentRange& range : ranges) {
    if (range.begin > at) {
      gaps.push_back({at, range.begin});
    }
    at = std::max(at, range.end);
  }
  gaps.push_back({at, std::numeric_limits<std::int64_t>::max()});
  return gaps;
}

Result<bool> has_extents(ReadView& view, const ExtentRange& range) {
  COFFRE_TRY_ASSIGN(const FoundExtents found,
                    find_extents(view, range, 0, [](const ExtentKey&) { return true; }));
  return found.next.has_value();
}

Result<std::optional<std::int64_t>> remove_extents(WriteTransaction& transaction, ByteView version,
                                                   const ExtentRange& range,
                                                   std::size_t count_max) {
  return remove_found(transaction,
                      find_extents(transaction, range, count_max, [&](const ExtentKey& extent) {
                        return std::ranges::equal(extent.version, version);
                      }));
}

Result<std::optional<std::int64_t>> remove_any_extents(WriteTransaction& transaction,
                                                       const ExtentRange& range,
                                                       std::size_t count_max) {
  return remove_found(transaction, find_extents(transaction, range, count_max,
                                                [](const ExtentKey&) { return true; }));
}

}  // namespace coffre
