#include "app/cli/output.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/support/fake_os.h"

namespace coffre::cli {
namespace {

std::string written(test::RecordingOs& os) { return std::string(as_text(os.written())); }

TEST(Width, CountsWhatATerminalShows) {
  EXPECT_EQ(display_width("abc"), 3U);
  EXPECT_EQ(display_width("été"), 3U);
  EXPECT_EQ(display_width("e\xcc\x81"), 1U);  // a combining accent
  EXPECT_EQ(display_width("漢字"), 4U);
}

TEST(Table, AlignsColumnsByWidthAndEndsLinesCleanly) {
  Table table({"Nom", "Rôle"});
  EXPECT_TRUE(table.empty());
  table.row({"Hélène", "secretary"});
  table.row({"Al", ""});
  EXPECT_EQ(table.text(), "Nom     Rôle\nHélène  secretary\nAl\n");
}

TEST(Table, MakesTextOfOthersPrintable) {
  Table table({"Title"});
  table.row({"a\nb\x1b[2J"});
  const std::string text = table.text();
  EXPECT_EQ(text.find('\x1b'), std::string::npos);
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 2);
}

TEST(Size, IsReadable) {
  EXPECT_EQ(readable_size(0), "0 B");
  EXPECT_EQ(readable_size(999), "999 B");
  EXPECT_EQ(readable_size(1000), "1.0 kB");
  EXPECT_EQ(readable_size(1'234'567), "1.2 MB");
  EXPECT_EQ(readable_size(5'000'000'000'000'000ULL), "5000.0 TB");
}

TEST(Output, WithJsonOnlyTheValueReachesStandardOutput) {
  test::RecordingOs os;
  const test::ScopedOs scope(os);
  Output output(true);
  output.line("for a person");
  output.note("for a person");
  output.value({{"source", "line\nbreak \xff"}});
  EXPECT_EQ(written(os), "{\"source\":\"line\\nbreak \xef\xbf\xbd\"}\n");
  EXPECT_TRUE(output.has_value());
}

TEST(Output, WithoutJsonNoValueIsWritten) {
  test::RecordingOs os;
  const test::ScopedOs scope(os);
  Output output(false);
  output.value({{"id", 1}});
  output.line("done\ttab");
  EXPECT_EQ(written(os).substr(0, 4), "done");
  EXPECT_EQ(written(os).find('{'), std::string::npos);
}

TEST(Output, AnErrorIsOneLineWithWhatOnAndHint) {
  const Error error{Code::kDenied, "may not", "on\nthis", "ask"};
  const std::string text = error_text(error);
  EXPECT_EQ(text.find('\n'), std::string::npos);
  EXPECT_TRUE(text.starts_with("may not: on"));
  EXPECT_TRUE(text.ends_with(": ask"));
  const Json value = error_json(error);
  EXPECT_EQ(value["error"], "denied");
  EXPECT_EQ(value["hint"], "ask");
  EXPECT_EQ(value.size(), 3U);
}

TEST(Output, AFullStandardOutputIsToldAtTheEnd) {
  test::FaultyOs os;
  os.fail("write", 1, ENOSPC);
  const test::ScopedOs scope(os);
  Output output(true);
  output.value({{"id", 1}});
  ASSERT_FALSE(output.finish());
  EXPECT_EQ(output.finish().error().code, Code::kNoSpace);
}

}  // namespace
}  // namespace coffre::cli
