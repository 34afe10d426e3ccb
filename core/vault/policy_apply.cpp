// What each entry of the log changes, and which are refused. docs/FORMAT.md §7.
#include <algorithm>

#include "core/base/text.h"
#include "core/vault/policy.h"

namespace coffre {
namespace {

// nullptr: none in that compartment.
const std::uint8_t* find_right(const std::map<Id, std::uint8_t>& rights, const Id& compartment) {
  const auto found = rights.find(compartment);
  return found == rights.end() ? nullptr : &found->second;
}

Status denied() {
  return fail(Code::kDenied, N_("this account may not do that"), {},
              N_("ask somebody whose role allows it"));
}
Status senseless(const char* what, std::string on = {}, const char* hint = "") {
  return fail(Code::kInvalidArgument, what, std::move(on), hint);
}

Status check_name(const std::string& name) {
  COFFRE_TRY_ASSIGN(const std::string checked, checked_name(name));
  if (checked != name) {
    return senseless(N_("a name is not in its normal form"));
  }
  return {};
}

Status check_lock_after(std::uint32_t seconds) {
  if (seconds < kLockAfterMinSeconds || seconds > kLockAfterMaxSeconds) {
    return senseless(N_("the idle time before the lock is out of range"), std::to_string(seconds),
                     N_("choose 5 to 900 seconds"));
  }
  return {};
}

}  // namespace

// One function for each kind of entry. `policy` is a copy: apply() keeps it only when all went
// well.
struct Policy::Applier {
  Policy& policy;
  const Hash& vault;
  const Hash& actor_key;
  const User* actor = nullptr;  // nullptr for the genesis only

  [[nodiscard]] bool holds(std::uint8_t vault_right) const {
    return (policy.vault_rights(*actor) & vault_right) != 0;
  }
  [[nodiscard]] User* find_user(const Id& id) const {
    const auto found = policy.users_.find(id);
    return found == policy.users_.end() ? nullptr : &found->second;
  }

  // A key that nobody has or ever had.
  [[nodiscard]] Status claim_key(User& user, const MemberKey& key) const {
    const Hash key_id = key.id();
    if (!policy.used_keys_.emplace(key_id, key.signing).second) {
      return senseless(N_("a key was used before"));
    }
    policy.key_owners_[key_id] = user.id;
    policy.keys_.erase(user.key_id);
    policy.keys_[key_id] = user.id;
    user.key = key;
    user.key_id = key_id;
    return {};
  }

  [[nodiscard]] Status add_user(const Id& id, const std::string& name, const MemberKey& key,
                                const Id& made_by) const {
    COFFRE_TRY(check_name(name));
    if (policy.users_.size() >= kUsersMax) {
      return fail(Code::kLimit, N_("the vault has as many accounts as it can hold"));
    }
    if (policy.users_.contains(id) || policy.user_by_name(name) != nullptr) {
      return senseless(N_("there is an account of that name already"), name,
                       N_("choose another name"));
    }
    User user;
    user.id = id;
    user.name = name;
    user.made_by = made_by;
    COFFRE_TRY(claim_key(user, key));
    policy.users_.emplace(id, std::move(user));
    return {};
  }

  [[nodiscard]] Status add_compartment(const Id& id, Purpose purpose, const std::string& name,
                                       const ExchangePublicKey& key) const {
    COFFRE_TRY(check_name(name));
    if (policy.compartments_.size() >= kCompartmentsMax) {
      return fail(Code::kLimit, N_("the vault has as many compartments as it can hold"));
    }
    if (policy.compartments_.contains(id) || policy.compartment_by_name(name) != nullptr) {
      return senseless(N_("there is a compartment of that name already"), name,
                       N_("choose another name"));
    }
    Compartment made;
    made.id = id;
    made.purpose = purpose;
    made.name = name;
    made.epochs.push_back({key, {}, actor_key});
    policy.compartments_.emplace(id, std::move(made));
    return {};
  }

  [[nodiscard]] Status set_role(const RoleOp& op) const {
    COFFRE_TRY(check_name(op.name));
    const Role* same_name = policy.role_by_name(op.name);
    if (same_name != nullptr && same_name->id != op.id) {
      return senseless(N_("there is a role of that name already"), op.name,
                       N_("choose another name"));
    }
    if (!policy.roles_.contains(op.id) && policy.roles_.size() >= kRolesMax) {
      return fail(Code::kLimit, N_("the vault has as many roles as it can hold"));
    }
    Role made{op.id, op.name, op.vault_rights, {}};
    for (const RoleRight& entry : op.rights) {
      if (!policy.compartments_.contains(entry.compartment) ||
          !made.rights.emplace(entry.compartment, entry.rights).second) {
        return senseless(N_("a role names a compartment that is not there, or one twice"));
      }
    }
    policy.roles_[op.id] = std::move(made);
    return {};
  }

  [[nodiscard]] Status operator()(const GenesisOp& op) const {
    if (op.key.id() != actor_key) {
      return senseless(N_("the first entry is not signed by the first user"));
    }
    COFFRE_TRY(check_password_cost(op.cost));
    COFFRE_TRY(check_lock_after(op.lock_after_s));
    policy.vault_ = vault;
    policy.practice_ = op.practice;
    policy.cost_ = op.cost;
    policy.lock_after_s_ = op.lock_after_s;
    COFFRE_TRY(add_user(op.user, op.user_name, op.key, op.user));
    for (const GenesisCompartment& made : op.compartments) {
      if (made.purpose != Purpose::kOrdinary && policy.compartment_for(made.purpose) != nullptr) {
        return senseless(N_("two compartments have one purpose"));
      }
      COFFRE_TRY(add_compartment(made.id, made.purpose, made.name, made.epoch_key));
    }
    if (policy.compartment_for(Purpose::kAdministrative) == nullptr ||
        policy.compartment_for(Purpose::kJournal) == nullptr) {
      return senseless(N_("the vault has no compartment for patients, or none for the journal"));
    }
    for (const RoleOp& role : op.roles) {
      COFFRE_TRY(set_role(role));
    }
    for (const Id& role : op.user_roles) {
      if (!policy.roles_.contains(role)) {
        return senseless(N_("there is no such role"));
      }
      policy.users_[op.user].roles.insert(role);
    }
    return {};
  }

  [[nodiscard]] Status operator()(const UserOp& op) const {
    if (!holds(vault_right::kAccounts)) {
      return denied();
    }
    return add_user(op.id, op.name, op.key, actor->id);
  }

  [[nodiscard]] Status operator()(const UserStateOp& op) const {
    User* user = find_user(op.id);
    if (!holds(vault_right::kAccounts)) {
      return denied();
    }
    if (user == nullptr || user->state == UserState::kRemoved) {
      return senseless(N_("there is no such account"));
    }
    if (op.state == UserState::kRemoved) {
      const bool holds_key = std::ranges::any_of(policy.compartments_, [&](const auto& entry) {
        return policy.live_grant(*user, entry.first) != nullptr;
      });
      if (holds_key) {
        return senseless(N_("the account still holds a key of a compartment"), user->name,
                         N_("open new epochs in the same change"));
      }
      policy.keys_.erase(user->key_id);
      user->grants.clear();
      user->roles.clear();
    }
    user->state = op.state;
    return {};
  }

  [[nodiscard]] Status operator()(const UserKeyOp& op) const {
    User* user = find_user(op.id);
    const bool own = actor->id == op.id;
    if (!own && !holds(vault_right::kAccounts)) {
      return denied();
    }
    if (user == nullptr || user->state == UserState::kRemoved) {
      return senseless(N_("there is no such account"));
    }
    if (!own && !op.carried.empty()) {
      return denied();
    }
    if (!verify_signature(op.key.signing, key_proof_message(vault, op.id, op.key), op.proof)) {
      return senseless(N_("a new key comes without the proof that its maker holds it"));
    }
    std::map<Id, Grant> carried;
    for (const CarriedGrant& grant : op.carried) {
      const Grant* live = policy.live_grant(*user, grant.compartment);
      if (live == nullptr || live->epoch != grant.epoch ||
          !carried.emplace(grant.compartment, Grant{grant.epoch, user->key_id, grant.sealed})
               .second) {
        return denied();
      }
    }
    COFFRE_TRY(claim_key(*user, op.key));
    user->grants = std::move(carried);
    user->made_by = actor->id;
    return {};
  }

  [[nodiscard]] Status operator()(const RoleOp& op) const {
    if (!holds(vault_right::kRoles)) {
      return denied();
    }
    const Role* before = policy.role(op.id);
    for (const RoleRight& entry : op.rights) {
      const std::uint8_t* had =
          before == nullptr ? nullptr : find_right(before->rights, entry.compartment);
      const bool had_destroy = had != nullptr && (*had & right::kDestroy) != 0;
      if ((entry.rights & right::kDestroy) != 0 && !had_destroy &&
          !policy.is_reader(*actor, entry.compartment)) {
        return denied();
      }
    }
    return set_role(op);
  }

  [[nodiscard]] Status operator()(const AssignOp& op) const {
    User* user = find_user(op.user);
    const Role* role = policy.role(op.role);
    if (!holds(vault_right::kRoles)) {
      return denied();
    }
    if (user == nullptr || user->state == UserState::kRemoved) {
      return senseless(N_("there is no such account"));
    }
    if (role == nullptr) {
      return senseless(N_("there is no such role"));
    }
    if (op.revoke) {
      return user->roles.erase(op.role) != 0 ? Status{}
                                             : senseless(N_("the account does not have that role"));
    }
    for (const auto& [compartment, rights] : role->rights) {
      if ((rights & right::kDestroy) != 0 && !policy.is_reader(*actor, compartment)) {
        return denied();
      }
    }
    return user->roles.insert(op.role).second ? Status{}
                                              : senseless(N_("the account has that role already"));
  }

  [[nodiscard]] Status operator()(const CompartmentOp& op) const {
    if (!holds(vault_right::kSettings) || !policy.is_reader(*actor, op.like)) {
      return denied();
    }
    COFFRE_TRY(add_compartment(op.id, Purpose::kOrdinary, op.name, op.epoch_key));
    policy.compartments_[op.id].retention_years = policy.compartment(op.like)->retention_years;
    for (auto& [id, role] : policy.roles_) {
      if (const std::uint8_t* rights = find_right(role.rights, op.like)) {
        role.rights[op.id] = *rights;
      }
    }
    return {};
  }

  [[nodiscard]] Status operator()(const CompartmentNameOp& op) const {
    const auto found = policy.compartments_.find(op.id);
    if (!holds(vault_right::kSettings) || found == policy.compartments_.end() ||
        !policy.is_reader(*actor, op.id)) {
      return denied();
    }
    COFFRE_TRY(check_name(op.name));
    const Compartment* same_name = policy.compartment_by_name(op.name);
    if (same_name != nullptr && same_name->id != op.id) {
      return senseless(N_("there is a compartment of that name already"), op.name,
                       N_("choose another name"));
    }
    found->second.name = op.name;
    return {};
  }

  [[nodiscard]] Status operator()(const EpochOp& op) const {
    const auto found = policy.compartments_.find(op.compartment);
    if (found == policy.compartments_.end() || !policy.is_reader(*actor, op.compartment)) {
      return denied();
    }
    Compartment& compartment = found->second;
    if (op.epoch != compartment.epoch() + 1) {
      return senseless(N_("an epoch is out of order"));
    }
    compartment.epochs.push_back({op.key, op.chain, actor_key});
    return {};
  }

  [[nodiscard]] Status operator()(const GrantOp& op) const {
    User* user = find_user(op.user);
    const Compartment* compartment = policy.compartment(op.compartment);
    if (user == nullptr || compartment == nullptr || user->state != UserState::kActive) {
      return senseless(N_("there is no such account"));
    }
    // Who opened the epoch has its key before any grant, and only matters while the role reads.
    const bool opened = compartment->current().opened_by == actor_key &&
                        (policy.rights(*actor, op.compartment) & right::kRead) != 0;
    if (!opened && !policy.is_reader(*actor, op.compartment)) {
      return denied();
    }
    if (op.epoch != compartment->epoch() || op.key_id != user->key_id) {
      return senseless(N_("a grant is for another key or epoch"), user->name,
                       N_("look at the waiting grants again"));
    }
    if ((policy.rights(*user, op.compartment) & right::kRead) == 0) {
      return denied();
    }
    // Who made the key can use it: that must be the person, or somebody who reads here anyway.
    const User* maker = policy.user(user->made_by);
    COFFRE_ASSERT(maker != nullptr);
    if (!user->has_own_key() && maker->id != actor->id &&
        !policy.is_reader(*maker, op.compartment)) {
      return fail(Code::kDenied, N_("the person has not chosen a password of their own yet"),
                  user->name, N_("let them run: coffrectl user password"));
    }
    user->grants[op.compartment] = Grant{op.epoch, actor_key, op.sealed};
    return {};
  }

  [[nodiscard]] Status operator()(const SettingOp& op) const {
    if (!holds(vault_right::kSettings)) {
      return denied();
    }
    COFFRE_TRY(check_lock_after(op.value));
    policy.lock_after_s_ = op.value;
    return {};
  }

  [[nodiscard]] Status operator()(const WorkstationOp& op) const {
    COFFRE_TRY(check_name(op.name));
    if (policy.workstations_.size() >= kWorkstationsMax) {
      return fail(Code::kLimit, N_("the vault knows as many workstations as it can"));
    }
    const Hash key_id = workstation_key_id(op.key);
    if (policy.workstations_.contains(op.id) || !policy.used_keys_.emplace(key_id, op.key).second) {
      return senseless(N_("a workstation is enrolled twice"));
    }
    policy.workstations_.emplace(op.id, Workstation{op.id, op.name, op.key, key_id, false});
    return {};
  }

  [[nodiscard]] Status operator()(const WorkstationRevokedOp& op) const {
    const auto found = policy.workstations_.find(op.id);
    if (!holds(vault_right::kSettings)) {
      return denied();
    }
    if (found == policy.workstations_.end() || found->second.revoked) {
      return senseless(N_("there is no such workstation"));
    }
    found->second.revoked = true;
    return {};
  }

  [[nodiscard]] Status operator()(const HoldOp& op) const {
    if (!holds(vault_right::kSettings)) {
      return denied();
    }
    if (policy.holds_.contains(op.object)) {
      return senseless(N_("this is on hold already"));
    }
    if (policy.holds_.size() >= kHoldsMax) {
      return fail(Code::kLimit, N_("the vault has as many holds as it can keep"));
    }
    const bool is_document = op.kind == HoldKind::kDocument;
    if (op.versions.size() > kHeldVersionsMax - policy.held_versions_.size()) {
      return fail(Code::kLimit, N_("the vault has as many holds as it can keep"));
    }
    if (is_document == op.versions.empty()) {
      return senseless(N_("a hold names the versions of a document, and of nothing else"));
    }
    for (const Id& version : op.versions) {
      if (!policy.held_versions_.insert(version).second) {
        return senseless(N_("a hold names a version that is on hold already"));
      }
    }
    policy.holds_.emplace(op.object, Hold{op.kind, op.versions});
    return {};
  }

  [[nodiscard]] Status operator()(const HoldLiftedOp& op) const {
    if (!holds(vault_right::kSettings)) {
      return denied();
    }
    const auto found = policy.holds_.find(op.object);
    if (found == policy.holds_.end()) {
      return senseless(N_("this is not on hold"), {}, N_("look at: coffrectl hold list"));
    }
    for (const Id& version : found->second.versions) {
      policy.held_versions_.erase(version);
    }
    policy.holds_.erase(found);
    return {};
  }

  [[nodiscard]] Status operator()(const RetentionOp& op) const {
    const auto found = policy.compartments_.find(op.compartment);
    if (!holds(vault_right::kSettings)) {
      return denied();
    }
    if (found == policy.compartments_.end() || found->second.purpose == Purpose::kJournal) {
      return senseless(N_("there is no such compartment with documents"));
    }
    if (op.years > kRetentionYearsMax) {
      return senseless(N_("the years that documents are kept are out of range"),
                       std::to_string(op.years), N_("choose 0 to 100 years; 0 sets no period"));
    }
    found->second.retention_years = op.years;
    return {};
  }
};

Status Policy::apply(const Hash& vault, const Hash& actor, const PolicyOp& op) {
  const bool genesis = std::holds_alternative<GenesisOp>(op);
  if (genesis != users_.empty()) {
    return senseless(N_("the log does not start with its one genesis"));
  }
  Policy changed = *this;
  Applier applier{changed, vault, actor, nullptr};
  if (!genesis) {
    applier.actor = changed.user_by_key(actor);
    if (applier.actor == nullptr || applier.actor->state != UserState::kActive) {
      return denied();
    }
  }
  COFFRE_TRY(std::visit(applier, op));
  *this = std::move(changed);
  return {};
}

}  // namespace coffre
