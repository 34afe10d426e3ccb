#include "core/store/file_system.h"

#include <algorithm>
#include <linux/magic.h>
#include <sys/sysmacros.h>

#include "core/base/file.h"
#include "core/base/mounts.h"

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

Result<bool> is_network_fuse(int fd, const std::string& path) {
  struct stat found{};
  if (const int error = os().fstat(fd, &found); error < 0) {
    return std::unexpected(os_error(-error, path));
  }
  COFFRE_TRY_ASSIGN(const Bytes text, read_file("/proc/self/mountinfo", kMountinfoMax));
  const std::string type = mounted_type(as_text(text), major(found.st_dev), minor(found.st_dev));
  return std::ranges::find(kNetworkFuseTypes, type) != kNetworkFuseTypes.end();
}

}  // namespace

std::string mounted_type(std::string_view mountinfo, unsigned major_number, unsigned minor_number) {
  const std::vector<Mount> mounts = parse_mounts(mountinfo);
  const auto found = std::ranges::find_if(mounts, [&](const Mount& mount) {
    return mount.device_major == major_number && mount.device_minor == minor_number;
  });
  return found == mounts.end() ? std::string() : found->type;
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
