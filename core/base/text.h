// Text of people: UTF-8, normal forms, names, and what may be shown on a terminal.
#pragma once

#include <string>
#include <string_view>

#include "core/base/bytes.h"
#include "core/base/secret.h"

namespace coffre {

[[nodiscard]] bool is_utf8(std::string_view text);
// A to Z to lower case, whatever the locale; all else stays.
[[nodiscard]] constexpr char ascii_lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

// NFC; kInvalidArgument when `text` is not valid UTF-8 or holds U+0000.
[[nodiscard]] Result<std::string> to_nfc(std::string_view text);
// The same for a password: the result and every intermediate buffer are wiped. At most 4,096 bytes.
[[nodiscard]] Result<Secret> password_nfc(ByteView password);
// For comparing and searching names: NFKC, case folded, diacritics removed (é -> e, œ -> oe),
// invisible format characters left out. Invalid UTF-8 becomes U+FFFD.
[[nodiscard]] std::string fold(std::string_view text);

// A name of a user, role or compartment: 1 to 64 characters after NFC, no control or format
// characters, no leading or trailing space. Returns it in NFC. kInvalidArgument.
[[nodiscard]] Result<std::string> checked_name(std::string_view text);
// One line of free text (title, reason, practice): valid UTF-8 of at most size_max bytes, no
// control characters or line separators. Returned as it is. kInvalidArgument.
[[nodiscard]] Result<std::string> checked_line(std::string_view text, std::size_t size_max);

// For terminals and error texts: control characters, invalid UTF-8, bidirectional overrides and
// line breaks become \xNN or \u{NNNN}; everything else stays.
[[nodiscard]] std::string printable(std::string_view text);

}  // namespace coffre
