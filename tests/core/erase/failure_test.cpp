// Every call fails once, and the process is killed at each: never a success, nothing else is
// touched, and the next run finishes.
#include <cerrno>
#include <csignal>
#include <set>
#include <sys/wait.h>
#include <unistd.h>

#include "erase_fixture.h"

namespace coffre {
namespace {

// Whose failure may leave the verdict as it is: a close has closed all the same, a link in sysfs
// and a file there only say what the medium is, and a switch that fails has a second way.
const std::set<std::string, std::less<>> kHarmless{"close", "drop_cache"};

std::vector<EraseRequest> three_requests(const test::TempDir& dir) {
  std::vector<EraseRequest> requests;
  for (const char* name : {"a", "b", "c"}) {
    requests.push_back({.path = dir / name, .expected = {}, .expected_size = {}});
  }
  return requests;
}

TEST_F(EraseTest, EveryCallFailsOnceAndTheNextRunFinishes) {
  const std::vector<EraseRequest> requests = three_requests(dir_);
  const auto make_all = [&] {
    for (const char* name : {"a", "b"}) (void)make(name);
    (void)make("c", 1'200'000);  // written directly
  };
  make_all();
  test::FaultyOs faulty;
  const test::ScopedOs scope(faulty);
  faulty.reset();
  (void)erase_files(requests);
  const auto calls = faulty.all_calls();
  EXPECT_GT(calls.size(), 12u);
  for (const auto& [method, count] : calls) {
    for (const int error : {EIO, ENOSPC}) {
      for (int nth = 1; nth <= count; ++nth) {
        SCOPED_TRACE(method + " " + std::to_string(nth) + " " + std::to_string(error));
        faulty.reset();
        make_all();
        faulty.reset();
        faulty.fail(method, nth, error);
        const auto reports = erase_files(requests);
        const bool reached = faulty.failed();
        faulty.reset();
        std::size_t successes = 0;
        for (const EraseReport& report : reports) {
          successes +=
              report.verdict != Verdict::kFailed && !has(report, Reason::kReadBackCached) &&
                      !has(report, Reason::kUseUnknown) && !has(report, Reason::kJournalModeUnknown)
                  ? 1
                  : 0;
          const std::string name = report.path.substr(report.path.rfind('/') + 1);
          const bool gone = report.left == Left::kNothing || report.left == Left::kNameMayReturn;
          EXPECT_EQ(exists(name), !gone) << words(report);
          if (report.left == Left::kUntouched) {
            EXPECT_TRUE(is_whole(name, Bytes(name == "c" ? 1'200'000 : 10'000, 'x')));
          }
        }
        // What only says which medium it is may fail ("open", "read", "list"); the first switch to
        // direct writing too, and the look that only fills a group.
        const bool informs = method == "open" || method == "read" || method == "fstat" ||
                             method == "list" || method == "set_direct" || method == "fstatat" ||
                             method == "syncfs";
        if (reached && !informs && !kHarmless.contains(method)) {
          EXPECT_LT(successes, 3u);
        }
        for (const EraseReport& report : erase_files(requests)) {
          const bool done = report.verdict != Verdict::kFailed || has(report, Reason::kNotFound);
          EXPECT_TRUE(done) << words(report);
        }
        EXPECT_EQ(dir_.names(), std::vector<std::string>{"neighbour"});
      }
    }
  }
}

// Counts all calls of the work, and kills the process at one of them.
class KillingOs final : public Os {
 public:
  explicit KillingOs(int at) : at_(at) {}
  ssize_t pwrite(int fd, const void* data, std::size_t size, off_t offset) override {
    step();
    return Os::pwrite(fd, data, at_ == 0 ? size / 2 : size, offset);  // half is written, then dead
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

TEST_F(EraseTest, AKillAtEveryStepLeavesWhatTheNextRunFinishes) {
  const std::vector<EraseRequest> requests = three_requests(dir_);
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
      (void)erase_files(requests);
      ::_exit(0);
    }
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    killed = WIFSIGNALED(status);
    EXPECT_TRUE(is_whole("neighbour", kNeighbour));
    for (const EraseReport& report : erase_files(requests)) {
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
