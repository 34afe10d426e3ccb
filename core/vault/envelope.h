// Envelopes and adoptions: the keys under which a session seals. docs/FORMAT.md §4.
#pragma once

#include <memory>

#include "core/crypto/aead.h"
#include "core/vault/policy_ops.h"
#include "core/vault/slot.h"

namespace coffre {

inline constexpr std::uint32_t kEnvelopeSealsMax = 1U << 20;

enum class EnvelopeKind : std::uint8_t { kReader = 1, kDepositor = 2 };

// What an envelope's row says in the clear.
struct Envelope {
  Hash id;
  Id compartment;
  std::uint32_t epoch = 0;
  Hash creator;
  EnvelopeKind kind = EnvelopeKind::kReader;
  Hash commitment;
  Bytes prefix;
  Bytes sealed;
  Bytes signed_part;
  Signature signature;

  // kDamaged; also when `row_id` is not the hash of the body or the vault is another.
  [[nodiscard]] static Result<Envelope> parse(const Hash& vault, ByteView row_id, ByteView body);
  [[nodiscard]] bool signed_by(const SigningPublicKey& key) const {
    return verify_signature(key, signed_part, signature);
  }
  // The envelope's key K; kDamaged when it does not open or its commitment differs.
  [[nodiscard]] Result<Secret> open_as_reader(AeadKey& read_key) const;
  [[nodiscard]] Result<Secret> open_as_deposited(const ExchangeKey& epoch_key) const;
};

struct Adoption {
  Hash envelope;
  Hash adopter;
  Bytes prefix;
  Bytes sealed;
  Bytes signed_part;
  Signature signature;

  [[nodiscard]] static Result<Adoption> parse(const Hash& vault, ByteView row_id, ByteView body);
  [[nodiscard]] bool signed_by(const SigningPublicKey& key) const {
    return verify_signature(key, signed_part, signature);
  }
  // K, compared with the envelope's commitment. kDamaged.
  [[nodiscard]] Result<Secret> open(AeadKey& read_key, const Envelope& envelope) const;
};

struct MadeEnvelope {
  Hash id;
  Bytes body;
  Secret key;  // K
};
// A reader's envelope when read_key is given, else a depositor's for the epoch's public key.
[[nodiscard]] Result<MadeEnvelope> make_envelope(const Hash& vault, const Id& compartment,
                                                 std::uint32_t epoch,
                                                 const ExchangePublicKey& epoch_key,
                                                 AeadKey* read_key, const MemberSecrets& creator,
                                                 Random& random);
[[nodiscard]] Result<Bytes> make_adoption(const Hash& vault, const Hash& envelope, ByteView key,
                                          AeadKey& read_key, const MemberSecrets& adopter,
                                          Random& random);

// The AEAD key of what is sealed under an envelope with key K.
[[nodiscard]] Result<AeadKey> envelope_aead(ByteView key);
// The read key of an epoch.
[[nodiscard]] Result<AeadKey> epoch_read_key(const Hash& vault, const Id& compartment,
                                             std::uint32_t epoch, const ExchangeKey& epoch_key);

}  // namespace coffre
