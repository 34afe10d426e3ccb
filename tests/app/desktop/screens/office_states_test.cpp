// Journal, team, security and export while they read or work, when nothing fits, and when the vault
// fails: they say so, and nothing is cut, in both languages and sizes.
#include <gtest/gtest.h>

#include "app/common/i18n.h"
#include "app/desktop/screens/export_sheet.h"
#include "app/desktop/screens/journal_screen.h"
#include "app/desktop/screens/security_screen.h"
#include "app/desktop/screens/team_screen.h"
#include "core/base/file.h"
#include "tests/app/desktop/screens/screen_rig.h"
#include "tests/support/temp_dir.h"

namespace coffre::test {
namespace {

class OfficeStates : public testing::TestWithParam<Look> {
 protected:
  [[nodiscard]] static RigOptions options() {
    RigOptions options;
    options.scale = GetParam().scale;
    options.size = GetParam().size;
    options.patience_ms = 0;
    return options;
  }
  InLanguage language_{GetParam().language};
  VaultFixture vault_;
  TempDir state_;
};
INSTANTIATE_TEST_SUITE_P(All, OfficeStates, testing::ValuesIn(kLooks));

void expect_office_state(ScreenRig& rig, const char* id, const char* words = "") {
  EXPECT_TRUE(*id == '\0' || rig.driver().has(id)) << id;
  EXPECT_TRUE(*words == '\0' || rig.driver().shows(tr(words))) << words;
  rig.expect_tidy();
}

TEST_P(OfficeStates, Journal) {
  // What is older than yesterday has its day written out.
  constexpr std::int64_t kDaysMs = std::int64_t{3} * 24 * 3600 * 1000;
  vault_.clock().advance(kDaysMs);
  ScreenRig rig(vault_, options());
  rig.show(std::make_unique<ui::JournalScreen>(rig.services(), state_.path()));
  rig.driver().frames(2);
  expect_office_state(rig, "", "The journal is being read…");
  rig.settle();
  rig.expect_tidy();
  for (int tabs = 0; tabs < 20 && !ui::has_focus("journal.list"); ++tabs) {
    rig.driver().press(ui::Key::kTab);  // scrolls there in a low window
  }
  expect_office_state(rig, "journal.list.0");
  rig.driver().press(ui::Key::kDown);
  rig.settle();
  expect_office_state(rig, "journal.side.result");
  {
    const BusyVault busy(vault_);
    rig.driver().press(ui::Key::kF5);
    rig.screen().entered();
    rig.settle();
  }
  if (rig.driver().has("journal.back")) {
    rig.click("journal.back");
  }
  expect_office_state(rig, "journal.error");
  rig.click("journal.retry");
  static_cast<void>(rig.screen().search("zzz"));
  rig.settle();
  expect_office_state(rig, "journal.none");
}

TEST_P(OfficeStates, Team) {
  ScreenRig rig(vault_, options());
  {
    const HeldVault held(rig.vault());
    rig.show(std::make_unique<ui::TeamScreen>(rig.services()));
    rig.driver().frames(2);
    expect_office_state(rig, "", "The team is being read…");
  }
  rig.settle();
  static_cast<void>(rig.screen().search("zzz"));
  rig.settle();
  expect_office_state(rig, "team.none");
}

TEST_P(OfficeStates, TeamThatCannotBeRead) {
  ScreenRig rig(vault_, options());
  rig.vault().lock(LockCause::kRequest);
  rig.vault().wait_until_idle();
  rig.show(std::make_unique<ui::TeamScreen>(rig.services()));
  rig.settle();
  expect_office_state(rig, "team.error");
}

TEST_P(OfficeStates, Security) {
  ScreenRig rig(vault_, options());
  rig.show(std::make_unique<ui::SecurityScreen>(rig.services(), state_.path()));
  rig.settle();
  {
    const HeldVault held(rig.vault());
    EXPECT_TRUE(rig.commands().run("security.verify"));
    rig.driver().frames(2);
    expect_office_state(rig, "", "Every entry, row and signature is being verified…");
  }
  rig.settle();
  expect_office_state(rig, "security.report");
  const BusyVault busy(vault_);
  rig.run("security.verify");
  expect_office_state(rig, "security.verify.error");
}

TEST_P(OfficeStates, Retention) {
  {
    const auto adm = vault_.practice().unlock("adm", "second");
    ASSERT_TRUE(adm);
    ASSERT_TRUE((*adm)->set_retention("medical", 20));
    ASSERT_TRUE((*adm)->add_hold(vault_.patient(), "expertise"));
  }
  ScreenRig rig(vault_, options());
  rig.show(std::make_unique<ui::SecurityScreen>(rig.services(), state_.path()));
  rig.settle();
  expect_office_state(rig, "security.retention", "What has to be kept");
  for (int tabs = 0; tabs < 30 && !ui::has_focus("security.retention"); ++tabs) {
    rig.driver().press(ui::Key::kTab);  // scrolls there in a low window
  }
  const std::string name = (current_language() == Language::kFrench ? "fr-" : "en-") +
                           std::to_string(static_cast<int>(GetParam().size.x)) +
                           (GetParam().scale > 1 ? "-2" : "");
  rig.driver().frames(2);
  rig.driver().save_picture("security-" + name);
  rig.driver().press(ui::Key::kEnter);
  rig.settle();
  expect_office_state(rig, "retention.go", "No period");
  rig.driver().press(ui::letter('A'), true);
  rig.driver().type("200");
  rig.settle();
  expect_office_state(rig, "retention.go", "Type a number of years from 0 to 100.");
  rig.driver().press(ui::letter('A'), true);
  rig.driver().type("10");
  rig.settle();
  expect_office_state(rig, "retention.meaning");
  rig.driver().save_picture("retention-" + name);
  const BusyVault busy(vault_);
  rig.driver().press(ui::Key::kEnter);
  rig.driver().frames(2);
  expect_office_state(rig, "retention.go", "Being changed…");
  rig.settle();
  expect_office_state(rig, "retention.error");
}

class SheetAlone final : public ui::Screen {
 public:
  explicit SheetAlone(ui::Services& services) : sheet_(services) {}
  [[nodiscard]] const char* id() const override { return "sheet"; }
  [[nodiscard]] const char* label() const override { return ""; }
  [[nodiscard]] const char* icon() const override { return ""; }
  [[nodiscard]] bool is_available() const override { return true; }
  void add_commands(ui::Commands& commands) override { sheet_.add_commands(commands); }
  void draw(ui::Ui& /*ui*/, const ui::Rect& /*area*/) override {}
  void draw_sheets(ui::Ui& ui) override { sheet_.draw(ui); }

 private:
  ui::ExportSheet sheet_;
};

TEST_P(OfficeStates, Export) {
  const std::string path = state_ / "copie.pdf";
  ASSERT_TRUE(write_durable(path, as_bytes("mine")));
  ScreenRig rig(vault_, options());
  Document document;
  document.id = vault_.add_document("medical", "Compte rendu", sample_bytes(100));
  document.compartment = rig.vault().policy()->compartment_by_name("medical")->id;
  document.title = "Compte rendu";
  const std::shared_ptr<ui::Selection> selection = ui::share_selection(rig.services());
  selection->document = document;
  rig.show(std::make_unique<SheetAlone>(rig.services()));
  rig.settle();
  EXPECT_TRUE(rig.run("document.export"));
  rig.driver().type("Dr Sy");
  rig.driver().press(ui::Key::kTab);
  rig.driver().type("Avis");
  rig.chosen.push_back({path});
  const auto press = [&](const char* id) {
    for (int tabs = 0; tabs < 20 && !rig.driver().find(id)->focused; ++tabs) {
      rig.driver().press(ui::Key::kTab);
    }
    rig.driver().press(ui::Key::kEnter);
  };
  press("export.place");
  rig.settle();
  {
    const HeldVault held(rig.vault());
    press("export.go");
    expect_office_state(rig, "export.go", "Exporting…");
  }
  rig.settle();
  expect_office_state(rig, "export.error");
}

}  // namespace
}  // namespace coffre::test
