#include "core/base/bytes.h"

#include <bit>
#include <limits>

#include "core/base/text.h"

namespace coffre {
namespace {

constexpr std::string_view kHexDigits = "0123456789abcdef";
constexpr std::string_view kBase64Digits =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

int hex_value(char digit) {
  if (digit >= '0' && digit <= '9') return digit - '0';
  if (digit >= 'a' && digit <= 'f') return digit - 'a' + 10;
  return -1;
}

int base64_value(char digit) {
  if (digit >= 'A' && digit <= 'Z') return digit - 'A';
  if (digit >= 'a' && digit <= 'z') return digit - 'a' + 26;
  if (digit >= '0' && digit <= '9') return digit - '0' + 52;
  if (digit == '+') return 62;
  if (digit == '/') return 63;
  return -1;
}

std::unexpected<Error> not_base64() {
  return fail(Code::kInvalidArgument, N_("the text is not valid base64"));
}

template <typename Integer>
Integer big_endian(ByteView bytes) {
  std::uint64_t value = 0;
  for (const Byte byte : bytes) value = (value << 8) | byte;
  return static_cast<Integer>(value);
}

template <typename Integer>
void append_big_endian(Bytes& out, Integer value) {
  const std::uint64_t wide = value;
  for (std::size_t i = sizeof(Integer); i-- > 0;) {
    out.push_back(static_cast<Byte>((wide >> (8 * i)) & 0xff));
  }
}

}  // namespace

std::string to_hex(ByteView bytes) {
  std::string text;
  text.reserve(bytes.size() * 2);
  for (const Byte byte : bytes) {
    text.push_back(kHexDigits[byte >> 4]);
    text.push_back(kHexDigits[byte & 15]);
  }
  return text;
}

Result<Bytes> from_hex(std::string_view text) {
  if (text.size() % 2 != 0) {
    return fail(Code::kInvalidArgument, N_("hexadecimal text has an odd length"));
  }
  Bytes bytes;
  bytes.reserve(text.size() / 2);
  for (std::size_t i = 0; i < text.size(); i += 2) {
    const int high = hex_value(text[i]);
    const int low = hex_value(text[i + 1]);
    if (high < 0 || low < 0) {
      return fail(Code::kInvalidArgument, N_("the text is not lowercase hexadecimal"));
    }
    bytes.push_back(static_cast<Byte>(high * 16 + low));
  }
  return bytes;
}

std::string to_base64(ByteView bytes) {
  std::string text;
  text.reserve((bytes.size() + 2) / 3 * 4);
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const std::size_t count = std::min<std::size_t>(3, bytes.size() - i);
    std::uint32_t group = 0;
    for (std::size_t j = 0; j < 3; ++j) group = (group << 8) | (j < count ? bytes[i + j] : 0u);
    for (std::size_t j = 0; j < 4; ++j) {
      text.push_back(j <= count ? kBase64Digits[(group >> (18 - 6 * j)) & 63] : '=');
    }
  }
  return text;
}

Result<Bytes> from_base64(std::string_view text) {
  if (text.size() % 4 != 0) return not_base64();
  Bytes bytes;
  bytes.reserve(text.size() / 4 * 3);
  for (std::size_t i = 0; i < text.size(); i += 4) {
    std::size_t digits = 4;
    if (i + 4 == text.size() && text[i + 3] == '=') digits = text[i + 2] == '=' ? 2 : 3;
    std::uint32_t group = 0;
    for (std::size_t j = 0; j < 4; ++j) {
      const int value = j < digits ? base64_value(text[i + j]) : 0;
      if (value < 0) return not_base64();
      group = (group << 6) | static_cast<std::uint32_t>(value);
    }
    for (std::size_t j = 0; j + 1 < digits; ++j) {
      bytes.push_back(static_cast<Byte>((group >> (16 - 8 * j)) & 0xff));
    }
    // The bits under the padding must be zero, else two texts would mean the same bytes.
    if (digits < 4 && (group & ((1u << (8 * (4 - digits))) - 1)) != 0) return not_base64();
  }
  return bytes;
}

Result<ByteView> Reader::take(std::size_t size) {
  if (size > rest_.size()) return fail(Code::kDamaged, N_("the data ends too early"));
  const ByteView taken = rest_.first(size);
  rest_ = rest_.subspan(size);
  return taken;
}

Result<std::uint8_t> Reader::u8() {
  COFFRE_TRY_ASSIGN(const ByteView bytes, take(1));
  return bytes[0];
}

Result<std::uint16_t> Reader::u16() {
  COFFRE_TRY_ASSIGN(const ByteView bytes, take(2));
  return big_endian<std::uint16_t>(bytes);
}

Result<std::uint32_t> Reader::u32() {
  COFFRE_TRY_ASSIGN(const ByteView bytes, take(4));
  return big_endian<std::uint32_t>(bytes);
}

Result<std::uint64_t> Reader::u64() {
  COFFRE_TRY_ASSIGN(const ByteView bytes, take(8));
  return big_endian<std::uint64_t>(bytes);
}

Result<std::int64_t> Reader::i64() {
  COFFRE_TRY_ASSIGN(const std::uint64_t value, u64());
  return std::bit_cast<std::int64_t>(value);
}

Result<ByteView> Reader::sized(std::size_t size_max) {
  Reader ahead = *this;
  COFFRE_TRY_ASSIGN(const std::uint32_t size, ahead.u32());
  if (size > size_max) return fail(Code::kDamaged, N_("a length in the data is above its limit"));
  COFFRE_TRY_ASSIGN(const ByteView bytes, ahead.take(size));
  *this = ahead;
  return bytes;
}

Result<std::string> Reader::text(std::size_t size_max) {
  Reader ahead = *this;
  COFFRE_TRY_ASSIGN(const ByteView bytes, ahead.sized(size_max));
  const std::string_view view = as_text(bytes);
  if (view.find('\0') != std::string_view::npos || !is_utf8(view)) {
    return fail(Code::kDamaged, N_("a text in the data is not valid UTF-8"));
  }
  *this = ahead;
  return std::string(view);
}

Status Reader::expect(ByteView bytes) {
  Reader ahead = *this;
  COFFRE_TRY_ASSIGN(const ByteView found, ahead.take(bytes.size()));
  if (!std::equal(found.begin(), found.end(), bytes.begin())) {
    return fail(Code::kDamaged, N_("the data does not start as it should"));
  }
  *this = ahead;
  return {};
}

Status Reader::finish() const {
  if (!rest_.empty()) return fail(Code::kDamaged, N_("the data goes on after its end"));
  return {};
}

Writer& Writer::raw(ByteView bytes) {
  bytes_.insert(bytes_.end(), bytes.begin(), bytes.end());
  return *this;
}

Writer& Writer::u8(std::uint8_t value) {
  append_big_endian(bytes_, value);
  return *this;
}

Writer& Writer::u16(std::uint16_t value) {
  append_big_endian(bytes_, value);
  return *this;
}

Writer& Writer::u32(std::uint32_t value) {
  append_big_endian(bytes_, value);
  return *this;
}

Writer& Writer::u64(std::uint64_t value) {
  append_big_endian(bytes_, value);
  return *this;
}

Writer& Writer::i64(std::int64_t value) { return u64(std::bit_cast<std::uint64_t>(value)); }

Writer& Writer::sized(ByteView bytes) {
  COFFRE_ASSERT(bytes.size() <= std::numeric_limits<std::uint32_t>::max());
  return u32(static_cast<std::uint32_t>(bytes.size())).raw(bytes);
}

}  // namespace coffre
