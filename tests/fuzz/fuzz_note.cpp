// Whatever Checkpoint::parse accepts is exactly what encode writes, and no signature is believed.
#include <algorithm>

#include "core/journal/note.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const coffre::ByteView input(data, size);
  const auto note = coffre::Checkpoint::parse(input);
  if (note) {
    COFFRE_ASSERT(std::ranges::equal(coffre::as_bytes(note->encode()), input));
    COFFRE_ASSERT(!note->verify(coffre::Hash{}, coffre::Hash{}, coffre::SigningPublicKey{}));
  }
  return 0;
}
