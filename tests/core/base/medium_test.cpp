#include "core/base/medium.h"

#include <filesystem>
#include <fstream>
#include <sys/sysmacros.h>

#include <gtest/gtest.h>

#include "core/base/os.h"
#include "tests/support/fake_os.h"
#include "tests/support/temp_dir.h"

namespace coffre {
namespace {

// Finds /sys in a directory of the test.
class SysfsOs final : public Os {
 public:
  explicit SysfsOs(std::string root) : root_(std::move(root)) {}
  int open(const char* path, int flags, mode_t mode) override {
    return Os::open(moved(path).c_str(), flags, mode);
  }
  int realpath(const char* path, std::string* out) override {
    const int error = Os::realpath(moved(path).c_str(), out);
    if (error == 0 && out->starts_with(root_)) out->erase(0, root_.size());
    return error;
  }

 private:
  [[nodiscard]] std::string moved(const std::string& path) const {
    return path.starts_with("/sys/") ? root_ + path : path;
  }
  std::string root_;
};

class MediumTest : public testing::Test {
 protected:
  MediumTest() : os_(std::filesystem::canonical(dir_.path())), scope_(os_) {
    std::filesystem::create_directories(path("/sys/dev/block"));
  }
  [[nodiscard]] std::string path(const std::string& name) const { return dir_.path() + name; }
  // A device of the tree: its number and its directory under /sys/devices.
  void device(unsigned minor_number, const std::string& directory) const {
    std::filesystem::create_directories(path("/sys/devices/" + directory));
    std::filesystem::create_symlink(path("/sys/devices/" + directory),
                                    path("/sys/dev/block/8:" + std::to_string(minor_number)));
  }
  void set(const std::string& file, const std::string& text) const {
    const std::filesystem::path whole = path("/sys/devices/" + file);
    std::filesystem::create_directories(whole.parent_path());
    std::ofstream(whole) << text << '\n';
  }
  void part(const std::string& directory, const std::string& name, const std::string& of) const {
    std::filesystem::create_directories(path("/sys/devices/" + directory + "/slaves"));
    std::filesystem::create_symlink(path("/sys/devices/" + of),
                                    path("/sys/devices/" + directory + "/slaves/" + name));
  }
  void disk(unsigned minor_number, const std::string& directory, const std::string& rotational) {
    device(minor_number, directory);
    set(directory + "/queue/rotational", rotational);
  }
  static BlockDevice look(unsigned minor_number) {
    return inspect_device(makedev(8, minor_number));
  }

  test::TempDir dir_;
  SysfsOs os_;
  test::ScopedOs scope_;
};

TEST_F(MediumTest, ADiskSaysWhatItIs) {
  disk(0, "pci0/ata1/block/sda", "1");
  disk(16, "pci0/nvme/nvme0n1", "0");
  EXPECT_EQ(look(0).medium, Medium::kRotating);
  EXPECT_EQ(look(16).medium, Medium::kFlash);
  EXPECT_EQ(device_name(makedev(8, 0)), "sda");
}

TEST_F(MediumTest, WhatIsNotThereIsUnknown) {
  EXPECT_EQ(look(99).medium, Medium::kUnknown);
  EXPECT_EQ(device_name(makedev(8, 99)), "");
}

TEST_F(MediumTest, ADiskThatWasNotAskedIsNotTakenForRotating) {
  disk(0, "pci0/virtio2/block/vda", "1");
  disk(1, "pci0/usb1/block/sdb", "1");
  disk(2, "virtual/block/zram0", "1");
  disk(3, "pci0/ata2/block/sdc", "1");
  set("pci0/ata2/block/sdc/device/model", "QEMU HARDDISK");
  disk(4, "pci0/ata3/block/sdd", "1");
  set("pci0/ata3/block/sdd/queue/zoned", "host-aware");
  for (unsigned i = 0; i < 5; ++i) EXPECT_EQ(look(i).medium, Medium::kUnknown) << i;
}

TEST_F(MediumTest, APartitionIsItsDisk) {
  disk(0, "pci0/ata1/block/sda", "1");
  device(1, "pci0/ata1/block/sda/sda1");
  set("pci0/ata1/block/sda/sda1/partition", "1");
  EXPECT_EQ(look(1).medium, Medium::kRotating);
}

TEST_F(MediumTest, LayersAreWhatLiesUnderThem) {
  disk(0, "pci0/ata1/block/sda", "1");
  disk(1, "pci0/ata1/block/sdb", "0");
  device(2, "virtual/block/dm-0");
  set("virtual/block/dm-0/dm/uuid", "CRYPT-LUKS2-abc");
  part("virtual/block/dm-0", "sda", "pci0/ata1/block/sda");
  device(3, "virtual/block/md0");
  part("virtual/block/md0", "sda", "pci0/ata1/block/sda");
  part("virtual/block/md0", "sdb", "pci0/ata1/block/sdb");
  EXPECT_EQ(look(2).medium, Medium::kRotating);
  EXPECT_FALSE(look(2).keeps_old_blocks);
  EXPECT_EQ(look(3).medium, Medium::kFlash);
}

TEST_F(MediumTest, AVolumeWithASnapshotKeepsOldBlocks) {
  disk(0, "pci0/ata1/block/sda", "1");
  device(1, "virtual/block/dm-1");
  set("virtual/block/dm-1/dm/uuid", "LVM-abc-real");
  part("virtual/block/dm-1", "sda", "pci0/ata1/block/sda");
  device(2, "virtual/block/dm-0");
  set("virtual/block/dm-0/dm/uuid", "LVM-abc");
  part("virtual/block/dm-0", "dm-1", "virtual/block/dm-1");
  EXPECT_EQ(look(2).medium, Medium::kRotating);
  EXPECT_TRUE(look(2).keeps_old_blocks);
}

TEST_F(MediumTest, ALayerThatIsNotKnownMayKeepOldBlocks) {
  disk(0, "pci0/ata1/block/sda", "1");
  const auto layer = [&](unsigned minor_number, const std::string& name, const std::string& uuid,
                         const std::string& mapping) {
    const std::string directory = "virtual/block/" + name;
    device(minor_number, directory);
    if (!uuid.empty()) set(directory + "/dm/uuid", uuid);
    if (!mapping.empty()) set(directory + "/dm/name", mapping);
    part(directory, "sda", "pci0/ata1/block/sda");
    return look(minor_number).keeps_old_blocks;
  };
  EXPECT_FALSE(layer(1, "dm-1", "LVM-abc", "vg-home"));
  EXPECT_FALSE(layer(2, "dm-2", "part1-mpath-abc", "disk1"));
  EXPECT_TRUE(layer(3, "dm-3", "", "docker-thin"));
  EXPECT_TRUE(layer(4, "dm-4", "CRYPT-INTEGRITY-abc", "integrity"));
  EXPECT_TRUE(layer(5, "dm-5", "LVM-abc", "vg-home_corig"));
  EXPECT_TRUE(layer(6, "dm-6", "VDO-abc", "vdo"));
  EXPECT_TRUE(layer(7, "bcache0", "", ""));
  EXPECT_FALSE(layer(8, "md1", "", ""));
}

TEST_F(MediumTest, ACircleOfLayersEnds) {
  device(1, "virtual/block/dm-1");
  device(2, "virtual/block/dm-2");
  part("virtual/block/dm-1", "dm-2", "virtual/block/dm-2");
  part("virtual/block/dm-2", "dm-1", "virtual/block/dm-1");
  EXPECT_EQ(look(1).medium, Medium::kUnknown);
}

TEST_F(MediumTest, ALoopWithoutItsFileIsUnknown) {
  device(7, "virtual/block/loop0");
  set("virtual/block/loop0/loop/backing_file", "/nowhere/image (deleted)");
  set("virtual/block/loop0/queue/rotational", "1");
  EXPECT_EQ(look(7).medium, Medium::kUnknown);
}

}  // namespace
}  // namespace coffre
