#include "app/desktop/screens/dossiers_picker.h"

#include <algorithm>

#include "app/common/i18n.h"
#include "app/desktop/screens/dossiers_drawing.h"
#include "app/desktop/screens/dossiers_names.h"
#include "app/desktop/ui_core/icons.h"

namespace coffre::ui {
namespace {

constexpr std::size_t kMatchesMax = 4;

}  // namespace

void PatientPicker::choose(const std::optional<Id>& patient) {
  chosen_ = patient;
  words_.clear();
  search_.set_words({});
}

void PatientPicker::clear() { choose(std::nullopt); }

void PatientPicker::draw(Ui& ui, const std::string& id, std::string_view label,
                         std::string_view error, bool focus) {
  if (const Patient* patient = chosen_ ? book_.find(*chosen_) : nullptr) {
    draw_chosen(ui, id, label, *patient);
    return;
  }
  FieldOptions options;
  options.icon = icon::kSearch;
  options.hint = tr(N_("Begin of a name, or date of birth"));
  options.error = error;
  options.focus = focus || std::exchange(focus_, false);
  const FieldEvent event = text_field(ui, (id + ".words").c_str(), label, words_.span(), options);
  search_.set_words(words_.view());
  const PatientSearch::Found& found = search_.found();
  if (event == FieldEvent::kEntered && !words_.empty() && search_.is_done() &&
      !found.places.empty()) {
    choose(Id(found[0].id));
    return;
  }
  if (!words_.empty()) {
    draw_matches(ui, id);
  }
}

void PatientPicker::draw_chosen(Ui& ui, const std::string& id, std::string_view label,
                                const Patient& patient) {
  text(ui, TextKind::kSmallStrong, label);
  gap(ui, 4);
  const std::string born = birth_line(patient.born, today_of(ui.clock.wall_ms()));
  const ImVec2 begin = ImGui::GetCursorScreenPos();
  const float width = room(ui);
  const Rect box{begin, {begin.x + width, begin.y + ui.px(52)}};
  paint::box(ui, box, ui.theme.selected);
  paint::note(ui, id + ".chosen", patient_name(patient), box);
  const float side = ui.px(size::kButton);
  const float words_width = width - side - ui.px(size::kGap * 3);
  text_at(ui, TextKind::kStrong, {begin.x + ui.px(size::kGap), begin.y + ui.px(6)},
          patient_name(patient), words_width);
  text_at(ui, TextKind::kSmallMuted, {begin.x + ui.px(size::kGap), begin.y + ui.px(28)}, born,
          words_width);
  place({box.max.x - side - ui.px(size::kGap), begin.y + ui.px(8)});
  if (icon_button(ui, (id + ".change").c_str(), icon::kEdit, tr(N_("Choose another patient")))) {
    clear();
    focus_ = true;
  }
  place(begin);
  ImGui::Dummy({width, box.height()});
}

void PatientPicker::draw_matches(Ui& ui, const std::string& id) {
  const PatientSearch::Found& found = search_.found();
  if (found.places.empty()) {
    wrapped(ui, TextKind::kSmallMuted, tr(N_("No patient has this name.")));
    return;
  }
  std::optional<Id> pressed;
  const std::string today = today_of(ui.clock.wall_ms());
  const std::size_t count = std::min(found.places.size(), kMatchesMax);
  for (std::size_t at = 0; at < count; ++at) {
    const Patient& patient = found[at];
    const std::string words = patient_name(patient) + "  ·  " + birth_line(patient.born, today);
    if (button(ui, (id + ".match." + std::to_string(at)).c_str(), words, ButtonKind::kQuiet,
               icon::kPerson, {}, room(ui))) {
      pressed = patient.id;
    }
  }
  if (found.places.size() > count) {
    text(ui, TextKind::kSmallMuted,
         fill(tr(N_("and {} more: type more letters")),
              {std::to_string(found.places.size() - count)}));
  }
  if (pressed) {
    choose(pressed);
  }
}

}  // namespace coffre::ui
