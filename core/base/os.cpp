#include "core/base/os.h"

#include <array>
#include <atomic>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <dirent.h>
#include <fcntl.h>
#include <malloc.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/prctl.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <unistd.h>

#include "core/base/os_call.h"

namespace coffre {
namespace {

Os& kernel() {
  static Os calls;
  return calls;
}

std::atomic<Os*>& current() {
  static std::atomic<Os*> pointer{&kernel()};
  return pointer;
}

}  // namespace

int Os::open(const char* path, int flags, mode_t mode) {
  return retried([&] { return ::open(path, flags, mode); });
}

int Os::openat(int directory, const char* path, int flags, mode_t mode) {
  return retried([&] { return ::openat(directory, path, flags, mode); });
}

int Os::close(int fd) {
  // Linux has closed the descriptor even when it reports EINTR: a second call could close
  // another's.
  if (::close(fd) == 0 || errno == EINTR) return 0;
  return -errno;
}

ssize_t Os::read(int fd, void* data, std::size_t size) {
  return retried([&] { return ::read(fd, data, size); });
}

ssize_t Os::write(int fd, const void* data, std::size_t size) {
  return retried([&] { return ::write(fd, data, size); });
}

ssize_t Os::pread(int fd, void* data, std::size_t size, off_t offset) {
  return retried([&] { return ::pread(fd, data, size, offset); });
}

ssize_t Os::pwrite(int fd, const void* data, std::size_t size, off_t offset) {
  return retried([&] { return ::pwrite(fd, data, size, offset); });
}

int Os::fstat(int fd, struct stat* out) {
  return retried([&] { return ::fstat(fd, out); });
}

int Os::lstat(const char* path, struct stat* out) {
  return retried([&] { return ::lstat(path, out); });
}

int Os::fstatfs(int fd, struct statfs* out) {
  return retried([&] { return ::fstatfs(fd, out); });
}

int Os::fsync(int fd) {
  return retried([&] { return ::fsync(fd); });
}

int Os::fdatasync(int fd) {
  return retried([&] { return ::fdatasync(fd); });
}

void Os::start_writing(int fd) { (void)::sync_file_range(fd, 0, 0, SYNC_FILE_RANGE_WRITE); }

int Os::ftruncate(int fd, off_t size) {
  return retried([&] { return ::ftruncate(fd, size); });
}

int Os::link_fd(int fd, int directory, const char* name) {
  std::array<char, 64> path{};
  ::snprintf(path.data(), path.size(), "/proc/self/fd/%d", fd);
  const int result =
      retried([&] { return ::linkat(AT_FDCWD, path.data(), directory, name, AT_SYMLINK_FOLLOW); });
  if (result != -ENOENT) return result;
  // No /proc here: the way without it, which older kernels give to privileged processes only.
  const int direct = retried([&] { return ::linkat(fd, "", directory, name, AT_EMPTY_PATH); });
  return direct;
}

int Os::rename(const char* from, const char* to) {
  return retried([&] { return ::rename(from, to); });
}

int Os::rename_new(int directory, const char* from, const char* to) {
  return retried([&] { return ::renameat2(directory, from, directory, to, RENAME_NOREPLACE); });
}

int Os::renameat(int directory, const char* from, const char* to) {
  return retried([&] { return ::renameat(directory, from, directory, to); });
}

int Os::unlink(const char* path) {
  return retried([&] { return ::unlink(path); });
}

int Os::mkdir(const char* path, mode_t mode) {
  return retried([&] { return ::mkdir(path, mode); });
}

int Os::flock(int fd, int operation) {
  return retried([&] { return ::flock(fd, operation); });
}

int Os::list(int directory, std::vector<DirectoryEntry>* out) {
  out->clear();
  // A descriptor of its own: closedir() closes the one it was given, and the position is shared.
  const int fd =
      retried([&] { return ::openat(directory, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC); });
  if (fd < 0) return fd;
  DIR* stream = ::fdopendir(fd);
  if (stream == nullptr) {
    const int error = errno;
    ::close(fd);
    return -error;
  }
  int error = 0;
  while (true) {
    errno = 0;
    const dirent* entry = ::readdir(stream);
    if (entry == nullptr) {
      error = errno;
      break;
    }
    if (std::strcmp(entry->d_name, ".") == 0 || std::strcmp(entry->d_name, "..") == 0) continue;
    out->push_back({.name = entry->d_name, .type = entry->d_type});
  }
  ::closedir(stream);
  return -error;
}

int Os::realpath(const char* path, std::string* out) {
  char* const resolved = ::realpath(path, nullptr);
  if (resolved == nullptr) {
    return -errno;
  }
  out->assign(resolved);
  std::free(resolved);
  return 0;
}

ssize_t Os::getrandom(void* data, std::size_t size) {
  return retried([&] { return ::getrandom(data, size, 0); });
}

Os& os() { return *current().load(std::memory_order_acquire); }

Os* set_os(Os* replacement) {
  return current().exchange(replacement == nullptr ? &kernel() : replacement,
                            std::memory_order_acq_rel);
}

void keep_freed_memory() {
  constexpr int kLargest = 8 << 20;  // larger blocks come from the system and go back
  // NOLINTBEGIN(concurrency-mt-unsafe): called before any thread runs.
  (void)::mallopt(M_MMAP_THRESHOLD, kLargest);
  (void)::mallopt(M_TRIM_THRESHOLD, 4 * kLargest);
  (void)::mallopt(M_TOP_PAD, 1 << 20);
  // NOLINTEND(concurrency-mt-unsafe)
}

int harden_process() {
  if (::prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0) return -errno;
  const rlimit none{.rlim_cur = 0, .rlim_max = 0};
  if (::setrlimit(RLIMIT_CORE, &none) != 0) return -errno;
  return 0;
}

}  // namespace coffre
