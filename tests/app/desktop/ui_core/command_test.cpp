// Commands: what is hidden or greyed does not run, whoever asks for it.
#include "app/desktop/ui_core/command.h"

#include <gtest/gtest.h>

#include "app/desktop/ui_core/screen.h"
#include "app/desktop/ui_core/widgets.h"
#include "tests/app/desktop/support/driver.h"

namespace coffre::ui {
namespace {

using test::Driver;
using test::InLanguage;

Command counting(const char* id, int& count, Shortcut shortcut = {},
                 std::function<Availability()> availability = {}) {
  return {id, "Label", "", shortcut, std::move(availability), [&count] { ++count; }};
}

TEST(Commands, RunByNameAndByShortcut) {
  Commands commands;
  int count = 0;
  commands.add(counting("a.one", count, {letter('E'), true}));
  EXPECT_TRUE(commands.run("a.one"));
  EXPECT_TRUE(commands.run(Shortcut{letter('E'), true}));
  EXPECT_FALSE(commands.run(Shortcut{letter('E'), true, true}));
  EXPECT_FALSE(commands.run("a.two"));
  EXPECT_FALSE(commands.run(Shortcut{}));
  EXPECT_EQ(count, 2);
}

TEST(Commands, WhatIsHiddenOrGreyedDoesNotRun) {
  Commands commands;
  int count = 0;
  commands.add(counting("a.hidden", count, {Key::kF5}, [] { return Availability::hidden(); }));
  commands.add(counting("a.greyed", count, {Key::kF5}, [] { return Availability::greyed("no"); }));
  EXPECT_FALSE(commands.run("a.hidden"));
  EXPECT_FALSE(commands.run("a.greyed"));
  EXPECT_FALSE(commands.run(Shortcut{Key::kF5}));
  // The first that is ready has the key.
  commands.add(counting("a.ready", count, {Key::kF5}));
  EXPECT_TRUE(commands.run(Shortcut{Key::kF5}));
  EXPECT_EQ(count, 1);
}

TEST(Commands, TheSameNameReplaces) {
  Commands commands;
  int first = 0;
  int second = 0;
  commands.add(counting("a.one", first));
  commands.add(counting("a.one", second));
  EXPECT_EQ(commands.all().size(), 1U);
  EXPECT_TRUE(commands.run("a.one"));
  EXPECT_EQ(first, 0);
  EXPECT_EQ(second, 1);
}

TEST(Commands, OneMayRemoveAllWhileItRuns) {
  Commands commands;
  const auto kept = std::make_shared<int>(0);
  commands.add({"a.lock", "Lock", "", {}, {}, [&commands, kept] {
                  commands.clear();
                  ++*kept;  // of the function itself, which has to live on
                }});
  EXPECT_TRUE(commands.run("a.lock"));
  EXPECT_EQ(*kept, 1);
  EXPECT_TRUE(commands.all().empty());
}

TEST(Commands, AButtonRunsItAndIsNotDrawnWhenItIsHidden) {
  Driver driver;
  int count = 0;
  bool hidden = false;
  const Command command = counting("a.one", count, {letter('E'), true}, [&] {
    return hidden ? Availability::hidden() : Availability::ready();
  });
  driver.frame([&](Ui& ui) { command_button(ui, command, ButtonKind::kPrimary); });
  driver.click("a.one");
  EXPECT_EQ(count, 1);
  hidden = true;
  driver.frame();
  EXPECT_FALSE(driver.has("a.one"));
}

TEST(Shortcuts, AreWrittenAsOnTheKeyboardOfTheLanguage) {
  const Shortcut all{letter('E'), true, true, true};
  {
    const InLanguage french(Language::kFrench);
    EXPECT_EQ(text_of(all), "Ctrl+Alt+Maj+E");
    EXPECT_EQ(text_of(Shortcut{Key::kDelete}), "Suppr");
    EXPECT_EQ(text_of(Shortcut{Key::kEscape}), "Échap");
  }
  const InLanguage english(Language::kEnglish);
  EXPECT_EQ(text_of(all), "Ctrl+Alt+Shift+E");
  EXPECT_EQ(text_of(Shortcut{Key::kF12}), "F12");
  EXPECT_EQ(text_of(Shortcut{letter('+'), true}), "Ctrl++");
  EXPECT_EQ(text_of(Shortcut{}), "");
}

TEST(ErrorTexts, SayWhatOnWhatAndWhatToDo) {
  const Error error{Code::kNotFound, "a font is missing", "Inter-Regular.otf",
                    "install fonts-inter and fonts-material-design-icons-iconfont"};
  {
    const InLanguage french(Language::kFrench);
    const ErrorText text = text_of(error);
    EXPECT_EQ(text.what, "Une police de caractères manque\u00A0: Inter-Regular.otf");
    EXPECT_EQ(text.hint, "Installez fonts-inter et fonts-material-design-icons-iconfont.");
  }
  const InLanguage english(Language::kEnglish);
  EXPECT_EQ(text_of(error).what, "A font is missing: Inter-Regular.otf");
  EXPECT_EQ(text_of({Code::kLocked, "the session is locked", "", ""}).what,
            "The session is locked.");
  EXPECT_EQ(text_of({Code::kLocked, "the session is locked", "", ""}).hint, "");
}

TEST(ErrorTexts, WhatWouldDrawOverThePageIsMadeVisible) {
  const InLanguage english(Language::kEnglish);
  const ErrorText text = text_of({Code::kFailed, "a font is missing", "a\nb\u202E", ""});
  EXPECT_EQ(text.what.find('\n'), std::string::npos);
  EXPECT_EQ(text.what.find("\u202E"), std::string::npos);
}

}  // namespace
}  // namespace coffre::ui
