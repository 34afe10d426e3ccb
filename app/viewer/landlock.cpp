#include "app/viewer/landlock.h"

#include <array>
#include <cerrno>
#include <cstdint>
#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "app/viewer/no_sandbox.h"
#include "core/base/file.h"

namespace coffre::viewer {
namespace {

// What a page may need that the document does not bring along. What is not there is left out.
constexpr std::array<const char*, 8> kReadable = {
    "/usr/share/fonts",       "/usr/local/share/fonts",    "/etc/fonts",
    "/usr/share/fontconfig",  "/var/cache/fontconfig",     "/usr/share/poppler",
    "/usr/share/ghostscript", "/var/lib/ghostscript/fonts"};

// The kernel's structures and bits: Documentation/userspace-api/landlock.rst.
struct RulesetAttributes {
  std::uint64_t handled_access_fs = 0;
  std::uint64_t handled_access_net = 0;  // version 4
  std::uint64_t scoped = 0;              // version 6
};
struct [[gnu::packed]] PathBeneathAttributes {
  std::uint64_t allowed_access = 0;
  std::int32_t parent_fd = -1;
};
static_assert(sizeof(PathBeneathAttributes) == 12);
constexpr std::uint32_t kVersionFlag = 1;
constexpr int kRulePathBeneath = 1;
constexpr std::uint64_t kReadFile = 1U << 2U;
constexpr std::uint64_t kReadDirectory = 1U << 3U;
constexpr std::uint64_t kFilesVersion1 = (1U << 13U) - 1;
constexpr std::uint64_t kRefer = 1U << 13U;
constexpr std::uint64_t kTruncate = 1U << 14U;
constexpr std::uint64_t kIoctl = 1U << 15U;
constexpr std::uint64_t kTcp = 3;
constexpr std::uint64_t kScopes = 3;

RulesetAttributes attributes(int version) {
  RulesetAttributes made;
  made.handled_access_fs = kFilesVersion1;
  if (version >= 2) made.handled_access_fs |= kRefer;
  if (version >= 3) made.handled_access_fs |= kTruncate;
  if (version >= 4) made.handled_access_net = kTcp;
  if (version >= 5) made.handled_access_fs |= kIoctl;
  if (version >= 6) made.scoped = kScopes;
  return made;
}

// An older kernel knows a shorter structure.
std::size_t attributes_size(int version) {
  if (version >= 6) return 3 * sizeof(std::uint64_t);
  return version >= 4 ? 2 * sizeof(std::uint64_t) : sizeof(std::uint64_t);
}

bool allow_reading(int ruleset, const char* path) {
  const File place(::open(path, O_PATH | O_CLOEXEC));
  if (!place.is_open()) return errno == ENOENT;
  const PathBeneathAttributes rule{.allowed_access = kReadFile | kReadDirectory,
                                   .parent_fd = place.fd()};
  return ::syscall(SYS_landlock_add_rule, ruleset, kRulePathBeneath, &rule, 0) == 0;
}

}  // namespace

int landlock_version() {
  const long version = ::syscall(SYS_landlock_create_ruleset, nullptr, 0, kVersionFlag);
  return version > 0 ? static_cast<int>(version) : 0;
}

Status restrict_files(int version) {
  const RulesetAttributes made = attributes(version);
  const File ruleset(
      static_cast<int>(::syscall(SYS_landlock_create_ruleset, &made, attributes_size(version), 0)));
  if (!ruleset.is_open()) return no_sandbox();
  for (const char* const path : kReadable) {
    if (!allow_reading(ruleset.fd(), path)) return no_sandbox();
  }
  if (::syscall(SYS_landlock_restrict_self, ruleset.fd(), 0) != 0) return no_sandbox();
  return {};
}

}  // namespace coffre::viewer
