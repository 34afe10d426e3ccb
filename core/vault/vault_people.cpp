// Accounts, roles of accounts, grants: policy kinds 2, 3, 4, 6, 7, 10, 11.
#include "core/base/text.h"
#include "core/vault/vault_impl.h"

namespace coffre {
namespace {

std::unexpected<Error> no_account(const std::string& name) {
  return fail(Code::kDenied, N_("there is no such account"), printable(name),
              N_("look at: coffrectl user list"));
}

Result<Id> find_user(const Policy& policy, const std::string& name) {
  const User* user = policy.user_by_name(name);
  if (user == nullptr || user->state == UserState::kRemoved) {
    return no_account(name);
  }
  return user->id;
}

Result<Id> find_role(const Policy& policy, const std::string& name) {
  const Role* role = policy.role_by_name(name);
  if (role == nullptr) {
    return fail(Code::kDenied, N_("there is no such role"), printable(name),
                N_("look at: coffrectl role list"));
  }
  return role->id;
}

Result<Unlocker> new_unlocker(Secret password, const std::optional<std::string>& key_file) {
  COFFRE_TRY_ASSIGN(Unlocker unlocker, make_unlocker(password, key_file));
  password.wipe();
  COFFRE_TRY(check_password_floor(unlocker.password));
  return unlocker;
}

UserKeyOp key_op(const Hash& vault, const Id& user, const MemberSecrets& secrets) {
  UserKeyOp op;
  op.id = user;
  op.key = secrets.public_key();
  op.proof = secrets.signing.sign(key_proof_message(vault, user, op.key));
  return op;
}

// Compartments that would be left without anybody who reads them if this user no longer did.
Status keep_a_reader(const Policy& policy, const User& user) {
  for (const auto& [id, compartment] : policy.compartments()) {
    if (policy.is_reader(user, id) && policy.reader_count(id, user.id) == 0) {
      return fail(Code::kFailed, N_("nobody else could read the compartment any more"),
                  compartment.name, N_("let somebody else read it first"));
    }
  }
  return {};
}

UserView view_of(const Policy& policy, const User& user) {
  UserView view{user.id, user.name, {}, "active", user.key_id, {}};
  for (const Id& role : user.roles) {
    view.roles.push_back(policy.role(role)->name);
  }
  std::ranges::sort(view.roles);
  if (user.state == UserState::kSuspended) {
    view.state = "suspended";
  } else if (user.state == UserState::kRemoved) {
    view.state = "removed";
  } else if (policy.is_provisional(user)) {
    view.state = "provisional";
  }
  for (const auto& [id, compartment] : policy.compartments()) {
    if ((policy.rights(user, id) & right::kRead) != 0) {
      view.grants.push_back({id, compartment.name, policy.live_grant(user, id) != nullptr});
    }
  }
  std::ranges::sort(view.grants, {}, &GrantView::compartment_name);
  return view;
}

}  // namespace

Status Vault::Impl::grant_what_i_can(Commit& commit, const Id& user_id) {
  for (const auto& [id, compartment] : log.policy.compartments()) {
    const Policy& policy = commit.policy();
    const User* user = policy.user(user_id);
    const User* granter = policy.user_by_key(keyring.key_id());
    if (user == nullptr || granter == nullptr || !policy.is_reader(*granter, id) ||
        (policy.rights(*user, id) & right::kRead) == 0 || policy.live_grant(*user, id) != nullptr) {
      continue;
    }
    const User* maker = policy.user(user->made_by);
    if (!user->has_own_key() && (maker == nullptr || !policy.is_reader(*maker, id))) {
      continue;  // waits until the person chose a password of their own
    }
    const std::uint32_t epoch = policy.compartment(id)->epoch();
    const EpochKeys* keys = keyring.epoch(id, epoch);
    COFFRE_ASSERT(keys != nullptr);
    GrantOp grant{id, epoch, user_id, user->key_id, {}};
    COFFRE_TRY_ASSIGN(grant.sealed, seal_grant(log.vault(), id, epoch, keys->exchange, *user,
                                               keyring.key_id(), environment.random));
    COFFRE_TRY(commit.add_policy(grant));
  }
  return {};
}

Status Vault::Impl::open_epoch(Commit& commit, const Id& id) {
  Random& random = environment.random;
  const std::uint32_t before = commit.policy().compartment(id)->epoch();
  std::vector<Id> readers;  // this session first: makers before those whose keys they made
  readers.push_back(keyring.user());
  for (const bool own : {true, false}) {
    for (const auto& [user_id, user] : commit.policy().users()) {
      if (user_id != keyring.user() && user.has_own_key() == own &&
          commit.policy().is_reader(user, id)) {
        readers.push_back(user_id);
      }
    }
  }
  const EpochKeys* previous = keyring.epoch(id, before);
  COFFRE_ASSERT(previous != nullptr);
  COFFRE_TRY_ASSIGN(const ExchangeKey made, ExchangeKey::generate(random));
  COFFRE_TRY(keyring.add_epoch(log.vault(), id, before + 1, made));
  EpochKeys* next = keyring.epoch(id, before + 1);
  EpochOp op{id, before + 1, made.public_key(), {}};
  COFFRE_TRY_ASSIGN(op.chain, seal_chain(log.vault(), id, before + 1, next->read_key,
                                         previous->exchange, random));
  COFFRE_TRY(commit.add_policy(op));
  for (const Id& user_id : readers) {
    const User* user = commit.policy().user(user_id);
    GrantOp grant{id, before + 1, user_id, user->key_id, {}};
    COFFRE_TRY_ASSIGN(grant.sealed, seal_grant(log.vault(), id, before + 1, made, *user,
                                               keyring.key_id(), random));
    const Status granted = commit.add_policy(grant);
    // A key that somebody made who no longer reads waits for a password of the person's own.
    if (!granted && (user->has_own_key() || granted.error().code != Code::kDenied)) {
      return granted;
    }
  }
  return {};
}

Status Vault::Impl::close_epochs(Commit& commit, const Policy& before) {
  for (const auto& [place, compartment] : before.compartments()) {
    const bool somebody_left = std::ranges::any_of(before.users(), [&](const auto& entry) {
      return before.is_reader(entry.second, place) &&
             !commit.policy().is_reader(*commit.policy().user(entry.first), place);
    });
    if (!somebody_left) {
      continue;
    }
    if (commit.policy().reader_count(place, Id{}) == 0) {
      return fail(Code::kFailed, N_("nobody else could read the compartment any more"),
                  compartment.name, N_("let somebody else read it first"));
    }
    // The key stays in the person's hands: what comes is sealed for a new one.
    if (commit.policy().is_reader(*commit.policy().user(keyring.user()), place)) {
      COFFRE_TRY(open_epoch(commit, place));
    }
  }
  return {};
}

Status Vault::Impl::remove_slots(Commit& commit, const Id& user) {
  std::vector<Bytes> ids;
  WriteTransaction& rows = commit.transaction();
  COFFRE_TRY_ASSIGN(const auto range, rows.row_range(Table::kSlots));
  if (!range) {
    return {};
  }
  COFFRE_TRY(
      rows.scan(Table::kSlots, range->first, range->second, [&](const StateRow& row) -> Status {
        COFFRE_TRY_ASSIGN(const Slot slot, Slot::parse(row.body));
        if (slot.user == user) {
          ids.emplace_back(row.id.begin(), row.id.end());
        }
        return {};
      }));
  for (const Bytes& id : ids) {
    COFFRE_TRY(commit.remove(Table::kSlots, id, user));
  }
  return {};
}

Result<std::uint64_t> Vault::Impl::count_documents(const Id& compartment) {
  std::uint64_t count = 0;
  COFFRE_TRY_ASSIGN(const std::unique_ptr<ReadView> from, view());
  COFFRE_TRY_ASSIGN(const auto range, from->row_range(Table::kRecords));
  if (range) {
    COFFRE_TRY(from->scan(
        Table::kRecords, range->first, range->second, [&](const StateRow& row) -> Status {
          COFFRE_TRY_ASSIGN(const RecordRow record, RecordRow::parse(row.body));
          const bool counts =
              record.kind == ObjectKind::kDocument && record.compartment == compartment;
          count += counts ? 1 : 0;
          return {};
        }));
  }
  return count;
}

Result<std::uint64_t> Vault::document_count(const Id& compartment) {
  return impl_->with_keys([&](Lease::Use&) -> Result<std::uint64_t> {
    COFFRE_TRY(impl_->view());
    if (!impl_->can_read(compartment)) {
      return fail(Code::kDenied, N_("there is no such compartment, or this account may not"));
    }
    return impl_->count_documents(compartment);
  });
}

Result<UserView> Vault::me() {
  return impl_->with_keys([&](Lease::Use&) -> Result<UserView> {
    COFFRE_TRY(impl_->view());
    return view_of(impl_->log.policy, impl_->me());
  });
}

Result<bool> Vault::needs_own_password() {
  return impl_->with_keys([&](Lease::Use&) -> Result<bool> {
    COFFRE_TRY(impl_->view());
    return impl_->log.policy.is_provisional(impl_->me());
  });
}

Result<Id> Vault::add_user(const std::string& name, const std::vector<std::string>& roles,
                           Secret first_password) {
  return impl_->with_keys([&](Lease::Use&) -> Result<Id> {
    Impl& self = *impl_;
    Random& random = self.environment.random;
    COFFRE_TRY(self.need(vault_right::kAccounts));
    COFFRE_TRY_ASSIGN(const std::string checked, checked_name(name));
    std::vector<Id> role_ids;
    for (const std::string& role : roles) {
      COFFRE_TRY_ASSIGN(const Id id, find_role(self.log.policy, role));
      role_ids.push_back(id);
    }
    COFFRE_TRY_ASSIGN(const Unlocker unlocker, new_unlocker(std::move(first_password), {}));
    COFFRE_TRY_ASSIGN(const MemberSecrets secrets, MemberSecrets::generate(random));
    COFFRE_TRY_ASSIGN(const Id user, random.id());
    COFFRE_TRY_ASSIGN(const Id slot, random.id());
    COFFRE_TRY_ASSIGN(const Bytes body, make_slot(self.log.vault(), user, slot, secrets, unlocker,
                                                  self.log.policy.cost(), random));
    COFFRE_TRY(self.commit([&](Commit& commit) -> Status {
      COFFRE_TRY(commit.insert(Table::kSlots, slot.view(), body, user));
      COFFRE_TRY(commit.add_policy(UserOp{user, checked, secrets.public_key()}));
      for (const Id& role : role_ids) {
        COFFRE_TRY(commit.add_policy(AssignOp{user, role, false}));
      }
      return self.grant_what_i_can(commit, user);
    }));
    return user;
  });
}

Result<std::vector<UserView>> Vault::users() {
  return impl_->with_keys([&](Lease::Use&) -> Result<std::vector<UserView>> {
    COFFRE_TRY(impl_->view());
    std::vector<UserView> views;
    for (const auto& [id, user] : impl_->log.policy.users()) {
      views.push_back(view_of(impl_->log.policy, user));
    }
    std::ranges::sort(views, {}, [](const UserView& view) { return fold(view.name); });
    return views;
  });
}

Status Vault::set_user_enabled(const std::string& name, bool enabled) {
  return impl_->with_keys([&](Lease::Use&) -> Status {
    Impl& self = *impl_;
    COFFRE_TRY(self.need(vault_right::kAccounts));
    return self.commit([&](Commit& commit) -> Status {
      COFFRE_TRY_ASSIGN(const Id id, find_user(commit.policy(), name));
      if (id == self.keyring.user()) {
        return fail(Code::kInvalidArgument, N_("an account cannot suspend or remove itself"), {},
                    N_("ask somebody else who looks after the accounts"));
      }
      return commit.add_policy(
          UserStateOp{id, enabled ? UserState::kActive : UserState::kSuspended});
    });
  });
}

Result<std::vector<ReadableBefore>> Vault::remove_user(const std::string& name) {
  return impl_->with_keys([&](Lease::Use&) -> Result<std::vector<ReadableBefore>> {
    Impl& self = *impl_;
    COFFRE_TRY(self.need(vault_right::kAccounts));
    std::vector<Id> readable;
    COFFRE_TRY(self.commit([&](Commit& commit) -> Status {
      COFFRE_TRY_ASSIGN(const Id id, find_user(commit.policy(), name));
      const User leaving = *commit.policy().user(id);
      if (id == self.keyring.user()) {
        return fail(Code::kInvalidArgument, N_("an account cannot suspend or remove itself"), {},
                    N_("ask somebody else who looks after the accounts"));
      }
      COFFRE_TRY(keep_a_reader(commit.policy(), leaving));
      for (const auto& [place, compartment] : self.log.policy.compartments()) {
        if (leaving.grants.contains(place)) {
          readable.push_back(place);
        }
      }
      if (leaving.state == UserState::kActive) {
        COFFRE_TRY(commit.add_policy(UserStateOp{id, UserState::kSuspended}));
      }
      for (const Id& place : readable) {
        if (commit.policy().live_grant(*commit.policy().user(id), place) == nullptr) {
          continue;  // an older epoch only
        }
        if (!self.can_read(place)) {
          return fail(Code::kDenied,
                      N_("only somebody who reads the same compartments can remove this account"),
                      name, N_("suspend it now (coffrectl user disable), and ask them"));
        }
        COFFRE_TRY(self.open_epoch(commit, place));
      }
      COFFRE_TRY(self.remove_slots(commit, id));
      return commit.add_policy(UserStateOp{id, UserState::kRemoved});
    }));
    COFFRE_TRY(self.keyring.refresh(self.log.policy));
    static_cast<void>(self.store->scrub_side_file());  // the next writer does it otherwise
    std::vector<ReadableBefore> before;
    for (const Id& place : readable) {
      COFFRE_TRY_ASSIGN(const std::uint64_t count, self.count_documents(place));
      before.push_back({self.log.policy.compartment(place)->name, count});
    }
    return before;
  });
}

Status Vault::change_password(Secret password, std::optional<std::string> key_file) {
  return impl_->with_keys([&](Lease::Use&) -> Status {
    Impl& self = *impl_;
    Random& random = self.environment.random;
    const Id id = self.keyring.user();
    COFFRE_TRY_ASSIGN(const Unlocker unlocker, new_unlocker(std::move(password), key_file));
    // A key that somebody else made is somebody else's too: the person gets one of their own.
    const bool replace = !self.me().has_own_key();
    COFFRE_TRY_ASSIGN(MemberSecrets secrets,
                      replace ? MemberSecrets::generate(random) : self.keyring.member().clone());
    COFFRE_TRY_ASSIGN(const Id slot, random.id());
    COFFRE_TRY_ASSIGN(const Bytes body, make_slot(self.log.vault(), id, slot, secrets, unlocker,
                                                  self.log.policy.cost(), random));
    COFFRE_TRY(self.commit([&](Commit& commit) -> Status {
      COFFRE_TRY(self.remove_slots(commit, id));
      COFFRE_TRY(commit.insert(Table::kSlots, slot.view(), body, id));
      if (!replace) {
        Event event = self.event(Action::kAccount);
        event.object = id;
        return commit.add_event(event);
      }
      UserKeyOp op = key_op(self.log.vault(), id, secrets);
      for (const auto& [place, compartment] : self.log.policy.compartments()) {
        const EpochKeys* keys = self.keyring.epoch(place, compartment.epoch());
        if (self.log.policy.live_grant(self.me(), place) == nullptr || keys == nullptr) {
          continue;
        }
        CarriedGrant grant{place, compartment.epoch(), {}};
        COFFRE_TRY_ASSIGN(grant.sealed,
                          seal_grant_to(self.log.vault(), place, compartment.epoch(),
                                        keys->exchange, op.key, self.keyring.key_id(), random));
        op.carried.push_back(grant);
      }
      return commit.add_policy(op);
    }));
    if (replace) {
      self.draft_owner.emplace(id, secrets.exchange.public_key());
      self.keyring.open(id, std::move(secrets));
      COFFRE_TRY(self.keyring.refresh(self.log.policy));
    }
    static_cast<void>(self.store->scrub_side_file());
    return {};
  });
}

Status Vault::reset_password(const std::string& name, Secret first_password) {
  return impl_->with_keys([&](Lease::Use&) -> Status {
    Impl& self = *impl_;
    Random& random = self.environment.random;
    COFFRE_TRY(self.need(vault_right::kAccounts));
    COFFRE_TRY_ASSIGN(const Id id, find_user(self.log.policy, name));
    if (id == self.keyring.user()) {
      return fail(Code::kInvalidArgument, N_("your own password is not reset but changed"), {},
                  N_("run: coffrectl user password"));
    }
    COFFRE_TRY_ASSIGN(const Unlocker unlocker, new_unlocker(std::move(first_password), {}));
    COFFRE_TRY_ASSIGN(const MemberSecrets secrets, MemberSecrets::generate(random));
    COFFRE_TRY_ASSIGN(const Id slot, random.id());
    COFFRE_TRY_ASSIGN(const Bytes body, make_slot(self.log.vault(), id, slot, secrets, unlocker,
                                                  self.log.policy.cost(), random));
    COFFRE_TRY(self.commit([&](Commit& commit) -> Status {
      COFFRE_TRY(keep_a_reader(commit.policy(), *commit.policy().user(id)));
      COFFRE_TRY(self.remove_slots(commit, id));
      COFFRE_TRY(commit.insert(Table::kSlots, slot.view(), body, id));
      COFFRE_TRY(commit.add_policy(key_op(self.log.vault(), id, secrets)));
      return self.grant_what_i_can(commit, id);
    }));
    static_cast<void>(self.store->scrub_side_file());
    return {};
  });
}

Status Vault::assign_role(const std::string& user, const std::string& role, bool revoke) {
  return impl_->with_keys([&](Lease::Use&) -> Status {
    Impl& self = *impl_;
    COFFRE_TRY(self.need(vault_right::kRoles));
    COFFRE_TRY(self.commit([&](Commit& commit) -> Status {
      COFFRE_TRY_ASSIGN(const Id id, find_user(commit.policy(), user));
      COFFRE_TRY_ASSIGN(const Id role_id, find_role(commit.policy(), role));
      const Policy before = commit.policy();
      COFFRE_TRY(commit.add_policy(AssignOp{id, role_id, revoke}));
      return revoke ? self.close_epochs(commit, before) : self.grant_what_i_can(commit, id);
    }));
    return self.keyring.refresh(self.log.policy);
  });
}

Result<std::vector<WaitingGrant>> Vault::waiting_grants() {
  return impl_->with_keys([&](Lease::Use&) -> Result<std::vector<WaitingGrant>> {
    COFFRE_TRY(impl_->view());
    std::vector<WaitingGrant> waiting;
    for (const auto& [id, user] : impl_->log.policy.users()) {
      for (const GrantView& grant : view_of(impl_->log.policy, user).grants) {
        if (!grant.live) {
          waiting.push_back({user.name, grant.compartment_name, user.key_id, user.has_own_key()});
        }
      }
    }
    std::ranges::sort(waiting, {}, [](const WaitingGrant& grant) {
      return std::pair(fold(grant.user), fold(grant.compartment));
    });
    return waiting;
  });
}

Status Vault::approve_grant(const std::string& user_name, const std::string& compartment_name,
                            std::optional<Hash> key_id) {
  return impl_->with_keys([&](Lease::Use&) -> Status {
    Impl& self = *impl_;
    return self.commit([&](Commit& commit) -> Status {
      const Policy& policy = commit.policy();
      COFFRE_TRY_ASSIGN(const Id id, find_user(policy, user_name));
      const Compartment* place = policy.compartment_by_name(compartment_name);
      if (place == nullptr || !self.can_read(place->id)) {
        return fail(Code::kDenied,
                    N_("only somebody who reads a compartment can let others read it"),
                    printable(compartment_name), N_("ask one of its readers"));
      }
      const User& user = *policy.user(id);
      if (key_id && *key_id != user.key_id) {
        return fail(Code::kDenied, N_("the account has another key than the one compared"),
                    user.name, N_("compare the fingerprints again, with the person"));
      }
      if (policy.live_grant(user, place->id) != nullptr) {
        return fail(Code::kExists, N_("the account can read this compartment already"), user.name);
      }
      const EpochKeys* keys = self.keyring.epoch(place->id, place->epoch());
      COFFRE_ASSERT(keys != nullptr);
      GrantOp grant{place->id, place->epoch(), id, user.key_id, {}};
      COFFRE_TRY_ASSIGN(grant.sealed,
                        seal_grant(self.log.vault(), place->id, place->epoch(), keys->exchange,
                                   user, self.keyring.key_id(), self.environment.random));
      return commit.add_policy(grant);
    });
  });
}

}  // namespace coffre
