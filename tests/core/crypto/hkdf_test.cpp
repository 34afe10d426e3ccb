#include "core/crypto/hkdf.h"

#include "tests/core/crypto/vectors.h"

namespace coffre {
namespace {

using Derive = Result<Secret> (*)(ByteView, ByteView, ByteView, std::size_t);

// https://github.com/C2SP/wycheproof, hkdf_sha{256,512}_test.json. Returns the number of cases.
void run_wycheproof(const nlohmann::json& vectors, Derive derive, int valid_wanted,
                    int invalid_wanted) {
  int valid = 0;
  int invalid = 0;
  for (const auto& group : vectors.at("testGroups")) {
    for (const auto& vector : group.at("tests")) {
      SCOPED_TRACE(vector.at("tcId").get<int>());
      const Result<Secret> out =
          derive(test::hex_field(vector, "salt"), test::hex_field(vector, "ikm"),
                 test::hex_field(vector, "info"), vector.at("size").get<std::size_t>());
      if (test::text_field(vector, "result") == "valid") {
        ++valid;
        ASSERT_TRUE(out.has_value());
        EXPECT_EQ(test::bytes_of(out->expose()), test::hex_field(vector, "okm"));
      } else {
        ++invalid;
        ASSERT_FALSE(out.has_value());
        EXPECT_EQ(out.error().code, Code::kInvalidArgument);
      }
    }
  }
  EXPECT_EQ(valid, valid_wanted);
  EXPECT_EQ(invalid, invalid_wanted);
}

TEST(Hkdf, Sha256AgreesWithWycheproof) {
  const nlohmann::json vectors = test::wycheproof("hkdf_sha256");
  COFFRE_SKIP_WITHOUT(vectors);
  run_wycheproof(vectors, hkdf_sha256, 83, 3);
}

TEST(Hkdf, Sha512AgreesWithWycheproof) {
  const nlohmann::json vectors = test::wycheproof("hkdf_sha512");
  COFFRE_SKIP_WITHOUT(vectors);
  run_wycheproof(vectors, hkdf_sha512, 80, 3);
}

// RFC 5869, test case 1: https://www.rfc-editor.org/rfc/rfc5869#appendix-A.1
TEST(Hkdf, ExtractAndExpandAgreeWithTheRfc) {
  const Bytes input(22, 0x0b);
  const Result<Bytes> salt = from_hex("000102030405060708090a0b0c");
  const Result<Bytes> info = from_hex("f0f1f2f3f4f5f6f7f8f9");
  ASSERT_TRUE(salt.has_value() && info.has_value());
  const Result<Secret> key = hkdf_sha256_extract(*salt, input);
  ASSERT_TRUE(key.has_value());
  EXPECT_EQ(to_hex(key->expose()),
            "077709362c2e32df0ddc3f0dc47bba6390b6c73bb50f9c3122ec844ad7c2b3e5");
  const Result<Secret> out = hkdf_sha256_expand(key->expose(), *info, 42);
  ASSERT_TRUE(out.has_value());
  EXPECT_EQ(to_hex(out->expose()),
            "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865");
}

TEST(Hkdf, ImpossibleLengthsAreRefused) {
  const Bytes key(32);
  for (const std::size_t size : {std::size_t{0}, std::size_t{255 * 32 + 1}, SIZE_MAX}) {
    const Result<Secret> out = hkdf_sha256_expand(key, {}, size);
    ASSERT_FALSE(out.has_value());
    EXPECT_EQ(out.error().code, Code::kInvalidArgument);
  }
  EXPECT_FALSE(hkdf_sha512_expand(key, {}, 255 * 64 + 1).has_value());
  EXPECT_TRUE(hkdf_sha256_expand(key, {}, 255 * 32).has_value());
  EXPECT_TRUE(hkdf_sha512_expand(key, {}, 255 * 64).has_value());
}

}  // namespace
}  // namespace coffre
