// user …, grant …: accounts, and the grants that wait for a reader.
#include <nlohmann/json.hpp>

#include "app/cli/arguments.h"
#include "app/cli/options.h"
#include "app/common/i18n.h"

namespace coffre::cli {
namespace {

struct AccountNameArguments {
  std::string name;
};
struct AccountAddArguments {
  std::string name;
  std::vector<std::string> roles;
};
struct AccountPasswordArguments {
  std::optional<std::string> new_key_file;
  bool no_key_file = false;
};
struct AccountApproveArguments {
  std::string user;
  std::string compartment;
  std::optional<std::string> key_id;
};

std::string joined(const std::vector<std::string>& parts) {
  std::string text;
  for (const std::string& part : parts) {
    text += (text.empty() ? "" : ", ") + part;
  }
  return text;
}

const char* state_text(const std::string& state) {
  if (state == "active") {
    return tr(N_("active"));
  }
  if (state == "provisional") {
    return tr(N_("provisional"));
  }
  if (state == "suspended") {
    return tr(N_("suspended"));
  }
  return tr(N_("removed"));
}

Result<Exit> user_add(Context& context, const AccountAddArguments& arguments) {
  COFFRE_TRY_ASSIGN(Vault * vault, context.session());
  COFFRE_TRY_ASSIGN(Secret password, context.first_password(arguments.name));
  COFFRE_TRY(vault->add_user(arguments.name, arguments.roles, std::move(password)));
  context.output().line(
      fill(tr(N_("{} has an account now: {}.")), {arguments.name, joined(arguments.roles)}));
  return Exit::kDone;
}

Result<Exit> user_list(Context& context) {
  COFFRE_TRY_ASSIGN(Vault * vault, context.session());
  COFFRE_TRY_ASSIGN(const std::vector<UserView> users, vault->users());
  Json list = Json::array();
  Table table({tr(N_("Name")), tr(N_("Roles")), tr(N_("State")), tr(N_("Reads")),
               tr(N_("Waits for approval")), tr(N_("Key"))});
  for (const UserView& user : users) {
    Json grants = Json::array();
    std::vector<std::string> live;
    std::vector<std::string> waiting;
    for (const GrantView& grant : user.grants) {
      grants.push_back(
          {{"compartment", grant.compartment_name}, {"state", grant.live ? "live" : "waiting"}});
      (grant.live ? live : waiting).push_back(grant.compartment_name);
    }
    table.row({user.name, joined(user.roles), state_text(user.state), joined(live), joined(waiting),
               hex_of(user.key_id).substr(0, 16)});
    list.push_back({{"name", user.name},
                    {"roles", user.roles},
                    {"state", user.state},
                    {"key_id", hex_of(user.key_id)},
                    {"grants", std::move(grants)}});
  }
  context.output().value(list);
  context.output().table(table);
  return Exit::kDone;
}

Result<Exit> set_enabled(Context& context, const std::string& name, bool enabled) {
  COFFRE_TRY_ASSIGN(Vault * vault, context.session());
  COFFRE_TRY(vault->set_user_enabled(name, enabled));
  context.output().line(fill(enabled ? tr(N_("{} may work again."))
                                     : tr(N_("{} is suspended. What could be read with this "
                                             "account stays at risk until \"user remove\".")),
                             {name}));
  return Exit::kDone;
}

Result<Exit> user_disable(Context& context, const AccountNameArguments& arguments) {
  return set_enabled(context, arguments.name, false);
}

Result<Exit> user_enable(Context& context, const AccountNameArguments& arguments) {
  return set_enabled(context, arguments.name, true);
}

Result<Exit> user_remove(Context& context, const AccountNameArguments& arguments) {
  COFFRE_TRY_ASSIGN(Vault * vault, context.session());
  COFFRE_TRY_ASSIGN(const std::vector<ReadableBefore> readable, vault->remove_user(arguments.name));
  Json list = Json::array();
  Table table({tr(N_("Compartment")), tr(N_("Documents that could be read"))});
  for (const ReadableBefore& before : readable) {
    list.push_back({{"compartment", before.compartment}, {"documents", before.documents}});
    table.row({before.compartment, std::to_string(before.documents)});
  }
  Output& output = context.output();
  output.value({{"readable", std::move(list)}});
  output.line(fill(tr(N_("{} is removed and reads nothing that is stored from now on.")),
                   {arguments.name}));
  output.table(table);
  return Exit::kDone;
}

Result<Exit> user_password(Context& context, const AccountPasswordArguments& arguments) {
  COFFRE_TRY_ASSIGN(Vault * vault, context.session(false));
  COFFRE_TRY_ASSIGN(Secret password, context.new_password(tr(N_("New password:"))));
  std::optional<std::string> key_file = context.options().key_file;
  if (arguments.new_key_file) {
    key_file = arguments.new_key_file;
  } else if (arguments.no_key_file) {
    key_file.reset();
  }
  COFFRE_TRY(vault->change_password(std::move(password), std::move(key_file)));
  context.output().line(tr(N_("Your password is changed.")));
  return Exit::kDone;
}

Result<Exit> user_reset(Context& context, const AccountNameArguments& arguments) {
  COFFRE_TRY_ASSIGN(Vault * vault, context.session());
  COFFRE_TRY_ASSIGN(Secret password, context.first_password(arguments.name));
  COFFRE_TRY(vault->reset_password(arguments.name, std::move(password)));
  context.output().line(fill(tr(N_("{} has a new first password; what this person reads has to be "
                                   "approved again.")),
                             {arguments.name}));
  return Exit::kDone;
}

Result<Exit> grant_list(Context& context) {
  COFFRE_TRY_ASSIGN(Vault * vault, context.session());
  COFFRE_TRY_ASSIGN(const std::vector<WaitingGrant> grants, vault->waiting_grants());
  Json list = Json::array();
  Table table({tr(N_("Name")), tr(N_("Compartment")), tr(N_("State")), tr(N_("Key"))});
  for (const WaitingGrant& grant : grants) {
    list.push_back({{"user", grant.user},
                    {"compartment", grant.compartment},
                    {"key_id", hex_of(grant.key_id)},
                    {"state", grant.own_key ? "waiting" : "provisional"}});
    table.row({grant.user, grant.compartment,
               grant.own_key ? tr(N_("waits for a reader's approval"))
                             : tr(N_("has to choose an own password first")),
               hex_of(grant.key_id)});
  }
  context.output().value(list);
  context.output().table(table);
  return Exit::kDone;
}

Result<Exit> grant_approve(Context& context, const AccountApproveArguments& arguments) {
  std::optional<Hash> key_id;
  if (arguments.key_id) {
    COFFRE_TRY_ASSIGN(key_id, key_id_argument(*arguments.key_id));
  }
  COFFRE_TRY_ASSIGN(Vault * vault, context.session());
  COFFRE_TRY(vault->approve_grant(arguments.user, arguments.compartment, key_id));
  context.output().line(fill(tr(N_("{} reads {} now.")), {arguments.user, arguments.compartment}));
  return Exit::kDone;
}

void add_named(Registry& registry, CLI::App& parent, const char* name, const char* description,
               Result<Exit> (*run)(Context&, const AccountNameArguments&)) {
  const auto arguments = std::make_shared<AccountNameArguments>();
  CLI::App& made = registry.command(parent, name, description, arguments, run);
  text_option(made, "NAME", arguments->name, tr(N_("the account's name")))->required();
}

}  // namespace

void add_account_commands(Registry& registry) {
  CLI::App& user = registry.group("user", N_("accounts"));
  {
    const auto arguments = std::make_shared<AccountAddArguments>();
    CLI::App& made = registry.command(user, "add", N_("makes an account with a first password"),
                                      arguments, user_add);
    text_option(made, "NAME", arguments->name, tr(N_("the account's name")))->required();
    text_option(made, "--role", arguments->roles, tr(N_("its roles")))->required();
  }
  registry.command(user, "list", N_("lists the accounts, their roles and grants"), user_list);
  add_named(registry, user, "disable", N_("suspends an account at once"), user_disable);
  add_named(registry, user, "enable", N_("ends a suspension"), user_enable);
  add_named(registry, user, "remove",
            N_("removes an account for ever and lists what it could read"), user_remove);
  add_named(registry, user, "reset", N_("gives somebody a new first password"), user_reset);
  {
    const auto arguments = std::make_shared<AccountPasswordArguments>();
    CLI::App& made = registry.command(user, "password", N_("changes your own password"), arguments,
                                      user_password);
    auto* file = text_option(made, "--new-key-file", arguments->new_key_file,
                             tr(N_("from now on, this key file is needed as well")));
    made.add_flag("--no-key-file", arguments->no_key_file,
                  tr(N_("from now on, no key file is needed")))
        ->excludes(file);
  }
  CLI::App& grant = registry.group("grant", N_("approvals by those who read a compartment"));
  registry.command(grant, "list", N_("lists what waits for approval"), grant_list);
  const auto arguments = std::make_shared<AccountApproveArguments>();
  CLI::App& made = registry.command(grant, "approve", N_("lets somebody read a compartment"),
                                    arguments, grant_approve);
  text_option(made, "USER", arguments->user, tr(N_("the account's name")))->required();
  text_option(made, "COMPARTMENT", arguments->compartment, tr(N_("the compartment")))->required();
  text_option(made, "--key-id", arguments->key_id,
              tr(N_("the id of the key that you compared with the person")));
}

}  // namespace coffre::cli
