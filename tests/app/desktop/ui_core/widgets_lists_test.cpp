// Lists and tables: what is drawn of them, and how the keyboard moves there.
#include <gtest/gtest.h>

#include "app/desktop/ui_core/widgets.h"
#include "tests/app/desktop/support/driver.h"

namespace coffre::ui {
namespace {

using test::Driver;

struct ListProbe {
  ListState state;
  std::ptrdiff_t selected = -1;
  std::size_t count = 1000;
  std::size_t drawn = 0;
  int entered = 0;

  void draw(Ui& ui) {
    drawn = 0;
    const Rect area{{0, 0}, {300, 400}};
    if (begin_list(ui, "a.list", state, count, 40, area)) {
      const std::ptrdiff_t chosen = list_rows(ui, "a.list", state, count, 40, selected,
                                              [&](std::size_t, const Rect&, bool) { ++drawn; });
      selected = chosen >= 0 ? chosen : selected;
      entered += state.entered ? 1 : 0;
    }
    end_list(ui);
  }
};

TEST(Lists, OnlyTheVisibleRowsAreDrawn) {
  Driver driver;
  ListProbe list;
  list.count = 1'000'000;
  driver.frame([&](Ui& ui) { list.draw(ui); });
  EXPECT_GE(list.drawn, 10U);
  EXPECT_LE(list.drawn, 13U);
}

TEST(Lists, ArrowsMoveAndChooseAndKeepTheRowInView) {
  Driver driver;
  ListProbe list;
  driver.frame([&](Ui& ui) { list.draw(ui); });
  driver.press(Key::kTab);
  for (int times = 0; times < 30; ++times) {
    driver.press(Key::kDown);
  }
  EXPECT_EQ(list.selected, 29);
  driver.frames(2);
  ASSERT_TRUE(driver.has("a.list.29"));
  EXPECT_TRUE(driver.find("a.list.29")->visible);
  driver.press(Key::kEnd);
  driver.frames(2);
  EXPECT_EQ(list.selected, 999);
  EXPECT_TRUE(driver.find("a.list.999")->visible);
  driver.press(Key::kHome);
  driver.press(Key::kPageDown);
  EXPECT_EQ(list.selected, 9);
  EXPECT_EQ(list.entered, 0);
  driver.press(Key::kEnter);
  EXPECT_EQ(list.entered, 1);
}

TEST(Lists, TypedLettersFindANameWithoutAccents) {
  Driver driver;
  ListProbe list;
  const std::vector<std::string> names = {"Bernard", "Lefèvre", "Élan", "Ébène", "Nguyen"};
  list.count = names.size();
  list.state.name_of = [&](std::size_t at) { return names[at]; };
  driver.frame([&](Ui& ui) { list.draw(ui); });
  driver.press(Key::kTab);
  driver.type("ébè");
  EXPECT_EQ(list.selected, 3);
  driver.clock().advance(5'000);
  driver.type("n");
  EXPECT_EQ(list.selected, 4);
}

TEST(Lists, AClickChoosesAndADoubleClickEnters) {
  Driver driver;
  ListProbe list;
  driver.frame([&](Ui& ui) { list.draw(ui); });
  driver.click("a.list.3");
  EXPECT_EQ(list.selected, 3);
  EXPECT_EQ(list.entered, 0);
  driver.double_click("a.list.4");
  EXPECT_EQ(list.selected, 4);
  EXPECT_EQ(list.entered, 1);
}

TEST(Lists, AShorterListForgetsTheRowThatIsGone) {
  Driver driver;
  ListProbe list;
  driver.frame([&](Ui& ui) { list.draw(ui); });
  driver.press(Key::kTab);
  driver.press(Key::kEnd);
  list.count = 3;
  list.selected = -1;
  driver.press(Key::kDown);
  EXPECT_EQ(list.selected, 2);
  list.count = 0;
  driver.press(Key::kDown);
  driver.press(Key::kEnter);
  EXPECT_EQ(list.state.focused, -1);
}

TEST(Tables, AClickOnAHeadSortsAndTheSameAgainTurnsTheOrder) {
  Driver driver;
  const std::vector<Column> columns = {{"title", "Titre", 0}, {"date", "Date", 120}};
  SortState sort;
  std::vector<float> edges;
  driver.frame([&](Ui& ui) { table_head(ui, "a.table", columns, sort, edges); });
  driver.click("a.table.date");
  EXPECT_EQ(sort.column, 1U);
  EXPECT_FALSE(sort.descending);
  driver.click("a.table.date");
  EXPECT_TRUE(sort.descending);
  ASSERT_EQ(edges.size(), 3U);
  EXPECT_FLOAT_EQ(edges[2] - edges[1], 120);
}

}  // namespace
}  // namespace coffre::ui
