// export: a copy in the clear, journaled before its first byte.
#include <nlohmann/json.hpp>

#include "app/cli/arguments.h"
#include "app/cli/options.h"
#include "app/common/i18n.h"
#include "core/base/file.h"
#include "core/base/os.h"

namespace coffre::cli {
namespace {

struct ExportArguments {
  std::string id;
  std::string to;
  std::string reason;
  std::string recipient;
};

Result<Exit> to_stdout(Context& context, Vault& vault, const Id& id,
                       const ExportArguments& arguments) {
  Output& output = context.output();
  COFFRE_TRY(vault.export_document(
      id, arguments.reason, arguments.recipient,
      [&](ByteView bytes) {
        vault.renew();
        return output.raw(bytes);
      },
      [] { return Status(); }));
  return Exit::kDone;
}

Result<Exit> to_file(Context& context, Vault& vault, const Id& id,
                     const ExportArguments& arguments) {
  // Told before anything is journaled; the link at the end refuses it again.
  struct stat found{};
  if (os().lstat(arguments.to.c_str(), &found) == 0) {
    return fail(Code::kExists, N_("a file with this name is there already"), arguments.to,
                N_("choose another name: nothing is written over"));
  }
  COFFRE_TRY_ASSIGN(PrivateOutput file, PrivateOutput::create(arguments.to));
  COFFRE_TRY_ASSIGN(const Document document, vault.export_document(
                                                 id, arguments.reason, arguments.recipient,
                                                 [&](ByteView bytes) {
                                                   vault.renew();
                                                   return file.write(bytes);
                                                 },
                                                 [&] { return file.commit(); }));
  const std::string hash = hex_of(document.content_sha256);
  Output& output = context.output();
  output.value({{"id", hex_of(document.id)},
                {"path", arguments.to},
                {"sha256", hash},
                {"expires", nullptr}});
  output.line(fill(tr(N_("A copy in the clear is in {}. Delete it once it is no longer needed.")),
                   {arguments.to}));
  output.line("SHA-256: " + hash);
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
  COFFRE_TRY_ASSIGN(Vault * vault, context.session());
  return standard_output ? to_stdout(context, *vault, id, arguments)
                         : to_file(context, *vault, id, arguments);
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
}

}  // namespace coffre::cli
