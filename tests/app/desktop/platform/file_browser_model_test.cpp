#include "app/desktop/platform/file_browser_model.h"

#include <gtest/gtest.h>

#include "core/base/text.h"

namespace coffre::desktop {
namespace {

using Paths = std::vector<std::string>;

BrowserEntry entry(const std::string& name, bool is_directory = false) {
  return {.name = name,
          .shown = printable(name),
          .folded = fold(name),
          .is_directory = is_directory,
          .size = 1,
          .modified_ms = 1};
}

// Two folders, then files.
Listing listing_of(const Paths& files) {
  Listing listing;
  listing.entries = {entry("Admin", true), entry("Scans", true)};
  for (const std::string& name : files) listing.entries.push_back(entry(name));
  return listing;
}

void answer(FileBrowserModel& model, Result<Listing> listing) {
  const auto request = model.take_request();
  ASSERT_TRUE(request);
  model.apply(request->number, std::move(listing));
}

FileBrowserModel ready(BrowserMode mode, const Paths& files = {"a.pdf", "b.pdf", "c.pdf"}) {
  FileBrowserModel model(mode, "/home/zoe");
  answer(model, listing_of(files));
  return model;
}

TEST(FileBrowser, AsksForTheFolderWhereItStartsOnce) {
  FileBrowserModel model(BrowserMode::kOpenFiles, "/home//zoe/");
  EXPECT_EQ(model.state(), BrowserState::kReading);
  const auto request = model.take_request();
  ASSERT_TRUE(request);
  EXPECT_EQ(request->path, "/home/zoe");
  EXPECT_FALSE(request->hidden);
  EXPECT_FALSE(request->only_directories);
  EXPECT_FALSE(model.take_request());
  model.apply(request->number, listing_of({"a"}));
  EXPECT_EQ(model.state(), BrowserState::kReady);
  EXPECT_EQ(model.entries().size(), 3U);
}

TEST(FileBrowser, StartsAtTheRootWhenToldNothingUseful) {
  EXPECT_EQ(FileBrowserModel(BrowserMode::kOpenFile, "").path(), "/");
  EXPECT_EQ(FileBrowserModel(BrowserMode::kOpenFile, "relative").path(), "/");
  EXPECT_EQ(FileBrowserModel(BrowserMode::kOpenFile, std::string("/a\0b", 4)).path(), "/");
}

TEST(FileBrowser, ALateAnswerOfAnotherFolderIsDropped) {
  FileBrowserModel model(BrowserMode::kOpenFiles, "/home/zoe");
  const auto late = model.take_request();
  model.go_to("/media");
  const auto wanted = model.take_request();
  ASSERT_TRUE(late && wanted);
  model.apply(late->number, listing_of({"wrong"}));
  EXPECT_EQ(model.state(), BrowserState::kReading);
  model.apply(wanted->number, listing_of({"right"}));
  model.apply(late->number, fail(Code::kFailed, "late"));
  EXPECT_EQ(model.state(), BrowserState::kReady);
  EXPECT_EQ(model.entries()[2].name, "right");
}

TEST(FileBrowser, IntoAFolderUpAndBack) {
  FileBrowserModel model = ready(BrowserMode::kOpenFiles);
  EXPECT_FALSE(model.enter(2));  // a file
  EXPECT_FALSE(model.enter(99));
  ASSERT_TRUE(model.enter(1));
  EXPECT_EQ(model.path(), "/home/zoe/Scans");
  EXPECT_TRUE(model.entries().empty());  // nothing of the folder before
  answer(model, listing_of({}));
  model.up();
  EXPECT_EQ(model.path(), "/home/zoe");
  answer(model, listing_of({"a.pdf"}));
  EXPECT_EQ(model.entries()[model.cursor()].name, "Scans");  // where we came from
  model.back();
  EXPECT_EQ(model.path(), "/home/zoe/Scans");
  answer(model, listing_of({}));
  model.back();
  EXPECT_EQ(model.path(), "/home/zoe");
  answer(model, listing_of({"a.pdf"}));
  EXPECT_EQ(model.entries()[model.cursor()].name, "Scans");
  EXPECT_FALSE(model.can_go_back());
  model.back();
  EXPECT_EQ(model.path(), "/home/zoe");
}

TEST(FileBrowser, AboveTheRootIsNothing) {
  FileBrowserModel model(BrowserMode::kOpenFiles, "/home");
  model.up();
  EXPECT_EQ(model.path(), "/");
  EXPECT_FALSE(model.can_go_up());
  model.up();
  EXPECT_EQ(model.path(), "/");
  answer(model, listing_of({"a"}));
  model.choose_only(2);
  EXPECT_EQ(model.chosen_paths(), Paths{"/a"});
}

TEST(FileBrowser, TheWayBackIsBounded) {
  FileBrowserModel model(BrowserMode::kOpenFiles, "/");
  for (int i = 0; i < 1000; ++i) model.go_to("/" + std::to_string(i));
  int steps = 0;
  for (; model.can_go_back(); ++steps) model.back();
  EXPECT_EQ(steps, 64);
}

TEST(FileBrowser, TheFoldersAboveHaveTheirPaths) {
  const FileBrowserModel model(BrowserMode::kOpenFiles, "/home/zo\xe9/Scans");
  const auto crumbs = model.crumbs();
  ASSERT_EQ(crumbs.size(), 4U);
  EXPECT_EQ(crumbs[0].path, "/");
  EXPECT_EQ(crumbs[2].shown, "zo\\xe9");
  EXPECT_EQ(crumbs[2].path, "/home/zo\xe9");
  EXPECT_EQ(crumbs[3].path, "/home/zo\xe9/Scans");
  EXPECT_EQ(FileBrowserModel(BrowserMode::kOpenFiles, "/").crumbs().size(), 1U);
}

TEST(FileBrowser, AFolderThatCannotBeReadIsAnErrorAndTheWayBackIsOpen) {
  FileBrowserModel model = ready(BrowserMode::kOpenFiles);
  model.choose_only(2);
  ASSERT_TRUE(model.enter(0));
  answer(model, fail(Code::kFailed, "refused", "/home/zoe/Admin"));
  EXPECT_EQ(model.state(), BrowserState::kFailed);
  EXPECT_EQ(model.error()->on, "/home/zoe/Admin");
  EXPECT_TRUE(model.entries().empty());
  EXPECT_TRUE(model.chosen_paths().empty());
  model.back();
  EXPECT_FALSE(model.error());
  answer(model, listing_of({"a.pdf"}));
  EXPECT_EQ(model.state(), BrowserState::kReady);
}

TEST(FileBrowser, ReadingAgainKeepsWhatIsStillThere) {
  FileBrowserModel model = ready(BrowserMode::kOpenFiles);
  model.toggle(2);
  model.toggle(4);
  model.set_cursor(4);
  model.refresh();
  answer(model, listing_of({"aa.pdf", "b.pdf", "c.pdf"}));
  EXPECT_EQ(model.chosen_paths(), Paths{"/home/zoe/c.pdf"});
  EXPECT_EQ(model.entries()[model.cursor()].name, "c.pdf");
}

TEST(FileBrowser, AFilterIsAskedForOnce) {
  FileBrowserModel model = ready(BrowserMode::kOpenFiles);
  model.set_extensions({"pdf"});
  model.show_hidden(true);
  const auto request = model.take_request();
  ASSERT_TRUE(request);
  EXPECT_EQ(request->extensions, Paths{"pdf"});
  EXPECT_TRUE(request->hidden);
  model.apply(request->number, listing_of({}));
  model.set_extensions({"pdf"});
  model.show_hidden(true);
  EXPECT_FALSE(model.take_request());
}

TEST(FileBrowser, SeveralFilesAreChosenInTheOrderShown) {
  FileBrowserModel model = ready(BrowserMode::kOpenFiles);
  model.toggle(4);
  model.toggle(2);
  EXPECT_EQ(model.chosen_paths(), (Paths{"/home/zoe/a.pdf", "/home/zoe/c.pdf"}));
  model.toggle(4);
  EXPECT_EQ(model.chosen_paths(), Paths{"/home/zoe/a.pdf"});
  EXPECT_TRUE(model.is_chosen(2));
  EXPECT_FALSE(model.is_chosen(4));
  model.choose_all();
  EXPECT_EQ(model.chosen_count(), 3U);
  model.choose_only(3);
  EXPECT_EQ(model.chosen_paths(), Paths{"/home/zoe/b.pdf"});
  model.choose_none();
  EXPECT_TRUE(model.chosen_paths().empty());
}

TEST(FileBrowser, ARangeIsFromTheCursorEitherWay) {
  FileBrowserModel model = ready(BrowserMode::kOpenFiles);
  model.set_cursor(3);
  model.choose_to(4);
  EXPECT_EQ(model.chosen_paths(), (Paths{"/home/zoe/b.pdf", "/home/zoe/c.pdf"}));
  model.choose_to(0);  // the folders on the way cannot be chosen
  EXPECT_EQ(model.chosen_paths(), (Paths{"/home/zoe/a.pdf", "/home/zoe/b.pdf"}));
  model.choose_to(99);
  EXPECT_EQ(model.chosen_count(), 2U);
}

TEST(FileBrowser, OneFileWhereOneIsWanted) {
  FileBrowserModel model = ready(BrowserMode::kOpenFile);
  model.toggle(2);
  model.toggle(3);
  EXPECT_EQ(model.chosen_paths(), Paths{"/home/zoe/b.pdf"});
  model.choose_all();
  model.choose_to(4);
  EXPECT_EQ(model.chosen_count(), 1U);
  model.toggle(0);  // a folder
  EXPECT_EQ(model.chosen_paths(), Paths{"/home/zoe/b.pdf"});
}

TEST(FileBrowser, AFolderIsTheChosenOneOrTheOneShown) {
  FileBrowserModel model(BrowserMode::kFolder, "/home/zoe");
  const auto request = model.take_request();
  ASSERT_TRUE(request);
  EXPECT_TRUE(request->only_directories);
  model.apply(request->number, listing_of({}));
  EXPECT_EQ(model.chosen_paths(), Paths{"/home/zoe"});
  model.choose_only(1);
  EXPECT_EQ(model.chosen_paths(), Paths{"/home/zoe/Scans"});
}

TEST(FileBrowser, NamesThatAreNotUtf8OpenTheRightBytes) {
  FileBrowserModel model = ready(BrowserMode::kOpenFiles, {"Pr\xe9nom.pdf"});
  model.choose_only(2);
  EXPECT_EQ(model.chosen_paths(), Paths{"/home/zoe/Pr\xe9nom.pdf"});
}

TEST(FileBrowser, TypingFindsTheNextNameAroundTheEnd) {
  const FileBrowserModel model =
      ready(BrowserMode::kOpenFiles, {"Écho.pdf", "echo 2.pdf", "œuvre.pdf"});
  EXPECT_EQ(model.find("ECH", 0), 2U);
  EXPECT_EQ(model.find("ech", 3), 3U);
  EXPECT_EQ(model.find("ech", 4), 2U);
  EXPECT_EQ(model.find("oe", 0), 4U);
  EXPECT_EQ(model.find("adm", 4), 0U);
  EXPECT_EQ(model.find("e", 1'000'000), 2U);
  EXPECT_EQ(model.find("zz", 0), std::nullopt);
  EXPECT_EQ(model.find("", 0), std::nullopt);
  EXPECT_EQ(FileBrowserModel(BrowserMode::kOpenFile, "/").find("a", 3), std::nullopt);
}

TEST(FileBrowser, TheCursorStaysInside) {
  FileBrowserModel model = ready(BrowserMode::kOpenFiles);
  model.set_cursor(99);
  EXPECT_EQ(model.cursor(), 4U);
  FileBrowserModel empty(BrowserMode::kOpenFiles, "/");
  empty.set_cursor(5);
  EXPECT_EQ(empty.cursor(), 0U);
  EXPECT_FALSE(empty.is_chosen(0));
}

TEST(FileBrowser, ANameToSaveUnderIsOneNameInThisFolder) {
  const FileBrowserModel model = ready(BrowserMode::kSave);
  EXPECT_EQ(model.save_path("document.pdf").value(), "/home/zoe/document.pdf");
  EXPECT_EQ(model.save_path(std::string(255, 'a')).value().size(), 10U + 256U - 1U);
  for (const std::string& name :
       {std::string(), std::string("."), std::string(".."), std::string("a/b"),
        std::string("/etc/passwd"), std::string("a\0b", 3), std::string(256, 'a')}) {
    EXPECT_EQ(model.save_path(name).error().code, Code::kInvalidArgument) << name;
  }
}

}  // namespace
}  // namespace coffre::desktop
