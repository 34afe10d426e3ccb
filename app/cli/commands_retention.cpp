// retention …, hold …: what has to be kept.
#include <nlohmann/json.hpp>

#include "app/cli/arguments.h"
#include "app/cli/options.h"
#include "app/common/i18n.h"

namespace coffre::cli {
namespace {

struct PeriodArguments {
  std::string compartment;
  std::uint32_t years = 0;
};
struct HoldArguments {
  std::string id;
  std::string reason;
};

Result<Exit> retention_list(Context& context) {
  COFFRE_TRY_ASSIGN(Vault * vault, context.vault());
  Json list = Json::array();
  Table table({tr(N_("Compartment")), tr(N_("Years"))});
  for (const auto& [id, compartment] : vault->policy().compartments()) {
    if (compartment.purpose == Purpose::kJournal) {
      continue;
    }
    list.push_back({{"compartment", compartment.name}, {"years", compartment.retention_years}});
    table.row({compartment.name, compartment.retention_years == 0
                                     ? tr(N_("no period"))
                                     : std::to_string(compartment.retention_years)});
  }
  context.output().value(list);
  context.output().table(table);
  return Exit::kDone;
}

Result<Exit> retention_set(Context& context, const PeriodArguments& arguments) {
  COFFRE_TRY_ASSIGN(Vault * vault, context.session());
  COFFRE_TRY(vault->set_retention(arguments.compartment, arguments.years));
  context.output().line(
      arguments.years == 0
          ? fill(tr(N_("No period keeps documents of {} any more.")), {arguments.compartment})
          : fill(tr(N_("Documents of {} are kept for {} years at least.")),
                 {arguments.compartment, std::to_string(arguments.years)}));
  return Exit::kDone;
}

Result<Exit> hold_list(Context& context) {
  COFFRE_TRY_ASSIGN(Vault * vault, context.vault());
  Json list = Json::array();
  Table table({tr(N_("Id")), tr(N_("On hold"))});
  for (const auto& [id, hold] : vault->policy().holds()) {
    const bool is_document = hold.kind == HoldKind::kDocument;
    list.push_back({{"id", hex_of(id)}, {"kind", is_document ? "document" : "patient"}});
    table.row(
        {hex_of(id), is_document ? tr(N_("a document")) : tr(N_("a patient, with all documents"))});
  }
  Output& output = context.output();
  output.value(list);
  if (table.empty()) {
    output.line(tr(N_("Nothing is on hold.")));
  } else {
    output.table(table);
  }
  return Exit::kDone;
}

Result<Exit> set_hold(Context& context, const HoldArguments& arguments, bool lift) {
  COFFRE_TRY_ASSIGN(const Id id, id_argument(arguments.id));
  COFFRE_TRY_ASSIGN(Vault * vault, context.session());
  COFFRE_TRY(lift ? vault->lift_hold(id, arguments.reason) : vault->add_hold(id, arguments.reason));
  context.output().line(lift ? tr(N_("The hold is lifted.")) : tr(N_("It is on hold now.")));
  return Exit::kDone;
}

Result<Exit> hold_add(Context& context, const HoldArguments& arguments) {
  return set_hold(context, arguments, false);
}

Result<Exit> hold_lift(Context& context, const HoldArguments& arguments) {
  return set_hold(context, arguments, true);
}

void add_hold_command(Registry& registry, CLI::App& hold, const char* name, const char* description,
                      Result<Exit> (*run)(Context&, const HoldArguments&)) {
  const auto arguments = std::make_shared<HoldArguments>();
  CLI::App& made = registry.command(hold, name, description, arguments, run);
  text_option(made, "ID", arguments->id, tr(N_("the id of a document or patient")))->required();
  text_option(made, "--reason", arguments->reason, tr(N_("why; it is journaled")))->required();
}

}  // namespace

void add_retention_commands(Registry& registry) {
  CLI::App& retention = registry.group("retention", N_("for how long documents are kept at least"));
  registry.command(retention, "list", N_("lists the periods of the compartments"), retention_list);
  const auto period = std::make_shared<PeriodArguments>();
  CLI::App& set = registry.command(retention, "set", N_("sets the period of a compartment"), period,
                                   retention_set);
  text_option(set, "COMPARTMENT", period->compartment, tr(N_("the compartment")))->required();
  set.add_option("YEARS", period->years, tr(N_("0 to 100; 0: no period")))
      ->required()
      ->check(CLI::Range(std::uint32_t{0}, kRetentionYearsMax))
      ->option_text(tr(N_("NUMBER")));

  CLI::App& hold = registry.group("hold", N_("documents and patients that nobody may destroy"));
  registry.command(hold, "list", N_("lists what is on hold"), hold_list);
  add_hold_command(registry, hold, "add", N_("puts a document, or all of a patient, on hold"),
                   hold_add);
  add_hold_command(registry, hold, "lift", N_("lifts a hold"), hold_lift);
}

}  // namespace coffre::cli
