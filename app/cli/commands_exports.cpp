// exports: the copies in the clear that this workstation has made. No unlock is needed.
#include <algorithm>

#include <nlohmann/json.hpp>

#include "app/cli/arguments.h"
#include "app/cli/erase_output.h"
#include "app/cli/erase_record_option.h"
#include "app/cli/erase_watch.h"
#include "app/cli/exports.h"
#include "app/cli/options.h"
#include "app/common/erase_text.h"
#include "app/common/i18n.h"
#include "core/base/text.h"
#include "core/base/time.h"

namespace coffre::cli {
namespace {

struct CopyArguments {
  std::vector<std::string> ids;
  std::optional<std::string> record;
};

Result<ExportLedger> ledger_here() {
  COFFRE_TRY_ASSIGN(const VaultEnvironment environment, Context::environment());
  return ExportLedger::open(environment.state_directory);
}

const char* standing_text(CopyStanding standing) {
  switch (standing) {
    case CopyStanding::kWriting:
      return N_("unfinished");
    case CopyStanding::kKept:
      return N_("kept");
    case CopyStanding::kOpened:
      return N_("opened in another program");
    case CopyStanding::kDue:
      return N_("to be erased now");
    case CopyStanding::kRenamed:
      return N_("renamed");
    case CopyStanding::kChanged:
      return N_("another file bears its name");
    case CopyStanding::kMissing:
      return N_("not where it was put");
    case CopyStanding::kUnreachable:
      return N_("its drive or server does not answer");
  }
  return "";
}

Json copy_json(const ExportEntry& entry, const std::string& path, std::string_view state,
               const Json& verdict) {
  return {{"id", hex_of(entry.id)}, {"document", hex_of(entry.document)},
          {"path", path},           {"expires", format_time(entry.deadline_ms)},
          {"size", entry.size},     {"state", state},
          {"verdict", verdict}};
}

void tell_damaged(const Output& output, const std::vector<std::string>& damaged) {
  for (const std::string& path : damaged) {
    output.note(
        fill(tr(N_("an entry of the export ledger cannot be read: {}")), {printable(path)}));
  }
}

Result<Exit> list(Context& context) {
  COFFRE_TRY_ASSIGN(const ExportLedger ledger, ledger_here());
  COFFRE_TRY_ASSIGN(const StandingList standing, list_exports(ledger, system_clock().wall_ms()));
  Json values = Json::array();
  Table table({tr(N_("Id")), tr(N_("Until")), tr(N_("State")), tr(N_("Size")), tr(N_("Path"))});
  for (const StandingCopy& copy : standing.copies) {
    const ExportEntry& entry = copy.entry;
    values.push_back(copy_json(entry, copy.path, standing_word(copy.standing),
                               entry.tried ? Json(verdict_word(entry.tried->verdict)) : Json()));
    table.row({hex_of(entry.id), format_time(entry.deadline_ms), tr(standing_text(copy.standing)),
               readable_size(entry.size), copy.path});
  }
  Output& output = context.output();
  output.value(values);
  if (table.empty()) {
    output.line(tr(N_("There is no copy in the clear.")));
  } else {
    output.table(table);
  }
  tell_damaged(output, standing.damaged);
  return standing.damaged.empty() ? Exit::kDone : Exit::kDamaged;
}

// The outcomes of a sweep as the result of a command.
Exit tell(Output& output, const SweepReport& swept) {
  Json values = Json::array();
  std::vector<EraseReport> reports;
  for (const SweptCopy& copy : swept.copies) {
    Json value = copy_json(copy.entry, copy.report.path, copy.is_closed ? "closed" : "failed",
                           verdict_word(copy.report.verdict));
    Json report = erase_json(copy.report);
    value["reasons"] = std::move(report["reasons"]);
    value["left"] = std::move(report["left"]);
    values.push_back(std::move(value));
    reports.push_back(copy.report);
  }
  output.value(values);
  if (reports.empty()) {
    output.line(tr(N_("There was nothing to erase.")));
  }
  print_erasures(output, reports);
  tell_damaged(output, swept.damaged);
  const Exit exit = erase_exit(reports);
  return exit == Exit::kDone && !swept.damaged.empty() ? Exit::kDamaged : exit;
}

Result<SweepReport> sweep_watched(const Output& output, const ExportLedger& ledger,
                                  const SweepRequest& request) {
  EraseWatch watch(output);
  return sweep_exports(ledger, request, watch.options());
}

Result<Exit> sweep(Context& context) {
  COFFRE_TRY_ASSIGN(const ExportLedger ledger, ledger_here());
  SweepRequest request;
  request.now_ms = system_clock().wall_ms();
  COFFRE_TRY_ASSIGN(const SweepReport swept, sweep_watched(context.output(), ledger, request));
  return tell(context.output(), swept);
}

std::vector<RecordedErasure> erasures_of(const SweepReport& swept) {
  std::vector<RecordedErasure> erasures;
  for (const SweptCopy& copy : swept.copies) {
    const ExportEntry& entry = copy.entry;
    erasures.push_back(
        {copy.report,
         RecordedEntry{.vault = entry.vault, .document = entry.document, .copy = entry.id}});
  }
  return erasures;
}

Result<Exit> erase_copies(Context& context, const CopyArguments& arguments) {
  SweepRequest request;
  request.due = false;
  request.now_ms = system_clock().wall_ms();
  for (const std::string& text : arguments.ids) {
    COFFRE_TRY_ASSIGN(const Id id, id_argument(text));
    request.ids.push_back(id);
  }
  COFFRE_TRY_ASSIGN(const ExportLedger ledger, ledger_here());
  COFFRE_TRY_ASSIGN(RecordOfCall record, RecordOfCall::start(context, arguments.record, {}));
  COFFRE_TRY_ASSIGN(const SweepReport swept, sweep_watched(context.output(), ledger, request));
  const Exit exit = tell(context.output(), swept);
  COFFRE_TRY(record.finish(erasures_of(swept)));
  return exit;
}

}  // namespace

void sweep_quietly(const std::string& state_directory, const Output& output) {
  const auto ledger = ExportLedger::open(state_directory);
  if (!ledger) {
    return;
  }
  SweepRequest request;
  request.now_ms = system_clock().wall_ms();
  request.wait = false;
  const auto swept = sweep_exports(*ledger, request);
  if (!swept) {
    output.note(fill(tr(N_("copies in the clear could not be looked after: {}")),
                     {error_text(swept.error())}));
    return;
  }
  for (const SweptCopy& copy : swept->copies) {
    output.note(fill(tr(N_("a copy in the clear, {}: {}")),
                     {printable(copy.report.path), tr(verdict_text(copy.report.verdict))}));
  }
  tell_damaged(output, swept->damaged);
}

void add_exports_commands(Registry& registry) {
  CLI::App& exports =
      registry.group("exports", N_("the copies in the clear that this workstation made"));
  registry.command(exports, "list", N_("lists those that are not erased"), list);
  registry.command(exports, "sweep", N_("erases those whose time is over"), sweep);
  const auto arguments = std::make_shared<CopyArguments>();
  CLI::App& made =
      registry.command(exports, "erase", N_("erases copies now"), arguments, erase_copies);
  text_option(made, "ID", arguments->ids, tr(N_("ids of copies, or of their documents")))
      ->required();
  record_option(made, arguments->record);
}

}  // namespace coffre::cli
