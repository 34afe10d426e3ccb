// Files into the vault by drop and by choice.
#include <future>
#include <set>
#include <sys/stat.h>
#include <unistd.h>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/app/desktop/screens/dossiers_fixture.h"
#include "tests/support/fonts_released.h"

namespace coffre::test {
namespace {

using ui::Key;
using ui::letter;

std::vector<std::string> some_files(VaultFixture& vault, int count) {
  std::vector<std::string> paths;
  for (int number = 0; number < count; ++number) {
    paths.push_back(write_file(vault, "scan-" + std::to_string(number) + ".txt",
                               "page " + std::to_string(number)));
  }
  return paths;
}

TEST(ImportSheet, DroppedFilesGoToThePatientInHand) {
  VaultFixture vault;
  DossiersRig rig(vault);
  rig.choose_patient();
  ASSERT_TRUE(rig.screen().drop(some_files(vault, 3)));
  rig.settle();
  EXPECT_TRUE(rig.driver().has("import.patient.chosen"));
  rig.click("import.type.usual.0");
  rig.click("import.start");
  EXPECT_FALSE(rig.driver().has("import.start"));
  ASSERT_EQ(rig.screen().table().all().size(), 3U);
  EXPECT_EQ(rig.screen().table().all()[0].type, "Letter");
  EXPECT_EQ(rig.screen().table().all()[0].title, "scan-0");
  EXPECT_EQ(rig.rig().toasts.heard.size(), 1U);
}

TEST(ImportSheet, FilesAreChosenWithTheKeyboardAndThePatientTyped) {
  VaultFixture vault;
  DossiersRig rig(vault);
  rig.settle();
  rig.rig().chosen.push_back(some_files(vault, 1));
  rig.press(letter('O'), true);
  rig.type("dup");
  EXPECT_TRUE(rig.driver().has("import.patient.match.0"));
  rig.press(Key::kEnter);
  EXPECT_TRUE(rig.driver().has("import.patient.chosen"));
  rig.click("import.name");
  rig.press(letter('A'), true);
  rig.type("Ordonnance du jour");
  rig.click("import.start");
  EXPECT_EQ(rig.screen().subject(), "Dupont, Éric") << "one sees where it went";
  ASSERT_EQ(rig.screen().table().all().size(), 1U);
  EXPECT_EQ(rig.screen().table().all()[0].title, "Ordonnance du jour");
}

bool is_there(const std::string& path) {
  struct stat found{};
  return os().lstat(path.c_str(), &found) == 0;
}

TEST(ImportSheet, OriginalsStayUnlessToldOtherwise) {
  VaultFixture vault;
  DossiersRig rig(vault);
  rig.choose_patient();
  const std::vector<std::string> paths = some_files(vault, 1);
  ASSERT_TRUE(rig.screen().drop(paths));
  rig.settle();
  rig.click("import.start");
  EXPECT_EQ(rig.screen().table().all().size(), 1U);
  EXPECT_TRUE(is_there(paths[0]));
}

TEST(ImportSheet, OriginalsAreDestroyedOnceStoredWithAVerdictForEach) {
  VaultFixture vault;
  const InLanguage english(Language::kEnglish);
  DossiersRig rig(vault);
  rig.choose_patient();
  std::vector<std::string> paths = some_files(vault, 10);  // more than a group
  const std::string linked = write_file(vault, "twice.txt", "two names");
  ASSERT_EQ(::link(linked.c_str(), vault.file("other-name.txt").c_str()), 0);
  paths.push_back(linked);
  ASSERT_TRUE(rig.screen().drop(paths));
  rig.settle();
  rig.click("import.destroy");
  rig.rig().expect_tidy();
  rig.driver().save_picture("import_destroy");
  rig.click("import.start");
  EXPECT_EQ(rig.screen().table().all().size(), 11U) << "what is kept is stored all the same";
  const std::vector<ui::ImportedFile> files = rig.screen().import_run().files();
  ASSERT_EQ(files.size(), 11U);
  for (const ui::ImportedFile& file : files) {
    ASSERT_TRUE(file.original) << file.path;
    EXPECT_EQ(file.original->verdict == Verdict::kFailed, file.path == linked) << file.path;
    EXPECT_EQ(is_there(file.path), file.path == linked) << file.path;
  }
  EXPECT_TRUE(rig.shows("Documents are filed"));
  EXPECT_TRUE(rig.driver().find("import.result.0")->text.starts_with("stored, original"));
  EXPECT_TRUE(rig.driver().has("import.originals")) << "why one was kept";
  EXPECT_FALSE(rig.driver().has("import.again")) << "nothing is left to be filed";
  rig.rig().expect_tidy();
  rig.driver().save_picture("import_destroyed");
  rig.rig().chosen.push_back({vault.file("record.json")});
  rig.click("import.record");
  const auto written = read_file(vault.file("record.json"), 1 << 20);
  ASSERT_TRUE(written);
  const auto json = nlohmann::json::parse(as_text(*written));
  ASSERT_EQ(json["files"].size(), 11U);
  for (std::size_t i = 0; i < files.size(); ++i) {
    EXPECT_EQ(json["files"][i]["verdict"]["word"], verdict_word(files[i].original->verdict));
    EXPECT_EQ(json["files"][i]["journal"]["document"], to_hex(files[i].document->view()));
    EXPECT_TRUE(json["files"][i]["journal"]["entry"].is_number());
  }
  rig.click("import.finish");
  // The next import destroys nothing unless told again.
  const std::vector<std::string> next = some_files(vault, 1);
  ASSERT_TRUE(rig.screen().drop(next));
  rig.settle();
  rig.click("import.start");
  EXPECT_TRUE(is_there(next[0]));
}

TEST(ImportSheet, WhatIsNotStoredIsNotDestroyed) {
  VaultFixture vault;
  DossiersRig rig(vault);
  rig.choose_patient();
  const std::string good = write_file(vault, "good.txt", "good");
  const std::string empty = write_file(vault, "empty.txt", "");
  ASSERT_TRUE(rig.screen().drop({good, empty}));
  rig.settle();
  rig.click("import.destroy");
  rig.click("import.start");
  EXPECT_FALSE(is_there(good));
  EXPECT_TRUE(is_there(empty));
  EXPECT_TRUE(rig.driver().has("import.again"));
  rig.rig().expect_tidy();
}

TEST(ImportSheet, GivingUpTheDialogDoesNothing) {
  VaultFixture vault;
  DossiersRig rig(vault);
  rig.settle();
  rig.press(letter('O'), true);
  EXPECT_EQ(rig.rig().requests.size(), 1U);
  EXPECT_FALSE(rig.driver().has("import.start"));
}

TEST(ImportSheet, WithoutAPatientItSaysWhatIsMissing) {
  VaultFixture vault;
  const InLanguage french(Language::kFrench);
  DossiersRig rig(vault);
  rig.settle();
  ASSERT_TRUE(rig.screen().drop(some_files(vault, 1)));
  rig.settle();
  rig.click("import.start");
  EXPECT_TRUE(rig.shows("Choisissez le patient."));
  rig.click("import.date");
  rig.press(letter('A'), true);
  rig.type("demain");
  EXPECT_TRUE(rig.shows("crivez le jour comme 17/09/1991"));
}

TEST(ImportSheet, ANewPatientIsAddedOnTheWay) {
  VaultFixture vault;
  DossiersRig rig(vault);
  rig.settle();
  ASSERT_TRUE(rig.screen().drop(some_files(vault, 1)));
  rig.settle();
  rig.click("import.patient.words");
  rig.type("Lefevre");
  rig.click("import.new_patient");
  ASSERT_TRUE(rig.driver().has("patient.save"));
  rig.click("patient.first");
  rig.type("Anne");
  rig.click("patient.born");
  rig.type("01/02/1980");
  rig.click("patient.save");
  ASSERT_TRUE(rig.driver().has("import.patient.chosen"));
  EXPECT_EQ(rig.driver().find("import.patient.chosen")->text, "Lefevre, Anne");
  rig.click("import.start");
  EXPECT_EQ(rig.screen().table().all().size(), 1U);
}

TEST(ImportSheet, EveryFileHasAResultAndTheOthersGoIn) {
  VaultFixture vault;
  DossiersRig rig(vault);
  rig.choose_patient();
  std::vector<std::string> paths = some_files(vault, 2);
  paths.push_back(vault.file("missing.txt"));
  paths.push_back(write_file(vault, "empty.txt", ""));
  ASSERT_TRUE(rig.screen().drop(paths));
  rig.settle();
  rig.click("import.start");
  EXPECT_EQ(rig.screen().table().all().size(), 2U);
  ASSERT_TRUE(rig.driver().has("import.result.3")) << "what failed is said";
  EXPECT_NE(rig.driver().find("import.result.2")->text, rig.driver().find("import.result.0")->text);
  write_file(vault, "missing.txt", "here now");
  write_file(vault, "empty.txt", "not empty now");
  rig.click("import.again");
  rig.click("import.start");
  EXPECT_EQ(rig.screen().table().all().size(), 4U);
}

TEST(ImportSheet, ManyFilesGoInGroupsAndAllArrive) {
  VaultFixture vault;
  DossiersRig rig(vault);
  rig.choose_patient();
  ASSERT_TRUE(rig.screen().drop(some_files(vault, 20)));
  rig.settle();
  rig.click("import.start");
  for (int round = 0; round < 4; ++round) {
    rig.settle();
  }
  EXPECT_EQ(rig.screen().table().all().size(), 20U);
}

TEST(ImportSheet, AStopLeavesWhatIsInAndNamesTheRest) {
  VaultFixture vault;
  DossiersRig rig(vault);
  rig.choose_patient();
  ASSERT_TRUE(rig.screen().drop(some_files(vault, 20)));
  rig.settle();
  rig.driver().click("import.start");  // nothing was answered yet
  rig.driver().frame();
  rig.click("import.stop");
  EXPECT_TRUE(rig.driver().has("import.again"));
  EXPECT_LT(rig.screen().table().all().size(), 20U);
}

TEST(ImportSheet, ASecretaryFilesWhereSheDoesNotRead) {
  VaultFixture vault;
  DossiersRig rig(vault, {.user = "sec"});
  rig.choose_patient();
  ASSERT_TRUE(rig.screen().drop(some_files(vault, 2)));
  rig.settle();
  EXPECT_EQ(rig.driver().find("import.compartment.0")->text, "Medical");
  EXPECT_FALSE(rig.driver().has("import.compartment.2")) << "not where she may not file";
  rig.click("import.compartment.0");
  rig.click("import.start");
  EXPECT_TRUE(rig.screen().table().all().empty());
  rig.press(letter('J'), true);
  EXPECT_TRUE(rig.shows("scan-1"));
}

TEST(ImportSheet, TheRestOfAnImportComesBackFromTheDraft) {
  VaultFixture vault;
  std::string draft;
  const std::vector<std::string> paths = some_files(vault, 2);
  {
    DossiersRig rig(vault);
    rig.choose_patient();
    ASSERT_TRUE(rig.screen().drop(paths));
    rig.settle();
    rig.click("import.type");
    rig.type("Analyse");
    draft = rig.screen().draft();
  }
  EXPECT_NE(draft.find("scan-1"), std::string::npos);
  DossiersRig rig(vault);
  rig.screen().restore(draft);
  rig.settle();
  ASSERT_TRUE(rig.driver().has("import.patient.chosen"));
  rig.click("import.start");
  ASSERT_EQ(rig.screen().table().all().size(), 2U);
  EXPECT_EQ(rig.screen().table().all()[0].type, "Analyse");
  EXPECT_EQ(rig.screen().draft(), "");
}

// A lock takes the draft while a group is under way, and the group ends in the vault all the same.
TEST(ImportSheet, WhatAGroupStoredAfterTheLockIsNotOfferedAgain) {
  constexpr int kFiles = 10;  // a group, and two
  VaultFixture vault;
  std::string rest;
  {
    DossiersRig rig(vault);
    rig.choose_patient();
    ASSERT_TRUE(rig.screen().drop(some_files(vault, kFiles)));
    rig.settle();
    rig.driver().click("import.start");
    ui::Jobs& jobs = rig.rig().services().jobs;
    jobs.wait_until_done();  // the files are found
    std::promise<void> gate;
    rig.rig().vault().ask<void>(
        [opened = gate.get_future().share()](Vault&) -> Status {
          opened.wait();
          return {};
        },
        [](const Status&) {});
    ASSERT_TRUE(jobs.drain());  // the first group waits for the vault
    const std::string draft = rig.screen().draft();
    const ui::DraftEnd end = rig.screen().draft_end();
    ASSERT_TRUE(end);
    EXPECT_NE(end(draft).find("scan-0"), std::string::npos) << "nothing is stored yet";
    gate.set_value();
    rig.rig().vault().wait_until_idle();  // the screen hears nothing of it
    rest = end(draft);
  }
  EXPECT_EQ(rest.find("scan-0"), std::string::npos);
  EXPECT_NE(rest.find("scan-9"), std::string::npos);
  DossiersRig rig(vault);
  rig.screen().restore(rest);
  rig.settle();
  EXPECT_TRUE(rig.driver().has("import.interrupted"));
  rig.click("import.start");
  rig.settle();
  std::set<std::string> titles;
  for (const Document& document : rig.screen().table().all()) {
    EXPECT_TRUE(titles.insert(document.title).second) << "filed twice: " << document.title;
  }
  EXPECT_EQ(titles.size(), std::size_t{kFiles});
}

TEST(ImportSheet, WhenAGroupStoredAllAfterTheLockNothingComesBack) {
  VaultFixture vault;
  DossiersRig rig(vault);
  rig.choose_patient();
  ASSERT_TRUE(rig.screen().drop(some_files(vault, 2)));
  rig.settle();
  rig.driver().click("import.start");
  rig.rig().services().jobs.wait_until_done();
  ASSERT_TRUE(rig.rig().services().jobs.drain());
  const std::string draft = rig.screen().draft();
  const ui::DraftEnd end = rig.screen().draft_end();
  ASSERT_TRUE(end);
  rig.rig().vault().wait_until_idle();
  EXPECT_EQ(end(draft), "");
  EXPECT_EQ(end("no JSON"), "no JSON");
}

// The vault locked by itself, and the screen heard of the group's end before it went.
TEST(ImportSheet, WhatTheLockCutOffComesBackThoughItsEndWasShown) {
  VaultFixture vault;
  DossiersRig rig(vault);
  rig.choose_patient();
  ASSERT_TRUE(rig.screen().drop(some_files(vault, 2)));
  rig.settle();
  rig.rig().vault().lock(LockCause::kIdle);
  rig.rig().vault().wait_until_idle();
  rig.settle();  // without rights the sheet has fewer fields
  rig.click("import.start");
  ASSERT_TRUE(rig.driver().has("import.again"));
  EXPECT_NE(rig.screen().draft().find("scan-1"), std::string::npos);
  rig.click("import.finish");
  EXPECT_EQ(rig.screen().draft(), "");
}

TEST(ImportSheet, NothingIsCutInEitherLanguage) {
  VaultFixture vault;
  for (const Language language : {Language::kFrench, Language::kEnglish}) {
    const InLanguage chosen(language);
    for (const float scale : {1.0F, 2.0F}) {
      DossiersRig rig(vault, {.user = "sec", .scale = scale});
      rig.settle();
      ASSERT_TRUE(rig.screen().drop({vault.file("nowhere.txt")}));
      rig.settle();
      rig.rig().expect_tidy();
      rig.driver().save_picture("import-" + std::to_string(static_cast<int>(scale * 100)) +
                                (language == Language::kFrench ? "-fr" : "-en"));
      rig.click("import.patient.words");
      rig.type("dup");
      rig.rig().expect_tidy();
      rig.press(Key::kEnter);
      rig.press(Key::kEscape);
      rig.press(letter('J'), true);
      rig.rig().expect_tidy();
    }
  }
}

}  // namespace
}  // namespace coffre::test
