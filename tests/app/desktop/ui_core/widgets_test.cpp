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

TEST(Fields, ChangesAndEnterAreTold) {
  Driver driver;
  Line line;
  std::vector<FieldEvent> events;
  driver.frame([&](Ui& ui) {
    const FieldEvent event = text_field(ui, "a.line", "Line", line.span(), {.focus = line.empty()});
    if (event != FieldEvent::kNone) {
      events.push_back(event);
    }
  });
  driver.frame();
  driver.type("ab");
  driver.press(Key::kEnter);
  EXPECT_EQ(events,
            (std::vector{FieldEvent::kChanged, FieldEvent::kChanged, FieldEvent::kEntered}));
  // And it can be typed on.
  EXPECT_TRUE(driver.find("a.line")->focused);
}

TEST(Fields, ABufferThatTheProgramChangesStaysChanged) {
  Driver driver;
  Line line;
  driver.frame([&](Ui& ui) { text_field(ui, "a.line", "Line", line.span()); });
  driver.click("a.line");
  driver.type("before");
  line.set("after");
  driver.frames(3);
  driver.type("!");
  EXPECT_EQ(line.view(), "!");  // it was selected as a whole, as when it is entered
}

TEST(Fields, UndoingWhatTheProgramEmptiedIsHarmless) {
  Driver driver;
  Line line;
  driver.frame([&](Ui& ui) {
    text_field(ui, "a.line", "Line", line.span());
    button(ui, "a.go", "Go");
  });
  driver.click("a.line");
  driver.type("some words");
  driver.press(Key::kTab);
  line.clear();
  driver.press(Key::kTab);
  ASSERT_TRUE(driver.find("a.line")->focused);
  driver.press(letter('Z'), true);
  driver.press(letter('Y'), true);
  EXPECT_TRUE(line.empty());
}

TEST(Fields, APasswordIsShownOnlyWhileTheEyeIsHeld) {
  Driver driver;
  PasswordLine password;
  driver.frame([&](Ui& ui) { password_field(ui, "a.password", "Password", password.span()); });
  driver.click("a.password");
  driver.type("Aa1!secret");
  EXPECT_EQ(password.view(), "Aa1!secret");
  driver.hold("a.password.eye");
  EXPECT_EQ(password.view(), "Aa1!secret");
  driver.release();
  EXPECT_EQ(password.view(), "Aa1!secret");
}

TEST(Fields, APasswordIsNotCopied) {
  Driver driver;
  PasswordLine password;
  Line line;
  driver.frame([&](Ui& ui) {
    password_field(ui, "a.password", "Password", password.span());
    text_field(ui, "a.line", "Line", line.span());
  });
  ImGui::SetClipboardText("clip");
  driver.click("a.password");
  driver.type("secret");
  driver.press(letter('A'), true);
  driver.press(letter('C'), true);
  driver.press(letter('X'), true);
  EXPECT_STREQ(ImGui::GetClipboardText(), "clip");
  EXPECT_EQ(password.view(), "secret");
}

TEST(Fields, TheErrorIsShownBelowAndAGreyedOneTakesNothing) {
  Driver driver;
  Line line;
  line.set("kept");
  const Availability greyed = Availability::greyed("read only here");
  driver.frame([&](Ui& ui) {
    text_field(ui, "a.line", "Line", line.span(), {.availability = &greyed});
    text_field(ui, "a.wrong", "Wrong", line.span(), {.error = "too short"});
  });
  EXPECT_FALSE(driver.enabled("a.line"));
  EXPECT_EQ(driver.find("a.line.message")->text, "read only here");
  EXPECT_EQ(driver.find("a.wrong.message")->text, "too short");
  EXPECT_GT(driver.find("a.wrong.message")->min.y, driver.find("a.wrong")->max.y - 1);
}

TEST(Choices, ArrowsChangeItAndTheListPicks) {
  Driver driver;
  const std::vector<std::string> items = {"Un", "Deux", "Trois"};
  std::size_t chosen = 0;
  driver.frame([&](Ui& ui) { choice(ui, "a.choice", "Choice", items, chosen, {.width = 200}); });
  driver.press(Key::kTab);
  driver.press(Key::kDown);
  EXPECT_EQ(chosen, 1U);
  driver.click("a.choice");
  ASSERT_TRUE(driver.has("a.choice.2"));
  driver.click("a.choice.2");
  EXPECT_EQ(chosen, 2U);
  EXPECT_FALSE(driver.has("a.choice.2"));
}

TEST(Choices, TheListIsLeftByEscapeUnchangedAndTheKeyboardComesBack) {
  Driver driver;
  const std::vector<std::string> items = {"Un", "Deux", "Trois"};
  std::size_t chosen = 1;
  driver.frame([&](Ui& ui) {
    button(ui, "a.go", "Go");
    choice(ui, "a.choice", "Choice", items, chosen, {.width = 200});
  });
  driver.press(Key::kTab);
  driver.press(Key::kTab);
  driver.press(Key::kEnter);
  ASSERT_TRUE(driver.has("a.choice.0"));
  driver.press(Key::kDown);
  driver.press(Key::kEscape);
  EXPECT_EQ(chosen, 1U);
  EXPECT_FALSE(driver.has("a.choice.0"));
  EXPECT_TRUE(driver.find("a.choice")->focused);
  driver.press(Key::kEnter);
  driver.press(Key::kDown);
  driver.press(Key::kEnter);
  EXPECT_EQ(chosen, 2U);
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
