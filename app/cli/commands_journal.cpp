// journal …
#include <nlohmann/json.hpp>

#include "app/cli/arguments.h"
#include "app/cli/options.h"
#include "app/common/i18n.h"
#include "core/base/file.h"
#include "core/base/time.h"
#include "core/journal/note.h"

namespace coffre::cli {
namespace {

struct JournalShowArguments {
  std::optional<std::string> since;
  std::optional<std::string> object;
};
struct JournalVerifyArguments {
  std::optional<std::string> checkpoint;
};
struct JournalCheckpointArguments {
  std::optional<std::string> to;
};

const char* outcome_text(const std::string& outcome) {
  if (outcome == "success") {
    return tr(N_("done"));
  }
  if (outcome == "failure") {
    return tr(N_("refused or failed"));
  }
  if (outcome == "unreadable") {
    return tr(N_("unreadable"));
  }
  return tr(N_("result unknown"));
}

const char* action_text(Action action) {
  switch (action) {
    case Action::kUnlock:
      return tr(N_("unlocked"));
    case Action::kUnlockFailed:
      return tr(N_("failed to unlock"));
    case Action::kLock:
      return tr(N_("locked"));
    case Action::kView:
      return tr(N_("viewed"));
    case Action::kDeposit:
      return tr(N_("filed"));
    case Action::kEdit:
      return tr(N_("changed"));
    case Action::kExport:
      return tr(N_("exported"));
    case Action::kOpen:
      return tr(N_("opened elsewhere"));
    case Action::kImport:
      return tr(N_("imported"));
    case Action::kDestroy:
      return tr(N_("destroyed"));
    case Action::kErase:
      return tr(N_("erased a file"));
    case Action::kJournal:
      return tr(N_("read the journal"));
    case Action::kAccount:
      return tr(N_("changed an account"));
    case Action::kRole:
      return tr(N_("changed a role"));
    case Action::kGrant:
      return tr(N_("approved a grant"));
    case Action::kRemove:
      return tr(N_("removed somebody"));
    case Action::kSetting:
      return tr(N_("changed a setting"));
    case Action::kEmergency:
      return tr(N_("emergency access"));
    case Action::kBackup:
      return tr(N_("backed up"));
    case Action::kRestore:
      return tr(N_("restored"));
    case Action::kVerify:
      return tr(N_("verified"));
  }
  return "";
}

Result<Exit> journal_show(Context& context, const JournalShowArguments& arguments) {
  COFFRE_TRY_ASSIGN(const std::optional<Id> object, id_argument(arguments.object));
  std::optional<std::int64_t> since_ms;
  if (arguments.since) {
    COFFRE_TRY_ASSIGN(since_ms, parse_time(*arguments.since));
  }
  COFFRE_TRY_ASSIGN(Vault * vault, context.session());
  COFFRE_TRY_ASSIGN(const std::vector<JournalLine> lines, vault->journal(since_ms, object));
  Json list = Json::array();
  Table table({tr(N_("Entry")), tr(N_("Time (UTC)")), tr(N_("Who")), tr(N_("What")),
               tr(N_("Result")), tr(N_("Object")), tr(N_("Reason"))});
  for (const JournalLine& line : lines) {
    const std::string time = format_time(line.time_ms);
    if (context.output().json()) {
      list.push_back({{"seq", line.sequence},
                      {"time", time},
                      {"actor", line.actor},
                      {"action", line.action ? Json(action_name(*line.action)) : Json()},
                      {"outcome", line.outcome},
                      {"object", hex_or_null(line.object)},
                      {"patient", hex_or_null(line.patient)},
                      {"reason", line.reason},
                      {"workstation", line.workstation}});
      continue;
    }
    // The day and the second are enough for a person; 8 digits of an id tell a practice's objects
    // apart.
    std::string readable = time.substr(0, 19);
    readable.replace(10, 1, " ");
    table.row({std::to_string(line.sequence), readable, line.actor,
               line.action ? action_text(*line.action) : "", outcome_text(line.outcome),
               line.object ? hex_of(*line.object).substr(0, 8) : "",
               line.verdict.empty() ? line.reason : line.reason + " (" + line.verdict + ")"});
  }
  context.output().value(list);
  context.output().table(table);
  const auto unreadable = std::ranges::count(lines, std::optional<Action>(), &JournalLine::action);
  if (unreadable == 0) {
    return Exit::kDone;
  }
  context.output().note(fill(tr(N_("unreadable entries: {}; by whom each was written is sure, what "
                                   "it says is lost: ask that person")),
                             {std::to_string(unreadable)}));
  return Exit::kDamaged;
}

Result<Exit> journal_verify(Context& context, const JournalVerifyArguments& arguments) {
  Bytes anchor;
  if (arguments.checkpoint) {
    COFFRE_TRY_ASSIGN(anchor, read_file(*arguments.checkpoint, kNoteMax));
  }
  COFFRE_TRY_ASSIGN(Vault * vault, context.vault());
  COFFRE_TRY_ASSIGN(const LogSummary summary, vault->verify_log(anchor));
  Output& output = context.output();
  output.value(
      {{"size", summary.size}, {"root", hex_of(summary.root)}, {"anchored", summary.anchored}});
  output.line(fill(tr(N_("The journal is whole: {} entries, all signatures and rights are right.")),
                   {std::to_string(summary.size)}));
  output.line(fill(tr(N_("Root: {}")), {hex_of(summary.root)}));
  if (summary.anchored > 0) {
    output.line(fill(tr(N_("It extends the checkpoint that was kept outside, of {} entries.")),
                     {std::to_string(summary.anchored)}));
  } else {
    output.line(
        tr(N_("It was compared with what this workstation remembers, and with no checkpoint "
              "that was kept outside.")));
  }
  return Exit::kDone;
}

Result<Exit> journal_checkpoint(Context& context, const JournalCheckpointArguments& arguments) {
  COFFRE_TRY_ASSIGN(Vault * vault, context.vault());
  COFFRE_TRY_ASSIGN(const std::string note, vault->checkpoint_note());
  COFFRE_TRY_ASSIGN(const Checkpoint checkpoint, Checkpoint::parse(as_bytes(note)));
  Json value = {{"size", checkpoint.size}, {"root", hex_of(checkpoint.root)}, {"anchored", 0}};
  Output& output = context.output();
  if (arguments.to) {
    COFFRE_TRY_ASSIGN(PrivateOutput file, PrivateOutput::create(*arguments.to));
    COFFRE_TRY(file.write(as_bytes(note)));
    COFFRE_TRY(file.commit());
    value["path"] = *arguments.to;
    output.line(fill(tr(N_("The checkpoint of {} entries is in {}; keep it away from the vault.")),
                     {std::to_string(checkpoint.size), *arguments.to}));
  } else if (output.json()) {
    value["note"] = note;
  } else {
    COFFRE_TRY(output.raw(as_bytes(note)));
  }
  output.value(value);
  return Exit::kDone;
}

}  // namespace

void add_journal_commands(Registry& registry) {
  CLI::App& journal = registry.group("journal", N_("the journal of every access"));
  const auto shown = std::make_shared<JournalShowArguments>();
  CLI::App& show = registry.command(journal, "show", N_("shows who did what"), shown, journal_show);
  text_option(show, "--since", shown->since, tr(N_("from this day or time on, UTC")));
  text_option(show, "--object", shown->object, tr(N_("only this object, by id")));

  const auto verified = std::make_shared<JournalVerifyArguments>();
  CLI::App& verify =
      registry.command(journal, "verify", N_("checks the journal; for anybody, without a password"),
                       verified, journal_verify);
  text_option(verify, "--checkpoint", verified->checkpoint,
              tr(N_("a checkpoint that was kept outside")));

  const auto noted = std::make_shared<JournalCheckpointArguments>();
  CLI::App& checkpoint =
      registry.command(journal, "checkpoint", N_("gives the newest checkpoint, to be kept outside"),
                       noted, journal_checkpoint);
  text_option(checkpoint, "--to", noted->to, tr(N_("a new file; otherwise standard output")));
}

}  // namespace coffre::cli
