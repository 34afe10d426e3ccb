// The screens of the program, in the order of the rail.
#include "app/desktop/screens/dossiers.h"
#include "app/desktop/screens/exports_screen.h"
#include "app/desktop/screens/journal_screen.h"
#include "app/desktop/screens/security_screen.h"
#include "app/desktop/screens/team_screen.h"

namespace coffre::ui {

const std::vector<ScreenMaker>& all_screens() {
  static const std::vector<ScreenMaker> kAll = {
      make_dossiers_screen, make_exports_screen,  make_journal_screen,
      make_team_screen,     make_security_screen,
  };
  return kAll;
}

}  // namespace coffre::ui
