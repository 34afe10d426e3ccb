#include "core/erase/storage.h"

#include <cerrno>

#include <gtest/gtest.h>

#include "core/base/file.h"
#include "tests/support/temp_dir.h"

namespace coffre::erase {
namespace {

using Reasons = std::vector<Reason>;

TEST(Storage, EachTypeOfFileSystemHasItsReason) {
  EXPECT_EQ(classify("xfs", "rw", {}).reasons, Reasons{});
  EXPECT_EQ(classify("ext2", "rw", {}).reasons, Reasons{});
  EXPECT_EQ(classify("nfs4", {}, {}).reasons, Reasons{Reason::kNetworkFileSystem});
  EXPECT_EQ(classify("fuse.sshfs", {}, {}).reasons, Reasons{Reason::kFuseFileSystem});
  EXPECT_EQ(classify("fuseblk", {}, {}).reasons, Reasons{Reason::kFuseFileSystem});
  EXPECT_EQ(classify("tmpfs", {}, {}).reasons, Reasons{Reason::kMemoryFileSystem});
  EXPECT_EQ(classify("overlay", {}, {}).reasons, Reasons{Reason::kOverlayFileSystem});
  EXPECT_EQ(classify("f2fs", {}, {}).reasons, Reasons{Reason::kCopyOnWrite});
  EXPECT_EQ(classify("vfat", {}, {}).reasons, Reasons{Reason::kUnknownFileSystem});
  EXPECT_EQ(classify("", {}, {}).reasons, Reasons{Reason::kUnknownFileSystem});
  EXPECT_TRUE(classify("btrfs", {}, {}).copies_unless_marked);
}

TEST(Storage, JournaledDataIsFoundInBothPlaces) {
  EXPECT_EQ(classify("ext4", "rw", "rw\ndata=ordered\n").reasons, Reasons{});
  EXPECT_EQ(classify("ext4", "rw,data=journal", {}).reasons, Reasons{Reason::kJournaledData});
  EXPECT_EQ(classify("ext4", "rw", "rw\ndata=journal\n").reasons, Reasons{Reason::kJournaledData});
  EXPECT_EQ(classify("ext3", "rw", {}).reasons, Reasons{Reason::kJournalModeUnknown});
}

// Gives a map that a test wrote.
class MapOs final : public Os {
 public:
  int extents(int /*fd*/, std::uint64_t start, std::vector<FileExtent>* out) override {
    if (error != 0) return -error;
    for (const FileExtent& extent : map) {
      if (out->size() >= 2) return 0;
      if (extent.logical >= start || backwards) out->push_back(extent);
    }
    return 1;
  }
  std::vector<FileExtent> map;
  bool backwards = false;
  int error = 0;
};

class MapTest : public testing::Test {
 protected:
  MapTest() : before_(set_os(&os_)) {}
  ~MapTest() override { set_os(before_); }
  FileMap read(std::vector<FileExtent> extents) {
    os_.map = std::move(extents);
    return read_map(0).value();
  }
  MapOs os_;

 private:
  Os* before_;
};

FileExtent block(std::uint64_t logical, std::uint64_t physical, std::uint64_t length = 4096) {
  return {.logical = logical, .physical = physical, .length = length};
}

TEST_F(MapTest, NeighboursAreOneExtent) {
  const FileMap map =
      read({block(0, 8192), block(4096, 12'288), block(8192, 40'960), block(16'384, 49'152)});
  ASSERT_TRUE(map.known);
  ASSERT_EQ(map.extents.size(), 3u);
  EXPECT_EQ(map.extents[0].length, 8192u);
  const auto ranges = ranges_of(0, map, 17'000, 4096).value();
  ASSERT_EQ(ranges.size(), 3u);
  EXPECT_EQ(ranges[2].end, 20'480u);
}

TEST_F(MapTest, BlocksBehindTheEndAreLeftOut) {
  const auto ranges = ranges_of(0, read({block(0, 0, 1 << 20)}), 5000, 4096).value();
  ASSERT_EQ(ranges.size(), 1u);
  EXPECT_EQ(ranges[0].end, 8192u);
}

TEST_F(MapTest, OneFlagTaintsTheWhole) {
  FileExtent shared = block(4096, 99);
  shared.shared = true;
  FileExtent odd = block(8192, 0);
  odd.in_line = odd.compressed = odd.unknown = true;
  EXPECT_EQ(map_reasons(read({block(0, 0), shared})), Reasons{Reason::kSharedExtents});
  EXPECT_EQ(map_reasons(read({block(0, 0), odd})),
            (Reasons{Reason::kCompressedExtents, Reason::kInlineExtents, Reason::kUnknownExtents}));
  EXPECT_EQ(map_reasons(read({block(0, 0)})), Reasons{});
}

TEST_F(MapTest, AMovedBlockIsSeen) {
  const FileMap before = read({block(0, 8192), block(4096, 12'288)});
  EXPECT_TRUE(same_blocks(before, read({block(0, 8192, 8192)}), 8192));
  EXPECT_FALSE(same_blocks(before, read({block(0, 8192), block(4096, 16'384)}), 8192));
  EXPECT_FALSE(same_blocks(before, read({block(0, 8192)}), 8192));
  EXPECT_TRUE(same_blocks(before, read({block(0, 8192), block(4096, 16'384)}), 4096));
}

TEST_F(MapTest, AMapThatGoesBackIsNone) {
  os_.backwards = true;
  EXPECT_FALSE(read({block(4096, 0), block(0, 0), block(8192, 0)}).known);
}

TEST_F(MapTest, AMapThatStandsStillIsNone) {
  EXPECT_FALSE(read({block(0, 8192, 0), block(0, 8192, 0), block(0, 8192, 0)}).known);
}

TEST_F(MapTest, ARangeThatBeginsWithinABlockIsWidened) {
  const FileMap map = read({block(5000, 9000, 100)});
  const auto ranges = ranges_of(0, map, 10'000, 4096).value();
  ASSERT_EQ(ranges.size(), 1u);
  EXPECT_EQ(ranges[0].begin, 4096u);
  EXPECT_EQ(ranges[0].end, 5100u);
}

TEST_F(MapTest, WhereThereAreNoMapsThatIsNoError) {
  os_.error = EOPNOTSUPP;
  EXPECT_FALSE(read({}).known);
  os_.error = EIO;
  EXPECT_EQ(read_map(0).error(), EIO);
}

}  // namespace
}  // namespace coffre::erase
