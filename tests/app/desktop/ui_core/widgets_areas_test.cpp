// Sheets: who has the mouse and the keyboard while they are open.
#include <gtest/gtest.h>

#include "app/desktop/ui_core/widgets.h"
#include "tests/app/desktop/support/driver.h"

namespace coffre::ui {
namespace {

using test::Driver;

struct SheetProbe {
  bool open = false;
  Line line;
  void draw(Ui& ui) {
    if (button(ui, "a.open", "Open")) {
      open = true;
    }
    button(ui, "a.below", "Below");
    if (begin_sheet(ui, "a.sheet", "A sheet", 400, open)) {
      text_field(ui, "a.sheet.line", "Line", line.span());
      button(ui, "a.sheet.ok", "OK");
      end_sheet(ui);
    }
  }
};

TEST(Sheets, TheKeyboardIsInsideAndComesBack) {
  Driver driver;
  SheetProbe probe;
  driver.frame([&](Ui& ui) { probe.draw(ui); });
  driver.press(Key::kTab);
  driver.press(Key::kEnter);
  ASSERT_TRUE(probe.open);
  EXPECT_TRUE(driver.find("a.sheet.line")->focused);
  driver.type("dedans");
  EXPECT_EQ(probe.line.view(), "dedans");
  for (int times = 0; times < 5; ++times) {
    driver.press(Key::kTab);
    EXPECT_FALSE(driver.find("a.open")->focused);
    EXPECT_FALSE(driver.find("a.below")->focused);
  }
  driver.press(Key::kEscape);
  EXPECT_FALSE(probe.open);
  driver.frames(2);
  EXPECT_TRUE(driver.find("a.open")->focused);
}

TEST(Sheets, WhatIsBelowDoesNotGetTheMouse) {
  Driver driver;
  SheetProbe probe;
  int below = 0;
  driver.frame([&](Ui& ui) {
    below += button(ui, "a.under", "Under") ? 1 : 0;
    probe.draw(ui);
  });
  probe.open = true;
  driver.frames(3);
  driver.click("a.under");
  EXPECT_EQ(below, 0);
  EXPECT_TRUE(probe.open);
  driver.click("a.sheet.close");
  EXPECT_FALSE(probe.open);
}

TEST(Sheets, TwoStackAndEscapeClosesTheUpperOne) {
  Driver driver;
  bool lower = true;
  bool upper = false;
  // The upper one is drawn first, as the frame around the screens may do.
  driver.frame([&](Ui& ui) {
    if (begin_sheet(ui, "a.upper", "Upper", 300, upper)) {
      button(ui, "a.upper.ok", "OK");
      end_sheet(ui);
    }
    if (begin_sheet(ui, "a.lower", "Lower", 500, lower)) {
      button(ui, "a.lower.ok", "OK");
      end_sheet(ui);
    }
  });
  driver.frames(3);
  upper = true;
  driver.frames(3);
  EXPECT_TRUE(driver.find("a.upper.ok")->focused);
  EXPECT_FALSE(driver.find("a.lower.ok")->focused);
  driver.press(Key::kEscape);
  EXPECT_FALSE(upper);
  EXPECT_TRUE(lower);
  driver.frames(2);
  EXPECT_TRUE(driver.find("a.lower.ok")->focused);
}

TEST(Sheets, AFieldFarBelowTakesWhatIsTypedFromTheStart) {
  Driver driver;
  bool open = false;
  Line line;
  driver.frame([&](Ui& ui) {
    if (begin_sheet(ui, "a.sheet", "Long", 300, open)) {
      for (int row = 0; row < 12; ++row) {
        text(ui, TextKind::kText, "line");
      }
      text_field(ui, "a.sheet.line", "Line", line.span());
      end_sheet(ui);
    }
  });
  open = true;
  driver.frames(3);
  driver.type("ici");
  EXPECT_EQ(line.view(), "ici");
}

TEST(Sheets, OneThatTakesThePlaceOfAnotherKeepsTheKeyboard) {
  Driver driver;
  bool first = false;
  bool second = false;
  bool focus = false;
  Line line;
  driver.frame([&](Ui& ui) {
    if (begin_sheet(ui, "a.second", "Second", 300, second)) {
      button(ui, "a.second.before", "Before");
      text_field(ui, "a.second.line", "Line", line.span(), {.focus = std::exchange(focus, false)});
      end_sheet(ui);
    }
    first = button(ui, "a.open", "Open") || first;
    if (begin_sheet(ui, "a.first", "First", 300, first)) {
      if (button(ui, "a.first.go", "Go")) {
        first = false;
        second = true;
        focus = true;
      }
      end_sheet(ui);
    }
  });
  driver.press(Key::kTab);
  driver.press(Key::kEnter);
  ASSERT_TRUE(first);
  driver.click("a.first.go");
  driver.frames(4);
  ASSERT_TRUE(second);
  driver.type("ici");
  EXPECT_EQ(line.view(), "ici");
  EXPECT_TRUE(driver.find("a.second.line")->focused);
  driver.press(Key::kEscape);
  driver.frames(3);
  EXPECT_TRUE(driver.find("a.open")->focused);
}

TEST(Sheets, OneThatIsHigherThanTheWindowScrolls) {
  Driver driver(ThemeKind::kLight, 1, {800, 400});
  bool open = true;
  driver.frame([&](Ui& ui) {
    if (begin_sheet(ui, "a.sheet", "High", 400, open)) {
      button(ui, "a.sheet.top", "Top");
      for (int line = 0; line < 40; ++line) {
        text(ui, TextKind::kText, "line");
      }
      button(ui, "a.sheet.ok", "OK");
      end_sheet(ui);
    }
  });
  driver.frames(3);
  EXPECT_FALSE(driver.find("a.sheet.ok")->visible);
  driver.press(Key::kTab);
  driver.frames(3);
  EXPECT_TRUE(driver.find("a.sheet.ok")->focused);
  EXPECT_TRUE(driver.find("a.sheet.ok")->visible);
}

}  // namespace
}  // namespace coffre::ui
