#include "app/desktop/platform/places.h"

#include <algorithm>
#include <sys/stat.h>

#include <gtest/gtest.h>

#include "core/base/file.h"
#include "tests/support/temp_dir.h"

namespace coffre::desktop {
namespace {

using test::TempDir;

constexpr std::string_view kFrench = R"dirs(# This file is written by xdg-user-dirs-update
XDG_DESKTOP_DIR="$HOME/Bureau"
  XDG_DOWNLOAD_DIR="$HOME/T\"é\\l"
XDG_TEMPLATES_DIR="$HOME/Modèles"
#XDG_DOCUMENTS_DIR="$HOME/commented"
XDG_DOCUMENTS_DIR="/srv/documents/"
XDG_MUSIC_DIR="$HOME/"
XDG_PICTURES_DIR=$HOME/unquoted
XDG_VIDEOS_DIR="$HOMEWARD/x"
XDG_PUBLICSHARE_DIR="relative"
XDG_OPEN_DIR="$HOME/open
XDG_RUN_DIR="$(touch /tmp/x)"
)dirs";

std::string directory(std::string_view key) { return user_directory(kFrench, key, "/home/zoe"); }

TEST(UserDirectories, AreReadAsTheirFormatSays) {
  EXPECT_EQ(directory("XDG_DESKTOP_DIR"), "/home/zoe/Bureau");
  EXPECT_EQ(directory("XDG_DOWNLOAD_DIR"), "/home/zoe/T\"é\\l");
  EXPECT_EQ(directory("XDG_DOCUMENTS_DIR"), "/srv/documents");
}

TEST(UserDirectories, WhatIsNoneIsLeftOut) {
  for (const char* const key :
       {"XDG_MUSIC_DIR", "XDG_PICTURES_DIR", "XDG_VIDEOS_DIR", "XDG_PUBLICSHARE_DIR",
        "XDG_OPEN_DIR", "XDG_RUN_DIR", "XDG_ABSENT_DIR", "XDG_DESKTOP", ""}) {
    EXPECT_EQ(directory(key), "") << key;
  }
  EXPECT_EQ(user_directory("", "XDG_DESKTOP_DIR", "/home/zoe"), "");
  EXPECT_EQ(user_directory("XDG_DESKTOP_DIR=\"/a\\", "XDG_DESKTOP_DIR", "/home/zoe"), "");
}

TEST(UserDirectories, TheLastLineCounts) {
  EXPECT_EQ(user_directory("A=\"/one\"\r\nA=\"/two\"", "A", "/home/zoe"), "/two");
}

class Home : public testing::Test {
 protected:
  void make(const std::string& name) { ASSERT_TRUE(make_directories(dir_ / name)); }
  [[nodiscard]] PlacesOptions options() const {
    return {.home = dir_ / "home",
            .config = {},
            .media_roots = {dir_ / "media", dir_ / "run media"},
            .only_mounted = false};
  }

  TempDir dir_;
};

TEST_F(Home, TheUsersFoldersThatAreThere) {
  make("home/Bureau");
  make("home/.config");
  ASSERT_TRUE(write_durable(dir_ / "home/.config/user-dirs.dirs",
                            as_bytes("XDG_DESKTOP_DIR=\"$HOME/Bureau\"\n"
                                     "XDG_DOCUMENTS_DIR=\"$HOME/absent\"\n"
                                     "XDG_DOWNLOAD_DIR=\"$HOME/Bureau\"\n")));
  EXPECT_EQ(find_places(options()),
            (std::vector<Place>{{PlaceKind::kHome, dir_ / "home", ""},
                                {PlaceKind::kDesktop, dir_ / "home/Bureau", ""}}));
}

TEST_F(Home, WithoutAnythingThereIsNothing) {
  EXPECT_TRUE(find_places(options()).empty());
  EXPECT_TRUE(find_places({.home = {}, .config = {}, .media_roots = {}}).empty());
}

TEST_F(Home, MediaOfAllRootsAndUsers) {
  make("media/zoe/CLÉ USB");
  make("media/zoe/b\xff");
  make("run media/yann/Carte");
  ASSERT_TRUE(write_durable(dir_ / "media/zoe/file", as_bytes("x")));
  EXPECT_EQ(find_places(options()),
            (std::vector<Place>{{PlaceKind::kRemovable, dir_ / "media/zoe/b\xff", "b\\xff"},
                                {PlaceKind::kRemovable, dir_ / "media/zoe/CLÉ USB", "CLÉ USB"},
                                {PlaceKind::kRemovable, dir_ / "run media/yann/Carte", "Carte"}}));
}

TEST_F(Home, FoldersWhereNothingIsMountedAreNoMedia) {
  make("media/zoe/CLÉ USB");
  PlacesOptions mounted = options();
  mounted.only_mounted = true;
  EXPECT_TRUE(find_places(mounted).empty());
  mounted.media_roots = {"/"};
  const auto places = find_places(mounted);
  const Place proc{PlaceKind::kRemovable, "/proc", "proc"};
  EXPECT_NE(std::find(places.begin(), places.end(), proc), places.end());
  for (const Place& place : places) EXPECT_NE(place.path, "/etc");
}

}  // namespace
}  // namespace coffre::desktop
