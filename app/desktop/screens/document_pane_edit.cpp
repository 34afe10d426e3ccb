#include "app/desktop/screens/document_pane_edit.h"

#include <algorithm>

#include <nlohmann/json.hpp>

#include "app/common/i18n.h"
#include "app/desktop/screens/dossiers_drawing.h"
#include "app/desktop/screens/dossiers_names.h"
#include "app/desktop/ui_core/icons.h"

namespace coffre::ui {

void type_field(Ui& ui, const std::string& id, Line& type) {
  FieldOptions options;
  options.hint = tr(N_("what kind of document, in your words"));
  text_field(ui, id.c_str(), tr(N_("Type")), type.span(), options);
  const std::vector<std::string> usual = common_types();
  const auto found = std::ranges::find(usual, type.view());
  std::size_t chosen = static_cast<std::size_t>(found - usual.begin());
  gap(ui, 4);
  if (chips(ui, (id + ".usual").c_str(), usual, chosen, room(ui)) && chosen < usual.size()) {
    type.set(usual[chosen]);
  }
}

void DocumentSheet::open(const Document& document, bool with_patient) {
  close();
  document_ = document;
  with_patient_ = with_patient;
  title_.set(document.title);
  type_.set(document.type);
  date_.set(typed_day(document.date));
  picker_.choose(document.patient);
  open_ = true;
  focus_ = true;
}

void DocumentSheet::close() {
  open_ = false;
  saving_ = false;
  tried_ = false;
  error_.reset();
  document_ = {};
  title_.clear();
  type_.clear();
  date_.clear();
  picker_.clear();
}

void DocumentSheet::save() {
  tried_ = true;
  error_.reset();
  const Result<std::string> date = parse_day(date_.view());
  const bool lacks_patient = with_patient_ && document_.patient && !picker_.chosen();
  if (saving_ || !date || lacks_patient) {
    return;  // the fields say what is wrong
  }
  DocumentEdit edit{std::string(type_.view()), std::string(title_.view()), *date, std::nullopt};
  Document changed = document_;
  changed.type = *edit.type;
  changed.title = *edit.title;
  changed.date = *edit.date;
  if (with_patient_ && picker_.chosen() && picker_.chosen() != document_.patient) {
    edit.patient = picker_.chosen();
    changed.patient = picker_.chosen();
  }
  saving_ = true;
  services_.vault.ask<void>(
      [id = document_.id, edit](Vault& vault) { return vault.edit_document(id, edit); },
      alive_.guard([this, changed](const Status& status) {
        saving_ = false;
        if (!status) {
          error_ = status.error();
          return;
        }
        services_.toasts.say(tr(N_("The document's record is changed.")));
        close();
        saved_(changed);
      }));
}

std::string DocumentSheet::draft() const {
  if (!open_) {
    return {};
  }
  nlohmann::json json = {
      {"id", to_hex(document_.id.view())},   {"compartment", to_hex(document_.compartment.view())},
      {"title", std::string(title_.view())}, {"type", std::string(type_.view())},
      {"date", std::string(date_.view())},   {"with_patient", with_patient_}};
  if (document_.patient) {
    json["patient"] = to_hex(document_.patient->view());
  }
  if (picker_.chosen()) {
    json["chosen"] = to_hex(picker_.chosen()->view());
  }
  return json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

void DocumentSheet::restore(std::string_view draft) {
  const nlohmann::json json = nlohmann::json::parse(draft, nullptr, false);
  if (!json.is_object()) {
    return;
  }
  const auto text_at_key = [&](const char* key) {
    const auto found = json.find(key);
    return found != json.end() && found->is_string() ? found->get<std::string>() : std::string();
  };
  const auto id_at_key = [&](const char* key) -> std::optional<Id> {
    const Result<Id> id = fixed_from_hex<Id>(text_at_key(key));
    return id ? std::optional<Id>(*id) : std::nullopt;
  };
  Document document;
  const std::optional<Id> id = id_at_key("id");
  if (!id) {
    return;
  }
  document.id = *id;
  document.compartment = id_at_key("compartment").value_or(Id{});
  document.patient = id_at_key("patient");
  open(document, json.value("with_patient", false));
  title_.set(text_at_key("title"));
  type_.set(text_at_key("type"));
  date_.set(text_at_key("date"));
  picker_.choose(id_at_key("chosen"));
}

void DocumentSheet::draw(Ui& ui) {
  if (!open_) {
    return;
  }
  bool stays = true;
  if (begin_sheet(ui, "edit", tr(N_("Change title, type, date")), 520, stays)) {
    draw_fields(ui);
    if (error_) {
      error_notice(ui, "edit.error", text_of(*error_));
      gap(ui, size::kGap);
    }
    const Availability may = saving_ ? Availability::greyed(N_("Being saved…")) : Availability{};
    if (button(ui, "edit.save", tr(N_("Save")), ButtonKind::kPrimary, icon::kCheck, may)) {
      save();
    }
    same_line(ui);
    if (button(ui, "edit.cancel", tr(N_("Cancel")))) {
      stays = false;
    }
    end_sheet(ui);
  }
  if (!stays) {
    close();
  }
}

void DocumentSheet::draw_fields(Ui& ui) {
  FieldOptions title;
  title.focus = std::exchange(focus_, false);
  if (text_field(ui, "edit.name", tr(N_("Title")), title_.span(), title) == FieldEvent::kEntered) {
    save();
  }
  gap(ui, size::kGap);
  type_field(ui, "edit.type", type_);
  gap(ui, size::kGap);
  FieldOptions date;
  date.icon = icon::kCalendar;
  date.hint = tr(N_("day/month/year, like 17/09/1991"));
  const Result<std::string> day = parse_day(date_.view());
  const std::string wrong = tried_ && !day ? text_of(day.error()).what : std::string();
  date.error = wrong;
  if (text_field(ui, "edit.date", tr(N_("Date")), date_.span(), date) == FieldEvent::kEntered) {
    save();
  }
  gap(ui, size::kGap);
  if (with_patient_) {
    const bool lacks_patient = tried_ && document_.patient && !picker_.chosen();
    picker_.draw(ui, "edit.patient", tr(N_("Patient")),
                 lacks_patient ? tr(N_("Choose the patient.")) : "", false);
    gap(ui, size::kGap);
  }
}

}  // namespace coffre::ui
