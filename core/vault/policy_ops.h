// The bodies of policy entries: what they say, as bytes. docs/FORMAT.md §7.
//
// Guarantees: decode_op() accepts exactly what encode_op() writes; every count and length is
// checked against the limits of FORMAT.md §11 first. Whether the actor may is decided in policy.h.
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "core/crypto/ed25519.h"
#include "core/crypto/password_hash.h"
#include "core/crypto/x25519.h"

namespace coffre {

inline constexpr std::size_t kUsersMax = 4096;
inline constexpr std::size_t kRolesMax = 256;
inline constexpr std::size_t kCompartmentsMax = 256;
inline constexpr std::size_t kWorkstationsMax = 1024;
inline constexpr std::size_t kHoldsMax = 4096;
inline constexpr std::size_t kHeldVersionsMax = 16'384;  // of all holds
inline constexpr std::uint32_t kRetentionYearsMax = 100;
inline constexpr std::size_t kNameBytesMax = 256;
inline constexpr std::size_t kPolicyBodyMax = std::size_t{1} << 20;
inline constexpr std::size_t kSealedGrantSize = 80;  // hpke: 32 + 32 + 16
inline constexpr std::size_t kChainBoxSize = 60;     // box of 32 bytes
inline constexpr std::uint16_t kSuite = 1;

// Rights in a compartment.
namespace right {
inline constexpr std::uint8_t kRead = 1;
inline constexpr std::uint8_t kDeposit = 2;
inline constexpr std::uint8_t kEdit = 4;
inline constexpr std::uint8_t kExport = 8;
inline constexpr std::uint8_t kDestroy = 16;
inline constexpr std::uint8_t kAll = 31;
}  // namespace right

// Rights over the vault.
namespace vault_right {
inline constexpr std::uint8_t kAccounts = 1;
inline constexpr std::uint8_t kRoles = 2;
inline constexpr std::uint8_t kSettings = 4;
inline constexpr std::uint8_t kAll = 7;
}  // namespace vault_right

enum class Purpose : std::uint8_t { kOrdinary = 0, kAdministrative = 1, kJournal = 2 };
enum class UserState : std::uint8_t { kActive = 1, kSuspended = 2, kRemoved = 3 };
enum class HoldKind : std::uint8_t { kPatient = 1, kDocument = 2 };  // as in a record's row

// The two public keys of a member.
struct MemberKey {
  SigningPublicKey signing;
  ExchangePublicKey exchange;
  // SHA-256(L("coffre/key/v1") || signing || exchange).
  [[nodiscard]] Hash id() const;
  friend bool operator==(const MemberKey&, const MemberKey&) = default;
};

using SealedGrant = FixedBytes<kSealedGrantSize, struct SealedGrantTag>;
using ChainBox = FixedBytes<kChainBoxSize, struct ChainBoxTag>;

struct RoleRight {
  Id compartment;
  std::uint8_t rights = 0;
};
struct RoleOp {  // kind 5: defines or redefines a role
  Id id;
  std::string name;
  std::uint8_t vault_rights = 0;
  std::vector<RoleRight> rights;
};
struct GenesisCompartment {
  Id id;
  Purpose purpose = Purpose::kOrdinary;
  std::string name;
  ExchangePublicKey epoch_key;
};
struct GenesisOp {  // kind 1
  std::uint16_t suite = kSuite;
  Hash random;
  std::string practice;
  PasswordCost cost;
  std::uint32_t lock_after_s = 300;
  Id user;
  std::string user_name;
  MemberKey key;
  std::vector<GenesisCompartment> compartments;
  std::vector<RoleOp> roles;
  std::vector<Id> user_roles;
};
struct UserOp {  // kind 2
  Id id;
  std::string name;
  MemberKey key;
};
struct UserStateOp {  // kind 3
  Id id;
  UserState state = UserState::kActive;
};
struct CarriedGrant {
  Id compartment;
  std::uint32_t epoch = 0;
  SealedGrant sealed;
};
struct UserKeyOp {  // kind 4
  Id id;
  MemberKey key;
  Signature proof;
  std::vector<CarriedGrant> carried;
};
struct AssignOp {  // kind 6, and 7 when revoke
  Id user;
  Id role;
  bool revoke = false;
};
struct CompartmentOp {  // kind 8
  Id id;
  std::string name;
  Id like;
  ExchangePublicKey epoch_key;
};
struct CompartmentNameOp {  // kind 9
  Id id;
  std::string name;
};
struct EpochOp {  // kind 10
  Id compartment;
  std::uint32_t epoch = 0;
  ExchangePublicKey key;
  ChainBox chain;
};
struct GrantOp {  // kind 11
  Id compartment;
  std::uint32_t epoch = 0;
  Id user;
  Hash key_id;
  SealedGrant sealed;
};
enum class Setting : std::uint8_t { kLockAfterSeconds = 1 };
struct SettingOp {  // kind 12
  Setting name = Setting::kLockAfterSeconds;
  std::uint32_t value = 0;
};
struct WorkstationOp {  // kind 13
  Id id;
  std::string name;
  SigningPublicKey key;
};
struct WorkstationRevokedOp {  // kind 14
  Id id;
};
struct HoldOp {  // kind 15
  Id object;
  HoldKind kind = HoldKind::kDocument;
  std::vector<Id> versions;  // of a document: the rows with its keys
};
struct HoldLiftedOp {  // kind 16
  Id object;
};
struct RetentionOp {  // kind 17
  Id compartment;
  std::uint32_t years = 0;  // 0: no period
};

using PolicyOp =
    std::variant<GenesisOp, UserOp, UserStateOp, UserKeyOp, RoleOp, AssignOp, CompartmentOp,
                 CompartmentNameOp, EpochOp, GrantOp, SettingOp, WorkstationOp,
                 WorkstationRevokedOp, HoldOp, HoldLiftedOp, RetentionOp>;

[[nodiscard]] Bytes encode_op(const PolicyOp& op);
// kDamaged; kUnsupported for a kind of a newer format.
[[nodiscard]] Result<PolicyOp> decode_op(ByteView body);

// What a new key's proof of possession signs.
[[nodiscard]] Bytes key_proof_message(const Hash& vault, const Id& user, const MemberKey& key);
// HPKE info of a grant: L("coffre/grant/v1") || vault || compartment || epoch || recipient ||
// granter.
[[nodiscard]] Bytes grant_info(const Hash& vault, const Id& compartment, std::uint32_t epoch,
                               const Hash& recipient_key, const Hash& granter_key);
// SHA-256(L("coffre/workstation-key/v1") || key).
[[nodiscard]] Hash workstation_key_id(const SigningPublicKey& key);

// The label and its zero byte, as every hashed or signed structure starts.
[[nodiscard]] inline ByteView label(const char* text) {
  return {reinterpret_cast<const Byte*>(text), std::char_traits<char>::length(text) + 1};
}

}  // namespace coffre
