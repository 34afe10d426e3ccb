// Reader takes no more than there is, whatever is asked; hex and base64 accept only what they
// write.
#include "tests/fuzz/fuzz.h"

namespace coffre {
namespace {

constexpr std::size_t kLimit = 64;

void take_one(Reader& in, std::uint8_t what) {
  const std::size_t before = in.left();
  bool taken = false;
  switch (what % 8) {
    case 0:
      taken = in.u16().has_value();
      break;
    case 1:
      taken = in.u32().has_value();
      break;
    case 2:
      taken = in.i64().has_value();
      break;
    case 3:
      taken = in.fixed<Id>().has_value();
      break;
    case 4: {
      const Result<ByteView> bytes = in.sized(kLimit);
      COFFRE_ASSERT(!bytes || bytes->size() <= kLimit);
      taken = bytes.has_value();
      break;
    }
    case 5: {
      const Result<std::string> text = in.text(kLimit);
      COFFRE_ASSERT(!text || (text->size() <= kLimit && text->find('\0') == std::string::npos));
      taken = text.has_value();
      break;
    }
    case 6:
      taken = in.expect(as_bytes("ab")).has_value();
      break;
    default:
      taken = in.take(what).has_value();
  }
  COFFRE_ASSERT(in.left() <= before);
  COFFRE_ASSERT(taken || in.left() == before);
}

}  // namespace
}  // namespace coffre

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace coffre;  // NOLINT(google-build-using-namespace): the name is libFuzzer's
  const ByteView input(data, size);
  if (const auto bytes = from_hex(as_text(input))) {
    expect_same(to_hex(*bytes), as_text(input));
  }
  if (const auto bytes = from_base64(as_text(input))) {
    expect_same(to_base64(*bytes), as_text(input));
  }
  expect_same(from_hex(to_hex(input)).value(), input);
  expect_same(from_base64(to_base64(input)).value(), input);
  Reader in(input);
  while (in.left() != 0) {
    const auto what = in.u8();
    take_one(in, *what);
  }
  COFFRE_ASSERT(in.finish().has_value());
  return 0;
}
