#include "core/base/time.h"

#include <limits>

#include <gtest/gtest.h>

namespace coffre {
namespace {

TEST(FormatTime, IsRfc3339WithMilliseconds) {
  EXPECT_EQ(format_time(0), "1970-01-01T00:00:00.000Z");
  EXPECT_EQ(format_time(1'700'000'000'123), "2023-11-14T22:13:20.123Z");
  EXPECT_EQ(format_time(-1), "1969-12-31T23:59:59.999Z");
  EXPECT_EQ(format_time(1'709'164'800'000), "2024-02-29T00:00:00.000Z");
}

TEST(FormatTime, StaysWithinTheYearsOfRfc3339) {
  EXPECT_EQ(format_time(std::numeric_limits<std::int64_t>::max()), "9999-12-31T23:59:59.999Z");
  EXPECT_EQ(format_time(std::numeric_limits<std::int64_t>::min()), "0000-01-01T00:00:00.000Z");
}

TEST(ParseTime, ReadsWhatFormatTimeWrites) {
  for (const std::int64_t time :
       {std::int64_t{0}, std::int64_t{-1}, std::int64_t{1'700'000'000'123},
        std::int64_t{253'402'300'799'999}}) {
    EXPECT_EQ(parse_time(format_time(time)).value(), time);
  }
}

// https://www.rfc-editor.org/rfc/rfc3339#section-5.8
TEST(ParseTime, ReadsTheExamplesOfRfc3339) {
  EXPECT_EQ(format_time(parse_time("1985-04-12T23:20:50.52Z").value()), "1985-04-12T23:20:50.520Z");
  EXPECT_EQ(format_time(parse_time("1996-12-19T16:39:57-08:00").value()),
            "1996-12-20T00:39:57.000Z");
  EXPECT_EQ(format_time(parse_time("1990-12-31T23:59:60Z").value()), "1991-01-01T00:00:00.000Z");
  EXPECT_EQ(format_time(parse_time("1990-12-31T15:59:60-08:00").value()),
            "1991-01-01T00:00:00.000Z");
  EXPECT_EQ(format_time(parse_time("1937-01-01T12:00:27.87+00:20").value()),
            "1937-01-01T11:40:27.870Z");
}

TEST(ParseTime, DateIsMidnightUtc) {
  EXPECT_EQ(format_time(parse_time("2026-11-24").value()), "2026-11-24T00:00:00.000Z");
  EXPECT_EQ(format_time(parse_time("2026-11-24t01:02:03.123987z").value()),
            "2026-11-24T01:02:03.123Z");
}

TEST(ParseTime, RefusesEverythingElse) {
  for (const char* bad : {"",
                          "2026",
                          "2026-11",
                          "2026-13-01",
                          "2026-02-29",
                          "2026-00-10",
                          "2026-01-00",
                          "26-01-01",
                          "2026-11-24T",
                          "2026-11-24T01:02Z",
                          "2026-11-24T01:02:03",
                          "2026-11-24T24:00:00Z",
                          "2026-11-24T01:60:00Z",
                          "2026-11-24T01:02:61Z",
                          "2026-11-24T01:02:60Z",
                          "2026-11-24T01:02:03.Z",
                          "2026-11-24T01:02:03Zx",
                          "2026-11-24 01:02:03Z",
                          "2026-11-24T01:02:03+0100",
                          "2026-11-24T01:02:03+24:00",
                          " 2026-11-24",
                          "2026-11-24 ",
                          "+026-11-24",
                          "0000-01-01T00:00:00+01:00",
                          "9999-12-31T23:59:59-01:00"}) {
    EXPECT_EQ(parse_time(bad).error().code, Code::kInvalidArgument) << bad;
  }
}

TEST(CheckedDate, TakesDatesThatExist) {
  EXPECT_EQ(checked_date("1800-01-01").value(), "1800-01-01");
  EXPECT_EQ(checked_date("2024-02-29").value(), "2024-02-29");
  EXPECT_EQ(checked_date("9999-12-31").value(), "9999-12-31");
  for (const char* bad : {"1799-12-31", "2023-02-29", "1900-02-29", "2023-04-31", "2023-4-1",
                          "20230401", "2023-04-01T", "10000-01-01", ""}) {
    EXPECT_EQ(checked_date(bad).error().code, Code::kInvalidArgument) << bad;
  }
}

}  // namespace
}  // namespace coffre
