#include "app/desktop/screens/screen_layout.h"

#include <algorithm>
#include <cmath>

#include "app/common/i18n.h"
#include "app/desktop/ui_core/paint.h"

namespace coffre::ui {
namespace {

constexpr float kPageMin = 520;  // at 100 %: a page narrower than this is not readable

}  // namespace

SplitArea split_area(const Ui& ui, const Rect& area, float side_at_100_percent) {
  const float side = ui.px(side_at_100_percent);
  if (area.width() - side < ui.px(kPageMin)) {
    return {area, area, true};
  }
  const float border = area.max.x - side;
  return {{area.min, {border, area.max.y}}, {{border, area.min.y}, area.max}, false};
}

float text_width(const Ui& ui, std::string_view words) {
  return text_extent(ui, TextKind::kText, words).x;
}

void flow(Ui& ui, float width, float gap_at_100_percent) {
  same_line(ui, gap_at_100_percent);
  if (room(ui) < width) {
    ImGui::NewLine();
  }
}

void right_aligned(const Ui& ui, float width) {
  const float rest = room(ui) - width;
  ImGui::SetCursorPosX(ImGui::GetCursorPosX() + std::max(0.0F, rest));
}

bool sheet_buttons(Ui& ui, const std::string& id, const SheetAction& action,
                   const Availability& availability, bool& open) {
  const char* cancel = tr(N_("Cancel"));
  const float width = button_width(ui, action.label, action.icon);
  right_aligned(ui, button_width(ui, cancel) + width + ui.px(size::kGapSmall));
  if (button(ui, (id + ".cancel").c_str(), cancel)) {
    open = false;
  }
  flow(ui, width);
  return button(ui, (id + ".go").c_str(), action.label, action.kind, action.icon, availability);
}

void page_title(Ui& ui, std::string_view words) {
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const float width = std::min(text_extent(ui, TextKind::kTitle, words).x, room(ui));
  const Rect area{at, {at.x + std::ceil(width) + 1, at.y + ui.px(size::kButton)}};
  text_in(ui, TextKind::kTitle, words, area);
  ImGui::Dummy({area.width(), area.height()});
}

void side_border(Ui& ui, const SplitArea& split) {
  if (!split.narrow) {
    paint::line(ui, split.side.min, {split.side.min.x, split.side.max.y}, ui.theme.line);
  }
}

void detail(Ui& ui, std::string_view label, std::string_view value) {
  if (value.empty()) {
    return;
  }
  if (!label.empty()) {
    wrapped(ui, TextKind::kSmallMuted, label);
  }
  wrapped(ui, TextKind::kText, value);
  gap(ui, size::kGapSmall);
}

void section(Ui& ui, std::string_view title) {
  gap(ui, size::kGapLarge);
  wrapped(ui, TextKind::kStrong, title);
  gap(ui, size::kGapSmall);
}

}  // namespace coffre::ui
