// What ImportSheet puts on the screen.
#include <algorithm>

#include "app/common/erase_text.h"
#include "app/common/i18n.h"
#include "app/common/sources.h"
#include "app/desktop/screens/document_pane_edit.h"
#include "app/desktop/screens/dossiers_drawing.h"
#include "app/desktop/screens/dossiers_names.h"
#include "app/desktop/screens/exports_words.h"
#include "app/desktop/screens/import_sheet.h"
#include "app/desktop/ui_core/icons.h"
#include "core/base/text.h"

namespace coffre::ui {
namespace {

constexpr std::size_t kNamesMax = 3;
constexpr float kResultRow = 48;
constexpr std::size_t kResultsMax = 5;

std::string name_of(const std::string& path) {
  const std::size_t slash = path.find_last_of('/');
  return printable(slash == std::string::npos ? path : path.substr(slash + 1));
}

struct ResultLook {
  const char* icon;
  ImVec4 colour;
  std::string words;
};
// The file's name stands above it: a path would only be cut here.
std::string failure_of(const ImportedFile& file) {
  if (!file.error) {
    return {};
  }
  Error error = *file.error;
  if (error.on == file.path) {
    error.on.clear();
  }
  return text_of(error).what;
}

ResultLook look_of_original(const Ui& ui, const EraseReport& original) {
  switch (original.verdict) {
    case Verdict::kOverwrittenInPlace:
      return {icon::kDone, ui.theme.good.text, tr(N_("stored, original overwritten in place"))};
    case Verdict::kOverwrittenLogically:
      return {icon::kDone, ui.theme.good.text, tr(N_("stored, original overwritten"))};
    case Verdict::kNotGuaranteed:
      return {icon::kWarning, ui.theme.warning.text,
              tr(N_("stored, original removed, not guaranteed"))};
    case Verdict::kFailed:
      break;
  }
  return {icon::kWarning, ui.theme.warning.text, tr(N_("stored, original not destroyed"))};
}

ResultLook look_of(const Ui& ui, const ImportedFile& file) {
  using State = ImportedFile::State;
  switch (file.state) {
    case State::kStored:
      if (file.original) {
        return look_of_original(ui, *file.original);
      }
      return {icon::kDone, ui.theme.good.text, tr(N_("stored in the vault"))};
    case State::kFailed:
      return {icon::kError, ui.theme.danger, failure_of(file)};
    case State::kCancelled:
      return {icon::kBlock, ui.theme.muted, tr(N_("cancelled, not filed"))};
    case State::kWaiting:
      break;
  }
  return {icon::kWait, ui.theme.muted, tr(N_("waiting"))};
}

}  // namespace

void ImportSheet::draw(Ui& ui) {
  if (!open_) {
    return;
  }
  const char* title = step_ == Step::kForm      ? tr(N_("File documents"))
                      : step_ == Step::kRunning ? tr(N_("Documents are being filed"))
                      : run_.count_of(ImportedFile::State::kStored) == run_.count()
                          ? tr(N_("Documents are filed"))
                          : tr(N_("Not all could be filed"));
  bool stays = true;
  if (begin_sheet(ui, "import", title, 560, stays)) {
    switch (step_) {
      case Step::kForm:
        draw_form(ui);
        break;
      case Step::kRunning:
        draw_running(ui);
        break;
      case Step::kDone:
        draw_done(ui);
        break;
    }
    end_sheet(ui);
  }
  if (!stays) {
    close();
  }
}

void ImportSheet::draw_form(Ui& ui) {
  if (interrupted_) {
    notice(ui, "import.interrupted", NoticeKind::kInfo, tr(N_("The lock came in between")),
           tr(N_("These files are not filed yet. What was filed before is safe.")));
    gap(ui, size::kGap);
  }
  draw_files(ui);
  if (wants_patient()) {
    const bool lacks = tried_ && !picker_.chosen();
    picker_.draw(ui, "import.patient", tr(N_("Patient")),
                 lacks ? tr(N_("Choose the patient.")) : "",
                 std::exchange(focus_, false) && !picker_.chosen());
    if (!picker_.chosen() && !picker_.typed().empty() &&
        link(ui, "import.new_patient", tr(N_("Add a new patient")))) {
      callbacks_.new_patient(picker_.typed());
      open_ = false;  // comes back with the patient, or without
      return;
    }
    gap(ui, size::kGap);
  }
  draw_place(ui);
  type_field(ui, "import.type", type_);
  gap(ui, size::kGap);
  draw_date_and_title(ui);
  draw_form_buttons(ui);
}

void ImportSheet::draw_files(Ui& ui) {
  const std::string count = fill(paths_.size() == 1 ? tr(N_("{} file")) : tr(N_("{} files")),
                                 {std::to_string(paths_.size())});
  std::string names;
  for (std::size_t at = 0; at < std::min(paths_.size(), kNamesMax); ++at) {
    names += (at > 0 ? ", " : "") + name_of(paths_[at]);
  }
  if (paths_.size() > kNamesMax) {
    names += "…";
  }
  text(ui, TextKind::kStrong, count);
  wrapped(ui, TextKind::kSmallMuted, names);
  gap(ui, size::kGapWide);
}

void ImportSheet::draw_place(Ui& ui) {
  std::vector<std::string> labels;
  labels.reserve(places_.size());
  for (const Place& place : places_) {
    labels.push_back(place.label);
  }
  text(ui, TextKind::kSmallStrong, tr(N_("Compartment")));
  segments(ui, "import.compartment", labels, place_);
  if (place_ < places_.size() && !places_[place_].can_read) {
    wrapped(ui, TextKind::kSmallMuted,
            fill(tr(N_("You may file in {}, not read there.")), {places_[place_].label}));
  }
  gap(ui, size::kGap);
}

void ImportSheet::draw_date_and_title(Ui& ui) {
  if (paths_.size() == 1) {
    text_field(ui, "import.name", tr(N_("Title")), title_.span());
    gap(ui, size::kGap);
  }
  FieldOptions date;
  date.icon = icon::kCalendar;
  date.hint = tr(N_("day/month/year, like 17/09/1991"));
  const Result<std::string> day = parse_day(date_.view());
  const std::string wrong = tried_ && !day ? text_of(day.error()).what : std::string();
  date.error = wrong;
  if (text_field(ui, "import.date", tr(N_("Date of the documents")), date_.span(), date) ==
      FieldEvent::kEntered) {
    start();
  }
  gap(ui, size::kGapWide);
}

void ImportSheet::draw_form_buttons(Ui& ui) {
  checkbox(ui, "import.destroy", tr(N_("Destroy the files once they are stored")),
           destroy_originals_);
  if (destroy_originals_) {
    wrapped(ui, TextKind::kSmallMuted,
            tr(N_("Each is overwritten and removed after its copy in the vault was read again and "
                  "compared. What that was worth is said for each.")));
  }
  gap(ui, size::kGapWide);
  const Availability may = places_.empty()
                               ? Availability::greyed(N_("Your role may not file documents."))
                               : Availability{};
  if (button(ui, "import.start", tr(N_("File in the vault")), ButtonKind::kPrimary, icon::kCheck,
             may)) {
    start();
  }
  same_line(ui);
  if (button(ui, "import.cancel", tr(N_("Cancel")))) {
    close();
  }
}

void ImportSheet::draw_running(Ui& ui) {
  const std::size_t count = run_.count();
  const std::size_t done = count - run_.count_of(ImportedFile::State::kWaiting);
  text(ui, TextKind::kText,
       fill(tr(N_("{} of {}")), {std::to_string(done), std::to_string(count)}));
  gap(ui, 4);
  progress(ui, "import.progress",
           count == 0 ? -1 : static_cast<float>(done) / static_cast<float>(count), room(ui));
  gap(ui, size::kGap);
  draw_results(ui, ui.px(4 * kResultRow));
  gap(ui, size::kGap);
  if (button(ui, "import.background", tr(N_("Go on working")), ButtonKind::kPrimary)) {
    open_ = false;
  }
  same_line(ui);
  if (button(ui, "import.stop", tr(N_("Stop")), ButtonKind::kPlain, icon::kStop)) {
    run_.cancel();
  }
}

void ImportSheet::draw_done(Ui& ui) {
  using State = ImportedFile::State;
  const std::size_t stored = run_.count_of(State::kStored);
  const std::size_t left = run_.count() - stored;
  const char* words = left == 0 ? tr(N_("{} documents are filed."))
                      : run_.order().destroy_originals
                          ? tr(N_("{} filed, {} not. What was not filed is where it was."))
                          : tr(N_("{} filed, {} not. The files are where they were; nothing is "
                                  "lost."));
  wrapped(ui, TextKind::kText, fill(words, {std::to_string(stored), std::to_string(left)}));
  gap(ui, size::kGap);
  draw_results(ui, ui.px(static_cast<float>(std::min(run_.count(), kResultsMax)) * kResultRow +
                         2 * size::kGapSmall));
  gap(ui, size::kGap);
  draw_originals(ui);
  if (has_originals()) {
    if (button(ui, "import.record", record_button_words(), ButtonKind::kPlain,
               icon::kDescription)) {
      save_record();
    }
    flow(ui, left > 0 ? button_width(ui, tr(N_("Try the rest again")), icon::kRefresh)
                      : button_width(ui, tr(N_("Close"))));
  }
  bool again = false;
  if (left > 0) {
    again = button(ui, "import.again", tr(N_("Try the rest again")), ButtonKind::kPrimary,
                   icon::kRefresh);
    same_line(ui);
  }
  if (button(ui, "import.finish", tr(N_("Close")))) {
    close();
    return;
  }
  if (again) {
    std::vector<std::string> rest;
    for (const ImportedFile& file : run_.files()) {
      if (file.state != State::kStored && !file.path.empty()) {
        rest.push_back(file.path);
      }
    }
    step_ = Step::kForm;
    paths_ = std::move(rest);
  }
}

bool ImportSheet::has_originals() const {
  return std::ranges::any_of(run_.files(),
                             [](const ImportedFile& file) { return file.original.has_value(); });
}

void ImportSheet::save_record() {
  std::vector<RecordedErasure> erasures;
  const auto policy = services_.vault.policy();
  for (const ImportedFile& file : run_.files()) {
    if (file.original && file.document && policy) {
      erasures.push_back({*file.original, RecordedEntry{.vault = policy->vault(),
                                                        .document = *file.document,
                                                        .sequence = file.original_entry}});
    }
  }
  record_.save_files(std::move(erasures), started_ms_, ended_ms_);
}

// Why originals were kept, or what their overwriting is not worth; each reason once.
void ImportSheet::draw_originals(Ui& ui) const {
  Verdict worst = Verdict::kOverwrittenInPlace;
  std::vector<std::string> reasons;
  for (const ImportedFile& file : run_.files()) {
    if (!file.original || file.original->verdict == Verdict::kOverwrittenInPlace) {
      continue;
    }
    worst = std::max(worst, file.original->verdict);
    std::string why = file.original->verdict == Verdict::kOverwrittenLogically
                          ? tr(verdict_text(file.original->verdict))
                          : reasons_text(*file.original);
    if (std::ranges::find(reasons, why) == reasons.end()) {
      reasons.push_back(std::move(why));
    }
  }
  if (reasons.empty()) {
    return;
  }
  std::string words;
  for (const std::string& why : reasons) {
    words += (words.empty() ? "" : "\n") + why;
  }
  notice(ui, "import.originals", worth_notice(worst), tr(N_("The originals")), words);
  gap(ui, size::kGap);
}

void ImportSheet::draw_results(Ui& ui, float height) {
  const std::vector<ImportedFile> files = run_.files();
  const ImVec2 begin = ImGui::GetCursorScreenPos();
  const Rect area{begin, {begin.x + room(ui), begin.y + height}};
  if (begin_panel(ui, "import.results", area, ui.theme.side, size::kGapSmall)) {
    ImGuiListClipper clipper;
    clipper.Begin(static_cast<int>(files.size()), ui.px(kResultRow));
    while (clipper.Step()) {
      for (int at = clipper.DisplayStart; at < clipper.DisplayEnd; ++at) {
        const ImportedFile& file = files[static_cast<std::size_t>(at)];
        const ResultLook look = look_of(ui, file);
        const ImVec2 corner = ImGui::GetCursorScreenPos();
        const Rect row{corner, {corner.x + room(ui), corner.y + ui.px(kResultRow)}};
        icon_in(ui, look.icon, {row.min, {row.min.x + ui.px(24), row.max.y}}, look.colour);
        const float left = row.min.x + ui.px(32);
        text_at(ui, TextKind::kSmallStrong, {left, row.min.y + ui.px(6)}, name_of(file.path),
                row.max.x - left);
        text_at(ui, TextKind::kSmall, {left, row.min.y + ui.px(25)}, look.words, row.max.x - left);
        paint::note(ui, "import.result." + std::to_string(at), look.words, row);
        ImGui::Dummy({row.width(), row.height()});
      }
    }
  }
  end_panel(ui);
  ImGui::Dummy({area.width(), height});
}

}  // namespace coffre::ui
