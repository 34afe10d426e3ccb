// The checks of texts: what they return is valid, normal, and accepted again as it is; nothing that
// moves a terminal's cursor comes out of printable().
#include "core/base/text.h"
#include "tests/fuzz/fuzz.h"

namespace coffre {
namespace {

void check(std::string_view text) {
  if (const auto nfc = to_nfc(text)) {
    COFFRE_ASSERT(is_utf8(text) && is_utf8(*nfc));
    expect_same(to_nfc(*nfc).value(), *nfc);
    const auto password = password_nfc(as_bytes(text));
    COFFRE_ASSERT(!password || as_text(password->expose()) == *nfc);
  }
  const std::string folded = fold(text);
  COFFRE_ASSERT(is_utf8(folded));
  const auto name = checked_name(text);
  if (name) {
    expect_same(checked_name(*name).value(), *name);
    expect_same(printable(*name), *name);
  }
  const auto line = checked_line(text, 256);
  COFFRE_ASSERT(!line || (line->size() <= 256 && *line == text));
  const std::string shown = printable(text);
  expect_same(printable(shown), shown);
  COFFRE_ASSERT(is_utf8(shown));
  COFFRE_ASSERT(std::ranges::none_of(
      shown, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }));
}

}  // namespace
}  // namespace coffre

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  coffre::check(coffre::as_text({data, size}));
  return 0;
}
