// The media type of a content by its first bytes. It serves people and the viewer's choice of a
// parser; nothing is decided by it, and a file's name never counts.
#pragma once

#include "core/base/bytes.h"

namespace coffre {

inline constexpr std::size_t kMimeBytes = 4096;  // how much of the start is looked at

// PDF, JPEG, PNG, TIFF, WebP, UTF-8 text; otherwise "application/octet-stream". `start` is the
// first kMimeBytes bytes, or all of a shorter content.
[[nodiscard]] const char* mime_of(ByteView start);

}  // namespace coffre
