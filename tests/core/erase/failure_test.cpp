// Every call fails once, and the process is killed at each: never a success, nothing else is
// touched, and the next run finishes.
#include <atomic>
#include <cerrno>
#include <csignal>
#include <set>
#include <sys/wait.h>
#include <unistd.h>

#include "erase_fixture.h"

namespace coffre {
namespace {

constexpr std::size_t kLargeFile = 1'200'000;  // is written directly

// Calls of which no failure may leave all verdicts as they are. The others only say which medium it
// is (reading sysfs), fill a group, or have a second way.
const std::set<std::string, std::less<>> kDecisive{
    "pwrite",       "pread",    "fsync",  "write_back", "ftruncate",   "unlinkat",   "extents",
    "open_beneath", "mount_id", "openat", "fstatfs",    "has_writers", "inode_flags"};

class EraseFailure : public EraseTest {
 protected:
  EraseFailure() {
    for (const char* name : {"a", "b", "c"}) {
      requests_.push_back({.path = dir_ / name, .expected = {}, .expected_size = {}});
    }
  }
  void make_all() const {
    for (const char* name : {"a", "b"}) (void)make(name);
    (void)make("c", kLargeFile);
  }
  // What a report says has to be so on the disk.
  void expect_true(const EraseReport& report) const {
    const std::string name = report.path.substr(report.path.rfind('/') + 1);
    const bool gone = report.left == Left::kNothing || report.left == Left::kNameMayReturn;
    EXPECT_EQ(exists(name), !gone) << words(report);
    if (report.left == Left::kUntouched) {
      EXPECT_TRUE(is_whole(name, Bytes(name == "c" ? kLargeFile : 10'000, 'x')));
    }
  }
  // The next run, in which nothing fails.
  void finish() const {
    for (const EraseReport& report : erase_files(requests_)) {
      const bool done = report.verdict != Verdict::kFailed || has(report, Reason::kNotFound);
      EXPECT_TRUE(done) << words(report);
    }
    EXPECT_EQ(dir_.names(), std::vector<std::string>{"neighbour"});
  }

  std::vector<EraseRequest> requests_;
};

TEST_F(EraseFailure, EveryCallFailsOnceAndTheNextRunFinishes) {
  make_all();
  test::FaultyOs faulty;
  const test::ScopedOs scope(faulty);
  faulty.reset();
  const std::vector<EraseReport> undisturbed = erase_files(requests_);
  const auto calls = faulty.all_calls();
  for (const auto& method : kDecisive) EXPECT_TRUE(calls.contains(method)) << method;
  for (const auto& [method, count] : calls) {
    for (int nth = 1; nth <= count; ++nth) {
      const int error = nth % 2 == 0 ? ENOSPC : EIO;
      SCOPED_TRACE(method + " " + std::to_string(nth) + " " + std::to_string(error));
      make_all();
      faulty.reset();
      faulty.fail(method, nth, error);
      const auto reports = erase_files(requests_);
      const bool reached = faulty.failed();
      faulty.reset();
      std::size_t as_before = 0;
      for (std::size_t i = 0; i < reports.size(); ++i) {
        expect_true(reports[i]);
        if (words(reports[i]) == words(undisturbed[i])) ++as_before;
      }
      if (reached && kDecisive.contains(method)) {
        EXPECT_LT(as_before, reports.size());
      }
      finish();
    }
  }
}

// Counts all calls of the work, and kills the process at one of them.
class KillingOs final : public Os {
 public:
  explicit KillingOs(int at) : at_(at) {}
  ssize_t pwrite(int fd, const void* data, std::size_t size, off_t offset) override {
    step();
    return Os::pwrite(fd, data, at_ == 0 ? size / 2 : size, offset);  // half, then comes the kill
  }
  int write_back(int fd) override { return step(), Os::write_back(fd); }
  int syncfs(int fd) override { return step(), Os::syncfs(fd); }
  int fsync(int fd) override { return step(), Os::fsync(fd); }
  int extents(int fd, std::uint64_t start, std::vector<FileExtent>* out) override {
    return step(), Os::extents(fd, start, out);
  }
  ssize_t pread(int fd, void* data, std::size_t size, off_t offset) override {
    return step(), Os::pread(fd, data, size, offset);
  }
  int fstatat(int directory, const char* name, struct stat* out) override {
    return step(), Os::fstatat(directory, name, out);
  }
  int openat(int directory, const char* path, int flags, mode_t mode) override {
    return step(), Os::openat(directory, path, flags, mode);
  }
  int ftruncate(int fd, off_t size) override { return step(), Os::ftruncate(fd, size); }
  int unlinkat(int directory, const char* name) override {
    return step(), Os::unlinkat(directory, name);
  }

 private:
  void step() {
    if (--at_ < 0) ::raise(SIGKILL);
  }
  std::atomic<int> at_;
};

TEST_F(EraseFailure, AKillAtEveryStepLeavesWhatTheNextRunFinishes) {
  bool killed = true;
  int steps = 0;
  for (; killed; ++steps) {
    ASSERT_LT(steps, 500);
    for (const char* name : {"a", "b", "c"}) (void)make(name);
    const pid_t child = ::fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
      KillingOs killing(steps);
      set_os(&killing);
      (void)erase_files(requests_);
      ::_exit(0);
    }
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    killed = WIFSIGNALED(status);
    EXPECT_TRUE(is_whole("neighbour", neighbour_));
    for (const EraseReport& report : erase_files(requests_)) {
      const bool gone = has(report, Reason::kNotFound);
      EXPECT_TRUE(gone || report.verdict != Verdict::kFailed) << steps << words(report);
      // Cut already: nobody can say any more that the cut blocks were overwritten.
      if (report.size == 0 && !gone) {
        EXPECT_EQ(report.verdict, Verdict::kNotGuaranteed);
      }
    }
    ASSERT_EQ(dir_.names(), std::vector<std::string>{"neighbour"}) << steps;
  }
  EXPECT_GT(steps, 30);
}

// A file system that says of a file of 10,000 bytes that it has 32 TiB.
class BoastingOs final : public Os {
 public:
  int fstat(int fd, struct stat* out) override {
    const int error = Os::fstat(fd, out);
    if (error == 0 && out->st_size == kKept) out->st_size = kSize;
    return error;
  }
  int extents(int /*fd*/, std::uint64_t /*start*/, std::vector<FileExtent>* /*out*/) override {
    return -EOPNOTSUPP;
  }
  int next_data(int /*fd*/, off_t from, off_t* begin, off_t* end) override {
    *begin = from;
    *end = kSize;
    return 0;
  }

 private:
  static constexpr off_t kKept = 10'000;
  static constexpr off_t kSize = off_t{1} << 45;
};

TEST_F(EraseTest, ASizeThatNoFileHasIsALimitBeforeAnythingIsWritten) {
  const std::string path = make("file");
  {
    BoastingOs boasting;
    const test::ScopedOs scope(boasting);
    expect_refused(erase(path), Reason::kLimit);
  }
  EXPECT_TRUE(is_whole("file", Bytes(10'000, 'x')));
}

// Syncs of all of a file system fail; those of one file, if told.
class NoSyncOs final : public Os {
 public:
  explicit NoSyncOs(bool single_fails) : single_fails_(single_fails) {}
  int syncfs(int /*fd*/) override { return -EIO; }
  int fsync(int fd) override {
    ++singly;
    return single_fails_ ? -EIO : Os::fsync(fd);
  }
  std::atomic<int> singly{0};

 private:
  bool single_fails_;
};

TEST_F(EraseTest, WhereTheSharedSyncFailsEachFileIsSynced) {
  constexpr int kFiles = 8;
  for (const bool single_fails : {false, true}) {
    std::vector<EraseRequest> requests;
    for (int i = 0; i < kFiles; ++i) {
      requests.push_back(
          {.path = make("file" + std::to_string(i)), .expected = {}, .expected_size = {}});
    }
    NoSyncOs failing(single_fails);
    const test::ScopedOs scope(failing);
    for (const EraseReport& report : erase_files(requests)) {
      EXPECT_EQ(report.verdict == Verdict::kFailed, single_fails) << words(report);
      EXPECT_EQ(has(report, Reason::kSyncFailed), single_fails) << words(report);
      EXPECT_EQ(exists(report.path.substr(report.path.rfind('/') + 1)), single_fails);
    }
    EXPECT_GE(failing.singly, kFiles);
  }
}

TEST_F(EraseTest, ShortWritesAreContinued) {
  const std::string path = make("file");
  test::FaultyOs faulty;
  const test::ScopedOs scope(faulty);
  faulty.limit_writes(512);
  EXPECT_NE(erase(path).verdict, Verdict::kFailed);
  EXPECT_GE(faulty.calls("pwrite"), 20);
}

TEST_F(EraseTest, WithoutDirectReadingTheVerdictSaysSo) {
  const std::string path = make("file");
  test::FaultyOs faulty;
  const test::ScopedOs scope(faulty);
  faulty.fail("set_direct", 1, EINVAL, true);
  const EraseReport report = erase(path);
  EXPECT_EQ(report.verdict, Verdict::kNotGuaranteed);
  EXPECT_TRUE(has(report, Reason::kReadBackCached)) << words(report);
  EXPECT_EQ(report.method, Method::kRandomPassReadCached);
}

TEST_F(EraseTest, WithoutLeasesTheVerdictSaysSo) {
  const std::string path = make("file");
  test::FaultyOs faulty;
  const test::ScopedOs scope(faulty);
  faulty.fail("has_writers", 1, EINVAL, true);
  EXPECT_TRUE(has(erase(path), Reason::kUseUnknown));
}

TEST_F(EraseTest, WithoutRandomBytesNothingIsTouched) {
  class NoRandom final : public Random {
   public:
    Status fill(MutableByteView) override { return fail(Code::kFailed, "no random bytes"); }
  } none;
  const std::string path = make("file");
  EraseOptions options;
  options.random = &none;
  expect_refused(erase_file({.path = path, .expected = {}, .expected_size = {}}, options),
                 Reason::kSystemRefused);
  EXPECT_TRUE(is_whole("file", Bytes(10'000, 'x')));
}

}  // namespace
}  // namespace coffre
