// Where a file lies: what its file system does with a write, and which ranges of it have blocks.
#pragma once

#include <expected>
#include <vector>

#include "core/base/os.h"
#include "core/erase/erase.h"

namespace coffre::erase {

// What holds for all files of a directory's mount.
struct FileSystem {
  std::string type;
  std::vector<Reason> reasons;
  // Writes elsewhere, except for files that are marked otherwise.
  bool copies_unless_marked = false;
  Medium medium = Medium::kUnknown;
  std::uint64_t block_size = 4096;
};

// Looks at the mount with the id `mount` that `directory`, of the device `device`, is open in.
[[nodiscard]] Result<FileSystem> inspect_file_system(int directory, std::uint64_t mount,
                                                     dev_t device);
// The same by the words of mountinfo alone; `journal_options` are the lines of the driver's own
// file about an ext4, empty when it has none that can be read.
[[nodiscard]] FileSystem classify(std::string_view type, std::string_view options,
                                  std::string_view journal_options);

// A half-open range of a file, bytes.
struct Range {
  std::uint64_t begin = 0;
  std::uint64_t end = 0;
};

struct FileMap {
  bool known = false;
  std::vector<FileExtent> extents;  // neighbours joined, flags of all of them joined
};

// kExtentsMax extents at most are read: a map with more is not known. The error is a positive
// errno.
inline constexpr std::size_t kExtentsMax = std::size_t{1} << 20;
[[nodiscard]] std::expected<FileMap, int> read_map(int fd);

// What a map says against an overwrite in place.
[[nodiscard]] std::vector<Reason> map_reasons(const FileMap& map);

// What has to be overwritten of a file of `size` bytes: the blocks that it has, up to the end of
// the last one; without a usable map, its data. The error is a positive errno.
[[nodiscard]] std::expected<std::vector<Range>, int> ranges_of(int fd, const FileMap& map,
                                                               std::uint64_t size,
                                                               std::uint64_t block_size);

// Whether both have the same blocks in the same places up to `end`.
[[nodiscard]] bool same_blocks(const FileMap& before, const FileMap& after, std::uint64_t end);

}  // namespace coffre::erase
