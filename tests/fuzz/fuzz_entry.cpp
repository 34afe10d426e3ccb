// Whatever EntryHeader::decode accepts is exactly what encode writes.
#include <algorithm>

#include "core/journal/entry.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const coffre::ByteView input(data, size);
  const auto header = coffre::EntryHeader::decode(input);
  if (header) COFFRE_ASSERT(std::ranges::equal(header->encode(), input));
  return 0;
}
