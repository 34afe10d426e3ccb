// What a block device is made of, as far as the kernel says (sysfs), through partitions,
// encryption, RAID, logical volumes and loop devices down to the disks.
//
// "Rotating" is said only where it is known. Flash says so; but a virtual disk and a USB bridge say
// "rotating" when nobody told them anything, and a zoned disk writes elsewhere than it is told:
// those are unknown, which callers treat as flash. Not covered: disks behind a RAID controller
// that hides them, and shingled disks that do not say that they are.
// Threads: no shared state.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <sys/types.h>
#include <vector>

namespace coffre {

enum class Medium : std::uint8_t { kUnknown, kFlash, kRotating };

struct BlockDevice {
  Medium medium = Medium::kUnknown;
  // A layer between the file system and the disks may keep old blocks (a logical volume with a
  // snapshot, or in a thin or deduplicating pool, a cache, a layer that is not known): a block that
  // is written may go elsewhere.
  bool keeps_old_blocks = false;
  // Files that loop devices on the way lie in: what their file systems do is not looked at here.
  std::vector<std::string> backing_files = {};
};

// Never fails: what cannot be found out is unknown. `device` is st_dev of a file; that of a file
// system without one block device (btrfs, network) is unknown.
[[nodiscard]] BlockDevice inspect_device(dev_t device);

// The kernel's name of the device ("sda1", "dm-0"), as /proc/fs/ext4 uses it; empty when unknown.
[[nodiscard]] std::string device_name(dev_t device);

// "rotating", "flash", "unknown".
[[nodiscard]] std::string_view medium_name(Medium medium);

}  // namespace coffre
