#include "app/desktop/screens/exports_screen.h"

#include <algorithm>
#include <future>
#include <unistd.h>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "core/base/file.h"
#include "tests/app/desktop/screens/screen_rig.h"
#include "tests/support/fonts_released.h"
#include "tests/support/temp_dir.h"

namespace coffre::test {
namespace {

constexpr std::int64_t kMinuteMs = 60'000;

EraseForecast forecast_of(Verdict verdict, std::vector<Reason> reasons, Medium medium) {
  EraseForecast forecast;
  forecast.verdict = verdict;
  forecast.reasons = std::move(reasons);
  forecast.medium = medium;
  return forecast;
}

// What each folder is worth, by its name.
Result<EraseForecast> worth_by_name(const std::string& directory) {
  const std::string name = directory.substr(directory.rfind('/') + 1);
  if (name == "disk") {
    return forecast_of(Verdict::kOverwrittenInPlace, {}, Medium::kRotating);
  }
  if (name == "stick") {
    return forecast_of(Verdict::kNotGuaranteed, {Reason::kCopyOnWrite}, Medium::kFlash);
  }
  const Medium medium = name == "virtual" ? Medium::kUnknown : Medium::kFlash;
  return forecast_of(Verdict::kOverwrittenLogically, {}, medium);
}

class ExportsScreen : public testing::Test {
 protected:
  [[nodiscard]] static RigOptions options(const std::string& user = "marie") {
    RigOptions made;
    made.user = user;
    made.exports.forecast = worth_by_name;
    return made;
  }
  // A copy of a new document in a folder of that name, made by the owner on this workstation.
  ExportEntry copy(const std::string& title, const std::string& folder = "desk",
                   std::int64_t keep_ms = kKeepDefaultMs) {
    const Id document = vault_.add_document("medical", title, sample_bytes(9'000));
    EXPECT_TRUE(make_directories(out_ / folder));
    const auto open = vault_.practice().unlock("marie");
    EXPECT_TRUE(open);
    const std::string name = "document-" + std::to_string(++made_) + ".pdf";
    const Result<ExportedCopy> made = (*open)->export_copy(
        document, {out_ / (folder + "/" + name), "Avis", "Dr Sy", keep_ms, {}});
    EXPECT_TRUE(made) << made.error().what;
    vault_.clock().advance(1'000);  // the list is by time of making
    return made->entry;
  }
  static void show(ScreenRig& rig) {
    rig.show(std::make_unique<ui::ExportsScreen>(rig.services()));
    rig.settle();
  }
  static bool is_there(const ExportEntry& entry) {
    struct stat found{};
    return os().lstat(entry.path.c_str(), &found) == 0;
  }
  // The vault's first copy is another's: as if it came from a second practice on this computer.
  void give_to_another_vault(const ExportEntry& entry) {
    const Result<ExportLedger> ledger = ExportLedger::open(vault_.environment().state_directory);
    ASSERT_TRUE(ledger);
    ExportEntry changed = entry;
    changed.vault = sha256(as_bytes("another"));
    ASSERT_TRUE(ledger->put(changed));
  }

  InLanguage english_{Language::kEnglish};
  VaultFixture vault_;
  TempDir out_;
  int made_ = 0;
};

TEST_F(ExportsScreen, IsThereForWhoExportsOrReadsTheJournal) {
  for (const auto& [user, sees] : {std::pair("marie", true),
                                   {"prac", true},
                                   {"sec", true},
                                   {"priv", true},
                                   {"bill", false},
                                   {"adm", false}}) {
    ScreenRig rig(vault_, options(user));
    show(rig);
    EXPECT_EQ(rig.screen().is_available(), sees) << user;
  }
}

TEST_F(ExportsScreen, WithoutCopiesItSaysWhatWillBeHere) {
  ScreenRig rig(vault_, options());
  show(rig);
  EXPECT_TRUE(rig.driver().has("exports.empty"));
  EXPECT_EQ(rig.screen().badge(), 0);
  EXPECT_FALSE(rig.run("exports.erase_all"));
  rig.expect_tidy();
}

TEST_F(ExportsScreen, SaysThatItIsLookingUntilTheLedgerWasRead) {
  ScreenRig rig(vault_, options());
  std::promise<void> gate;
  ui::ExportCalls calls;
  calls.list = [opened = gate.get_future().share()](const ExportLedger& ledger,
                                                    std::int64_t now_ms) {
    opened.wait();
    return list_exports(ledger, now_ms);
  };
  ui::Services services = rig.services();
  ui::ExportKeeper keeper({services.clock, services.jobs, services.vault, services.toasts,
                           vault_.environment().state_directory, calls});
  services.exports = &keeper;
  rig.show(std::make_unique<ui::ExportsScreen>(services));
  EXPECT_TRUE(rig.driver().shows("Looking for copies"));
  EXPECT_EQ(rig.screen().badge(), 0);
  gate.set_value();
  rig.settle();
  keeper.tick();
  rig.driver().frames(2);
  EXPECT_TRUE(rig.driver().has("exports.empty"));
  rig.close();
}

TEST_F(ExportsScreen, ShowsEachCopyWithItsDeadlineAndWhatErasingWillBeWorth) {
  copy("Compte rendu", "desk", 12 * kMinuteMs);
  copy("Bilan sanguin", "stick", 5 * 60 * kMinuteMs);
  copy("Carte de mutuelle", "disk", kKeepMaxMs);
  ScreenRig rig(vault_, options());
  show(rig);
  EXPECT_EQ(rig.screen().badge(), 3);
  for (const char* words :
       {"Compte rendu", "Dupont, Éric", "desk", "in 12", "Overwritten, flash", "Bilan sanguin",
        "in 5", "Not guaranteed", "Carte de mutuelle", "in 31 days", "Overwritten in place"}) {
    EXPECT_TRUE(rig.driver().shows(words)) << words;
  }
  rig.click("exports.list.1");
  EXPECT_TRUE(rig.driver().shows("writes every change to a new place")) << "the reason in words";
  EXPECT_TRUE(rig.driver().shows("document-2.pdf")) << "the whole path";
  rig.expect_tidy();
  rig.driver().save_picture("exports");
}

TEST_F(ExportsScreen, LooksUpNamesOnceAndNotOneByOne) {
  copy("Compte rendu");
  copy("Bilan sanguin");
  ScreenRig rig(vault_, options());
  const auto views = [&] {
    Result<std::vector<JournalLine>> lines;
    rig.vault().ask<std::vector<JournalLine>>(
        [](Vault& vault) { return vault.journal(std::nullopt, std::nullopt); },
        [&](Result<std::vector<JournalLine>> read) { lines = std::move(read); });
    rig.settle();
    EXPECT_TRUE(lines);
    EXPECT_TRUE(std::ranges::none_of(*lines, [](const JournalLine& line) {
      return line.action == Action::kView && line.object;
    })) << "no document is looked at for its title";
    return std::ranges::count(*lines, Action::kView, &JournalLine::action);
  };
  show(rig);
  const auto before = views();
  rig.run("exports.refresh");
  rig.screen().entered();
  rig.settle();
  EXPECT_EQ(views(), before);
}

TEST_F(ExportsScreen, WhoMayNotReadADocumentSeesItsFileOnly) {
  copy("Bilan sanguin");
  for (const char* user : {"sec", "priv"}) {
    ScreenRig rig(vault_, options(user));
    show(rig);
    EXPECT_FALSE(rig.driver().shows("Bilan")) << user;
    EXPECT_FALSE(rig.driver().shows("Dupont")) << user;
    EXPECT_TRUE(rig.driver().shows("A document")) << user;
    EXPECT_TRUE(rig.driver().shows("document-1.pdf")) << user;
  }
}

TEST_F(ExportsScreen, ACopyOfAnotherVaultHasNoNameAndIsLeftOutOfAll) {
  const ExportEntry other = copy("Bilan sanguin");
  give_to_another_vault(other);
  const ExportEntry own = copy("Compte rendu");
  ScreenRig rig(vault_, options());
  show(rig);
  EXPECT_TRUE(rig.driver().shows("Copy from another vault"));
  EXPECT_FALSE(rig.driver().shows("Bilan"));
  rig.run("exports.erase_all");
  rig.click("exports.all.go");
  EXPECT_FALSE(is_there(own));
  EXPECT_TRUE(is_there(other));
}

TEST_F(ExportsScreen, ErasingNowShowsTheVerdictBelow) {
  const ExportEntry first = copy("Compte rendu");
  const ExportEntry second = copy("Bilan sanguin");
  ScreenRig rig(vault_, options());
  show(rig);
  rig.click("exports.erase.0");
  EXPECT_FALSE(is_there(first));
  EXPECT_TRUE(is_there(second));
  EXPECT_EQ(rig.screen().badge(), 1);
  EXPECT_TRUE(rig.driver().shows("Erased in this session"));
  EXPECT_TRUE(rig.driver().has("exports.erased.0"));
  EXPECT_TRUE(rig.driver().shows("Compte rendu")) << "its name stays, its file is gone";
  rig.click("exports.list.0");
  rig.run("exports.erase");
  EXPECT_FALSE(is_there(second));
  EXPECT_TRUE(rig.driver().has("exports.erased.1"));
  EXPECT_TRUE(rig.driver().shows("No copy in the clear is left"));
  rig.expect_tidy();
  rig.driver().save_picture("exports_erased");
}

TEST_F(ExportsScreen, WhatWasErasedIsGivenAsARecord) {
  const ExportEntry first = copy("Compte rendu");
  ScreenRig rig(vault_, options());
  show(rig);
  EXPECT_FALSE(rig.driver().has("exports.record")) << "nothing was erased yet";
  rig.click("exports.erase.0");
  rig.click("exports.record");  // and gives up
  EXPECT_EQ(rig.requests.at(0).suggested_name.substr(0, 15), "erasure-record-");
  EXPECT_TRUE(rig.toasts.heard.empty());
  const std::string path = out_ / "record.json";
  rig.chosen.push_back({path});
  rig.click("exports.record");
  ASSERT_EQ(rig.toasts.heard.size(), 1U);
  const auto written = read_file(path, 1 << 20);
  ASSERT_TRUE(written);
  const auto json = nlohmann::json::parse(as_text(*written));
  EXPECT_EQ(json["account"], "marie");
  EXPECT_EQ(json["start"], json["end"]);
  ASSERT_EQ(json["files"].size(), 1U);
  EXPECT_EQ(json["files"][0]["path"], first.path);
  EXPECT_EQ(json["files"][0]["journal"]["copy"], to_hex(first.id.view()));
  // Never over a file.
  rig.chosen.push_back({path});
  rig.click("exports.record");
  EXPECT_EQ(rig.toasts.errors.size(), 1U);
  // The form, as it is proposed.
  rig.chosen.push_back({out_ / "record.pdf"});
  rig.click("exports.record");
  EXPECT_TRUE(as_text(read_file(out_ / "record.pdf", 1 << 20).value()).starts_with("%PDF"));
}

TEST_F(ExportsScreen, AllAreErasedAfterAQuestion) {
  const ExportEntry first = copy("Compte rendu");
  const ExportEntry second = copy("Bilan sanguin");
  ScreenRig rig(vault_, options());
  show(rig);
  rig.run("exports.erase_all");
  EXPECT_TRUE(is_there(first));
  rig.click("exports.all.cancel");
  EXPECT_FALSE(rig.driver().has("exports.all.go"));
  rig.run("exports.erase_all");
  rig.expect_tidy();
  rig.click("exports.all.go");
  EXPECT_FALSE(is_there(first));
  EXPECT_FALSE(is_there(second));
  EXPECT_FALSE(rig.driver().has("exports.all.go"));
}

TEST_F(ExportsScreen, TheDeadlinePassesAndTheCopyIsGone) {
  const ExportEntry due = copy("Compte rendu", "desk", kMinuteMs);
  ScreenRig rig(vault_, options());
  show(rig);
  EXPECT_TRUE(rig.driver().has("exports.list.0"));
  vault_.clock().advance(kMinuteMs);
  rig.settle();
  EXPECT_FALSE(is_there(due));
  EXPECT_FALSE(rig.driver().has("exports.list.0"));
  EXPECT_TRUE(rig.driver().has("exports.erased.0"));
}

TEST_F(ExportsScreen, ACopyThatIsLostSaysWhatToDoAndCanBeGivenUp) {
  const ExportEntry lost = copy("Compte rendu");
  const ExportEntry changed = copy("Bilan sanguin");
  ASSERT_EQ(::unlink(lost.path.c_str()), 0);
  ASSERT_TRUE(write_durable(changed.path, as_bytes("mine")));
  ScreenRig rig(vault_, options());
  show(rig);
  EXPECT_TRUE(rig.driver().shows("Not found"));
  EXPECT_TRUE(rig.driver().shows("Another file there"));
  EXPECT_FALSE(rig.driver().enabled("exports.erase.0"));
  rig.click("exports.list.1");
  EXPECT_TRUE(rig.driver().shows("that one is not touched"));
  rig.expect_tidy();
  rig.click("exports.list.0");
  EXPECT_TRUE(rig.driver().shows("Look for document-1.pdf"));
  rig.expect_tidy();
  rig.click("exports.give_up");
  EXPECT_EQ(rig.screen().badge(), 1);
  EXPECT_TRUE(rig.driver().shows("No longer looked for"));
  EXPECT_EQ(as_text(*read_file(changed.path, 100)), "mine");
}

TEST_F(ExportsScreen, ARenamedCopyIsErasedUnderItsNewName) {
  const ExportEntry renamed = copy("Compte rendu");
  const std::string now = out_ / "desk/lettre.pdf";
  ASSERT_EQ(::rename(renamed.path.c_str(), now.c_str()), 0);
  ScreenRig rig(vault_, options());
  show(rig);
  if (!rig.driver().shows("Renamed")) {
    GTEST_SKIP() << "this file system does not keep when a file was made";
  }
  rig.click("exports.list.0");
  EXPECT_TRUE(rig.driver().shows("It is lettre.pdf"));
  rig.run("exports.erase");
  struct stat found{};
  EXPECT_NE(os().lstat(now.c_str(), &found), 0);
}

TEST_F(ExportsScreen, OneThatCannotBeErasedSaysWhy) {
  const ExportEntry held = copy("Compte rendu");
  ASSERT_EQ(::link(held.path.c_str(), (out_ / "second").c_str()), 0);
  ScreenRig rig(vault_, options());
  show(rig);
  rig.click("exports.list.0");
  rig.run("exports.erase");
  EXPECT_TRUE(is_there(held));
  EXPECT_TRUE(rig.driver().shows("Not erased"));
  EXPECT_TRUE(rig.driver().shows("the file has a second name"));
  ASSERT_EQ(rig.toasts.errors.size(), 1U);
  EXPECT_EQ(rig.toasts.errors[0].on, held.path);
  rig.expect_tidy();
}

TEST_F(ExportsScreen, AnEntryThatCannotBeReadIsAnAlarmWithItsPath) {
  copy("Compte rendu");
  const std::string broken =
      vault_.environment().state_directory + "/exports/copies/" + std::string(32, 'a');
  ASSERT_TRUE(write_durable(broken, as_bytes("nonsense")));
  ScreenRig rig(vault_, options());
  show(rig);
  EXPECT_TRUE(rig.driver().has("exports.damaged"));
  EXPECT_TRUE(rig.driver().shows(std::string(32, 'a')));
  EXPECT_TRUE(rig.driver().has("exports.list.0")) << "the others are there all the same";
}

TEST_F(ExportsScreen, ALedgerThatCannotBeReadIsAnErrorWithAWayOn) {
  bool is_broken = true;
  RigOptions broken = options();
  broken.exports.list = [&](const ExportLedger& ledger,
                            std::int64_t now_ms) -> Result<StandingList> {
    if (is_broken) {
      return fail(Code::kFailed, "broken");
    }
    return list_exports(ledger, now_ms);
  };
  ScreenRig rig(vault_, broken);
  show(rig);
  EXPECT_TRUE(rig.driver().has("exports.error"));
  rig.expect_tidy();
  is_broken = false;
  rig.click("exports.retry");
  EXPECT_TRUE(rig.driver().has("exports.empty"));
}

TEST_F(ExportsScreen, WorksFromTheKeyboard) {
  const ExportEntry first = copy("Compte rendu");
  copy("Bilan sanguin");
  ScreenRig rig(vault_, options());
  show(rig);
  const auto tab_to = [&](std::string_view id) {
    for (int step = 0; step < 20; ++step) {
      rig.driver().press(ui::Key::kTab);
      rig.settle();
      const ui::SeenWidget* widget = rig.driver().find(id);
      if (widget != nullptr && widget->focused) {
        return true;
      }
    }
    return false;
  };
  ui::request_focus("exports.list");
  rig.settle();
  rig.driver().press(ui::Key::kDown);
  rig.settle();
  ASSERT_TRUE(rig.driver().shows("document-1.pdf")) << "the arrows choose, the panel shows it";
  ASSERT_TRUE(tab_to("exports.erase"));
  rig.driver().press(ui::Key::kEnter);
  rig.settle();
  EXPECT_FALSE(is_there(first));
}

class ExportsLooks : public ExportsScreen, public testing::WithParamInterface<Look> {};

TEST_P(ExportsLooks, NothingIsCut) {
  const InLanguage language(GetParam().language);
  copy("Compte rendu", "desk", 12 * kMinuteMs);
  copy("Ordonnance", "virtual", 47 * 60 * kMinuteMs);
  copy("Carte de mutuelle", "disk", kKeepMaxMs);
  const ExportEntry lost = copy("Bilan sanguin", "stick");
  copy("Facture", "stick");
  ASSERT_EQ(::unlink(lost.path.c_str()), 0);
  RigOptions look = options();
  look.scale = GetParam().scale;
  look.size = GetParam().size;
  ScreenRig rig(vault_, look);
  show(rig);
  rig.expect_tidy();
  rig.click("exports.erase.0");
  rig.expect_tidy();
  rig.click("exports.list.0");
  rig.expect_tidy();
  if (rig.driver().has("exports.back")) {
    rig.click("exports.back");
  }
  rig.run("exports.erase_all");
  rig.expect_tidy();
}

INSTANTIATE_TEST_SUITE_P(All, ExportsLooks, testing::ValuesIn(kLooks));

}  // namespace
}  // namespace coffre::test
