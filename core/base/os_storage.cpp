// The calls of the Os seam that look at how a file is stored.
#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstddef>
#include <cstring>
#include <fcntl.h>
#include <limits>
#include <linux/fiemap.h>
#include <linux/fs.h>
#include <linux/openat2.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "core/base/os.h"
#include "core/base/os_call.h"

namespace coffre {
namespace {

constexpr std::uint32_t kExtentsAtOnce = 512;
constexpr std::size_t kLinkMax = 4096;

FileExtent extent_of(const fiemap_extent& from) {
  constexpr std::uint32_t kInline =
      FIEMAP_EXTENT_DATA_INLINE | FIEMAP_EXTENT_DATA_TAIL | FIEMAP_EXTENT_NOT_ALIGNED;
  const std::uint32_t flags = from.fe_flags;
  // A file encrypted by its file system is ENCODED too, and keeps its place all the same.
  const bool encrypted = (flags & FIEMAP_EXTENT_DATA_ENCRYPTED) != 0;
  return {.logical = from.fe_logical,
          .physical = from.fe_physical,
          .length = from.fe_length,
          .shared = (flags & FIEMAP_EXTENT_SHARED) != 0,
          .compressed = (flags & FIEMAP_EXTENT_ENCODED) != 0 && !encrypted,
          .in_line = (flags & kInline) != 0,
          .unknown = (flags & (FIEMAP_EXTENT_UNKNOWN | FIEMAP_EXTENT_DELALLOC)) != 0};
}

}  // namespace

int Os::open_beneath(int directory, const char* path, int flags) {
  open_how how{};
  how.flags = static_cast<std::uint64_t>(static_cast<unsigned>(flags));
  how.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS;
  return static_cast<int>(
      retried([&] { return ::syscall(SYS_openat2, directory, path, &how, sizeof how); }));
}

int Os::fstatat(int directory, const char* name, struct stat* out) {
  return retried([&] { return ::fstatat(directory, name, out, AT_SYMLINK_NOFOLLOW); });
}

int Os::unlinkat(int directory, const char* name) {
  return retried([&] { return ::unlinkat(directory, name, 0); });
}

int Os::set_mode(int fd, mode_t mode) {
  const int error = retried([&] { return ::fchmod(fd, mode); });
  if (error != -EBADF) return error;
  const std::string path = "/proc/self/fd/" + std::to_string(fd);
  return retried([&] { return ::chmod(path.c_str(), mode); });
}

int Os::remove_directory(int directory, const char* name) {
  return retried([&] { return ::unlinkat(directory, name, AT_REMOVEDIR); });
}

int Os::make_directory(int directory, const char* name, mode_t mode) {
  return retried([&] { return ::mkdirat(directory, name, mode); });
}

int Os::birth(int directory, const char* name, std::int64_t* out) {
  constexpr std::int64_t kSecond = 1'000'000'000;
  struct statx found{};
  const int error =
      retried([&] { return ::statx(directory, name, AT_SYMLINK_NOFOLLOW, STATX_BTIME, &found); });
  if (error < 0) return error;
  // Seconds that nanoseconds cannot count are a file system's damage.
  const bool told = (found.stx_mask & STATX_BTIME) != 0 && found.stx_btime.tv_sec >= 0 &&
                    found.stx_btime.tv_sec < std::numeric_limits<std::int64_t>::max() / kSecond;
  if (!told) return -EOPNOTSUPP;
  *out = found.stx_btime.tv_sec * kSecond + found.stx_btime.tv_nsec;
  return 0;
}

int Os::read_link(const char* path, std::string* out) {
  out->resize(kLinkMax);
  const ssize_t size = retried([&] { return ::readlink(path, out->data(), out->size()); });
  out->resize(size < 0 ? 0 : static_cast<std::size_t>(size));
  return size < 0 ? static_cast<int>(size) : 0;
}

int Os::syncfs(int fd) {
  return retried([&] { return ::syncfs(fd); });
}

int Os::write_back(int fd) {
  constexpr unsigned kWriteAndWait =
      SYNC_FILE_RANGE_WAIT_BEFORE | SYNC_FILE_RANGE_WRITE | SYNC_FILE_RANGE_WAIT_AFTER;
  return retried([&] { return ::sync_file_range(fd, 0, 0, kWriteAndWait); });
}

int Os::drop_cache(int fd) { return -::posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED); }

int Os::set_direct(int fd, bool direct) {
  const int before = retried([&] { return ::fcntl(fd, F_GETFL); });
  if (before < 0) return before;
  const int after = direct ? before | O_DIRECT : before & ~O_DIRECT;
  if (after == before) return 0;
  return retried([&] { return ::fcntl(fd, F_SETFL, after); });
}

int Os::extents(int fd, std::uint64_t start, std::vector<FileExtent>* out) {
  // A head, then room for the extents: not a struct, because the head ends with an open array.
  alignas(fiemap) std::array<std::byte, sizeof(fiemap) + kExtentsAtOnce * sizeof(fiemap_extent)>
      map{};
  fiemap head{};
  head.fm_start = start;
  head.fm_length = FIEMAP_MAX_OFFSET - start;
  head.fm_flags = FIEMAP_FLAG_SYNC;
  head.fm_extent_count = kExtentsAtOnce;
  std::memcpy(map.data(), &head, sizeof head);
  const int result = retried([&] { return ::ioctl(fd, FS_IOC_FIEMAP, map.data()); });
  if (result < 0) return result;
  std::memcpy(&head, map.data(), sizeof head);
  const std::uint32_t count = std::min(head.fm_mapped_extents, kExtentsAtOnce);
  bool last = count == 0;
  for (std::uint32_t i = 0; i < count; ++i) {
    fiemap_extent extent{};
    std::memcpy(&extent, map.data() + sizeof head + i * sizeof extent, sizeof extent);
    out->push_back(extent_of(extent));
    last = last || (extent.fe_flags & FIEMAP_EXTENT_LAST) != 0;
  }
  return last ? 1 : 0;
}

int Os::next_data(int fd, off_t from, off_t* begin, off_t* end) {
  const off_t data = retried([&] { return ::lseek(fd, from, SEEK_DATA); });
  if (data < 0) return static_cast<int>(data);
  const off_t hole = retried([&] { return ::lseek(fd, data, SEEK_HOLE); });
  if (hole < 0) return static_cast<int>(hole);
  *begin = data;
  *end = hole;
  return 0;
}

int Os::inode_flags(int fd, InodeFlags* out) {
  int flags = 0;  // the kernel writes an int, whatever the ioctl's number says
  const int result = retried([&] { return ::ioctl(fd, FS_IOC_GETFLAGS, &flags); });
  if (result < 0) return result;
  out->immutable = (flags & (FS_IMMUTABLE_FL | FS_APPEND_FL)) != 0;
  out->no_copy_on_write = (flags & FS_NOCOW_FL) != 0;
  out->journaled_data = (flags & FS_JOURNAL_DATA_FL) != 0;
  return 0;
}

int Os::has_writers(int fd) {
  // Who opens the file while the lease is ours has us told by a signal. The usual one, SIGIO, would
  // end the process; this one is ignored unless somebody asks for it.
  const int signal = retried([&] { return ::fcntl(fd, F_SETSIG, SIGURG); });
  if (signal < 0) return signal;
  const int taken = retried([&] { return ::fcntl(fd, F_SETLEASE, F_RDLCK); });
  if (taken == -EAGAIN) return 1;
  if (taken < 0) return taken;
  return retried([&] { return ::fcntl(fd, F_SETLEASE, F_UNLCK); });
}

int Os::mount_id(int fd, std::uint64_t* out) {
  struct statx found{};
  const int result = retried([&] { return ::statx(fd, "", AT_EMPTY_PATH, STATX_MNT_ID, &found); });
  if (result < 0) return result;
  if ((found.stx_mask & STATX_MNT_ID) == 0) return -ENOSYS;
  *out = found.stx_mnt_id;
  return 0;
}

uid_t Os::effective_user() { return ::geteuid(); }

}  // namespace coffre
