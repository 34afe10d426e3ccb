// Fields and choices: what is typed, shown and picked.
#include <gtest/gtest.h>

#include "app/desktop/ui_core/widgets.h"
#include "tests/app/desktop/support/driver.h"

namespace coffre::ui {
namespace {

using test::Driver;

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

}  // namespace
}  // namespace coffre::ui
