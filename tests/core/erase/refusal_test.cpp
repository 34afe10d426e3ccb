// What must not be erased stays as it was, byte for byte.
#include <cerrno>
#include <sys/mman.h>
#include <unistd.h>

#include "erase_fixture.h"

namespace coffre {
namespace {

TEST_F(EraseTest, ASymbolicLinkIsRefusedAndItsTargetStays) {
  ASSERT_EQ(::symlink("neighbour", (dir_ / "link").c_str()), 0);
  expect_refused(erase(dir_ / "link"), Reason::kSymbolicLink);
  EXPECT_TRUE(exists("link"));
}

TEST_F(EraseTest, ALinkOnTheWayIsRefusedWithAndWithoutOpenat2) {
  ASSERT_EQ(os().mkdir((dir_ / "real").c_str(), 0700), 0);
  const std::string path = make("real/file");
  ASSERT_EQ(::symlink("real", (dir_ / "link").c_str()), 0);
  expect_refused(erase(dir_ / "link/file"), Reason::kLinkInPath);
  test::FaultyOs faulty;
  const test::ScopedOs scope(faulty);
  faulty.fail("open_beneath", 1, ENOSYS, true);
  expect_refused(erase(dir_ / "link/file"), Reason::kLinkInPath);
  EXPECT_TRUE(is_whole("real/file", Bytes(10'000, 'x')));
  EXPECT_NE(erase(path).verdict, Verdict::kFailed);
  EXPECT_TRUE(faulty.failed());
}

TEST_F(EraseTest, APathThatGoesUpIsRefused) {
  const std::string path = make("file");
  for (const std::string& bad : {dir_ / "../file", dir_ / "x/../file", dir_ / ".", dir_ / "..",
                                 dir_.path() + "/", std::string(), path + std::string(1, '\0')}) {
    expect_refused(erase(bad), Reason::kPathNotPlain);
  }
  EXPECT_TRUE(is_whole("file", Bytes(10'000, 'x')));
}

TEST_F(EraseTest, AHardLinkIsRefused) {
  const std::string path = make("file");
  ASSERT_EQ(::link(path.c_str(), (dir_ / "other").c_str()), 0);
  expect_refused(erase(path), Reason::kHardLinks);
  EXPECT_TRUE(is_whole("other", Bytes(10'000, 'x')));
  EXPECT_TRUE(exists("file"));
}

TEST_F(EraseTest, OnlyRegularFilesAreErased) {
  ASSERT_EQ(os().mkdir((dir_ / "directory").c_str(), 0700), 0);
  expect_refused(erase(dir_ / "directory"), Reason::kDirectory);
  ASSERT_EQ(::mkfifo((dir_ / "pipe").c_str(), 0600), 0);
  expect_refused(erase(dir_ / "pipe"), Reason::kSpecialFile);
  expect_refused(erase("/dev/null"), Reason::kSpecialFile);
  expect_refused(erase(dir_ / "absent"), Reason::kNotFound);
  expect_refused(erase(dir_ / "absent/file"), Reason::kNotFound);
  expect_refused(erase(dir_ / "neighbour/file"), Reason::kNotFound);
}

TEST_F(EraseTest, AnotherFileThanTheExpectedOneIsRefused) {
  const std::string path = make("file");
  FileIdentity other = identity(path);
  other.inode += 1'000'000'007;
  expect_refused(erase_file({.path = path, .expected = other, .expected_size = {}}),
                 Reason::kNotExpected);
  other = identity(path);
  other.device += 1;
  expect_refused(erase_file({.path = path, .expected = other, .expected_size = {}}),
                 Reason::kNotExpected);
  EXPECT_TRUE(is_whole("file", Bytes(10'000, 'x')));
}

TEST_F(EraseTest, ARenamedFileIsNamedAndNotTouched) {
  const std::string path = make("file");
  const FileIdentity expected = identity(path);
  ASSERT_EQ(os().rename(path.c_str(), (dir_ / "renamed").c_str()), 0);
  const EraseRequest request{.path = path, .expected = expected, .expected_size = {}};
  const EraseReport gone = erase_file(request);
  expect_refused(gone, Reason::kMoved);
  EXPECT_EQ(gone.found_as, "renamed");
  EXPECT_EQ(gone.left, Left::kUntouched);
  (void)make("file", 77);
  expect_refused(erase_file(request), Reason::kMoved);
  EXPECT_TRUE(is_whole("file", Bytes(77, 'x')));
  EXPECT_TRUE(is_whole("renamed", Bytes(10'000, 'x')));
}

TEST_F(EraseTest, AWriteProtectedFileIsRefused) {
  const std::string path = make("file");
  ASSERT_EQ(::chmod(path.c_str(), 0400), 0);
  expect_refused(erase(path), Reason::kWriteProtected);
  EXPECT_TRUE(is_whole("file", Bytes(10'000, 'x')));
}

// Somebody else, for the length of a test.
class OtherUser final : public Os {
 public:
  uid_t effective_user() override { return Os::effective_user() + 1; }
};

TEST_F(EraseTest, AFileOfAnotherUserIsRefused) {
  const std::string path = make("file");
  OtherUser other;
  const test::ScopedOs scope(other);
  expect_refused(erase(path), Reason::kForeignOwner);
  EXPECT_TRUE(is_whole("file", Bytes(10'000, 'x')));
}

TEST_F(EraseTest, AFileThatAnotherProgramWritesIsRefused) {
  const std::string path = make("file");
  {
    const File writer = File::open(path, O_WRONLY).value();
    if (os().has_writers(File::open(path, O_RDONLY).value().fd()) < 0) {
      GTEST_SKIP() << "no leases on this file system";
    }
    expect_refused(erase(path), Reason::kInUse);
  }
  {
    File file = File::open(path, O_RDWR).value();
    void* const mapped = ::mmap(nullptr, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, file.fd(), 0);
    ASSERT_NE(mapped, MAP_FAILED);
    file = File();
    expect_refused(erase(path), Reason::kInUse);
    ASSERT_EQ(::munmap(mapped, 4096), 0);
  }
  EXPECT_TRUE(is_whole("file", Bytes(10'000, 'x')));
  EXPECT_NE(erase(path).verdict, Verdict::kFailed);
}

TEST_F(EraseTest, AFileNamedTwiceIsErasedOnce) {
  const std::string path = make("file");
  const std::vector<EraseRequest> requests(2, {.path = path, .expected = {}, .expected_size = {}});
  const auto reports = erase_files(requests);
  EXPECT_NE(reports[0].verdict, Verdict::kFailed) << words(reports[0]);
  expect_refused(reports[1], Reason::kNamedTwice);
}

// At the nth call of one method, something happens to the directory.
class MeddlingOs final : public test::FaultyOs {
 public:
  MeddlingOs(std::string method, int nth, std::function<void()> meddle)
      : method_(std::move(method)), nth_(nth), meddle_(std::move(meddle)) {}
  int openat(int directory, const char* path, int flags, mode_t mode) override {
    at("openat");
    return FaultyOs::openat(directory, path, flags, mode);
  }
  ssize_t pwrite(int fd, const void* data, std::size_t size, off_t offset) override {
    at("pwrite");
    return FaultyOs::pwrite(fd, data, size, offset);
  }
  int ftruncate(int fd, off_t size) override {
    at("ftruncate");
    return FaultyOs::ftruncate(fd, size);
  }
  int unlinkat(int directory, const char* name) override {
    at("unlinkat");
    return FaultyOs::unlinkat(directory, name);
  }

 private:
  void at(const std::string& method) {
    if (method == method_ && --nth_ == 0) meddle_();
  }
  std::string method_;
  int nth_;
  std::function<void()> meddle_;
};

TEST_F(EraseTest, AFileSwappedDuringTheEraseIsNotTouched) {
  // openat 1 opens for reading, 2 for writing.
  const std::vector<std::pair<std::string, int>> moments{
      {"openat", 1}, {"openat", 2}, {"pwrite", 1}, {"ftruncate", 1}};
  for (const bool link : {false, true}) {
    for (const auto& [method, nth] : moments) {
      const std::string path = make("file");
      const std::string moved = dir_ / "moved";
      MeddlingOs meddling(method, nth, [&] {
        ASSERT_EQ(::rename(path.c_str(), moved.c_str()), 0);
        if (link) {
          ASSERT_EQ(::symlink("neighbour", path.c_str()), 0);
        } else {
          ASSERT_TRUE(write_durable(path, Bytes(300, 'v')));
        }
      });
      const test::ScopedOs scope(meddling);
      const EraseReport report = erase(path);
      EXPECT_EQ(report.verdict, Verdict::kFailed);
      EXPECT_TRUE(has(report, Reason::kSwapped)) << method << nth << words(report);
      EXPECT_TRUE(exists("file"));
      if (!link) {
        EXPECT_TRUE(is_whole("file", Bytes(300, 'v'))) << method << nth;
      }
      ASSERT_EQ(::unlink(path.c_str()), 0);
      ASSERT_EQ(::unlink(moved.c_str()), 0);
    }
  }
}

TEST_F(EraseTest, ASwapAtTheLastMomentIsNoticed) {
  const std::string path = make("file");
  MeddlingOs meddling("unlinkat", 1, [&] {
    ASSERT_EQ(::rename(path.c_str(), (dir_ / "moved").c_str()), 0);
    ASSERT_EQ(::link((dir_ / "neighbour").c_str(), path.c_str()), 0);
  });
  const test::ScopedOs scope(meddling);
  const EraseReport report = erase(path);
  EXPECT_TRUE(has(report, Reason::kSwapped)) << words(report);
  EXPECT_EQ(report.left, Left::kOverwritten);
}

TEST_F(EraseTest, AHardLinkMadeDuringTheEraseIsReported) {
  const std::string path = make("file");
  MeddlingOs meddling("pwrite", 1,
                      [&] { ASSERT_EQ(::link(path.c_str(), (dir_ / "other").c_str()), 0); });
  const test::ScopedOs scope(meddling);
  const EraseReport report = erase(path);
  EXPECT_TRUE(has(report, Reason::kHardLinks)) << words(report);
  EXPECT_EQ(report.left, Left::kOverwritten);
  EXPECT_TRUE(exists("file"));
}

// Somebody writes after the overwrite and before the read-back.
TEST_F(EraseTest, WhatAnotherWritesMeanwhileIsNoticed) {
  const std::string path = make("file");
  class Writing final : public test::FaultyOs {
   public:
    explicit Writing(std::string path) : path_(std::move(path)) {}
    int set_direct(int fd, bool direct) override {
      const int other = ::open(path_.c_str(), O_WRONLY | O_CLOEXEC);
      EXPECT_EQ(::pwrite(other, "plain", 5, 4000), 5);
      EXPECT_EQ(::close(other), 0);
      return FaultyOs::set_direct(fd, direct);
    }

   private:
    std::string path_;
  } writing(path);
  const test::ScopedOs scope(writing);
  const EraseReport report = erase(path);
  EXPECT_EQ(report.reasons, std::vector{Reason::kReadBackDiffers}) << words(report);
  EXPECT_TRUE(exists("file"));
}

TEST_F(EraseTest, AFileThatChangedSinceItWasReadIsRefused) {
  const std::string path = make("changed");
  struct stat found{};
  ASSERT_EQ(os().lstat(path.c_str(), &found), 0);
  const std::int64_t changed =
      std::int64_t{found.st_ctim.tv_sec} * 1'000'000'000 + found.st_ctim.tv_nsec;
  const auto request = [&](std::int64_t when) {
    return EraseRequest{.path = path,
                        .expected = identity(path),
                        .expected_size = 10'000,
                        .expected_change_ns = when};
  };
  expect_refused(erase_file(request(changed + 1)), Reason::kChangedDuring);
  EXPECT_TRUE(is_whole("changed", Bytes(10'000, 'x')));
  EXPECT_NE(erase_file(request(changed)).verdict, Verdict::kFailed);
  EXPECT_FALSE(exists("changed"));
}

}  // namespace
}  // namespace coffre
