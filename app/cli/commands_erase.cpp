// erase: any regular files, no vault needed.
#include <algorithm>

#include <nlohmann/json.hpp>

#include "app/cli/erase_output.h"
#include "app/cli/erase_record_option.h"
#include "app/cli/erase_watch.h"
#include "app/cli/options.h"
#include "app/common/i18n.h"

namespace coffre::cli {
namespace {

struct EraseArguments {
  std::vector<std::string> paths;
  std::optional<std::string> record;
  bool with_helper = false;
  bool discard = false;
};

// The same question for each report: what became of the journal that its name was in.
using Cares = std::vector<std::optional<JournalCare>>;

// Has the file systems' journals overwritten, and says what came of it.
Cares use_helper(Output& output, std::vector<EraseReport>& reports, bool discard) {
  std::vector<CaredFor> done;
  Cares cares = care_for_journals(reports, discard, done);
  for (const CaredFor& each : done) {
    output.line(fill(tr(N_("{}: {}")), {each.path, tr(care_text(each.result.care))}));
    if (discard && each.result.care == JournalCare::kZeroed) {
      output.line(each.result.discarded ? fill(tr(N_("the medium was told what is free: {}")),
                                               {readable_size(*each.result.discarded)})
                                        : tr(N_("the medium cannot be told what is free")));
    }
  }
  return cares;
}

bool all_zeroed(const Cares& cares) {
  return std::ranges::all_of(cares, [](const auto& care) {
    return care.value_or(JournalCare::kZeroed) == JournalCare::kZeroed;
  });
}

std::vector<EraseReport> erase_watched(const Output& output,
                                       std::span<const EraseRequest> requests) {
  EraseWatch watch(output);
  return erase_files(requests, watch.options());
}

Result<Exit> erase(Context& context, const EraseArguments& arguments) {
  COFFRE_TRY_ASSIGN(RecordOfCall record,
                    RecordOfCall::start(context, arguments.record, arguments.paths));
  // As given: what is not plainly a path to a file is refused by name, file by file.
  std::vector<EraseRequest> requests;
  requests.reserve(arguments.paths.size());
  for (const std::string& path : arguments.paths) {
    requests.push_back({.path = path, .expected = std::nullopt, .expected_size = std::nullopt});
  }
  Output& output = context.output();
  std::vector<EraseReport> reports = erase_watched(output, requests);
  Cares cares(reports.size());
  if (arguments.with_helper) {
    cares = use_helper(output, reports, arguments.discard);
  }
  Json values = Json::array();
  std::vector<RecordedErasure> erasures;
  for (std::size_t i = 0; i < reports.size(); ++i) {
    Json value = erase_json(reports[i]);
    if (arguments.with_helper) {
      value["filesystem_journal"] = cares[i] ? Json(care_word(*cares[i])) : Json();
    }
    values.push_back(std::move(value));
    erasures.push_back({reports[i], std::nullopt, cares[i]});
  }
  output.value(values);
  print_erasures(output, reports);
  const Exit exit = all_zeroed(cares) ? erase_exit(reports) : Exit::kErasure;
  COFFRE_TRY(record.finish(std::move(erasures)));
  return exit;
}

}  // namespace

void add_erase_command(Registry& registry) {
  const auto arguments = std::make_shared<EraseArguments>();
  CLI::App& made = registry.command(registry.root(), "erase",
                                    N_("overwrites and removes files, and says what that is worth"),
                                    arguments, erase);
  text_option(made, "PATH", arguments->paths, tr(N_("ordinary files")))->required();
  record_option(made, arguments->record);
  CLI::Option* helper = made.add_flag(
      "--with-helper", arguments->with_helper,
      tr(N_(
          "then has the file system's journal overwritten, where names stay; for administrators")));
  made.add_flag("--discard", arguments->discard,
                tr(N_("with --with-helper: also tells the medium which blocks are free")))
      ->needs(helper);
}

}  // namespace coffre::cli
