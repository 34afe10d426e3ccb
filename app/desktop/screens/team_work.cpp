#include "app/desktop/screens/team_work.h"

#include "app/common/i18n.h"
#include "app/desktop/screens/shown_names.h"
#include "core/base/text.h"

namespace coffre::ui {

Availability TeamWork::when_idle(const char* why_not) const {
  if (why_not != nullptr) {
    return Availability::greyed(why_not);
  }
  return busy_ ? Availability::greyed(N_("A change is under way.")) : Availability::ready();
}

void TeamWork::change(std::string words, std::function<Status(Vault&)> work, Done done) {
  if (busy_) {
    return;
  }
  busy_ = true;
  error_.reset();
  services_.vault.ask<void>(
      std::move(work),
      alive_.guard([this, words = std::move(words), done = std::move(done)](const Status& status) {
        busy_ = false;
        if (!status) {
          error_ = status.error();
          return;
        }
        if (!words.empty()) {
          services_.toasts.say(words);
        }
        if (done) {
          done();
        }
      }));
}

void TeamWork::refresh(Done done) {
  change(
      {},
      [](Vault& vault) -> Status {
        COFFRE_TRY(vault.users());
        return {};
      },
      std::move(done));
}

void TeamWork::add(const std::string& name, const std::vector<std::string>& roles, Secret password,
                   Done done) {
  change(
      fill(tr(N_("{} has an account now.")), {printable(name)}),
      [name, roles, kept = std::make_shared<Secret>(std::move(password))](Vault& vault) -> Status {
        COFFRE_TRY(vault.add_user(name, roles, std::move(*kept)));
        return {};
      },
      std::move(done));
}

void TeamWork::reset(const std::string& name, Secret password, Done done) {
  change(
      fill(tr(N_("{} has a new first password.")), {printable(name)}),
      [name, kept = std::make_shared<Secret>(std::move(password))](Vault& vault) {
        return vault.reset_password(name, std::move(*kept));
      },
      std::move(done));
}

void TeamWork::assign(const std::string& name, const std::string& role, bool revoke) {
  const char* words =
      revoke ? tr(N_("{} no longer has the role {}.")) : tr(N_("{} has the role {} now."));
  change(fill(words, {printable(name), shown_role(role)}),
         [name, role, revoke](Vault& vault) { return vault.assign_role(name, role, revoke); }, {});
}

void TeamWork::approve(const std::string& name, const std::vector<std::string>& compartments,
                       const Hash& key_id) {
  change(fill(tr(N_("{} can read from the next unlock on.")), {printable(name)}),
         [name, compartments, key_id](Vault& vault) -> Status {
           for (const std::string& compartment : compartments) {
             COFFRE_TRY(vault.approve_grant(name, compartment, key_id));
           }
           return {};
         },
         {});
}

void TeamWork::set_enabled(const std::string& name, bool enabled) {
  const char* words = enabled ? tr(N_("{} may work again."))
                              : tr(N_("{} is suspended. What this account could read stays at risk "
                                      "until it is removed."));
  change(fill(words, {printable(name)}),
         [name, enabled](Vault& vault) { return vault.set_user_enabled(name, enabled); }, {});
}

void TeamWork::remove(const std::string& name,
                      std::function<void(std::vector<ReadableBefore>)> done) {
  const auto before = std::make_shared<std::vector<ReadableBefore>>();
  change(
      fill(tr(N_("{} is removed; new keys are in use.")), {printable(name)}),
      [name, before](Vault& vault) -> Status {
        COFFRE_TRY_ASSIGN(*before, vault.remove_user(name));
        return {};
      },
      [before, done = std::move(done)] { done(*before); });
}

void TeamWork::define(const RoleDraft& role, Done done) {
  change(
      fill(tr(N_("The role {} is saved.")), {shown_role(role.name)}),
      [role](Vault& vault) { return vault.define_role(role.name, role.vault_rights, role.rights); },
      std::move(done));
}

void TeamWork::count(const std::vector<Id>& compartments,
                     std::function<void(std::vector<std::optional<std::uint64_t>>)> done) {
  using Counts = std::vector<std::optional<std::uint64_t>>;
  services_.vault.ask<Counts>(
      [compartments](Vault& vault) -> Result<Counts> {
        Counts counts;
        for (const Id& id : compartments) {
          const Result<std::uint64_t> count = vault.document_count(id);
          counts.push_back(count ? std::optional(*count) : std::nullopt);
        }
        return counts;
      },
      alive_.guard([done = std::move(done)](Result<Counts> counts) {
        if (counts) {
          done(*std::move(counts));
        }
      }));
}

}  // namespace coffre::ui
