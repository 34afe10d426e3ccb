// The drawing of the journal's screen.
#include <algorithm>
#include <array>
#include <cmath>

#include "app/common/i18n.h"
#include "app/desktop/screens/journal_screen.h"
#include "app/desktop/screens/screen_layout.h"
#include "app/desktop/screens/shown_names.h"
#include "app/desktop/ui_core/format.h"
#include "app/desktop/ui_core/icons.h"
#include "core/base/text.h"

namespace coffre::ui {
namespace {

constexpr float kSideWidth = 320;
constexpr float kJournalRowHeight = 56;
constexpr float kTableMin = 200;  // the page scrolls rather than make the table lower
constexpr float kFieldMin = 170;
constexpr float kRowPad = 6;
constexpr float kFirstLinePart = 0.56F;  // of a row with two lines

constexpr float kWideTable = 680;  // narrower, who and result stand below what and time

enum ColumnIndex : std::size_t { kTime, kWho, kWhat, kOn, kResult };
enum NarrowColumnIndex : std::size_t { kNarrowTime, kNarrowWhat, kNarrowOn };

std::array<Column, 5> columns() {
  return {{{"time", tr(N_("Time")), 112, false},
           {"who", tr(N_("Who")), 150, false},
           {"what", tr(N_("What")), 170, false},
           {"on", tr(N_("On what")), 0, false},
           {"result", tr(N_("Result")), 140, false}}};
}

std::array<Column, 3> narrow_columns() {
  return {{{"time", tr(N_("Time")), 112, false},
           {"what", tr(N_("What")), 158, false},
           {"on", tr(N_("On what")), 0, false}}};
}

}  // namespace

void JournalScreen::draw(Ui& ui, const Rect& area) {
  drawn_frame_ = ImGui::GetFrameCount();
  const SplitArea split = split_area(ui, area, kSideWidth);
  if (split.narrow && chosen_) {
    draw_side(ui, split.side, true);
    return;
  }
  draw_main(ui, split.page);
  if (!split.narrow) {
    draw_side(ui, split.side, false);
  }
  side_border(ui, split);
}

void JournalScreen::draw_main(Ui& ui, const Rect& area) {
  if (begin_panel(ui, "journal", area, ui.theme.panel)) {
    draw_head(ui);
    gap(ui, size::kGap);
    if (error_) {
      error_notice(ui, "journal.error", text_of(*error_));
      gap(ui, size::kGap);
      if (button(ui, "journal.retry", tr(N_("Try again")), ButtonKind::kPrimary, icon::kRefresh)) {
        load();
      }
    } else if (loading_ != Loading::kDone) {
      spinner_text(ui, tr(N_("The journal is being read…")));
    } else {
      draw_banner(ui);
      gap(ui, size::kGap);
      draw_filters(ui);
      gap(ui, size::kGap);
      draw_table(ui);
    }
  }
  end_panel(ui);
}

void JournalScreen::draw_head(Ui& ui) {
  page_title(ui, tr(N_("Access journal")));
  const Command* anchor = services_.commands.find("journal.anchor");
  const Command* compare = services_.commands.find("journal.compare");
  const Command* refresh = services_.commands.find("journal.refresh");
  if (anchor == nullptr || compare == nullptr || refresh == nullptr) {
    return;
  }
  const float anchor_width = button_width(ui, tr(anchor->label), anchor->icon);
  const float compare_width = button_width(ui, tr(compare->label), compare->icon);
  const float all = anchor_width + compare_width + ui.px(size::kButton + 2 * size::kGapSmall);
  flow(ui, all);
  if (room(ui) >= all) {
    right_aligned(ui, all);
  }
  command_button(ui, *anchor, ButtonKind::kPlain);
  flow(ui, compare_width);
  command_button(ui, *compare, ButtonKind::kPlain);
  flow(ui, ui.px(size::kButton));
  command_button(ui, *refresh, ButtonKind::kPlain, true);
}

std::string JournalScreen::banner_words() const {
  const LogSummary& log = check_->log;
  if (!check_->anchor) {
    return tr(
        N_("Never anchored outside the vault: an older copy of the whole file would be "
           "noticed only by workstations that saw the newer one. Anchor it now and then."));
  }
  const Anchor& anchor = *check_->anchor;
  const std::string when = moment_text(anchor.time_ms, services_.clock.wall_ms());
  const std::string since = count_text(log.size > anchor.entries ? log.size - anchor.entries : 0);
  if (check_->anchor_read) {
    return fill(tr(N_("Anchored outside the vault: {}; entries since then: {}.")), {when, since});
  }
  return fill(tr(N_("Anchored: {}, in {}, which is out of reach now and was not compared; entries "
                    "since then: {}.")),
              {when, printable(anchor.path), since});
}

void JournalScreen::draw_banner(Ui& ui) {
  if (check_error_) {
    error_notice(ui, "journal.alarm", text_of(*check_error_));
    return;
  }
  if (!check_) {
    notice(ui, "journal.banner", NoticeKind::kInfo, tr(N_("Signatures are being verified…")), "");
    return;
  }
  const NoticeKind kind = check_->anchor && check_->anchor_read ? NoticeKind::kGood
                          : check_->anchor                      ? NoticeKind::kInfo
                                                                : NoticeKind::kWarning;
  notice(ui, "journal.banner", kind,
         fill(tr(N_("{} entries verified, none changed or withdrawn.")),
              {count_text(check_->log.size)}),
         banner_words());
}

void JournalScreen::draw_filters(Ui& ui) {
  const std::array<std::string, 4> periods = {tr(N_("Today")), tr(N_("7 days")), tr(N_("30 days")),
                                              tr(N_("All"))};
  bool changed = segments(ui, "journal.period", periods, period_);
  gap(ui, size::kGapSmall);

  std::vector<std::string> people = {tr(N_("Everybody"))};
  std::ranges::transform(model_.people(), std::back_inserter(people),
                         [](const std::string& name) { return printable(name); });
  std::vector<std::string> groups;
  groups.reserve(kJournalGroups);
  for (std::size_t group = 0; group < kJournalGroups; ++group) {
    groups.emplace_back(tr(group_words(static_cast<JournalGroup>(group))));
  }
  // Side by side while there is room, else below each other.
  const float gap_px = ui.px(size::kGap);
  const float rest = room(ui);
  const auto fitting = static_cast<int>((rest + gap_px) / (ui.px(kFieldMin) + gap_px));
  const auto beside = static_cast<float>(std::clamp(fitting, 1, 3));
  FieldOptions options;
  options.width = (rest - gap_px * (beside - 1)) / beside;
  changed |= choice(ui, "journal.person", tr(N_("Person")), people, person_, options);
  flow(ui, options.width, size::kGap);
  changed |= choice(ui, "journal.group", tr(N_("Kind")), groups, group_, options);
  flow(ui, options.width, size::kGap);
  options.icon = icon::kSearch;
  options.hint = tr(N_("Patient, document"));
  changed |= text_field(ui, "journal.words", tr(N_("On what")), {words_.data(), words_.capacity()},
                        options) == FieldEvent::kChanged;
  if (changed) {
    filter_changed();
  }
}

void JournalScreen::draw_table(Ui& ui) {
  if (model_.size() == 0) {
    if (model_.total() == 0) {
      empty_state(ui, "journal.empty", icon::kJournal, tr(N_("Nothing has happened yet")),
                  tr(N_("Every unlock, every look at a document and every change appears here.")));
    } else {
      empty_state(ui, "journal.none", icon::kFilter, tr(N_("No entry fits these filters")),
                  tr(N_("Choose a longer period, or another person or kind.")));
    }
    return;
  }
  SortState sort;  // always the newest first
  const bool wide = room(ui) >= ui.px(kWideTable);
  if (wide) {
    static_cast<void>(table_head(ui, "journal.head", columns(), sort, edges_));
  } else {
    static_cast<void>(table_head(ui, "journal.head", narrow_columns(), sort, edges_));
  }
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const ImVec2 left = ImGui::GetContentRegionAvail();
  const Rect list{at, {at.x + left.x, at.y + std::max(left.y, ui.px(kTableMin))}};
  const float row_height = ui.px(kJournalRowHeight);
  const std::ptrdiff_t selected = chosen_ ? model_.index_of(chosen_->sequence) : -1;
  if (begin_list(ui, "journal.list", list_, model_.size(), row_height, list)) {
    const std::ptrdiff_t pressed = list_rows(
        ui, "journal.list", list_, model_.size(), row_height, selected,
        [&](std::size_t index, const Rect& row, bool) { draw_row(ui, index, row, wide); });
    if (pressed >= 0) {
      chosen_ = model_.line(static_cast<std::size_t>(pressed));
    }
  }
  end_list(ui);
}

void JournalScreen::draw_row(Ui& ui, std::size_t index, const Rect& row, bool wide) const {
  const JournalLine& line = model_.line(index);
  const JournalSubject subject = model_.subject(line);
  const float pad = ui.px(size::kGap);
  // One line in the middle of the row, or two.
  const auto cell = [&](std::size_t column, TextKind kind, std::string_view words,
                        std::string_view below) {
    const float right = column + 2 == edges_.size() ? row.max.x : edges_[column + 1];
    const Rect area{{edges_[column] + pad, row.min.y}, {right, row.max.y}};
    if (below.empty()) {
      text_in(ui, kind, words, area);
      return;
    }
    const float middle = row.min.y + row.height() * kFirstLinePart;
    const float edge = ui.px(kRowPad);
    text_in(ui, kind, words, {{area.min.x, row.min.y + edge}, {area.max.x, middle}});
    text_in(ui, TextKind::kSmallMuted, below,
            {{area.min.x, middle}, {area.max.x, row.max.y - edge}});
  };
  // The day and the hour, on two lines where both are said and there is no room for them beside
  // each other; the narrow table has no second line for it, and keeps the day.
  const std::string moment = moment_text(line.time_ms, services_.clock.wall_ms());
  const std::size_t space = moment.rfind(' ');
  const float room_for_when = edges_[1] - edges_[0] - pad;
  const bool is_long =
      space != std::string::npos && text_width(ui, moment) > std::floor(room_for_when);
  const std::string when = is_long ? moment.substr(0, space) : moment;
  const std::string hour = is_long ? moment.substr(space + 1) : std::string();
  const std::string who = printable(line.actor);
  const std::string what = tr(action_words(line));
  const std::string outcome = tr(outcome_words(line));
  if (!wide) {
    cell(kNarrowTime, TextKind::kMuted, when, outcome);
    cell(kNarrowWhat, TextKind::kText, what, who);
    cell(kNarrowOn, TextKind::kText, subject.first, subject.second);
    return;
  }
  cell(kTime, TextKind::kMuted, when, hour);
  cell(kWho, TextKind::kText, who, {});
  cell(kWhat, TextKind::kText, what, {});
  cell(kOn, TextKind::kText, subject.first, subject.second);
  const std::string tag_id = "journal.result." + std::to_string(index);
  tag_in(ui, tag_id.c_str(), outcome_tag(line), outcome,
         {{edges_[kResult] + pad, row.min.y}, {edges_[kResult + 1], row.max.y}});
}

void JournalScreen::draw_side(Ui& ui, const Rect& area, bool alone) {
  if (begin_panel(ui, "journal.side", area, ui.theme.side)) {
    if (alone && button(ui, "journal.back", tr(N_("Back")), ButtonKind::kPlain, icon::kArrowLeft)) {
      chosen_.reset();
    }
    if (!chosen_) {
      empty_state(ui, "journal.choose", icon::kInfo, tr(N_("No entry chosen")),
                  tr(N_("Choose a line to see its reason, its workstation and its ids.")));
    } else {
      const JournalLine& line = *chosen_;
      const JournalSubject subject = model_.subject(line);
      wrapped(ui, TextKind::kTitle, tr(action_words(line)));
      wrapped(ui, TextKind::kSmallMuted, fill(tr(N_("Entry {}")), {count_text(line.sequence)}));
      gap(ui, size::kGapSmall);
      tag(ui, "journal.side.result", outcome_tag(line), tr(outcome_words(line)));
      gap(ui, size::kGapWide);
      if (!line.action) {
        wrapped(ui, TextKind::kText,
                tr(N_("What this entry says is lost. Who wrote it and its place in the journal are "
                      "signed and sure; the time is what that person’s program gave. Ask that "
                      "person.")));
        gap(ui, size::kGapWide);
      }
      detail(ui, tr(N_("When")), full_moment_text(line.time_ms));
      detail(ui, tr(N_("Who")), printable(line.actor));
      detail(ui, tr(N_("On what")), subject.first);
      detail(ui, "", subject.second);
      detail(ui, tr(N_("Why")), printable(line.reason));
      detail(ui, tr(N_("Verdict")), printable(line.verdict));
      detail(ui, tr(N_("To whom")), printable(line.recipient));
      detail(ui, tr(N_("Workstation")), printable(line.workstation));
      detail(ui, tr(N_("How many")), line.count == 0 ? "" : count_text(line.count));
      detail(ui, tr(N_("Object")), line.object ? grouped_hex(line.object->view()) : "");
      detail(ui, tr(N_("Patient’s id")), line.patient ? grouped_hex(line.patient->view()) : "");
    }
  }
  end_panel(ui);
}

}  // namespace coffre::ui
