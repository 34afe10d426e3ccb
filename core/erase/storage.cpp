#include "core/erase/storage.h"

#include <algorithm>
#include <array>
#include <cerrno>

#include "core/base/file.h"
#include "core/base/mounts.h"

namespace coffre::erase {
namespace {

constexpr std::size_t kOptionsTextMax = std::size_t{64} << 10;
constexpr std::uint64_t kPage = 4096;

using Words = std::span<const std::string_view>;

bool has_word(Words words, std::string_view word) {
  return std::ranges::find(words, word) != words.end();
}

bool is_fuse(std::string_view type) {
  return type == "fuse" || type == "fuseblk" || type.starts_with("fuse.");
}

// The one reason that a type alone gives; nothing for those that overwrite in place.
std::optional<Reason> type_reason(std::string_view type) {
  constexpr auto kInPlace = std::to_array<std::string_view>({"ext2", "ext3", "ext4", "xfs"});
  constexpr auto kNetwork = std::to_array<std::string_view>(
      {"nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "afs", "ceph", "coda", "ncpfs", "lustre",
       "vboxsf", "virtiofs", "prl_fs", "vmhgfs"});
  constexpr auto kInMemory = std::to_array<std::string_view>({"tmpfs", "ramfs", "devtmpfs"});
  constexpr auto kStacked =
      std::to_array<std::string_view>({"overlay", "aufs", "unionfs", "ecryptfs"});
  constexpr auto kElsewhere = std::to_array<std::string_view>(
      {"zfs", "bcachefs", "f2fs", "nilfs2", "ubifs", "jffs2", "reiser4", "apfs"});
  if (has_word(kInPlace, type) || type == "btrfs") return std::nullopt;
  if (is_fuse(type)) return Reason::kFuseFileSystem;
  if (has_word(kNetwork, type)) return Reason::kNetworkFileSystem;
  if (has_word(kInMemory, type)) return Reason::kMemoryFileSystem;
  if (has_word(kStacked, type)) return Reason::kOverlayFileSystem;
  if (has_word(kElsewhere, type)) return Reason::kCopyOnWrite;
  return Reason::kUnknownFileSystem;
}

bool has_line(std::string_view text, std::string_view wanted) {
  std::string options(text);
  std::ranges::replace(options, '\n', ',');
  return has_option(options, wanted);
}

// The end of a range, which a forged map may put anywhere.
std::uint64_t end_of(const FileExtent& extent) {
  const std::uint64_t end = extent.logical + extent.length;
  return end < extent.logical ? ~std::uint64_t{0} : end;
}

bool continues(const FileExtent& a, const FileExtent& b) {
  return end_of(a) == b.logical && a.physical + a.length == b.physical && a.shared == b.shared &&
         a.compressed == b.compressed && a.in_line == b.in_line && a.unknown == b.unknown;
}

void join(std::vector<FileExtent>& to, const FileExtent& extent) {
  if (!to.empty() && continues(to.back(), extent)) {
    to.back().length += extent.length;
  } else {
    to.push_back(extent);
  }
}

std::expected<std::vector<Range>, int> data_ranges(int fd, std::uint64_t size) {
  std::vector<Range> ranges;
  std::uint64_t at = 0;
  while (at < size) {
    off_t begin = 0;
    off_t end = 0;
    const int error = os().next_data(fd, static_cast<off_t>(at), &begin, &end);
    if (error == -ENXIO) return ranges;
    if (error == -EINVAL || error == -EOPNOTSUPP) return std::vector{Range{0, size}};
    if (error < 0) return std::unexpected(-error);
    const std::uint64_t first = static_cast<std::uint64_t>(begin) / kPage * kPage;
    const std::uint64_t last = std::min(static_cast<std::uint64_t>(end), size);
    if (last <= at || ranges.size() >= kExtentsMax) return std::vector{Range{0, size}};
    ranges.push_back({std::max(first, at), last});
    at = last;
  }
  return ranges;
}

// Whether a file that a loop device lies in may keep old blocks when it is written to. What cannot
// be looked at may.
bool keeps_old_blocks(const std::string& path, const std::vector<Mount>& mounts) {
  const auto file = File::open(path, O_RDONLY | O_NOFOLLOW);
  if (!file) return true;
  const auto mount = mount_id_of(file->fd(), path);
  const auto at = mount ? std::ranges::find(mounts, *mount, &Mount::id) : mounts.end();
  if (at == mounts.end()) return true;
  const FileSystem below = classify(at->type, at->super_options, {});
  constexpr auto kElsewhere =
      std::to_array({Reason::kCopyOnWrite, Reason::kFuseFileSystem, Reason::kNetworkFileSystem,
                     Reason::kUnknownFileSystem});
  InodeFlags flags;
  const bool is_marked = os().inode_flags(file->fd(), &flags) == 0 && flags.no_copy_on_write;
  const auto map = read_map(file->fd());
  return std::ranges::find_first_of(below.reasons, kElsewhere) != below.reasons.end() ||
         (below.copies_unless_marked && !is_marked) || !map ||
         (map->known && !map_reasons(*map).empty());
}

}  // namespace

FileSystem classify(std::string_view type, std::string_view options,
                    std::string_view journal_options) {
  FileSystem found{.type = std::string(type), .reasons = {}};
  if (const auto reason = type_reason(type)) found.reasons.push_back(*reason);
  found.copies_unless_marked = type == "btrfs";
  if (type != "ext3" && type != "ext4") return found;
  // mountinfo leaves the mode out when it is the default that the superblock names.
  if (has_option(options, "data=journal") || has_line(journal_options, "data=journal")) {
    found.reasons.push_back(Reason::kJournaledData);
  } else if (journal_options.empty()) {
    found.reasons.push_back(Reason::kJournalModeUnknown);
  }
  return found;
}

Result<FileSystem> inspect_file_system(int directory, std::uint64_t mount, dev_t device) {
  COFFRE_TRY_ASSIGN(const std::vector<Mount> mounts, read_mounts());
  const auto at = std::ranges::find(mounts, mount, &Mount::id);
  struct statfs sizes{};
  if (const int error = os().fstatfs(directory, &sizes); error < 0) {
    return std::unexpected(os_error(-error, {}));
  }
  const std::string name = device_name(device);
  Result<Bytes> journal = Bytes{};
  if (!name.empty()) journal = read_file("/proc/fs/ext4/" + name + "/options", kOptionsTextMax);
  FileSystem found =
      at == mounts.end()
          ? classify("unknown", {}, {})
          : classify(at->type, at->super_options, journal ? as_text(*journal) : std::string_view());
  const BlockDevice block = inspect_device(device);
  found.medium = block.medium;
  const bool in_copying_file = std::ranges::any_of(
      block.backing_files, [&](const std::string& path) { return keeps_old_blocks(path, mounts); });
  if (block.keeps_old_blocks || in_copying_file) {
    found.reasons.push_back(Reason::kBlockLayerCopies);
  }
  if (sizes.f_bsize > 0) found.block_size = static_cast<std::uint64_t>(sizes.f_bsize);
  return found;
}

std::expected<FileMap, int> read_map(int fd) {
  FileMap map;
  std::uint64_t start = 0;
  while (true) {
    std::vector<FileExtent> some;
    const std::uint64_t before = start;
    const int result = os().extents(fd, start, &some);
    if (result == -EOPNOTSUPP || result == -ENOTTY || result == -ENOSYS || result == -EINVAL) {
      return FileMap{};
    }
    if (result < 0) return std::unexpected(-result);
    for (const FileExtent& extent : some) {
      if (extent.logical < start) return FileMap{};  // no map of ours goes back
      join(map.extents, extent);
      start = end_of(extent);
    }
    if (map.extents.size() > kExtentsMax) return FileMap{};
    if (result == 1 || some.empty()) break;
    if (start == before) return FileMap{};  // nor stands still
  }
  map.known = true;
  return map;
}

std::vector<Reason> map_reasons(const FileMap& map) {
  if (!map.known) return {Reason::kNoExtentMap};
  FileExtent all;
  for (const FileExtent& extent : map.extents) {
    all.shared = all.shared || extent.shared;
    all.compressed = all.compressed || extent.compressed;
    all.in_line = all.in_line || extent.in_line;
    all.unknown = all.unknown || extent.unknown;
  }
  std::vector<Reason> reasons;
  if (all.shared) reasons.push_back(Reason::kSharedExtents);
  if (all.compressed) reasons.push_back(Reason::kCompressedExtents);
  if (all.in_line) reasons.push_back(Reason::kInlineExtents);
  if (all.unknown) reasons.push_back(Reason::kUnknownExtents);
  return reasons;
}

std::expected<std::vector<Range>, int> ranges_of(int fd, const FileMap& map, std::uint64_t size,
                                                 std::uint64_t block_size) {
  const bool whole_blocks =
      map.known && std::ranges::none_of(map.extents, [](const FileExtent& extent) {
        return extent.in_line || extent.unknown || extent.compressed;
      });
  if (!whole_blocks) return data_ranges(fd, size);
  const std::uint64_t end = (size + block_size - 1) / block_size * block_size;
  std::vector<Range> ranges;
  for (const FileExtent& extent : map.extents) {
    // Network file systems pass on what their server says: whole blocks or not.
    const Range range{extent.logical / kPage * kPage, std::min(end_of(extent), end)};
    if (range.begin < range.end) ranges.push_back(range);
  }
  return ranges;
}

bool same_blocks(const FileMap& before, const FileMap& after, std::uint64_t end) {
  const auto cut = [&](const FileMap& map) {
    std::vector<std::array<std::uint64_t, 3>> blocks;
    for (const FileExtent& extent : map.extents) {
      const std::uint64_t last = std::min(end_of(extent), end);
      if (extent.logical < last) blocks.push_back({extent.logical, extent.physical, last});
    }
    return blocks;
  };
  return before.known && after.known && cut(before) == cut(after);
}

}  // namespace coffre::erase
