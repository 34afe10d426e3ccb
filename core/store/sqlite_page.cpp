#include "core/store/sqlite_page.h"

#include <algorithm>

namespace coffre {
namespace {

constexpr Byte kTableLeaf = 0x0d;
constexpr Byte kTableInner = 0x05;
constexpr std::size_t kLeafHeader = 8;
constexpr std::size_t kInnerHeader = 12;
constexpr std::size_t kChildSize = 4;
constexpr std::size_t kVarintMax = 9;

std::size_t page_u16(ByteView page, std::size_t at) {
  return static_cast<std::size_t>(page[at]) << 8 | page[at + 1];
}

std::uint32_t page_u32(ByteView page, std::size_t at) {
  return static_cast<std::uint32_t>(page_u16(page, at) << 16 | page_u16(page, at + 2));
}

// A variable-length number, of which `at` is moved behind; nullopt at the page's end.
std::optional<std::uint64_t> page_varint(ByteView page, std::size_t& at) {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < kVarintMax; ++i) {
    if (at >= page.size()) return std::nullopt;
    const Byte byte = page[at++];
    if (i + 1 == kVarintMax) return value << 8 | byte;
    value = value << 7 | (byte & 0x7fU);
    if ((byte & 0x80U) == 0) return value;
  }
  return std::nullopt;
}

// The number of cells; nullopt unless the page is of this kind and has room for their places.
std::optional<std::size_t> cells_of(ByteView page, Byte kind, std::size_t header) {
  if (page.size() < kInnerHeader || page[0] != kind) return std::nullopt;
  const std::size_t cells = page_u16(page, 3);
  if (header + 2 * cells > page.size()) return std::nullopt;
  return cells;
}

}  // namespace

std::optional<PageRange> leaf_room(ByteView page) {
  const auto cells = cells_of(page, kTableLeaf, kLeafHeader);
  if (!cells) return std::nullopt;
  const std::size_t begin = kLeafHeader + 2 * *cells;
  const std::size_t end = page_u16(page, 5);
  if (end < begin || end > page.size()) return std::nullopt;
  // All rows and the first free block lie behind the room, or this is no such page.
  for (std::size_t i = 0; i < *cells; ++i) {
    if (page_u16(page, kLeafHeader + 2 * i) < end) return std::nullopt;
  }
  const std::size_t free = page_u16(page, 1);
  if (free != 0 && free < end) return std::nullopt;
  return PageRange{begin, end};
}

std::optional<std::uint32_t> page_below(ByteView page, std::int64_t row) {
  const auto cells = cells_of(page, kTableInner, kInnerHeader);
  if (!cells) return std::nullopt;
  for (std::size_t i = 0; i < *cells; ++i) {
    std::size_t at = page_u16(page, kInnerHeader + 2 * i);
    if (at + kChildSize > page.size()) return std::nullopt;
    const std::uint32_t below = page_u32(page, at);
    at += kChildSize;
    const auto last = page_varint(page, at);
    if (!last) return std::nullopt;
    if (row <= static_cast<std::int64_t>(*last)) return below;
  }
  return page_u32(page, kLeafHeader);
}

bool leaf_has(ByteView page, std::int64_t row) {
  const auto cells = cells_of(page, kTableLeaf, kLeafHeader);
  if (!cells) return false;
  for (std::size_t i = 0; i < *cells; ++i) {
    std::size_t at = page_u16(page, kLeafHeader + 2 * i);
    const auto size = page_varint(page, at);
    const auto number = page_varint(page, at);
    if (size && number && static_cast<std::int64_t>(*number) == row) return true;
  }
  return false;
}

}  // namespace coffre
