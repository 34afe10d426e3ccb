// coffre: the vault in a window. docs: assets/man/coffre.1.
#include <cstdio>
#include <new>

#include "app/common/i18n.h"
#include "app/common/process.h"
#include "app/desktop/ui_shell/program.h"
#include "core/base/error.h"

int main(int count, char** words) {
  constexpr int kFailed = 1;
  if (!coffre::start_process()) {
    return kFailed;
  }
  coffre::start_language();
  try {
    return coffre::ui::run_program({words + (count > 0 ? 1 : 0), words + count}, nullptr);
  } catch (const std::bad_alloc&) {
    std::fputs("coffre: ", stderr);
    std::fputs(coffre::tr(N_("memory was refused")), stderr);
    std::fputs("\n", stderr);
    return kFailed;
  }
}
