#include "core/base/file.h"

#include <cerrno>
#include <fcntl.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include "tests/support/fake_os.h"
#include "tests/support/temp_dir.h"

namespace coffre {
namespace {

using test::FaultyOs;
using test::ScopedOs;
using test::TempDir;

std::string content(const std::string& path) {
  const auto bytes = read_file(path, 1 << 20);
  return bytes ? std::string(as_text(*bytes))
               : "(" + std::string(code_name(bytes.error().code)) + ")";
}

mode_t mode_of(const std::string& path) {
  struct stat found{};
  EXPECT_EQ(os().lstat(path.c_str(), &found), 0);
  return found.st_mode & 07777;
}

TEST(ReadFile, KeepsToItsLimit) {
  const TempDir dir;
  const std::string path = dir / "file";
  for (const std::size_t size : {std::size_t{0}, std::size_t{1}, std::size_t{5000}}) {
    const Bytes bytes(size, 'x');
    ASSERT_TRUE(write_durable(path, bytes));
    EXPECT_EQ(read_file(path, size).value(), bytes);
    EXPECT_EQ(read_file(path, 10'000).value(), bytes);
    if (size != 0) {
      EXPECT_EQ(read_file(path, size - 1).error().code, Code::kLimit);
    }
    const auto secret = read_secret_file(path, size);
    ASSERT_TRUE(secret);
    EXPECT_TRUE(std::ranges::equal(secret->expose(), bytes));
    if (size != 0) {
      EXPECT_EQ(read_secret_file(path, size - 1).error().code, Code::kLimit);
    }
  }
}

TEST(ReadFile, ReadsFilesThatSayTheyAreEmpty) {
  EXPECT_FALSE(read_file("/proc/self/maps", 1 << 20).value().empty());
  EXPECT_FALSE(read_secret_file("/proc/self/maps", 1 << 20).value().empty());
  EXPECT_EQ(read_file("/proc/self/maps", 10).error().code, Code::kLimit);
  EXPECT_EQ(read_file("/dev/zero", 10'000).error().code, Code::kLimit);
}

TEST(ReadFile, FailuresNameThePath) {
  const TempDir dir;
  const auto absent = read_file(dir / "absent", 10);
  EXPECT_EQ(absent.error().code, Code::kNotFound);
  EXPECT_EQ(absent.error().on, dir / "absent");
  EXPECT_EQ(read_file(dir.path(), 10).error().code, Code::kFailed);
  ASSERT_TRUE(write_durable(dir / "file", as_bytes("x")));
  FaultyOs faulty;
  const ScopedOs scope(faulty);
  faulty.fail("read", 1, EIO);
  const auto broken = read_file(dir / "file", 10);
  EXPECT_EQ(broken.error().code, Code::kFailed);
  EXPECT_EQ(broken.error().on, dir / "file");
  faulty.fail("fstat", 1, EIO);
  EXPECT_EQ(read_file(dir / "file", 10).error().code, Code::kFailed);
}

TEST(File, PathWithNulNamesNothing) {
  const TempDir dir;
  const std::string bad = dir / std::string("a\0b", 3);
  EXPECT_EQ(write_durable(bad, {}).error().code, Code::kInvalidArgument);
  EXPECT_EQ(PrivateOutput::create(bad).error().code, Code::kInvalidArgument);
  EXPECT_EQ(make_directories(bad).error().code, Code::kNotFound);
  EXPECT_EQ(File::open(bad, O_RDONLY | O_CREAT).error().code, Code::kNotFound);
  EXPECT_TRUE(dir.names().empty());
}

TEST(OsError, MapsEachErrno) {
  EXPECT_EQ(os_error(ENOENT, "p").code, Code::kNotFound);
  EXPECT_EQ(os_error(EEXIST, "p").code, Code::kExists);
  EXPECT_EQ(os_error(ENOSPC, "p").code, Code::kNoSpace);
  EXPECT_EQ(os_error(EDQUOT, "p").code, Code::kNoSpace);
  EXPECT_EQ(os_error(EROFS, "p").code, Code::kReadOnly);
  EXPECT_EQ(os_error(EFBIG, "p").code, Code::kLimit);
  EXPECT_EQ(os_error(EACCES, "p").code, Code::kFailed);
  EXPECT_EQ(os_error(EINVAL, "p").code, Code::kFailed);
  EXPECT_EQ(os_error(EINVAL, "p").on, "p");
}

TEST(WriteDurable, MakesAndReplacesWithModeOfTheOwnerOnly) {
  const TempDir dir;
  ASSERT_TRUE(write_durable(dir / "file", as_bytes("old")));
  EXPECT_EQ(mode_of(dir / "file"), 0600u);
  ASSERT_TRUE(write_durable(dir / "file", as_bytes("new")));
  EXPECT_EQ(content(dir / "file"), "new");
  EXPECT_EQ(dir.names(), std::vector<std::string>{"file"});
  EXPECT_EQ(write_durable(dir / "", {}).error().code, Code::kInvalidArgument);
  EXPECT_EQ(write_durable(dir / "none/file", {}).error().code, Code::kNotFound);
}

TEST(WriteDurable, ShortWritesAreContinued) {
  const TempDir dir;
  FaultyOs faulty;
  const ScopedOs scope(faulty);
  faulty.limit_writes(3);
  ASSERT_TRUE(write_durable(dir / "file", as_bytes("0123456789")));
  EXPECT_EQ(content(dir / "file"), "0123456789");
}

TEST(WriteDurable, SyncsTheFileBeforeTheNameAndTheDirectoryAfter) {
  const TempDir dir;
  FaultyOs faulty;
  const ScopedOs scope(faulty);
  ASSERT_TRUE(write_durable(dir / "file", as_bytes("x")));
  EXPECT_EQ(faulty.calls("fsync"), 2);
  EXPECT_EQ(faulty.calls("rename"), 1);
  faulty.reset();
  faulty.fail("fsync", 1, EIO);
  EXPECT_FALSE(write_durable(dir / "file", as_bytes("y")));
  EXPECT_EQ(faulty.calls("rename"), 0);
}

// Every call that a successful run makes is made to fail once, with each errno.
TEST(WriteDurable, FailureAtAnyStepKeepsTheOldContentAndLeavesNoOtherName) {
  for (const bool there : {true, false}) {
    const TempDir dir;
    const std::string path = dir / "file";
    FaultyOs faulty;
    const ScopedOs scope(faulty);
    ASSERT_TRUE(write_durable(path, as_bytes("old")));
    faulty.reset();
    faulty.limit_writes(4);
    ASSERT_TRUE(write_durable(path, as_bytes("new content")));
    const auto counts = faulty.all_calls();
    int tried = 0;
    for (const auto& [method, count] : counts) {
      for (int nth = 1; nth <= count; ++nth) {
        // The close of the directory at the end is no step: nothing depends on it.
        if (method == "close" && nth == count) continue;
        for (const int error : {EIO, ENOSPC, EROFS}) {
          faulty.reset();
          faulty.limit_writes(0);
          (void)os().unlink(path.c_str());
          if (there) {
            ASSERT_TRUE(write_durable(path, as_bytes("old")));
          }
          faulty.reset();
          faulty.limit_writes(4);
          faulty.fail(method, nth, error);
          const Status status = write_durable(path, as_bytes("new content"));
          ASSERT_TRUE(faulty.failed()) << method << nth;
          ASSERT_FALSE(status) << method << nth;
          EXPECT_EQ(status.error().code, os_error(error, "").code) << method << nth;
          const bool renamed = method == "fsync" && nth == count;  // the directory's
          faulty.reset();
          if (renamed) {
            EXPECT_EQ(content(path), "new content");
          } else {
            EXPECT_EQ(content(path), there ? "old" : "(not-found)") << method << nth;
          }
          EXPECT_EQ(dir.names().size(), there || renamed ? 1u : 0u) << method << nth;
          ++tried;
        }
      }
    }
    EXPECT_GE(tried, 3 * 9);  // open 2, getrandom 1, write 3, fsync 2, close 1, rename 1
  }
}

TEST(PrivateOutput, AppearsOnlyAtCommit) {
  const TempDir dir;
  {
    auto output = PrivateOutput::create(dir / "clear").value();
    ASSERT_TRUE(output.write(as_bytes("never seen")));
    EXPECT_TRUE(dir.names().empty());
  }
  EXPECT_TRUE(dir.names().empty());
  auto output = PrivateOutput::create(dir / "clear").value();
  ASSERT_TRUE(output.write(as_bytes("one ")));
  ASSERT_TRUE(output.write(as_bytes("two")));
  EXPECT_TRUE(dir.names().empty());
  ASSERT_TRUE(output.commit());
  EXPECT_EQ(content(dir / "clear"), "one two");
  EXPECT_EQ(mode_of(dir / "clear"), 0600u);
}

TEST(PrivateOutput, NeverReplacesAFile) {
  const TempDir dir;
  auto output = PrivateOutput::create(dir / "clear").value();
  ASSERT_TRUE(output.write(as_bytes("new")));
  ASSERT_TRUE(write_durable(dir / "clear", as_bytes("came meanwhile")));
  EXPECT_EQ(output.commit().error().code, Code::kExists);
  EXPECT_EQ(content(dir / "clear"), "came meanwhile");
  EXPECT_EQ(PrivateOutput::create(dir / "clear").error().code, Code::kExists);
  ASSERT_EQ(::symlink("nowhere", (dir / "dangling").c_str()), 0);
  EXPECT_EQ(PrivateOutput::create(dir / "dangling").error().code, Code::kExists);
}

TEST(PrivateOutput, RefusesPathsThatNameNoFile) {
  const TempDir dir;
  for (const char* bad : {"", ".", "..", "a/"}) {
    EXPECT_EQ(PrivateOutput::create(dir / bad).error().code, Code::kInvalidArgument) << bad;
  }
  EXPECT_EQ(PrivateOutput::create(dir / "none/file").error().code, Code::kNotFound);
}

TEST(PrivateOutput, FileSystemWithoutUnnamedFilesIsUnsupported) {
  const TempDir dir;
  FaultyOs faulty;
  const ScopedOs scope(faulty);
  for (const int error : {EOPNOTSUPP, EISDIR}) {
    faulty.fail("openat", 1, error);
    EXPECT_EQ(PrivateOutput::create(dir / "clear").error().code, Code::kUnsupported);
  }
  EXPECT_TRUE(dir.names().empty());
}

Status put_out(const std::string& path) {
  COFFRE_TRY_ASSIGN(PrivateOutput output, PrivateOutput::create(path));
  COFFRE_TRY(output.write(as_bytes("some clear text")));
  return output.commit();
}

TEST(PrivateOutput, FailureAtAnyStepLeavesNoName) {
  const TempDir dir;
  const std::string path = dir / "clear";
  FaultyOs faulty;
  const ScopedOs scope(faulty);
  faulty.limit_writes(4);
  ASSERT_TRUE(put_out(path));
  const auto counts = faulty.all_calls();
  EXPECT_EQ(counts.at("fsync"), 2);
  EXPECT_EQ(counts.at("write"), 4);
  int tried = 0;
  for (const auto& [method, count] : counts) {
    if (method == "close") continue;  // what was synced and linked does not depend on it
    for (int nth = 1; nth <= count; ++nth) {
      for (const int error : {EIO, ENOSPC, EROFS}) {
        ASSERT_TRUE(os().unlink(path.c_str()) == 0 || tried != 0);
        faulty.reset();
        faulty.fail(method, nth, error);
        const Status status = put_out(path);
        ASSERT_TRUE(faulty.failed()) << method << nth;
        ASSERT_FALSE(status) << method << nth;
        EXPECT_EQ(status.error().code, os_error(error, "").code) << method << nth;
        EXPECT_TRUE(dir.names().empty()) << method << nth;
        ++tried;
      }
    }
  }
  EXPECT_GE(tried, 3 * 9);  // lstat, open, openat, write 4, fsync 2, link_fd
}

TEST(MakeDirectories, MakesTheMissingOnesPrivate) {
  const TempDir dir;
  ASSERT_TRUE(make_directories(dir / "a/b/c/"));
  EXPECT_EQ(mode_of(dir / "a"), 0700u);
  EXPECT_EQ(mode_of(dir / "a/b/c"), 0700u);
  EXPECT_TRUE(make_directories(dir / "a/b"));
  EXPECT_TRUE(make_directories("/"));
  ASSERT_TRUE(write_durable(dir / "file", {}));
  EXPECT_FALSE(make_directories(dir / "file"));
  EXPECT_FALSE(make_directories(dir / "file/below"));
  EXPECT_FALSE(make_directories(""));
}

TEST(ParentDirectory, IsTheTextBeforeTheLastName) {
  EXPECT_EQ(base_name("/a/b.pdf"), "b.pdf");
  EXPECT_EQ(base_name("b"), "b");
  EXPECT_EQ(base_name("a/"), "");
  EXPECT_EQ(parent_directory("a/b"), "a");
  EXPECT_EQ(parent_directory("a//b"), "a");
  EXPECT_EQ(parent_directory("a/b/"), "a");
  EXPECT_EQ(parent_directory("b"), ".");
  EXPECT_EQ(parent_directory("/b"), "/");
  EXPECT_EQ(parent_directory("/"), "/");
  EXPECT_EQ(parent_directory(""), ".");
}

}  // namespace
}  // namespace coffre
