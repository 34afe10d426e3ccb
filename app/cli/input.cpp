#include "app/cli/input.h"

#include <algorithm>
#include <cerrno>
#include <poll.h>

#include "core/base/file.h"

namespace coffre::cli {
namespace {

constexpr std::size_t kPasswordLineMax = 4096;
constexpr std::size_t kBlock = 4096;
constexpr int kLookMs = 250;

std::string fd_name(int fd) { return "fd " + std::to_string(fd); }

}  // namespace

Result<Secret> read_password_line(int fd) {
  COFFRE_TRY_ASSIGN(Secret line, Secret::create(kPasswordLineMax + 2));
  const MutableByteView bytes = line.expose();
  std::size_t size = 0;
  bool ended = false;
  while (size < bytes.size()) {
    const ssize_t got = os().read(fd, &bytes[size], 1);
    if (got < 0) {
      return fail(Code::kInvalidArgument, N_("the password cannot be read"), fd_name(fd),
                  N_("open this descriptor for reading when you call the program"));
    }
    if (got == 0 || bytes[size] == '\n') {
      ended = true;
      if (got == 0 && size == 0) {
        return fail(Code::kInvalidArgument, N_("the password is missing"), fd_name(fd),
                    N_("write it as one line"));
      }
      break;
    }
    ++size;
  }
  if (ended && size > 0 && bytes[size - 1] == '\r') {
    --size;
  }
  if (!ended || size > kPasswordLineMax) {
    return fail(Code::kLimit, N_("the password is too long"), fd_name(fd));
  }
  if (size == 0) {
    return fail(Code::kInvalidArgument, N_("the password is empty"), fd_name(fd),
                N_("write it as one line"));
  }
  return Secret::copy_of(line.expose().first(size));
}

Result<bool> LineInput::fill(const std::function<bool()>& stop) {
  pollfd waiting{fd_, POLLIN, 0};
  for (;;) {
    if (stop()) {
      return false;
    }
    const int ready = poll(&waiting, 1, kLookMs);
    if (ready < 0 && errno != EINTR) {
      return std::unexpected(os_error(errno, fd_name(fd_)));
    }
    if (ready > 0) {
      break;
    }
  }
  if (start_ > 0) {
    buffer_.erase(buffer_.begin(), buffer_.begin() + static_cast<std::ptrdiff_t>(start_));
    start_ = 0;
  }
  const std::size_t size = buffer_.size();
  buffer_.resize(size + kBlock);
  const ssize_t got = os().read(fd_, buffer_.data() + size, kBlock);
  buffer_.resize(size + static_cast<std::size_t>(std::max<ssize_t>(got, 0)));
  if (got < 0) {
    return std::unexpected(os_error(static_cast<int>(-got), fd_name(fd_)));
  }
  ended_ = got == 0;
  return !ended_;
}

Result<std::optional<WipedBytes>> LineInput::next(const std::function<bool()>& stop) {
  bool too_long = false;
  std::size_t looked = 0;
  for (;;) {
    const auto from = buffer_.begin() + static_cast<std::ptrdiff_t>(start_);
    const auto end = std::find(from + static_cast<std::ptrdiff_t>(looked), buffer_.end(), '\n');
    const bool complete = end != buffer_.end();
    const auto size = static_cast<std::size_t>(end - from);
    if (complete || (ended_ && (size > 0 || too_long))) {
      WipedBytes line(from, end);
      start_ += size + (complete ? 1 : 0);
      if (too_long || line.size() > kBatchLineMax) {
        return fail(Code::kLimit, N_("the line is too long"), {}, N_("a line has at most 64 KiB"));
      }
      return line;
    }
    if (ended_) {
      return std::nullopt;
    }
    if (size > kBatchLineMax) {  // keeps nothing of a line that is refused anyway
      too_long = true;
      start_ = buffer_.size();
      looked = 0;
    } else {
      looked = size;
    }
    COFFRE_TRY_ASSIGN(const bool more, fill(stop));
    if (!more && !ended_) {
      return std::nullopt;
    }
  }
}

}  // namespace coffre::cli
