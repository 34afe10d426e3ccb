#include "app/cli/progress_line.h"

#include <gtest/gtest.h>

#include "tests/support/fake_os.h"

namespace coffre::cli {
namespace {

EraseProgress progress(std::size_t done, std::uint64_t bytes) {
  return {.files_done = done, .files_total = 12, .bytes_written = bytes};
}

std::string shown(test::RecordingOs& os) { return std::string(as_text(os.written())); }

class ProgressLineTest : public testing::Test {
 protected:
  test::RecordingOs os_;
  test::ScopedOs scope_{os_};
  ManualClock clock_;
};

TEST_F(ProgressLineTest, AShortErasureShowsNothing) {
  {
    ProgressLine line(true, clock_);
    line.show(progress(0, 10));
    clock_.advance(499);
    line.show(progress(1, 20));
  }
  EXPECT_EQ(shown(os_), "");
}

TEST_F(ProgressLineTest, ALongOneIsWrittenOverAndTakenAway) {
  {
    ProgressLine line(true, clock_);
    line.show(progress(0, 10));
    clock_.advance(500);
    line.show(progress(9, 999'900'000));
    clock_.advance(99);
    line.show(progress(9, 999'900'001));  // too soon for the eye
    clock_.advance(1);
    line.show(progress(10, 1'000'000'000));
  }
  EXPECT_EQ(shown(os_),
            "\r9 of 12 files, 999.9 MB overwritten"
            "\r10 of 12 files, 1.0 GB overwritten "
            "\r                                  \r");
}

TEST_F(ProgressLineTest, WhereNobodyLooksNothingIsShown) {
  {
    ProgressLine line(false, clock_);
    line.show(progress(0, 10));
    clock_.advance(10'000);
    line.show(progress(1, 20));
  }
  EXPECT_EQ(shown(os_), "");
}

}  // namespace
}  // namespace coffre::cli
