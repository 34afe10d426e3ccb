// The media type of a content by its first bytes. It serves people and the viewer's choice of a
// parser; nothing is decided by it, and a file's name never counts.
#pragma once

#include <string>

#include "core/base/bytes.h"

namespace coffre {

inline constexpr std::size_t kMimeBytes = 4096;  // how much of the start is looked at

// PDF, JPEG, PNG, TIFF, WebP, UTF-8 text; otherwise "application/octet-stream". `start` is the
// first kMimeBytes bytes, or all of a shorter content.
[[nodiscard]] const char* mime_of(ByteView start);

// "document-2026-11-25.pdf": says nothing about whose it is. `day` is YYYY-MM-DD.
[[nodiscard]] std::string neutral_name(std::string_view mime, std::string_view day);

}  // namespace coffre
