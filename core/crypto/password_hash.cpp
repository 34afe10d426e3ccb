#include "core/crypto/password_hash.h"

#include <cmath>

#include <argon2.h>

namespace coffre {

Status check_password_cost(const PasswordCost& cost) {
  const bool accepted = cost.memory_kib >= kPasswordMemoryMinKib &&
                        cost.memory_kib <= kPasswordMemoryMaxKib &&
                        cost.passes >= kPasswordPassesMin && cost.passes <= kPasswordPassesMax &&
                        cost.lanes >= kPasswordLanesMin && cost.lanes <= kPasswordLanesMax;
  if (accepted) return {};
  return fail(Code::kLimit, N_("the cost of password hashing is outside its limits"), {},
              N_("use 64 to 1024 MiB of memory, 3 to 16 passes and 1 to 4 lanes"));
}

Result<Secret> hash_password(ByteView password, ByteView salt, const PasswordCost& cost) {
  COFFRE_TRY(check_password_cost(cost));
  if (password.size() > kPasswordSizeMax) {
    return fail(Code::kLimit, N_("the password is too long"), {}, N_("use at most 4,096 bytes"));
  }
  if (salt.size() != kPasswordSaltSize) {
    return fail(Code::kLimit, N_("a salt has the wrong length"));
  }
  // The library wipes its working memory unless told otherwise, which nothing can: the switch of
  // its header (FLAG_clear_internal_memory) is not exported.
  COFFRE_TRY_ASSIGN(Secret out, Secret::create(32));
  const int status =
      argon2id_hash_raw(cost.passes, cost.memory_kib, cost.lanes, password.data(), password.size(),
                        salt.data(), salt.size(), out.expose().data(), out.size());
  if (status == ARGON2_MEMORY_ALLOCATION_ERROR) {
    return fail(Code::kOutOfMemory, N_("there is not enough memory to check the password"), {},
                N_("close other programs and try again"));
  }
  if (status != ARGON2_OK) {
    return fail(Code::kFailed, N_("the password could not be hashed"), {}, N_("try again"));
  }
  return out;
}

double password_bits(std::string_view utf8) {
  std::size_t characters = 0;
  bool lower = false;
  bool upper = false;
  bool digit = false;
  bool other = false;
  for (const char c : utf8) {
    if ((static_cast<unsigned char>(c) & 0xc0) == 0x80) continue;  // goes on with a character
    ++characters;
    if (c >= 'a' && c <= 'z') {
      lower = true;
    } else if (c >= 'A' && c <= 'Z') {
      upper = true;
    } else if (c >= '0' && c <= '9') {
      digit = true;
    } else {
      other = true;
    }
  }
  if (characters == 0) return 0;
  const int classes = (lower ? 26 : 0) + (upper ? 26 : 0) + (digit ? 10 : 0) + (other ? 37 : 0);
  return static_cast<double>(characters) * std::log2(classes);
}

}  // namespace coffre
