// Widgets: what a person does to them by mouse and by keyboard, and that nothing is cut.
#include "app/desktop/ui_core/widgets.h"

#include <gtest/gtest.h>

#include "app/desktop/ui_core/icons.h"
#include "app/desktop/ui_core/screen.h"
#include "tests/app/desktop/support/driver.h"

namespace coffre::ui {
namespace {

using test::Driver;

TEST(Buttons, AClickIsOnePress) {
  Driver driver;
  int pressed = 0;
  driver.frame([&](Ui& ui) { pressed += button(ui, "a.go", "Go") ? 1 : 0; });
  driver.click("a.go");
  EXPECT_EQ(pressed, 1);
}

TEST(Buttons, PressedOutsideAndDraggedInIsNoPress) {
  Driver driver;
  int pressed = 0;
  driver.frame([&](Ui& ui) {
    pressed += button(ui, "a.go", "Go") ? 1 : 0;
    gap(ui, 40);
    button(ui, "a.other", "Other");
  });
  driver.hold("a.other");
  driver.hover("a.go");
  driver.release();
  EXPECT_EQ(pressed, 0);
}

TEST(Buttons, AGreyedOneDoesNothingAndSaysWhyInATip) {
  Driver driver;
  int pressed = 0;
  driver.frame([&](Ui& ui) {
    pressed += button(ui, "a.go", "Go", ButtonKind::kPrimary, "",
                      Availability::greyed("not before the vault is unlocked"))
                   ? 1
                   : 0;
  });
  ASSERT_TRUE(driver.has("a.go"));
  EXPECT_FALSE(driver.enabled("a.go"));
  const ImVec2 at = driver.find("a.go")->min;
  driver.click_at({at.x + 5, at.y + 5});
  driver.press(Key::kTab);
  driver.press(Key::kEnter);
  EXPECT_EQ(pressed, 0);
  EXPECT_TRUE(driver.find("a.go")->focused);
}

TEST(Buttons, AHiddenOneIsNotThere) {
  Driver driver;
  driver.frame(
      [&](Ui& ui) { button(ui, "a.go", "Go", ButtonKind::kPlain, "", Availability::hidden()); });
  EXPECT_FALSE(driver.has("a.go"));
}

TEST(Buttons, ALabelThatDoesNotFitIsReported) {
  Driver driver;
  float width = 300;
  driver.frame([&](Ui& ui) {
    button(ui, "a.go", "A label of some length", ButtonKind::kPlain, icon::kCheck, {}, width);
  });
  EXPECT_TRUE(driver.none_cut());
  width = 60;
  driver.frame();
  EXPECT_FALSE(driver.none_cut());
}

TEST(Keyboard, TabGoesThroughAllInOrderAndAround) {
  Driver driver;
  Line line;
  bool on = false;
  driver.frame([&](Ui& ui) {
    button(ui, "a.one", "One");
    text_field(ui, "a.two", "Two", line.span());
    checkbox(ui, "a.three", "Three", on);
  });
  for (const char* id : {"a.one", "a.two", "a.three", "a.one"}) {
    driver.press(Key::kTab);
    EXPECT_TRUE(driver.find(id)->focused) << id;
  }
  driver.press(Key::kTab, false, true);
  EXPECT_TRUE(driver.find("a.three")->focused);
}

TEST(Keyboard, EnterAndSpacePressTheFocusedButtonOnly) {
  Driver driver;
  int one = 0;
  int two = 0;
  driver.frame([&](Ui& ui) {
    one += button(ui, "a.one", "One") ? 1 : 0;
    two += button(ui, "a.two", "Two") ? 1 : 0;
  });
  driver.press(Key::kEnter);
  EXPECT_EQ(one + two, 0);
  driver.press(Key::kTab);
  driver.press(Key::kTab);
  driver.press(Key::kEnter);
  driver.press(Key::kSpace);
  EXPECT_EQ(one, 0);
  EXPECT_EQ(two, 2);
}

TEST(Keyboard, WhatIsTypedRightAfterTabArrives) {
  Driver driver;
  Line first;
  Line second;
  driver.frame([&](Ui& ui) {
    text_field(ui, "a.first", "First", first.span());
    text_field(ui, "a.second", "Second", second.span());
  });
  driver.press(Key::kTab);
  driver.type("Zoé");
  driver.press(Key::kTab);
  driver.type("Lefèvre");
  EXPECT_EQ(first.view(), "Zoé");
  EXPECT_EQ(second.view(), "Lefèvre");
}

TEST(Keyboard, TypingAfterLeavingAFieldGoesNowhere) {
  Driver driver;
  Line line;
  driver.frame([&](Ui& ui) {
    text_field(ui, "a.line", "Line", line.span());
    button(ui, "a.go", "Go");
  });
  driver.press(Key::kTab);
  driver.type("x");
  driver.press(Key::kTab);
  driver.type("yz");
  EXPECT_EQ(line.view(), "x");
}

TEST(Segments, OneIsChosenByMouseOrArrows) {
  Driver driver;
  const std::vector<std::string> items = {"15 min", "1 h", "Ce soir"};
  std::size_t chosen = 0;
  driver.frame([&](Ui& ui) { segments(ui, "a.time", items, chosen); });
  driver.click("a.time.2");
  EXPECT_EQ(chosen, 2U);
  driver.press(Key::kLeft);
  EXPECT_EQ(chosen, 1U);
}

TEST(Checkboxes, ClickAndSpaceSwitch) {
  Driver driver;
  bool on = false;
  driver.frame([&](Ui& ui) { checkbox(ui, "a.box", "Duplex", on); });
  driver.click("a.box");
  EXPECT_TRUE(on);
  driver.press(Key::kSpace);
  EXPECT_FALSE(on);
}

TEST(Menus, ACommandRunsFromTheMenuAndAGreyedOneDoesNot) {
  Driver driver;
  int ran = 0;
  Command first{"a.first", "First", icon::kEdit, {}, {}, [&] { ++ran; }};
  Command greyed{
      "a.greyed",         "Greyed", "", {}, [] { return Availability::greyed("not now"); },
      [&] { ran += 100; }};
  Command hidden{"a.hidden", "Hidden", "", {}, [] { return Availability::hidden(); }, {}};
  const std::vector<const Command*> commands = {&hidden, &greyed, &first};
  driver.frame([&](Ui& ui) { command_menu(ui, "a.menu", icon::kMore, "More", commands); });
  driver.click("a.menu");
  ASSERT_TRUE(driver.has("a.menu.1"));
  EXPECT_FALSE(driver.has("a.menu.2"));
  EXPECT_FALSE(driver.enabled("a.menu.0"));
  driver.press(Key::kEnter);  // on the greyed one
  EXPECT_EQ(ran, 0);
  driver.click("a.menu.1");
  EXPECT_EQ(ran, 1);
}

TEST(Texts, AFittedOneIsCutAtACharacterAndSaysSo) {
  Driver driver;
  driver.frame([&](Ui& ui) { fitted(ui, TextKind::kText, "éèêëéèêëéèêë", 60); });
  EXPECT_FALSE(driver.none_cut());
  driver.frame([&](Ui& ui) { fitted(ui, TextKind::kText, "éèê", 60); });
  EXPECT_TRUE(driver.none_cut());
}

TEST(Texts, InitialsLeaveTheTitleOut) {
  Driver driver;
  driver.frame([&](Ui& ui) {
    avatar(ui, "Dr Claire Aubry", 32);
    avatar(ui, "élodie œillet", 32);
    avatar(ui, "marie", 32);
    avatar(ui, "", 32);
  });
  std::vector<std::string> letters;
  for (const SeenWidget& widget : driver.seen()) {
    letters.push_back(widget.text);
  }
  EXPECT_EQ(letters, (std::vector<std::string>{"CA", "ÉŒ", "M", "?"}));
}

TEST(Texts, AGapIsWhatItSays) {
  Driver driver;
  driver.frame([&](Ui& ui) {
    button(ui, "a.one", "One");
    gap(ui, 20);
    button(ui, "a.two", "Two");
  });
  EXPECT_FLOAT_EQ(driver.find("a.two")->min.y - driver.find("a.one")->max.y, 20);
}

TEST(Buffers, ATextIsCutAtACharacterAndWiped) {
  TextBuffer<6> buffer;
  buffer.set("abcdé");
  EXPECT_EQ(buffer.view(), "abcd");
  buffer.clear();
  for (const char c : buffer.span()) {
    EXPECT_EQ(c, '\0');
  }
}

}  // namespace
}  // namespace coffre::ui
