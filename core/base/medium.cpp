#include "core/base/medium.h"

#include <algorithm>
#include <array>
#include <fcntl.h>
#include <optional>
#include <sys/sysmacros.h>

#include "core/base/file.h"

namespace coffre {
namespace {

constexpr std::size_t kAttributeMax = 8192;
// Partition on encryption on a logical volume on RAID on a loop: more is nonsense, or a circle.
constexpr int kLayersMax = 12;
constexpr std::size_t kDevicesMax = 64;

std::string device_directory(dev_t device) {
  const std::string number = std::to_string(major(device)) + ":" + std::to_string(minor(device));
  std::string directory;
  if (os().realpath(("/sys/dev/block/" + number).c_str(), &directory) < 0) return {};
  return directory;
}

// An attribute without the end of its line; nothing when it is not there.
std::optional<std::string> attribute(const std::string& path) {
  const auto text = read_file(path, kAttributeMax);
  if (!text) return std::nullopt;
  std::string value(as_text(*text));
  if (value.ends_with('\n')) value.pop_back();
  return value;
}

bool is_one_of(std::string_view text, std::span<const std::string_view> parts) {
  return std::ranges::any_of(
      parts, [&](std::string_view part) { return text.find(part) != std::string_view::npos; });
}

// Buses and models whose "rotating" is only what the kernel assumes.
bool may_be_anything(const std::string& directory) {
  constexpr auto kBuses =
      std::to_array<std::string_view>({"/virtual/", "/virtio", "/vbd-", "/usb", "/mmc", "/vmbus"});
  constexpr auto kModels =
      std::to_array<std::string_view>({"QEMU", "VBOX", "VMware", "Virtual", "VIRTUAL"});
  return is_one_of(directory, kBuses) ||
         is_one_of(attribute(directory + "/device/model").value_or(""), kModels) ||
         is_one_of(attribute(directory + "/device/vendor").value_or(""), kModels);
}

Medium disk_medium(const std::string& directory) {
  const auto rotational = attribute(directory + "/queue/rotational");
  if (rotational == "0") return Medium::kFlash;
  if (rotational != "1" || may_be_anything(directory)) return Medium::kUnknown;
  // Without the attribute the kernel is too old to know zones.
  if (attribute(directory + "/queue/zoned").value_or("none") != "none") return Medium::kUnknown;
  return Medium::kRotating;
}

bool starts_with_one_of(std::string_view text, std::span<const std::string_view> starts) {
  return std::ranges::any_of(starts,
                             [&](std::string_view start) { return text.starts_with(start); });
}

bool ends_with_one_of(std::string_view text, std::span<const std::string_view> ends) {
  return std::ranges::any_of(ends, [&](std::string_view end) { return text.ends_with(end); });
}

// A layer of the device mapper, by what made it (dm/uuid, dm/name). Encryption, plain logical
// volumes, partitions and several paths to one disk write where they are told; snapshots, pools and
// caches, a journal of integrity, and whatever nobody knows may not.
bool is_copying_mapping(const std::string& directory) {
  constexpr auto kInPlace =
      std::to_array<std::string_view>({"LVM-", "CRYPT-", "mpath-", "part", "DMRAID-"});
  constexpr auto kUuidEnds =
      std::to_array<std::string_view>({"-tpool", "-vpool", "-real", "-cow", "-pool"});
  constexpr auto kNameEnds = std::to_array<std::string_view>(
      {"_corig", "_cdata", "_cmeta", "_cvol", "_cpool", "_wcorig", "_iorig"});
  const std::string uuid = attribute(directory + "/dm/uuid").value_or("");
  const std::string name = attribute(directory + "/dm/name").value_or("");
  return !starts_with_one_of(uuid, kInPlace) || uuid.starts_with("CRYPT-INTEGRITY") ||
         ends_with_one_of(uuid, kUuidEnds) || ends_with_one_of(name, kNameEnds);
}

bool is_copying_layer(const std::string& directory) {
  // Caches, volumes of ZFS, and disks that another machine or a program keeps.
  constexpr auto kElsewhere =
      std::to_array<std::string_view>({"bcache", "zd", "rbd", "nbd", "ublkb"});
  const std::string name = base_name(directory);
  return name.starts_with("dm-") ? is_copying_mapping(directory)
                                 : starts_with_one_of(name, kElsewhere);
}

void add(BlockDevice& to, const BlockDevice& found, bool first) {
  to.keeps_old_blocks = to.keeps_old_blocks || found.keeps_old_blocks;
  to.backing_files.insert(to.backing_files.end(), found.backing_files.begin(),
                          found.backing_files.end());
  if (first || to.medium == found.medium) {
    to.medium = found.medium;
  } else if (found.medium == Medium::kFlash || to.medium == Medium::kFlash) {
    to.medium = Medium::kFlash;
  } else {
    to.medium = Medium::kUnknown;
  }
}

BlockDevice inspect_directory(std::string directory, int layers);

// Down to the devices that this one is made of.
BlockDevice inspect_parts(const std::string& directory, const std::vector<DirectoryEntry>& parts,
                          int layers) {
  BlockDevice found;
  if (parts.size() > kDevicesMax) return found;
  bool first = true;
  for (const DirectoryEntry& part : parts) {
    std::string below;
    const std::string link = directory + "/slaves/" + part.name;
    if (os().realpath(link.c_str(), &below) < 0) below.clear();
    add(found, inspect_directory(below, layers + 1), first);
    first = false;
  }
  found.keeps_old_blocks = found.keeps_old_blocks || is_copying_layer(directory);
  return found;
}

std::vector<DirectoryEntry> parts_of(const std::string& directory) {
  std::vector<DirectoryEntry> parts;
  const auto slaves = File::open(directory + "/slaves", O_RDONLY | O_DIRECTORY);
  if (!slaves || os().list(slaves->fd(), &parts) < 0) return {};
  return parts;
}

BlockDevice inspect_directory(std::string directory, int layers) {
  if (directory.empty() || layers > kLayersMax) return {};
  if (attribute(directory + "/partition")) directory = parent_directory(directory);
  const std::vector<DirectoryEntry> parts = parts_of(directory);
  if (!parts.empty()) return inspect_parts(directory, parts, layers);
  if (const auto backing = attribute(directory + "/loop/backing_file")) {
    BlockDevice found;
    struct stat file{};
    if (os().lstat(backing->c_str(), &file) == 0) {
      found = inspect_directory(device_directory(file.st_dev), layers + 1);
    }
    found.backing_files.push_back(*backing);
    return found;
  }
  return {.medium = disk_medium(directory), .keeps_old_blocks = is_copying_layer(directory)};
}

}  // namespace

BlockDevice inspect_device(dev_t device) { return inspect_directory(device_directory(device), 0); }

std::string device_name(dev_t device) {
  const std::string directory = device_directory(device);
  return base_name(directory);
}

std::string_view medium_name(Medium medium) {
  switch (medium) {
    case Medium::kRotating:
      return "rotating";
    case Medium::kFlash:
      return "flash";
    case Medium::kUnknown:
      break;
  }
  return "unknown";
}

}  // namespace coffre
