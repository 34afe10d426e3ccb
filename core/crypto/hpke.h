// HPKE (RFC 9180), base mode: DHKEM(X25519, HKDF-SHA256) 0x0020, HKDF-SHA256 0x0001,
// AES-256-GCM 0x0002.
#pragma once

#include "core/crypto/x25519.h"

namespace coffre::hpke {

inline constexpr std::size_t kEncapsulatedSize = 32;

// One message: enc(32) || ciphertext || tag(16). `info` and `associated` must be given again to
// open.
[[nodiscard]] Result<Bytes> seal(const ExchangePublicKey& recipient, ByteView info,
                                 ByteView associated, ByteView plaintext, Random& random);
// kDamaged when it is too short, or not authentic.
[[nodiscard]] Result<Secret> open(const ExchangeKey& recipient, ByteView info, ByteView associated,
                                  ByteView message);

// A recipient's context, for the test vectors: several messages and the exporter.
class RecipientContext {
 public:
  [[nodiscard]] static Result<RecipientContext> create(const ExchangeKey& recipient,
                                                       const ExchangePublicKey& encapsulated,
                                                       ByteView info);
  // Opens the next message in sequence; a failure does not advance it.
  [[nodiscard]] Result<Secret> open(ByteView associated, ByteView sealed);
  [[nodiscard]] Result<Secret> export_secret(ByteView context, std::size_t size) const;

 private:
  RecipientContext() = default;
  Secret key_;
  Secret base_nonce_;
  Secret exporter_;
  std::uint64_t sequence_ = 0;
};

}  // namespace coffre::hpke
