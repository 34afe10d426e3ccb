// Files through the Os seam: owning descriptors, bounded reads, durable writes.
//
// Guarantees: write_durable replaces a file in one step (temporary file, fsync, rename, fsync of
// the directory); PrivateOutput appears under its name only when it was completely written and
// synced, and never over a file that exists. All files are made with mode 0600, directories 0700.
// Errors: kNotFound, kExists, kDenied never (a refused permission is kFailed with the path),
// kNoSpace (ENOSPC, EDQUOT), kReadOnly (EROFS), kLimit (too big), kFailed otherwise; `on` is the
// path.
#pragma once

#include <optional>
#include <string>
#include <utility>

#include "core/base/bytes.h"
#include "core/base/os.h"
#include "core/base/secret.h"

namespace coffre {

// Owns a descriptor.
class File {
 public:
  File() = default;
  // `path` is what errors name.
  explicit File(int fd, std::string path = {}) : fd_(fd), path_(std::move(path)) {}
  File(File&& other) noexcept : fd_(other.release()), path_(std::move(other.path_)) {}
  File& operator=(File&& other) noexcept;
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  ~File();

  // Adds O_CLOEXEC to `flags`.
  [[nodiscard]] static Result<File> open(const std::string& path, int flags, mode_t mode = 0600);
  [[nodiscard]] int fd() const { return fd_; }
  [[nodiscard]] bool is_open() const { return fd_ >= 0; }
  [[nodiscard]] int release();
  // Reads until `out` is full or the file ends; returns the bytes read.
  [[nodiscard]] Result<std::size_t> read_full(MutableByteView out) const;
  [[nodiscard]] Status write_all(ByteView bytes) const;
  [[nodiscard]] Status sync() const;

 private:
  int fd_ = -1;
  std::string path_;
};

// The error for a failed system call (`error` is a positive errno).
[[nodiscard]] Error os_error(int error, const std::string& path);

// Opens the file at `path`, made when it is missing, and locks it as flock(2) says; nullopt when
// somebody else holds it and `operation` has LOCK_NB. The lock is the kernel's and ends with the
// descriptor, also when the process is killed; each call excludes the others of this process too.
[[nodiscard]] Result<std::optional<File>> lock_file(const std::string& path, int operation);

// The whole file; kLimit when it has more than size_max bytes.
[[nodiscard]] Result<Bytes> read_file(const std::string& path, std::size_t size_max);
// The same into secret memory.
[[nodiscard]] Result<Secret> read_secret_file(const std::string& path, std::size_t size_max);
// Replaces or makes `path` durably, mode 0600. After a failure the old content is there and nothing
// else, except when the very last step failed (fsync of the directory): then the new content is
// there, whole, but may not survive a loss of power.
[[nodiscard]] Status write_durable(const std::string& path, ByteView bytes);
// Makes a directory and its parents (0700 for those made); fine when it is there.
[[nodiscard]] Status make_directories(const std::string& path);
// The path from the root, symbolic links of its directory resolved; the file itself need not be
// there. kNotFound when the directory is not.
[[nodiscard]] Result<std::string> absolute_path(const std::string& path);
[[nodiscard]] std::string parent_directory(const std::string& path);
// What stands behind the last slash; all where there is none.
[[nodiscard]] std::string base_name(const std::string& path);

// A file in the clear that is to appear at `path`: O_TMPFILE in the same directory, and a link at
// the end, so that a crash before commit() leaves nothing. Where the file system has no O_TMPFILE,
// create() fails with kUnsupported rather than leave a named file behind.
class PrivateOutput {
 public:
  // kExists already here when something is there, before anything is written.
  [[nodiscard]] static Result<PrivateOutput> create(const std::string& path);
  [[nodiscard]] Status write(ByteView bytes) { return file_.write_all(bytes); }
  // fsync, link under the name (kExists when something is there), fsync of the directory. After a
  // failure the name is not there. Called once.
  [[nodiscard]] Status commit();

 private:
  PrivateOutput(File file, File directory, std::string path, std::string name)
      : file_(std::move(file)),
        directory_(std::move(directory)),
        path_(std::move(path)),
        name_(std::move(name)) {}
  File file_;
  File directory_;
  std::string path_;
  std::string name_;
};

}  // namespace coffre
