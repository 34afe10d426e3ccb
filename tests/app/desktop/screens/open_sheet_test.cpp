#include "app/desktop/screens/open_sheet.h"

#include <filesystem>

#include <gtest/gtest.h>

#include "core/base/file.h"
#include "tests/app/desktop/screens/screen_rig.h"
#include "tests/support/temp_dir.h"

namespace coffre::test {
namespace {

// The sheet without a screen behind it, as the one that hosts it draws it.
class OpenSheetOnly final : public ui::Screen {
 public:
  explicit OpenSheetOnly(ui::Services& services) : sheet(services) {}
  [[nodiscard]] const char* id() const override { return "sheet"; }
  [[nodiscard]] const char* label() const override { return ""; }
  [[nodiscard]] const char* icon() const override { return ""; }
  [[nodiscard]] bool is_available() const override { return true; }
  void add_commands(ui::Commands& commands) override { sheet.add_commands(commands); }
  void draw(ui::Ui& /*ui*/, const ui::Rect& /*area*/) override {}
  void draw_sheets(ui::Ui& ui) override { sheet.draw(ui); }

  ui::OpenSheet sheet;
};

class OpenSheet : public testing::Test {
 protected:
  // How this test opens documents; without memory, nothing lies there.
  [[nodiscard]] RigOptions options(bool has_memory = true) {
    RigOptions made;
    made.open_calls.directory = [this, has_memory]() -> std::optional<std::string> {
      return has_memory ? std::optional<std::string>(memory_ / "") : std::nullopt;
    };
    made.open_calls.start = [this](const std::string& path) -> Result<Process> {
      started_.push_back(path);
      SpawnOptions nothing;
      nothing.program = "/bin/true";
      return Process::spawn(nothing);
    };
    made.open_calls.is_used = [](const std::string&) { return false; };
    return made;
  }
  // Files a document; puts it into the hands of the rig's person.
  void take(ScreenRig& rig, const std::string& compartment = "medical") {
    Document document;
    document.id = vault_.add_document(compartment, "Ordonnance de kinésithérapie", content_);
    document.compartment = rig.vault().policy()->compartment_by_name(compartment)->id;
    document.title = "Ordonnance de kinésithérapie";
    document.mime = "application/pdf";
    document.size = content_.size();
    selection_ = ui::share_selection(rig.services());
    selection_->document = document;
    selection_->patient_name = "Dupont, Éric";
    rig.show(std::make_unique<OpenSheetOnly>(rig.services()));
    rig.settle();
  }

  VaultFixture vault_;
  TempDir memory_;
  Bytes content_ = sample_bytes(40'000);
  std::shared_ptr<ui::Selection> selection_;
  std::vector<std::string> started_;
};

TEST_F(OpenSheet, OpensTheDocumentForAReasonThatIsJournaled) {
  {
    ScreenRig rig(vault_, options());
    take(rig);
    ASSERT_TRUE(rig.run("document.open"));
    EXPECT_FALSE(rig.driver().enabled("open.go")) << "no reason was said yet";
    EXPECT_FALSE(rig.driver().has("open.on_disk"));
    rig.driver().type("Signature");
    rig.settle();
    rig.expect_tidy();
    rig.driver().save_picture("open");
    rig.click("open.go");
    EXPECT_FALSE(rig.driver().has("open.go")) << "the sheet closes";
    ASSERT_EQ(started_.size(), 1U);
    EXPECT_EQ(*read_file(started_[0], 1 << 20), content_);
    EXPECT_FALSE(rig.run("document.open")) << "it is open";
    EXPECT_TRUE(rig.run("document.close_opened"));
    EXPECT_FALSE(std::filesystem::exists(started_[0]));
    EXPECT_FALSE(rig.run("document.close_opened"));
  }
  const auto open = vault_.practice().unlock("marie");
  ASSERT_TRUE(open);
  const auto lines = (*open)->journal(std::nullopt, selection_->document->id);
  ASSERT_TRUE(lines);
  const auto line = std::ranges::find(*lines, Action::kOpen, &JournalLine::action);
  ASSERT_NE(line, lines->end());
  EXPECT_EQ(line->reason, "Signature");
  EXPECT_EQ(line->outcome, "success");
}

TEST_F(OpenSheet, WithoutMemoryItSaysSoAndAsks) {
  ScreenRig rig(vault_, options(false));
  take(rig);
  rig.run("document.open");
  rig.driver().type("Signature");
  rig.settle();
  EXPECT_FALSE(rig.driver().enabled("open.go"));
  rig.expect_tidy();
  rig.driver().save_picture("open-on-disk");
  rig.click("open.on_disk");
  EXPECT_TRUE(rig.driver().enabled("open.go"));
  rig.click("open.go");
  ASSERT_EQ(started_.size(), 1U);
  EXPECT_TRUE(started_[0].starts_with(vault_.environment().state_directory)) << started_[0];
}

TEST_F(OpenSheet, WhoMayNotExportDoesNotSeeIt) {
  RigOptions wanted = options();
  wanted.user = "bill";
  ScreenRig rig(vault_, wanted);
  take(rig, "administrative");
  const ui::Command* command = rig.commands().find("document.open");
  ASSERT_NE(command, nullptr);
  EXPECT_EQ(command->availability().kind, ui::Availability::Kind::kHidden);
  EXPECT_FALSE(rig.run("document.open"));
}

TEST_F(OpenSheet, IsWholeInEveryLanguageAndSize) {
  for (const Look& look : kLooks) {
    for (const bool has_memory : {true, false}) {
      const InLanguage language(look.language);
      RigOptions wanted = options(has_memory);
      wanted.scale = look.scale;
      wanted.size = look.size;
      ScreenRig rig(vault_, wanted);
      take(rig);
      rig.run("document.open");
      rig.expect_tidy();
      rig.driver().save_picture("open-" + std::to_string(static_cast<int>(look.language)) + "-" +
                                std::to_string(static_cast<int>(look.size.x)) +
                                (has_memory ? "" : "-disk"));
    }
  }
}

TEST_F(OpenSheet, WhatWasTypedComesBackAfterALock) {
  ScreenRig rig(vault_, options());
  ui::OpenSheet typed(rig.services());
  typed.restore("Signature");
  EXPECT_EQ(typed.draft(), "") << "the sheet is not open";
  take(rig);
  auto& sheet = static_cast<OpenSheetOnly&>(rig.screen()).sheet;
  sheet.restore("Signature");
  rig.run("document.open");
  EXPECT_EQ(sheet.draft(), "Signature");
  EXPECT_TRUE(rig.driver().enabled("open.go"));
}

}  // namespace
}  // namespace coffre::test
