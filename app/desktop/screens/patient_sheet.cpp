#include "app/desktop/screens/patient_sheet.h"

#include <nlohmann/json.hpp>

#include "app/common/i18n.h"
#include "app/desktop/screens/dossiers_names.h"
#include "app/desktop/ui_core/icons.h"
#include "core/base/text.h"

namespace coffre::ui {
namespace {

std::string trimmed(std::string_view text) {
  const std::size_t begin = std::min(text.find_first_not_of(' '), text.size());
  const std::size_t end = text.find_last_not_of(' ');
  return std::string(text.substr(begin, end == std::string_view::npos ? 0 : end + 1 - begin));
}

}  // namespace

void PatientSheet::open_new(std::string_view name) {
  close();
  last_.set(name);
  open_ = true;
  focus_ = true;
}

void PatientSheet::open(const Patient& patient) {
  close();
  id_ = patient.id;
  last_.set(patient.last);
  first_.set(patient.first);
  born_.set(typed_day(patient.born));
  open_ = true;
  focus_ = true;
}

void PatientSheet::close() {
  open_ = false;
  tried_ = false;
  saving_ = false;
  id_.reset();
  error_.reset();
  namesake_of_.clear();
  has_namesake_ = false;
  last_.clear();
  first_.clear();
  born_.clear();
}

Result<Patient> PatientSheet::typed() const {
  Patient patient;
  patient.last = trimmed(last_.view());
  patient.first = trimmed(first_.view());
  if (patient.last.empty() || patient.first.empty()) {
    return fail(Code::kInvalidArgument, N_("a patient needs a last and a first name"));
  }
  COFFRE_TRY_ASSIGN(patient.born,
                    parse_birth_day(born_.view(), today_of(services_.clock.wall_ms())));
  return patient;
}

void PatientSheet::save() {
  tried_ = true;
  error_.reset();
  const Result<Patient> patient = typed();
  if (!patient || saving_) {
    return;  // the fields say what is wrong
  }
  saving_ = true;
  services_.vault.ask<Id>(
      [given = *patient, id = id_](Vault& vault) -> Result<Id> {
        if (!id) {
          return vault.add_patient(given);
        }
        COFFRE_TRY(vault.edit_patient(*id, PatientEdit{given.last, given.first, given.born}));
        return *id;
      },
      alive_.guard([this](Result<Id> result) { finished(result); }));
}

void PatientSheet::finished(const Result<Id>& result) {
  saving_ = false;
  if (!result) {
    error_ = result.error();
    return;
  }
  services_.toasts.say(
      fill(id_ ? tr(N_("The record of {} is changed.")) : tr(N_("{} has a record now.")),
           {trimmed(first_.view()) + " " + trimmed(last_.view())}));
  close();
  saved_(*result);
}

void PatientSheet::draw(Ui& ui) {
  if (!open_) {
    return;
  }
  bool stays = true;
  const char* title = id_ ? tr(N_("Change the patient's record")) : tr(N_("New patient"));
  if (begin_sheet(ui, "patient", title, 460, stays)) {
    draw_fields(ui);
    if (error_) {
      error_notice(ui, "patient.error", text_of(*error_));
      gap(ui, size::kGap);
    }
    const Availability may = saving_ ? Availability::greyed(N_("Being saved…")) : Availability{};
    if (button(ui, "patient.save", id_ ? tr(N_("Save")) : tr(N_("Add the patient")),
               ButtonKind::kPrimary, icon::kCheck, may)) {
      save();
    }
    same_line(ui);
    if (button(ui, "patient.cancel", tr(N_("Cancel")))) {
      stays = false;
    }
    end_sheet(ui);
  }
  if (!stays) {
    close();
  }
}

void PatientSheet::draw_fields(Ui& ui) {
  const auto field = [&](const char* id, const char* label, Line& line, FieldOptions options) {
    const FieldEvent event = text_field(ui, id, label, line.span(), options);
    gap(ui, size::kGap);
    if (event == FieldEvent::kEntered) {
      save();
    }
  };
  FieldOptions last;
  last.focus = std::exchange(focus_, false);
  last.error = tried_ && trimmed(last_.view()).empty() ? tr(N_("The last name is missing.")) : "";
  field("patient.last", tr(N_("Last name")), last_, last);
  FieldOptions first;
  first.error =
      tried_ && trimmed(first_.view()).empty() ? tr(N_("The first name is missing.")) : "";
  field("patient.first", tr(N_("First name")), first_, first);
  FieldOptions born;
  born.icon = icon::kCalendar;
  born.hint = tr(N_("day/month/year, like 17/09/1991"));
  const Result<std::string> day =
      parse_birth_day(born_.view(), today_of(services_.clock.wall_ms()));
  // Not while it is being typed.
  const std::string wrong = tried_ && !day ? text_of(day.error()).what : std::string();
  born.error = wrong;
  field("patient.born", tr(N_("Date of birth")), born_, born);
  draw_namesake(ui);
}

void PatientSheet::look_for_namesake() {
  const Result<Patient> patient = typed();
  const std::string wanted =
      patient ? fold(patient->last) + " " + fold(patient->first) + " " + patient->born : "";
  if (wanted == namesake_of_ && namesake_generation_ == book_.generation()) {
    return;  // looking through all patients at each frame would be too dear
  }
  namesake_of_ = wanted;
  namesake_generation_ = book_.generation();
  has_namesake_ = false;
  if (!patient) {
    return;
  }
  const PatientIndex& index = *book_.index();
  for (const std::uint32_t place : index.search(wanted, 8)) {
    const Patient& other = index.all()[place];
    has_namesake_ = has_namesake_ || (other.id != id_ && other.born == patient->born &&
                                      fold(other.last) == fold(patient->last) &&
                                      fold(other.first) == fold(patient->first));
  }
}

void PatientSheet::draw_namesake(Ui& ui) {
  look_for_namesake();
  if (has_namesake_) {
    notice(ui, "patient.namesake", NoticeKind::kWarning, tr(N_("There is such a patient already")),
           tr(N_("Same names, same date of birth. Add another record only for another person.")));
    gap(ui, size::kGap);
  }
}

std::string PatientSheet::draft() const {
  if (!open_ || (last_.empty() && first_.empty() && born_.empty())) {
    return {};
  }
  nlohmann::json json = {{"last", std::string(last_.view())},
                         {"first", std::string(first_.view())},
                         {"born", std::string(born_.view())}};
  if (id_) {
    json["id"] = to_hex(id_->view());
  }
  return json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

void PatientSheet::restore(std::string_view draft) {
  const nlohmann::json json = nlohmann::json::parse(draft, nullptr, false);
  if (!json.is_object()) {
    return;
  }
  const auto text = [&](const char* key) {
    const auto found = json.find(key);
    return found != json.end() && found->is_string() ? found->get<std::string>() : std::string();
  };
  close();
  last_.set(text("last"));
  first_.set(text("first"));
  born_.set(text("born"));
  if (const Result<Id> id = fixed_from_hex<Id>(text("id")); id) {
    id_ = *id;
  }
  open_ = true;
  focus_ = true;
}

}  // namespace coffre::ui
