// Randomness, injected. The system's comes from getrandom(2) through the Os seam; a failure there
// is an error, never weak bytes.
#pragma once

#include "core/base/bytes.h"
#include "core/base/secret.h"

namespace coffre {

class Random {
 public:
  virtual ~Random() = default;
  [[nodiscard]] virtual Status fill(MutableByteView out) = 0;

  [[nodiscard]] Result<Id> id();
  [[nodiscard]] Result<Secret> secret(std::size_t size);
};

// The kernel's generator, buffered in locked memory in blocks of 4 KiB (each byte is wiped once
// given out); safe from several threads and after fork (the buffer is not inherited).
[[nodiscard]] Random& system_random();

// Repeatable bytes for tests: SHA-256 free, a splitmix64 stream. Never secure.
class SeededRandom final : public Random {
 public:
  explicit SeededRandom(std::uint64_t seed) : state_(seed) {}
  [[nodiscard]] Status fill(MutableByteView out) override;

 private:
  std::uint64_t state_;
};

}  // namespace coffre
