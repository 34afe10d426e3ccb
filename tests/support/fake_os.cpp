#include "tests/support/fake_os.h"

#include <algorithm>

namespace coffre::test {

void FaultyOs::fail(const std::string& method, int nth, int error, bool from_then_on) {
  const std::lock_guard guard(mutex_);
  method_ = method;
  nth_ = calls_[method] + nth;
  error_ = error;
  from_then_on_ = from_then_on;
  failed_ = false;
}

void FaultyOs::limit_writes(std::size_t size) {
  const std::lock_guard guard(mutex_);
  write_max_ = size;
}

int FaultyOs::calls(const std::string& method) const {
  const std::lock_guard guard(mutex_);
  const auto found = calls_.find(method);
  return found == calls_.end() ? 0 : found->second;
}

std::map<std::string, int> FaultyOs::all_calls() const {
  const std::lock_guard guard(mutex_);
  return calls_;
}

bool FaultyOs::failed() const {
  const std::lock_guard guard(mutex_);
  return failed_;
}

void FaultyOs::reset() {
  const std::lock_guard guard(mutex_);
  calls_.clear();
  method_.clear();
  failed_ = false;
}

int FaultyOs::count(const char* method) {
  const std::lock_guard guard(mutex_);
  const int call = ++calls_[method];
  if (method_ != method || call < nth_ || (call > nth_ && !from_then_on_)) return 0;
  failed_ = true;
  return error_;
}

std::size_t FaultyOs::limited(std::size_t size) const {
  const std::lock_guard guard(mutex_);
  return write_max_ == 0 ? size : std::min(size, write_max_);
}

int FaultyOs::open(const char* path, int flags, mode_t mode) {
  if (const int error = count("open"); error != 0) return -error;
  return Os::open(path, flags, mode);
}

int FaultyOs::openat(int directory, const char* path, int flags, mode_t mode) {
  if (const int error = count("openat"); error != 0) return -error;
  return Os::openat(directory, path, flags, mode);
}

int FaultyOs::close(int fd) {
  if (const int error = count("close"); error != 0) {
    (void)Os::close(fd);  // as Linux does: a close that reports an error has closed
    return -error;
  }
  return Os::close(fd);
}

ssize_t FaultyOs::read(int fd, void* data, std::size_t size) {
  if (const int error = count("read"); error != 0) return -error;
  return Os::read(fd, data, size);
}

ssize_t FaultyOs::write(int fd, const void* data, std::size_t size) {
  if (const int error = count("write"); error != 0) return -error;
  return Os::write(fd, data, limited(size));
}

ssize_t FaultyOs::pread(int fd, void* data, std::size_t size, off_t offset) {
  if (const int error = count("pread"); error != 0) return -error;
  return Os::pread(fd, data, size, offset);
}

ssize_t FaultyOs::pwrite(int fd, const void* data, std::size_t size, off_t offset) {
  if (const int error = count("pwrite"); error != 0) return -error;
  return Os::pwrite(fd, data, limited(size), offset);
}

int FaultyOs::fstat(int fd, struct stat* out) {
  if (const int error = count("fstat"); error != 0) return -error;
  return Os::fstat(fd, out);
}

int FaultyOs::lstat(const char* path, struct stat* out) {
  if (const int error = count("lstat"); error != 0) return -error;
  return Os::lstat(path, out);
}

int FaultyOs::fstatfs(int fd, struct statfs* out) {
  if (const int error = count("fstatfs"); error != 0) return -error;
  return Os::fstatfs(fd, out);
}

int FaultyOs::fsync(int fd) {
  if (const int error = count("fsync"); error != 0) return -error;
  return Os::fsync(fd);
}

int FaultyOs::fdatasync(int fd) {
  if (const int error = count("fdatasync"); error != 0) return -error;
  return Os::fdatasync(fd);
}

int FaultyOs::ftruncate(int fd, off_t size) {
  if (const int error = count("ftruncate"); error != 0) return -error;
  return Os::ftruncate(fd, size);
}

int FaultyOs::link_fd(int fd, int directory, const char* name) {
  if (const int error = count("link_fd"); error != 0) return -error;
  return Os::link_fd(fd, directory, name);
}

int FaultyOs::rename(const char* from, const char* to) {
  if (const int error = count("rename"); error != 0) return -error;
  return Os::rename(from, to);
}

int FaultyOs::rename_new(int directory, const char* from, const char* to) {
  if (const int error = count("rename_new"); error != 0) return -error;
  return Os::rename_new(directory, from, to);
}

int FaultyOs::renameat(int directory, const char* from, const char* to) {
  if (const int error = count("renameat"); error != 0) return -error;
  return Os::renameat(directory, from, to);
}

int FaultyOs::unlink(const char* path) {
  if (const int error = count("unlink"); error != 0) return -error;
  return Os::unlink(path);
}

int FaultyOs::mkdir(const char* path, mode_t mode) {
  if (const int error = count("mkdir"); error != 0) return -error;
  return Os::mkdir(path, mode);
}

int FaultyOs::flock(int fd, int operation) {
  if (const int error = count("flock"); error != 0) return -error;
  return Os::flock(fd, operation);
}

int FaultyOs::list(int directory, std::vector<DirectoryEntry>* out) {
  if (const int error = count("list"); error != 0) return -error;
  return Os::list(directory, out);
}

ssize_t FaultyOs::getrandom(void* data, std::size_t size) {
  if (const int error = count("getrandom"); error != 0) return -error;
  return Os::getrandom(data, size);
}

int FaultyOs::open_beneath(int directory, const char* path, int flags) {
  if (const int error = count("open_beneath"); error != 0) return -error;
  return Os::open_beneath(directory, path, flags);
}

int FaultyOs::fstatat(int directory, const char* name, struct stat* out) {
  if (const int error = count("fstatat"); error != 0) return -error;
  return Os::fstatat(directory, name, out);
}

int FaultyOs::unlinkat(int directory, const char* name) {
  if (const int error = count("unlinkat"); error != 0) return -error;
  return Os::unlinkat(directory, name);
}

int FaultyOs::set_mode(int fd, mode_t mode) {
  if (const int error = count("set_mode"); error != 0) return -error;
  return Os::set_mode(fd, mode);
}

int FaultyOs::remove_directory(int directory, const char* name) {
  if (const int error = count("remove_directory"); error != 0) return -error;
  return Os::remove_directory(directory, name);
}

int FaultyOs::make_directory(int directory, const char* name, mode_t mode) {
  if (const int error = count("make_directory"); error != 0) return -error;
  return Os::make_directory(directory, name, mode);
}

int FaultyOs::birth(int directory, const char* name, std::int64_t* out) {
  if (const int error = count("birth"); error != 0) return -error;
  return Os::birth(directory, name, out);
}

int FaultyOs::read_link(const char* path, std::string* out) {
  if (const int error = count("read_link"); error != 0) return -error;
  return Os::read_link(path, out);
}

int FaultyOs::syncfs(int fd) {
  if (const int error = count("syncfs"); error != 0) return -error;
  return Os::syncfs(fd);
}

int FaultyOs::write_back(int fd) {
  if (const int error = count("write_back"); error != 0) return -error;
  return Os::write_back(fd);
}

int FaultyOs::drop_cache(int fd) {
  if (const int error = count("drop_cache"); error != 0) return -error;
  return Os::drop_cache(fd);
}

int FaultyOs::set_direct(int fd, bool direct) {
  if (const int error = count("set_direct"); error != 0) return -error;
  return Os::set_direct(fd, direct);
}

int FaultyOs::extents(int fd, std::uint64_t start, std::vector<FileExtent>* out) {
  if (const int error = count("extents"); error != 0) return -error;
  return Os::extents(fd, start, out);
}

int FaultyOs::next_data(int fd, off_t from, off_t* begin, off_t* end) {
  if (const int error = count("next_data"); error != 0) return -error;
  return Os::next_data(fd, from, begin, end);
}

int FaultyOs::inode_flags(int fd, InodeFlags* out) {
  if (const int error = count("inode_flags"); error != 0) return -error;
  return Os::inode_flags(fd, out);
}

int FaultyOs::has_writers(int fd) {
  if (const int error = count("has_writers"); error != 0) return -error;
  return Os::has_writers(fd);
}

int FaultyOs::mount_id(int fd, std::uint64_t* out) {
  if (const int error = count("mount_id"); error != 0) return -error;
  return Os::mount_id(fd, out);
}

ssize_t RecordingOs::write(int fd, const void* data, std::size_t size) {
  record(data, size);
  return Os::write(fd, data, size);
}

ssize_t RecordingOs::pwrite(int fd, const void* data, std::size_t size, off_t offset) {
  record(data, size);
  return Os::pwrite(fd, data, size, offset);
}

Bytes RecordingOs::written() const {
  const std::lock_guard guard(mutex_);
  return written_;
}

bool RecordingOs::wrote(ByteView bytes) const {
  const std::lock_guard guard(mutex_);
  return as_text(written_).find(as_text(bytes)) != std::string_view::npos;
}

void RecordingOs::reset() {
  const std::lock_guard guard(mutex_);
  written_.clear();
}

void RecordingOs::record(const void* data, std::size_t size) {
  const auto* bytes = static_cast<const Byte*>(data);
  const std::lock_guard guard(mutex_);
  written_.insert(written_.end(), bytes, bytes + size);
}

}  // namespace coffre::test
