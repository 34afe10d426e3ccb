// SHA-256 (FIPS 180-4) and the Merkle hashes of RFC 6962 §2.1.
#pragma once

#include <initializer_list>
#include <memory>

#include "core/base/bytes.h"

namespace coffre {

// The hash of the concatenation of `parts`.
[[nodiscard]] Hash sha256(std::initializer_list<ByteView> parts);
[[nodiscard]] inline Hash sha256(ByteView bytes) { return sha256({bytes}); }

// Incremental; finish() may be called once.
class Sha256 {
 public:
  Sha256();
  Sha256(Sha256&&) noexcept;
  Sha256& operator=(Sha256&&) noexcept;
  ~Sha256();
  void update(ByteView bytes);
  [[nodiscard]] Hash finish();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

[[nodiscard]] Hash merkle_leaf(ByteView data);                        // SHA-256(00 || data)
[[nodiscard]] Hash merkle_node(const Hash& left, const Hash& right);  // SHA-256(01 || l || r)

}  // namespace coffre
