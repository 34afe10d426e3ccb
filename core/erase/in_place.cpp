#include "core/erase/in_place.h"

#include <algorithm>
#include <cerrno>

#include "core/base/file.h"
#include "core/base/mounts.h"
#include "core/erase/worth.h"

namespace coffre {

Result<InPlace::Looked> InPlace::look(int fd) {
  struct stat found{};
  if (const int error = os().fstat(fd, &found); error < 0) {
    return std::unexpected(os_error(-error, {}));
  }
  COFFRE_TRY_ASSIGN(const std::uint64_t mount, mount_id_of(fd, {}));
  COFFRE_TRY_ASSIGN(const erase::FileSystem place,
                    erase::inspect_file_system(fd, mount, found.st_dev));
  file_system_ = place.type;
  medium_ = medium_ == Medium::kRotating ? place.medium : medium_;
  reasons_.insert(reasons_.end(), place.reasons.begin(), place.reasons.end());
  InodeFlags flags;
  const int asked = os().inode_flags(fd, &flags);
  const bool none =
      asked == -ENOTTY || asked == -EOPNOTSUPP || asked == -ENOSYS || asked == -EINVAL;
  if (asked < 0 && !none) return std::unexpected(os_error(-asked, {}));
  if (place.copies_unless_marked && !flags.no_copy_on_write) add(Reason::kCopyOnWrite);
  if (flags.journaled_data) add(Reason::kJournaledData);
  auto map = erase::read_map(fd);
  if (!map) return std::unexpected(os_error(map.error(), {}));
  const std::vector<Reason> against = erase::map_reasons(*map);
  reasons_.insert(reasons_.end(), against.begin(), against.end());
  return Looked{static_cast<std::uint64_t>(found.st_size), *std::move(map)};
}

Status InPlace::look_before(int fd) {
  COFFRE_TRY_ASSIGN(Looked looked, look(fd));
  before_.push_back(std::move(looked));
  return {};
}

Status InPlace::look_after(int fd) {
  COFFRE_TRY_ASSIGN(const Looked after, look(fd));
  // A file that was not there before has nothing to compare.
  if (compared_ >= before_.size()) return {};
  const Looked& before = before_[compared_++];
  const std::uint64_t end = std::min(before.size, after.size);
  const bool both = before.map.known && after.map.known;
  if (both && !erase::same_blocks(before.map, after.map, end)) add(Reason::kMovedExtents);
  return {};
}

std::vector<Reason> InPlace::reasons() const {
  std::vector<Reason> sorted = reasons_;
  erase::sort_reasons(sorted);
  return sorted;
}

std::vector<Uncovered> InPlace::uncovered() const {
  std::vector<Uncovered> uncovered = erase::uncovered_of(reasons_, medium_);
  std::erase(uncovered, Uncovered::kNameAndDates);
  return uncovered;
}

Verdict InPlace::verdict() const { return erase::verdict_of(reasons_, medium_); }

}  // namespace coffre
