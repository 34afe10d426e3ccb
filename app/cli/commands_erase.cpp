// erase: any regular files, no vault needed.
#include <nlohmann/json.hpp>

#include "app/cli/erase_output.h"
#include "app/cli/erase_record_option.h"
#include "app/cli/options.h"
#include "app/common/i18n.h"

namespace coffre::cli {
namespace {

struct EraseArguments {
  std::vector<std::string> paths;
  std::optional<std::string> record;
};

Result<Exit> erase(Context& context, const EraseArguments& arguments) {
  COFFRE_TRY_ASSIGN(RecordOfCall record,
                    RecordOfCall::start(context, arguments.record, arguments.paths));
  // As given: what is not plainly a path to a file is refused by name, file by file.
  std::vector<EraseRequest> requests;
  requests.reserve(arguments.paths.size());
  for (const std::string& path : arguments.paths) {
    requests.push_back({.path = path, .expected = std::nullopt, .expected_size = std::nullopt});
  }
  const std::vector<EraseReport> reports = erase_files(requests);
  Json values = Json::array();
  for (const EraseReport& report : reports) {
    values.push_back(erase_json(report));
  }
  Output& output = context.output();
  output.value(values);
  print_erasures(output, reports);
  const Exit exit = erase_exit(reports);
  COFFRE_TRY(record.finish({reports.begin(), reports.end()}));
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
}

}  // namespace coffre::cli
