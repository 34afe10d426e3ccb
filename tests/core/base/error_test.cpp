#include "core/base/error.h"

#include <set>

#include <gtest/gtest.h>

namespace coffre {
namespace {

Result<int> half(int value) {
  if (value % 2 != 0) return fail(Code::kLimit, "odd", "here", "try an even one");
  return value / 2;
}

Result<int> quarter(int value) {
  COFFRE_TRY_ASSIGN(const int first, half(value));
  COFFRE_TRY_ASSIGN(const int second, half(first));
  return second;
}

TEST(Error, TryAssignHandsOverTheValueOrTheWholeError) {
  EXPECT_EQ(quarter(12).value(), 3);
  const auto failed = quarter(6);
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().code, Code::kLimit);
  EXPECT_EQ(failed.error().on, "here");
  EXPECT_STREQ(failed.error().what, "odd");
  EXPECT_STREQ(failed.error().hint, "try an even one");
}

TEST(Error, TryNestsInsideALambdaOfATry) {
  const auto outer = []() -> Status {
    COFFRE_TRY([]() -> Status {
      COFFRE_TRY(half(3));
      return {};
    }());
    return {};
  };
  EXPECT_EQ(outer().error().code, Code::kLimit);
}

TEST(Error, EveryCodeHasItsOwnName) {
  std::set<std::string_view> names;
  for (int i = 0; i <= static_cast<int>(Code::kOutOfMemory); ++i) {
    names.insert(code_name(static_cast<Code>(i)));
  }
  EXPECT_EQ(names, (std::set<std::string_view>{"failed", "usage", "credentials", "denied",
                                               "damaged", "rolled-back", "forked", "busy", "locked",
                                               "limit", "no-space", "not-found", "exists",
                                               "unsupported", "read-only", "out-of-memory"}));
  EXPECT_EQ(code_name(Code::kInvalidArgument), "usage");
  EXPECT_EQ(code_name(Code::kReadOnly), "read-only");
}

TEST(ErrorDeathTest, FailedAssertionNamesTheExpressionAndEndsTheProcess) {
  EXPECT_DEATH(COFFRE_ASSERT(1 + 1 == 3), "1 \\+ 1 == 3");
}

}  // namespace
}  // namespace coffre
