// Os implementations for tests: one fails a chosen call, one records what is written, and a scope
// that puts either in place of the kernel's.
//
// Threads: both may be used concurrently; ScopedOs only before threads run (see set_os).
#pragma once

#include <map>
#include <mutex>
#include <string>
#include <string_view>

#include "core/base/bytes.h"
#include "core/base/os.h"

namespace coffre::test {

// The kernel's calls, of which the nth of one method fails. A method is named as in Os: "fsync".
class FaultyOs : public Os {
 public:
  // The nth call (from 1, counted from now) of `method` returns -error and does nothing; later
  // calls of it too when `from_then_on`.
  void fail(const std::string& method, int nth, int error, bool from_then_on = false);
  // From now on, write and pwrite take at most so many bytes at a time.
  void limit_writes(std::size_t size);
  [[nodiscard]] int calls(const std::string& method) const;
  [[nodiscard]] std::map<std::string, int> all_calls() const;
  // Whether the chosen call was reached.
  [[nodiscard]] bool failed() const;
  // Forgets the counts and the chosen failure.
  void reset();

  int open(const char* path, int flags, mode_t mode) override;
  int openat(int directory, const char* path, int flags, mode_t mode) override;
  int close(int fd) override;
  ssize_t read(int fd, void* data, std::size_t size) override;
  ssize_t write(int fd, const void* data, std::size_t size) override;
  ssize_t pread(int fd, void* data, std::size_t size, off_t offset) override;
  ssize_t pwrite(int fd, const void* data, std::size_t size, off_t offset) override;
  int fstat(int fd, struct stat* out) override;
  int lstat(const char* path, struct stat* out) override;
  int fstatfs(int fd, struct statfs* out) override;
  int fsync(int fd) override;
  int fdatasync(int fd) override;
  int ftruncate(int fd, off_t size) override;
  int link_fd(int fd, int directory, const char* name) override;
  int rename(const char* from, const char* to) override;
  int rename_new(int directory, const char* from, const char* to) override;
  int renameat(int directory, const char* from, const char* to) override;
  int unlink(const char* path) override;
  int mkdir(const char* path, mode_t mode) override;
  int flock(int fd, int operation) override;
  int list(int directory, std::vector<DirectoryEntry>* out) override;
  ssize_t getrandom(void* data, std::size_t size) override;
  int open_beneath(int directory, const char* path, int flags) override;
  int fstatat(int directory, const char* name, struct stat* out) override;
  int unlinkat(int directory, const char* name) override;
  int remove_directory(int directory, const char* name) override;
  int make_directory(int directory, const char* name, mode_t mode) override;
  int set_mode(int fd, mode_t mode) override;
  int birth(int directory, const char* name, std::int64_t* out) override;
  int read_link(const char* path, std::string* out) override;
  int syncfs(int fd) override;
  int write_back(int fd) override;
  int drop_cache(int fd) override;
  int set_direct(int fd, bool direct) override;
  int extents(int fd, std::uint64_t start, std::vector<FileExtent>* out) override;
  int next_data(int fd, off_t from, off_t* begin, off_t* end) override;
  int inode_flags(int fd, InodeFlags* out) override;
  int has_writers(int fd) override;
  int mount_id(int fd, std::uint64_t* out) override;

 private:
  // Counts a call; the errno with which it is to fail, or 0.
  int count(const char* method);
  [[nodiscard]] std::size_t limited(std::size_t size) const;

  mutable std::mutex mutex_;
  std::map<std::string, int> calls_;
  std::string method_;
  int nth_ = 0;
  int error_ = 0;
  bool from_then_on_ = false;
  bool failed_ = false;
  std::size_t write_max_ = 0;
};

// The kernel's calls, keeping a copy of every byte that was given to write and pwrite, in order.
class RecordingOs : public Os {
 public:
  ssize_t write(int fd, const void* data, std::size_t size) override;
  ssize_t pwrite(int fd, const void* data, std::size_t size, off_t offset) override;

  [[nodiscard]] Bytes written() const;
  // Whether these bytes were written in one piece.
  [[nodiscard]] bool wrote(ByteView bytes) const;
  void reset();

 private:
  void record(const void* data, std::size_t size);

  mutable std::mutex mutex_;
  Bytes written_;
};

// Puts an Os in place for a scope.
class ScopedOs {
 public:
  explicit ScopedOs(Os& replacement) : before_(set_os(&replacement)) {}
  ScopedOs(const ScopedOs&) = delete;
  ScopedOs& operator=(const ScopedOs&) = delete;
  ~ScopedOs() { set_os(before_); }

 private:
  Os* before_;
};

}  // namespace coffre::test
