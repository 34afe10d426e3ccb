// The policy: users, keys, roles, compartments, epochs and grants, as the log's policy entries made
// them, and who may do what at a position of the log. docs/FORMAT.md §7.
//
// Guarantees: apply() changes nothing unless the whole entry is allowed. Authority is judged by
// what the policy says at that position, never by a clock. An honest program asks apply() on a copy
// before it writes; every other member's program asks it again when it reads. Not covered:
// signatures of entries (log_check.h verifies them before it applies). Threads: const methods may
// run concurrently.
#pragma once

#include <map>
#include <optional>
#include <set>

#include "core/vault/policy_ops.h"

namespace coffre {

inline constexpr std::uint32_t kLockAfterMinSeconds = 5;
inline constexpr std::uint32_t kLockAfterMaxSeconds = 900;

struct Grant {
  std::uint32_t epoch = 0;
  Hash granter_key;  // key id under whose name the key was sealed
  SealedGrant sealed;
};

struct User {
  Id id;
  std::string name;
  MemberKey key;
  Hash key_id;
  Id made_by;  // whose session made the key: the user's own id when the key is the person's own
  UserState state = UserState::kActive;
  std::set<Id> roles;
  std::map<Id, Grant> grants;  // by compartment, for the current key

  [[nodiscard]] bool has_own_key() const { return made_by == id; }
};

struct Epoch {
  ExchangePublicKey key;
  ChainBox chain;  // the private key of the epoch before, zero in epoch 1
  Hash opened_by;  // key id of who opened it: may grant in it
};

struct Compartment {
  Id id;
  Purpose purpose = Purpose::kOrdinary;
  std::string name;
  std::vector<Epoch> epochs;          // epoch e is epochs[e - 1]
  std::uint32_t retention_years = 0;  // a document is kept for so long at least; 0: no period

  [[nodiscard]] std::uint32_t epoch() const { return static_cast<std::uint32_t>(epochs.size()); }
  [[nodiscard]] const Epoch& current() const { return epochs.back(); }
};

struct Role {
  Id id;
  std::string name;
  std::uint8_t vault_rights = 0;
  std::map<Id, std::uint8_t> rights;  // by compartment
};

struct Workstation {
  Id id;
  std::string name;
  SigningPublicKey key;
  Hash key_id;
  bool revoked = false;
};

// A document, or all documents of a patient, that must not be destroyed.
struct Hold {
  HoldKind kind = HoldKind::kDocument;
  std::vector<Id> versions;  // of a document
};

class Policy {
 public:
  // Applies one policy entry by the member with key id `actor`. The genesis must come first and
  // only once; `vault` is the vault id (for the genesis, of its own header). kDenied: no right;
  // kInvalidArgument: it makes no sense here (unknown id, name taken, limit).
  [[nodiscard]] Status apply(const Hash& vault, const Hash& actor, const PolicyOp& op);

  [[nodiscard]] const Hash& vault() const { return vault_; }
  [[nodiscard]] const std::string& practice() const { return practice_; }
  [[nodiscard]] const PasswordCost& cost() const { return cost_; }
  [[nodiscard]] std::uint32_t lock_after_seconds() const { return lock_after_s_; }
  [[nodiscard]] const std::map<Id, User>& users() const { return users_; }
  [[nodiscard]] const std::map<Id, Role>& roles() const { return roles_; }
  [[nodiscard]] const std::map<Id, Compartment>& compartments() const { return compartments_; }
  [[nodiscard]] const std::map<Id, Workstation>& workstations() const { return workstations_; }
  [[nodiscard]] const std::map<Id, Hold>& holds() const { return holds_; }  // by object

  // nullptr when there is none. Names are compared folded (core/base/text.h).
  [[nodiscard]] const User* user(const Id& id) const;
  [[nodiscard]] const User* user_by_name(std::string_view name) const;
  [[nodiscard]] const User* user_by_key(const Hash& key_id) const;  // current keys only
  // Any key that a member or workstation ever had: what was signed with it before stays valid.
  [[nodiscard]] const SigningPublicKey* signing_key(const Hash& key_id) const;
  [[nodiscard]] const Role* role(const Id& id) const;
  [[nodiscard]] const Role* role_by_name(std::string_view name) const;
  [[nodiscard]] const Compartment* compartment(const Id& id) const;
  [[nodiscard]] const Compartment* compartment_by_name(std::string_view name) const;
  [[nodiscard]] const Compartment* compartment_for(Purpose purpose) const;
  [[nodiscard]] const Workstation* workstation_by_key(const Hash& key_id) const;

  // The union over the user's roles; 0 unless the user is active.
  [[nodiscard]] std::uint8_t rights(const User& user, const Id& compartment) const;
  [[nodiscard]] std::uint8_t vault_rights(const User& user) const;
  // The grant of the user's current key for the compartment's current epoch; nullptr when none.
  [[nodiscard]] const Grant* live_grant(const User& user, const Id& compartment) const;
  // Active, with the right read and a live grant.
  [[nodiscard]] bool is_reader(const User& user, const Id& compartment) const;
  // Who has or had this key, or the workstation's name; for messages.
  [[nodiscard]] std::string name_of_key(const Hash& key_id) const;
  // Readers other than `without`.
  [[nodiscard]] std::size_t reader_count(const Id& compartment, const Id& without) const;
  // The key is not the person's own, and its maker does not read all that the roles read.
  [[nodiscard]] bool is_provisional(const User& user) const;
  // A hold names it: a document, a patient, or a version of a document.
  [[nodiscard]] bool is_held(const Id& id) const;

 private:
  struct Applier;
  friend struct Applier;

  Hash vault_;
  std::string practice_;
  PasswordCost cost_;
  std::uint32_t lock_after_s_ = 300;
  std::map<Id, User> users_;
  std::map<Id, Role> roles_;
  std::map<Id, Compartment> compartments_;
  std::map<Id, Workstation> workstations_;
  std::map<Id, Hold> holds_;
  std::set<Id> held_versions_;
  std::map<Hash, Id> keys_;                     // current key id -> user
  std::map<Hash, Id> key_owners_;               // every key id that a user ever had -> user
  std::map<Hash, SigningPublicKey> used_keys_;  // every key that was ever used, by key id
};

}  // namespace coffre
