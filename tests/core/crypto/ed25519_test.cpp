#include "core/crypto/ed25519.h"

#include <algorithm>

#include "tests/core/crypto/vectors.h"

namespace coffre {
namespace {

constexpr const char* kOrder = "edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010";

SigningKey test_key() {
  SeededRandom random(3);
  Result<SigningKey> key = SigningKey::generate(random);
  EXPECT_TRUE(key.has_value());
  return *std::move(key);
}

SigningPublicKey key_of(std::string_view hex) {
  const auto key = fixed_from_hex<SigningPublicKey>(hex);
  EXPECT_TRUE(key.has_value());
  return key.value_or(SigningPublicKey{});
}

Signature signature_of(std::string_view r, std::string_view s) {
  const auto signature = fixed_from_hex<Signature>(std::string(r) + std::string(s));
  EXPECT_TRUE(signature.has_value());
  return signature.value_or(Signature{});
}

// A little-endian 256-bit sum: S + L.
void add(MutableByteView to, ByteView value) {
  unsigned carry = 0;
  for (std::size_t i = 0; i < 32; ++i) {
    carry += static_cast<unsigned>(to[i]) + value[i];
    to[i] = static_cast<Byte>(carry);
    carry >>= 8;
  }
  ASSERT_EQ(carry, 0U);
}

// https://github.com/C2SP/wycheproof, ed25519_test.json. A signature of another length than 64
// bytes has no Signature: from() refuses it. Our rules on small order and on the encoding of A and
// R are stricter than RFC 8032 asks for, and than Wycheproof checks: no case of it that is valid
// meets them (the rules have tests of their own below).
TEST(Ed25519, AgreesWithWycheproof) {
  const nlohmann::json vectors = test::wycheproof("ed25519");
  COFFRE_SKIP_WITHOUT(vectors);
  int valid = 0;
  int invalid = 0;
  int other_length = 0;
  for (const auto& group : vectors.at("testGroups")) {
    const auto key = SigningPublicKey::from(test::hex_field(group.at("publicKey"), "pk"));
    ASSERT_TRUE(key.has_value());
    for (const auto& vector : group.at("tests")) {
      SCOPED_TRACE(vector.at("tcId").get<int>());
      const auto signature = Signature::from(test::hex_field(vector, "sig"));
      if (!signature.has_value()) {
        ++other_length;
        EXPECT_EQ(test::text_field(vector, "result"), "invalid");
        continue;
      }
      const bool accepted = verify_signature(*key, test::hex_field(vector, "msg"), *signature);
      EXPECT_EQ(accepted, test::text_field(vector, "result") == "valid");
      ++(accepted ? valid : invalid);
    }
  }
  EXPECT_EQ(valid, 88);
  EXPECT_EQ(invalid, 51);
  EXPECT_EQ(other_length, 12);
}

// https://www.rfc-editor.org/rfc/rfc8032#section-7.1, test 1.
TEST(Ed25519, SignsAsTheRfc) {
  const auto seed = from_hex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60");
  ASSERT_TRUE(seed.has_value());
  const auto key = SigningKey::from_seed(*seed);
  ASSERT_TRUE(key.has_value());
  EXPECT_EQ(to_hex(key->public_key().view()),
            "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a");
  EXPECT_EQ(to_hex(key->sign({}).view()),
            "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
            "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b");
}

TEST(Ed25519, VerifiesWhatItSigned) {
  const SigningKey key = test_key();
  for (const std::size_t size : std::initializer_list<std::size_t>{0, 1, 64, 1000}) {
    const Bytes message(size, 5);
    const Signature signature = key.sign(message);
    EXPECT_EQ(signature, key.sign(message)) << "signing is deterministic";
    EXPECT_TRUE(verify_signature(key.public_key(), message, signature));
  }
}

TEST(Ed25519, EveryFlippedBitIsRefused) {
  const SigningKey key = test_key();
  const Bytes message(20, 5);
  const Signature signature = key.sign(message);
  for (std::size_t bit = 0; bit < 64 * 8; ++bit) {
    Signature changed = signature;
    changed.bytes[bit / 8] ^= static_cast<Byte>(1U << (bit % 8));
    EXPECT_FALSE(verify_signature(key.public_key(), message, changed)) << bit;
  }
  for (std::size_t bit = 0; bit < 32 * 8; ++bit) {
    SigningPublicKey changed = key.public_key();
    changed.bytes[bit / 8] ^= static_cast<Byte>(1U << (bit % 8));
    EXPECT_FALSE(verify_signature(changed, message, signature)) << bit;
  }
}

TEST(Ed25519, ASecondEncodingOfSIsRefused) {
  const SigningKey key = test_key();
  const Bytes message(20, 5);
  Signature signature = key.sign(message);
  const auto order = from_hex(kOrder);
  ASSERT_TRUE(order.has_value());
  add(MutableByteView(signature.bytes).last(32), *order);
  EXPECT_FALSE(verify_signature(key.public_key(), message, signature));
}

// With A of small order the equation S·B = R + k·A has solutions that nobody signed: R = B and
// S = 1 when A is the identity, for every message.
TEST(Ed25519, AnIdentityKeyIsRefused) {
  const std::string base = "5866666666666666666666666666666666666666666666666666666666666666";
  const std::string one = "01" + std::string(62, '0');
  const Signature forged = signature_of(base, one);
  EXPECT_FALSE(verify_signature(key_of(one), as_bytes("any message"), forged));
}

constexpr std::array<const char*, 14> kSmallOrderOrNotCanonical = {
    "0100000000000000000000000000000000000000000000000000000000000000",  // y = 1
    "0100000000000000000000000000000000000000000000000000000000000080",  // y = 1, x = -0
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",  // y = -1
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",  // y = -1, x = -0
    "0000000000000000000000000000000000000000000000000000000000000000",  // y = 0: order 4
    "0000000000000000000000000000000000000000000000000000000000000080",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",  // order 8
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",  // y = p
    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",  // y = p + 1
    "f0ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",  // y = p + 3
    "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",  // y = p + 18
};

TEST(Ed25519, KeysOfSmallOrderOrNotCanonicalAreRefused) {
  const std::string base = "5866666666666666666666666666666666666666666666666666666666666666";
  const std::string zero(64, '0');
  for (const std::string_view encoded : kSmallOrderOrNotCanonical) {
    const SigningPublicKey key = key_of(encoded);
    // One of a few messages would pass where k·A vanishes: k is a multiple of the order 1 in 8.
    for (int message = 0; message < 64; ++message) {
      const Bytes text(1, static_cast<Byte>(message));
      EXPECT_FALSE(verify_signature(key, text, signature_of(base, "01" + zero.substr(2))));
      EXPECT_FALSE(verify_signature(key, text, signature_of("01" + zero.substr(2), zero)));
    }
  }
}

TEST(Ed25519, AnROfSmallOrderOrNotCanonicalIsRefused) {
  const SigningKey key = test_key();
  const Signature signed_well = key.sign({});
  for (const std::string_view encoded : kSmallOrderOrNotCanonical) {
    const Signature signature = signature_of(encoded, to_hex(ByteView(signed_well.bytes).last(32)));
    EXPECT_FALSE(verify_signature(key.public_key(), {}, signature));
  }
}

TEST(Ed25519, SNotBelowTheOrderIsRefused) {
  const SigningKey key = test_key();
  const std::string r = to_hex(ByteView(key.sign({}).bytes).first(32));
  EXPECT_FALSE(verify_signature(key.public_key(), {}, signature_of(r, kOrder)));
  EXPECT_FALSE(verify_signature(key.public_key(), {}, signature_of(r, std::string(64, 'f'))));
}

TEST(Ed25519, ACloneIsTheSameKey) {
  const SigningKey key = test_key();
  const auto copy = key.clone();
  ASSERT_TRUE(copy.has_value());
  EXPECT_EQ(copy->public_key(), key.public_key());
  EXPECT_EQ(copy->sign({}), key.sign({}));
}

TEST(Ed25519, SeedsOfOtherLengthsAreRefused) {
  for (const std::size_t size : std::initializer_list<std::size_t>{0, 31, 33, 64}) {
    const auto key = SigningKey::from_seed(Bytes(size));
    ASSERT_FALSE(key.has_value());
    EXPECT_EQ(key.error().code, Code::kInvalidArgument);
  }
}

}  // namespace
}  // namespace coffre
