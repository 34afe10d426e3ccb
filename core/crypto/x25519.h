// X25519 (RFC 7748). An all-zero shared secret is refused.
#pragma once

#include "core/base/random.h"
#include "core/base/secret.h"

namespace coffre {

using ExchangePublicKey = FixedBytes<32, struct ExchangePublicKeyTag>;

class ExchangeKey {
 public:
  [[nodiscard]] static Result<ExchangeKey> generate(Random& random);
  // From a 32-byte private key (clamped when used); kInvalidArgument for another length.
  [[nodiscard]] static Result<ExchangeKey> from_private(ByteView private_key);
  [[nodiscard]] Result<ExchangeKey> clone() const;

  [[nodiscard]] const ExchangePublicKey& public_key() const { return public_key_; }
  [[nodiscard]] const Secret& private_key() const { return private_key_; }
  // 32 bytes; kDamaged when the result would be all zero.
  [[nodiscard]] Result<Secret> agree(const ExchangePublicKey& peer) const;

 private:
  ExchangeKey() = default;
  Secret private_key_;
  ExchangePublicKey public_key_;
};

}  // namespace coffre
