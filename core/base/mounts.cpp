#include "core/base/mounts.h"

#include <cerrno>
#include <charconv>
#include <linux/magic.h>
#include <optional>

#include "core/base/file.h"

namespace coffre {
namespace {

constexpr std::size_t kMountTextMax = std::size_t{4} << 20;
constexpr std::size_t kDescriptorTextMax = std::size_t{64} << 10;

// The front of `rest` up to `end`; takes it and the separator away.
std::string_view cut(std::string_view& rest, char end) {
  const std::size_t at = rest.find(end);
  const std::string_view front = rest.substr(0, at);
  rest.remove_prefix(at == std::string_view::npos ? rest.size() : at + 1);
  return front;
}

template <typename Number>
bool read_number(std::string_view text, Number& out) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  return error == std::errc() && end == text.data() + text.size();
}

// A space, tab, line feed or backslash stands as \ooo.
std::string unescaped(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    unsigned code = 0;
    const std::string_view digits = text.substr(1, 3);
    const auto [end, error] =
        std::from_chars(digits.data(), digits.data() + digits.size(), code, 8);
    const bool is_escape = text.front() == '\\' && digits.size() == 3 && error == std::errc() &&
                           end == digits.data() + 3 && code < 256;
    out += is_escape ? static_cast<char>(code) : text.front();
    text.remove_prefix(is_escape ? 4 : 1);
  }
  return out;
}

bool leads_through(std::string_view path, std::string_view point) {
  return path.starts_with(point) &&
         (point.ends_with('/') || path.size() == point.size() || path[point.size()] == '/');
}

std::optional<Mount> parse_mount(std::string_view line) {
  Mount mount;
  if (!read_number(cut(line, ' '), mount.id)) return std::nullopt;
  (void)cut(line, ' ');  // the parent's id
  std::string_view device = cut(line, ' ');
  if (!read_number(cut(device, ':'), mount.device_major)) return std::nullopt;
  if (!read_number(device, mount.device_minor)) return std::nullopt;
  (void)cut(line, ' ');  // the root within the file system
  mount.point = unescaped(cut(line, ' '));
  mount.options = cut(line, ' ');
  // Any number of optional fields ends with a lone "-".
  while (!line.empty() && cut(line, ' ') != "-") {
  }
  mount.type = cut(line, ' ');
  if (mount.type.empty()) return std::nullopt;
  (void)cut(line, ' ');  // the source
  mount.super_options = cut(line, ' ');
  return mount;
}

}  // namespace

std::vector<Mount> parse_mounts(std::string_view mountinfo) {
  std::vector<Mount> mounts;
  while (!mountinfo.empty()) {
    if (auto mount = parse_mount(cut(mountinfo, '\n'))) mounts.push_back(*std::move(mount));
  }
  return mounts;
}

const Mount* mount_at(const std::vector<Mount>& mounts, std::string_view path) {
  const Mount* best = nullptr;
  for (const Mount& mount : mounts) {
    const bool is_better = best == nullptr || mount.point.size() >= best->point.size();
    if (is_better && !mount.point.empty() && leads_through(path, mount.point)) best = &mount;
  }
  return best;
}

Result<std::vector<Mount>> read_mounts() {
  COFFRE_TRY_ASSIGN(const Bytes text, read_file("/proc/self/mountinfo", kMountTextMax));
  return parse_mounts(as_text(text));
}

Result<std::uint64_t> mount_id_of(int fd, const std::string& on) {
  std::uint64_t id = 0;
  const int error = os().mount_id(fd, &id);
  if (error == 0) return id;
  if (error != -ENOSYS && error != -EINVAL) return std::unexpected(os_error(-error, on));
  COFFRE_TRY_ASSIGN(const Bytes text,
                    read_file("/proc/self/fdinfo/" + std::to_string(fd), kDescriptorTextMax));
  std::string_view rest = as_text(text);
  constexpr std::string_view kName = "mnt_id:";
  while (!rest.empty()) {
    std::string_view line = cut(rest, '\n');
    if (!line.starts_with(kName)) continue;
    line.remove_prefix(kName.size());
    line.remove_prefix(std::min(line.find_first_not_of(" \t"), line.size()));
    if (read_number(line, id)) return id;
  }
  return fail(Code::kFailed, N_("the system does not say where the file is mounted"), on);
}

bool has_option(std::string_view options, std::string_view wanted) {
  while (!options.empty()) {
    if (cut(options, ',') == wanted) return true;
  }
  return false;
}

bool has_lasting_inodes(int fd) {
  struct statfs found{};
  return os().fstatfs(fd, &found) == 0 && found.f_type != MSDOS_SUPER_MAGIC &&
         found.f_type != EXFAT_SUPER_MAGIC;
}

bool is_in_memory(int fd) {
  struct statfs found{};
  return os().fstatfs(fd, &found) == 0 &&
         (found.f_type == TMPFS_MAGIC || found.f_type == RAMFS_MAGIC);
}

}  // namespace coffre
