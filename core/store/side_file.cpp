#include "core/store/side_file.h"

#include <algorithm>
#include <cerrno>
#include <fcntl.h>

#include "core/base/file.h"

namespace coffre {
namespace {

constexpr std::size_t kBlock = std::size_t{64} << 10;
// What is left to SQLite to write into again: blocks that it has need not be found anew.
constexpr off_t kKept = off_t{4} << 20;

}  // namespace

Status overwrite_side_file(const std::string& path) {
  auto file = File::open(path, O_RDWR | O_NOFOLLOW | O_NONBLOCK);
  if (!file) {
    if (file.error().code == Code::kNotFound) return {};
    return std::unexpected(std::move(file).error());
  }
  struct stat found{};
  if (const int error = os().fstat(file->fd(), &found); error < 0) {
    return std::unexpected(os_error(-error, path));
  }
  if (!S_ISREG(found.st_mode) || found.st_nlink != 1) {
    return fail(Code::kFailed, N_("the vault's side file is not a file of its own"), path,
                N_("look where it leads, then remove it"));
  }
  const Bytes zeros(kBlock, 0);
  for (off_t offset = 0; offset < found.st_size;) {
    const auto size = std::min(zeros.size(), static_cast<std::size_t>(found.st_size - offset));
    const ssize_t put = os().pwrite(file->fd(), zeros.data(), size, offset);
    if (put <= 0) return std::unexpected(os_error(put < 0 ? static_cast<int>(-put) : EIO, path));
    offset += put;
  }
  COFFRE_TRY(file->sync());
  if (found.st_size <= kKept) return {};
  // After the sync only: blocks that were cut off earlier would keep what they hold.
  if (const int error = os().ftruncate(file->fd(), kKept); error < 0) {
    return std::unexpected(os_error(-error, path));
  }
  return file->sync();
}

}  // namespace coffre
