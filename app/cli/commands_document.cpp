// list, show, edit: what this account may read, and nothing else.
#include <nlohmann/json.hpp>

#include "app/cli/arguments.h"
#include "app/cli/options.h"
#include "app/common/i18n.h"
#include "core/base/time.h"

namespace coffre::cli {
namespace {

struct DocumentListArguments {
  std::optional<std::string> patient;
  std::optional<std::string> compartment;
};
struct DocumentShowArguments {
  std::string id;
};
struct DocumentEditArguments {
  std::string id;
  std::optional<std::string> type;
  std::optional<std::string> title;
  std::optional<std::string> date;
  std::optional<std::string> patient;
  std::optional<std::string> version;
};

Result<std::vector<Document>> matching(Vault& vault, const DocumentListArguments& arguments,
                                       std::optional<Id> patient,
                                       std::vector<UnreadableRecord>& left_out) {
  DocumentFilter filter;
  filter.patient = patient;
  if (arguments.compartment) {
    const Compartment* compartment = vault.policy().compartment_by_name(*arguments.compartment);
    if (compartment == nullptr) {
      return std::vector<Document>();  // as for one that may not be read
    }
    filter.compartment = compartment->id;
  }
  return vault.documents(filter, &left_out);
}

Result<Exit> list(Context& context, const DocumentListArguments& arguments) {
  COFFRE_TRY_ASSIGN(const std::optional<Id> patient, id_argument(arguments.patient));
  COFFRE_TRY_ASSIGN(Vault * vault, context.session());
  std::vector<UnreadableRecord> left_out;
  COFFRE_TRY_ASSIGN(const std::vector<Document> documents,
                    matching(*vault, arguments, patient, left_out));
  Output& output = context.output();
  if (output.json()) {
    Json found = Json::array();
    for (const Document& document : documents) {
      found.push_back(document_json(*vault, document));
    }
    output.value(found);
    COFFRE_TRY(all_could_be_read(left_out));
    return Exit::kDone;
  }
  Table table({tr(N_("Date")), tr(N_("Compartment")), tr(N_("Type")), tr(N_("Title")),
               tr(N_("Size")), tr(N_("Id"))});
  for (const Document& document : documents) {
    table.row({document.date, compartment_name(*vault, document.compartment), document.type,
               document.title, readable_size(document.size), hex_of(document.id)});
  }
  output.table(table);
  COFFRE_TRY(all_could_be_read(left_out));
  return Exit::kDone;
}

Result<Exit> show(Context& context, const DocumentShowArguments& arguments) {
  COFFRE_TRY_ASSIGN(const Id id, id_argument(arguments.id));
  COFFRE_TRY_ASSIGN(Vault * vault, context.session());
  COFFRE_TRY_ASSIGN(const Document document, vault->document(id));
  context.output().value(document_json(*vault, document));
  Table table({tr(N_("Id")), hex_of(document.id)});
  table.row({tr(N_("Title")), document.title});
  table.row({tr(N_("Type")), document.type});
  table.row({tr(N_("Date")), document.date});
  table.row({tr(N_("Patient")), document.patient ? hex_of(*document.patient) : "-"});
  table.row({tr(N_("Compartment")), compartment_name(*vault, document.compartment)});
  table.row({tr(N_("Size")), readable_size(document.size)});
  table.row({tr(N_("Kind of file")), document.mime});
  table.row({tr(N_("Filed")), format_time(document.filed_ms)});
  table.row({"SHA-256", hex_of(document.content_sha256)});
  context.output().table(table);
  return Exit::kDone;
}

// {version, size, mime, sha256, stored}, the present one last.
Result<Exit> versions(Context& context, const DocumentShowArguments& arguments) {
  COFFRE_TRY_ASSIGN(const Id id, id_argument(arguments.id));
  COFFRE_TRY_ASSIGN(Vault * vault, context.session());
  COFFRE_TRY_ASSIGN(const Document document, vault->document(id));
  std::vector<EarlierVersion> all = document.earlier;
  all.push_back(present_version(document));
  Json values = Json::array();
  Table table({tr(N_("Version")), tr(N_("Stored")), tr(N_("Size")), tr(N_("Kind of file"))});
  for (const EarlierVersion& each : all) {
    const std::string stored = format_time(each.stored_ms);
    values.push_back({{"version", hex_of(each.id)},
                      {"size", each.size},
                      {"mime", each.mime},
                      {"sha256", hex_of(each.content_sha256)},
                      {"stored", stored}});
    table.row({hex_of(each.id), stored, readable_size(each.size), each.mime});
  }
  context.output().value(values);
  context.output().table(table);
  return Exit::kDone;
}

Result<Exit> edit(Context& context, const DocumentEditArguments& arguments) {
  COFFRE_TRY_ASSIGN(const Id id, id_argument(arguments.id));
  DocumentEdit change;
  change.type = arguments.type;
  change.title = arguments.title;
  COFFRE_TRY_ASSIGN(change.patient, id_argument(arguments.patient));
  if (arguments.date) {
    COFFRE_TRY_ASSIGN(change.date, checked_date(*arguments.date));
  }
  COFFRE_TRY_ASSIGN(change.version, id_argument(arguments.version));
  if (!change.type && !change.title && !change.date && !change.patient && !change.version) {
    return fail(Code::kInvalidArgument, N_("nothing was said to change"), {},
                N_("see coffrectl --help, or --help after a command"));
  }
  COFFRE_TRY_ASSIGN(Vault * vault, context.session());
  COFFRE_TRY(vault->edit_document(id, change));
  context.output().line(tr(N_("The document's record is changed.")));
  return Exit::kDone;
}

}  // namespace

void add_document_commands(Registry& registry) {
  const auto listed = std::make_shared<DocumentListArguments>();
  CLI::App& list_made = registry.command(registry.root(), "list",
                                         N_("lists the documents that you may read"), listed, list);
  text_option(list_made, "--patient", listed->patient, tr(N_("only this patient's, by id")));
  text_option(list_made, "--compartment", listed->compartment, tr(N_("only of this compartment")));

  const auto shown = std::make_shared<DocumentShowArguments>();
  CLI::App& show_made = registry.command(registry.root(), "show",
                                         N_("shows what is known of a document"), shown, show);
  text_option(show_made, "DOC", shown->id, tr(N_("the document's id")))->required();

  const auto asked = std::make_shared<DocumentShowArguments>();
  CLI::App& versions_made =
      registry.command(registry.root(), "versions",
                       N_("lists what a document held before, and holds now"), asked, versions);
  text_option(versions_made, "DOC", asked->id, tr(N_("the document's id")))->required();

  const auto edited = std::make_shared<DocumentEditArguments>();
  CLI::App& edit_made = registry.command(registry.root(), "edit",
                                         N_("changes what is known of a document"), edited, edit);
  text_option(edit_made, "DOC", edited->id, tr(N_("the document's id")))->required();
  text_option(edit_made, "--type", edited->type, tr(N_("its type")));
  text_option(edit_made, "--title", edited->title, tr(N_("its title")));
  text_option(edit_made, "--date", edited->date, tr(N_("its date, YYYY-MM-DD")));
  text_option(edit_made, "--patient", edited->patient, tr(N_("the patient's id")));
  text_option(edit_made, "--version", edited->version,
              tr(N_("an earlier version, which becomes the present one again")));
}

}  // namespace coffre::cli
