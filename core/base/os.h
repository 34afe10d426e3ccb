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
#include <fcntl.h>
#include <string>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/vfs.h>
#include <vector>

namespace coffre {

struct DirectoryEntry {
  std::string name;
  unsigned char type = 0;  // DT_*
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
  virtual int unlink(const char* path);
  virtual int mkdir(const char* path, mode_t mode);
  virtual int flock(int fd, int operation);
  virtual int list(int directory, std::vector<DirectoryEntry>* out);  // without . and ..
  virtual int realpath(const char* path, std::string* out);           // the path without links
  virtual ssize_t getrandom(void* data, std::size_t size);
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
