// Random bytes by the gigabyte, for overwriting: the key stream of AES-256 in counter mode (NIST SP
// 800-38A §6.5) under a random key that dies with the object.
//
// Guarantees: any part of any stream can be made again, in any order, as long as the object lives;
// after it, nobody can. Nothing is encrypted with it: a part may be made as often as one likes.
// Threads: apply() may run concurrently.
#pragma once

#include <cstdint>

#include "core/base/random.h"
#include "core/base/secret.h"

namespace coffre {

class Keystream {
 public:
  static constexpr std::size_t kBlockSize = 16;

  // The errors of Random, and kOutOfMemory.
  [[nodiscard]] static Result<Keystream> create(Random& random);

  // XORs the bytes `offset` and following of stream number `stream` into `bytes`: bytes of zeros
  // become the stream, and the stream becomes zeros. `offset` is a multiple of 16 and
  // offset + bytes.size() <= 2^63 (asserted). kOutOfMemory: `bytes` are as they were.
  [[nodiscard]] Status apply(std::uint64_t stream, std::uint64_t offset,
                             MutableByteView bytes) const;

 private:
  explicit Keystream(Secret key) : key_(std::move(key)) {}
  Secret key_;
};

}  // namespace coffre
