// Argon2id (RFC 9106, version 0x13) by the reference library.
//
// Guarantees: parameters outside floors and ceilings are refused before memory is taken.
#pragma once

#include "core/base/secret.h"

namespace coffre {

struct PasswordCost {
  std::uint32_t memory_kib = 256 * 1024;
  std::uint32_t passes = 3;
  std::uint32_t lanes = 2;
  friend bool operator==(const PasswordCost&, const PasswordCost&) = default;
};

inline constexpr std::uint32_t kPasswordMemoryMinKib = 64 * 1024;
inline constexpr std::uint32_t kPasswordMemoryMaxKib = 1024 * 1024;
inline constexpr std::uint32_t kPasswordPassesMin = 3;
inline constexpr std::uint32_t kPasswordPassesMax = 16;
inline constexpr std::uint32_t kPasswordLanesMin = 1;
inline constexpr std::uint32_t kPasswordLanesMax = 4;
inline constexpr std::size_t kPasswordSaltSize = 32;
inline constexpr std::size_t kPasswordSizeMax = 4096;

// kLimit outside the floors and ceilings above.
[[nodiscard]] Status check_password_cost(const PasswordCost& cost);

// 32 bytes. The password is 0 to 4,096 bytes, the salt 32; kLimit for refused parameters,
// kOutOfMemory. Memory is wiped by the library before it is freed (the caller's password is not).
[[nodiscard]] Result<Secret> hash_password(ByteView password, ByteView salt,
                                           const PasswordCost& cost);

// Strength of a password as the floor sees it: characters x log2(sum of the classes used: 26 lower,
// 26 upper, 10 digits, 37 others). Characters are Unicode scalar values.
[[nodiscard]] double password_bits(std::string_view utf8);
inline constexpr double kPasswordBitsMin = 79.5;

}  // namespace coffre
