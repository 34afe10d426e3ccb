#include "app/common/process.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/os.h"

namespace coffre {
namespace {

// A vault opened as descriptor 1 would take our text: whatever was closed becomes /dev/null.
bool open_standard_descriptors() {
  for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; ++fd) {
    if (fcntl(fd, F_GETFD) < 0 && open("/dev/null", O_RDWR) != fd) {
      return false;
    }
  }
  return true;
}

}  // namespace

bool start_process() {
  if (!open_standard_descriptors() || harden_process() != 0) {
    return false;
  }
  keep_freed_memory();
  umask(077);
  return true;
}

}  // namespace coffre
