// init, verify, batch.
#include <nlohmann/json.hpp>

#include "app/cli/arguments.h"
#include "app/cli/batch.h"
#include "app/cli/options.h"
#include "app/common/i18n.h"

namespace coffre::cli {
namespace {

constexpr std::uint32_t kKibInMib = 1024;

struct VaultInitArguments {
  std::string file;
  std::string owner;
  std::string practice;
  std::uint32_t memory_mib = PasswordCost{}.memory_kib / kKibInMib;
  std::uint32_t passes = PasswordCost{}.passes;
};

Result<Exit> init(Context& context, const VaultInitArguments& arguments) {
  const GlobalOptions& global = context.options();
  COFFRE_TRY_ASSIGN(const VaultEnvironment environment, Context::environment());
  InitOptions options;
  options.owner = arguments.owner;
  options.practice = arguments.practice;
  options.cost.memory_kib = arguments.memory_mib * kKibInMib;
  options.cost.passes = arguments.passes;
  options.key_file = global.key_file;
  Credentials owner;
  owner.user = arguments.owner;
  owner.key_file = global.key_file;
  if (global.password_fd >= 0) {
    COFFRE_TRY_ASSIGN(owner.password, context.password());
  } else {
    COFFRE_TRY_ASSIGN(owner.password, context.first_password(arguments.owner));
  }
  COFFRE_TRY_ASSIGN(const Hash vault, Vault::create(arguments.file, options, owner, environment));
  context.output().value({{"vault_id", hex_of(vault)}});
  context.output().line(
      fill(tr(N_("The vault {} was made; its owner is {}.")), {arguments.file, arguments.owner}));
  context.output().line(fill(tr(N_("Vault id: {}")), {hex_of(vault)}));
  return Exit::kDone;
}

struct VaultVerifyArguments {
  bool read_data = false;
};

Result<VerifyReport> verified(Context& context, bool read_data) {
  COFFRE_TRY_ASSIGN(Vault * vault, context.session());
  return vault->verify(read_data);
}

// The core says "what: on which"; the first part is a message.
std::string damage_text(const std::string& damage) {
  const std::size_t colon = damage.find(": ");
  const std::string what = damage.substr(0, colon);
  return colon == std::string::npos ? tr(what.c_str()) : tr(what.c_str()) + damage.substr(colon);
}

Result<Exit> verify(Context& context, const VaultVerifyArguments& arguments) {
  auto report = verified(context, arguments.read_data);
  const bool stopped = !report && report.error().code == Code::kDamaged;
  if (!report && !stopped) {
    return std::unexpected(std::move(report).error());
  }
  const VerifyReport found = stopped ? VerifyReport{} : *report;
  Json damaged = Json::array();
  for (const std::string& what : found.damaged) {
    damaged.push_back(damage_text(what));
  }
  if (stopped) {  // damage that lets nothing be opened is a result too
    damaged.push_back(error_text(report.error()));
  }
  Output& output = context.output();
  output.value({{"objects", found.objects},
                {"documents", found.documents},
                {"entries", found.entries},
                {"damaged", std::move(damaged)}});
  if (stopped) {
    return std::unexpected(std::move(report).error());
  }
  output.line(fill(tr(N_("Objects: {}, documents: {}, journal entries: {}.")),
                   {std::to_string(found.objects), std::to_string(found.documents),
                    std::to_string(found.entries)}));
  for (const std::string& what : found.damaged) {
    output.line(fill(tr(N_("Damaged: {}")), {damage_text(what)}));
  }
  if (!found.damaged.empty()) {
    return Exit::kDamaged;
  }
  output.line(tr(N_("Everything that was looked at is intact.")));
  return Exit::kDone;
}

}  // namespace

void add_vault_commands(Registry& registry, CallFrom from) {
  if (from == CallFrom::kShell) {
    const auto arguments = std::make_shared<VaultInitArguments>();
    CLI::App& made =
        registry.command(registry.root(), "init", N_("makes a vault"), arguments, init);
    text_option(made, "FILE", arguments->file, tr(N_("the vault's file")))->required();
    text_option(made, "--owner", arguments->owner, tr(N_("the owner's name")))->required();
    text_option(made, "--practice", arguments->practice, tr(N_("the practice's name")));
    made.add_option("--kdf-memory", arguments->memory_mib,
                    tr(N_("memory that trying one password costs, in MiB")))
        ->check(CLI::Range(kPasswordMemoryMinKib / kKibInMib, kPasswordMemoryMaxKib / kKibInMib))
        ->option_text(tr(N_("NUMBER")));
    made.add_option("--kdf-passes", arguments->passes, tr(N_("passes over this memory")))
        ->check(CLI::Range(kPasswordPassesMin, kPasswordPassesMax))
        ->option_text(tr(N_("NUMBER")));
    registry.command(registry.root(), "batch",
                     N_("runs commands from standard input, one a line, under one unlock"),
                     run_batch);
  }
  const auto arguments = std::make_shared<VaultVerifyArguments>();
  CLI::App& made =
      registry.command(registry.root(), "verify",
                       N_("checks structure, signatures, rights and state"), arguments, verify);
  made.add_flag("--read-data", arguments->read_data, tr(N_("reads every document as well")));
}

}  // namespace coffre::cli
