#include "core/journal/merkle.h"

#include <bit>
#include <limits>

#include <gtest/gtest.h>

#include "tests/core/journal/sample.h"

namespace coffre {
namespace {

using test::sample_hash;

// Sizes that reach every shape of a tree: 64 and its neighbours included.
constexpr std::size_t kSizeMax = 70;

std::vector<Hash> sample_leaves(std::size_t count) {
  std::vector<Hash> leaves;
  for (std::size_t i = 0; i < count; ++i) leaves.push_back(sample_hash(i));
  return leaves;
}

// The definitions of RFC 6962 §2.1, word for word: k is the largest power of two below n.
using Leaves = std::span<const Hash>;

std::size_t split_of(Leaves leaves) { return std::bit_floor(leaves.size() - 1); }

Hash reference_root(Leaves leaves) {
  if (leaves.empty()) return sha256(ByteView{});
  if (leaves.size() == 1) return leaves[0];
  const std::size_t k = split_of(leaves);
  return merkle_node(reference_root(leaves.first(k)), reference_root(leaves.subspan(k)));
}

std::vector<Hash> with(std::vector<Hash> proof, const Hash& hash) {
  proof.push_back(hash);
  return proof;
}

std::vector<Hash> reference_path(std::size_t index, Leaves leaves) {
  if (leaves.size() == 1) return {};
  const std::size_t k = split_of(leaves);
  if (index < k) {
    return with(reference_path(index, leaves.first(k)), reference_root(leaves.subspan(k)));
  }
  return with(reference_path(index - k, leaves.subspan(k)), reference_root(leaves.first(k)));
}

std::vector<Hash> reference_subproof(std::size_t size1, Leaves leaves, bool whole) {
  if (size1 == leaves.size()) {
    return whole ? std::vector<Hash>{} : std::vector<Hash>{reference_root(leaves)};
  }
  const std::size_t k = split_of(leaves);
  if (size1 <= k) {
    return with(reference_subproof(size1, leaves.first(k), whole),
                reference_root(leaves.subspan(k)));
  }
  return with(reference_subproof(size1 - k, leaves.subspan(k), false),
              reference_root(leaves.first(k)));
}

// Every proof that differs from a right one in one place: a bit, a hash less, a hash more, two
// hashes swapped.
std::vector<std::vector<Hash>> mutated(const std::vector<Hash>& proof) {
  std::vector<std::vector<Hash>> all;
  for (std::size_t i = 0; i < proof.size(); ++i) {
    all.push_back(proof);
    all.back()[i].bytes[i % 32] ^= 0x10;
    all.push_back(proof);
    all.back().erase(all.back().begin() + static_cast<std::ptrdiff_t>(i));
    if (i > 0) {
      all.push_back(proof);
      std::swap(all.back()[i], all.back()[i - 1]);
    }
  }
  for (std::size_t i = 0; i <= proof.size(); ++i) {
    all.push_back(proof);
    all.back().insert(all.back().begin() + static_cast<std::ptrdiff_t>(i), sample_hash(999));
  }
  return all;
}

TEST(Frontier, EmptyLogHasTheHashOfNothing) {
  EXPECT_EQ(to_hex(Frontier().root().view()),
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(Frontier().size(), 0U);
}

TEST(Frontier, RootIsThatOfTheDefinitionAtEverySize) {
  const std::vector<Hash> leaves = sample_leaves(kSizeMax);
  Frontier frontier;
  for (std::size_t size = 0; size < leaves.size(); ++size) {
    EXPECT_EQ(frontier.root(), reference_root(Leaves(leaves).first(size))) << size;
    EXPECT_EQ(frontier.size(), size);
    EXPECT_EQ(frontier.hashes().size(), static_cast<std::size_t>(std::popcount(size)));
    frontier.append(leaves[size]);
  }
  EXPECT_EQ(frontier.root(), reference_root(leaves));
}

TEST(Frontier, HashesAreTheCompleteSubtreesLargestFirst) {
  const std::vector<Hash> leaves = sample_leaves(7);
  Frontier frontier;
  for (const Hash& leaf : leaves) frontier.append(leaf);
  const Leaves all(leaves);
  EXPECT_EQ(frontier.hashes(), (std::vector<Hash>{reference_root(all.first(4)),
                                                  reference_root(all.subspan(4, 2)), leaves[6]}));
}

TEST(Frontier, ContinuesFromWhatWasKept) {
  const std::vector<Hash> leaves = sample_leaves(kSizeMax);
  for (std::size_t kept = 0; kept <= leaves.size(); kept += 3) {
    Frontier before;
    for (std::size_t i = 0; i < kept; ++i) before.append(leaves[i]);
    auto after = Frontier::from(kept, before.hashes());
    ASSERT_TRUE(after);
    for (std::size_t i = kept; i < leaves.size(); ++i) after->append(leaves[i]);
    EXPECT_EQ(after->root(), reference_root(leaves)) << kept;
  }
}

TEST(Frontier, RefusesAnotherNumberOfHashes) {
  for (const std::uint64_t size : {std::uint64_t{0}, std::uint64_t{5}, std::uint64_t{8},
                                   std::numeric_limits<std::uint64_t>::max()}) {
    const auto right = static_cast<std::size_t>(std::popcount(size));
    EXPECT_TRUE(Frontier::from(size, std::vector<Hash>(right)));
    const auto more = Frontier::from(size, std::vector<Hash>(right + 1));
    ASSERT_FALSE(more);
    EXPECT_EQ(more.error().code, Code::kDamaged);
    if (right > 0) {
      EXPECT_FALSE(Frontier::from(size, std::vector<Hash>(right - 1)));
    }
  }
}

TEST(FrontierDeathTest, AppendPastTheLastSizeEndsTheProcess) {
  auto full = Frontier::from(std::numeric_limits<std::uint64_t>::max(), std::vector<Hash>(64));
  ASSERT_TRUE(full);
  EXPECT_DEATH(full->append(sample_hash(0)), "size_");
}

TEST(Inclusion, EveryEntryOfEverySizeIsShown) {
  const std::vector<Hash> leaves = sample_leaves(kSizeMax);
  for (std::size_t size = 1; size <= leaves.size(); ++size) {
    const Leaves log = Leaves(leaves).first(size);
    const Hash root = reference_root(log);
    for (std::size_t index = 0; index < size; ++index) {
      EXPECT_TRUE(verify_inclusion(leaves[index], index, size, reference_path(index, log), root))
          << index << " of " << size;
    }
  }
}

TEST(Inclusion, RefusesAnotherLeafPlaceSizeOrRoot) {
  const std::vector<Hash> leaves = sample_leaves(33);
  for (std::size_t size = 1; size <= leaves.size(); ++size) {
    const Leaves log = Leaves(leaves).first(size);
    const Hash root = reference_root(log);
    for (std::size_t index = 0; index < size; ++index) {
      const std::vector<Hash> proof = reference_path(index, log);
      EXPECT_FALSE(verify_inclusion(sample_hash(999), index, size, proof, root));
      EXPECT_FALSE(verify_inclusion(leaves[index], index, size, proof, sample_hash(999)));
      for (std::size_t other = 0; other <= size; ++other) {
        if (other == index) continue;
        EXPECT_FALSE(verify_inclusion(leaves[index], other, size, proof, root));
      }
      EXPECT_FALSE(verify_inclusion(leaves[index], index, index, proof, root));
    }
  }
}

TEST(Inclusion, RefusesEveryMutatedProof) {
  const std::vector<Hash> leaves = sample_leaves(kSizeMax);
  for (const std::size_t size : {1U, 2U, 3U, 7U, 8U, 9U, 33U, 64U, 65U, 70U}) {
    const Leaves log = Leaves(leaves).first(size);
    const Hash root = reference_root(log);
    for (std::size_t index = 0; index < size; ++index) {
      for (const auto& wrong : mutated(reference_path(index, log))) {
        EXPECT_FALSE(verify_inclusion(leaves[index], index, size, wrong, root))
            << index << " of " << size;
      }
    }
  }
}

TEST(Inclusion, LargestSizesNeitherOverflowNorPass) {
  const std::uint64_t size = std::numeric_limits<std::uint64_t>::max();
  Hash top = sample_hash(0);
  std::vector<Hash> proof;
  for (std::uint64_t i = 0; i < 64; ++i) {
    proof.push_back(sample_hash(i + 1));
    top = merkle_node(top, proof.back());
  }
  EXPECT_TRUE(verify_inclusion(sample_hash(0), 0, size, proof, top));
  EXPECT_FALSE(verify_inclusion(sample_hash(0), size, size, proof, top));
  EXPECT_FALSE(verify_inclusion(sample_hash(0), size - 1, size, proof, top));
  EXPECT_FALSE(verify_inclusion(sample_hash(0), 0, size, std::vector<Hash>(65), top));
  EXPECT_FALSE(verify_inclusion(sample_hash(0), 0, size, std::vector<Hash>(100'000), top));
}

TEST(Consistency, EveryPairOfSizesIsShown) {
  const std::vector<Hash> leaves = sample_leaves(kSizeMax);
  for (std::size_t size2 = 1; size2 <= leaves.size(); ++size2) {
    const Leaves log = Leaves(leaves).first(size2);
    const Hash root2 = reference_root(log);
    for (std::size_t size1 = 1; size1 <= size2; ++size1) {
      EXPECT_TRUE(verify_consistency(size1, size2, reference_root(log.first(size1)), root2,
                                     reference_subproof(size1, log, true)))
          << size1 << " to " << size2;
    }
  }
}

TEST(Consistency, RefusesEveryMutatedProof) {
  const std::vector<Hash> leaves = sample_leaves(kSizeMax);
  for (const std::size_t size2 : {1U, 2U, 3U, 7U, 8U, 9U, 33U, 64U, 65U}) {
    const Leaves log = Leaves(leaves).first(size2);
    const Hash root2 = reference_root(log);
    for (std::size_t size1 = 1; size1 <= size2; ++size1) {
      const Hash root1 = reference_root(log.first(size1));
      for (const auto& wrong : mutated(reference_subproof(size1, log, true))) {
        EXPECT_FALSE(verify_consistency(size1, size2, root1, root2, wrong))
            << size1 << " to " << size2;
      }
    }
  }
}

TEST(Consistency, RefusesAForkAndAnOlderLog) {
  const std::vector<Hash> leaves = sample_leaves(kSizeMax);
  std::vector<Hash> forked = leaves;
  forked[3] = sample_hash(999);
  for (std::size_t size2 = 5; size2 <= leaves.size(); ++size2) {
    for (std::size_t size1 = 4; size1 < size2; ++size1) {
      const Leaves fork = Leaves(forked).first(size2);
      const Hash kept = reference_root(Leaves(leaves).first(size1));
      const std::vector<Hash> proof = reference_subproof(size1, fork, true);
      EXPECT_FALSE(verify_consistency(size1, size2, kept, reference_root(fork), proof));
      EXPECT_FALSE(verify_consistency(size2, size1, reference_root(fork), kept, proof));
    }
  }
}

TEST(Consistency, SizeZeroIsRefused) {
  const Hash empty = Frontier().root();
  EXPECT_FALSE(verify_consistency(0, 0, empty, empty, {}));
  EXPECT_FALSE(verify_consistency(0, 1, empty, sample_hash(0), {}));
  EXPECT_FALSE(verify_consistency(0, 1, empty, sample_hash(0), {sample_hash(0)}));
}

TEST(Consistency, LargestSizesNeitherOverflowNorPass) {
  const std::uint64_t size = std::numeric_limits<std::uint64_t>::max();
  const Hash a = sample_hash(1);
  const Hash b = sample_hash(2);
  EXPECT_TRUE(verify_consistency(size, size, a, a, {}));
  for (const std::size_t length : {0U, 1U, 63U, 64U, 65U, 100'000U}) {
    EXPECT_FALSE(verify_consistency(size - 1, size, a, b, std::vector<Hash>(length)));
    EXPECT_FALSE(verify_consistency(1, size, a, b, std::vector<Hash>(length)));
    EXPECT_FALSE(verify_consistency(std::uint64_t{1} << 63, size, a, b, std::vector<Hash>(length)));
  }
}

}  // namespace
}  // namespace coffre
