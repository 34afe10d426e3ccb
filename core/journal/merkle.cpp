#include "core/journal/merkle.h"

#include <bit>
#include <limits>
#include <ranges>

namespace coffre {
namespace {

// A log of fewer than 2^64 entries has proofs of at most so many hashes.
constexpr std::size_t kProofMax = 64;

bool is_odd(std::uint64_t value) { return (value & 1) != 0; }

}  // namespace

Result<Frontier> Frontier::from(std::uint64_t size, std::vector<Hash> hashes) {
  if (hashes.size() != static_cast<std::size_t>(std::popcount(size))) {
    return fail(Code::kDamaged, N_("the frontier of the log does not fit its size"));
  }
  Frontier made;
  made.size_ = size;
  made.hashes_ = std::move(hashes);
  return made;
}

void Frontier::append(const Hash& leaf) {
  COFFRE_ASSERT(size_ != std::numeric_limits<std::uint64_t>::max());
  // Each low bit that is set is a complete subtree that the new leaf completes to one twice as big.
  Hash top = leaf;
  for (std::uint64_t bits = size_; is_odd(bits); bits >>= 1) {
    top = merkle_node(hashes_.back(), top);
    hashes_.pop_back();
  }
  hashes_.push_back(top);
  ++size_;
}

Hash Frontier::root() const {
  if (hashes_.empty()) return sha256(ByteView{});
  Hash top = hashes_.back();
  for (const Hash& left : hashes_ | std::views::reverse | std::views::drop(1)) {
    top = merkle_node(left, top);
  }
  return top;
}

// RFC 9162 §2.1.3.2: `node` and `last` are the numbers, on the level that is reached, of the node
// above the leaf and of the last node.
bool verify_inclusion(const Hash& leaf, std::uint64_t index, std::uint64_t size,
                      const std::vector<Hash>& proof, const Hash& root) {
  if (index >= size || proof.size() > kProofMax) return false;
  std::uint64_t node = index;
  std::uint64_t last = size - 1;
  Hash top = leaf;
  for (const Hash& sibling : proof) {
    if (last == 0) return false;
    if (is_odd(node) || node == last) {
      top = merkle_node(sibling, top);
      // A last node without a sibling is its own parent: go up to where it has one.
      while (node != 0 && !is_odd(node)) {
        node >>= 1;
        last >>= 1;
      }
    } else {
      top = merkle_node(top, sibling);
    }
    node >>= 1;
    last >>= 1;
  }
  return last == 0 && top == root;
}

// RFC 9162 §2.1.4.2, with the same two numbers for the older and the newer log.
bool verify_consistency(std::uint64_t size1, std::uint64_t size2, const Hash& root1,
                        const Hash& root2, const std::vector<Hash>& proof) {
  if (size1 == 0 || size1 > size2 || proof.size() > kProofMax) return false;
  if (size1 == size2) return proof.empty() && root1 == root2;
  if (proof.empty()) return false;
  // The root of a complete older log is itself the first hash, and is left out of the proof.
  const bool complete = std::has_single_bit(size1);
  Hash top1 = complete ? root1 : proof.front();
  Hash top2 = top1;
  const int skipped = std::countr_one(size1 - 1);
  std::uint64_t node = (size1 - 1) >> skipped;
  std::uint64_t last = (size2 - 1) >> skipped;
  for (const Hash& sibling : proof | std::views::drop(complete ? 0 : 1)) {
    if (last == 0) return false;
    if (is_odd(node) || node == last) {
      top1 = merkle_node(sibling, top1);
      top2 = merkle_node(sibling, top2);
      while (node != 0 && !is_odd(node)) {
        node >>= 1;
        last >>= 1;
      }
    } else {
      top2 = merkle_node(top2, sibling);
    }
    node >>= 1;
    last >>= 1;
  }
  return last == 0 && top1 == root1 && top2 == root2;
}

}  // namespace coffre
