#include "core/crypto/x25519.h"

#include <algorithm>

#include "tests/core/crypto/vectors.h"

namespace coffre {
namespace {

// https://github.com/C2SP/wycheproof, x25519_test.json. "Acceptable" are points on the twist and
// encodings that are not canonical: RFC 7748 computes with them and so do we; but a shared secret
// of zero, acceptable too in Wycheproof, is refused here: there we are stricter.
TEST(X25519, AgreesWithWycheproof) {
  const nlohmann::json vectors = test::wycheproof("x25519");
  COFFRE_SKIP_WITHOUT(vectors);
  int agreed = 0;
  int refused = 0;
  for (const auto& group : vectors.at("testGroups")) {
    for (const auto& vector : group.at("tests")) {
      SCOPED_TRACE(vector.at("tcId").get<int>());
      const auto key = ExchangeKey::from_private(test::hex_field(vector, "private"));
      const auto peer = ExchangePublicKey::from(test::hex_field(vector, "public"));
      ASSERT_TRUE(key.has_value() && peer.has_value());
      const Result<Secret> shared = key->agree(*peer);
      const auto flags = vector.at("flags").get<std::vector<std::string>>();
      if (std::ranges::find(flags, "ZeroSharedSecret") != flags.end()) {
        ++refused;
        EXPECT_NE(test::text_field(vector, "result"), "valid");
        ASSERT_FALSE(shared.has_value());
        EXPECT_EQ(shared.error().code, Code::kDamaged);
      } else {
        ++agreed;
        ASSERT_TRUE(shared.has_value());
        EXPECT_EQ(test::bytes_of(shared->expose()), test::hex_field(vector, "shared"));
      }
    }
  }
  EXPECT_EQ(agreed, 487);
  EXPECT_EQ(refused, 31);
}

// https://www.rfc-editor.org/rfc/rfc7748#section-6.1 (Bob).
TEST(X25519, ThePublicKeyAgreesWithTheRfc) {
  const auto bytes = from_hex("5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb");
  ASSERT_TRUE(bytes.has_value());
  const auto key = ExchangeKey::from_private(*bytes);
  ASSERT_TRUE(key.has_value());
  EXPECT_EQ(to_hex(key->public_key().view()),
            "de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f");
}

// https://www.rfc-editor.org/rfc/rfc7748#section-5.2: k and u start as 9; each round's result is
// the next k, and the old k the next u.
TEST(X25519, IteratedAThousandTimesAgreesWithTheRfc) {
  Bytes k(32);
  k[0] = 9;
  ExchangePublicKey u;
  u.bytes[0] = 9;
  for (int round = 1; round <= 1000; ++round) {
    const auto key = ExchangeKey::from_private(k);
    ASSERT_TRUE(key.has_value());
    const Result<Secret> shared = key->agree(u);
    ASSERT_TRUE(shared.has_value());
    std::ranges::copy(k, u.bytes.begin());
    k = test::bytes_of(shared->expose());
    if (round == 1) {
      EXPECT_EQ(to_hex(k), "422c8e7a6227d7bca1350b3e2bb7279f7897b87bb6854b783c60e80311ae3079");
    }
  }
  EXPECT_EQ(to_hex(k), "684cf59ba83309552800ef566f2f4d3c1c3887c49360e3875f2eb94d99532c51");
}

TEST(X25519, BothSidesAgree) {
  SeededRandom random(5);
  const auto one = ExchangeKey::generate(random);
  const auto two = ExchangeKey::generate(random);
  ASSERT_TRUE(one.has_value() && two.has_value());
  EXPECT_NE(one->public_key(), two->public_key());
  const Result<Secret> there = one->agree(two->public_key());
  const Result<Secret> back = two->agree(one->public_key());
  ASSERT_TRUE(there.has_value() && back.has_value());
  EXPECT_TRUE(equal_constant_time(there->expose(), back->expose()));
}

TEST(X25519, ACloneIsTheSameKey) {
  SeededRandom random(5);
  const auto key = ExchangeKey::generate(random);
  ASSERT_TRUE(key.has_value());
  const auto copy = key->clone();
  ASSERT_TRUE(copy.has_value());
  EXPECT_EQ(copy->public_key(), key->public_key());
  EXPECT_TRUE(equal_constant_time(copy->private_key().expose(), key->private_key().expose()));
}

TEST(X25519, ThePrivateKeyIsKeptAsGiven) {
  const Bytes unclamped(32, 0xff);
  const auto key = ExchangeKey::from_private(unclamped);
  ASSERT_TRUE(key.has_value());
  EXPECT_EQ(test::bytes_of(key->private_key().expose()), unclamped);
}

TEST(X25519, PrivateKeysOfOtherLengthsAreRefused) {
  for (const std::size_t size : std::initializer_list<std::size_t>{0, 31, 33}) {
    const auto key = ExchangeKey::from_private(Bytes(size));
    ASSERT_FALSE(key.has_value());
    EXPECT_EQ(key.error().code, Code::kInvalidArgument);
  }
}

}  // namespace
}  // namespace coffre
