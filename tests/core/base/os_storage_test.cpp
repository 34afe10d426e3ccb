// The calls of the Os seam that look at how a file is stored, on whatever file system the tests
// run.
#include <cerrno>
#include <fcntl.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include "core/base/file.h"
#include "core/base/os.h"
#include "tests/support/temp_dir.h"

namespace coffre {
namespace {

class OsStorage : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(write_durable(dir_ / "file", Bytes(10'000, 'x')));
    ASSERT_EQ(os().mkdir((dir_ / "below").c_str(), 0700), 0);
    ASSERT_TRUE(write_durable(dir_ / "below/file", as_bytes("y")));
    directory_ = File::open(dir_.path(), O_RDONLY | O_DIRECTORY).value();
  }
  [[nodiscard]] File open(const char* name, int flags) const {
    return File::open(dir_ / name, flags).value();
  }
  // Opens and closes; the error or 0.
  [[nodiscard]] int beneath(const char* path) const {
    const int fd = os().open_beneath(directory_.fd(), path, O_RDONLY | O_CLOEXEC);
    return fd < 0 ? fd : os().close(fd);
  }

  test::TempDir dir_;
  File directory_;
};

TEST_F(OsStorage, NoPathLeadsOutOfADirectory) {
  ASSERT_EQ(::symlink("below", (dir_ / "link").c_str()), 0);
  if (beneath("below/file") == -ENOSYS) GTEST_SKIP() << "this kernel has no openat2";
  EXPECT_EQ(beneath("below/file"), 0);
  EXPECT_EQ(beneath("link/file"), -ELOOP);
  EXPECT_EQ(beneath("below/../../x"), -EXDEV);
  EXPECT_EQ(beneath("/etc"), -EXDEV);
}

TEST_F(OsStorage, NamesInADirectoryAreNotFollowed) {
  ASSERT_EQ(::symlink("file", (dir_ / "link").c_str()), 0);
  struct stat found{};
  EXPECT_EQ(os().fstatat(directory_.fd(), "link", &found), 0);
  EXPECT_TRUE(S_ISLNK(found.st_mode));
  std::string target;
  EXPECT_EQ(os().read_link((dir_ / "link").c_str(), &target), 0);
  EXPECT_EQ(target, "file");
  EXPECT_EQ(os().unlinkat(directory_.fd(), "link"), 0);
  EXPECT_EQ(os().fstatat(directory_.fd(), "link", &found), -ENOENT);
  EXPECT_EQ(os().fstatat(directory_.fd(), "file", &found), 0);
}

TEST_F(OsStorage, AWriterIsSeenAndAReaderIsNot) {
  const File reader = open("file", O_RDONLY);
  const int alone = os().has_writers(reader.fd());
  if (alone < 0) GTEST_SKIP() << "no leases on this file system: " << alone;
  EXPECT_EQ(alone, 0);
  {
    const File other = open("file", O_RDONLY);
    EXPECT_EQ(os().has_writers(reader.fd()), 0);
  }
  const File writer = open("file", O_WRONLY);
  EXPECT_EQ(os().has_writers(reader.fd()), 1);
}

TEST_F(OsStorage, TheMapCoversTheFile) {
  const File file = open("file", O_RDWR);
  std::vector<FileExtent> extents;
  const int result = os().extents(file.fd(), 0, &extents);
  if (result == -EOPNOTSUPP || result == -ENOTTY) GTEST_SKIP() << "no maps on this file system";
  ASSERT_EQ(result, 1);
  std::uint64_t covered = 0;
  for (const FileExtent& extent : extents) covered += extent.length;
  EXPECT_GE(covered, 10'000u);
  EXPECT_FALSE(extents.front().unknown);
}

TEST_F(OsStorage, AHoleIsSteppedOver) {
  const File file = open("sparse", O_RDWR | O_CREAT);
  ASSERT_EQ(os().pwrite(file.fd(), "x", 1, 1 << 20), 1);
  off_t begin = -1;
  off_t end = -1;
  ASSERT_EQ(os().next_data(file.fd(), 0, &begin, &end), 0);
  EXPECT_LE(begin, 1 << 20);
  EXPECT_EQ(end, (1 << 20) + 1);
  EXPECT_EQ(os().next_data(file.fd(), end, &begin, &end), -ENXIO);
}

TEST_F(OsStorage, WhatIsWrittenGoesToTheMedium) {
  const File file = open("file", O_RDWR);
  EXPECT_EQ(os().pwrite(file.fd(), "z", 1, 0), 1);
  EXPECT_EQ(os().write_back(file.fd()), 0);
  EXPECT_EQ(os().syncfs(file.fd()), 0);
  EXPECT_EQ(os().drop_cache(file.fd()), 0);
  EXPECT_EQ(os().write_back(-1), -EBADF);
  EXPECT_EQ(os().syncfs(-1), -EBADF);
  EXPECT_EQ(os().drop_cache(-1), -EBADF);
}

TEST_F(OsStorage, DirectReadingIsSwitchedOnAndOff) {
  const File file = open("file", O_RDWR);
  const int on = os().set_direct(file.fd(), true);
  if (on == -EINVAL) GTEST_SKIP() << "no direct reading on this file system";
  ASSERT_EQ(on, 0);
  EXPECT_NE(::fcntl(file.fd(), F_GETFL) & O_DIRECT, 0);
  EXPECT_EQ(os().set_direct(file.fd(), false), 0);
  EXPECT_EQ(::fcntl(file.fd(), F_GETFL) & O_DIRECT, 0);
}

}  // namespace
}  // namespace coffre
