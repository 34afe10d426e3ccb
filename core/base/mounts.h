// What is mounted, as the kernel tells this process (/proc/self/mountinfo, proc(5)).
//
// Not covered: what lies under a mount of another machine or of FUSE. Threads: values, no shared
// state.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/error.h"

namespace coffre {

struct Mount {
  std::uint64_t id = 0;
  unsigned device_major = 0;
  unsigned device_minor = 0;
  std::string point;          // where: an absolute path
  std::string type;           // "ext4", "fuse.gocryptfs"
  std::string options;        // of this mount
  std::string super_options;  // of the file system
};

// The mounts in the text of mountinfo; a line of another form is left out. A space in a field is
// written \040 there, so no field holds one.
[[nodiscard]] std::vector<Mount> parse_mounts(std::string_view mountinfo);

// The mount that an absolute path without links leads to: of those whose point is the path's
// beginning the longest, and of these the last. nullptr: none.
[[nodiscard]] const Mount* mount_at(const std::vector<Mount>& mounts, std::string_view path);

// kFailed and others of os_error; kLimit when the text has more than 4 MiB.
[[nodiscard]] Result<std::vector<Mount>> read_mounts();

// The id of the mount through which `fd` was opened; `on` names the file in errors.
[[nodiscard]] Result<std::uint64_t> mount_id_of(int fd, const std::string& on);

// Whether `wanted` ("ro", "data=journal") is one of the options, which commas separate.
[[nodiscard]] bool has_option(std::string_view options, std::string_view wanted);

// Whether the inode numbers of the file system of `fd` outlive a mount: those of FAT and exFAT do
// not. False when it cannot be found out.
[[nodiscard]] bool has_lasting_inodes(int fd);

// Whether the file system of `fd` keeps everything in memory (tmpfs, ramfs). False when it cannot
// be found out.
[[nodiscard]] bool is_in_memory(int fd);

}  // namespace coffre
