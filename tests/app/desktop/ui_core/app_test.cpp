// The frame around the screens.
#include "app/desktop/ui_core/app.h"

#include <algorithm>

#include "app/common/i18n.h"
#include "app/desktop/ui_core/preferences.h"
#include "tests/app/desktop/ui_core/app_rig.h"

namespace coffre::ui {
namespace {

using test::AppRig;
using test::InLanguage;
using test::lives;
using test::VaultFixture;

class SecondScreen final : public Screen {
 public:
  [[nodiscard]] const char* id() const override { return "journal"; }
  [[nodiscard]] const char* label() const override { return "Account"; }
  [[nodiscard]] const char* icon() const override { return icon::kJournal; }
  [[nodiscard]] bool is_available() const override { return true; }
  void add_commands(Commands& /*commands*/) override {}
  void draw(Ui& ui, const Rect& area) override {
    begin_panel(ui, "second.panel", area, ui.theme.ground);
    text(ui, TextKind::kTitle, "The second screen");
    end_panel(ui);
  }
};
std::unique_ptr<Screen> make_second(Services& /*services*/) {
  return std::make_unique<SecondScreen>();
}

class HiddenScreen final : public Screen {
 public:
  [[nodiscard]] const char* id() const override { return "hidden"; }
  [[nodiscard]] const char* label() const override { return "Password"; }
  [[nodiscard]] const char* icon() const override { return icon::kKey; }
  [[nodiscard]] bool is_available() const override { return false; }
  void add_commands(Commands& /*commands*/) override { ADD_FAILURE() << "not for this account"; }
  void draw(Ui& /*ui*/, const Rect& /*area*/) override { ADD_FAILURE() << "not for this account"; }
};
std::unique_ptr<Screen> make_hidden(Services& /*services*/) {
  return std::make_unique<HiddenScreen>();
}

const std::vector<ScreenMaker> kTwo = {test::make_test_screen, make_hidden, make_second};

class AppTest : public testing::Test {
 protected:
  InLanguage english_{Language::kEnglish};
  VaultFixture vault_;
};

TEST_F(AppTest, TheRailGoesToTheScreensOfThisAccount) {
  AppRig rig(vault_, {.screens = kTwo});
  rig.unlock("marie");
  EXPECT_TRUE(rig.driver.has("rail.dossiers"));
  EXPECT_FALSE(rig.driver.has("rail.hidden"));
  rig.driver.click("rail.journal");
  EXPECT_TRUE(rig.driver.shows("The second screen"));
  EXPECT_FALSE(rig.driver.has("test.field"));
  rig.driver.press(letter('1'), true);
  EXPECT_TRUE(rig.driver.has("test.field"));
  rig.driver.press(letter('2'), true);
  EXPECT_TRUE(rig.driver.shows("The second screen"));
  EXPECT_FALSE(rig.app->handle({letter('3'), true, false, false}));
}

TEST_F(AppTest, AnAccountWithoutAnyScreenIsToldSo) {
  AppRig rig(vault_, {.screens = {make_hidden}});
  rig.unlock("bill");
  EXPECT_TRUE(rig.driver.has("session.nothing"));
  rig.expect_tidy("no screen");
}

TEST_F(AppTest, TheSearchFieldAsksTheScreenThatIsShownElseTheFirstThatSearches) {
  AppRig rig(vault_, {.screens = kTwo});
  rig.unlock("marie");
  rig.driver.press(letter('F'), true);
  rig.driver.type("Zo");
  EXPECT_EQ(lives().searched, (std::vector<std::string>{"Z", "Zo"}));
  rig.driver.click("rail.journal");
  rig.driver.press(letter('F'), true);
  rig.driver.type("x");
  EXPECT_TRUE(rig.driver.has("test.field")) << "back at the screen that searches";
  EXPECT_EQ(lives().searched.back(), "x");
}

TEST_F(AppTest, ThePaletteFindsCommandsAsOneTypes) {
  AppRig rig(vault_, {.screens = kTwo});
  rig.unlock("marie");
  rig.driver.press(letter('K'), true);
  ASSERT_TRUE(rig.driver.has("palette.app.lock"));
  EXPECT_TRUE(rig.driver.has("palette.app.about"));
  rig.expect_tidy("palette");
  rig.driver.save_picture("palette");
  rig.driver.type("cur dra");
  EXPECT_TRUE(rig.driver.has("palette.app.curtain"));
  EXPECT_FALSE(rig.driver.has("palette.app.about"));
  rig.driver.press(Key::kEnter);
  EXPECT_TRUE(rig.driver.has("curtain"));
}

TEST_F(AppTest, ArrowsChooseInThePalette) {
  AppRig rig(vault_);
  rig.unlock("marie");
  rig.driver.press(letter('K'), true);
  rig.driver.type("about");
  EXPECT_TRUE(rig.driver.find("palette.app.about")->focused);
  rig.driver.press(Key::kDown);
  rig.driver.press(Key::kUp);
  rig.driver.press(Key::kEnter);
  EXPECT_TRUE(rig.driver.shows("1.2.3"));
  rig.expect_tidy("about");
  rig.driver.press(Key::kEscape);
  EXPECT_FALSE(rig.driver.shows("1.2.3"));
}

TEST_F(AppTest, EscapeClosesThePaletteAndAClickRuns) {
  AppRig rig(vault_);
  rig.unlock("marie");
  rig.driver.press(letter('K'), true);
  rig.driver.press(Key::kEscape);
  EXPECT_FALSE(rig.driver.has("palette.app.lock"));
  rig.driver.press(letter('K'), true);
  rig.driver.type("preferences language");
  rig.driver.type("");
  rig.driver.press(Key::kEscape);
  rig.driver.press(letter('K'), true);
  rig.driver.type("language");
  rig.driver.click("palette.app.preferences");
  EXPECT_TRUE(rig.driver.has("preferences.title"));
}

TEST_F(AppTest, WhileASheetIsOpenOnlyTheFramesOwnKeysWork) {
  AppRig rig(vault_, {.screens = kTwo});
  rig.unlock("marie");
  rig.driver.press(letter('E'), true);
  ASSERT_TRUE(rig.driver.has("test.sheet_field"));
  EXPECT_FALSE(rig.app->handle({letter('2'), true, false, false}));
  EXPECT_FALSE(rig.app->handle({letter('K'), true, false, false}));
  EXPECT_TRUE(rig.app->handle({Key::kF12}));
  rig.draw();
  EXPECT_TRUE(rig.driver.has("curtain"));
}

TEST_F(AppTest, AKeyThatIsTypedIntoAFieldRunsNoCommand) {
  AppRig rig(vault_);
  rig.unlock("marie");
  EXPECT_TRUE(rig.app->handle({letter('D')})) << "nothing is being typed";
  rig.driver.click("test.field");
  EXPECT_FALSE(rig.app->handle({letter('D')}));
  EXPECT_FALSE(rig.app->handle({Key::kDelete}));
  EXPECT_TRUE(rig.app->handle({letter('K'), true, false, false}));
}

TEST_F(AppTest, FilesAreAddedByWhoMayFile) {
  AppRig rig(vault_);
  rig.unlock("sec");
  ASSERT_TRUE(rig.driver.has("files.add"));
  rig.chosen.push_back({"/tmp/a.pdf", "/tmp/b.pdf"});
  rig.driver.click("files.add");
  EXPECT_EQ(lives().dropped, (std::vector<std::string>{"/tmp/a.pdf", "/tmp/b.pdf"}));
  ASSERT_EQ(rig.requests.size(), 1U);
  EXPECT_EQ(rig.requests[0].kind, ChooseRequest::Kind::kOpenFiles);
  rig.app->request_lock(LockCause::kRequest);
  rig.settle();
  lives().dropped.clear();
  rig.unlock("adm");
  EXPECT_FALSE(rig.driver.has("files.add"));
  rig.app->files_dropped({"/tmp/c.pdf"});
  rig.draw();
  EXPECT_TRUE(lives().dropped.empty());
  EXPECT_TRUE(rig.driver.shows("Your account may not file documents."));
}

TEST_F(AppTest, PreferencesChangeAtOnceAndAreRemembered) {
  AppRig rig(vault_);
  rig.unlock("marie");
  rig.driver.click("top.person");
  ASSERT_TRUE(rig.driver.has("preferences.title"));
  rig.driver.save_picture("preferences");
  EXPECT_EQ(rig.app->appearance(), Appearance{});
  rig.driver.click("preferences.theme.1");
  rig.driver.click("preferences.scale.3");
  EXPECT_EQ(rig.app->appearance(), (Appearance{ThemeKind::kDark, 200}));
  EXPECT_EQ(rig.settings["theme"], "dark");
  EXPECT_EQ(rig.settings["scale"], "200");
  rig.driver.click("preferences.minimise.2");
  EXPECT_EQ(rig.settings["minimise_after"], "120");
  rig.driver.click("preferences.language.1");
  EXPECT_TRUE(rig.driver.shows("Apparence"));
  EXPECT_EQ(rig.settings["language"], "fr");
}

TEST_F(AppTest, SettingsThatMakeNoSenseAreLeftOut) {
  Preferences preferences(
      [](std::string_view key) -> std::string {
        return key == "scale" ? "31337" : key == "theme" ? "pink" : "-5";
      },
      {});
  EXPECT_EQ(preferences.appearance(), Appearance{});
  EXPECT_EQ(preferences.minimise_after_s(), 0);
}

TEST_F(AppTest, TheWindowIsMinimisedAfterAWhileIfWanted) {
  AppRig rig(vault_, {.settings = {{"minimise_after", "60"}}});
  rig.driver.clock().advance(59'000);
  rig.app->tick();
  EXPECT_FALSE(rig.app->take_minimise_request());
  EXPECT_LE(rig.app->next_frame_in_ms(), 1'000);
  rig.driver.clock().advance(1'000);
  rig.app->tick();
  EXPECT_TRUE(rig.app->take_minimise_request());
  rig.driver.clock().advance(600'000);
  rig.app->tick();
  EXPECT_FALSE(rig.app->take_minimise_request()) << "once, until somebody comes back";
  rig.app->activity();
  rig.driver.clock().advance(60'000);
  rig.app->tick();
  EXPECT_TRUE(rig.app->take_minimise_request());
}

TEST_F(AppTest, TheRingLocks) {
  AppRig rig(vault_);
  rig.unlock("marie");
  rig.driver.click("top.lock");
  rig.settle();
  EXPECT_TRUE(rig.is_at_unlock());
}

TEST_F(AppTest, AJobIsShownAndCanBeCancelled) {
  AppRig rig(vault_);
  rig.unlock("marie");
  EXPECT_TRUE(rig.driver.shows("All is saved"));
  std::uint64_t id = 0;
  const auto progress = rig.app->services().jobs.begin_outside("Storing 3 documents", true, &id);
  progress->set(0.4F);
  EXPECT_TRUE(rig.app->wants_frame());
  rig.draw();
  EXPECT_TRUE(rig.driver.shows("Storing 3 documents"));
  EXPECT_TRUE(rig.driver.shows("40"));
  EXPECT_FALSE(rig.driver.shows("All is saved"));
  rig.expect_tidy("job");
  EXPECT_FALSE(rig.app->wants_frame());
  progress->set(0.5F);
  EXPECT_TRUE(rig.app->wants_frame());
  rig.draw();
  rig.driver.click("status.cancel");
  EXPECT_TRUE(progress->should_stop());
  rig.app->services().jobs.finish_outside(id, {});
  rig.settle();
  EXPECT_TRUE(rig.driver.shows("All is saved"));
}

TEST_F(AppTest, AToastGoesByItselfAndItsUndoRunsOnce) {
  AppRig rig(vault_);
  rig.unlock("marie");
  int undone = 0;
  rig.app->services().toasts.say("The document was moved", "Undo", [&] { ++undone; });
  rig.draw();
  ASSERT_TRUE(rig.driver.shows("The document was moved"));
  rig.driver.save_picture("toast");
  const auto undo = std::ranges::find_if(
      rig.driver.seen(), [](const SeenWidget& seen) { return seen.id.ends_with(".undo"); });
  ASSERT_NE(undo, rig.driver.seen().end());
  rig.driver.click(std::string(undo->id));
  EXPECT_EQ(undone, 1);
  EXPECT_FALSE(rig.driver.shows("The document was moved"));
  rig.app->services().toasts.say("Stored");
  rig.app->services().toasts.say_error(
      {Code::kNoSpace, N_("the disk is full"), "/srv", N_("free some space")});
  rig.draw();
  EXPECT_TRUE(rig.driver.shows("Stored"));
  rig.expect_tidy("toasts");
  EXPECT_LE(rig.app->next_frame_in_ms(), 5'000);
  rig.driver.clock().advance(5'000);
  rig.app->tick();
  EXPECT_TRUE(rig.app->wants_frame());
  rig.draw();
  EXPECT_FALSE(rig.driver.shows("Stored"));
}

TEST_F(AppTest, EscapeTakesTheNewestToastAndLeavesAFieldItsKey) {
  AppRig rig(vault_);
  rig.unlock("marie");
  rig.app->services().toasts.say("First");
  rig.app->services().toasts.say("Second");
  rig.draw();
  rig.driver.click("test.field");
  EXPECT_FALSE(rig.app->handle({Key::kEscape})) << "what is being typed has it";
  rig.driver.press(Key::kTab);
  rig.driver.press(Key::kEscape);
  EXPECT_TRUE(rig.driver.shows("First"));
  EXPECT_FALSE(rig.driver.shows("Second"));
  rig.driver.press(letter('E'), true);
  ASSERT_TRUE(rig.driver.has("test.sheet_field"));
  rig.driver.press(Key::kEscape);
  EXPECT_FALSE(rig.driver.has("test.sheet_field"));
  EXPECT_TRUE(rig.driver.shows("First")) << "the sheet was meant";
  rig.driver.press(Key::kEscape);
  EXPECT_FALSE(rig.driver.shows("First"));
  EXPECT_FALSE(rig.app->handle({Key::kEscape}));
}

TEST_F(AppTest, ToastsStandBetweenTheScreenAndTheStatusBarAndNoMoreThanFit) {
  for (const Language language : {Language::kEnglish, Language::kFrench}) {
    const InLanguage words(language);
    for (const float scale : {1.0F, 2.0F}) {
      AppRig rig(vault_, {.scale = scale});
      rig.unlock("marie");
      const float free_end = 800 - size::kStatusBar * scale;
      for (int count = 0; count < 4; ++count) {
        rig.app->services().toasts.say_error({Code::kNoSpace, N_("the disk is full"),
                                              "/srv/cabinet/" + std::string(120, 'x'),
                                              N_("free some space")});
        rig.app->services().toasts.say("Stored " + std::to_string(count), "Undo", [] {});
      }
      rig.draw();
      rig.expect_tidy("toasts");
      EXPECT_TRUE(rig.driver.shows("Stored 3")) << "the newest";
      float top = free_end;
      for (const SeenWidget& widget : rig.driver.seen()) {
        if (widget.id.starts_with("toast.")) {
          EXPECT_TRUE(widget.visible) << widget.id;
          EXPECT_LE(widget.max.y, free_end) << widget.id;
          top = std::min(top, widget.min.y);
        }
      }
      EXPECT_GE(top, 800 * 0.7F) << "a few lines, not the screen";
    }
  }
}

TEST_F(AppTest, TheFrameIsWholeInBothLanguagesSizesAndThemes) {
  for (const Language language : {Language::kEnglish, Language::kFrench}) {
    const InLanguage words(language);
    for (const float scale : {1.0F, 2.0F}) {
      for (const ThemeKind theme : {ThemeKind::kLight, ThemeKind::kDark, ThemeKind::kContrast}) {
        AppRig rig(vault_, {.scale = scale, .theme = theme, .screens = kTwo});
        const std::string where = std::string(language == Language::kEnglish ? "en" : "fr") + "_" +
                                  std::to_string(static_cast<int>(scale * 100)) + "_" +
                                  std::to_string(static_cast<int>(theme));
        rig.unlock("marie");
        ASSERT_TRUE(rig.is_in_session());
        rig.expect_tidy(where);
        rig.driver.save_picture("frame_" + where);
        EXPECT_FALSE(rig.app->wants_frame());
        rig.driver.press(letter('K'), true);
        rig.expect_tidy(where + " palette");
        rig.driver.type("zzz");
        EXPECT_TRUE(rig.driver.shows(tr(N_("No command has this name."))));
        rig.expect_tidy(where + " palette, nothing found");
        rig.driver.press(Key::kEscape);
        rig.driver.click("top.person");
        rig.expect_tidy(where + " preferences");
        rig.driver.press(Key::kEscape);
        rig.driver.press(Key::kF1);
        rig.expect_tidy(where + " about");
        rig.driver.press(Key::kEscape);
        rig.driver.clock().advance(275'000);
        rig.draw();
        EXPECT_TRUE(rig.driver.has("lock_notice"));
        rig.expect_tidy(where + " notice");
        rig.driver.save_picture("notice_" + where);
        rig.driver.press(Key::kF12);
        rig.expect_tidy(where + " curtain");
        rig.driver.save_picture("curtain_" + where);
      }
    }
  }
}

}  // namespace
}  // namespace coffre::ui
