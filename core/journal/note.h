// Signed checkpoints: c2sp.org/tlog-checkpoint in a c2sp.org/signed-note. docs/FORMAT.md §9.
//
// Guarantees: parse() accepts exactly what sign() writes, one signature, canonical numbers and
// base64; nothing is believed before verify().
#pragma once

#include <string>

#include "core/crypto/ed25519.h"
#include "core/crypto/hash.h"

namespace coffre {

struct Checkpoint {
  std::string origin;
  std::uint64_t size = 0;
  Hash root;
  std::string signer;  // key name
  std::array<Byte, 4> key_hash{};
  Signature signature;

  // "coffre.vault/" and the first 16 bytes of the vault id in hex.
  [[nodiscard]] static std::string origin_of(const Hash& vault);
  // "coffre.vault/" and the first 8 bytes of the key id in hex.
  [[nodiscard]] static std::string signer_of(const Hash& key_id);
  // The note's text, up to the empty line.
  [[nodiscard]] std::string body() const;
  [[nodiscard]] std::string encode() const;

  [[nodiscard]] static Checkpoint sign(const Hash& vault, std::uint64_t size, const Hash& root,
                                       const Hash& key_id, const SigningKey& key);
  [[nodiscard]] static Result<Checkpoint> parse(ByteView note);
  // kDamaged unless the origin is this vault's and the signature that of this key.
  [[nodiscard]] Status verify(const Hash& vault, const Hash& key_id,
                              const SigningPublicKey& key) const;
};

}  // namespace coffre
