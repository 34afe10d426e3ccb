// Slots: a member's private keys locked under a password and factors. docs/FORMAT.md §3.
//
// Guarantees: a slot's signature, vault and cost are checked before its password is stretched, so a
// changed slot is damage and a forged cost takes no memory. The password is only in Secrets.
#pragma once

#include <optional>
#include <string>

#include "core/vault/policy.h"

namespace coffre {

inline constexpr std::size_t kSlotsPerUserMax = 8;
inline constexpr std::size_t kKeyFileMax = std::size_t{1} << 20;
inline constexpr std::uint8_t kFactorKeyFile = 1;

// A member's two private keys.
struct MemberSecrets {
  SigningKey signing;
  ExchangeKey exchange;

  [[nodiscard]] static Result<MemberSecrets> generate(Random& random);
  [[nodiscard]] Result<MemberSecrets> clone() const;
  [[nodiscard]] MemberKey public_key() const {
    return {signing.public_key(), exchange.public_key()};
  }
};

// What opens a slot: the password in NFC, and the key file's secret if there is one.
struct Unlocker {
  Secret password;
  Secret key_file;  // empty: none
};

// NFC of the typed password; reads and hashes the key file. kInvalidArgument, kNotFound, kLimit.
[[nodiscard]] Result<Unlocker> make_unlocker(const Secret& typed,
                                             const std::optional<std::string>& key_file);
// kFailed naming the strength in bits when the password is below the floor.
[[nodiscard]] Status check_password_floor(const Secret& password_nfc);

struct Slot {
  Id user;
  Id id;
  Hash key_id;
  PasswordCost cost;
  Bytes salt;
  bool wants_key_file = false;
  Bytes prefix;  // as stored: associated data
  Hash commitment;
  Bytes sealed;
  Signature signature;
  Bytes signed_part;

  // kDamaged.
  [[nodiscard]] static Result<Slot> parse(ByteView body);
  // kDamaged unless it belongs to this vault and user, was signed by the user's current key, and
  // has the vault's cost.
  [[nodiscard]] Status verify(const Policy& policy, const User& user, ByteView row_id) const;
  // kCredentials for a wrong password or factor.
  [[nodiscard]] Result<MemberSecrets> open(const Unlocker& unlocker) const;
};

// The body of a new slot.
[[nodiscard]] Result<Bytes> make_slot(const Hash& vault, const Id& user, const Id& slot,
                                      const MemberSecrets& secrets, const Unlocker& unlocker,
                                      const PasswordCost& cost, Random& random);
// The same work as an open for somebody who has no slot here: always kCredentials.
[[nodiscard]] Error refuse_in_same_time(const Unlocker& unlocker, const PasswordCost& cost,
                                        Random& random);

}  // namespace coffre
