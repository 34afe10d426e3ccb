#include "app/desktop/screens/export_sheet.h"

#include <algorithm>
#include <future>
#include <sys/stat.h>

#include <gtest/gtest.h>

#include "app/common/mime.h"
#include "core/base/file.h"
#include "tests/app/desktop/screens/screen_rig.h"
#include "tests/support/temp_dir.h"

namespace coffre::test {
namespace {

// The sheet without a screen behind it, as the one that hosts it draws it.
class SheetOnly final : public ui::Screen {
 public:
  explicit SheetOnly(ui::Services& services) : sheet(services) {}
  [[nodiscard]] const char* id() const override { return "sheet"; }
  [[nodiscard]] const char* label() const override { return ""; }
  [[nodiscard]] const char* icon() const override { return ""; }
  [[nodiscard]] bool is_available() const override { return true; }
  void add_commands(ui::Commands& commands) override { sheet.add_commands(commands); }
  void draw(ui::Ui& /*ui*/, const ui::Rect& /*area*/) override {}
  void draw_sheets(ui::Ui& ui) override { sheet.draw(ui); }

  ui::ExportSheet sheet;
};

class ExportSheet : public testing::Test {
 protected:
  // Files a document; puts it into the hands of the rig's person.
  void take(ScreenRig& rig, const std::string& compartment = "medical") {
    Document document;
    document.id = vault_.add_document(compartment, "Compte rendu de radiologie", content_);
    document.compartment = rig.vault().policy()->compartment_by_name(compartment)->id;
    document.title = "Compte rendu de radiologie";
    document.mime = "application/pdf";
    document.size = content_.size();
    selection_ = ui::share_selection(rig.services());
    selection_->document = document;
    selection_->patient_name = "Dupont, Éric";
    rig.show(std::make_unique<SheetOnly>(rig.services()));
    rig.settle();
  }
  static void fill_in(ScreenRig& rig) {
    rig.driver().type("Dr Sy, cardiologue");
    rig.driver().press(ui::Key::kTab);
    rig.driver().type("Avis avant intervention");
    rig.settle();
  }

  VaultFixture vault_;
  TempDir out_;
  Bytes content_ = sample_bytes(40'000);
  std::shared_ptr<ui::Selection> selection_;
};

TEST_F(ExportSheet, WritesTheDocumentAndJournalsToWhomAndWhy) {
  const std::string path = out_ / "document.pdf";
  {
    ScreenRig rig(vault_);
    take(rig);
    ASSERT_TRUE(rig.run("document.export"));
    EXPECT_FALSE(rig.driver().enabled("export.go")) << "nothing was said yet";
    fill_in(rig);
    EXPECT_FALSE(rig.driver().enabled("export.go")) << "no place was chosen";
    rig.chosen.push_back({path});
    rig.click("export.place");
    ASSERT_EQ(rig.requests.size(), 1U);
    EXPECT_TRUE(rig.requests[0].suggested_name.starts_with("document-"));
    EXPECT_TRUE(rig.requests[0].suggested_name.ends_with(".pdf"));
    EXPECT_TRUE(rig.driver().shows(path)) << "where it goes is shown before it exists";
    struct stat found{};
    EXPECT_NE(os().lstat(path.c_str(), &found), 0);
    rig.expect_tidy();
    rig.driver().save_picture("export");
    rig.click("export.go");
    EXPECT_EQ(rig.toasts.heard.size(), 1U);
    EXPECT_FALSE(rig.driver().has("export.go")) << "the sheet closes";
    ASSERT_EQ(os().lstat(path.c_str(), &found), 0);
    EXPECT_EQ(found.st_mode & 0777U, 0600U);
    EXPECT_EQ(*read_file(path, 1 << 20), content_);
  }
  const auto open = vault_.practice().unlock("marie");
  ASSERT_TRUE(open);
  const auto lines = (*open)->journal(std::nullopt, selection_->document->id);
  ASSERT_TRUE(lines);
  const auto line = std::ranges::find(*lines, Action::kExport, &JournalLine::action);
  ASSERT_NE(line, lines->end());
  EXPECT_EQ(line->recipient, "Dr Sy, cardiologue");
  EXPECT_EQ(line->reason, "Avis avant intervention");
  EXPECT_EQ(line->outcome, "success");
}

TEST_F(ExportSheet, AFileThatIsThereStaysAndTheSheetKeepsWhatWasTyped) {
  const std::string path = out_ / "mine.pdf";
  ASSERT_TRUE(write_durable(path, as_bytes("mine")));
  ScreenRig rig(vault_);
  take(rig);
  rig.run("document.export");
  fill_in(rig);
  rig.chosen.push_back({path});
  rig.click("export.place");
  rig.click("export.go");
  EXPECT_TRUE(rig.driver().has("export.error"));
  EXPECT_TRUE(rig.driver().enabled("export.go")) << "another place can be chosen";
  EXPECT_EQ(as_text(*read_file(path, 100)), "mine");
  rig.expect_tidy();
}

TEST_F(ExportSheet, AFolderThatIsNotThereLeavesNothing) {
  ScreenRig rig(vault_);
  take(rig);
  rig.run("document.export");
  fill_in(rig);
  rig.chosen.push_back({out_ / "nowhere/document.pdf"});
  rig.click("export.place");
  rig.click("export.go");
  EXPECT_TRUE(rig.driver().has("export.error"));
}

TEST_F(ExportSheet, OneThatIsCancelledLeavesNoCopyAndIsJournaledAsFailed) {
  const std::string path = out_ / "document.pdf";
  ScreenRig rig(vault_);
  take(rig);
  rig.run("document.export");
  fill_in(rig);
  rig.chosen.push_back({path});
  rig.click("export.place");
  // The vault is held up, so that the cancel comes before the first byte.
  std::promise<void> gate;
  rig.vault().ask<void>(
      [opened = gate.get_future().share()](Vault&) -> Status {
        opened.wait();
        return {};
      },
      [](const Status&) {});
  rig.driver().click("export.go");
  const std::vector<ui::ShownJob> jobs = rig.services().jobs.shown();
  const auto job = std::ranges::find(jobs, true, &ui::ShownJob::can_cancel);
  EXPECT_NE(job, jobs.end());
  if (job != jobs.end()) {
    rig.services().jobs.cancel(job->id);
  }
  gate.set_value();
  rig.settle();
  EXPECT_TRUE(rig.driver().has("export.error"));
  struct stat found{};
  EXPECT_NE(os().lstat(path.c_str(), &found), 0);
  Result<std::vector<JournalLine>> lines;
  rig.vault().ask<std::vector<JournalLine>>(
      [id = selection_->document->id](Vault& vault) { return vault.journal(std::nullopt, id); },
      [&](Result<std::vector<JournalLine>> read) { lines = std::move(read); });
  rig.settle();
  ASSERT_TRUE(lines);
  const auto line = std::ranges::find(*lines, Action::kExport, &JournalLine::action);
  ASSERT_NE(line, lines->end());
  EXPECT_EQ(line->outcome, "failure");
}

// The forecast that the sheet shows once a place in this folder was chosen.
std::string shown_forecast(ScreenRig& rig, const std::string& folder) {
  rig.chosen.push_back({folder + "/document.pdf"});
  rig.click("export.place");
  const ui::SeenWidget* notice = rig.driver().find("export.forecast");
  return notice == nullptr ? std::string() : notice->text;
}

TEST_F(ExportSheet, SaysWhatErasingWillBeWorthBeforeTheFileExists) {
  const InLanguage english(Language::kEnglish);
  const auto forecast = [](Verdict verdict, std::vector<Reason> reasons, Medium medium) {
    EraseForecast made;
    made.verdict = verdict;
    made.reasons = std::move(reasons);
    made.medium = medium;
    return made;
  };
  RigOptions options;
  options.exports.forecast = [&](const std::string& folder) -> Result<EraseForecast> {
    if (folder == "/disk") {
      return forecast(Verdict::kOverwrittenInPlace, {}, Medium::kRotating);
    }
    if (folder == "/flash") {
      return forecast(Verdict::kOverwrittenLogically, {}, Medium::kFlash);
    }
    if (folder == "/virtual") {
      return forecast(Verdict::kOverwrittenLogically, {}, Medium::kUnknown);
    }
    if (folder == "/server") {
      return forecast(Verdict::kNotGuaranteed, {Reason::kNetworkFileSystem}, Medium::kUnknown);
    }
    if (folder == "/snapshots") {
      return forecast(Verdict::kNotGuaranteed, {Reason::kCopyOnWrite, Reason::kBlockLayerCopies},
                      Medium::kFlash);
    }
    return fail(Code::kNotFound, "there is no such folder", folder);
  };
  ScreenRig rig(vault_, options);
  take(rig);
  rig.run("document.export");
  EXPECT_FALSE(rig.driver().has("export.forecast")) << "no place was chosen";
  for (const auto& [folder, words] :
       {std::pair("/disk", "overwritten in place"),
        {"/flash", "Flash memory"},
        {"/virtual", "not known what the disk is made of"},
        {"/server", "Not guaranteed: the folder lies on another machine"},
        {"/snapshots", "every change to a new place, the volume below keeps old blocks"},
        {"/nowhere", "It is not known"}}) {
    EXPECT_TRUE(shown_forecast(rig, folder).contains(words)) << folder;
    rig.expect_tidy();
  }
  rig.driver().save_picture("export_forecast");
}

TEST_F(ExportSheet, AFolderThatAnswersLateHoldsNothingUpAndTheLastPlaceCounts) {
  const InLanguage english(Language::kEnglish);
  std::promise<void> gate;
  RigOptions options;
  options.exports.forecast = [opened = gate.get_future().share()](const std::string& folder) {
    opened.wait();
    EraseForecast made;
    made.reasons = {folder == "/slow" ? Reason::kNetworkFileSystem : Reason::kMemoryFileSystem};
    return Result<EraseForecast>(made);
  };
  ScreenRig rig(vault_, options);
  take(rig);
  rig.run("document.export");
  rig.chosen.push_back({"/slow/a.pdf"});
  rig.chosen.push_back({"/memory/a.pdf"});
  rig.driver().click("export.place");
  rig.driver().frames(3);
  EXPECT_TRUE(rig.driver().shows("The folder is being looked at"));
  rig.driver().click("export.place");
  gate.set_value();
  rig.settle();
  EXPECT_FALSE(rig.driver().shows("another machine"));
  EXPECT_TRUE(rig.driver().shows("the folder lies in memory"));
}

TEST_F(ExportSheet, TheCopyStaysAsLongAsWasChosen) {
  for (const auto& [choice, keep_ms] : {std::pair(0, kKeepDefaultMs),
                                        {1, std::int64_t{3'600'000}},
                                        {3, std::int64_t{7 * 24 * 3'600'000}}}) {
    ScreenRig rig(vault_);
    take(rig);
    rig.run("document.export");
    fill_in(rig);
    rig.click("export.keep." + std::to_string(choice));
    rig.chosen.push_back({out_ / ("copy-" + std::to_string(choice))});
    rig.click("export.place");
    rig.click("export.go");
    ASSERT_NE(rig.keeper().kept(), nullptr);
    const auto& copies = rig.keeper().kept()->copies;
    const auto made = std::ranges::find_if(copies, [&](const ui::KeptCopy& kept) {
      return kept.copy.path.ends_with("copy-" + std::to_string(choice));
    });
    ASSERT_NE(made, copies.end());
    EXPECT_EQ(made->copy.entry.deadline_ms - made->copy.entry.created_ms, keep_ms) << choice;
  }
}

TEST_F(ExportSheet, TonightIsTheEndOfTodayAndNeverTooShort) {
  const std::int64_t noon_ms = 1'795'000'000'000;
  const std::int64_t end_ms = noon_ms + ui::keep_ms_of(2, noon_ms);
  EXPECT_EQ(ui::keep_ms_of(2, end_ms - 3'600'000), 3'600'000) << "the same evening";
  EXPECT_EQ(ui::keep_ms_of(2, end_ms - 1'000), kKeepDefaultMs);
  EXPECT_LE(ui::keep_ms_of(2, end_ms), 25 * std::int64_t{3'600'000});
}

TEST_F(ExportSheet, GivingUpThePlaceChangesNothing) {
  ScreenRig rig(vault_);
  take(rig);
  rig.run("document.export");
  fill_in(rig);
  rig.click("export.place");
  EXPECT_FALSE(rig.driver().enabled("export.go"));
}

TEST_F(ExportSheet, IsHiddenFromWhoMayNotExport) {
  for (const auto& [user, compartment, sees] :
       {std::tuple("bill", "administrative", false), std::tuple("prac", "medical", true),
        std::tuple("sec", "administrative", true), std::tuple("sec", "medical", false)}) {
    ScreenRig rig(vault_, {.user = user});
    take(rig, compartment);
    EXPECT_EQ(rig.run("document.export"), sees) << user << " " << compartment;
    EXPECT_EQ(rig.driver().has("export.go"), sees) << user << " " << compartment;
  }
}

TEST_F(ExportSheet, WithoutADocumentInHandItIsGreyedWithTheReason) {
  ScreenRig rig(vault_);
  take(rig);
  selection_->document.reset();
  const ui::Command* command = rig.commands().find("document.export");
  ASSERT_NE(command, nullptr);
  const ui::Availability availability = ui::Commands::availability_of(*command);
  EXPECT_EQ(availability.kind, ui::Availability::Kind::kGreyed);
  EXPECT_NE(*availability.reason, '\0');
}

TEST_F(ExportSheet, OpensFromTheKeyboardAndClosesWithEscape) {
  ScreenRig rig(vault_);
  take(rig);
  rig.driver().press(ui::letter('E'), true);
  rig.settle();
  EXPECT_TRUE(rig.driver().has("export.go"));
  rig.driver().press(ui::Key::kEscape);
  rig.settle();
  EXPECT_FALSE(rig.driver().has("export.go"));
}

TEST_F(ExportSheet, WhatWasTypedComesBackFromTheDraft) {
  std::string draft;
  {
    ScreenRig rig(vault_);
    take(rig);
    rig.run("document.export");
    fill_in(rig);
    rig.click("export.keep.2");
    draft = static_cast<SheetOnly&>(rig.screen()).sheet.draft();
    EXPECT_TRUE(draft.contains("tonight"));
    EXPECT_FALSE(draft.contains("radiologie")) << "the document is not part of it";
  }
  ScreenRig rig(vault_);
  take(rig);
  auto& sheet = static_cast<SheetOnly&>(rig.screen()).sheet;
  sheet.restore("{");
  sheet.restore(R"({"keep": 7})");
  sheet.restore(draft);
  rig.run("document.export");
  EXPECT_EQ(sheet.draft(), draft);
}

TEST_F(ExportSheet, NamesSayNothingOfWhoseDocumentItIs) {
  EXPECT_EQ(neutral_name("application/pdf", "2026-11-25"), "document-2026-11-25.pdf");
  EXPECT_EQ(neutral_name("application/octet-stream", "2026-11-25"), "document-2026-11-25");
}

class ExportLooks : public ExportSheet, public testing::WithParamInterface<Look> {};

TEST_P(ExportLooks, NothingIsCut) {
  const InLanguage language(GetParam().language);
  ScreenRig rig(vault_, {.scale = GetParam().scale, .size = GetParam().size});
  take(rig);
  rig.run("document.export");
  rig.expect_tidy();
  fill_in(rig);
  rig.expect_tidy();
  rig.chosen.push_back({out_ / "document.pdf"});
  ui::request_focus("export.place");  // it may be scrolled away
  rig.settle();
  rig.driver().press(ui::Key::kEnter);
  rig.settle();
  EXPECT_TRUE(rig.driver().has("export.forecast"));
  rig.expect_tidy();
}

INSTANTIATE_TEST_SUITE_P(All, ExportLooks, testing::ValuesIn(kLooks));

}  // namespace
}  // namespace coffre::test
