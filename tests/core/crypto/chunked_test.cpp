#include "core/crypto/chunked.h"

#include <crypto++/aes.h>
#include <crypto++/modes.h>
#include <functional>

#include "core/crypto/hash.h"
#include "tests/core/crypto/vectors.h"

namespace coffre {
namespace {

using chunked::kChunkSize;
using chunked::kHeaderSize;
using chunked::kSealedChunkSize;

Bytes keystream(std::string_view name, std::size_t size) {
  const Hash key = sha256(as_bytes(name));
  const std::array<Byte, 16> first{};
  Bytes message(size);
  CryptoPP::CTR_Mode<CryptoPP::AES>::Encryption cipher;
  cipher.SetKeyWithIV(key.bytes.data(), key.bytes.size(), first.data(), first.size());
  cipher.ProcessData(message.data(), message.data(), message.size());
  return message;
}

// Gives the salt of a vector to whoever asks for randomness.
class FixedRandom final : public Random {
 public:
  explicit FixedRandom(Bytes bytes) : bytes_(std::move(bytes)) {}
  [[nodiscard]] Status fill(MutableByteView out) override {
    if (out.size() != bytes_.size()) return fail(Code::kFailed, "another size");
    std::copy(bytes_.begin(), bytes_.end(), out.begin());
    return {};
  }

 private:
  Bytes bytes_;
};

// tests/vectors/chunked_encryption.json: https://c2sp.org/chunked-encryption, made with OpenSSL.
// The message of a vector is the AES-256-CTR keystream under SHA-256("msg" and its length), first
// counter zero, except where it is written out.
TEST(Chunked, AgreesWithTheVectors) {
  const nlohmann::json vectors = test::own_vectors("chunked_encryption.json");
  ASSERT_FALSE(vectors.is_null());
  int run = 0;
  std::size_t longest = 0;
  for (const auto& vector : vectors.at("vectors")) {
    const auto length = vector.at("length").get<std::size_t>();
    SCOPED_TRACE(length);
    const Bytes message = vector.contains("message")
                              ? test::hex_field(vector, "message")
                              : keystream("msg" + std::to_string(length), length);
    ASSERT_EQ(message.size(), length);
    ASSERT_EQ(to_hex(sha256(message).view()), test::text_field(vector, "message_sha256"));
    const Bytes input_key = test::hex_field(vector, "input_key");
    const Bytes context = test::hex_field(vector, "context");
    FixedRandom salt(test::hex_field(vector, "salt"));
    for (const std::size_t threads : std::initializer_list<std::size_t>{1, 3}) {
      const auto sealed = chunked::seal(input_key, context, message, salt, threads);
      ASSERT_TRUE(sealed.has_value());
      EXPECT_EQ(sealed->size(), vector.at("ciphertext_length").get<std::size_t>());
      EXPECT_EQ(sealed->size(), chunked::ciphertext_size(length));
      EXPECT_EQ(to_hex(ByteView(*sealed).subspan(24, 32)), test::text_field(vector, "commitment"));
      EXPECT_EQ(to_hex(sha256(*sealed).view()), test::text_field(vector, "ciphertext_sha256"));
      if (vector.contains("ciphertext") && vector.at("ciphertext").is_string()) {
        EXPECT_EQ(to_hex(*sealed), test::text_field(vector, "ciphertext"));
      }
      const auto opened = chunked::open(input_key, context, *sealed, threads);
      ASSERT_TRUE(opened.has_value());
      EXPECT_TRUE(std::ranges::equal(opened->expose(), message));
    }
    longest = std::max(longest, length);
    ++run;
  }
  EXPECT_EQ(run, 16);
  EXPECT_EQ(longest, 4'194'381U);
}

class ChunkedMessage : public testing::Test {
 protected:
  // Two full chunks and a short one.
  void SetUp() override {
    message_ = keystream("a message of the test", 2 * kChunkSize + 100);
    auto sealed = chunked::seal(key_, as_bytes("context"), message_, random_);
    ASSERT_TRUE(sealed.has_value());
    sealed_ = *std::move(sealed);
  }
  void expect_refused(ByteView ciphertext, std::string_view context = "context") {
    const auto opened = chunked::open(key_, as_bytes(context), ciphertext);
    ASSERT_FALSE(opened.has_value());
    EXPECT_EQ(opened.error().code, Code::kDamaged);
  }
  MutableByteView sealed_chunk(std::size_t index) {
    const std::size_t at = kHeaderSize + index * kSealedChunkSize;
    return MutableByteView(sealed_).subspan(at, std::min(kSealedChunkSize, sealed_.size() - at));
  }

  SeededRandom random_{21};
  Bytes key_ = Bytes(32, 8);
  Bytes message_;
  Bytes sealed_;
};

TEST_F(ChunkedMessage, ComesBack) {
  const auto opened = chunked::open(key_, as_bytes("context"), sealed_);
  ASSERT_TRUE(opened.has_value());
  EXPECT_TRUE(std::ranges::equal(opened->expose(), message_));
}

TEST_F(ChunkedMessage, EachSealDrawsAnotherSalt) {
  const auto again = chunked::seal(key_, as_bytes("context"), message_, random_);
  ASSERT_TRUE(again.has_value());
  EXPECT_FALSE(std::ranges::equal(ByteView(*again).first(24), ByteView(sealed_).first(24)));
}

TEST_F(ChunkedMessage, EveryFlippedBitOfHeaderAndTagsIsRefused) {
  std::vector<std::size_t> positions;
  for (std::size_t at = 0; at < kHeaderSize; ++at) positions.push_back(at);
  for (std::size_t chunk = 0; chunk < 3; ++chunk) {
    const std::size_t start = kHeaderSize + chunk * kSealedChunkSize;
    const std::size_t end = start + sealed_chunk(chunk).size();
    for (std::size_t at = end - 17; at < end; ++at) positions.push_back(at);
    for (const std::size_t at : {start, start + 1, start + 50}) positions.push_back(at);
  }
  for (const std::size_t at : positions) {
    for (const Byte mask : {Byte{0x01}, Byte{0x10}, Byte{0x80}}) {
      SCOPED_TRACE(at);
      sealed_[at] ^= mask;
      expect_refused(sealed_);
      sealed_[at] ^= mask;
    }
  }
}

TEST_F(ChunkedMessage, AFlippedBitAnywhereInAChunkIsRefused) {
  for (std::size_t at = kHeaderSize; at < sealed_.size(); at += 97) {
    SCOPED_TRACE(at);
    sealed_[at] ^= 4;
    expect_refused(sealed_);
    sealed_[at] ^= 4;
  }
}

TEST_F(ChunkedMessage, TruncationIsRefused) {
  std::vector<std::size_t> sizes;
  for (std::size_t size = 0; size <= kHeaderSize + 17; ++size) sizes.push_back(size);
  for (std::size_t chunk = 1; chunk < 3; ++chunk) {
    const std::size_t edge = kHeaderSize + chunk * kSealedChunkSize;
    for (std::size_t size = edge - 18; size <= edge + 18; ++size) sizes.push_back(size);
  }
  for (std::size_t cut = 1; cut <= 116; ++cut) sizes.push_back(sealed_.size() - cut);
  for (const std::size_t size : sizes) {
    SCOPED_TRACE(size);
    expect_refused(ByteView(sealed_).first(size));
  }
}

TEST_F(ChunkedMessage, ALastChunkThatIsDroppedIsRefused) {
  expect_refused(ByteView(sealed_).first(kHeaderSize + 2 * kSealedChunkSize));
  expect_refused(ByteView(sealed_).first(kHeaderSize + kSealedChunkSize));
  expect_refused(ByteView(sealed_).first(kHeaderSize));
}

TEST_F(ChunkedMessage, TheEmptyLastChunkOfAWholeMultipleCannotBeDropped) {
  const auto sealed =
      chunked::seal(key_, as_bytes("context"), ByteView(message_).first(2 * kChunkSize), random_);
  ASSERT_TRUE(sealed.has_value());
  EXPECT_EQ(sealed->size(), kHeaderSize + 2 * kSealedChunkSize + 16);
  expect_refused(ByteView(*sealed).first(sealed->size() - 16));
}

TEST_F(ChunkedMessage, AnAppendedChunkIsRefused) {
  Bytes longer = sealed_;
  longer.insert(longer.end(), 16, Byte{0});
  expect_refused(longer);
  longer = sealed_;
  const ByteView first = sealed_chunk(0);
  longer.insert(longer.end(), first.begin(), first.end());
  expect_refused(longer);
  longer = sealed_;
  longer.insert(longer.begin() + kHeaderSize, first.begin(), first.end());
  expect_refused(longer);
}

TEST_F(ChunkedMessage, ChunksInAnotherOrderAreRefused) {
  std::ranges::swap_ranges(sealed_chunk(0), sealed_chunk(1));
  expect_refused(sealed_);
}

TEST_F(ChunkedMessage, AChunkOfAnotherMessageIsRefused) {
  const auto other = chunked::seal(key_, as_bytes("context"), message_, random_);
  ASSERT_TRUE(other.has_value());
  std::ranges::copy(ByteView(*other).subspan(kHeaderSize, kSealedChunkSize),
                    sealed_chunk(0).begin());
  expect_refused(sealed_);
}

TEST_F(ChunkedMessage, AnotherContextOrKeyIsRefused) {
  expect_refused(sealed_, "Context");
  expect_refused(sealed_, "");
  key_[31] ^= 1;
  expect_refused(sealed_);
}

TEST_F(ChunkedMessage, KeysOfOtherLengthsAreRefused) {
  const auto sealed = chunked::seal(Bytes(31), {}, message_, random_);
  ASSERT_FALSE(sealed.has_value());
  EXPECT_EQ(sealed.error().code, Code::kInvalidArgument);
  EXPECT_FALSE(chunked::Keys::with_salt(key_, {}, Bytes(23)).has_value());
  EXPECT_FALSE(chunked::Keys::open(key_, {}, Bytes(55)).has_value());
}

TEST_F(ChunkedMessage, ChunksOpenInAnyOrderAndAFailureWipes) {
  const auto keys =
      chunked::Keys::open(key_, as_bytes("context"), ByteView(sealed_).first(kHeaderSize));
  ASSERT_TRUE(keys.has_value());
  auto worker = chunked::Worker::create(*keys);
  ASSERT_TRUE(worker.has_value());
  for (const std::size_t index : std::initializer_list<std::size_t>{2, 0, 1, 0}) {
    const ByteView chunk = sealed_chunk(index);
    Bytes opened(chunk.size() - 16);
    EXPECT_TRUE(worker->open(index, chunk, opened));
    EXPECT_TRUE(
        std::ranges::equal(opened, ByteView(message_).subspan(index * kChunkSize, opened.size())));
    EXPECT_FALSE(worker->open(index + 1, chunk, opened));
    EXPECT_EQ(opened, Bytes(opened.size(), 0));
  }
  Bytes opened(10, 7);
  EXPECT_FALSE(worker->open(0, Bytes(15), opened));
  EXPECT_EQ(opened, Bytes(10, 0));
  EXPECT_FALSE(worker->open(0, Bytes(kSealedChunkSize + 1), opened));
}

TEST_F(ChunkedMessage, AWorkerSealsInPlaceWhatSealMakes) {
  const auto keys = chunked::Keys::with_salt(key_, as_bytes("context"),
                                             ByteView(sealed_).first(chunked::kSaltSize));
  ASSERT_TRUE(keys.has_value());
  EXPECT_TRUE(std::ranges::equal(keys->header(), ByteView(sealed_).first(kHeaderSize)));
  auto worker = chunked::Worker::create(*keys);
  ASSERT_TRUE(worker.has_value());
  for (const std::size_t index : std::initializer_list<std::size_t>{1, 2, 0}) {
    Bytes buffer(sealed_chunk(index).size());
    const std::size_t size = buffer.size() - 16;
    std::ranges::copy(ByteView(message_).subspan(index * kChunkSize, size), buffer.begin());
    worker->seal(index, ByteView(buffer).first(size), buffer);
    EXPECT_TRUE(std::ranges::equal(buffer, sealed_chunk(index)));
  }
}

TEST(ChunkedSizes, GoBothWays) {
  std::uint64_t last = 0;
  for (std::uint64_t size = 0; size < 3 * kChunkSize; ++size) {
    const std::uint64_t sealed = chunked::ciphertext_size(size);
    ASSERT_GT(sealed, last);
    // The lengths between those of neighbours belong to no message.
    for (std::uint64_t none = last + 1; none < sealed; ++none) {
      ASSERT_FALSE(chunked::message_size(none).has_value()) << none;
    }
    ASSERT_EQ(chunked::message_size(sealed).value(), size);
    last = sealed;
  }
}

TEST(ChunkedSizes, AreLimited) {
  const std::uint64_t largest = chunked::ciphertext_size(chunked::kMessageSizeMax);
  EXPECT_EQ(chunked::message_size(largest).value(), chunked::kMessageSizeMax);
  EXPECT_FALSE(chunked::message_size(largest + 1).has_value());
  EXPECT_FALSE(chunked::message_size(UINT64_MAX).has_value());
}

}  // namespace
}  // namespace coffre
