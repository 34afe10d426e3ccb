// Whether a file lies on a file system that several machines share.
//
// There, locks and the order of writes are promises of a server that SQLite cannot check: a vault
// on it could be damaged by two workstations. Known are NFS, SMB, CIFS, AFS, Ceph, Coda, NCP, 9P,
// Lustre, VirtualBox folders, and those FUSE file systems that are known to be remote. Not covered:
// remote FUSE file systems of unknown names, and network block devices mounted twice.
#pragma once

#include <string>
#include <string_view>

#include "core/base/bytes.h"

namespace coffre {

// kUnsupported, with the path, when the open file `fd` lies on a network file system.
[[nodiscard]] Status refuse_network_file_system(int fd, const std::string& path);

// The type of the file system mounted from device major:minor, in the text of
// /proc/self/mountinfo (proc(5)); empty when it is not listed.
[[nodiscard]] std::string mounted_type(std::string_view mountinfo, unsigned major_number,
                                       unsigned minor_number);

}  // namespace coffre
