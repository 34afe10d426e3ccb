#include "app/desktop/screens/dossiers_drawing.h"

#include <algorithm>
#include <set>

#include "app/common/i18n.h"
#include "app/desktop/screens/shown_names.h"
#include "app/desktop/ui_core/focus.h"
#include "app/desktop/ui_core/format.h"
#include "app/desktop/ui_core/icons.h"
#include "app/desktop/ui_core/touch.h"
#include "core/base/text.h"

namespace coffre::ui {
namespace {

constexpr float kChipHeight = 28;
constexpr float kChipPadding = 10;
constexpr float kLeftOut = 32;

float chip_width(const Ui& ui, std::string_view label) {
  return paint::extent(ui.fonts.label, label).x + 2 * ui.px(kChipPadding);
}

// True when pressed.
bool chip(Ui& ui, const std::string& id, const std::string& label, bool chosen,
          const focus::Stop& stop) {
  const Touch touch = touched_by_mouse(ui, id.c_str(), {chip_width(ui, label), ui.px(kChipHeight)});
  const TagColours& look = chosen ? ui.theme.medical : ui.theme.neutral;
  paint::box(ui, touch.area, touch.hovered && !chosen ? ui.theme.hover : look.back, 4);
  if (chosen) {
    paint::edge(ui, touch.area, look.text, 1, 4);
  }
  const ImVec2 words = paint::extent(ui.fonts.label, label);
  const ImVec2 middle = paint::middle_of(touch.area);
  paint::words(ui.fonts.label, {middle.x - words.x / 2, middle.y - words.y / 2}, look.text, label);
  if (chosen && stop.ring) {
    paint::ring(ui, touch.area, 4);
  }
  paint::note(ui, id, label, touch.area, true, false, chosen && stop.focused);
  return touch.pressed;
}

}  // namespace

void text_at(Ui& ui, TextKind kind, ImVec2 at, std::string_view words, float width) {
  const float height = paint::font_of(ui, kind)->FontSize;
  text_in(ui, kind, words, {at, {at.x + width, at.y + height}});
}

Rect cut_left(Rect& from, float width) {
  Rect part{from.min, {std::min(from.min.x + width, from.max.x), from.max.y}};
  from.min.x = part.max.x;
  return part;
}

Rect cut_right(Rect& from, float width) {
  Rect part{{std::max(from.max.x - width, from.min.x), from.min.y}, from.max};
  from.max.x = part.min.x;
  return part;
}

Rect cut_top(Rect& from, float height) {
  Rect part{from.min, {from.max.x, std::min(from.min.y + height, from.max.y)}};
  from.min.y = part.max.y;
  return part;
}

Rect cut_bottom(Rect& from, float height) {
  Rect part{{from.min.x, std::max(from.max.y - height, from.min.y)}, from.max};
  from.max.y = part.min.y;
  return part;
}

void fill_rect(Ui& ui, const Rect& rect, ImVec4 colour) { paint::box(ui, rect, colour, 0); }

void line_below(Ui& ui, const Rect& rect) {
  const float y = rect.max.y - 1;
  paint::line(ui, {rect.min.x, y}, {rect.max.x, y}, ui.theme.line);
}

void line_above(Ui& ui, const Rect& rect) {
  paint::line(ui, rect.min, {rect.max.x, rect.min.y}, ui.theme.line);
}

void line_right(Ui& ui, const Rect& rect) {
  const float x = rect.max.x - 1;
  paint::line(ui, {x, rect.min.y}, {x, rect.max.y}, ui.theme.line);
}

bool chips(Ui& ui, const char* id, std::span<const std::string> items, std::size_t& chosen,
           float width) {
  const std::size_t before = chosen;
  const focus::Stop stop = focus::stop(id);
  if (stop.focused && !stop.arrived) {
    if (focus::pressed(ImGuiKey_RightArrow, true) && chosen + 1 < items.size()) {
      ++chosen;
    } else if (focus::pressed(ImGuiKey_LeftArrow, true) && chosen > 0) {
      --chosen;
    }
  }
  const float right = ImGui::GetCursorScreenPos().x + width;
  ImGui::BeginGroup();  // a new line begins where the first did
  for (std::size_t at = 0; at < items.size(); ++at) {
    if (at > 0) {
      same_line(ui);
      if (ImGui::GetCursorScreenPos().x + chip_width(ui, items[at]) > right) {
        ImGui::NewLine();
      }
    }
    if (chip(ui, std::string(id) + "." + std::to_string(at), items[at], at == chosen, stop)) {
      chosen = at;
      focus::take(id);
    }
  }
  ImGui::EndGroup();
  return chosen != before;
}

std::string sealers_of(const std::vector<UnreadableRecord>& left_out) {
  std::set<std::string> names;
  for (const UnreadableRecord& record : left_out) {
    names.insert(printable(record.from));
  }
  return joined(std::vector<std::string>(names.begin(), names.end()));
}

void draw_left_out(Ui& ui, const char* id, Rect& area,
                   const std::vector<UnreadableRecord>& left_out) {
  if (left_out.empty()) {
    return;
  }
  const Rect strip = cut_top(area, ui.px(kLeftOut));
  Rect rest = strip;
  cut_left(rest, ui.px(size::kGapWide));
  cut_right(rest, ui.px(size::kGap));
  icon_in(ui, icon::kWarning, cut_left(rest, ui.px(24)), ui.theme.warning.text);
  const std::string words =
      fill(tr(N_("Unreadable: {}, from {}")), {count_text(left_out.size()), sealers_of(left_out)});
  text_in(ui, TextKind::kSmall, words, rest);
  paint::note(ui, id, words, strip);
}

void held_tag(Ui& ui, Rect& area) {
  const char* words = tr(N_("On hold"));
  const float width = text_extent(ui, TextKind::kSmallStrong, words).x;
  tag_in(ui, "", TagKind::kWarning, words, cut_left(area, width + ui.px(22)));
}

void begin_bar(Ui& ui, const char* id, const Rect& area, ImVec4 ground) {
  begin_panel(ui, id, area, ground, 0, false);
}

void end_bar(Ui& ui) { end_panel(ui); }

}  // namespace coffre::ui
