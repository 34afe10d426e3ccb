// A slot that was parsed is the whole of its bytes, and nobody's signature is believed.
#include "core/vault/slot.h"
#include "tests/fuzz/fuzz.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace coffre;  // NOLINT(google-build-using-namespace): the name is libFuzzer's
  const ByteView input(data, size);
  const auto slot = Slot::parse(input);
  if (slot) {
    Writer whole;
    whole.raw(slot->prefix).fixed(slot->commitment).raw(slot->sealed).fixed(slot->signature);
    expect_same(whole.view(), input);
    User user;
    user.id = slot->user;
    user.key_id = slot->key_id;
    COFFRE_ASSERT(!slot->verify(Policy{}, user, slot->id.view()));
  }
  return 0;
}
