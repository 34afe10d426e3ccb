#include "app/common/state_directory.h"

#include <gtest/gtest.h>

namespace coffre {
namespace {

TEST(StateDirectory, OwnVariableThenXdgThenHome) {
  EXPECT_EQ(*state_directory_of("here", "/xdg", "/home/a"), "here");
  EXPECT_EQ(*state_directory_of(nullptr, "/xdg", "/home/a"), "/xdg/coffre");
  EXPECT_EQ(*state_directory_of("", "", "/home/a"), "/home/a/.local/state/coffre");
}

TEST(StateDirectory, ARelativeXdgFolderDoesNotCount) {
  EXPECT_EQ(*state_directory_of(nullptr, "relative", "/home/a"), "/home/a/.local/state/coffre");
}

TEST(StateDirectory, NothingSaysWhere) {
  const auto found = state_directory_of(nullptr, nullptr, nullptr);
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().code, Code::kInvalidArgument);
  EXPECT_STREQ(found.error().hint, "set COFFRE_STATE_DIR");
}

TEST(WorkstationName, IsNeverEmpty) { EXPECT_FALSE(workstation_name().empty()); }

}  // namespace
}  // namespace coffre
