#include "app/common/erase_helper_call.h"

#include <fcntl.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace coffre {
namespace {

constexpr std::uint64_t kDevice = 0x801;  // 8:1

JournalCare care_of(std::string_view answer) { return read_answer(answer, kDevice).care; }

TEST(HelperAnswer, OnlyAWholeAnswerForThisFileSystemIsASuccess) {
  EXPECT_EQ(care_of(R"({"journal":"zeroed","device":"8:1"})"), JournalCare::kZeroed);
  EXPECT_EQ(care_of(R"({"journal":"zeroed","device":"8:2"})"), JournalCare::kFailed);
  EXPECT_EQ(care_of(R"({"journal":"zeroed"})"), JournalCare::kFailed);
  EXPECT_EQ(care_of(R"({"journal":"zeroed","device":"8:1","error":"x"})"), JournalCare::kFailed);
  EXPECT_EQ(care_of(R"({"journal":1,"device":"8:1"})"), JournalCare::kFailed);
  EXPECT_EQ(care_of(R"({"journal":"zeroed","device":"8:1")"), JournalCare::kFailed);
  for (const char* other : {"", "{}", "[]", "null", "\"zeroed\"", "\xff"}) {
    EXPECT_EQ(care_of(other), JournalCare::kFailed) << other;
  }
}

TEST(HelperAnswer, ARefusalHasItsWord) {
  EXPECT_EQ(care_of(R"({"error":"no-rights","errno":1})"), JournalCare::kNotAllowed);
  EXPECT_EQ(care_of(R"({"error":"not-ext4","errno":0})"), JournalCare::kUnsupported);
  EXPECT_EQ(care_of(R"({"error":"unsupported","errno":25})"), JournalCare::kUnsupported);
  EXPECT_EQ(care_of(R"({"error":"failed","errno":5})"), JournalCare::kFailed);
  EXPECT_EQ(care_of(R"({"error":7})"), JournalCare::kFailed);
}

TEST(HelperAnswer, BytesThatWereDiscarded) {
  constexpr std::string_view kSome = R"({"journal":"zeroed","device":"8:1","discarded":4096})";
  constexpr std::string_view kNone =
      R"({"journal":"zeroed","device":"8:1","not_discarded":"unsupported","errno":95})";
  EXPECT_EQ(read_answer(kSome, kDevice).discarded, 4096u);
  EXPECT_EQ(read_answer(kNone, kDevice).discarded, std::nullopt);
  EXPECT_EQ(care_of(kNone), JournalCare::kZeroed);
}

TEST(JournalWasZeroed, TakesOnlyWhatItReaches) {
  using enum Uncovered;
  EraseReport report;
  report.verdict = Verdict::kNotGuaranteed;
  report.reasons = {Reason::kJournaledData};
  report.uncovered = {kBackups, kNameAndDates, kMemory, kJournaledContent, kSpareBlocks};
  EraseReport wiped = report;
  wiped.is_name_wiped = true;
  journal_was_zeroed(report);
  EXPECT_EQ(report.uncovered, (std::vector{kBackups, kNameAndDates, kMemory, kSpareBlocks}));
  journal_was_zeroed(wiped);
  EXPECT_EQ(wiped.uncovered, (std::vector{kBackups, kDates, kMemory, kSpareBlocks}));
  EXPECT_EQ(wiped.verdict, Verdict::kNotGuaranteed);
  EXPECT_EQ(wiped.reasons, std::vector{Reason::kJournaledData});
}

TEST(CareForJournals, AFileThatIsThereStillNeedsNone) {
  EraseReport refused;
  refused.path = "/none/file";
  EraseReport may_return = refused;
  may_return.identity = FileIdentity{};
  may_return.left = Left::kNameMayReturn;
  // Removed, but its directory is gone since, or another file system lies there now.
  EraseReport elsewhere = may_return;
  elsewhere.verdict = Verdict::kOverwrittenLogically;
  elsewhere.left = Left::kNothing;
  elsewhere.is_name_wiped = true;
  elsewhere.uncovered = {Uncovered::kNameAndDates};
  EraseReport other = elsewhere;
  other.path = "/proc/file";
  other.identity->device = 1;
  std::vector reports{refused, may_return, elsewhere, other};
  std::vector<CaredFor> done;
  const auto cares = care_for_journals(reports, /*discard=*/false, done);
  EXPECT_EQ(cares, (std::vector<std::optional<JournalCare>>{
                       std::nullopt, std::nullopt, JournalCare::kFailed, JournalCare::kFailed}));
  EXPECT_EQ(done.size(), 2u);
  EXPECT_EQ(reports[2].uncovered, std::vector{Uncovered::kNameAndDates});
}

}  // namespace
}  // namespace coffre
