// What is said before there is a file: never more than what an erasing gives afterwards.
#include <algorithm>
#include <cerrno>
#include <sstream>
#include <unistd.h>

#include "core/base/mounts.h"
#include "tests/core/erase/erase_fixture.h"

namespace coffre {
namespace {

// The kernel's calls, with a mount of another type where the directory is, and marks on it.
class RelabelledOs final : public Os {
 public:
  RelabelledOs(const std::string& directory, const std::string& list) : list_(list) {
    const auto opened = File::open(directory, O_RDONLY | O_DIRECTORY);
    EXPECT_TRUE(opened);
    EXPECT_EQ(os().mount_id(opened->fd(), &mount_), 0);
  }
  void set_type(const std::string& type, const std::string& options = "rw") {
    std::istringstream lines(
        std::string(as_text(read_file("/proc/self/mountinfo", 4 << 20).value())));
    std::string all;
    for (std::string line; std::getline(lines, line);) {
      if (line.starts_with(std::to_string(mount_) + " ")) {
        line = line.substr(0, line.find(" - ")) + " - " + type + " source " + options;
      }
      all += line + "\n";
    }
    ::unlink(list_.c_str());
    EXPECT_TRUE(write_durable(list_, as_bytes(all)));
  }
  int open(const char* path, int flags, mode_t mode) override {
    const bool is_list = std::string_view(path) == "/proc/self/mountinfo" && is_relabelled;
    return Os::open(is_list ? list_.c_str() : path, flags, mode);
  }
  int inode_flags(int fd, InodeFlags* out) override {
    if (marks_error != 0) return -marks_error;
    if (!marks) return Os::inode_flags(fd, out);
    *out = *marks;
    return 0;
  }

  bool is_relabelled = false;
  std::optional<InodeFlags> marks;
  int marks_error = 0;

 private:
  std::string list_;
  std::uint64_t mount_ = 0;
};

class ForecastTest : public EraseTest {
 protected:
  ForecastTest() : fake_(dir_.path(), lists_ / "mounts") {}
  EraseForecast forecast(const std::string& type, const std::string& options = "rw") {
    fake_.is_relabelled = false;
    fake_.set_type(type, options);
    fake_.is_relabelled = true;
    const test::ScopedOs scope(fake_);
    const Result<EraseForecast> made = forecast_erase(dir_.path());
    EXPECT_TRUE(made) << type;
    return made.value_or(EraseForecast{});
  }
  static bool has(const EraseForecast& forecast, Reason reason) {
    return std::ranges::find(forecast.reasons, reason) != forecast.reasons.end();
  }
  static bool has(const EraseForecast& forecast, Uncovered uncovered) {
    return std::ranges::find(forecast.uncovered, uncovered) != forecast.uncovered.end();
  }

  test::TempDir lists_;
  RelabelledOs fake_;
};

TEST_F(ForecastTest, EachFileSystemSaysWhatSpeaksAgainstIt) {
  for (const auto& [type, reason] : {std::pair("nfs4", Reason::kNetworkFileSystem),
                                     {"fuse.sshfs", Reason::kFuseFileSystem},
                                     {"tmpfs", Reason::kMemoryFileSystem},
                                     {"overlay", Reason::kOverlayFileSystem},
                                     {"btrfs", Reason::kCopyOnWrite},
                                     {"vfat", Reason::kUnknownFileSystem}}) {
    const EraseForecast made = forecast(type);
    EXPECT_EQ(made.verdict, Verdict::kNotGuaranteed) << type;
    EXPECT_TRUE(has(made, reason)) << type;
    EXPECT_EQ(made.file_system, type);
    EXPECT_TRUE(has(made, Uncovered::kBackups));
  }
  const EraseForecast journaled = forecast("ext4", "rw,data=journal");
  EXPECT_TRUE(has(journaled, Reason::kJournaledData));
  EXPECT_TRUE(has(journaled, Uncovered::kJournaledContent));
}

TEST_F(ForecastTest, TheMediumDecidesWhereNothingSpeaksAgainstIt) {
  const EraseForecast made = forecast("xfs");
  // The volume below may speak against it, on a machine that has one with snapshots.
  const bool is_plain = made.reasons.empty();
  EXPECT_TRUE(is_plain || made.reasons == std::vector{Reason::kBlockLayerCopies});
  if (is_plain) {
    EXPECT_EQ(made.verdict, made.medium == Medium::kRotating ? Verdict::kOverwrittenInPlace
                                                             : Verdict::kOverwrittenLogically);
  }
  EXPECT_NE(has(made, Uncovered::kSpareBlocks), has(made, Uncovered::kReplacedSectors));
}

TEST_F(ForecastTest, MarksOfTheDirectoryGoToANewFile) {
  fake_.marks = InodeFlags{.no_copy_on_write = true};
  EXPECT_FALSE(has(forecast("btrfs"), Reason::kCopyOnWrite));
  fake_.marks = InodeFlags{.journaled_data = true};
  EXPECT_TRUE(has(forecast("ext2"), Reason::kJournaledData));
  EXPECT_TRUE(has(forecast("btrfs"), Reason::kCopyOnWrite));
  fake_.marks_error = ENOTTY;
  EXPECT_FALSE(has(forecast("xfs"), Reason::kJournaledData));
  EXPECT_TRUE(has(forecast("btrfs"), Reason::kCopyOnWrite));
}

TEST_F(ForecastTest, AnErasingIsNeverWorthMoreThanWasSaid) {
  const Result<EraseForecast> made = forecast_erase(dir_.path());
  ASSERT_TRUE(made);
  const EraseReport report = erase(make("a"));
  ASSERT_NE(report.verdict, Verdict::kFailed) << words(report);
  EXPECT_GE(report.verdict, made->verdict) << words(report);
  for (const Reason reason : made->reasons) {
    EXPECT_TRUE(EraseTest::has(report, reason)) << reason_word(reason);
  }
  EXPECT_EQ(report.medium, made->medium);
  EXPECT_EQ(report.file_system, made->file_system);
}

TEST_F(ForecastTest, LinksOnTheWayAreFollowedAndNothingIsWritten) {
  const std::string link = lists_ / "link";
  ASSERT_EQ(::symlink(dir_.path().c_str(), link.c_str()), 0);
  const Result<EraseForecast> made = forecast_erase(link);
  ASSERT_TRUE(made);
  EXPECT_EQ(made->file_system, forecast_erase(dir_.path())->file_system);
  EXPECT_FALSE(exists("file"));
}

TEST_F(ForecastTest, WhatIsNoDirectoryIsAnError) {
  EXPECT_EQ(forecast_erase(dir_ / "nowhere").error().code, Code::kNotFound);
  EXPECT_FALSE(forecast_erase(make("a")));
  EXPECT_FALSE(forecast_erase(""));
  EXPECT_FALSE(forecast_erase(std::string("a\0b", 3)));
}

}  // namespace
}  // namespace coffre
