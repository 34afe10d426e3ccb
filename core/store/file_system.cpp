#include "core/store/file_system.h"

#include <algorithm>
#include <linux/magic.h>
#include <sys/sysmacros.h>

#include "core/base/file.h"

namespace coffre {
namespace {

constexpr std::size_t kMountinfoMax = std::size_t{4} << 20;

// f_type of statfs(2); those that <linux/magic.h> does not name are from their own sources.
constexpr auto kNetworkTypes = std::to_array<std::uint32_t>({
    NFS_SUPER_MAGIC, SMB_SUPER_MAGIC, CIFS_SUPER_MAGIC, SMB2_SUPER_MAGIC, AFS_SUPER_MAGIC,
    AFS_FS_MAGIC, CEPH_SUPER_MAGIC, CODA_SUPER_MAGIC, NCP_SUPER_MAGIC, V9FS_MAGIC,
    0x0bd0'0bd0,  // Lustre
    0x786f'4256,  // VirtualBox shared folders
});

constexpr auto kNetworkFuseTypes = std::to_array<std::string_view>({
    "fuse.sshfs",
    "fuse.rclone",
    "fuse.glusterfs",
    "fuse.curlftpfs",
    "fuse.s3fs",
    "fuse.gcsfuse",
    "fuse.goofys",
    "fuse.davfs",
    "fuse.davfs2",
    "fuse.ceph",
    "fuse.ceph-fuse",
    "fuse.gvfsd-fuse",
    "fuse.smbnetfs",
    "fuse.kio-fuse",
    "fuse.mount.s3",
    "fuse.moosefs",
    "fuse.juicefs",
    "fuse.seaweedfs",
    "fuse.google-drive-ocamlfuse",
    "fuse.onedriver",
    "fuse.nfs",
    "fuse.afp",
});

// The front of `rest` up to a space; takes it and the space away.
std::string_view next_word(std::string_view& rest) {
  const std::size_t end = rest.find(' ');
  const std::string_view word = rest.substr(0, end);
  rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
  return word;
}

Result<bool> is_network_fuse(int fd, const std::string& path) {
  struct stat found{};
  if (const int error = os().fstat(fd, &found); error < 0) {
    return std::unexpected(os_error(-error, path));
  }
  COFFRE_TRY_ASSIGN(const Bytes text, read_file("/proc/self/mountinfo", kMountinfoMax));
  const std::string_view type =
      mounted_type(as_text(text), major(found.st_dev), minor(found.st_dev));
  return std::ranges::find(kNetworkFuseTypes, type) != kNetworkFuseTypes.end();
}

}  // namespace

std::string_view mounted_type(std::string_view mountinfo, unsigned major_number,
                              unsigned minor_number) {
  const std::string wanted = std::to_string(major_number) + ":" + std::to_string(minor_number);
  while (!mountinfo.empty()) {
    const std::size_t end = mountinfo.find('\n');
    std::string_view line = mountinfo.substr(0, end);
    mountinfo.remove_prefix(end == std::string_view::npos ? mountinfo.size() : end + 1);
    (void)next_word(line);  // mount id
    (void)next_word(line);  // parent's
    if (next_word(line) != wanted) continue;
    // Optional fields end with a lone "-"; the type follows. A space in a path is written \040.
    while (!line.empty() && next_word(line) != "-") {
    }
    return next_word(line);
  }
  return {};
}

Status refuse_network_file_system(int fd, const std::string& path) {
  struct statfs found{};
  if (const int error = os().fstatfs(fd, &found); error < 0) {
    return std::unexpected(os_error(-error, path));
  }
  const auto type = static_cast<std::uint32_t>(found.f_type);
  bool network = std::ranges::find(kNetworkTypes, type) != kNetworkTypes.end();
  if (type == FUSE_SUPER_MAGIC) {
    COFFRE_TRY_ASSIGN(network, is_network_fuse(fd, path));
  }
  if (!network) return {};
  return fail(Code::kUnsupported, N_("the vault lies on a network file system"), path,
              N_("two workstations could damage it there: move it to a local disk"));
}

}  // namespace coffre
