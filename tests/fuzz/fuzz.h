// What the fuzz targets share: the input as fields, and the one thing that they all ask.
//
// A target asserts what its parser promises; the sanitizers see the rest.
#pragma once

#include <algorithm>
#include <string_view>

#include "core/base/bytes.h"

namespace coffre {

// Whatever was accepted is exactly what the encoder writes.
inline void expect_same(ByteView encoded, ByteView input) {
  COFFRE_ASSERT(std::ranges::equal(encoded, input));
}
inline void expect_same(std::string_view encoded, std::string_view input) {
  COFFRE_ASSERT(encoded == input);
}

// Takes choices off the front of the input; 0 when it has ended.
class Choices {
 public:
  explicit Choices(ByteView input) : in_(input) {}

  [[nodiscard]] bool ended() const { return in_.left() == 0; }
  [[nodiscard]] std::uint8_t u8() { return in_.u8().value_or(0); }
  [[nodiscard]] std::uint32_t u32() { return in_.u32().value_or(0); }
  [[nodiscard]] ByteView bytes(std::size_t size_max) {
    return in_.take(std::min(size_max, in_.left())).value_or(ByteView{});
  }
  [[nodiscard]] ByteView rest() { return bytes(in_.left()); }

 private:
  Reader in_;
};

}  // namespace coffre
