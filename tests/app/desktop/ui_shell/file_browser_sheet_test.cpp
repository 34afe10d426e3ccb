// The program's own file browser as it is drawn: while it reads, in an empty folder, where it may
// not read, and full.
#include "app/desktop/ui_shell/file_browser_sheet.h"

#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

#include "tests/app/desktop/support/driver.h"
#include "tests/support/temp_dir.h"

namespace coffre::ui {
namespace {

using test::Driver;
using test::InLanguage;

struct Way {
  Language language;
  float scale;
  ImVec2 size;
};
const std::array kWays = {
    Way{Language::kFrench, 1, {1280, 800}}, Way{Language::kEnglish, 1, {1280, 800}},
    Way{Language::kFrench, 2, {1280, 800}}, Way{Language::kEnglish, 2, {2560, 1600}}};

class FileBrowserSheetTest : public testing::TestWithParam<Way> {
 protected:
  FileBrowserSheetTest() { setenv("HOME", home_.path().c_str(), 1); }

  // Opens it there; nothing was answered yet.
  void open(ChooseRequest::Kind kind, const std::string& folder) {
    sheet_ = std::make_unique<FileBrowserSheet>(
        ChooseRequest{kind, "Choisir un fichier", "cabinet.coffre"}, folder, calls_,
        [this](std::vector<std::string> paths) { answers_.push_back(std::move(paths)); });
    driver_.frame([this](Ui& ui) {
      if (sheet_ && !sheet_->draw(ui)) {
        sheet_.reset();
      }
    });
    driver_.frame();
  }
  // Waits, without sleeping, for so many answers of other threads.
  void answer(int count) {
    asked_ += count;
    for (int now = posted_.load(); now < asked_; now = posted_.load()) {
      posted_.wait(now);
    }
    calls_->run();
    driver_.frames(3);
  }
  void expect_tidy() {
    EXPECT_TRUE(driver_.none_cut()) << testing::PrintToString(driver_.cut());
    EXPECT_TRUE(driver_.doubled().empty()) << testing::PrintToString(driver_.doubled());
  }

  InLanguage language_{GetParam().language};
  test::TempDir home_;
  test::TempDir folder_;
  std::atomic<int> posted_{0};
  int asked_ = 0;
  std::shared_ptr<UiCalls> calls_ = std::make_shared<UiCalls>([this] {
    ++posted_;
    posted_.notify_all();
  });
  Driver driver_{ThemeKind::kLight, GetParam().scale, GetParam().size};
  std::vector<std::vector<std::string>> answers_;
  std::unique_ptr<FileBrowserSheet> sheet_;
};
INSTANTIATE_TEST_SUITE_P(All, FileBrowserSheetTest, testing::ValuesIn(kWays));

TEST_P(FileBrowserSheetTest, ReadsThenSaysThatTheFolderIsEmpty) {
  open(ChooseRequest::Kind::kOpenFiles, folder_.path());
  EXPECT_FALSE(driver_.has("browser.empty"));
  EXPECT_FALSE(driver_.has("browser.list.0"));
  expect_tidy();
  answer(2);  // the places and the folder
  EXPECT_TRUE(driver_.has("browser.empty"));
  EXPECT_FALSE(driver_.enabled("browser.accept"));
  expect_tidy();
}

TEST_P(FileBrowserSheetTest, SaysThatAFolderCannotBeReadAndTheWayUpIsOpen) {
  open(ChooseRequest::Kind::kOpenFile, folder_ / "away");
  answer(2);
  EXPECT_TRUE(driver_.has("browser.error"));
  expect_tidy();
  driver_.click("browser.up");
  driver_.frame();
  answer(1);
  EXPECT_TRUE(driver_.has("browser.empty"));
}

TEST_P(FileBrowserSheetTest, FilesAreChosenWithTheKeyboardAlone) {
  std::filesystem::create_directory(folder_ / "scans");
  for (const char* name : {"bilan.pdf", "courrier.pdf"}) {
    std::ofstream(folder_ / name) << name;
  }
  open(ChooseRequest::Kind::kOpenFiles, folder_.path());
  answer(2);
  ASSERT_TRUE(driver_.has("browser.list.2"));
  expect_tidy();
  driver_.press(Key::kEnd);
  EXPECT_TRUE(driver_.enabled("browser.accept"));
  expect_tidy();
  driver_.press(Key::kEnter);
  EXPECT_EQ(answers_, (std::vector<std::vector<std::string>>{{folder_ / "courrier.pdf"}}));
  EXPECT_FALSE(driver_.has("browser.accept"));
}

TEST_P(FileBrowserSheetTest, EscapeGivesUp) {
  open(ChooseRequest::Kind::kFolder, folder_.path());
  answer(2);
  expect_tidy();
  driver_.press(Key::kEscape);
  EXPECT_EQ(answers_, (std::vector<std::vector<std::string>>{{}}));
}

TEST_P(FileBrowserSheetTest, ANameThatIsTakenIsSaid) {
  std::ofstream(folder_ / "cabinet.coffre") << "x";
  open(ChooseRequest::Kind::kSave, folder_.path());
  answer(2);
  EXPECT_TRUE(driver_.find("browser.name")->focused);
  driver_.press(Key::kEnd);
  driver_.type("/x");
  driver_.press(Key::kEnter);
  EXPECT_TRUE(answers_.empty()) << "a name, not a path";
  EXPECT_TRUE(driver_.has("browser.accept"));
  expect_tidy();
}

}  // namespace
}  // namespace coffre::ui
