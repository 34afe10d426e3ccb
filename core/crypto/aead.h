// AES-256-GCM (NIST SP 800-38D), 96-bit nonces, 128-bit tags.
//
// Guarantees: open() writes no plaintext that was not authenticated (on failure the output is
// wiped). Not covered: nonce reuse; who draws random nonces seals at most 2^20 messages under one
// key. Threads: one AeadKey belongs to one thread at a time (the key schedule holds state).
#pragma once

#include <memory>

#include "core/base/random.h"
#include "core/base/secret.h"

namespace coffre {

inline constexpr std::size_t kAeadKeySize = 32;
inline constexpr std::size_t kAeadNonceSize = 12;
inline constexpr std::size_t kAeadTagSize = 16;

// A key with its schedule computed once (1.0 µs), for many messages (0.4 µs each).
class AeadKey {
 public:
  // kInvalidArgument unless the key has 32 bytes.
  [[nodiscard]] static Result<AeadKey> create(ByteView key);
  AeadKey(AeadKey&&) noexcept;
  AeadKey& operator=(AeadKey&&) noexcept;
  ~AeadKey();

  // out: plaintext.size() + 16 bytes (ciphertext, tag). `plaintext` may be the front of `out`.
  void seal(ByteView nonce, ByteView associated, ByteView plaintext, MutableByteView out);
  // sealed: ciphertext, tag; out: sealed.size() - 16 bytes; they may overlap exactly. false: not
  // authentic, nothing was revealed.
  [[nodiscard]] bool open(ByteView nonce, ByteView associated, ByteView sealed,
                          MutableByteView out);

 private:
  struct Impl;
  explicit AeadKey(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

// What a box adds to its plaintext.
inline constexpr std::size_t kBoxAdded = kAeadNonceSize + kAeadTagSize;
// nonce (random, 12) || ciphertext || tag (16).
[[nodiscard]] Result<Bytes> seal_box(AeadKey& key, Random& random, ByteView associated,
                                     ByteView plaintext);
// The reverse. kDamaged when it is too short, or not authentic.
[[nodiscard]] Result<Secret> open_box(AeadKey& key, ByteView associated, ByteView box);
// The same into `out` of box.size() - 28 bytes (asserted), which is wiped when it is not authentic.
[[nodiscard]] Status open_box_into(AeadKey& key, ByteView associated, ByteView box,
                                   MutableByteView out);

}  // namespace coffre
