#include "core/crypto/password_hash.h"

#include "tests/core/crypto/vectors.h"

namespace coffre {
namespace {

constexpr PasswordCost kCheap = {.memory_kib = 64 * 1024, .passes = 3, .lanes = 1};

ByteView salt() { return as_bytes("0123456789abcdef0123456789abcdef"); }

std::string hash_hex(std::string_view password, const PasswordCost& cost) {
  const Result<Secret> hash = hash_password(as_bytes(password), salt(), cost);
  return hash.has_value() ? to_hex(hash->expose()) : "refused";
}

// The RFC's own vector is below our floors. These were made with the reference program:
// argon2 <salt> -id -v 13 -r -l 32 -k 65536 -t <passes> -p <lanes>, password "mot de passe".
TEST(PasswordHash, AgreesWithTheReferenceProgram) {
  EXPECT_EQ(hash_hex("mot de passe", kCheap),
            "52c2c603d180bfa87424a4dde4240dc44ad91665e360400c15e7df7892ccde90");
  EXPECT_EQ(hash_hex("mot de passe", {.memory_kib = 65536, .passes = 3, .lanes = 2}),
            "2ec5639a4d3d8a83e7805fdce211b4a83d21c6480a03b8fff39abb6b5bbdb53e");
  EXPECT_EQ(hash_hex("mot de passe", {.memory_kib = 65536, .passes = 4, .lanes = 1}),
            "2b593bec7f9da988e5ebea9171771636914f2032cf8716a5a297a428ec867db8");
}

TEST(PasswordHash, AnEmptyPasswordIsHashed) {
  const Result<Secret> hash = hash_password({}, salt(), kCheap);
  ASSERT_TRUE(hash.has_value());
  EXPECT_EQ(hash->size(), 32U);
}

TEST(PasswordHash, CostsOutsideTheLimitsAreRefused) {
  for (const PasswordCost& cost : std::initializer_list<PasswordCost>{
           {.memory_kib = 64 * 1024 - 1, .passes = 3, .lanes = 1},
           {.memory_kib = 1024 * 1024 + 1, .passes = 3, .lanes = 1},
           {.memory_kib = UINT32_MAX, .passes = 3, .lanes = 1},
           {.memory_kib = 64 * 1024, .passes = 2, .lanes = 1},
           {.memory_kib = 64 * 1024, .passes = 17, .lanes = 1},
           {.memory_kib = 64 * 1024, .passes = 3, .lanes = 0},
           {.memory_kib = 64 * 1024, .passes = 3, .lanes = 5},
       }) {
    const Result<Secret> hash = hash_password(as_bytes("password"), salt(), cost);
    ASSERT_FALSE(hash.has_value());
    EXPECT_EQ(hash.error().code, Code::kLimit);
  }
  EXPECT_TRUE(check_password_cost(PasswordCost{}).has_value());
  EXPECT_TRUE(check_password_cost({.memory_kib = 1024 * 1024, .passes = 16, .lanes = 4}));
}

TEST(PasswordHash, LongPasswordsAndOtherSaltsAreRefused) {
  const Bytes long_password(kPasswordSizeMax + 1, 'a');
  for (const Result<Secret>& hash :
       {hash_password(long_password, salt(), kCheap), hash_password({}, {}, kCheap),
        hash_password({}, salt().first(31), kCheap)}) {
    ASSERT_FALSE(hash.has_value());
    EXPECT_EQ(hash.error().code, Code::kLimit);
  }
}

TEST(PasswordBits, CountsCharactersAndClasses) {
  EXPECT_EQ(password_bits(""), 0);
  EXPECT_NEAR(password_bits("a"), 4.7004, 0.001);         // log2(26)
  EXPECT_NEAR(password_bits("aaaa"), 18.8018, 0.001);     // repeats count
  EXPECT_NEAR(password_bits("aA"), 2 * 5.7004, 0.001);    // log2(52)
  EXPECT_NEAR(password_bits("aA1"), 3 * 5.9542, 0.001);   // log2(62)
  EXPECT_NEAR(password_bits("aA1!"), 4 * 6.6294, 0.001);  // log2(99)
  EXPECT_NEAR(password_bits("1234"), 4 * 3.3219, 0.001);  // log2(10)
  EXPECT_NEAR(password_bits(" "), 5.2095, 0.001);         // log2(37)
}

TEST(PasswordBits, ACharacterIsOneScalarValue) {
  EXPECT_NEAR(password_bits("é"), 5.2095, 0.001);       // two bytes
  EXPECT_NEAR(password_bits("🔒"), 5.2095, 0.001);      // four bytes
  EXPECT_NEAR(password_bits("né"), 2 * 5.9773, 0.001);  // log2(63)
}

TEST(PasswordBits, TheFloorIsTwelveCharactersOfAllClasses) {
  EXPECT_GE(password_bits("aA1!aA1!aA1!"), kPasswordBitsMin);
  EXPECT_LT(password_bits("aA1!aA1!aA1"), kPasswordBitsMin);
  EXPECT_LT(password_bits("abcdefghijklmnop"), kPasswordBitsMin);
  EXPECT_GE(password_bits("abcdefghijklmnopq"), kPasswordBitsMin);
}

}  // namespace
}  // namespace coffre
