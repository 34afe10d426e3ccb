// file:// URIs, in which desktops hand out what was chosen or dropped (RFC 8089, RFC 3986).
//
// Guarantees: what is accepted is one absolute path of this computer without "." and "..", whose
// names are the URI's bytes, valid UTF-8 or not. Refused: other schemes, other computers, a query
// or fragment, an escape that is none, an escaped slash or U+0000, raw control characters.
// Not covered: whether the file is there, and links on its way. Threads: no shared state.
#pragma once

#include <string>
#include <string_view>

#include "core/base/error.h"

namespace coffre::desktop {

inline constexpr std::size_t kPathSizeMax = 4095;

// The path. kUnsupported when the URI names another computer or is no file's; kInvalidArgument when
// it is malformed or tries to mislead; kLimit above kPathSizeMax. `on` is the URI, printable and
// cut.
[[nodiscard]] Result<std::string> path_of_file_uri(std::string_view uri);

}  // namespace coffre::desktop
