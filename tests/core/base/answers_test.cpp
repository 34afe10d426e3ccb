#include "core/base/answers.h"

#include <gtest/gtest.h>

#include "tests/support/temp_dir.h"

// What stands still: tests/app/cli/dead_place_test.py.
namespace coffre {
namespace {

TEST(Answers, AFileSystemOfThisMachineIsNotAsked) {
  const test::TempDir dir;
  EXPECT_TRUE(answers(dir.path(), std::chrono::milliseconds(0)));
  EXPECT_TRUE(answers(dir / "missing", std::chrono::milliseconds(0)));
}

TEST(Answers, AnotherIsAskedAndItsErrorIsAnAnswer) {
  // proc is on no list: it is asked, once and again.
  for (int i = 0; i < 2; ++i) {
    EXPECT_TRUE(answers("/proc/self", std::chrono::minutes(1)));
    EXPECT_TRUE(answers("/proc/self/missing", std::chrono::minutes(1)));
  }
}

}  // namespace
}  // namespace coffre
