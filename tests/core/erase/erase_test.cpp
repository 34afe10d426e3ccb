#include "core/erase/erase.h"

#include <algorithm>
#include <set>

#include "erase_fixture.h"

namespace coffre {
namespace {

TEST_F(EraseTest, AFileIsOverwrittenWithRandomBytesAndGone) {
  test::RecordingOs recording;
  const test::ScopedOs scope(recording);
  const std::string path = make("letter");
  const FileIdentity was = identity(path);
  recording.reset();
  const EraseReport report = erase(path);
  ASSERT_TRUE(report.identity.has_value());
  EXPECT_EQ(report.identity->device, was.device);
  EXPECT_EQ(report.identity->inode, was.inode);
  EXPECT_NE(report.verdict, Verdict::kFailed) << words(report);
  EXPECT_EQ(report.left, Left::kNothing);
  EXPECT_EQ(report.size, 10'000u);
  EXPECT_GE(report.bytes, 10'000u);
  EXPECT_NE(report.method, Method::kNone);
  EXPECT_FALSE(report.file_system.empty());
  EXPECT_FALSE(exists("letter"));
  const Bytes written = recording.written();
  EXPECT_EQ(written.size(), report.bytes);
  EXPECT_FALSE(recording.wrote(Bytes(8, 0)));
  EXPECT_FALSE(recording.wrote(Bytes(8, 'x')));
  EXPECT_EQ(std::set<Byte>(written.begin(), written.end()).size(), 256u);
}

TEST_F(EraseTest, ALargeFileIsOverwrittenToItsLastBlock) {
  const std::string path = make("large", (5 << 20) + 123);
  const EraseReport report = erase(path);
  EXPECT_NE(report.verdict, Verdict::kFailed) << words(report);
  EXPECT_GE(report.bytes, std::uint64_t{(5 << 20) + 123});
  EXPECT_FALSE(exists("large"));
}

TEST_F(EraseTest, ManyFilesGiveAReportEachInOrder) {
  std::vector<EraseRequest> requests;
  for (int i = 0; i < 800; ++i) {
    requests.push_back(
        {.path = make("file" + std::to_string(i), 300), .expected = {}, .expected_size = {}});
  }
  requests[700].path = dir_ / "absent";
  const std::vector<EraseReport> reports = erase_files(requests);
  ASSERT_EQ(reports.size(), 800u);
  for (std::size_t i = 0; i < 800; ++i) {
    EXPECT_EQ(reports[i].path, requests[i].path);
    if (i == 700) {
      expect_refused(reports[i], Reason::kNotFound);
    } else {
      EXPECT_NE(reports[i].verdict, Verdict::kFailed) << words(reports[i]);
    }
  }
  EXPECT_EQ(dir_.names(), (std::vector<std::string>{"file700", "neighbour"}));
}

TEST_F(EraseTest, ASyncIsSharedByManyFiles) {
  std::vector<EraseRequest> requests;
  for (int i = 0; i < 100; ++i) {
    requests.push_back(
        {.path = make("file" + std::to_string(i)), .expected = {}, .expected_size = {}});
  }
  test::FaultyOs counting;
  const test::ScopedOs scope(counting);
  (void)erase_files(requests);
  EXPECT_EQ(counting.calls("syncfs"), 1);
  EXPECT_EQ(counting.calls("fsync"), 1);  // of the directory
}

TEST_F(EraseTest, ProgressCountsFilesAndBytes) {
  const std::vector<EraseRequest> requests{
      {.path = make("a"), .expected = {}, .expected_size = {}},
      {.path = make("b", 3 << 20), .expected = {}, .expected_size = {}}};
  EraseProgress last;
  EraseOptions options;
  options.progress = [&](const EraseProgress& progress) {
    EXPECT_GE(progress.bytes_written, last.bytes_written);
    EXPECT_GE(progress.files_done, last.files_done);
    last = progress;
  };
  (void)erase_files(requests, options);
  EXPECT_EQ(last.files_done, 2u);
  EXPECT_EQ(last.files_total, 2u);
  EXPECT_GE(last.bytes_written, std::uint64_t{3 << 20});
}

TEST_F(EraseTest, WhoAsksIsToldBetweenTheReadBackAndTheRemoval) {
  const std::vector<EraseRequest> requests{
      {.path = make("hard", 10), .expected = {}, .expected_size = {}},
      {.path = make("a", 5000), .expected = {}, .expected_size = {}}};
  ASSERT_EQ(::link((dir_ / "hard").c_str(), (dir_ / "link").c_str()), 0);
  std::vector<std::size_t> told;
  EraseOptions options;
  options.before_removal = [&](std::size_t place) {
    told.push_back(place);
    const auto now = read_file(requests[place].path, 1 << 20);
    ASSERT_TRUE(now);
    EXPECT_EQ(now->size(), 8192U);  // whole blocks
    EXPECT_GT(std::ranges::count_if(*now, [](Byte byte) { return byte != 'x'; }), 4000);
  };
  (void)erase_files(requests, options);
  EXPECT_EQ(told, std::vector<std::size_t>{1});  // never of one that was refused
}

TEST_F(EraseTest, ACancelLeavesTheRestUntouched) {
  std::vector<EraseRequest> requests;
  for (int i = 0; i < 3; ++i) {
    requests.push_back(
        {.path = make("file" + std::to_string(i), 4 << 20), .expected = {}, .expected_size = {}});
  }
  std::stop_source source;
  EraseOptions options;
  options.stop = source.get_token();
  options.progress = [&](const EraseProgress&) { source.request_stop(); };
  for (const EraseReport& report : erase_files(requests, options)) {
    EXPECT_EQ(report.reasons, std::vector{Reason::kCancelled}) << words(report);
    EXPECT_TRUE(report.left == Left::kUntouched || report.left == Left::kPartlyOverwritten);
  }
  EXPECT_TRUE(is_whole("file2", Bytes(4 << 20, 'x')));
  EXPECT_EQ(dir_.names().size(), 4u);
  for (const EraseReport& report : erase_files(requests)) {
    EXPECT_NE(report.verdict, Verdict::kFailed) << words(report);
  }
}

TEST_F(EraseTest, WhatWasCutOffBeforeIsReported) {
  const std::string path = make("cut", 100);
  const EraseReport report =
      erase_file({.path = path, .expected = identity(path), .expected_size = 5000});
  EXPECT_EQ(report.verdict, Verdict::kNotGuaranteed);
  EXPECT_TRUE(has(report, Reason::kFoundShorter)) << words(report);
  EXPECT_FALSE(exists("cut"));
}

TEST_F(EraseTest, AnEmptyFileGoesWithoutAPromise) {
  const std::string path = make("empty", 0);
  const EraseReport report = erase(path);
  EXPECT_EQ(report.verdict, Verdict::kNotGuaranteed);
  EXPECT_TRUE(has(report, Reason::kNothingToOverwrite)) << words(report);
  EXPECT_EQ(report.method, Method::kNone);
  EXPECT_FALSE(exists("empty"));
}

TEST_F(EraseTest, HolesAreNotFilled) {
  const std::string path = dir_ / "sparse";
  {
    const File file = File::open(path, O_RDWR | O_CREAT).value();
    ASSERT_EQ(os().ftruncate(file.fd(), off_t{1} << 40), 0);
    ASSERT_EQ(os().pwrite(file.fd(), "secret", 6, off_t{1} << 39), 6);
  }
  const EraseReport report = erase(path);
  EXPECT_NE(report.verdict, Verdict::kFailed) << words(report);
  EXPECT_GT(report.bytes, 0u);
  EXPECT_LT(report.bytes, std::uint64_t{1 << 20});
  EXPECT_FALSE(exists("sparse"));
}

// The attributes that only root may set, or that only some file systems have.
class FlagsOs final : public Os {
 public:
  explicit FlagsOs(InodeFlags flags) : flags_(flags) {}
  int inode_flags(int /*fd*/, InodeFlags* out) override {
    *out = flags_;
    return 0;
  }

 private:
  InodeFlags flags_;
};

TEST_F(EraseTest, AFileWhoseContentIsJournaledIsNotGuaranteed) {
  const std::string path = make("file");
  FlagsOs flags({.journaled_data = true});
  const test::ScopedOs scope(flags);
  const EraseReport report = erase(path);
  EXPECT_EQ(report.verdict, Verdict::kNotGuaranteed);
  EXPECT_TRUE(has(report, Reason::kJournaledData)) << words(report);
  EXPECT_EQ(std::ranges::count(report.uncovered, Uncovered::kJournaledContent), 1);
}

TEST_F(EraseTest, AnImmutableFileIsRefused) {
  const std::string path = make("file");
  FlagsOs flags({.immutable = true});
  const test::ScopedOs scope(flags);
  expect_refused(erase(path), Reason::kImmutable);
  EXPECT_TRUE(is_whole("file", Bytes(10'000, 'x')));
}

TEST_F(EraseTest, EveryWordIsThere) {
  std::set<std::string_view> words;
  for (std::size_t i = 0; i < kReasonCount; ++i) words.insert(reason_word(static_cast<Reason>(i)));
  EXPECT_EQ(words.size(), kReasonCount);
  EXPECT_EQ(verdict_word(Verdict::kOverwrittenInPlace), "overwritten-in-place");
  EXPECT_EQ(verdict_word(Verdict::kNotGuaranteed), "not-guaranteed");
  EXPECT_EQ(reason_word(Reason::kSystemRefused), "system-refused");
  EXPECT_EQ(reason_word(Reason::kCopyOnWrite), "copy-on-write");
  EXPECT_EQ(uncovered_word(Uncovered::kNameAndDates), "name-and-dates");
  EXPECT_EQ(uncovered_word(Uncovered::kDates), "dates");
  EXPECT_EQ(left_word(Left::kNameMayReturn), "name-may-return");
  EXPECT_EQ(method_word(Method::kNone), "none");
}

}  // namespace
}  // namespace coffre
