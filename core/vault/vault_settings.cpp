// Roles, compartments and settings: policy kinds 5, 8, 9, 12.
#include "core/base/text.h"
#include "core/vault/vault_impl.h"

namespace coffre {
namespace {

std::unexpected<Error> no_compartment(const std::string& name) {
  return fail(Code::kDenied, N_("there is no such compartment, or this account may not"),
              printable(name), N_("look at: coffrectl compartment list"));
}

}  // namespace

Status Vault::define_role(const std::string& name, std::uint8_t vault_rights,
                          const std::vector<std::pair<std::string, std::uint8_t>>& rights) {
  return impl_->with_keys([&](Lease::Use&) -> Status {
    Impl& self = *impl_;
    COFFRE_TRY(self.need(vault_right::kRoles));
    COFFRE_TRY_ASSIGN(const std::string checked, checked_name(name));
    COFFRE_TRY_ASSIGN(const Id fresh, self.environment.random.id());
    COFFRE_TRY(self.commit([&](Commit& commit) -> Status {
      const Policy& policy = commit.policy();
      const Role* before = policy.role_by_name(checked);
      RoleOp op{before == nullptr ? fresh : before->id, checked, vault_rights, {}};
      for (const auto& [compartment, bits] : rights) {
        const Compartment* place = policy.compartment_by_name(compartment);
        if (place == nullptr) {
          return no_compartment(compartment);
        }
        op.rights.push_back({place->id, bits});
      }
      const Policy readers_before = policy;
      COFFRE_TRY(commit.add_policy(op));
      return self.close_epochs(commit, readers_before);
    }));
    return self.keyring.refresh(self.log.policy);
  });
}

Result<Id> Vault::add_compartment(const std::string& name, const std::string& like) {
  return impl_->with_keys([&](Lease::Use&) -> Result<Id> {
    Impl& self = *impl_;
    COFFRE_TRY(self.need(vault_right::kSettings));
    COFFRE_TRY_ASSIGN(const std::string checked, checked_name(name));
    COFFRE_TRY_ASSIGN(const Id id, self.environment.random.id());
    COFFRE_TRY_ASSIGN(const ExchangeKey key, ExchangeKey::generate(self.environment.random));
    COFFRE_TRY(self.commit([&](Commit& commit) -> Status {
      const Compartment* model = commit.policy().compartment_by_name(like);
      if (model == nullptr || !self.can_read(model->id)) {
        return no_compartment(like);
      }
      const Id model_id = model->id;
      COFFRE_TRY(commit.add_policy(CompartmentOp{id, checked, model_id, key.public_key()}));
      COFFRE_TRY(self.keyring.add_epoch(self.log.vault(), id, 1, key));
      // This session first: it opened the epoch; then everybody who reads the model.
      std::vector<Id> readers = {self.keyring.user()};
      for (const auto& [user, known] : commit.policy().users()) {
        if (user != self.keyring.user() && commit.policy().is_reader(known, model_id)) {
          readers.push_back(user);
        }
      }
      for (const Id& reader : readers) {
        const User* user = commit.policy().user(reader);
        GrantOp grant{id, 1, reader, user->key_id, {}};
        COFFRE_TRY_ASSIGN(grant.sealed, seal_grant(self.log.vault(), id, 1, key, *user,
                                                   self.keyring.key_id(), self.environment.random));
        const Status granted = commit.add_policy(grant);
        if (!granted && (user->has_own_key() || granted.error().code != Code::kDenied)) {
          return granted;
        }
      }
      return {};
    }));
    return id;
  });
}

Status Vault::rename_compartment(const std::string& name, const std::string& new_name) {
  return impl_->with_keys([&](Lease::Use&) -> Status {
    Impl& self = *impl_;
    COFFRE_TRY(self.need(vault_right::kSettings));
    COFFRE_TRY_ASSIGN(const std::string checked, checked_name(new_name));
    return self.commit([&](Commit& commit) -> Status {
      const Compartment* place = commit.policy().compartment_by_name(name);
      if (place == nullptr || !self.can_read(place->id)) {
        return no_compartment(name);
      }
      return commit.add_policy(CompartmentNameOp{place->id, checked});
    });
  });
}

Status Vault::set_lock_after(std::uint32_t seconds) {
  return impl_->with_keys([&](Lease::Use&) -> Status {
    Impl& self = *impl_;
    COFFRE_TRY(self.need(vault_right::kSettings));
    return self.commit([&](Commit& commit) -> Status {
      return commit.add_policy(SettingOp{Setting::kLockAfterSeconds, seconds});
    });
  });
}

}  // namespace coffre
