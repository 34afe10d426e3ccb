// coffrectl: the vault on the command line. docs: assets/man/coffrectl.1.
#include <cstdio>
#include <new>

#include "app/cli/exit_code.h"
#include "app/cli/run.h"
#include "app/cli/signals.h"
#include "app/common/i18n.h"
#include "app/common/process.h"

int main(int count, char** words) {
  using coffre::cli::Exit;
  if (!coffre::start_process()) {
    return coffre::cli::status_of(Exit::kFailed);
  }
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
