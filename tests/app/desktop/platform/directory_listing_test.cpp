#include "app/desktop/platform/directory_listing.h"

#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include "core/base/file.h"
#include "tests/support/fake_os.h"
#include "tests/support/temp_dir.h"

namespace coffre::desktop {
namespace {

using test::FaultyOs;
using test::ScopedOs;
using test::TempDir;
using Names = std::vector<std::string>;

void put(const std::string& path, std::string_view content = {}) {
  ASSERT_TRUE(write_durable(path, as_bytes(content)));
}

// Many, quickly.
void put_empty(const std::string& path) {
  const int fd = ::open(path.c_str(), O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
  ASSERT_GE(fd, 0);
  ::close(fd);
}

void put_folder(const std::string& path) { ASSERT_EQ(::mkdir(path.c_str(), 0700), 0); }

Names names_of(const Result<Listing>& listing) {
  Names names;
  for (const BrowserEntry& entry : listing.value().entries) names.push_back(entry.name);
  return names;
}

TEST(DirectoryListing, FoldersFirstThenAsPeopleOrderNames) {
  const TempDir dir;
  for (const char* const name : {"zoo.pdf", "Écho.pdf", "echo 2.pdf", "abc.pdf", "Zoe.pdf"}) {
    put(dir / name);
  }
  put_folder(dir / "œuvre");
  put_folder(dir / "Nantes");
  EXPECT_EQ(names_of(list_directory({.path = dir.path()})),
            (Names{"Nantes", "œuvre", "abc.pdf", "echo 2.pdf", "Écho.pdf", "Zoe.pdf", "zoo.pdf"}));
}

TEST(DirectoryListing, AnEntrySaysWhatItIs) {
  const TempDir dir;
  put(dir / "file", "12345");
  const timespec when{.tv_sec = 1'700'000'000, .tv_nsec = 123'000'000};
  const std::array<timespec, 2> times = {when, when};
  ASSERT_EQ(::utimensat(AT_FDCWD, (dir / "file").c_str(), times.data(), 0), 0);
  const auto listing = list_directory({.path = dir.path()});
  ASSERT_EQ(listing.value().entries.size(), 1U);
  const BrowserEntry& entry = listing->entries.front();
  EXPECT_FALSE(entry.is_directory);
  EXPECT_EQ(entry.size, 5U);
  EXPECT_EQ(entry.modified_ms, 1'700'000'000'123);
  EXPECT_FALSE(listing->is_cut);
}

TEST(DirectoryListing, ANameThatIsNotUtf8IsShownAndOpensTheRightBytes) {
  const TempDir dir;
  const std::string name = "Pr\xe9nom\x1b\n.pdf";
  put(dir / name, "x");
  const auto listing = list_directory({.path = dir.path()});
  ASSERT_EQ(listing.value().entries.size(), 1U);
  EXPECT_EQ(listing->entries.front().name, name);
  EXPECT_EQ(listing->entries.front().shown, "Pr\\xe9nom\\x1b\\x0a.pdf");
  EXPECT_TRUE(read_file(dir / listing->entries.front().name, 10));
}

TEST(DirectoryListing, HiddenNamesOnlyWhenAsked) {
  const TempDir dir;
  put(dir / ".hidden");
  put_folder(dir / ".config");
  put(dir / "shown");
  EXPECT_EQ(names_of(list_directory({.path = dir.path()})), Names{"shown"});
  EXPECT_EQ(names_of(list_directory({.path = dir.path(), .hidden = true})),
            (Names{".config", ".hidden", "shown"}));
}

TEST(DirectoryListing, AFilterLeavesFoldersAndHidesOtherFiles) {
  const TempDir dir;
  for (const char* const name : {"a.pdf", "b.PDF", "c.jpg", "d.pdf.exe", "epdf", "f"}) {
    put(dir / name);
  }
  put_folder(dir / "folder");
  EXPECT_EQ(names_of(list_directory({.path = dir.path(), .extensions = {"pdf", "png"}})),
            (Names{"folder", "a.pdf", "b.PDF"}));
  EXPECT_EQ(names_of(list_directory({.path = dir.path(), .only_directories = true})),
            Names{"folder"});
}

TEST(HasExtension, IsTheEndOfTheNameAfterADot) {
  EXPECT_TRUE(has_extension("a.tar.gz", {"gz"}));
  EXPECT_TRUE(has_extension("a.tar.gz", {"tar.gz"}));
  EXPECT_TRUE(has_extension("anything", {}));
  EXPECT_FALSE(has_extension(".pdf", {"pdf"}));
  EXPECT_FALSE(has_extension("pdf", {"pdf"}));
  EXPECT_FALSE(has_extension("", {"pdf"}));
  EXPECT_FALSE(has_extension("a.pdf ", {"pdf"}));
}

TEST(DirectoryListing, LinksAreWhatTheyLeadTo) {
  const TempDir dir;
  put_folder(dir / "folder");
  put(dir / "file", "123");
  ASSERT_EQ(::symlink("folder", (dir / "to folder").c_str()), 0);
  ASSERT_EQ(::symlink("file", (dir / "to file").c_str()), 0);
  ASSERT_EQ(::symlink("absent", (dir / "to nothing").c_str()), 0);
  ASSERT_EQ(::symlink("loop", (dir / "loop").c_str()), 0);
  const auto listing = list_directory({.path = dir.path()});
  EXPECT_EQ(names_of(listing), (Names{"folder", "to folder", "file", "to file"}));
  EXPECT_TRUE(listing->entries[1].is_directory);
  EXPECT_EQ(listing->entries[3].size, 3U);
}

TEST(DirectoryListing, PipesAndDevicesAreLeftOut) {
  const TempDir dir;
  ASSERT_EQ(::mkfifo((dir / "pipe").c_str(), 0600), 0);
  ASSERT_EQ(::symlink("/dev/null", (dir / "device").c_str()), 0);
  put(dir / "file");
  EXPECT_EQ(names_of(list_directory({.path = dir.path()})), Names{"file"});
}

TEST(DirectoryListing, WhatIsTooMuchIsCutAfterTheFirstInOrder) {
  const TempDir dir;
  constexpr std::size_t kCount = 2 * kEntriesMax + 50;
  // The order of the directory is not that of the names.
  for (std::size_t i = 0; i < kCount; ++i) {
    const std::size_t number = (i * 7919) % kCount + 100'000;
    put_empty(dir / std::to_string(number));
  }
  put_folder(dir / "zz folder");
  const auto listing = list_directory({.path = dir.path()});
  ASSERT_EQ(listing.value().entries.size(), kEntriesMax);
  EXPECT_TRUE(listing->is_cut);
  EXPECT_EQ(listing->entries[0].name, "zz folder");
  EXPECT_EQ(listing->entries[1].name, "100000");
  EXPECT_EQ(listing->entries.back().name, std::to_string(100'000 + kEntriesMax - 2));
}

TEST(DirectoryListing, FailuresSayWhich) {
  const TempDir dir;
  put(dir / "file");
  const auto vanished = list_directory({.path = dir / "absent"});
  ASSERT_FALSE(vanished);
  EXPECT_EQ(vanished.error().code, Code::kNotFound);
  EXPECT_EQ(vanished.error().on, dir / "absent");
  const auto file = list_directory({.path = dir / "file"});
  ASSERT_FALSE(file);
  EXPECT_STREQ(file.error().what, os_error(ENOTDIR, "").what);
  EXPECT_EQ(list_directory({.path = "relative"}).error().code, Code::kInvalidArgument);
  EXPECT_EQ(list_directory({.path = ""}).error().code, Code::kInvalidArgument);
  EXPECT_FALSE(list_directory({.path = dir.path() + std::string("\0x", 2)}));
}

TEST(DirectoryListing, ARefusedPermissionIsAnError) {
  const TempDir dir;
  FaultyOs faulty;
  const ScopedOs scope(faulty);
  faulty.fail("open", 1, EACCES);
  const auto refused = list_directory({.path = dir.path()});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Code::kFailed);
  EXPECT_STREQ(refused.error().what, os_error(EACCES, "").what);
}

}  // namespace
}  // namespace coffre::desktop
