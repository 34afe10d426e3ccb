#include "app/viewer/sandbox.h"

#include <algorithm>
#include <sys/prctl.h>
#include <sys/resource.h>

#include "app/viewer/landlock.h"
#include "app/viewer/no_sandbox.h"
#include "app/viewer/sanitized.h"
#include "app/viewer/system_calls.h"

namespace coffre::viewer {
namespace {

bool limit(__rlimit_resource resource, rlim_t most) {
  rlimit now{};
  if (::getrlimit(resource, &now) != 0) return false;
  // A lower limit that is there already stays.
  const rlim_t value = std::min(most, now.rlim_max);
  const rlimit wanted{.rlim_cur = value, .rlim_max = value};
  return ::setrlimit(resource, &wanted) == 0;
}

bool lay_down_limits() {
  constexpr rlim_t kFiles = 128;  // Fontconfig and FreeType keep some open
  if (!kSanitized && (!limit(RLIMIT_AS, kMemoryMax) || !limit(RLIMIT_DATA, kMemoryMax))) {
    return false;
  }
  return limit(RLIMIT_CPU, kCpuSeconds) && limit(RLIMIT_NOFILE, kFiles) && limit(RLIMIT_NPROC, 0) &&
         limit(RLIMIT_CORE, 0) && limit(RLIMIT_FSIZE, 0) && limit(RLIMIT_MEMLOCK, 0) &&
         limit(RLIMIT_MSGQUEUE, 0);
}

}  // namespace

Result<int> enter_sandbox(int landlock_max, void (*before_the_last_door)()) {
  if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 || ::prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0 ||
      !lay_down_limits()) {
    return no_sandbox();
  }
  const int version = std::clamp(std::min(landlock_max, landlock_version()), 0, kLandlockNewest);
  if (version > 0) {
    COFFRE_TRY(restrict_files(version));
    COFFRE_TRY(allow_system_calls(Opening::kReadOnly));
    return version;
  }
  COFFRE_TRY(allow_system_calls(Opening::kReadOnlyUntilClosed));
  before_the_last_door();
  COFFRE_TRY(close_last_door());
  return version;
}

}  // namespace coffre::viewer
