// Os: the one seam through which all file and system calls of the core go, so that a test can make
// any of them fail, count them, or record what is written.
//
// The methods are the system calls themselves: same arguments, -1 and errno on failure (a method
// returns the negated errno instead: >= 0 success, < 0 is -errno). EINTR is retried inside.
// SQLite's own calls go through the VFS that the store registers over this seam (core/store).
// Threads: the system's Os may be used concurrently.
#pragma once

#include <cstddef>
#include <cstdint>
#include <ctime>
#include <fcntl.h>
#include <string>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/vfs.h>
#include <vector>

namespace coffre {

// Nanoseconds since 1970, as file times are compared.
[[nodiscard]] constexpr std::int64_t ns_of(const timespec& time) {
  return std::int64_t{time.tv_sec} * 1'000'000'000 + time.tv_nsec;
}

struct DirectoryEntry {
  std::string name;
  unsigned char type = 0;  // DT_*
};

// A piece of a file and where the file system keeps it (FIEMAP, Documentation/filesystems/fiemap).
// Bytes; `physical` is an address within the file system, comparable with itself only.
struct FileExtent {
  std::uint64_t logical = 0;
  std::uint64_t physical = 0;
  std::uint64_t length = 0;
  bool shared = false;      // another file, or a snapshot, holds the same blocks
  bool compressed = false;  // stored in another form than it is read (encryption alone is not)
  bool in_line = false;     // kept among metadata, or beside another file's bytes in one block
  bool unknown = false;     // has no address: not written yet, or elsewhere
  friend bool operator==(const FileExtent&, const FileExtent&) = default;
};

// The attributes of an inode (ioctl_iflags(2)) that decide what a write does.
struct InodeFlags {
  bool immutable = false;  // or append-only
  bool no_copy_on_write = false;
  bool journaled_data = false;
};

class Os {
 public:
  virtual ~Os() = default;
  virtual int open(const char* path, int flags, mode_t mode);
  virtual int openat(int directory, const char* path, int flags, mode_t mode);
  virtual int close(int fd);
  virtual ssize_t read(int fd, void* data, std::size_t size);
  virtual ssize_t write(int fd, const void* data, std::size_t size);
  virtual ssize_t pread(int fd, void* data, std::size_t size, off_t offset);
  virtual ssize_t pwrite(int fd, const void* data, std::size_t size, off_t offset);
  virtual int fstat(int fd, struct stat* out);
  virtual int lstat(const char* path, struct stat* out);
  virtual int fstatfs(int fd, struct statfs* out);
  virtual int fsync(int fd);
  virtual int fdatasync(int fd);
  virtual void start_writing(int fd);  // lets dirty pages go to the medium, waits for nothing
  virtual int ftruncate(int fd, off_t size);
  virtual int link_fd(int fd, int directory, const char* name);  // linkat of an O_TMPFILE file
  virtual int rename(const char* from, const char* to);
  // Within one directory, never over a file that is there: -EEXIST. -EINVAL where the file system
  // cannot promise that.
  virtual int rename_new(int directory, const char* from, const char* to);
  virtual int renameat(int directory, const char* from, const char* to);
  virtual int unlink(const char* path);
  virtual int mkdir(const char* path, mode_t mode);
  virtual int flock(int fd, int operation);
  virtual int list(int directory, std::vector<DirectoryEntry>* out);  // without . and ..
  virtual int realpath(const char* path, std::string* out);           // the path without links
  virtual ssize_t getrandom(void* data, std::size_t size);

  // What erasing needs (os_storage.cpp).

  // openat2(2) that leaves `directory` by no way and follows no link; -ENOSYS where there is none.
  virtual int open_beneath(int directory, const char* path, int flags);
  virtual int fstatat(int directory, const char* name, struct stat* out);  // links not followed
  virtual int unlinkat(int directory, const char* name);
  virtual int remove_directory(int directory, const char* name);  // an empty one
  virtual int make_directory(int directory, const char* name, mode_t mode);
  // fchmod(2), also of a descriptor that was opened with O_PATH.
  virtual int set_mode(int fd, mode_t mode);
  // When the file was made, nanoseconds since 1970; links not followed. -EOPNOTSUPP where the file
  // system does not keep it.
  virtual int birth(int directory, const char* name, std::int64_t* out);
  virtual int read_link(const char* path, std::string* out);
  virtual int syncfs(int fd);
  // Writes the file's dirty pages to the device, waits, and reports what failed since the open. No
  // promise about the device's own cache, nor about metadata: a sync has to follow.
  virtual int write_back(int fd);
  virtual int drop_cache(int fd);  // clean pages leave the page cache, if the kernel likes
  virtual int set_direct(int fd, bool direct);  // O_DIRECT on or off
  // Appends the extents from `start` on, at most 512 at a call, after writing what waits to be
  // written; 1 when the last one is among them, else 0. -EOPNOTSUPP, -ENOTTY: no such map here.
  virtual int extents(int fd, std::uint64_t start, std::vector<FileExtent>* out);
  // The next range that is no hole, from `from` on; -ENXIO when there is none.
  virtual int next_data(int fd, off_t from, off_t* begin, off_t* end);
  virtual int inode_flags(int fd, InodeFlags* out);
  // Whether anybody has the file of `fd` (which is open for reading only) open for writing, or
  // mapped so: 1 or 0. Asked by a lease that is given back at once; -errno when none is given here.
  virtual int has_writers(int fd);
  // The id of the mount of `fd` in /proc/self/mountinfo; -ENOSYS before Linux 5.8.
  virtual int mount_id(int fd, std::uint64_t* out);
  virtual uid_t effective_user();
};

// The kernel's calls. set_os() replaces them for the process (tests only, before any thread runs)
// and returns the one before.
[[nodiscard]] Os& os();
Os* set_os(Os* replacement);

// PR_SET_DUMPABLE off and the core limit 0: 0, or -errno of the call that failed.
[[nodiscard]] int harden_process();
// Memory that was freed (and wiped) stays with the process for its next need: pages that are
// touched for the first time cost more than most of what is done with them. At the start of a
// program.
void keep_freed_memory();

}  // namespace coffre
