// What DossiersScreen puts on the screen.
#include <algorithm>
#include <cmath>

#include "app/common/i18n.h"
#include "app/desktop/screens/dossiers.h"
#include "app/desktop/screens/dossiers_drawing.h"
#include "app/desktop/screens/dossiers_names.h"
#include "app/desktop/ui_core/format.h"
#include "app/desktop/ui_core/icons.h"
#include "app/desktop/ui_core/touch.h"

namespace coffre::ui {
namespace {

constexpr float kPatients = 250;
constexpr float kThreeFrom = 980;  // width at 100 %
constexpr float kTwoFrom = 620;
constexpr float kBesideFrom = 800;  // from here on a document stands beside its list
constexpr float kPaneMin = 412;     // its bar
constexpr float kPaneShare = 0.485F;
constexpr float kHead = 76;
constexpr float kLeftHead = 52;
constexpr float kWay = 44;

}  // namespace

void DossiersScreen::draw(Ui& ui, const Rect& area) {
  drawn_frame_ = ImGui::GetFrameCount();
  const float width = area.width() / ui.scale;
  draw_columns(ui, area,
               width >= kThreeFrom ? Columns::kThree
               : width >= kTwoFrom ? Columns::kTwo
                                   : Columns::kOne);
}

void DossiersScreen::draw_columns(Ui& ui, const Rect& area, Columns columns) {
  Rect rest = area;
  const bool has_document = pane_.document().has_value();
  const bool has_left = reads_patients() || filed_.is_available();
  const bool left_wanted = columns == Columns::kThree ||
                           (columns == Columns::kTwo && !has_document) ||
                           (columns == Columns::kOne && middle_ == Middle::kNothing);
  if (has_left && left_wanted) {
    const Rect left = columns == Columns::kOne ? rest : cut_left(rest, ui.px(kPatients));
    draw_left(ui, left);
    if (columns == Columns::kOne) {
      return;
    }
  }
  const bool shows_documents = middle_ == Middle::kDocuments;
  if (columns != Columns::kThree && has_document && area.width() < ui.px(kBesideFrom)) {
    if (pane_.draw(ui, rest, true)) {
      go_back();
    }
    return;
  }
  if (shows_documents && (columns == Columns::kThree || has_document)) {
    const Rect pane = cut_right(rest, std::max(std::floor(rest.width() * kPaneShare),
                                               std::min(ui.px(kPaneMin), rest.width())));
    if (pane_.draw(ui, pane, columns != Columns::kThree)) {
      go_back();
    }
    line_right(ui, rest);
    rest.max.x -= 1;
  }
  draw_middle(ui, rest, has_left && columns == Columns::kOne);
}

void DossiersScreen::draw_left(Ui& ui, const Rect& area) {
  fill_rect(ui, area, ui.theme.panel);
  Rect rest = area;
  rest.max.x -= 1;
  draw_left_head(ui, rest);
  if (filed_.is_available()) {
    draw_left_way(ui, rest, "dossiers.way_filed", icon::kInbox, tr(N_("Filed today")),
                  filed_.count(), Middle::kFiledToday);
  }
  if (requests_.count() > 0) {
    draw_left_way(ui, rest, "dossiers.way_requests", icon::kUndo, tr(N_("Requests")),
                  requests_.count(), Middle::kRequests);
  }
  draw_left_out(ui, "patients.left_out", rest, book_.left_out());
  const bool in_titles = !words_.empty() && searched_in_ == 1;
  if (in_titles) {
    if (const std::optional<Document> chosen = titles_.draw(ui, rest)) {
      open_document(*chosen);
    }
  } else if (!reads_patients() || book_.state() != PatientBook::State::kReady ||
             patients_.search().found().places.empty()) {
    draw_left_state(ui, rest);
  } else {
    const Patient* patient = patient_in_hand();
    const std::optional<Id> selected =
        patient == nullptr ? std::nullopt : std::optional<Id>(patient->id);
    if (const std::optional<Id> chosen = patients_.draw_rows(ui, rest, selected)) {
      choose_patient(*chosen);
    }
  }
  line_right(ui, area);
}

void DossiersScreen::draw_left_head(Ui& ui, Rect& area) {
  const Rect head = cut_top(area, ui.px(kLeftHead));
  const float button = ui.px(size::kButton);
  Rect words = head;
  cut_left(words, ui.px(size::kGapWide));
  cut_right(words, button + ui.px(size::kGapSmall));
  text_in(ui, TextKind::kStrong, tr(N_("Patients")), words);
  if (const Command* add = services_.commands.find("patient.add")) {
    place({words.max.x, head.min.y + (head.height() - button) / 2});
    command_button(ui, *add, ButtonKind::kQuiet, true);
  }
  if (words_.empty() || !reads_patients()) {
    return;
  }
  const Rect bar = cut_top(area, ui.px(40));
  place({bar.min.x + ui.px(size::kGapWide), bar.min.y});
  const std::vector<std::string> kinds = {
      fill(tr(N_("Patients · {}")), {count_text(patients_.search().found().places.size())}),
      tr(N_("Titles"))};
  chips(ui, "dossiers.searched", kinds, searched_in_, bar.width() - ui.px(2 * size::kGapWide));
}

void DossiersScreen::draw_left_way(Ui& ui, Rect& area, const char* id, const char* icon,
                                   const char* label, std::size_t count, Middle middle) {
  const Rect row = cut_top(area, ui.px(kWay));
  place(row.min);
  const Touch touch = touched(ui, id, {row.width(), row.height()}, {});
  if (middle_ == middle || touch.hovered) {
    paint::box(ui, row, middle_ == middle ? ui.theme.selected : ui.theme.hover, 0);
  }
  if (touch.ring) {
    paint::ring(ui, paint::shrunk(row, ui.px(3)));
  }
  Rect rest = row;
  cut_left(rest, ui.px(size::kGapWide));
  icon_in(ui, icon, cut_left(rest, ui.px(28)), ui.theme.accent);
  cut_right(rest, ui.px(size::kGap));
  const std::string number = count > 0 ? count_text(count) : std::string();
  text_in(ui, TextKind::kSmallStrong, number,
          cut_right(rest, text_extent(ui, TextKind::kSmallStrong, number).x + 1), 1);
  text_in(ui, TextKind::kText, label, rest);
  line_below(ui, row);
  paint::note(ui, id, label, row, true, false, touch.focused);
  if (touch.pressed) {
    show_middle(middle);
  }
}

void DossiersScreen::draw_left_state(Ui& ui, const Rect& area) {
  if (begin_panel(ui, "patients.state", area, ui.theme.panel, size::kGapWide)) {
    if (!reads_patients()) {
      wrapped(ui, TextKind::kMuted, tr(N_("Your role does not read patients' records.")));
    } else if (book_.state() == PatientBook::State::kFailed) {
      error_notice(ui, "patients.error", text_of(*book_.error()));
      gap(ui, size::kGap);
      if (button(ui, "patients.retry", tr(N_("Try again")), ButtonKind::kPlain, icon::kRefresh)) {
        book_.load();
      }
    } else if (book_.state() == PatientBook::State::kLoading) {
      spinner_text(ui, tr(N_("Reading the patients…")));
    } else if (!words_.empty()) {
      wrapped(ui, TextKind::kMuted, tr(N_("No patient has this name.")));
    } else {
      wrapped(ui, TextKind::kMuted, tr(N_("No patient yet.")));
    }
  }
  end_panel(ui);
}

void DossiersScreen::draw_middle(Ui& ui, const Rect& area, bool can_go_back) {
  fill_rect(ui, area, ui.theme.panel);
  Rect rest = area;
  if (can_go_back && middle_ != Middle::kDocuments) {
    const Rect bar = cut_top(rest, ui.px(size::kButton + 8));
    place({bar.min.x + ui.px(size::kGapSmall), bar.min.y + ui.px(4)});
    if (button(ui, "dossiers.to_patients", tr(N_("Patients")), ButtonKind::kQuiet,
               icon::kArrowLeft)) {
      show_middle(Middle::kNothing);
      return;
    }
  }
  switch (middle_) {
    case Middle::kNothing:
      draw_nothing(ui, rest);
      break;
    case Middle::kDocuments:
      draw_documents(ui, rest, can_go_back);
      break;
    case Middle::kFiledToday:
      filed_.draw(ui, rest);
      break;
    case Middle::kRequests:
      requests_.draw(ui, rest);
      break;
  }
}

void DossiersScreen::draw_nothing(Ui& ui, const Rect& area) {
  if (begin_panel(ui, "dossiers.nothing", area, ui.theme.panel)) {
    const Command* add = services_.commands.find("patient.add");
    const bool is_empty = reads_patients() && book_.state() == PatientBook::State::kReady &&
                          book_.index()->all().empty();
    if (is_empty && add != nullptr) {
      empty_state(ui, "dossiers.first", icon::kAddPerson, tr(N_("No patient yet")),
                  tr(N_("Add the first: documents are filed in a patient's record.")));
      gap(ui, size::kGapWide);
      const float wide = button_width(ui, tr(add->label), add->icon);
      place({ImGui::GetCursorScreenPos().x + std::max((room(ui) - wide) / 2, 0.0F),
             ImGui::GetCursorScreenPos().y});
      // Another id than the small one above the list, which is drawn in the same frame.
      if (button(ui, "dossiers.first_add", tr(add->label), ButtonKind::kPrimary, add->icon,
                 Commands::availability_of(*add))) {
        services_.commands.run("patient.add");
      }
    } else {
      empty_state(ui, "dossiers.choose", icon::kPatients, tr(N_("No patient chosen")),
                  tr(N_("Choose one in the list, or type a name: Ctrl+F.")));
    }
  }
  end_panel(ui);
}

void DossiersScreen::draw_documents(Ui& ui, Rect area, bool can_go_back) {
  draw_head(ui, cut_top(area, ui.px(kHead)), can_go_back);
  const std::optional<Document>& shown = pane_.document();
  const std::optional<Id> selected = shown ? std::optional<Id>(shown->id) : std::nullopt;
  if (const std::optional<Id> chosen = table_.draw(ui, area, selected)) {
    show_document(*chosen);
  }
}

void DossiersScreen::draw_head(Ui& ui, const Rect& head, bool can_go_back) {
  Rect rest = head;
  cut_left(rest, ui.px(can_go_back ? size::kGapSmall : size::kGapLarge));
  cut_right(rest, ui.px(size::kGap));
  const float button = ui.px(size::kButton);
  const float middle = head.min.y + (head.height() - button) / 2;
  if (can_go_back) {
    place({rest.min.x, middle});
    if (icon_button(ui, "dossiers.to_patients", icon::kArrowLeft, tr(N_("Patients")))) {
      show_middle(Middle::kNothing);
      return;
    }
    rest.min.x += button + ui.px(size::kGapSmall);
  }
  const Patient* patient = patient_in_hand();
  const Command* edit = services_.commands.find("patient.edit");
  if (patient != nullptr && edit != nullptr) {
    place({rest.max.x - button, middle});
    command_button(ui, *edit, ButtonKind::kQuiet, true);
    rest.max.x -= button + ui.px(size::kGapSmall);
  }
  for (const char* id : {"patient.hold", "patient.lift_hold"}) {
    const Command* command = services_.commands.find(id);
    if (patient != nullptr && command != nullptr && command->availability().is_ready()) {
      place({rest.max.x - button, middle});
      command_button(ui, *command, ButtonKind::kQuiet, true);
      rest.max.x -= button + ui.px(size::kGapSmall);
    }
  }
  const std::string name =
      patient == nullptr ? std::string(tr(N_("Documents of no patient"))) : patient_name(*patient);
  text_at(ui, TextKind::kTitle, {rest.min.x, head.min.y + ui.px(16)}, name, rest.width());
  if (patient == nullptr) {
    return;
  }
  Rect below{{rest.min.x, head.min.y + ui.px(42)}, {rest.max.x, head.min.y + ui.px(64)}};
  const auto policy = services_.vault.policy();
  if (policy && policy->is_held(patient->id)) {
    held_tag(ui, below);
  }
  text_in(ui, TextKind::kSmallMuted, birth_line(patient->born, today_of(ui.clock.wall_ms())),
          below);
}

void DossiersScreen::draw_sheets(Ui& ui) {
  import_.draw(ui);
  patient_sheet_.draw(ui);
  document_sheet_.draw(ui);
  filed_.draw_sheet(ui);
  export_.draw(ui);
  open_.draw(ui);
  versions_.draw(ui);
  destroy_.draw(ui);
  hold_.draw(ui);
  if (return_to_import_ && !patient_sheet_.is_open() && !adding_patient_) {
    return_to_import_ = false;  // given up: back to the files, which wait
    import_.reopen();
  }
}

}  // namespace coffre::ui
