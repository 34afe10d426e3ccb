#include "app/desktop/screens/screen_layout.h"

#include <algorithm>

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

void flow(Ui& ui, float width) {
  same_line(ui);
  if (room(ui) < width) {
    ImGui::NewLine();
  }
}

void right_aligned(const Ui& ui, float width) {
  const float rest = room(ui) - width;
  ImGui::SetCursorPosX(ImGui::GetCursorPosX() + std::max(0.0F, rest));
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
