// patient …
#include <nlohmann/json.hpp>

#include "app/cli/arguments.h"
#include "app/cli/options.h"
#include "app/common/i18n.h"
#include "core/base/time.h"

namespace coffre::cli {
namespace {

struct PatientAddArguments {
  std::string last;
  std::string first;
  std::string born;
};
struct PatientEditArguments {
  std::string id;
  std::optional<std::string> last;
  std::optional<std::string> first;
  std::optional<std::string> born;
};
struct PatientListArguments {
  std::vector<std::string> words;
};

Result<Exit> patient_add(Context& context, const PatientAddArguments& arguments) {
  Patient patient;
  patient.last = arguments.last;
  patient.first = arguments.first;
  COFFRE_TRY_ASSIGN(patient.born, checked_date(arguments.born));
  COFFRE_TRY_ASSIGN(Vault * vault, context.session());
  COFFRE_TRY_ASSIGN(const Id id, vault->add_patient(patient));
  context.output().value({{"id", hex_of(id)}});
  context.output().line(
      fill(tr(N_("{} {} has a record: {}")), {arguments.first, arguments.last, hex_of(id)}));
  return Exit::kDone;
}

Result<Exit> patient_edit(Context& context, const PatientEditArguments& arguments) {
  COFFRE_TRY_ASSIGN(const Id id, id_argument(arguments.id));
  if (!arguments.last && !arguments.first && !arguments.born) {
    return fail(Code::kInvalidArgument, N_("nothing was said to change"), {},
                N_("see coffrectl --help, or --help after a command"));
  }
  PatientEdit edit{arguments.last, arguments.first, arguments.born};
  if (edit.born) {
    COFFRE_TRY_ASSIGN(edit.born, checked_date(*edit.born));
  }
  COFFRE_TRY_ASSIGN(Vault * vault, context.session());
  COFFRE_TRY(vault->edit_patient(id, edit));
  context.output().line(tr(N_("The patient's record is changed.")));
  return Exit::kDone;
}

Result<Exit> patient_list(Context& context, const PatientListArguments& arguments) {
  COFFRE_TRY_ASSIGN(Vault * vault, context.session());
  std::vector<UnreadableRecord> left_out;
  COFFRE_TRY_ASSIGN(const std::vector<Patient> patients,
                    vault->patients(arguments.words, &left_out));
  Json list = Json::array();
  Table table({tr(N_("Last name")), tr(N_("First name")), tr(N_("Born")), tr(N_("Id"))});
  for (const Patient& patient : patients) {
    const std::string id = hex_of(patient.id);
    list.push_back(
        {{"id", id}, {"last", patient.last}, {"first", patient.first}, {"born", patient.born}});
    table.row({patient.last, patient.first, patient.born, id});
  }
  context.output().value(list);
  context.output().table(table);
  COFFRE_TRY(all_could_be_read(left_out));
  return Exit::kDone;
}

}  // namespace

void add_patient_commands(Registry& registry) {
  CLI::App& patient = registry.group("patient", N_("patients"));
  const auto added = std::make_shared<PatientAddArguments>();
  CLI::App& add =
      registry.command(patient, "add", N_("makes a patient's record"), added, patient_add);
  text_option(add, "--last", added->last, tr(N_("last name")))->required();
  text_option(add, "--first", added->first, tr(N_("first name")))->required();
  text_option(add, "--born", added->born, tr(N_("date of birth, YYYY-MM-DD")))->required();

  const auto edited = std::make_shared<PatientEditArguments>();
  CLI::App& edit =
      registry.command(patient, "edit", N_("changes a patient's record"), edited, patient_edit);
  text_option(edit, "ID", edited->id, tr(N_("the patient's id")))->required();
  text_option(edit, "--last", edited->last, tr(N_("last name")));
  text_option(edit, "--first", edited->first, tr(N_("first name")));
  text_option(edit, "--born", edited->born, tr(N_("date of birth, YYYY-MM-DD")));

  const auto listed = std::make_shared<PatientListArguments>();
  CLI::App& list = registry.command(patient, "list", N_("lists patients"), listed, patient_list);
  text_option(list, "WORDS", listed->words, tr(N_("starts of names, all of which have to fit")));
}

}  // namespace coffre::cli
