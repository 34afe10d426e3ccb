#include "core/base/os.h"

#include <array>
#include <cerrno>
#include <dirent.h>
#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include "core/base/file.h"
#include "tests/support/fake_os.h"
#include "tests/support/temp_dir.h"

namespace coffre {
namespace {

TEST(Os, FailureIsTheNegatedErrno) {
  const test::TempDir dir;
  struct stat found{};
  EXPECT_EQ(os().open((dir / "absent").c_str(), O_RDONLY, 0), -ENOENT);
  EXPECT_EQ(os().close(-1), -EBADF);
  EXPECT_EQ(os().lstat((dir / "absent").c_str(), &found), -ENOENT);
  EXPECT_EQ(os().mkdir(dir.path().c_str(), 0700), -EEXIST);
  EXPECT_EQ(os().fsync(-1), -EBADF);
}

TEST(Os, ReadsAndWritesAtPositions) {
  const test::TempDir dir;
  const File file = File::open(dir / "file", O_RDWR | O_CREAT).value();
  EXPECT_EQ(os().pwrite(file.fd(), "abc", 3, 2), 3);
  std::array<char, 8> data{};
  EXPECT_EQ(os().pread(file.fd(), data.data(), data.size(), 1), 4);
  EXPECT_EQ(data[1], 'a');
  EXPECT_EQ(os().ftruncate(file.fd(), 1), 0);
  struct stat found{};
  EXPECT_EQ(os().fstat(file.fd(), &found), 0);
  EXPECT_EQ(found.st_size, 1);
  EXPECT_EQ(os().fdatasync(file.fd()), 0);
  struct statfs system{};
  EXPECT_EQ(os().fstatfs(file.fd(), &system), 0);
}

TEST(Os, ListNamesEveryEntryAgainAndAgain) {
  const test::TempDir dir;
  ASSERT_TRUE(write_durable(dir / "one", as_bytes("1")));
  ASSERT_EQ(os().mkdir((dir / "two").c_str(), 0700), 0);
  const File directory = File::open(dir.path(), O_RDONLY | O_DIRECTORY).value();
  for (int round = 0; round < 2; ++round) {
    std::vector<DirectoryEntry> entries;
    ASSERT_EQ(os().list(directory.fd(), &entries), 0);
    std::sort(entries.begin(), entries.end(),
              [](const auto& a, const auto& b) { return a.name < b.name; });
    ASSERT_EQ(entries.size(), 2u);
    EXPECT_EQ(entries[0].name, "one");
    EXPECT_EQ(entries[1].name, "two");
    EXPECT_EQ(entries[1].type, DT_DIR);
  }
}

TEST(Os, FlockIsSeenByAnotherDescriptor) {
  const test::TempDir dir;
  const File first = File::open(dir / "file", O_RDWR | O_CREAT).value();
  const File second = File::open(dir / "file", O_RDWR).value();
  EXPECT_EQ(os().flock(first.fd(), LOCK_EX | LOCK_NB), 0);
  EXPECT_EQ(os().flock(second.fd(), LOCK_EX | LOCK_NB), -EWOULDBLOCK);
}

TEST(Os, HardenedProcessIsNotDumpable) {
  const pid_t child = fork();
  if (child == 0) {
    if (harden_process() != 0) _exit(2);
    rlimit limit{};
    if (getrlimit(RLIMIT_CORE, &limit) != 0) _exit(3);
    _exit(prctl(PR_GET_DUMPABLE, 0, 0, 0, 0) == 0 && limit.rlim_cur == 0 && limit.rlim_max == 0
              ? 0
              : 1);
  }
  int status = 1;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
}

TEST(FaultyOs, FailsTheChosenCallOnly) {
  test::FaultyOs faulty;
  Os* const before = &os();
  {
    const test::ScopedOs scope(faulty);
    EXPECT_EQ(&os(), &faulty);
    faulty.fail("fsync", 2, EIO);
    EXPECT_EQ(os().fsync(-1), -EBADF);
    EXPECT_FALSE(faulty.failed());
    EXPECT_EQ(os().fsync(-1), -EIO);
    EXPECT_TRUE(faulty.failed());
    EXPECT_EQ(os().fsync(-1), -EBADF);
    EXPECT_EQ(faulty.calls("fsync"), 3);
  }
  EXPECT_EQ(&os(), before);
}

TEST(RecordingOs, KeepsEveryByteWritten) {
  const test::TempDir dir;
  test::RecordingOs recording;
  const test::ScopedOs scope(recording);
  ASSERT_TRUE(write_durable(dir / "file", as_bytes("patient")));
  EXPECT_TRUE(recording.wrote(as_bytes("patient")));
  EXPECT_FALSE(recording.wrote(as_bytes("Patient")));
}

}  // namespace
}  // namespace coffre
