// A time that was understood is written so that it is understood the same.
#include "core/base/time.h"
#include "tests/fuzz/fuzz.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace coffre;  // NOLINT(google-build-using-namespace): the name is libFuzzer's
  const std::string_view text = as_text({data, size});
  if (const auto time = parse_time(text)) {
    COFFRE_ASSERT(parse_time(format_time(*time)).value() == *time);
  }
  if (const auto date = checked_date(text)) {
    expect_same(*date, text);
    COFFRE_ASSERT(parse_time(*date).has_value());
  }
  Reader in({data, size});
  if (const auto number = in.i64()) {
    const std::string shown = format_time(*number);
    COFFRE_ASSERT(format_time(parse_time(shown).value()) == shown);
  }
  return 0;
}
