// Bytes: views, owned buffers, hex and base64, and a bounds-checked reader and writer for every
// format of ours.
//
// Guarantees: a Reader never reads outside its view, and every length that it takes is checked
// against what is left before memory is taken. Integers are big-endian.
// Not covered: secrets. Anything secret lives in a Secret (secret.h); a Writer's buffer is not
// wiped. Threads: values, no shared state.
#pragma once

#include <algorithm>
#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/error.h"

namespace coffre {

using Byte = std::uint8_t;
using ByteView = std::span<const Byte>;
using MutableByteView = std::span<Byte>;
using Bytes = std::vector<Byte>;

// The bytes of a text, without its terminator.
[[nodiscard]] inline ByteView as_bytes(std::string_view text) {
  return {reinterpret_cast<const Byte*>(text.data()), text.size()};
}
[[nodiscard]] inline std::string_view as_text(ByteView bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

// N opaque public bytes with an order: ids, hashes, public keys. Compared in ordinary time: never
// use it for a secret.
template <std::size_t N, typename Tag>
struct FixedBytes {
  static constexpr std::size_t kSize = N;
  std::array<Byte, N> bytes{};

  [[nodiscard]] ByteView view() const { return bytes; }
  [[nodiscard]] bool is_zero() const { return *this == FixedBytes{}; }
  friend auto operator<=>(const FixedBytes&, const FixedBytes&) = default;

  // kInvalidArgument unless `from` has exactly N bytes.
  [[nodiscard]] static Result<FixedBytes> from(ByteView from) {
    if (from.size() != N) {
      return fail(Code::kInvalidArgument, N_("an id has the wrong length"));
    }
    FixedBytes made;
    std::copy(from.begin(), from.end(), made.bytes.begin());
    return made;
  }
};

using Id = FixedBytes<16, struct IdTag>;      // a random id
using Hash = FixedBytes<32, struct HashTag>;  // SHA-256, and ids that are hashes of stored bytes

// Lowercase hexadecimal. from_hex: kInvalidArgument for odd length or a character outside 0-9a-f.
[[nodiscard]] std::string to_hex(ByteView bytes);
[[nodiscard]] Result<Bytes> from_hex(std::string_view text);
template <typename Fixed>
[[nodiscard]] Result<Fixed> fixed_from_hex(std::string_view text) {
  COFFRE_TRY_ASSIGN(const Bytes bytes, from_hex(text));
  return Fixed::from(bytes);
}

// RFC 4648 base64 with padding; from_base64 refuses anything that to_base64 would not write.
[[nodiscard]] std::string to_base64(ByteView bytes);
[[nodiscard]] Result<Bytes> from_base64(std::string_view text);

// Takes fields from the front of a view. The first failure is kDamaged "the data ends too early"
// and leaves the reader where it was; finish() is kDamaged when bytes are left over.
class Reader {
 public:
  explicit Reader(ByteView bytes) : rest_(bytes) {}

  [[nodiscard]] std::size_t left() const { return rest_.size(); }
  [[nodiscard]] Result<ByteView> take(std::size_t size);
  [[nodiscard]] Result<std::uint8_t> u8();
  [[nodiscard]] Result<std::uint16_t> u16();
  [[nodiscard]] Result<std::uint32_t> u32();
  [[nodiscard]] Result<std::uint64_t> u64();
  [[nodiscard]] Result<std::int64_t> i64();
  // A u32 length, then so many bytes; kDamaged when the length is above size_max.
  [[nodiscard]] Result<ByteView> sized(std::size_t size_max);
  // The same as valid UTF-8 text without U+0000.
  [[nodiscard]] Result<std::string> text(std::size_t size_max);
  // kDamaged unless the next bytes are exactly these.
  [[nodiscard]] Status expect(ByteView bytes);
  template <typename Fixed>
  [[nodiscard]] Result<Fixed> fixed() {
    COFFRE_TRY_ASSIGN(const ByteView bytes, take(Fixed::kSize));
    return Fixed::from(bytes);
  }
  [[nodiscard]] Status finish() const;

 private:
  ByteView rest_;
};

// Appends fields; the mirror of Reader.
class Writer {
 public:
  Writer& raw(ByteView bytes);
  Writer& raw(std::string_view text) { return raw(as_bytes(text)); }
  Writer& u8(std::uint8_t value);
  Writer& u16(std::uint16_t value);
  Writer& u32(std::uint32_t value);
  Writer& u64(std::uint64_t value);
  Writer& i64(std::int64_t value);
  Writer& sized(ByteView bytes);  // u32 length, bytes
  Writer& sized(std::string_view text) { return sized(as_bytes(text)); }
  template <std::size_t N, typename Tag>
  Writer& fixed(const FixedBytes<N, Tag>& value) {
    return raw(value.view());
  }

  [[nodiscard]] ByteView view() const { return bytes_; }
  [[nodiscard]] std::size_t size() const { return bytes_.size(); }
  [[nodiscard]] Bytes take() { return std::move(bytes_); }

 private:
  Bytes bytes_;
};

}  // namespace coffre
