// Proofs right and wrong of another implementation: the test data of transparency-dev/merkle,
// https://github.com/transparency-dev/merkle/tree/main/testdata
#include <fstream>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "core/journal/merkle.h"

namespace coffre {
namespace {

using Json = nlohmann::json;

constexpr std::size_t kCases = 98;  // of each kind

class MerkleVectors : public testing::Test {
 protected:
  void SetUp() override {
    std::ifstream file(COFFRE_SHARED "/vectors/merkle.json");
    if (!file) GTEST_SKIP() << "no shared samples here: vectors/merkle.json was not tested";
    vectors_ = Json::parse(file);
  }
  Json vectors_;
};

// Hashes of another length cannot be given to our functions: nullopt. The data has them in cases
// that are to be refused, and in two pairs of roots that are only compared with each other.
std::optional<Hash> hash_of(const Json& value) {
  const auto bytes = from_base64(value.get<std::string>());
  if (!bytes) return std::nullopt;
  const auto hash = Hash::from(*bytes);
  return hash ? std::optional<Hash>(*hash) : std::nullopt;
}

std::optional<std::vector<Hash>> proof_of(const Json& value) {
  std::vector<Hash> proof;
  if (value.is_null()) return proof;
  for (const Json& item : value) {
    const auto hash = hash_of(item);
    if (!hash) return std::nullopt;
    proof.push_back(*hash);
  }
  return proof;
}

TEST_F(MerkleVectors, Inclusion) {
  ASSERT_EQ(vectors_["inclusion"].size(), kCases);
  std::size_t accepted = 0;
  std::size_t refused = 0;
  for (const Json& item : vectors_["inclusion"]) {
    const std::string name = item["name"];
    const auto root = hash_of(item["root"]);
    const auto leaf = hash_of(item["leafHash"]);
    const auto proof = proof_of(item["proof"]);
    if (!root || !leaf || !proof) {
      EXPECT_TRUE(item["wantErr"].get<bool>()) << name;
      continue;
    }
    const bool passed = verify_inclusion(*leaf, item["leafIdx"], item["treeSize"], *proof, *root);
    EXPECT_EQ(passed, !item["wantErr"].get<bool>()) << name;
    ++(passed ? accepted : refused);
  }
  EXPECT_EQ(accepted, 6U);
  EXPECT_EQ(refused, 66U);
}

// The roots of the data that are words, not hashes, stand for any two values: hashed, they are
// equal or different as before.
Hash root_of(const Json& value) {
  const auto hash = hash_of(value);
  return hash ? *hash : sha256(as_bytes(value.get<std::string>()));
}

TEST_F(MerkleVectors, Consistency) {
  ASSERT_EQ(vectors_["consistency"].size(), kCases);
  std::size_t accepted = 0;
  std::size_t refused = 0;
  for (const Json& item : vectors_["consistency"]) {
    const std::string name = item["name"];
    const auto proof = proof_of(item["proof"]);
    if (!proof) {
      EXPECT_TRUE(item["wantErr"].get<bool>()) << name;
      continue;
    }
    const bool passed = verify_consistency(item["size1"], item["size2"], root_of(item["root1"]),
                                           root_of(item["root2"]), *proof);
    EXPECT_EQ(passed, !item["wantErr"].get<bool>()) << name;
    ++(passed ? accepted : refused);
  }
  EXPECT_EQ(accepted, 6U);
  EXPECT_EQ(refused, 84U);
}

}  // namespace
}  // namespace coffre
