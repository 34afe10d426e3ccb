// Whatever Head::decode accepts is exactly what encode writes. The input lacks the SHA-256 at the
// end, which no fuzzer would hit; it is also tried as it is.
#include <algorithm>

#include "core/journal/head.h"

namespace {

void check(coffre::ByteView input) {
  const auto head = coffre::Head::decode(input);
  if (head) COFFRE_ASSERT(std::ranges::equal(head->encode(), input));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const coffre::ByteView input(data, size);
  check(input);
  coffre::Writer with_sum;
  with_sum.raw(input).fixed(coffre::sha256(input));
  check(with_sum.view());
  return 0;
}
