// Small files of this workstation that end with the SHA-256 of what is before: a change by chance
// is noticed, one on purpose is not.
#pragma once

#include "core/base/bytes.h"
#include "core/base/error.h"

namespace coffre {

[[nodiscard]] Bytes with_sum(Writer writer);
// The bytes in front of the sum; kDamaged when it is not theirs.
[[nodiscard]] Result<ByteView> without_sum(ByteView bytes);

}  // namespace coffre
