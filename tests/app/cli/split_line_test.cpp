#include "app/cli/split_line.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace coffre::cli {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(SplitLine, SplitsAtBlanks) {
  EXPECT_THAT(*split_line("list --patient 00ff"), ElementsAre("list", "--patient", "00ff"));
  EXPECT_THAT(*split_line("  show\t1 \r"), ElementsAre("show", "1"));
  EXPECT_THAT(*split_line(""), IsEmpty());
  EXPECT_THAT(*split_line(" \t "), IsEmpty());
}

TEST(SplitLine, QuotesKeepBlanksAndEmptyWords) {
  EXPECT_THAT(*split_line("import 'a b' \"c  d\" ''"), ElementsAre("import", "a b", "c  d", ""));
  EXPECT_THAT(*split_line("pre'mid dle'post"), ElementsAre("premid dlepost"));
}

TEST(SplitLine, SingleQuotesKeepEverything) {
  EXPECT_THAT(*split_line(R"('a\b"$c')"), ElementsAre(R"(a\b"$c)"));
}

TEST(SplitLine, DoubleQuotesTakeTheBackslashOfTheFourCharactersOnly) {
  EXPECT_THAT(*split_line(R"("a\"b\\c\$d\`e\n'")"), ElementsAre(R"(a"b\c$d`e\n')"));
}

TEST(SplitLine, ABackslashOutsideQuotesTakesTheNextCharacter) {
  EXPECT_THAT(*split_line(R"(a\ b \'c\\)"), ElementsAre("a b", R"('c\)"));
}

TEST(SplitLine, AHashAtTheStartOfAWordBeginsAComment) {
  EXPECT_THAT(*split_line("list # the rest"), ElementsAre("list"));
  EXPECT_THAT(*split_line("# all of it ' unbalanced"), IsEmpty());
  EXPECT_THAT(*split_line("a#b '#c'"), ElementsAre("a#b", "#c"));
}

TEST(SplitLine, NothingIsExpanded) {
  EXPECT_THAT(*split_line("$HOME *.pdf ~ `id` ;"), ElementsAre("$HOME", "*.pdf", "~", "`id`", ";"));
}

TEST(SplitLine, WhatHasNoEndIsRefused) {
  for (const char* line : {"'open", "\"open", "\"open\\\"", "end\\"}) {
    const auto words = split_line(line);
    ASSERT_FALSE(words) << line;
    EXPECT_EQ(words.error().code, Code::kInvalidArgument) << line;
  }
  EXPECT_FALSE(split_line(std::string_view("a\0b", 3)));
  EXPECT_FALSE(split_line(std::string_view("'a\0b'", 5))) << "in quotes too";
  EXPECT_FALSE(split_line(std::string_view("\\\0", 2)));
  EXPECT_FALSE(split_line(std::string_view("# \0", 3)));
}

}  // namespace
}  // namespace coffre::cli
