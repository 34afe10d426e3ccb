#include "core/store/sqlite_page.h"

#include <gtest/gtest.h>

namespace coffre {
namespace {

// A leaf of `cells` rows of 3 bytes (size, number, one byte) at the end of a page of 512.
Bytes leaf(int cells) {
  Bytes page(512, 0);
  page[0] = 0x0d;
  page[4] = static_cast<Byte>(cells);
  std::size_t at = page.size();
  for (int i = 0; i < cells; ++i) {
    at -= 3;
    page[at] = 1;
    page[at + 1] = static_cast<Byte>(i + 1);
    page[8 + 2 * static_cast<std::size_t>(i)] = static_cast<Byte>(at >> 8);
    page[9 + 2 * static_cast<std::size_t>(i)] = static_cast<Byte>(at);
  }
  page[5] = static_cast<Byte>(at >> 8);
  page[6] = static_cast<Byte>(at);
  return page;
}

// An inner page with the children 7 (rows up to 100) and 9 (rows up to 300), then 11.
Bytes inner() {
  Bytes page(512, 0);
  page[0] = 0x05;
  page[4] = 2;
  page[11] = 11;
  page[12] = 1;  // cells at 0x100 and 0x110
  page[14] = 1;
  page[15] = 0x10;
  page[0x103] = 7;
  page[0x104] = 100;
  page[0x113] = 9;
  page[0x114] = 0x82;
  page[0x115] = 0x2c;
  return page;
}

TEST(SqlitePage, TheRoomOfALeafLiesBetweenNumbersAndRows) {
  const auto room = leaf_room(leaf(4));
  ASSERT_TRUE(room.has_value());
  EXPECT_EQ(room->begin, 16U);
  EXPECT_EQ(room->end, 500U);
  const auto full = leaf_room(leaf(0));
  ASSERT_TRUE(full.has_value());
  EXPECT_EQ(full->begin, 8U);
}

TEST(SqlitePage, APageThatIsNoLeafHasNoRoom) {
  EXPECT_FALSE(leaf_room(inner()).has_value());
  EXPECT_FALSE(leaf_room(Bytes(512, 0)).has_value());
  EXPECT_FALSE(leaf_room(Bytes(4, 0x0d)).has_value());
  // A continuation whose next page has a number that looks like a leaf's kind.
  Bytes continuation(512, 0xa5);
  continuation[0] = 0x0d;
  EXPECT_FALSE(leaf_room(continuation).has_value());
}

TEST(SqlitePage, ALeafWhoseNumbersDoNotAgreeIsLeftAlone) {
  Bytes inside = leaf(4);
  inside[8] = 0;  // a row inside the room
  inside[9] = 40;
  EXPECT_FALSE(leaf_room(inside).has_value());
  Bytes free = leaf(4);
  free[2] = 60;  // a free block inside the room
  EXPECT_FALSE(leaf_room(free).has_value());
  Bytes crowded = leaf(4);
  crowded[3] = 0xff;  // more rows than there is room for their places
  EXPECT_FALSE(leaf_room(crowded).has_value());
  Bytes beyond = leaf(4);
  beyond[5] = 0xff;
  EXPECT_FALSE(leaf_room(beyond).has_value());
}

TEST(SqlitePage, ARowIsFoundOnTheWayDown) {
  EXPECT_EQ(page_below(inner(), 1), 7U);
  EXPECT_EQ(page_below(inner(), 100), 7U);
  EXPECT_EQ(page_below(inner(), 101), 9U);
  EXPECT_EQ(page_below(inner(), 300), 9U);
  EXPECT_EQ(page_below(inner(), 301), 11U);
  EXPECT_FALSE(page_below(leaf(3), 1).has_value());
  EXPECT_TRUE(leaf_has(leaf(3), 3));
  EXPECT_FALSE(leaf_has(leaf(3), 4));
  EXPECT_FALSE(leaf_has(inner(), 1));
}

// Every byte with every value: nothing outside the page is read (the sanitizers would tell).
TEST(SqlitePage, NoByteLeadsOutOfThePage) {
  for (const Bytes& page : {leaf(3), inner()}) {
    for (std::size_t at = 0; at < page.size(); ++at) {
      for (const int value : {0, 1, 0x7f, 0x80, 0xff}) {
        Bytes changed = page;
        changed[at] = static_cast<Byte>(value);
        const auto room = leaf_room(changed);
        EXPECT_TRUE(!room || (room->begin <= room->end && room->end <= page.size()));
        (void)page_below(changed, 200);
        (void)leaf_has(changed, 200);
      }
    }
  }
}

}  // namespace
}  // namespace coffre
