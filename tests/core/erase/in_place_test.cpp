#include "core/erase/in_place.h"

#include <cerrno>

#include "erase_fixture.h"

namespace coffre {
namespace {

class InPlaceTest : public EraseTest {
 protected:
  [[nodiscard]] File open(const std::string& name) const {
    const std::string path = make(name);
    File file(os().open(path.c_str(), O_RDWR, 0));
    EXPECT_TRUE(file.is_open());
    return file;
  }
};

// Whatever this file system is: what a whole erasure says of it is said here too.
TEST_F(InPlaceTest, SaysOfAFileWhatItsErasureSays) {
  const File file = open("stays");
  InPlace worth;
  ASSERT_TRUE(worth.look_before(file.fd()).has_value());
  EXPECT_EQ(os().pwrite(file.fd(), "new", 3, 100), 3);
  EXPECT_EQ(os().fsync(file.fd()), 0);
  ASSERT_TRUE(worth.look_after(file.fd()).has_value());
  EraseReport report = erase(make("goes"));
  // What an erasure asks besides: who else writes, and the reading back, which is the caller's.
  std::erase(report.reasons, Reason::kUseUnknown);
  std::erase(report.reasons, Reason::kReadBackCached);
  EXPECT_EQ(worth.reasons(), report.reasons) << words(report);
  EXPECT_EQ(worth.file_system(), report.file_system);
  if (report.reasons.empty()) {
    EXPECT_EQ(worth.verdict(), report.verdict);
  }
}

TEST_F(InPlaceTest, AReasonOfTheCallersTakesTheGuaranteeAway) {
  InPlace worth;
  worth.add(Reason::kReadBackCached);
  worth.add(Reason::kCopyOnWrite);
  worth.add(Reason::kReadBackCached);
  EXPECT_EQ(worth.verdict(), Verdict::kNotGuaranteed);
  EXPECT_EQ(worth.reasons(), (std::vector{Reason::kCopyOnWrite, Reason::kReadBackCached}));
}

// Gives maps and attributes that a test wrote.
class PlacedOs final : public Os {
 public:
  int extents(int, std::uint64_t, std::vector<FileExtent>* out) override {
    out->push_back(extent);
    return 1;
  }
  int inode_flags(int, InodeFlags* out) override {
    *out = flags;
    return 0;
  }
  FileExtent extent{.logical = 0, .physical = 1 << 20, .length = 12'288};
  InodeFlags flags;
};

TEST_F(InPlaceTest, AFileThatMovedIsNoticed) {
  const File file = open("moves");
  PlacedOs placed;
  const test::ScopedOs scope(placed);
  for (const bool moves : {false, true}) {
    InPlace worth;
    ASSERT_TRUE(worth.look_before(file.fd()).has_value());
    if (moves) placed.extent.physical += 4096;
    ASSERT_TRUE(worth.look_after(file.fd()).has_value());
    const auto reasons = worth.reasons();
    EXPECT_EQ(std::ranges::count(reasons, Reason::kMovedExtents), moves ? 1 : 0);
  }
}

TEST_F(InPlaceTest, WhatGrewAtTheEndIsNoMove) {
  const File file = open("grows");
  PlacedOs placed;
  const test::ScopedOs scope(placed);
  InPlace worth;
  ASSERT_TRUE(worth.look_before(file.fd()).has_value());
  placed.extent.length += 8192;
  EXPECT_EQ(os().ftruncate(file.fd(), 20'000), 0);
  ASSERT_TRUE(worth.look_after(file.fd()).has_value());
  const auto reasons = worth.reasons();
  EXPECT_EQ(std::ranges::count(reasons, Reason::kMovedExtents), 0);
}

TEST_F(InPlaceTest, WhatSpeaksAgainstOneFileSpeaksAgainstAll) {
  const File first = open("first");
  const File second = open("second");
  PlacedOs placed;
  const test::ScopedOs scope(placed);
  InPlace worth;
  ASSERT_TRUE(worth.look_before(first.fd()).has_value());
  placed.extent.shared = true;
  placed.flags.journaled_data = true;
  ASSERT_TRUE(worth.look_before(second.fd()).has_value());
  const auto reasons = worth.reasons();
  EXPECT_EQ(std::ranges::count(reasons, Reason::kSharedExtents), 1);
  EXPECT_EQ(std::ranges::count(reasons, Reason::kJournaledData), 1);
  EXPECT_EQ(worth.verdict(), Verdict::kNotGuaranteed);
}

TEST_F(InPlaceTest, ACallThatFailsIsAnError) {
  const File file = open("fails");
  for (const char* method : {"fstat", "mount_id", "inode_flags", "extents"}) {
    test::FaultyOs faulty;
    const test::ScopedOs scope(faulty);
    faulty.fail(method, 1, EIO);
    InPlace worth;
    EXPECT_FALSE(worth.look_before(file.fd()).has_value()) << method;
    EXPECT_TRUE(faulty.failed()) << method;
  }
}

}  // namespace
}  // namespace coffre
