// Ed25519 signatures (RFC 8032), verified strictly.
//
// Guarantees: verify() accepts only canonical encodings: S < L, and A and R that are canonical and
// not of small order (Crypto++ alone accepts S + L and an identity key). Signing is deterministic.
#pragma once

#include "core/base/random.h"
#include "core/base/secret.h"

namespace coffre {

using SigningPublicKey = FixedBytes<32, struct SigningPublicKeyTag>;
using Signature = FixedBytes<64, struct SignatureTag>;

class SigningKey {
 public:
  [[nodiscard]] static Result<SigningKey> generate(Random& random);
  // From the 32-byte seed of RFC 8032; kInvalidArgument for another length.
  [[nodiscard]] static Result<SigningKey> from_seed(ByteView seed);
  [[nodiscard]] Result<SigningKey> clone() const;

  [[nodiscard]] const SigningPublicKey& public_key() const { return public_key_; }
  [[nodiscard]] const Secret& seed() const { return seed_; }
  [[nodiscard]] Signature sign(ByteView message) const;

 private:
  SigningKey() = default;
  Secret seed_;
  SigningPublicKey public_key_;
};

[[nodiscard]] bool verify_signature(const SigningPublicKey& key, ByteView message,
                                    const Signature& signature);

}  // namespace coffre
