#include "core/crypto/hpke.h"

#include <optional>

#include "tests/core/crypto/vectors.h"

namespace coffre {
namespace {

Result<ExchangeKey> recipient_of(const nlohmann::json& vector) {
  return ExchangeKey::from_private(test::hex_field(vector, "recipient_private"));
}

// tests/vectors/hpke.json, made with https://www.npmjs.com/package/@hpke/core.
TEST(Hpke, OpensWhatOthersSealed) {
  const nlohmann::json vectors = test::own_vectors("hpke.json");
  ASSERT_FALSE(vectors.is_null());
  int run = 0;
  for (const auto& vector : vectors.at("vectors")) {
    SCOPED_TRACE(run);
    const auto recipient = recipient_of(vector);
    const auto encapsulated = ExchangePublicKey::from(test::hex_field(vector, "enc"));
    ASSERT_TRUE(recipient.has_value() && encapsulated.has_value());
    EXPECT_EQ(to_hex(recipient->public_key().view()), test::text_field(vector, "recipient_public"));
    const Bytes info = test::hex_field(vector, "info");
    const Bytes associated = test::hex_field(vector, "aad");
    const Bytes plaintext = test::hex_field(vector, "plaintext");
    auto context = hpke::RecipientContext::create(*recipient, *encapsulated, info);
    ASSERT_TRUE(context.has_value());
    for (const char* field : {"ciphertext_seq0", "ciphertext_seq1"}) {
      const Bytes sealed = test::hex_field(vector, field);
      Bytes damaged = sealed;
      damaged.back() ^= 1;
      EXPECT_FALSE(context->open(associated, damaged).has_value()) << "must not advance";
      const Result<Secret> opened = context->open(associated, sealed);
      ASSERT_TRUE(opened.has_value());
      EXPECT_EQ(test::bytes_of(opened->expose()), plaintext);
    }
    const auto exported = context->export_secret(test::hex_field(vector, "exporter_context"), 32);
    ASSERT_TRUE(exported.has_value());
    EXPECT_EQ(to_hex(exported->expose()), test::text_field(vector, "exported_32"));

    Bytes message = test::bytes_of(encapsulated->view());
    const Bytes first = test::hex_field(vector, "ciphertext_seq0");
    message.insert(message.end(), first.begin(), first.end());
    const Result<Secret> single = hpke::open(*recipient, info, associated, message);
    ASSERT_TRUE(single.has_value());
    EXPECT_EQ(test::bytes_of(single->expose()), plaintext);
    ++run;
  }
  EXPECT_EQ(run, 12);
}

class HpkeMessage : public testing::Test {
 protected:
  void SetUp() override {
    auto key = ExchangeKey::generate(random_);
    ASSERT_TRUE(key.has_value());
    recipient_ = *std::move(key);
    auto sealed = hpke::seal(recipient_->public_key(), as_bytes("info"), as_bytes("associated"),
                             as_bytes("secret"), random_);
    ASSERT_TRUE(sealed.has_value());
    message_ = *std::move(sealed);
  }
  Result<Secret> open(ByteView message) {
    return hpke::open(*recipient_, as_bytes("info"), as_bytes("associated"), message);
  }

  SeededRandom random_{11};
  std::optional<ExchangeKey> recipient_;
  Bytes message_;
};

TEST_F(HpkeMessage, ComesBack) {
  EXPECT_EQ(message_.size(), hpke::kEncapsulatedSize + 6 + 16);
  const Result<Secret> opened = open(message_);
  ASSERT_TRUE(opened.has_value());
  EXPECT_EQ(as_text(opened->expose()), "secret");
}

TEST_F(HpkeMessage, AnEmptyMessageComesBack) {
  const auto sealed = hpke::seal(recipient_->public_key(), {}, {}, {}, random_);
  ASSERT_TRUE(sealed.has_value());
  const auto opened = hpke::open(*recipient_, {}, {}, *sealed);
  ASSERT_TRUE(opened.has_value());
  EXPECT_TRUE(opened->empty());
}

TEST_F(HpkeMessage, EveryFlippedBitIsRefused) {
  for (std::size_t bit = 0; bit < message_.size() * 8; ++bit) {
    // X25519 ignores the highest bit of a public key, but HPKE hashes the encapsulated key.
    Bytes changed = message_;
    changed[bit / 8] ^= static_cast<Byte>(1U << (bit % 8));
    const Result<Secret> opened = open(changed);
    ASSERT_FALSE(opened.has_value()) << bit;
    EXPECT_EQ(opened.error().code, Code::kDamaged);
  }
}

TEST_F(HpkeMessage, EveryTruncationIsRefused) {
  for (std::size_t size = 0; size < message_.size(); ++size) {
    const Result<Secret> opened = open(ByteView(message_).first(size));
    ASSERT_FALSE(opened.has_value()) << size;
    EXPECT_EQ(opened.error().code, Code::kDamaged);
  }
}

TEST_F(HpkeMessage, OtherInfoAssociatedDataOrRecipientIsRefused) {
  EXPECT_FALSE(hpke::open(*recipient_, as_bytes("Info"), as_bytes("associated"), message_));
  EXPECT_FALSE(hpke::open(*recipient_, as_bytes("info"), {}, message_));
  const auto other = ExchangeKey::generate(random_);
  ASSERT_TRUE(other.has_value());
  EXPECT_FALSE(hpke::open(*other, as_bytes("info"), as_bytes("associated"), message_));
}

TEST_F(HpkeMessage, ARecipientKeyOfSmallOrderIsRefused) {
  const auto sealed = hpke::seal(ExchangePublicKey{}, {}, {}, as_bytes("secret"), random_);
  ASSERT_FALSE(sealed.has_value());
  EXPECT_EQ(sealed.error().code, Code::kDamaged);
}

TEST_F(HpkeMessage, ExportsOfImpossibleLengthsAreRefused) {
  const auto encapsulated = ExchangePublicKey::from(ByteView(message_).first(32));
  ASSERT_TRUE(encapsulated.has_value());
  const auto context = hpke::RecipientContext::create(*recipient_, *encapsulated, {});
  ASSERT_TRUE(context.has_value());
  EXPECT_FALSE(context->export_secret({}, 0).has_value());
  EXPECT_FALSE(context->export_secret({}, 255 * 32 + 1).has_value());
  EXPECT_TRUE(context->export_secret({}, 255 * 32).has_value());
}

}  // namespace
}  // namespace coffre
