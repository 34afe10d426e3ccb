// The drawing of the Exports screen.
#include <algorithm>
#include <array>
#include <cmath>

#include "app/common/erase_text.h"
#include "app/common/i18n.h"
#include "app/desktop/screens/exports_screen.h"
#include "app/desktop/screens/screen_layout.h"
#include "app/desktop/ui_core/format.h"
#include "app/desktop/ui_core/icons.h"
#include "app/desktop/ui_core/paint.h"
#include "core/base/text.h"

namespace coffre::ui {
namespace {

constexpr float kExportsSide = 320;
constexpr float kCopyRow = 62;
constexpr float kCopiesShown = 6;  // rows, before the list scrolls by itself
constexpr float kWideCopies = 640;
constexpr float kAllSheetWidth = 460;
constexpr float kErasedWhen = 132;
constexpr float kErasedVerdict = 330;
constexpr float kTagRoom = 24;

enum CopyColumn : std::size_t { kDocument, kWhere, kDeadline, kState };
enum NarrowCopyColumn : std::size_t { kNarrowDocument, kNarrowState, kNarrowAction };

std::array<Column, 5> copy_columns() {
  return {{{"document", tr(N_("Document")), 0, false},
           {"where", tr(N_("Where")), 104, false},
           {"deadline", tr(N_("Deadline")), 120, false},
           {"state", tr(N_("Expected erasing")), 212, false},
           {"action", "", 48, false}}};
}

std::array<Column, 3> narrow_copy_columns() {
  return {{{"document", tr(N_("Document")), 0, false},
           {"state", tr(N_("Deadline")), 204, false},
           {"action", "", 48, false}}};
}

// Two lines in a cell, as in the other tables of two lines.
void two_lines(Ui& ui, const Rect& cell, std::string_view first, std::string_view second) {
  const float middle = cell.min.y + cell.height() * 0.55F;
  const float edge = ui.px(9);
  text_in(ui, TextKind::kText, first, {{cell.min.x, cell.min.y + edge}, {cell.max.x, middle}});
  text_in(ui, TextKind::kSmallMuted, second,
          {{cell.min.x, middle}, {cell.max.x, cell.max.y - edge}});
}

}  // namespace

void ExportsScreen::draw(Ui& ui, const Rect& area) {
  look_up();
  const SplitArea split = split_area(ui, area, kExportsSide);
  if (split.narrow && chosen() != nullptr) {
    draw_side(ui, split.side, true);
    return;
  }
  draw_main(ui, split.page);
  if (!split.narrow) {
    draw_side(ui, split.side, false);
  }
  side_border(ui, split);
}

void ExportsScreen::draw_main(Ui& ui, const Rect& area) {
  if (begin_panel(ui, "exports", area, ui.theme.panel)) {
    draw_head(ui);
    const KeptCopies* known = kept();
    if (services_.exports->error()) {
      gap(ui, size::kGap);
      error_notice(ui, "exports.error", text_of(*services_.exports->error()));
      gap(ui, size::kGap);
      if (button(ui, "exports.retry", tr(N_("Try again")), ButtonKind::kPrimary, icon::kRefresh)) {
        services_.exports->look();
      }
    } else if (known == nullptr) {
      gap(ui, size::kGap);
      spinner_text(ui, tr(N_("Looking for copies…")));
    } else {
      draw_damaged(ui, *known);
      const bool has_results = !services_.exports->erased().empty();
      if (!known->copies.empty()) {
        draw_table(ui, *known);
      } else if (has_results) {
        gap(ui, size::kGapWide);
        wrapped(ui, TextKind::kMuted, tr(N_("No copy in the clear is left.")));
      } else if (known->damaged.empty()) {
        empty_state(ui, "exports.empty", icon::kDone, tr(N_("No copy in the clear")),
                    tr(N_("What is exported appears here until it is erased, with what erasing "
                          "will be worth.")));
      }
      if (has_results) {
        draw_erased(ui);
      }
    }
  }
  end_panel(ui);
}

void ExportsScreen::draw_head(Ui& ui) {
  page_title(ui, tr(N_("Copies in the clear")));
  const Command* all = services_.commands.find("exports.erase_all");
  const Command* refresh = services_.commands.find("exports.refresh");
  if (all != nullptr && refresh != nullptr) {
    const float width =
        button_width(ui, tr(all->label), all->icon) + ui.px(size::kButton + size::kGapSmall);
    flow(ui, width);
    if (room(ui) >= width) {
      right_aligned(ui, width);
    }
    command_button(ui, *all, ButtonKind::kPlain);
    same_line(ui);
    command_button(ui, *refresh, ButtonKind::kPlain, true);
  }
  wrapped(ui, TextKind::kSmallMuted,
          tr(N_("Everything that left the vault and is not erased yet.")));
  gap(ui, size::kGap);
}

void ExportsScreen::draw_damaged(Ui& ui, const KeptCopies& kept) {
  if (kept.damaged.empty()) {
    return;
  }
  std::string words;
  for (const std::string& path : kept.damaged) {
    words += printable(path) + "\n";
  }
  words +=
      tr(N_("It is not known which copies they were. The journal says what was exported: look "
            "for these copies, erase them, then delete the files named here."));
  notice(ui, "exports.damaged", NoticeKind::kBad,
         tr(N_("Entries of the export ledger cannot be read")), words);
  gap(ui, size::kGap);
}

void ExportsScreen::draw_table(Ui& ui, const KeptCopies& kept) {
  SortState sort;  // by time of making
  is_wide_ = room(ui) >= ui.px(kWideCopies);
  if (is_wide_) {
    static_cast<void>(table_head(ui, "exports.head", copy_columns(), sort, edges_));
  } else {
    static_cast<void>(table_head(ui, "exports.head", narrow_copy_columns(), sort, edges_));
  }
  const std::size_t count = kept.copies.size();
  const float row = ui.px(kCopyRow);
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const float height = row * std::min(static_cast<float>(count), kCopiesShown);
  std::ptrdiff_t selected = -1;
  for (std::size_t index = 0; index < count; ++index) {
    if (chosen_ && kept.copies[index].copy.entry.id == *chosen_) {
      selected = static_cast<std::ptrdiff_t>(index);
    }
  }
  if (begin_list(ui, "exports.list", list_, count, row, {at, {at.x + room(ui), at.y + height}})) {
    const std::ptrdiff_t pressed = list_rows(ui, "exports.list", list_, count, row, selected,
                                             [&](std::size_t index, const Rect& line, bool) {
                                               draw_row(ui, index, kept.copies[index], line);
                                             });
    if (pressed >= 0) {
      chosen_ = kept.copies[static_cast<std::size_t>(pressed)].copy.entry.id;
    }
  }
  end_list(ui);
}

void ExportsScreen::draw_row(Ui& ui, std::size_t index, const KeptCopy& kept, const Rect& row) {
  if (is_wide_) {
    draw_cells(ui, kept, row);
  } else {
    draw_narrow_cells(ui, kept, row);
  }
  const float side = ui.px(size::kButton);
  const float left = edges_[edges_.size() - 2];  // of the last column
  place({left + ui.px(4), row.min.y + (row.height() - side) / 2});
  const std::string id = "exports.erase." + std::to_string(index);
  if (icon_button(ui, id.c_str(), icon::kDelete, tr(N_("Erase this copy now")), may_erase(kept))) {
    services_.exports->erase({kept.copy.entry.id});
  }
}

void ExportsScreen::draw_cells(Ui& ui, const KeptCopy& kept, const Rect& row) const {
  const float pad = ui.px(size::kGap);
  const auto cell = [&](std::size_t column) {
    return Rect{{edges_[column] + pad, row.min.y}, {edges_[column + 1], row.max.y}};
  };
  const CopyTitle title = title_of(kept.copy.entry);
  two_lines(ui, cell(kDocument), title.title, title.below);
  const Rect where = cell(kWhere);
  text_in(ui, TextKind::kMuted, printable(folder_part(kept.copy.path)), where);
  if (ImGui::IsWindowHovered() && ImGui::IsMouseHoveringRect(where.min, where.max)) {
    paint::tip(ui, where, printable(kept.copy.path));
  }
  const ColouredWords deadline = deadline_words(kept.copy.entry, services_.clock.wall_ms());
  tag_in(ui, "tag", deadline.kind, deadline.words, cell(kDeadline));
  const ColouredWords state = state_words(kept, services_.exports->is_erasing(kept.copy.entry.id));
  tag_in(ui, "tag", state.kind, state.words, cell(kState));
}

void ExportsScreen::draw_narrow_cells(Ui& ui, const KeptCopy& kept, const Rect& row) const {
  const float pad = ui.px(size::kGap);
  const CopyTitle title = title_of(kept.copy.entry);
  two_lines(ui, {{edges_[kNarrowDocument] + pad, row.min.y}, {edges_[kNarrowState], row.max.y}},
            title.title, title.below);
  const float left = edges_[kNarrowState] + pad;
  const float right = edges_[kNarrowAction];
  const float middle = row.min.y + row.height() / 2;
  const float room_of = ui.px(kTagRoom);
  const ColouredWords deadline = deadline_words(kept.copy.entry, services_.clock.wall_ms());
  tag_in(ui, "tag", deadline.kind, deadline.words, {{left, middle - room_of}, {right, middle}});
  const ColouredWords state = state_words(kept, services_.exports->is_erasing(kept.copy.entry.id));
  tag_in(ui, "tag", state.kind, state.words, {{left, middle}, {right, middle + room_of}});
}

void ExportsScreen::draw_erased(Ui& ui) {
  section(ui, tr(N_("Erased in this session")));
  const ImVec2 at = ImGui::GetCursorScreenPos();
  paint::line(ui, at, {at.x + room(ui), at.y}, ui.theme.line);
  const std::vector<ErasedCopy>& erased = services_.exports->erased();
  for (std::size_t index = erased.size(); index-- > 0;) {  // the newest first
    draw_erased_row(ui, index, erased[index]);
  }
  gap(ui, size::kGap);
  if (button(ui, "exports.record", record_button_words(), ButtonKind::kPlain, icon::kDescription)) {
    save_record();
  }
}

void ExportsScreen::save_record() {
  std::vector<RecordedErasure> erasures;
  std::int64_t from_ms = services_.clock.wall_ms();
  std::int64_t to_ms = 0;
  for (const ErasedCopy& erased : services_.exports->erased()) {
    const ExportEntry& entry = erased.swept.entry;
    erasures.push_back(
        {erased.swept.report,
         RecordedEntry{.vault = entry.vault, .document = entry.document, .copy = entry.id}});
    from_ms = std::min(from_ms, erased.time_ms);
    to_ms = std::max(to_ms, erased.time_ms);
  }
  record_.save_files(std::move(erasures), from_ms, to_ms);
}

// As high as its reasons are long. Where there is little room the verdict stands below the rest.
void ExportsScreen::draw_erased_row(Ui& ui, std::size_t index, const ErasedCopy& erased) const {
  const EraseReport& report = erased.swept.report;
  const bool is_given_up = report.verdict == Verdict::kFailed;
  const std::string verdict =
      is_given_up ? tr(N_("No longer looked for")) : tr(worth_word(report.verdict, report.medium));
  const std::string reasons = reasons_text(report);
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const float width = room(ui);
  const float pad = ui.px(size::kGap);
  const bool is_wide = width >= ui.px(kWideCopies);
  const float verdict_left = is_wide ? at.x + width - ui.px(kErasedVerdict) : at.x + pad;
  const float wrap = at.x + width - pad - verdict_left;
  const float line = ui.px(20);
  const float reasons_height =
      reasons.empty() ? 0 : paint::extent(ui.fonts.small, reasons, wrap).y + ui.px(4);
  const float verdict_height = line + reasons_height;
  const float height = 2 * pad + verdict_height + (is_wide ? 0 : line + ui.px(4));
  const float when_left = (is_wide ? verdict_left : at.x + width) - ui.px(kErasedWhen);
  const float first = at.y + pad;
  text_in(ui, TextKind::kText, title_of(erased.swept.entry).title,
          {{at.x + pad, first}, {when_left - pad, first + line}});
  text_in(ui, TextKind::kMuted, moment_text(erased.time_ms, services_.clock.wall_ms()),
          {{when_left, first}, {when_left + ui.px(kErasedWhen) - pad, first + line}});
  const float top = is_wide ? first : first + line + ui.px(4);
  const std::string id = "exports.erased." + std::to_string(index);
  tag_in(ui, id.c_str(), is_given_up ? TagKind::kNeutral : worth_tag(report.verdict), verdict,
         {{verdict_left, top}, {verdict_left + wrap, top + line}});
  if (!reasons.empty()) {
    place({verdict_left, top + line + ui.px(4)});
    const ImVec2 words_at = ImGui::GetCursorScreenPos();
    paint::words(ui.fonts.small, words_at, ui.theme.muted, reasons, wrap);
    paint::note(ui, "text", reasons, {words_at, {words_at.x + wrap, words_at.y + reasons_height}});
  }
  paint::line(ui, {at.x, at.y + height}, {at.x + width, at.y + height}, ui.theme.line);
  place(at);
  ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, ImVec2(0, 0));
  ImGui::Dummy({width, height + 1});
  ImGui::PopStyleVar();
}

void ExportsScreen::draw_side(Ui& ui, const Rect& area, bool alone) {
  if (begin_panel(ui, "exports.side", area, ui.theme.side)) {
    if (alone && button(ui, "exports.back", tr(N_("Back")), ButtonKind::kPlain, icon::kArrowLeft)) {
      chosen_.reset();
    }
    if (const KeptCopy* copy = chosen()) {
      draw_chosen(ui, *copy);
    } else {
      empty_state(ui, "exports.choose", icon::kInfo, tr(N_("No copy chosen")),
                  tr(N_("Choose a line to see where the copy lies, until when, and what erasing it "
                        "will be worth.")));
    }
  }
  end_panel(ui);
}

void ExportsScreen::draw_chosen(Ui& ui, const KeptCopy& kept) {
  const ExportEntry& entry = kept.copy.entry;
  const CopyTitle title = title_of(entry);
  wrapped(ui, TextKind::kTitle, title.title);
  wrapped(ui, TextKind::kSmallMuted, title.below);
  gap(ui, size::kGapWide);
  detail(ui, tr(N_("Where")), printable(kept.copy.path));
  detail(ui, tr(N_("Exported")), moment_text(entry.created_ms, services_.clock.wall_ms()));
  detail(ui, tr(N_("Deadline")), moment_text(entry.deadline_ms, services_.clock.wall_ms()));
  detail(ui, tr(N_("Size")), size_text(entry.size));
  gap(ui, size::kGapSmall);
  const CopyAdvice advice = advice_of(kept);
  if (!advice.words.empty()) {
    notice(ui, "exports.advice", advice.kind, advice.title, advice.words);
    gap(ui, size::kGap);
  }
  if (!is_lost(kept)) {
    if (kept.forecast) {
      notice(ui, "exports.worth", worth_notice(kept.forecast->verdict),
             tr(N_("What erasing will be worth")), forecast_text(*kept.forecast));
    } else {
      notice(ui, "exports.worth", NoticeKind::kInfo, tr(N_("What erasing will be worth")),
             tr(N_("It is not known: the folder cannot be looked at.")));
    }
  }
  draw_actions(ui, kept);
}

void ExportsScreen::draw_actions(Ui& ui, const KeptCopy& kept) {
  gap(ui, size::kGapWide);
  if (is_lost(kept)) {
    const Availability may = services_.exports->is_erasing(kept.copy.entry.id)
                                 ? Availability::greyed(N_("It is being looked for."))
                                 : Availability::ready();
    if (button(ui, "exports.give_up", tr(N_("Stop looking")), ButtonKind::kPlain, icon::kBlock,
               may)) {
      services_.exports->erase({kept.copy.entry.id});
    }
    return;
  }
  if (const Command* erase = services_.commands.find("exports.erase")) {
    command_button(ui, *erase, ButtonKind::kDanger);
  }
}

void ExportsScreen::draw_sheets(Ui& ui) { draw_all_sheet(ui); }

void ExportsScreen::draw_all_sheet(Ui& ui) {
  if (!begin_sheet(ui, "exports.all", tr(N_("Erase all copies")), kAllSheetWidth, asks_for_all_)) {
    return;
  }
  const std::vector<Id> ids = all_erasable();
  wrapped(ui, TextKind::kText,
          fill(tr(N_("Copies that are overwritten and removed now: {}. The documents stay in the "
                     "vault.")),
               {count_text(ids.size())}));
  gap(ui, size::kGapWide);
  if (sheet_buttons(ui, "exports.all", {tr(N_("Erase all")), icon::kDelete, ButtonKind::kDanger},
                    may_erase_all(), asks_for_all_)) {
    services_.exports->erase(ids);
    asks_for_all_ = false;
  }
  end_sheet(ui);
}

}  // namespace coffre::ui
