// The Merkle log of RFC 6962 / RFC 9162 §2.1: roots from a frontier, inclusion and consistency.
//
// The rule for the empty tree: a consistency proof from size 0 is refused (as
// transparency-dev/merkle does); a witness that starts from nothing does not call this function.
#pragma once

#include <vector>

#include "core/crypto/hash.h"

namespace coffre {

// The roots of the complete subtrees of a log, largest first: enough to append and to know the
// root.
class Frontier {
 public:
  Frontier() = default;
  // kDamaged unless there are as many hashes as `size` has bits set.
  [[nodiscard]] static Result<Frontier> from(std::uint64_t size, std::vector<Hash> hashes);

  void append(const Hash& leaf);  // a leaf hash (merkle_leaf)
  [[nodiscard]] std::uint64_t size() const { return size_; }
  [[nodiscard]] Hash root() const;  // SHA-256("") when empty
  [[nodiscard]] const std::vector<Hash>& hashes() const { return hashes_; }

 private:
  std::uint64_t size_ = 0;
  std::vector<Hash> hashes_;
};

// true when `proof` shows that `leaf` is entry `index` of the log of `size` entries with this root.
[[nodiscard]] bool verify_inclusion(const Hash& leaf, std::uint64_t index, std::uint64_t size,
                                    const std::vector<Hash>& proof, const Hash& root);
// true when `proof` shows that the log with root2 and size2 extends the one with root1 and size1.
[[nodiscard]] bool verify_consistency(std::uint64_t size1, std::uint64_t size2, const Hash& root1,
                                      const Hash& root2, const std::vector<Hash>& proof);

}  // namespace coffre
