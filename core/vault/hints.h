// What error texts advise in more than one place.
#pragma once

#include "core/base/error.h"

namespace coffre {

// For damage that the vault cannot mend by itself.
inline constexpr const char* kRestoreHint =
    N_("restore the newest backup, and tell who looks after the vault");

}  // namespace coffre
