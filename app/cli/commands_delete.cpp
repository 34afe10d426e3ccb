// delete: a document is destroyed inside the vault.
#include <nlohmann/json.hpp>

#include "app/cli/arguments.h"
#include "app/cli/erase_output.h"
#include "app/cli/erase_record_option.h"
#include "app/cli/options.h"
#include "app/common/erase_text.h"
#include "app/common/i18n.h"

namespace coffre::cli {
namespace {

struct DeleteArguments {
  std::string id;
  std::string reason;
  std::optional<std::string> record;
};

Result<Exit> destroy(Context& context, const DeleteArguments& arguments) {
  COFFRE_TRY_ASSIGN(const Id id, id_argument(arguments.id));
  if (arguments.reason.empty()) {
    return fail(Code::kInvalidArgument, N_("this is required"), "--reason",
                N_("see coffrectl --help, or --help after a command"));
  }
  COFFRE_TRY_ASSIGN(Vault * vault, context.session());
  COFFRE_TRY_ASSIGN(RecordOfCall record, RecordOfCall::start(context, arguments.record, {}));
  COFFRE_TRY_ASSIGN(Destroyed destroyed, vault->destroy_document(id, arguments.reason));
  Output& output = context.output();
  Json reasons = Json::array();
  output.line(tr(destroyed_text(destroyed.verdict)));
  for (const Reason reason : destroyed.reasons) {
    reasons.push_back(reason_word(reason));
    output.line(std::string("  - ") + tr(reason_text(reason)));
  }
  output.line(
      tr(N_("Copies of the vault's file, and of the document outside it, are not reached.")));
  output.value({{"id", hex_of(destroyed.document)},
                {"verdict", verdict_word(destroyed.verdict)},
                {"reasons", std::move(reasons)}});
  const Exit exit = erase_exit(destroyed.verdict);
  COFFRE_TRY(record.finish(RecordedDestruction{.destroyed = std::move(destroyed),
                                               .vault = vault->policy().vault(),
                                               .vault_path = context.options().vault}));
  return exit;
}

}  // namespace

void add_delete_command(Registry& registry) {
  const auto arguments = std::make_shared<DeleteArguments>();
  CLI::App& made = registry.command(registry.root(), "delete",
                                    N_("destroys a document, its key first"), arguments, destroy);
  text_option(made, "DOC", arguments->id, tr(N_("the document's id")))->required();
  text_option(made, "--reason", arguments->reason, tr(N_("why; it is journaled")))->required();
  record_option(made, arguments->record);
}

}  // namespace coffre::cli
