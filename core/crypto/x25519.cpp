#include "core/crypto/x25519.h"

#include <crypto++/donna.h>

namespace coffre {
namespace {

// RFC 7748 §5. Crypto++ clamps too, but says so nowhere.
Result<Secret> clamped(const Secret& private_key) {
  COFFRE_TRY_ASSIGN(Secret scalar, Secret::copy_of(private_key.expose()));
  const MutableByteView bytes = scalar.expose();
  bytes[0] = static_cast<Byte>(bytes[0] & 0xf8);
  bytes[31] = static_cast<Byte>((bytes[31] & 0x7f) | 0x40);
  return scalar;
}

}  // namespace

Result<ExchangeKey> ExchangeKey::generate(Random& random) {
  COFFRE_TRY_ASSIGN(const Secret private_key, random.secret(32));
  return from_private(private_key.expose());
}

Result<ExchangeKey> ExchangeKey::from_private(ByteView private_key) {
  if (private_key.size() != 32) {
    return fail(Code::kInvalidArgument, N_("a key has the wrong length"));
  }
  ExchangeKey key;
  COFFRE_TRY_ASSIGN(key.private_key_, Secret::copy_of(private_key));
  COFFRE_TRY_ASSIGN(const Secret scalar, clamped(key.private_key_));
  const int status =
      CryptoPP::Donna::curve25519_mult(key.public_key_.bytes.data(), scalar.expose().data());
  COFFRE_ASSERT(status == 0);
  return key;
}

Result<ExchangeKey> ExchangeKey::clone() const {
  ExchangeKey key;
  COFFRE_TRY_ASSIGN(key.private_key_, Secret::copy_of(private_key_.expose()));
  key.public_key_ = public_key_;
  return key;
}

Result<Secret> ExchangeKey::agree(const ExchangePublicKey& peer) const {
  COFFRE_TRY_ASSIGN(const Secret scalar, clamped(private_key_));
  COFFRE_TRY_ASSIGN(Secret shared, Secret::create(32));
  const int status = CryptoPP::Donna::curve25519_mult(shared.expose().data(),
                                                      scalar.expose().data(), peer.bytes.data());
  constexpr std::array<Byte, 32> kZero{};
  // Crypto++ returns the zero that a peer's point of small order gives (RFC 7748 §6.1).
  if (status != 0 || equal_constant_time(shared.expose(), kZero)) {
    return fail(Code::kDamaged, N_("a public key is not usable"));
  }
  return shared;
}

}  // namespace coffre
