#include "app/desktop/ui_core/touch.h"

#include <string>

#include "app/common/i18n.h"

namespace coffre::ui {
namespace {

// Who got the keyboard is brought into view.
void show_arrived(const Rect& area) {
  const ImVec2 from = ImGui::GetWindowPos();
  const ImVec2 size = ImGui::GetWindowSize();
  if (area.min.y < from.y || area.max.y > from.y + size.y) {
    ImGui::SetScrollHereY(0.5F);
  }
}

}  // namespace

Touch touched_by_mouse(Ui& /*ui*/, const char* id, ImVec2 size) {
  Touch touch;
  touch.pressed = ImGui::InvisibleButton(id, size);
  touch.area = {ImGui::GetItemRectMin(), ImGui::GetItemRectMax()};
  touch.hovered = ImGui::IsItemHovered();
  touch.held = ImGui::IsItemActive();
  return touch;
}

Touch touched(Ui& ui, const char* id, ImVec2 size, const Availability& availability,
              bool may_be_first) {
  const focus::Stop stop = focus::stop(id, may_be_first);
  Touch touch = touched_by_mouse(ui, id, size);
  if (ImGui::IsItemActivated()) {
    focus::take(id);
  }
  if (stop.arrived) {
    show_arrived(touch.area);
  }
  touch.focused = stop.focused;
  touch.ring = stop.ring;
  touch.ready = availability.is_ready();
  if (stop.focused && !stop.arrived && (focus::enter_pressed() || focus::pressed(ImGuiKey_Space))) {
    touch.pressed = true;
  }
  touch.pressed = touch.pressed && touch.ready;
  touch.held = touch.held && touch.ready;
  return touch;
}

void show_tip(const Ui& ui, const Touch& touch, std::string_view words,
              const Availability& availability) {
  if (!touch.hovered && !touch.ring) {
    return;
  }
  std::string all(words);
  if (!touch.ready && *availability.reason != '\0') {
    all += (all.empty() ? "" : "\n") + reason_of(availability);
  }
  paint::tip(ui, touch.area, all);
}

}  // namespace coffre::ui
