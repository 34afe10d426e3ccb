// Envelopes and adoptions: what was parsed is the whole of the bytes, and opens under no key here.
#include "core/crypto/hash.h"
#include "core/vault/envelope.h"
#include "tests/fuzz/fuzz.h"

namespace coffre {
namespace {

void check_envelope(ByteView input) {
  const auto envelope = Envelope::parse(Hash{}, sha256(input).view(), input);
  if (!envelope) {
    return;
  }
  Writer whole;
  whole.raw(envelope->prefix).raw(envelope->sealed).fixed(envelope->signature);
  expect_same(whole.view(), input);
  COFFRE_ASSERT(!Envelope::parse(Hash{}, Hash{}.view(), input));
  static AeadKey key = AeadKey::create(Bytes(kAeadKeySize, Byte{1})).value();
  static const ExchangeKey epoch = ExchangeKey::from_private(Bytes(32, Byte{2})).value();
  COFFRE_ASSERT(!envelope->open_as_reader(key));
  COFFRE_ASSERT(!envelope->open_as_deposited(epoch));
}

void check_adoption(ByteView input) {
  // The row's id is the envelope's, which follows the label and the vault.
  const std::size_t at = sizeof("coffre/adoption/v1") + Hash::kSize;
  if (input.size() < at + Hash::kSize) {
    return;
  }
  const auto adoption = Adoption::parse(Hash{}, input.subspan(at, Hash::kSize), input);
  if (!adoption) {
    return;
  }
  Writer whole;
  whole.raw(adoption->prefix).raw(adoption->sealed).fixed(adoption->signature);
  expect_same(whole.view(), input);
}

}  // namespace
}  // namespace coffre

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  coffre::check_envelope({data, size});
  coffre::check_adoption({data, size});
  return 0;
}
