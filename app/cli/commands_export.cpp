// export: a copy in the clear, journaled before its first byte.
#include <nlohmann/json.hpp>

#include "app/cli/arguments.h"
#include "app/cli/options.h"
#include "app/common/erase_text.h"
#include "app/common/i18n.h"
#include "core/base/time.h"

namespace coffre::cli {
namespace {

struct ExportArguments {
  std::string id;
  std::string to;
  std::string reason;
  std::string recipient;
  std::optional<std::string> keep;
  std::optional<std::string> version;
};

Result<Exit> to_stdout(Context& context, Vault& vault, const Id& id,
                       const ExportArguments& arguments, const std::optional<Id>& version) {
  Output& output = context.output();
  COFFRE_TRY(vault.export_document(
      id, arguments.reason, arguments.recipient,
      [&](ByteView bytes) {
        vault.renew();
        return output.raw(bytes);
      },
      version));
  return Exit::kDone;
}

// For a person; nothing when the folder cannot be looked at.
void tell_forecast(const Output& output, const std::string& path) {
  if (output.json()) {
    return;
  }
  if (const Result<EraseForecast> forecast = forecast_erase(parent_directory(path))) {
    output.note(
        fill(tr(N_("what erasing it there will be worth: {}")), {forecast_text(*forecast)}));
  }
}

Result<Exit> to_file(Context& context, Vault& vault, const Id& id, const ExportArguments& arguments,
                     const std::optional<Id>& version, std::int64_t keep_ms) {
  CopyOrder order{arguments.to, arguments.reason, arguments.recipient, keep_ms, {}};
  order.version = version;
  order.progress = [&](std::uint64_t) {
    vault.renew();
    return Status();
  };
  COFFRE_TRY_ASSIGN(const ExportedCopy copy, vault.export_copy(id, order));
  const std::string hash = hex_of(copy.document.content_sha256);
  const std::string expires = format_time(copy.entry.deadline_ms);
  Output& output = context.output();
  output.value({{"id", hex_of(copy.entry.id)},
                {"document", hex_of(id)},
                {"path", arguments.to},
                {"sha256", hash},
                {"expires", expires}});
  output.line(fill(tr(N_("A copy in the clear is in {} until {}: then the next sweep erases it.")),
                   {arguments.to, expires}));
  output.line(
      fill(tr(N_("Erase it sooner with: coffrectl exports erase {}")), {hex_of(copy.entry.id)}));
  output.line("SHA-256: " + hash);
  tell_forecast(output, copy.entry.path);
  return Exit::kDone;
}

Result<Exit> export_document(Context& context, const ExportArguments& arguments) {
  const bool standard_output = arguments.to == "-";
  if (standard_output && context.output().json()) {
    return fail(Code::kInvalidArgument, N_("--to - and --json both want standard output"), {},
                N_("leave one of them out"));
  }
  COFFRE_TRY_ASSIGN(const Id id, id_argument(arguments.id));
  if (arguments.reason.empty() || arguments.to.empty()) {
    return fail(Code::kInvalidArgument, N_("this is required"),
                arguments.to.empty() ? "--to" : "--reason",
                N_("see coffrectl --help, or --help after a command"));
  }
  std::int64_t keep_ms = kKeepDefaultMs;
  if (arguments.keep) {
    COFFRE_TRY_ASSIGN(keep_ms, duration_argument(*arguments.keep));
  }
  COFFRE_TRY_ASSIGN(const std::optional<Id> version, id_argument(arguments.version));
  COFFRE_TRY_ASSIGN(Vault * vault, context.session());
  return standard_output ? to_stdout(context, *vault, id, arguments, version)
                         : to_file(context, *vault, id, arguments, version, keep_ms);
}

}  // namespace

void add_export_command(Registry& registry) {
  const auto arguments = std::make_shared<ExportArguments>();
  CLI::App& made =
      registry.command(registry.root(), "export", N_("writes a copy of a document in the clear"),
                       arguments, export_document);
  text_option(made, "DOC", arguments->id, tr(N_("the document's id")))->required();
  text_option(made, "--to", arguments->to, tr(N_("a new file, or - for standard output")))
      ->required();
  text_option(made, "--reason", arguments->reason, tr(N_("why; it is journaled")))->required();
  text_option(made, "--recipient", arguments->recipient, tr(N_("who gets it; it is journaled")));
  text_option(made, "--keep", arguments->keep,
              tr(N_("how long the copy may stay: 90s, 15m, 2h, 7d; otherwise 15m")));
  text_option(made, "--version", arguments->version,
              tr(N_("an earlier version; otherwise the present one")));
}

}  // namespace coffre::cli
