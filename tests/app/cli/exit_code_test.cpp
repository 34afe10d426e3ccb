#include "app/cli/exit_code.h"

#include <gtest/gtest.h>

namespace coffre::cli {
namespace {

TEST(ExitCode, EveryCodeHasTheStatusOfTheContract) {
  const std::pair<Code, int> kContract[] = {{Code::kFailed, 1},      {Code::kInvalidArgument, 2},
                                            {Code::kCredentials, 3}, {Code::kDenied, 4},
                                            {Code::kDamaged, 5},     {Code::kRolledBack, 6},
                                            {Code::kForked, 6},      {Code::kBusy, 8},
                                            {Code::kLocked, 8},      {Code::kLimit, 9},
                                            {Code::kNoSpace, 9},     {Code::kNotFound, 1},
                                            {Code::kExists, 1},      {Code::kUnsupported, 1},
                                            {Code::kReadOnly, 1},    {Code::kOutOfMemory, 1}};
  for (const auto& [code, status] : kContract) {
    EXPECT_EQ(status_of(exit_of(code)), status) << code_name(code);
  }
}

}  // namespace
}  // namespace coffre::cli
