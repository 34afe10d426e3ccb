#include "core/vault/policy_ops.h"

#include "core/crypto/hash.h"
#include "core/vault/hints.h"

namespace coffre {
namespace {

enum class Kind : std::uint8_t {
  kGenesis = 1,
  kUser = 2,
  kUserState = 3,
  kUserKey = 4,
  kRole = 5,
  kAssign = 6,
  kRevoke = 7,
  kCompartment = 8,
  kCompartmentName = 9,
  kEpoch = 10,
  kGrant = 11,
  kSetting = 12,
  kWorkstation = 13,
  kWorkstationRevoked = 14,
  kHold = 15,
  kHoldLifted = 16,
  kRetention = 17,
};

constexpr const char* kPolicyLabel = "coffre/policy/v1";

template <typename T>
Result<T> damaged() {
  return fail(Code::kDamaged, N_("a policy entry is malformed"), {}, kRestoreHint);
}

void put(Writer& out, Kind kind) { out.u8(static_cast<std::uint8_t>(kind)); }
void put(Writer& out, const MemberKey& key) { out.fixed(key.signing).fixed(key.exchange); }

void put_role(Writer& out, const RoleOp& role) {
  out.fixed(role.id).sized(role.name).u8(role.vault_rights);
  out.u16(static_cast<std::uint16_t>(role.rights.size()));
  for (const RoleRight& entry : role.rights) {
    out.fixed(entry.compartment).u8(entry.rights);
  }
}

struct Encoder {
  Writer& out;

  void operator()(const GenesisOp& op) const {
    put(out, Kind::kGenesis);
    out.u16(op.suite).fixed(op.random).sized(op.practice);
    out.u32(op.cost.memory_kib).u32(op.cost.passes).u32(op.cost.lanes).u32(op.lock_after_s);
    out.fixed(op.user).sized(op.user_name);
    put(out, op.key);
    out.u16(static_cast<std::uint16_t>(op.compartments.size()));
    for (const GenesisCompartment& made : op.compartments) {
      out.fixed(made.id).u8(static_cast<std::uint8_t>(made.purpose)).sized(made.name);
      out.fixed(made.epoch_key);
    }
    out.u16(static_cast<std::uint16_t>(op.roles.size()));
    for (const RoleOp& role : op.roles) {
      put_role(out, role);
    }
    out.u16(static_cast<std::uint16_t>(op.user_roles.size()));
    for (const Id& role : op.user_roles) {
      out.fixed(role);
    }
  }
  void operator()(const UserOp& op) const {
    put(out, Kind::kUser);
    out.fixed(op.id).sized(op.name);
    put(out, op.key);
  }
  void operator()(const UserStateOp& op) const {
    put(out, Kind::kUserState);
    out.fixed(op.id).u8(static_cast<std::uint8_t>(op.state));
  }
  void operator()(const UserKeyOp& op) const {
    put(out, Kind::kUserKey);
    out.fixed(op.id);
    put(out, op.key);
    out.fixed(op.proof).u16(static_cast<std::uint16_t>(op.carried.size()));
    for (const CarriedGrant& grant : op.carried) {
      out.fixed(grant.compartment).u32(grant.epoch).fixed(grant.sealed);
    }
  }
  void operator()(const RoleOp& op) const {
    put(out, Kind::kRole);
    put_role(out, op);
  }
  void operator()(const AssignOp& op) const {
    put(out, op.revoke ? Kind::kRevoke : Kind::kAssign);
    out.fixed(op.user).fixed(op.role);
  }
  void operator()(const CompartmentOp& op) const {
    put(out, Kind::kCompartment);
    out.fixed(op.id).u8(0).sized(op.name).fixed(op.like).fixed(op.epoch_key);
  }
  void operator()(const CompartmentNameOp& op) const {
    put(out, Kind::kCompartmentName);
    out.fixed(op.id).sized(op.name);
  }
  void operator()(const EpochOp& op) const {
    put(out, Kind::kEpoch);
    out.fixed(op.compartment).u32(op.epoch).fixed(op.key).fixed(op.chain);
  }
  void operator()(const GrantOp& op) const {
    put(out, Kind::kGrant);
    out.fixed(op.compartment).u32(op.epoch).fixed(op.user).fixed(op.key_id).fixed(op.sealed);
  }
  void operator()(const SettingOp& op) const {
    put(out, Kind::kSetting);
    out.u8(static_cast<std::uint8_t>(op.name)).u32(op.value);
  }
  void operator()(const WorkstationOp& op) const {
    put(out, Kind::kWorkstation);
    out.fixed(op.id).sized(op.name).fixed(op.key);
  }
  void operator()(const WorkstationRevokedOp& op) const {
    put(out, Kind::kWorkstationRevoked);
    out.fixed(op.id);
  }
  void operator()(const HoldOp& op) const {
    put(out, Kind::kHold);
    out.fixed(op.object).u8(static_cast<std::uint8_t>(op.kind));
    out.u16(static_cast<std::uint16_t>(op.versions.size()));
    for (const Id& version : op.versions) {
      out.fixed(version);
    }
  }
  void operator()(const HoldLiftedOp& op) const {
    put(out, Kind::kHoldLifted);
    out.fixed(op.object);
  }
  void operator()(const RetentionOp& op) const {
    put(out, Kind::kRetention);
    out.fixed(op.compartment).u32(op.years);
  }
};

Result<MemberKey> take_key(Reader& in) {
  MemberKey key;
  COFFRE_TRY_ASSIGN(key.signing, in.fixed<SigningPublicKey>());
  COFFRE_TRY_ASSIGN(key.exchange, in.fixed<ExchangePublicKey>());
  return key;
}

// A u16 count, refused above `max` and when what is left could not hold so many.
Result<std::size_t> take_count(Reader& in, std::size_t max, std::size_t size_min) {
  COFFRE_TRY_ASSIGN(const std::uint16_t count, in.u16());
  if (count > max || count * size_min > in.left()) {
    return damaged<std::size_t>();
  }
  return std::size_t{count};
}

Result<RoleOp> take_role(Reader& in) {
  RoleOp role;
  COFFRE_TRY_ASSIGN(role.id, in.fixed<Id>());
  COFFRE_TRY_ASSIGN(role.name, in.text(kNameBytesMax));
  COFFRE_TRY_ASSIGN(role.vault_rights, in.u8());
  COFFRE_TRY_ASSIGN(const std::size_t count, take_count(in, kCompartmentsMax, Id::kSize + 1));
  for (std::size_t index = 0; index < count; ++index) {
    RoleRight entry;
    COFFRE_TRY_ASSIGN(entry.compartment, in.fixed<Id>());
    COFFRE_TRY_ASSIGN(entry.rights, in.u8());
    if (entry.rights > right::kAll) {
      return damaged<RoleOp>();
    }
    role.rights.push_back(entry);
  }
  if (role.vault_rights > vault_right::kAll) {
    return damaged<RoleOp>();
  }
  return role;
}

Result<GenesisCompartment> take_genesis_compartment(Reader& in) {
  GenesisCompartment made;
  COFFRE_TRY_ASSIGN(made.id, in.fixed<Id>());
  COFFRE_TRY_ASSIGN(const std::uint8_t purpose, in.u8());
  if (purpose > static_cast<std::uint8_t>(Purpose::kJournal)) {
    return damaged<GenesisCompartment>();
  }
  made.purpose = static_cast<Purpose>(purpose);
  COFFRE_TRY_ASSIGN(made.name, in.text(kNameBytesMax));
  COFFRE_TRY_ASSIGN(made.epoch_key, in.fixed<ExchangePublicKey>());
  return made;
}

Result<PolicyOp> take_genesis(Reader& in) {
  GenesisOp op;
  COFFRE_TRY_ASSIGN(op.suite, in.u16());
  if (op.suite != kSuite) {
    return fail(Code::kUnsupported, N_("the vault was made by a newer version of the program"), {},
                N_("install the newest version of Coffre"));
  }
  COFFRE_TRY_ASSIGN(op.random, in.fixed<Hash>());
  COFFRE_TRY_ASSIGN(op.practice, in.text(kNameBytesMax));
  COFFRE_TRY_ASSIGN(op.cost.memory_kib, in.u32());
  COFFRE_TRY_ASSIGN(op.cost.passes, in.u32());
  COFFRE_TRY_ASSIGN(op.cost.lanes, in.u32());
  COFFRE_TRY_ASSIGN(op.lock_after_s, in.u32());
  COFFRE_TRY_ASSIGN(op.user, in.fixed<Id>());
  COFFRE_TRY_ASSIGN(op.user_name, in.text(kNameBytesMax));
  COFFRE_TRY_ASSIGN(op.key, take_key(in));
  COFFRE_TRY_ASSIGN(const std::size_t compartments, take_count(in, kCompartmentsMax, 53));
  for (std::size_t index = 0; index < compartments; ++index) {
    COFFRE_TRY_ASSIGN(GenesisCompartment made, take_genesis_compartment(in));
    op.compartments.push_back(std::move(made));
  }
  COFFRE_TRY_ASSIGN(const std::size_t roles, take_count(in, kRolesMax, 23));
  for (std::size_t index = 0; index < roles; ++index) {
    COFFRE_TRY_ASSIGN(RoleOp role, take_role(in));
    op.roles.push_back(std::move(role));
  }
  COFFRE_TRY_ASSIGN(const std::size_t assigned, take_count(in, kRolesMax, Id::kSize));
  for (std::size_t index = 0; index < assigned; ++index) {
    COFFRE_TRY_ASSIGN(const Id role, in.fixed<Id>());
    op.user_roles.push_back(role);
  }
  return op;
}

Result<PolicyOp> take_user(Reader& in) {
  UserOp op;
  COFFRE_TRY_ASSIGN(op.id, in.fixed<Id>());
  COFFRE_TRY_ASSIGN(op.name, in.text(kNameBytesMax));
  COFFRE_TRY_ASSIGN(op.key, take_key(in));
  return op;
}

Result<PolicyOp> take_user_state(Reader& in) {
  UserStateOp op;
  COFFRE_TRY_ASSIGN(op.id, in.fixed<Id>());
  COFFRE_TRY_ASSIGN(const std::uint8_t state, in.u8());
  if (state < 1 || state > 3) {
    return damaged<PolicyOp>();
  }
  op.state = static_cast<UserState>(state);
  return op;
}

Result<PolicyOp> take_user_key(Reader& in) {
  UserKeyOp op;
  COFFRE_TRY_ASSIGN(op.id, in.fixed<Id>());
  COFFRE_TRY_ASSIGN(op.key, take_key(in));
  COFFRE_TRY_ASSIGN(op.proof, in.fixed<Signature>());
  COFFRE_TRY_ASSIGN(const std::size_t count, take_count(in, kCompartmentsMax, 100));
  for (std::size_t index = 0; index < count; ++index) {
    CarriedGrant grant;
    COFFRE_TRY_ASSIGN(grant.compartment, in.fixed<Id>());
    COFFRE_TRY_ASSIGN(grant.epoch, in.u32());
    COFFRE_TRY_ASSIGN(grant.sealed, in.fixed<SealedGrant>());
    op.carried.push_back(grant);
  }
  return op;
}

Result<PolicyOp> take_assign(Reader& in, bool revoke) {
  AssignOp op;
  op.revoke = revoke;
  COFFRE_TRY_ASSIGN(op.user, in.fixed<Id>());
  COFFRE_TRY_ASSIGN(op.role, in.fixed<Id>());
  return op;
}

Result<PolicyOp> take_compartment(Reader& in) {
  CompartmentOp op;
  COFFRE_TRY_ASSIGN(op.id, in.fixed<Id>());
  COFFRE_TRY_ASSIGN(const std::uint8_t purpose, in.u8());
  if (purpose != 0) {
    return damaged<PolicyOp>();
  }
  COFFRE_TRY_ASSIGN(op.name, in.text(kNameBytesMax));
  COFFRE_TRY_ASSIGN(op.like, in.fixed<Id>());
  COFFRE_TRY_ASSIGN(op.epoch_key, in.fixed<ExchangePublicKey>());
  return op;
}

Result<PolicyOp> take_compartment_name(Reader& in) {
  CompartmentNameOp op;
  COFFRE_TRY_ASSIGN(op.id, in.fixed<Id>());
  COFFRE_TRY_ASSIGN(op.name, in.text(kNameBytesMax));
  return op;
}

Result<PolicyOp> take_epoch(Reader& in) {
  EpochOp op;
  COFFRE_TRY_ASSIGN(op.compartment, in.fixed<Id>());
  COFFRE_TRY_ASSIGN(op.epoch, in.u32());
  COFFRE_TRY_ASSIGN(op.key, in.fixed<ExchangePublicKey>());
  COFFRE_TRY_ASSIGN(op.chain, in.fixed<ChainBox>());
  return op;
}

Result<PolicyOp> take_grant(Reader& in) {
  GrantOp op;
  COFFRE_TRY_ASSIGN(op.compartment, in.fixed<Id>());
  COFFRE_TRY_ASSIGN(op.epoch, in.u32());
  COFFRE_TRY_ASSIGN(op.user, in.fixed<Id>());
  COFFRE_TRY_ASSIGN(op.key_id, in.fixed<Hash>());
  COFFRE_TRY_ASSIGN(op.sealed, in.fixed<SealedGrant>());
  return op;
}

Result<PolicyOp> take_setting(Reader& in) {
  SettingOp op;
  COFFRE_TRY_ASSIGN(const std::uint8_t name, in.u8());
  if (name != static_cast<std::uint8_t>(Setting::kLockAfterSeconds)) {
    return damaged<PolicyOp>();
  }
  COFFRE_TRY_ASSIGN(op.value, in.u32());
  return op;
}

Result<PolicyOp> take_workstation(Reader& in) {
  WorkstationOp op;
  COFFRE_TRY_ASSIGN(op.id, in.fixed<Id>());
  COFFRE_TRY_ASSIGN(op.name, in.text(kNameBytesMax));
  COFFRE_TRY_ASSIGN(op.key, in.fixed<SigningPublicKey>());
  return op;
}

Result<PolicyOp> take_workstation_revoked(Reader& in) {
  WorkstationRevokedOp op;
  COFFRE_TRY_ASSIGN(op.id, in.fixed<Id>());
  return op;
}

Result<PolicyOp> take_hold(Reader& in) {
  HoldOp op;
  COFFRE_TRY_ASSIGN(op.object, in.fixed<Id>());
  COFFRE_TRY_ASSIGN(const std::uint8_t kind, in.u8());
  if (kind != static_cast<std::uint8_t>(HoldKind::kPatient) &&
      kind != static_cast<std::uint8_t>(HoldKind::kDocument)) {
    return damaged<PolicyOp>();
  }
  op.kind = static_cast<HoldKind>(kind);
  COFFRE_TRY_ASSIGN(const std::size_t count, take_count(in, kHeldVersionsMax, Id::kSize));
  for (std::size_t index = 0; index < count; ++index) {
    COFFRE_TRY_ASSIGN(const Id version, in.fixed<Id>());
    op.versions.push_back(version);
  }
  return op;
}

Result<PolicyOp> take_hold_lifted(Reader& in) {
  HoldLiftedOp op;
  COFFRE_TRY_ASSIGN(op.object, in.fixed<Id>());
  return op;
}

Result<PolicyOp> take_retention(Reader& in) {
  RetentionOp op;
  COFFRE_TRY_ASSIGN(op.compartment, in.fixed<Id>());
  COFFRE_TRY_ASSIGN(op.years, in.u32());
  return op;
}

Result<PolicyOp> take_op(Reader& in, Kind kind) {
  switch (kind) {
    case Kind::kGenesis:
      return take_genesis(in);
    case Kind::kUser:
      return take_user(in);
    case Kind::kUserState:
      return take_user_state(in);
    case Kind::kUserKey:
      return take_user_key(in);
    case Kind::kRole: {
      COFFRE_TRY_ASSIGN(RoleOp role, take_role(in));
      return role;
    }
    case Kind::kAssign:
      return take_assign(in, false);
    case Kind::kRevoke:
      return take_assign(in, true);
    case Kind::kCompartment:
      return take_compartment(in);
    case Kind::kCompartmentName:
      return take_compartment_name(in);
    case Kind::kEpoch:
      return take_epoch(in);
    case Kind::kGrant:
      return take_grant(in);
    case Kind::kSetting:
      return take_setting(in);
    case Kind::kWorkstation:
      return take_workstation(in);
    case Kind::kWorkstationRevoked:
      return take_workstation_revoked(in);
    case Kind::kHold:
      return take_hold(in);
    case Kind::kHoldLifted:
      return take_hold_lifted(in);
    case Kind::kRetention:
      return take_retention(in);
  }
  return fail(Code::kUnsupported, N_("the vault holds a rule of a newer version of the program"),
              {}, N_("install the newest version of Coffre"));
}

}  // namespace

Hash MemberKey::id() const {
  return sha256({label("coffre/key/v1"), signing.view(), exchange.view()});
}

Bytes encode_op(const PolicyOp& op) {
  Writer out;
  out.raw(label(kPolicyLabel));
  std::visit(Encoder{out}, op);
  return out.take();
}

Result<PolicyOp> decode_op(ByteView body) {
  if (body.size() > kPolicyBodyMax) {
    return damaged<PolicyOp>();
  }
  Reader in(body);
  COFFRE_TRY(in.expect(label(kPolicyLabel)));
  COFFRE_TRY_ASSIGN(const std::uint8_t kind, in.u8());
  COFFRE_TRY_ASSIGN(PolicyOp op, take_op(in, static_cast<Kind>(kind)));
  COFFRE_TRY(in.finish());
  return op;
}

Bytes key_proof_message(const Hash& vault, const Id& user, const MemberKey& key) {
  Writer out;
  out.raw(label("coffre/key-proof/v1")).fixed(vault).fixed(user);
  put(out, key);
  return out.take();
}

Bytes grant_info(const Hash& vault, const Id& compartment, std::uint32_t epoch,
                 const Hash& recipient_key, const Hash& granter_key) {
  Writer out;
  out.raw(label("coffre/grant/v1")).fixed(vault).fixed(compartment).u32(epoch);
  out.fixed(recipient_key).fixed(granter_key);
  return out.take();
}

Hash workstation_key_id(const SigningPublicKey& key) {
  return sha256({label("coffre/workstation-key/v1"), key.view()});
}

}  // namespace coffre
