// All screens in the whole program: every command from the keyboard, and what stands around them.
#include <algorithm>
#include <map>
#include <set>

#include "app/desktop/screens/dossiers.h"
#include "app/desktop/screens/journal_screen.h"
#include "app/desktop/screens/security_screen.h"
#include "app/desktop/screens/team_screen.h"
#include "tests/app/desktop/screens/dossiers_fixture.h"
#include "tests/app/desktop/ui_core/app_rig.h"
#include "tests/support/temp_dir.h"

namespace coffre::test {
namespace {

using ui::Availability;
using ui::Commands;
using ui::Key;
using ui::letter;

// The records' screen with pages that are drawn by a fake, in which one word is found.
std::unique_ptr<ui::Screen> make_records(ui::Services& services) {
  return std::make_unique<ui::DossiersScreen>(
      services,
      [](Vault& vault, const Document& document,
         const std::optional<EarlierVersion>& /*earlier*/) -> Result<ui::StartPages> {
        COFFRE_TRY(vault.view_document(document.id, {}, [](ByteView) { return Status(); }));
        return []() -> Result<std::shared_ptr<ui::DocumentPages>> {
          auto pages = std::make_shared<FakePages>();
          pages->words = {{"thorax"}, {"thorax"}, {}};
          return pages;
        };
      });
}
// What the workstation notes about the vault: of this test only.
std::string& notes_directory() {
  static std::string only;
  return only;
}
std::unique_ptr<ui::Screen> make_journal(ui::Services& services) {
  return std::make_unique<ui::JournalScreen>(services, notes_directory());
}
std::unique_ptr<ui::Screen> make_security(ui::Services& services) {
  return std::make_unique<ui::SecurityScreen>(services, notes_directory());
}
const std::vector<ui::ScreenMaker> kScreens = {make_records, make_journal, ui::make_team_screen,
                                               make_security};

class Screens : public testing::Test {
 protected:
  void SetUp() override {
    notes_directory() = notes_.path();
    const Id filed = file_typed(vault_, "medical", "Radiographie", "Imagerie", "2026-01-02");
    const auto secretary = vault_.practice().unlock("sec", "second");
    ASSERT_TRUE(secretary);
    ASSERT_TRUE((*secretary)->ask_reader(filed, RequestKind::kMove, "Mme Petit"));
    const Result<Id> card =
        file_document(**secretary, "administrative", vault_.patient(), sample_bytes(100), "Carte");
    ASSERT_TRUE(card);
    add_version(vault_, *card, 200);
  }
  // A person at work: the only patient and the first document are in hand.
  [[nodiscard]] std::unique_ptr<AppRig> at_work(const std::string& user) {
    auto rig = std::make_unique<AppRig>(vault_, AppRigOptions{.screens = kScreens});
    rig->unlock(user);
    EXPECT_TRUE(rig->is_in_session());
    rig->settle();
    if (rig->driver.has("patients.0")) {
      rig->driver.click("patients.0");
      rig->settle();
    }
    if (rig->driver.has("documents.0")) {
      rig->driver.click("documents.0");
      rig->settle();
    }
    return rig;
  }

  InLanguage english_{Language::kEnglish};
  VaultFixture vault_;
  TempDir notes_;
};

// What is on the screen, without what differs from one session to the next or with the pointer. The
// rig has no textures, so that a page is an error, whose zoom depends on when the viewer answered.
std::vector<std::string> what_is_shown(AppRig& rig) {
  std::vector<std::string> shown;
  const bool is_journal = rig.driver.has("journal.words");
  for (const ui::SeenWidget& widget : rig.driver.seen()) {
    const bool is_row = is_journal && widget.id.starts_with("journal.list.");
    const bool is_zoom = widget.text.ends_with("\u202f%");
    if (!is_row && !is_zoom) {
      const bool counts = is_journal || widget.id == "security.report";
      shown.push_back(counts ? widget.id : widget.id + "|" + widget.text);
    }
  }
  shown.push_back("dialogs " + std::to_string(rig.requests.size()));
  shown.push_back("quits " + std::to_string(rig.app->take_quit_request() ? 1 : 0));
  std::ranges::sort(shown);
  const auto same = std::ranges::unique(shown);
  shown.erase(same.begin(), same.end());
  return shown;
}

// With the keyboard alone, from wherever one is.
void run_in_palette(AppRig& rig, const std::string& id) {
  rig.driver.press(letter('K'), true);
  const std::string row = "palette." + id;
  ASSERT_TRUE(rig.driver.has(row)) << id;
  const std::size_t count = rig.app->services().commands.all().size();
  for (std::size_t down = 0; down < count && !rig.driver.find(row)->focused; ++down) {
    rig.driver.press(Key::kDown);
  }
  ASSERT_TRUE(rig.driver.find(row)->focused) << id;
  EXPECT_TRUE(rig.driver.find(row)->visible) << id << " is scrolled to";
  rig.driver.press(Key::kEnter);
  rig.settle();
}

void run_by_its_button(AppRig& rig, const std::string& id) {
  if (rig.driver.has(id) && rig.driver.enabled(id)) {
    rig.driver.click(id);
  } else {
    EXPECT_TRUE(rig.app->services().commands.run(id)) << id;
    rig.draw();
  }
  rig.settle();
}

std::vector<std::string> ids_of(AppRig& rig, Availability::Kind kind) {
  std::vector<std::string> ids;
  for (const ui::Command& command : rig.app->services().commands.all()) {
    if (Commands::availability_of(command).kind == kind) {
      ids.emplace_back(command.id);
    }
  }
  return ids;
}

// Every command that can be done does the same from the palette as by its button. Shortcuts run the
// same command (command_test.cpp), and mean one at a time (below).
TEST_F(Screens, EveryCommandIsDoneFromTheKeyboardAsByItsButton) {
  std::set<std::string> done;
  std::set<std::string> all;
  for (const char* user : {"marie", "sec"}) {
    std::vector<std::string> ready;
    {
      const auto rig = at_work(user);
      ready = ids_of(*rig, Availability::Kind::kReady);
      for (const ui::Command& command : rig->app->services().commands.all()) {
        all.insert(command.id);
      }
    }
    for (const std::string& id : ready) {
      if (!done.insert(id).second) {
        continue;
      }
      std::vector<std::string> by_button;
      {
        const auto rig = at_work(user);
        run_by_its_button(*rig, id);
        by_button = what_is_shown(*rig);
      }
      {
        const auto rig = at_work(user);
        run_in_palette(*rig, id);
        std::vector<std::string> other;
        std::ranges::set_symmetric_difference(what_is_shown(*rig), by_button,
                                              std::back_inserter(other));
        EXPECT_EQ(other, std::vector<std::string>()) << id << " from the palette";
      }
    }
  }
  std::vector<std::string> never;
  std::ranges::set_difference(all, done, std::back_inserter(never));
  // F5 on the journal's own screen, and what needs a document that is open elsewhere, an earlier
  // version that is looked at, or a hold, are in their tests.
  EXPECT_EQ(never, (std::vector<std::string>{"document.bring_back", "document.close_opened",
                                             "document.lift_hold", "document.present",
                                             "journal.refresh", "patient.lift_hold"}));
}

TEST_F(Screens, WhatCannotBeDoneNowIsListedWithTheReasonAndDoesNothing) {
  const auto rig = at_work("prac");
  rig->driver.press(Key::kLeft, false, false, true);  // no document in hand
  rig->settle();
  const std::vector<std::string> before = what_is_shown(*rig);
  const std::vector<std::string> greyed = ids_of(*rig, Availability::Kind::kGreyed);
  ASSERT_FALSE(greyed.empty());
  for (const std::string& id : greyed) {
    const ui::Command* command = rig->app->services().commands.find(id);
    EXPECT_STRNE(Commands::availability_of(*command).reason, "") << id;
    run_in_palette(*rig, id);
    ASSERT_TRUE(rig->driver.has("palette.words")) << id << " ran";
    rig->driver.press(Key::kEscape);
    EXPECT_EQ(what_is_shown(*rig), before) << id;
  }
  rig->driver.press(letter('K'), true);
  for (const std::string& id : ids_of(*rig, Availability::Kind::kHidden)) {
    EXPECT_FALSE(rig->driver.has("palette." + id)) << id;
  }
}

TEST_F(Screens, AShortcutMeansOneThingAtATime) {
  const auto rig = at_work("marie");
  for (const char* screen : {"dossiers", "journal", "team", "security"}) {
    rig->app->services().go(screen);
    rig->settle();
    std::map<std::string, std::string> taken;
    for (const std::string& id : ids_of(*rig, Availability::Kind::kReady)) {
      const std::string keys = text_of(rig->app->services().commands.find(id)->shortcut);
      if (!keys.empty()) {
        EXPECT_TRUE(taken.emplace(keys, id).second)
            << keys << " on " << screen << ": " << id << " and " << taken[keys];
      }
    }
  }
}

// Toasts have a strip of their own: no control of any screen is below them.
TEST_F(Screens, ToastsCoverNoControl) {
  for (const Look& look : kLooks) {
    const InLanguage language(look.language);
    AppRig rig(vault_, {.scale = look.scale, .screens = kScreens, .size = look.size});
    rig.unlock("marie");
    rig.settle();
    rig.driver.click("patients.0");
    rig.settle();
    rig.driver.click("documents.0");
    rig.settle();
    ASSERT_TRUE(rig.driver.has("document.export"));
    rig.app->services().toasts.say("Filed", "Undo", [] {});
    rig.app->services().toasts.say_error(
        {Code::kNoSpace, N_("the disk is full"), "/srv", N_("free some space")});
    for (const char* screen : {"dossiers", "journal", "team", "security"}) {
      rig.app->services().go(screen);
      rig.settle();
      float top = look.size.y;
      float bottom = 0;
      for (const ui::SeenWidget& widget : rig.driver.seen()) {
        if (widget.id.starts_with("toast.")) {
          top = std::min(top, widget.min.y);
          bottom = std::max(bottom, widget.max.y);
        }
      }
      ASSERT_LT(top, bottom) << screen;
      const float rail = ui::size::kRail * look.scale;
      for (const ui::SeenWidget& widget : rig.driver.seen()) {
        const bool is_other = !widget.id.starts_with("toast.") && widget.max.x > rail;
        if (is_other && widget.visible) {
          EXPECT_TRUE(widget.max.y <= top + 1 || widget.min.y >= bottom - 1)
              << screen << ": " << widget.id << " " << widget.text;
        }
      }
      rig.expect_tidy(screen);
    }
    rig.app->services().go("dossiers");
    rig.settle();
    rig.driver.click("document.export");
    EXPECT_TRUE(rig.driver.has("export.go"));
  }
}

}  // namespace
}  // namespace coffre::test
