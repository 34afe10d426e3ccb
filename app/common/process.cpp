#include "app/common/process.h"

#include <csignal>
#include <fcntl.h>
#include <string>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/common/i18n.h"
#include "core/base/os.h"
#include "core/base/secret.h"

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

void forbid_file_writes() {
  ::signal(SIGXFSZ, SIG_IGN);
  constexpr rlimit kNothing{.rlim_cur = 0, .rlim_max = 0};
  static_cast<void>(::setrlimit(RLIMIT_FSIZE, &kNothing));  // less is never refused
}

void end_stuck_process() {
  forbid_file_writes();
  // The system frees the memory of a process only when all its calls have come back: the one that
  // hangs would keep the keys until then.
  wipe_secrets();
  constexpr int kBusy = 8;
  const std::string text =
      std::string("coffre: ") +
      tr(N_("a drive or server does not answer; the program ends, so that the keys go")) + "\n";
  static_cast<void>(!write(STDERR_FILENO, text.data(), text.size()));
  _exit(kBusy);
}

}  // namespace coffre
