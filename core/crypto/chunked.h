// Chunked encryption: c2sp.org/chunked-encryption, instance Cobblestone-256 (HKDF-Expand with
// SHA-512, AEAD_AES_256_GCM, 16 KiB chunks, 24-byte salt, 32-byte commitment).
//
//   ciphertext = salt(24) || commitment(32) || sealed chunk 0 || sealed chunk 1 || ...
//   key(32) || base_nonce(12) || commitment(32) =
//       HKDF-Expand-SHA512(input_key, "c2sp.org/chunked-encryption@v1+" "AEAD_AES_256_GCM" 00 ||
//                          salt || context, 76)
//   chunk i: 16,384 bytes of the message (the last one strictly shorter, empty when the message is
//   a multiple of 16 KiB), sealed with no associated data under base_nonce XOR big-endian i, and
//   its tag of 16 bytes.
//
// Guarantees: chunks can be sealed and opened in any order and on several threads, one Worker each.
// A chunk's place and whether it is the last are authenticated, the latter by its length.
#pragma once

#include <memory>

#include "core/base/random.h"
#include "core/base/secret.h"

namespace coffre::chunked {

inline constexpr std::size_t kChunkSize = 16 * 1024;
inline constexpr std::size_t kSealedChunkSize = kChunkSize + 16;
inline constexpr std::size_t kSaltSize = 24;
inline constexpr std::size_t kCommitmentSize = 32;
inline constexpr std::size_t kHeaderSize = kSaltSize + kCommitmentSize;
inline constexpr std::size_t kInputKeySize = 32;
inline constexpr std::uint64_t kMessageSizeMax = std::uint64_t{1} << 40;  // 1 TiB

// Chunks of a message, and the size of its ciphertext, header included.
[[nodiscard]] constexpr std::uint64_t chunk_count(std::uint64_t message_size) {
  return message_size / kChunkSize + 1;
}
[[nodiscard]] constexpr std::uint64_t ciphertext_size(std::uint64_t message_size) {
  return kHeaderSize + message_size + chunk_count(message_size) * 16;
}
// The message size of a ciphertext of this size; kDamaged when no message has it.
[[nodiscard]] Result<std::uint64_t> message_size(std::uint64_t ciphertext_size);

// The derived keys of one message.
class Keys {
 public:
  // For sealing, with a salt drawn from `random`. kInvalidArgument unless the key has 32 bytes.
  [[nodiscard]] static Result<Keys> create(ByteView input_key, ByteView context, Random& random);
  // With a given salt of 24 bytes (tests with vectors).
  [[nodiscard]] static Result<Keys> with_salt(ByteView input_key, ByteView context, ByteView salt);
  // For opening: derives from the salt of the 56-byte header and compares its commitment in
  // constant time; kDamaged when it does not match.
  [[nodiscard]] static Result<Keys> open(ByteView input_key, ByteView context, ByteView header);

  [[nodiscard]] std::array<Byte, kHeaderSize> header() const { return header_; }

 private:
  friend class Worker;
  Keys() = default;
  Secret key_and_nonce_;  // 32 + 12
  std::array<Byte, kHeaderSize> header_{};
};

// Seals and opens single chunks; one per thread.
class Worker {
 public:
  [[nodiscard]] static Result<Worker> create(const Keys& keys);
  Worker(Worker&&) noexcept;
  Worker& operator=(Worker&&) noexcept;
  ~Worker();

  // plaintext: 0 to 16,384 bytes; sealed: 16 more. They may start at the same address.
  void seal(std::uint64_t index, ByteView plaintext, MutableByteView sealed);
  // false: not authentic; `plaintext` is wiped.
  [[nodiscard]] bool open(std::uint64_t index, ByteView sealed, MutableByteView plaintext);

 private:
  struct Impl;
  explicit Worker(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

// Whole messages in memory. `threads` 0 means worker_count().
[[nodiscard]] Result<Bytes> seal(ByteView input_key, ByteView context, ByteView message,
                                 Random& random, std::size_t threads = 0);
// kDamaged for anything that seal() did not make. No plaintext unless all of it is authentic.
[[nodiscard]] Result<Secret> open(ByteView input_key, ByteView context, ByteView ciphertext,
                                  std::size_t threads = 0);

}  // namespace coffre::chunked
