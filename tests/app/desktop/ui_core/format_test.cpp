// Dates, times, sizes and counts in both languages.
#include "app/desktop/ui_core/format.h"

#include <cstdlib>
#include <ctime>

#include <gtest/gtest.h>

#include "tests/app/desktop/support/driver.h"

namespace coffre::ui {
namespace {

using test::InLanguage;

constexpr std::int64_t kMinute = 60'000;
constexpr std::int64_t kDay = 24 * 60 * kMinute;
// 2026-11-25 13:02:41 UTC, 14:02:41 in Paris.
constexpr std::int64_t kNow = 1'795'611'761'000;

class FormatTest : public testing::Test {
 protected:
  void SetUp() override {
    // NOLINTNEXTLINE(concurrency-mt-unsafe): no other thread runs.
    setenv("TZ", "CET-1CEST,M3.5.0,M10.5.0/3", 1);
    tzset();
  }
  void TearDown() override {
    // NOLINTNEXTLINE(concurrency-mt-unsafe): no other thread runs.
    unsetenv("TZ");
    tzset();
  }
};

TEST_F(FormatTest, DatesInBothLanguages) {
  {
    const InLanguage french(Language::kFrench);
    EXPECT_EQ(date_text("2026-11-19"), "19/11/2026");
    EXPECT_EQ(date_text(kNow), "25/11/2026");
  }
  const InLanguage english(Language::kEnglish);
  EXPECT_EQ(date_text("2026-11-19"), "19 Nov 2026");
  EXPECT_EQ(date_text("1958-03-02"), "2 Mar 1958");
}

TEST_F(FormatTest, WhatIsNoDateStaysAsItIs) {
  for (const char* text : {"", "2026-02-30", "19/11/2026", "hier"}) {
    EXPECT_EQ(date_text(text), text);
  }
}

TEST_F(FormatTest, MomentsSayTodayAndYesterday) {
  const InLanguage french(Language::kFrench);
  EXPECT_EQ(moment_text(kNow, kNow + 2 * kMinute), "14:02");
  EXPECT_EQ(moment_text(kNow - kDay, kNow), "hier 14:02");
  EXPECT_EQ(moment_text(kNow - 2 * kDay, kNow), "23/11/2026 14:02");
  EXPECT_EQ(full_moment_text(kNow), "25/11/2026 14:02:41");
  // Half past midnight: an hour before is yesterday.
  const std::int64_t midnight = kNow - (14 * 60 + 2) * kMinute - 41'000;
  EXPECT_EQ(moment_text(midnight - 1, midnight + 30 * kMinute), "hier 23:59");
}

TEST_F(FormatTest, YesterdayIsFoundOnTheDayAfterTheClocksChanged) {
  const InLanguage french(Language::kFrench);
  // Monday 2026-10-26 00:10 in Paris: the day before had 25 hours.
  const std::int64_t monday = 1'792'969'800'000;
  ASSERT_EQ(full_moment_text(monday), "26/10/2026 00:10:00");
  EXPECT_EQ(moment_text(monday - 25 * 60 * kMinute, monday), "hier 00:10");
  EXPECT_EQ(moment_text(monday - 25 * 60 * kMinute - 20 * kMinute, monday), "24/10/2026 23:50");
}

TEST_F(FormatTest, SizesAreRoundedAndChangeTheirUnitInTime) {
  {
    const InLanguage french(Language::kFrench);
    EXPECT_EQ(size_text(0), "0\u00A0octets");
    EXPECT_EQ(size_text(999), "999\u00A0octets");
    EXPECT_EQ(size_text(1'000), "1,0\u00A0Ko");
    EXPECT_EQ(size_text(1'234'567), "1,2\u00A0Mo");
    EXPECT_EQ(size_text(9'949'999), "9,9\u00A0Mo");
    EXPECT_EQ(size_text(9'950'000), "10\u00A0Mo");
    EXPECT_EQ(size_text(999'499'999), "999\u00A0Mo");
    EXPECT_EQ(size_text(999'500'000), "1,0\u00A0Go");
  }
  const InLanguage english(Language::kEnglish);
  EXPECT_EQ(size_text(1'234'567), "1.2\u00A0MB");
  EXPECT_EQ(size_text(UINT64_MAX), "18,446,744\u00A0TB");
}

TEST_F(FormatTest, CountsAreGrouped) {
  {
    const InLanguage french(Language::kFrench);
    EXPECT_EQ(count_text(0), "0");
    EXPECT_EQ(count_text(999), "999");
    EXPECT_EQ(count_text(18'204), "18\u202F204");
    EXPECT_EQ(count_text(1'000'000), "1\u202F000\u202F000");
  }
  const InLanguage english(Language::kEnglish);
  EXPECT_EQ(count_text(18'204), "18,204");
}

TEST_F(FormatTest, TimesThatAreLeft) {
  EXPECT_EQ(remaining_text(216'999), "3:36");
  EXPECT_EQ(remaining_text(3'900'000), "1:05:00");
  EXPECT_EQ(remaining_text(-5), "0:00");
  EXPECT_EQ(duration_text(30'000), "30\u00A0s");
  EXPECT_EQ(duration_text(15 * kMinute), "15\u00A0min");
  EXPECT_EQ(duration_text(60 * kMinute), "1\u00A0h");
  EXPECT_EQ(duration_text(90 * kMinute), "1\u00A0h\u00A030");
}

TEST_F(FormatTest, DatesAreReadAsTheyAreTyped) {
  for (const char* typed : {"19/11/2026", "19.11.2026", "19-11-2026", "19 11 2026", "19112026",
                            "2026-11-19", "2026/11/19"}) {
    EXPECT_EQ(typed_date(typed), "2026-11-19") << typed;
  }
  EXPECT_EQ(typed_date("2/3/1958"), "1958-03-02");
  for (const char* typed : {"", "30/02/2026", "19/11/26", "19/11", "19/11/2026/1", "19 novembre",
                            "1/111/2026", "191120", "00/00/2026"}) {
    EXPECT_EQ(typed_date(typed), std::nullopt) << typed;
  }
}

}  // namespace
}  // namespace coffre::ui
