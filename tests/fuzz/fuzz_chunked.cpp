// Chunked encryption under a fixed key: no bytes that seal() did not make open, and one changed
// byte, a cut or an addition is noticed.
#include "core/crypto/chunked.h"
#include "tests/fuzz/fuzz.h"

namespace coffre {
namespace {

constexpr std::size_t kMessageMax = std::size_t{40} << 10;

// The input chooses a message and what is done to its ciphertext.
void check_changed(Choices choices, ByteView key) {
  const std::size_t size = choices.u32() % kMessageMax;
  const std::uint32_t place = choices.u32();
  const std::uint8_t change = choices.u8();
  SeededRandom random(choices.u8());
  const ByteView context = choices.bytes(8);
  const ByteView pattern = choices.rest();
  Bytes message(size);
  for (std::size_t at = 0; at < size; ++at) {
    message[at] = pattern.empty() ? Byte{0} : pattern[at % pattern.size()];
  }
  Bytes sealed = chunked::seal(key, context, message, random, 1).value();
  const Bytes whole = sealed;
  switch (change % 4) {
    case 0:
      break;
    case 1:
      sealed[place % sealed.size()] ^= static_cast<Byte>(change | 1U);
      break;
    case 2:
      sealed.resize(place % sealed.size());
      break;
    default:
      sealed.insert(sealed.end(), pattern.begin(), pattern.end());
  }
  const auto opened = chunked::open(key, context, sealed, 1);
  COFFRE_ASSERT(opened.has_value() == (sealed == whole));
  if (opened) {
    expect_same(opened->expose(), message);
  }
}

}  // namespace
}  // namespace coffre

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace coffre;  // NOLINT(google-build-using-namespace): the name is libFuzzer's
  static const Bytes key(chunked::kInputKeySize, Byte{7});
  const ByteView input(data, size);
  COFFRE_ASSERT(!chunked::open(key, {}, input, 1));
  check_changed(Choices(input), key);
  return 0;
}
