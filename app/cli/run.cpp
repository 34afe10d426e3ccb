#include "app/cli/run.h"

#include <algorithm>

#include <nlohmann/json.hpp>

#include "app/cli/options.h"

namespace coffre::cli {
namespace {

Result<Exit> run_call(const std::vector<std::string>& words, Output& output) {
  COFFRE_TRY_ASSIGN(const Call call, parse_call(words, CallFrom::kShell));
  if (!call.help.empty()) {
    COFFRE_TRY(output.raw(as_bytes(call.help)));
    return Exit::kDone;
  }
  output.set_json(call.options.json);
  Context context(call.options, output);
  COFFRE_TRY_ASSIGN(const Exit exit, call.command(context));
  context.tell_memory_error();
  if (!output.has_value() && !output.streams()) {
    output.value(Json::object());
  }
  return exit;
}

}  // namespace

int run(const std::vector<std::string>& words) {
  // Before the words are understood, an error already has to be given in the right form.
  Output output(std::find(words.begin(), words.end(), "--json") != words.end());
  auto result = run_call(words, output);
  if (result && !output.finish()) {
    result = std::unexpected(output.finish().error());
  }
  if (!result) {
    output.error(result.error());
    return status_of(exit_of(result.error().code));
  }
  return status_of(*result);
}

}  // namespace coffre::cli
