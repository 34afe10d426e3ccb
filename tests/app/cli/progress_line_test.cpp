#include "app/cli/progress_line.h"

#include <gtest/gtest.h>

#include "tests/support/fake_os.h"

namespace coffre::cli {
namespace {

EraseProgress progress(std::size_t done, std::uint64_t bytes) {
  return {.files_done = done, .files_total = 12, .bytes_written = bytes};
}

std::string shown(test::RecordingOs& os) { return std::string(as_text(os.written())); }

TEST(ProgressLine, AShortErasureShowsNothing) {
  test::RecordingOs os;
  const test::ScopedOs scope(os);
  ManualClock clock;
  {
    ProgressLine line(true, clock);
    line.show(progress(0, 10));
    clock.advance(499);
    line.show(progress(1, 20));
  }
  EXPECT_EQ(shown(os), "");
}

TEST(ProgressLine, ALongOneIsWrittenOverAndTakenAway) {
  test::RecordingOs os;
  const test::ScopedOs scope(os);
  ManualClock clock;
  {
    ProgressLine line(true, clock);
    line.show(progress(0, 10));
    clock.advance(500);
    line.show(progress(9, 999'900'000));
    clock.advance(99);
    line.show(progress(9, 999'900'001));  // too soon for the eye
    clock.advance(1);
    line.show(progress(10, 1'000'000'000));
  }
  EXPECT_EQ(shown(os),
            "\r9 of 12 files, 999.9 MB overwritten"
            "\r10 of 12 files, 1.0 GB overwritten "
            "\r                                  \r");
}

TEST(ProgressLine, WhereNobodyLooksNothingIsShown) {
  test::RecordingOs os;
  const test::ScopedOs scope(os);
  ManualClock clock;
  {
    ProgressLine line(false, clock);
    line.show(progress(0, 10));
    clock.advance(10'000);
    line.show(progress(1, 20));
  }
  EXPECT_EQ(shown(os), "");
}

}  // namespace
}  // namespace coffre::cli
