#include "core/crypto/aead.h"

#include <unistd.h>

#include "tests/core/crypto/vectors.h"

namespace coffre {
namespace {

constexpr std::array<Byte, kAeadKeySize> kKey = {1, 2, 3};
constexpr std::array<Byte, kAeadNonceSize> kNonce = {4, 5, 6};

Bytes bytes(std::string_view text) { return test::bytes_of(as_bytes(text)); }

Code code_of(const Result<Secret>& result) {
  EXPECT_FALSE(result.has_value());
  return result.has_value() ? Code::kFailed : result.error().code;
}

// https://github.com/C2SP/wycheproof, aes_gcm_test.json. We have one key size, one nonce size and
// one tag size: the other groups do not concern us and AeadKey cannot express them.
TEST(Aead, AgreesWithWycheproof) {
  const nlohmann::json vectors = test::wycheproof("aes_gcm");
  COFFRE_SKIP_WITHOUT(vectors);
  int valid = 0;
  int invalid = 0;
  for (const auto& group : vectors.at("testGroups")) {
    if (group.at("keySize") != 256 || group.at("ivSize") != 96 || group.at("tagSize") != 128) {
      continue;
    }
    for (const auto& vector : group.at("tests")) {
      SCOPED_TRACE(vector.at("tcId").get<int>());
      Result<AeadKey> key = AeadKey::create(test::hex_field(vector, "key"));
      ASSERT_TRUE(key.has_value());
      const Bytes nonce = test::hex_field(vector, "iv");
      const Bytes associated = test::hex_field(vector, "aad");
      const Bytes message = test::hex_field(vector, "msg");
      Bytes sealed = test::hex_field(vector, "ct");
      const Bytes tag = test::hex_field(vector, "tag");
      sealed.insert(sealed.end(), tag.begin(), tag.end());
      Bytes opened(message.size(), 0xee);
      if (test::text_field(vector, "result") == "valid") {
        ++valid;
        EXPECT_TRUE(key->open(nonce, associated, sealed, opened));
        EXPECT_EQ(opened, message);
        Bytes again(sealed.size());
        key->seal(nonce, associated, message, again);
        EXPECT_EQ(again, sealed);
      } else {
        ++invalid;
        EXPECT_FALSE(key->open(nonce, associated, sealed, opened));
        EXPECT_EQ(opened, Bytes(message.size(), 0)) << "something was revealed";
      }
    }
  }
  EXPECT_EQ(valid, 39);
  EXPECT_EQ(invalid, 27);
}

TEST(Aead, RefusesKeysOfOtherLengths) {
  for (const std::size_t size : std::initializer_list<std::size_t>{0, 16, 24, 31, 33}) {
    const Result<AeadKey> key = AeadKey::create(Bytes(size));
    ASSERT_FALSE(key.has_value()) << size;
    EXPECT_EQ(key.error().code, Code::kInvalidArgument);
  }
}

TEST(Aead, SealsAndOpensInPlace) {
  Result<AeadKey> key = AeadKey::create(kKey);
  ASSERT_TRUE(key.has_value());
  const Bytes message = bytes("a message that is longer than one block of the cipher");
  Bytes apart(message.size() + kAeadTagSize);
  key->seal(kNonce, {}, message, apart);
  Bytes buffer = message;
  buffer.resize(message.size() + kAeadTagSize);
  key->seal(kNonce, {}, ByteView(buffer).first(message.size()), buffer);
  EXPECT_EQ(buffer, apart);
  EXPECT_TRUE(key->open(kNonce, {}, buffer, MutableByteView(buffer).first(message.size())));
  buffer.resize(message.size());
  EXPECT_EQ(buffer, message);
}

TEST(Aead, OneKeySealsAndOpensInAnyOrder) {
  Result<AeadKey> key = AeadKey::create(kKey);
  Result<AeadKey> fresh = AeadKey::create(kKey);
  ASSERT_TRUE(key.has_value() && fresh.has_value());
  for (std::size_t size : std::initializer_list<std::size_t>{0, 1, 15, 16, 17, 4096, 100, 0, 31}) {
    const Bytes message(size, static_cast<Byte>(size));
    const Bytes associated(size % 37, 7);
    Bytes sealed(size + kAeadTagSize);
    key->seal(kNonce, associated, message, sealed);
    Bytes opened(size);
    EXPECT_TRUE(fresh->open(kNonce, associated, sealed, opened));
    EXPECT_EQ(opened, message);
    EXPECT_TRUE(key->open(kNonce, associated, sealed, opened));
    sealed.back() ^= 1;
    EXPECT_FALSE(key->open(kNonce, associated, sealed, opened));
  }
}

// In a process of its own: nobody else's secrets are to go.
TEST(AeadDeathTest, ItsScheduleGoesWithAllSecrets) {
  const auto end = [] {
    const Bytes plaintext = bytes("secret");
    Bytes sealed(plaintext.size() + kAeadTagSize);
    Bytes opened(plaintext.size());
    AeadKey key = AeadKey::create(kKey).value();
    {
      const AeadKey gone = AeadKey::create(kKey).value();
      AeadKey moved = AeadKey::create(kKey).value();
      key = std::move(moved);
    }
    key.seal(kNonce, {}, plaintext, sealed);
    const bool before = key.open(kNonce, {}, sealed, opened);
    wipe_secrets();
    const bool after = key.open(kNonce, {}, sealed, opened);
    AeadKey again = AeadKey::create(kKey).value();
    _exit(before && !after && again.open(kNonce, {}, sealed, opened) ? 0 : 1);
  };
  EXPECT_EXIT(end(), testing::ExitedWithCode(0), "");
}

TEST(Aead, TooShortToHoldATagIsRefused) {
  Result<AeadKey> key = AeadKey::create(kKey);
  ASSERT_TRUE(key.has_value());
  for (std::size_t size = 0; size < kAeadTagSize; ++size) {
    EXPECT_FALSE(key->open(kNonce, {}, Bytes(size), {}));
  }
}

TEST(Box, ComesBack) {
  SeededRandom random(1);
  Result<AeadKey> key = AeadKey::create(kKey);
  ASSERT_TRUE(key.has_value());
  for (const std::size_t size : std::initializer_list<std::size_t>{0, 1, 16, 1000}) {
    const Bytes message(size, 9);
    const Result<Bytes> box = seal_box(*key, random, bytes("row 1"), message);
    ASSERT_TRUE(box.has_value());
    EXPECT_EQ(box->size(), size + kAeadNonceSize + kAeadTagSize);
    const Result<Secret> opened = open_box(*key, bytes("row 1"), *box);
    ASSERT_TRUE(opened.has_value());
    EXPECT_EQ(test::bytes_of(opened->expose()), message);
  }
}

TEST(Box, OpensIntoMemoryThatIsThereAndWipesItWhenNotAuthentic) {
  AeadKey key = *AeadKey::create(Bytes(kAeadKeySize, 1));
  const Bytes associated{7};
  const Bytes plaintext(100, 9);
  Bytes box = *seal_box(key, system_random(), associated, plaintext);
  ASSERT_EQ(box.size(), plaintext.size() + kBoxAdded);
  Bytes out(plaintext.size(), 3);
  ASSERT_TRUE(open_box_into(key, associated, box, out));
  EXPECT_EQ(out, plaintext);
  box[20] ^= 1;
  EXPECT_EQ(open_box_into(key, associated, box, out).error().code, Code::kDamaged);
  EXPECT_EQ(out, Bytes(plaintext.size(), 0));
}

TEST(Box, DrawsAnotherNonceEachTime) {
  SeededRandom random(1);
  Result<AeadKey> key = AeadKey::create(kKey);
  ASSERT_TRUE(key.has_value());
  const Result<Bytes> one = seal_box(*key, random, {}, bytes("same"));
  const Result<Bytes> two = seal_box(*key, random, {}, bytes("same"));
  ASSERT_TRUE(one.has_value() && two.has_value());
  EXPECT_NE(*one, *two);
}

TEST(Box, EveryFlippedBitIsRefused) {
  SeededRandom random(1);
  Result<AeadKey> key = AeadKey::create(kKey);
  ASSERT_TRUE(key.has_value());
  Result<Bytes> box = seal_box(*key, random, bytes("row 1"), bytes("secret"));
  ASSERT_TRUE(box.has_value());
  for (std::size_t bit = 0; bit < box->size() * 8; ++bit) {
    const auto mask = static_cast<Byte>(1U << (bit % 8));
    (*box)[bit / 8] ^= mask;
    EXPECT_EQ(code_of(open_box(*key, bytes("row 1"), *box)), Code::kDamaged) << bit;
    (*box)[bit / 8] ^= mask;
  }
}

TEST(Box, EveryTruncationIsRefused) {
  SeededRandom random(1);
  Result<AeadKey> key = AeadKey::create(kKey);
  ASSERT_TRUE(key.has_value());
  const Result<Bytes> box = seal_box(*key, random, {}, bytes("secret"));
  ASSERT_TRUE(box.has_value());
  for (std::size_t size = 0; size < box->size(); ++size) {
    EXPECT_EQ(code_of(open_box(*key, {}, ByteView(*box).first(size))), Code::kDamaged) << size;
  }
}

TEST(Box, OtherAssociatedDataIsRefused) {
  SeededRandom random(1);
  Result<AeadKey> key = AeadKey::create(kKey);
  ASSERT_TRUE(key.has_value());
  const Result<Bytes> box = seal_box(*key, random, bytes("row 1"), bytes("secret"));
  ASSERT_TRUE(box.has_value());
  EXPECT_EQ(code_of(open_box(*key, bytes("row 2"), *box)), Code::kDamaged);
  EXPECT_EQ(code_of(open_box(*key, {}, *box)), Code::kDamaged);
}

class NoRandom final : public Random {
 public:
  [[nodiscard]] Status fill(MutableByteView) override { return fail(Code::kFailed, "none"); }
};

TEST(Box, WithoutRandomnessNothingIsSealed) {
  NoRandom random;
  Result<AeadKey> key = AeadKey::create(kKey);
  ASSERT_TRUE(key.has_value());
  EXPECT_FALSE(seal_box(*key, random, {}, bytes("secret")).has_value());
}

}  // namespace
}  // namespace coffre
