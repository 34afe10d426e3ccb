// role …, compartment …, setting …: what the practice decides for itself.
#include <array>

#include <nlohmann/json.hpp>

#include "app/cli/arguments.h"
#include "app/cli/options.h"
#include "app/common/i18n.h"

namespace coffre::cli {
namespace {

struct NamedBit {
  const char* name;
  std::uint8_t bit;
};
constexpr std::array<NamedBit, 5> kRights = {{{"read", right::kRead},
                                              {"deposit", right::kDeposit},
                                              {"edit", right::kEdit},
                                              {"export", right::kExport},
                                              {"destroy", right::kDestroy}}};
constexpr std::array<NamedBit, 3> kVaultRights = {{{"accounts", vault_right::kAccounts},
                                                   {"roles", vault_right::kRoles},
                                                   {"settings", vault_right::kSettings}}};

struct AssignArguments {
  std::string user;
  std::string role;
};
struct DefineArguments {
  std::string name;
  std::vector<std::string> rights;
};
struct CompartmentArguments {
  std::string name;
  std::string like;
};
struct RenameArguments {
  std::string name;
  std::string new_name;
};
struct LockAfterArguments {
  std::uint32_t seconds = 0;
};

template <std::size_t N>
Json names_of(const std::array<NamedBit, N>& table, std::uint8_t bits) {
  Json names = Json::array();
  for (const NamedBit& entry : table) {
    if ((bits & entry.bit) != 0) {
      names.push_back(entry.name);
    }
  }
  return names;
}

template <std::size_t N>
std::uint8_t bit_of(const std::array<NamedBit, N>& table, std::string_view name) {
  for (const NamedBit& entry : table) {
    if (name == entry.name) {
      return entry.bit;
    }
  }
  return 0;
}

std::string words_of(const Json& names) {
  std::string text;
  for (const Json& name : names) {
    text += (text.empty() ? "" : " ") + name.get<std::string>();
  }
  return text;
}

Result<Exit> role_list(Context& context) {
  COFFRE_TRY_ASSIGN(Vault * vault, context.vault());
  Json list = Json::array();
  Table table({tr(N_("Role")), tr(N_("Compartment")), tr(N_("Rights"))});
  for (const auto& [id, role] : vault->policy().roles()) {
    Json rights = Json::object();
    for (const auto& [compartment, bits] : role.rights) {
      const std::string name = compartment_name(*vault, compartment);
      rights[name] = names_of(kRights, bits);
      table.row({role.name, name, words_of(rights[name])});
    }
    const Json over_vault = names_of(kVaultRights, role.vault_rights);
    if (!over_vault.empty()) {
      table.row({role.name, tr(N_("(the vault)")), words_of(over_vault)});
    }
    list.push_back({{"name", role.name}, {"rights", std::move(rights)}, {"vault", over_vault}});
  }
  context.output().value(list);
  context.output().table(table);
  return Exit::kDone;
}

Result<Exit> set_role(Context& context, const AssignArguments& arguments, bool revoke) {
  COFFRE_TRY_ASSIGN(Vault * vault, context.session());
  COFFRE_TRY(vault->assign_role(arguments.user, arguments.role, revoke));
  context.output().line(
      fill(revoke ? tr(N_("{} no longer has the role {}.")) : tr(N_("{} has the role {} now.")),
           {arguments.user, arguments.role}));
  return Exit::kDone;
}

Result<Exit> role_assign(Context& context, const AssignArguments& arguments) {
  return set_role(context, arguments, false);
}

Result<Exit> role_revoke(Context& context, const AssignArguments& arguments) {
  return set_role(context, arguments, true);
}

std::unexpected<Error> not_a_right(const std::string& word) {
  return fail(Code::kInvalidArgument, N_("this is not a right"), word,
              N_("write COMPARTMENT:read,deposit,edit,export,destroy, or accounts, roles or "
                 "settings"));
}

// "COMPARTMENT:read,deposit"; a compartment's name may hold a colon, a right never does.
Result<std::pair<std::string, std::uint8_t>> compartment_right(const std::string& word) {
  const std::size_t colon = word.rfind(':');
  std::uint8_t bits = 0;
  std::string_view rest = std::string_view(word).substr(colon + 1);
  while (!rest.empty()) {
    const std::size_t comma = rest.find(',');
    const std::uint8_t bit = bit_of(kRights, rest.substr(0, comma));
    if (bit == 0) {
      return not_a_right(word);
    }
    bits = static_cast<std::uint8_t>(bits | bit);
    rest = comma == std::string_view::npos ? std::string_view{} : rest.substr(comma + 1);
  }
  if (bits == 0 || colon == 0) {
    return not_a_right(word);
  }
  return std::pair(word.substr(0, colon), bits);
}

Result<Exit> role_define(Context& context, const DefineArguments& arguments) {
  std::uint8_t vault_rights = 0;
  std::vector<std::pair<std::string, std::uint8_t>> rights;
  for (const std::string& word : arguments.rights) {
    if (word.find(':') == std::string::npos) {
      const std::uint8_t bit = bit_of(kVaultRights, word);
      if (bit == 0) {
        return not_a_right(word);
      }
      vault_rights = static_cast<std::uint8_t>(vault_rights | bit);
    } else {
      COFFRE_TRY_ASSIGN(auto parsed, compartment_right(word));
      rights.push_back(std::move(parsed));
    }
  }
  COFFRE_TRY_ASSIGN(Vault * vault, context.session());
  COFFRE_TRY(vault->define_role(arguments.name, vault_rights, rights));
  context.output().line(fill(tr(N_("The role {} is defined.")), {arguments.name}));
  return Exit::kDone;
}

const char* purpose_name(Purpose purpose) {
  switch (purpose) {
    case Purpose::kAdministrative:
      return "administrative";
    case Purpose::kJournal:
      return "journal";
    case Purpose::kOrdinary:
      break;
  }
  return "ordinary";
}

Result<Exit> compartment_list(Context& context) {
  COFFRE_TRY_ASSIGN(Vault * vault, context.vault());
  Json list = Json::array();
  Table table({tr(N_("Compartment")), tr(N_("Epoch")), tr(N_("Id"))});
  for (const auto& [id, compartment] : vault->policy().compartments()) {
    list.push_back({{"id", hex_of(id)},
                    {"name", compartment.name},
                    {"purpose", purpose_name(compartment.purpose)},
                    {"epoch", compartment.epoch()}});
    table.row({compartment.name, std::to_string(compartment.epoch()), hex_of(id)});
  }
  context.output().value(list);
  context.output().table(table);
  return Exit::kDone;
}

Result<Exit> compartment_add(Context& context, const CompartmentArguments& arguments) {
  COFFRE_TRY_ASSIGN(Vault * vault, context.session());
  COFFRE_TRY_ASSIGN(const Id id, vault->add_compartment(arguments.name, arguments.like));
  context.output().value({{"id", hex_of(id)}});
  context.output().line(fill(tr(N_("The compartment {} is there; whoever reads {} reads it.")),
                             {arguments.name, arguments.like}));
  return Exit::kDone;
}

Result<Exit> compartment_rename(Context& context, const RenameArguments& arguments) {
  COFFRE_TRY_ASSIGN(Vault * vault, context.session());
  COFFRE_TRY(vault->rename_compartment(arguments.name, arguments.new_name));
  context.output().line(
      fill(tr(N_("The compartment {} is called {} now.")), {arguments.name, arguments.new_name}));
  return Exit::kDone;
}

Result<Exit> setting_list(Context& context) {
  COFFRE_TRY_ASSIGN(Vault * vault, context.vault());
  const Policy& policy = vault->policy();
  const std::string seconds = std::to_string(policy.lock_after_seconds());
  const std::string memory = std::to_string(policy.cost().memory_kib / 1024);
  const std::string passes = std::to_string(policy.cost().passes);
  context.output().value({{"practice", policy.practice()},
                          {"lock-after", policy.lock_after_seconds()},
                          {"kdf-memory", policy.cost().memory_kib / 1024},
                          {"kdf-passes", policy.cost().passes}});
  Table table({tr(N_("Setting")), tr(N_("Value"))});
  table.row({tr(N_("practice")), policy.practice()});
  table.row({tr(N_("lock-after (seconds without activity)")), seconds});
  table.row({tr(N_("kdf-memory (MiB for one try of a password)")), memory});
  table.row({tr(N_("kdf-passes")), passes});
  context.output().table(table);
  return Exit::kDone;
}

Result<Exit> set_lock_after(Context& context, const LockAfterArguments& arguments) {
  COFFRE_TRY_ASSIGN(Vault * vault, context.session());
  COFFRE_TRY(vault->set_lock_after(arguments.seconds));
  context.output().line(fill(tr(N_("Sessions lock after {} seconds without activity.")),
                             {std::to_string(arguments.seconds)}));
  return Exit::kDone;
}

void add_assign(Registry& registry, CLI::App& role, const char* name, const char* description,
                Result<Exit> (*run)(Context&, const AssignArguments&)) {
  const auto arguments = std::make_shared<AssignArguments>();
  CLI::App& made = registry.command(role, name, description, arguments, run);
  text_option(made, "USER", arguments->user, tr(N_("the account's name")))->required();
  text_option(made, "ROLE", arguments->role, tr(N_("the role")))->required();
}

void add_role_commands(Registry& registry) {
  CLI::App& role = registry.group("role", N_("roles and what they allow"));
  registry.command(role, "list", N_("lists the roles and their rights"), role_list);
  add_assign(registry, role, "assign", N_("gives somebody a role"), role_assign);
  add_assign(registry, role, "revoke", N_("takes a role from somebody"), role_revoke);
  const auto arguments = std::make_shared<DefineArguments>();
  CLI::App& made = registry.command(role, "define", N_("defines a role, or changes its rights"),
                                    arguments, role_define);
  text_option(made, "NAME", arguments->name, tr(N_("the role")))->required();
  text_option(made, "--right", arguments->rights,
              tr(N_("COMPARTMENT:read,deposit,edit,export,destroy, or accounts, roles, settings")))
      ->required();
}

}  // namespace

void add_policy_commands(Registry& registry) {
  add_role_commands(registry);
  CLI::App& compartment = registry.group("compartment", N_("compartments"));
  registry.command(compartment, "list", N_("lists the compartments"), compartment_list);
  const auto added = std::make_shared<CompartmentArguments>();
  CLI::App& add =
      registry.command(compartment, "add", N_("makes a compartment"), added, compartment_add);
  text_option(add, "NAME", added->name, tr(N_("the compartment")))->required();
  text_option(add, "--like", added->like, tr(N_("the compartment whose rights it gets")))
      ->required();
  const auto renamed = std::make_shared<RenameArguments>();
  CLI::App& rename = registry.command(compartment, "rename", N_("renames a compartment"), renamed,
                                      compartment_rename);
  text_option(rename, "OLD", renamed->name, tr(N_("the compartment")))->required();
  text_option(rename, "NEW", renamed->new_name, tr(N_("its new name")))->required();

  CLI::App& setting = registry.group("setting", N_("the vault's settings"));
  registry.command(setting, "list", N_("lists the settings"), setting_list);
  CLI::App& set = *setting.add_subcommand("set", tr(N_("changes a setting")));
  set.group(tr(N_("Commands")));
  set.require_subcommand(1);
  const auto seconds = std::make_shared<LockAfterArguments>();
  CLI::App& lock_after =
      registry.command(set, "lock-after", N_("seconds without activity until a session locks"),
                       seconds, set_lock_after);
  lock_after.add_option("SECONDS", seconds->seconds, tr(N_("5 to 900")))
      ->required()
      ->check(CLI::Range(kLockAfterMinSeconds, kLockAfterMaxSeconds))
      ->option_text(tr(N_("NUMBER")));
}

}  // namespace coffre::cli
