#include "app/erase_helper/helper.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <fcntl.h>
#include <limits>
#include <linux/capability.h>
#include <linux/fs.h>
#include <linux/magic.h>
#include <linux/openat2.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/vfs.h>
#include <unistd.h>

namespace coffre::erase_helper {
namespace {

// Documentation/filesystems/ext4 (EXT4_IOC_CHECKPOINT, Linux 5.14); no header of the C library has
// it.
constexpr unsigned long kCheckpoint = _IOW('f', 43, std::uint32_t);
constexpr std::uint32_t kZeroOut = 2;

std::unexpected<Refusal> refuse(std::string_view word, int error = 0) {
  return std::unexpected(Refusal{word, error});
}

std::string_view word_of(int error) {
  switch (error) {
    case EPERM:
    case EACCES:
      return "no-rights";
    case ENOTTY:
    case ENODEV:
    case EOPNOTSUPP:
      return "unsupported";
    default:
      return "failed";
  }
}

bool has_parent_component(std::string_view path) {
  while (!path.empty()) {
    const std::string_view part = path.substr(0, path.find('/'));
    if (part == "..") return true;
    path.remove_prefix(std::min(part.size() + 1, path.size()));
  }
  return false;
}

// capset(2) by its number: there is no function for it in the C library.
bool keep_only(std::uint64_t wanted) {
  __user_cap_header_struct header{.version = _LINUX_CAPABILITY_VERSION_3, .pid = 0};
  std::array<__user_cap_data_struct, 2> sets{};
  if (::syscall(SYS_capget, &header, sets.data()) != 0) return false;
  for (std::size_t i = 0; i < sets.size(); ++i) {
    const auto kept = static_cast<std::uint32_t>(wanted >> (32 * i)) & sets.at(i).permitted;
    sets.at(i) = {.effective = kept, .permitted = kept, .inheritable = 0};
  }
  return ::syscall(SYS_capset, &header, sets.data()) == 0;
}

// Only who may change them has something to lose.
bool empty_bounding_set() {
  for (unsigned long capability = 0; ::prctl(PR_CAPBSET_READ, capability, 0, 0, 0) >= 0;
       ++capability) {
    if (::prctl(PR_CAPBSET_DROP, capability, 0, 0, 0) != 0) return errno == EPERM;
  }
  return true;
}

Accepted<std::uint64_t> discard_free_blocks(int directory) {
  fstrim_range range{.start = 0, .len = std::numeric_limits<std::uint64_t>::max(), .minlen = 0};
  if (::ioctl(directory, FITRIM, &range) != 0) return refuse(word_of(errno), errno);
  return range.len;
}

std::string refusal_json(const Refusal& refusal) {
  std::string text = "\"";
  text += refusal.word;
  return text + "\",\"errno\":" + std::to_string(refusal.error);
}

}  // namespace

Accepted<Request> parse(std::span<const char* const> words) {
  Request request;
  for (const std::string_view word : words) {
    if (word == "--discard" && !request.discard && request.path.empty()) {
      request.discard = true;
    } else if (request.path.empty() && !word.empty() && !word.starts_with('-')) {
      request.path = word;
    } else {
      return refuse("usage");
    }
  }
  const bool is_plain = request.path.starts_with('/') && !has_parent_component(request.path);
  if (!request.path.empty() && !is_plain) return refuse("path-not-plain");
  return request;
}

bool drop_rights() {
  constexpr unsigned kFirst = STDERR_FILENO + 1;
  return ::syscall(SYS_close_range, kFirst, ~0U, 0) == 0 && empty_bounding_set() &&
         ::prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0) == 0 &&
         keep_only(std::uint64_t{1} << CAP_SYS_ADMIN) &&
         ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0;
}

Accepted<int> open_directory(const Request& request) {
  if (request.path.empty()) return STDIN_FILENO;
  open_how how{};
  how.flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
  how.resolve = RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS;
  const auto fd =
      static_cast<int>(::syscall(SYS_openat2, AT_FDCWD, request.path.c_str(), &how, sizeof how));
  if (fd >= 0) return fd;
  switch (errno) {
    case ENOENT:
      return refuse("not-found", errno);
    case ENOTDIR:
      return refuse("not-a-directory", errno);
    default:
      return refuse("path-refused", errno);
  }
}

Accepted<Done> act(int directory, bool discard) {
  struct stat found{};
  struct statfs file_system{};
  if (::fstat(directory, &found) != 0) return refuse("failed", errno);
  if (!S_ISDIR(found.st_mode)) return refuse("not-a-directory");
  if (::fstatfs(directory, &file_system) != 0) return refuse("failed", errno);
  if (file_system.f_type != EXT4_SUPER_MAGIC) return refuse("not-ext4");
  std::uint32_t flags = kZeroOut;
  if (::ioctl(directory, kCheckpoint, &flags) != 0) return refuse(word_of(errno), errno);
  Done done{.device = found.st_dev, .discarded = std::nullopt};
  if (discard) done.discarded = discard_free_blocks(directory);
  return done;
}

std::string json_line(const Accepted<Done>& result) {
  if (!result) return "{\"error\":" + refusal_json(result.error()) + "}\n";
  std::string text = "{\"journal\":\"zeroed\",\"device\":\"" +
                     std::to_string(major(result->device)) + ":" +
                     std::to_string(minor(result->device)) + "\"";
  if (const auto& discarded = result->discarded) {
    text += *discarded ? ",\"discarded\":" + std::to_string(**discarded)
                       : ",\"not_discarded\":" + refusal_json(discarded->error());
  }
  return text + "}\n";
}

}  // namespace coffre::erase_helper
