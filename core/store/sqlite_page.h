// Pages of SQLite's file, as far as erasing needs them. The format is public:
// https://www.sqlite.org/fileformat2.html, §1.6 "B-tree Pages".
//
// Guarantees: nothing outside the page is looked at, whatever its bytes say. Not covered: pages of
// indexes, which no vault has, and page 1. Threads: no state.
#pragma once

#include <optional>

#include "core/base/bytes.h"

namespace coffre {

// A half-open range of a page.
struct PageRange {
  std::size_t begin = 0;
  std::size_t end = 0;
};

// The room between a leaf's row numbers and its rows. SQLite leaves bytes of rows there when it
// moves rows from page to page, secure_delete or not. nullopt when the page is no leaf of a table.
[[nodiscard]] std::optional<PageRange> leaf_room(ByteView page);

// In an inner page of a table's tree: the page below which `row` lies. nullopt when it is none.
[[nodiscard]] std::optional<std::uint32_t> page_below(ByteView page, std::int64_t row);
// Whether the page is a leaf of a table and has this row.
[[nodiscard]] bool leaf_has(ByteView page, std::int64_t row);

}  // namespace coffre
