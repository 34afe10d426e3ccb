#include "core/base/text.h"

#include <array>
#include <cstdio>
#include <optional>

#include <utf8proc.h>

namespace coffre {
namespace {

using CodePoint = utf8proc_int32_t;

constexpr std::size_t kPasswordSizeMax = 4096;
constexpr std::size_t kNameCharactersMax = 64;
// Far above every text that is normalized; keeps all sizes far from overflow.
constexpr std::size_t kTextSizeMax = std::size_t{64} << 20;
constexpr auto kStable = static_cast<utf8proc_option_t>(UTF8PROC_STABLE);
constexpr auto kNfc = static_cast<utf8proc_option_t>(kStable | UTF8PROC_COMPOSE);
constexpr auto kFold =
    static_cast<utf8proc_option_t>(kStable | UTF8PROC_COMPOSE | UTF8PROC_COMPAT |
                                   UTF8PROC_CASEFOLD | UTF8PROC_STRIPMARK | UTF8PROC_IGNORE);

const utf8proc_uint8_t* utf8(std::string_view text) {
  return reinterpret_cast<const utf8proc_uint8_t*>(text.data());
}

bool is_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

// The code point at the front and its size in bytes; nothing for invalid UTF-8.
struct Decoded {
  CodePoint point = 0;
  std::size_t size = 0;
};
std::optional<Decoded> decode(std::string_view text) {
  Decoded decoded;
  const auto size =
      utf8proc_iterate(utf8(text), static_cast<utf8proc_ssize_t>(text.size()), &decoded.point);
  if (size <= 0) return std::nullopt;
  decoded.size = static_cast<std::size_t>(size);
  return decoded;
}

void append_utf8(std::string& out, CodePoint point) {
  std::array<utf8proc_uint8_t, 4> bytes{};
  const auto size = utf8proc_encode_char(point, bytes.data());
  out.append(reinterpret_cast<const char*>(bytes.data()), static_cast<std::size_t>(size));
}

// Code points that the decomposition has, 0 when the text is not valid UTF-8.
std::size_t decomposed_count(std::string_view text, utf8proc_option_t options) {
  const auto count = utf8proc_decompose(utf8(text), static_cast<utf8proc_ssize_t>(text.size()),
                                        nullptr, 0, options);
  return count <= 0 ? 0 : static_cast<std::size_t>(count);
}

// Decomposes into `points` (of decomposed_count() entries and one more, for the terminator that
// utf8proc adds), composes in place; returns the count after that, which is never larger.
std::size_t normalize(std::string_view text, std::span<CodePoint> points,
                      utf8proc_option_t options) {
  const auto room = static_cast<utf8proc_ssize_t>(points.size() - 1);
  const auto count = utf8proc_decompose(utf8(text), static_cast<utf8proc_ssize_t>(text.size()),
                                        points.data(), room, options);
  COFFRE_ASSERT(count >= 0 && count <= room);
  const auto composed = utf8proc_normalize_utf32(points.data(), count, options);
  COFFRE_ASSERT(composed >= 0 && composed <= count);
  return static_cast<std::size_t>(composed);
}

std::unexpected<Error> not_text() {
  return fail(Code::kInvalidArgument, N_("the text is not valid UTF-8"));
}

bool has_nul(std::string_view text) { return text.find('\0') != std::string_view::npos; }

// Letters with a stroke or joined, which Unicode does not decompose.
std::string_view folded_letter(CodePoint point) {
  switch (point) {
    case 0x0153:
      return "oe";
    case 0x00e6:
      return "ae";
    case 0x00df:
      return "ss";
    case 0x00f8:
      return "o";
    case 0x0142:
      return "l";
    case 0x0111:
      return "d";
    default:
      return {};
  }
}

std::string valid_utf8(std::string_view text) {
  std::string valid;
  while (!text.empty()) {
    const auto decoded = decode(text);
    append_utf8(valid, decoded ? decoded->point : CodePoint{0xfffd});
    text.remove_prefix(decoded ? decoded->size : 1);
  }
  return valid;
}

bool is_control_or_break(CodePoint point) {
  switch (utf8proc_category(point)) {
    case UTF8PROC_CATEGORY_CC:
    case UTF8PROC_CATEGORY_ZL:
    case UTF8PROC_CATEGORY_ZP:
      return true;
    default:
      return false;
  }
}

bool is_bidirectional_control(CodePoint point) {
  return point == 0x061c || point == 0x200e || point == 0x200f ||
         (point >= 0x202a && point <= 0x202e) || (point >= 0x2066 && point <= 0x2069);
}

bool is_space(CodePoint point) { return utf8proc_category(point) == UTF8PROC_CATEGORY_ZS; }

std::unexpected<Error> not_a_name() {
  return fail(Code::kInvalidArgument, N_("this name is not allowed"), {},
              N_("use 1 to 64 visible characters, without a space at the start or the end"));
}

}  // namespace

bool is_utf8(std::string_view text) {
  while (!text.empty()) {
    const auto decoded = decode(text);
    if (!decoded) return false;
    text.remove_prefix(decoded->size);
  }
  return true;
}

Result<std::string> to_nfc(std::string_view text) {
  if (has_nul(text)) return not_text();
  if (is_ascii(text)) return std::string(text);
  if (text.size() > kTextSizeMax) return fail(Code::kInvalidArgument, N_("the text is too long"));
  const std::size_t count = decomposed_count(text, kNfc);
  if (count == 0) return not_text();
  std::vector<CodePoint> points(count + 1);
  const std::size_t composed = normalize(text, points, kNfc);
  std::string result;
  result.reserve(text.size());
  for (std::size_t i = 0; i < composed; ++i) append_utf8(result, points[i]);
  return result;
}

Result<Secret> password_nfc(ByteView password) {
  if (password.size() > kPasswordSizeMax) {
    return fail(Code::kInvalidArgument, N_("the password is too long"), {},
                N_("use at most 4096 bytes"));
  }
  const std::string_view text = as_text(password);
  if (text.empty()) return Secret();
  if (has_nul(text)) return fail(Code::kInvalidArgument, N_("the password is not valid UTF-8"));
  const std::size_t count = decomposed_count(text, kNfc);
  if (count == 0) return fail(Code::kInvalidArgument, N_("the password is not valid UTF-8"));
  COFFRE_TRY_ASSIGN(Secret memory, Secret::create((count + 1) * sizeof(CodePoint)));
  // A slot or page is aligned for every type.
  const std::span<CodePoint> points(reinterpret_cast<CodePoint*>(memory.expose().data()),
                                    count + 1);
  const std::size_t composed = normalize(text, points, kNfc);
  const auto size = utf8proc_reencode(points.data(), static_cast<utf8proc_ssize_t>(composed), kNfc);
  COFFRE_ASSERT(size > 0);
  return Secret::copy_of(memory.expose().first(static_cast<std::size_t>(size)));
}

std::string fold(std::string_view text) {
  std::string valid;
  if (!is_utf8(text)) {
    valid = valid_utf8(text);
    text = valid;
  }
  const std::size_t count = decomposed_count(text, kFold);
  if (count == 0) return {};
  std::vector<CodePoint> points(count + 1);
  const std::size_t composed = normalize(text, points, kFold);
  std::string result;
  result.reserve(text.size());
  for (std::size_t i = 0; i < composed; ++i) {
    const std::string_view letter = folded_letter(points[i]);
    if (letter.empty()) {
      append_utf8(result, points[i]);
    } else {
      result += letter;
    }
  }
  return result;
}

Result<std::string> checked_name(std::string_view text) {
  // No normal form makes 64 characters of more bytes than this; nothing larger is looked at.
  if (text.empty() || text.size() > kNameCharactersMax * 4 * 4) return not_a_name();
  auto nfc = to_nfc(text);
  if (!nfc) return not_a_name();
  std::string_view rest = *nfc;
  std::size_t characters = 0;
  bool space = false;
  while (!rest.empty()) {
    const auto decoded = decode(rest);
    if (!decoded || is_control_or_break(decoded->point) ||
        utf8proc_category(decoded->point) == UTF8PROC_CATEGORY_CF) {
      return not_a_name();
    }
    space = is_space(decoded->point);
    if (characters == 0 && space) return not_a_name();
    rest.remove_prefix(decoded->size);
    ++characters;
  }
  if (space || characters > kNameCharactersMax) return not_a_name();
  return nfc;
}

Result<std::string> checked_line(std::string_view text, std::size_t size_max) {
  if (text.size() > size_max) return fail(Code::kInvalidArgument, N_("the text is too long"));
  std::string_view rest = text;
  while (!rest.empty()) {
    const auto decoded = decode(rest);
    if (!decoded) return not_text();
    if (is_control_or_break(decoded->point)) {
      return fail(Code::kInvalidArgument, N_("the text has a line break or a control character"),
                  {}, N_("write it on one line"));
    }
    rest.remove_prefix(decoded->size);
  }
  return std::string(text);
}

std::string printable(std::string_view text) {
  std::string shown;
  shown.reserve(text.size());
  std::array<char, 16> escape{};
  while (!text.empty()) {
    const auto decoded = decode(text);
    const std::size_t size = decoded ? decoded->size : 1;
    if (!decoded || (decoded->point < 0x80 && is_control_or_break(decoded->point))) {
      std::snprintf(escape.data(), escape.size(), "\\x%02x",
                    unsigned{static_cast<unsigned char>(text.front())});
      shown += escape.data();
    } else if (is_control_or_break(decoded->point) || is_bidirectional_control(decoded->point)) {
      std::snprintf(escape.data(), escape.size(), "\\u{%04x}",
                    static_cast<unsigned>(decoded->point));
      shown += escape.data();
    } else {
      shown += text.substr(0, size);
    }
    text.remove_prefix(size);
  }
  return shown;
}

}  // namespace coffre
