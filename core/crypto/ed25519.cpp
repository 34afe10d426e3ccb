#include "core/crypto/ed25519.h"

#include <algorithm>
#include <crypto++/donna.h>

namespace coffre {
namespace {

using Encoded = std::array<Byte, 32>;

constexpr Encoded from_hex_32(std::string_view text) {
  Encoded bytes{};
  for (std::size_t i = 0; i < 64; ++i) {
    const char c = text[i];
    const int digit = c <= '9' ? c - '0' : c - 'a' + 10;
    bytes[i / 2] = static_cast<Byte>(bytes[i / 2] * 16 + digit);
  }
  return bytes;
}

// Little-endian, as on the wire: L is the order of the base point, p = 2^255 - 19.
constexpr Encoded kOrder =
    from_hex_32("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010");
constexpr Encoded kPrime =
    from_hex_32("edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f");

// y of the eight points of small order, whatever the sign of x: 1 (order 1), -1 (order 2), 0 (order
// 4) and the two of order 8. The only points with x = 0, whose "-0" would be a second encoding, are
// those of y = 1 and y = -1: refused with them.
constexpr std::array<Encoded, 5> kSmallOrder = {
    from_hex_32("0100000000000000000000000000000000000000000000000000000000000000"),
    from_hex_32("ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"),
    from_hex_32("0000000000000000000000000000000000000000000000000000000000000000"),
    from_hex_32("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"),
    from_hex_32("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a"),
};

// All of it is public: ordinary time will do.
bool is_less(ByteView a, const Encoded& b) {
  return std::lexicographical_compare(a.rbegin(), a.rend(), b.rbegin(), b.rend());
}

// A point that an honest signer can have made: the one encoding (y < p) of a point that is not of
// small order. Whether y is on the curve is checked by Crypto++ (A), or follows from equality (R).
bool is_strict_point(ByteView encoded) {
  Encoded y{};
  std::copy(encoded.begin(), encoded.end(), y.begin());
  y[31] = static_cast<Byte>(y[31] & 0x7f);
  return is_less(y, kPrime) &&
         std::find(kSmallOrder.begin(), kSmallOrder.end(), y) == kSmallOrder.end();
}

}  // namespace

Result<SigningKey> SigningKey::generate(Random& random) {
  COFFRE_TRY_ASSIGN(const Secret seed, random.secret(32));
  return from_seed(seed.expose());
}

Result<SigningKey> SigningKey::from_seed(ByteView seed) {
  if (seed.size() != 32) {
    return fail(Code::kInvalidArgument, N_("a key has the wrong length"));
  }
  SigningKey key;
  COFFRE_TRY_ASSIGN(key.seed_, Secret::copy_of(seed));
  const int status =
      CryptoPP::Donna::ed25519_publickey(key.public_key_.bytes.data(), key.seed_.expose().data());
  COFFRE_ASSERT(status == 0);
  return key;
}

Result<SigningKey> SigningKey::clone() const {
  SigningKey key;
  COFFRE_TRY_ASSIGN(key.seed_, Secret::copy_of(seed_.expose()));
  key.public_key_ = public_key_;
  return key;
}

Signature SigningKey::sign(ByteView message) const {
  COFFRE_ASSERT(seed_.size() == 32);
  Signature signature;
  const int status =
      CryptoPP::Donna::ed25519_sign(message.data(), message.size(), seed_.expose().data(),
                                    public_key_.bytes.data(), signature.bytes.data());
  COFFRE_ASSERT(status == 0);
  return signature;
}

bool verify_signature(const SigningPublicKey& key, ByteView message, const Signature& signature) {
  const ByteView r = signature.view().first(32);
  const ByteView s = signature.view().last(32);
  if (!is_strict_point(key.view()) || !is_strict_point(r) || !is_less(s, kOrder)) return false;
  return CryptoPP::Donna::ed25519_sign_open(message.data(), message.size(), key.bytes.data(),
                                            signature.bytes.data()) == 0;
}

}  // namespace coffre
