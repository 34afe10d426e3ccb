#include "core/crypto/hash.h"

#include "tests/core/crypto/vectors.h"

namespace coffre {
namespace {

std::string hex(const Hash& hash) { return to_hex(hash.view()); }

// FIPS 180-4 examples, https://csrc.nist.gov/projects/cryptographic-standards-and-guidelines.
TEST(Sha256, AgreesWithTheExamplesOfTheStandard) {
  EXPECT_EQ(hex(sha256(ByteView{})),
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(hex(sha256(as_bytes("abc"))),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(hex(sha256(as_bytes("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"))),
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  EXPECT_EQ(hex(sha256(as_bytes(std::string(1'000'000, 'a')))),
            "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST(Sha256, PartsAreConcatenated) {
  const Hash whole = sha256(as_bytes("abcdef"));
  EXPECT_EQ(sha256({as_bytes("abc"), as_bytes(""), as_bytes("def")}), whole);
  EXPECT_EQ(sha256({as_bytes("a"), as_bytes("bcdef")}), whole);
}

TEST(Sha256, InPiecesOfAnySizeIsTheSame) {
  const Bytes data(1000, 0x61);
  for (const std::size_t piece : std::initializer_list<std::size_t>{1, 63, 64, 65, 500, 1000}) {
    Sha256 state;
    for (std::size_t at = 0; at < data.size(); at += piece) {
      state.update(ByteView(data).subspan(at, std::min(piece, data.size() - at)));
    }
    EXPECT_EQ(state.finish(), sha256(data)) << piece;
  }
}

TEST(Sha256, MovesItsState) {
  Sha256 first;
  first.update(as_bytes("ab"));
  Sha256 second = std::move(first);
  second.update(as_bytes("c"));
  EXPECT_EQ(second.finish(), sha256(as_bytes("abc")));
}

TEST(Sha256DeathTest, FinishingTwiceIsOurBug) {
  Sha256 state;
  EXPECT_EQ(state.finish(), sha256(ByteView{}));
  EXPECT_DEATH(static_cast<void>(state.finish()), "finished");
}

// RFC 6962 §2.1; the values are those of the RFC's own reference tree with two leaves, "" and 00
// (https://github.com/google/certificate-transparency, merkletree tests).
TEST(Merkle, AgreesWithTheReferenceTree) {
  const Hash first = merkle_leaf({});
  constexpr std::array<Byte, 1> kZero{0};
  const Hash second = merkle_leaf(kZero);
  EXPECT_EQ(hex(first), "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d");
  EXPECT_EQ(hex(merkle_node(first, second)),
            "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125");
}

TEST(Merkle, LeavesAndNodesNeverAgree) {
  const Hash left = merkle_leaf(as_bytes("l"));
  const Hash right = merkle_leaf(as_bytes("r"));
  Bytes both = test::bytes_of(left.view());
  both.insert(both.end(), right.bytes.begin(), right.bytes.end());
  EXPECT_NE(merkle_leaf(both), merkle_node(left, right));
  EXPECT_NE(merkle_node(left, right), merkle_node(right, left));
}

}  // namespace
}  // namespace coffre
