#include "app/common/state_directory.h"

#include <array>
#include <limits.h>
#include <stdlib.h>
#include <unistd.h>

#include "core/base/text.h"

namespace coffre {

Result<std::string> state_directory_of(const char* coffre_state_dir, const char* xdg_state_home,
                                       const char* home) {
  if (coffre_state_dir != nullptr && *coffre_state_dir != '\0') {
    return std::string(coffre_state_dir);
  }
  if (xdg_state_home != nullptr && *xdg_state_home == '/') {
    return std::string(xdg_state_home) + "/coffre";
  }
  if (home != nullptr && *home == '/') {
    return std::string(home) + "/.local/state/coffre";
  }
  return fail(Code::kInvalidArgument, N_("there is no folder for this workstation's memory"), {},
              N_("set COFFRE_STATE_DIR"));
}

Result<std::string> state_directory() {
  return state_directory_of(getenv("COFFRE_STATE_DIR"), getenv("XDG_STATE_HOME"), getenv("HOME"));
}

std::string workstation_name() {
  std::array<char, HOST_NAME_MAX + 1> name{};
  if (gethostname(name.data(), name.size() - 1) == 0) {
    if (auto checked = checked_name(name.data())) {
      return *std::move(checked);
    }
  }
  return "workstation";
}

}  // namespace coffre
