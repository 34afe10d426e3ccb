// coffrectl: the vault on the command line. docs: assets/man/coffrectl.1.
#include <cstdio>
#include <fcntl.h>
#include <new>
#include <sys/stat.h>
#include <unistd.h>

#include "app/cli/exit_code.h"
#include "app/cli/run.h"
#include "app/cli/signals.h"
#include "app/common/i18n.h"
#include "core/base/os.h"

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

int main(int count, char** words) {
  using coffre::cli::Exit;
  if (!open_standard_descriptors() || coffre::harden_process() != 0) {
    return coffre::cli::status_of(Exit::kFailed);
  }
  coffre::keep_freed_memory();
  umask(077);
  coffre::start_language();
  coffre::cli::start_signals();
  try {
    return coffre::cli::run({words + (count > 0 ? 1 : 0), words + count});
  } catch (const std::bad_alloc&) {
    std::fputs("coffrectl: ", stderr);
    std::fputs(coffre::tr(N_("memory was refused")), stderr);
    std::fputs("\n", stderr);
    return coffre::cli::status_of(Exit::kFailed);
  }
}
