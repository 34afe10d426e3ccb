#include "app/desktop/ui_core/list_popup.h"

#include <algorithm>

#include "app/common/i18n.h"
#include "app/desktop/ui_core/icons.h"
#include "app/desktop/ui_core/touch.h"
#include "app/desktop/ui_core/widgets.h"

namespace coffre::ui {
namespace {

constexpr float kItem = 36;
constexpr float kListPadding = 4;
constexpr float kItemLeft = 12;   // before the words
constexpr float kItemRight = 32;  // behind them: the sign of what is chosen
constexpr std::size_t kShownMax = 9;

// One list is open at a time; which row the keyboard is at.
std::size_t& highlighted() {
  static std::size_t only = 0;
  return only;
}

void open_at(Ui& ui, const Rect& below, std::span<const std::string> items) {
  float width = below.width();
  for (const std::string& item : items) {
    width = std::max(width, paint::extent(ui.fonts.text, item).x + 1 +
                                ui.px(2 * kListPadding + kItemLeft + kItemRight));
  }
  const ImVec2 whole = ImGui::GetIO().DisplaySize;
  const float height = ui.px(kItem) * static_cast<float>(std::min(items.size(), kShownMax)) +
                       ui.px(2 * kListPadding);
  ImVec2 at(std::clamp(below.min.x, 0.0F, std::max(0.0F, whole.x - width)), below.max.y + ui.px(4));
  if (at.y + height > whole.y) {
    at.y = std::max(0.0F, below.min.y - height - ui.px(4));
  }
  ImGui::SetNextWindowPos(at);
  ImGui::SetNextWindowSize({width, height});
}

// Moves the highlight; true when it moved.
bool move(std::size_t count) {
  std::size_t& at = highlighted();
  const std::size_t before = at;
  if (focus::pressed(ImGuiKey_DownArrow, true)) {
    at = std::min(at + 1, count - 1);
  } else if (focus::pressed(ImGuiKey_UpArrow, true)) {
    at -= at > 0 ? 1 : 0;
  } else if (focus::pressed(ImGuiKey_Home)) {
    at = 0;
  } else if (focus::pressed(ImGuiKey_End)) {
    at = count - 1;
  }
  return at != before;
}

struct Row {
  std::string id;
  std::string_view words;
  Availability state;
  bool highlighted = false;
  bool chosen = false;
};

Touch draw_row(Ui& ui, const Row& row) {
  Touch touch =
      touched_by_mouse(ui, row.id.c_str(), {ImGui::GetContentRegionAvail().x, ui.px(kItem)});
  touch.ready = row.state.is_ready();
  if (row.highlighted) {
    paint::box(ui, touch.area, ui.theme.selected);
    if (focus::by_keyboard()) {
      paint::edge(ui, touch.area, ui.theme.focus, 2);
    }
  }
  const float end = touch.area.max.x - ui.px(kItemRight);
  bool cut = false;
  const float left = touch.area.min.x + ui.px(kItemLeft);
  const std::string shown = paint::fit(ui.fonts.text, row.words, end - left, cut);
  const float middle = paint::middle_of(touch.area).y;
  paint::words(ui.fonts.text, {left, middle - ui.fonts.text->FontSize / 2},
               touch.ready ? ui.theme.text : ui.theme.muted, shown);
  if (row.chosen) {
    paint::glyph(ui.fonts.icons, {touch.area.max.x - ui.px(18), middle}, ui.theme.accent,
                 icon::kCheck);
  }
  paint::note(ui, row.id, row.words, touch.area, touch.ready, cut, row.highlighted);
  touch.ring = row.highlighted && focus::by_keyboard();
  show_tip(ui, touch, {}, row.state);
  return touch;
}

}  // namespace

bool list_popup(Ui& ui, const char* id, const Rect& below, std::span<const std::string> items,
                std::span<const Availability> states, std::size_t& chosen, bool opens) {
  const std::string name = std::string("##list.") + id;
  if (opens) {
    ImGui::OpenPopup(name.c_str());
    highlighted() = chosen < items.size() ? chosen : 0;
  }
  if (!ImGui::IsPopupOpen(name.c_str()) || items.empty()) {
    return false;
  }
  open_at(ui, below, items);
  ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding,
                      ImVec2(ui.px(kListPadding), ui.px(kListPadding)));
  ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, ImVec2(0, 0));
  bool picked = false;
  const bool visible = ImGui::BeginPopup(
      name.c_str(), ImGuiWindowFlags_NoMove | ImGuiWindowFlags_NoResize | ImGuiWindowFlags_NoNav);
  if (visible) {
    focus::push_list();
    const bool arrived = focus::stop(name).arrived;  // Tab stays here
    highlighted() = std::min(highlighted(), items.size() - 1);
    const bool moved = !arrived && move(items.size());
    for (std::size_t at = 0; at < items.size(); ++at) {
      const Availability state = at < states.size() ? states[at] : Availability::ready();
      const Touch touch = draw_row(ui, {std::string(id) + "." + std::to_string(at), items[at],
                                        state, at == highlighted(), at == chosen});
      if (touch.hovered && (ImGui::GetIO().MouseDelta.x != 0 || ImGui::GetIO().MouseDelta.y != 0)) {
        highlighted() = at;
      }
      if (at == highlighted() && (moved || arrived)) {
        ImGui::SetScrollHereY(0.5F);
      }
      const bool entered = at == highlighted() && !arrived && focus::enter_pressed();
      if (state.is_ready() && (touch.pressed || entered)) {
        chosen = at;
        picked = true;
      }
    }
    if (picked || focus::pressed(ImGuiKey_Escape)) {
      ImGui::CloseCurrentPopup();
    }
    focus::pop_layer();
    ImGui::EndPopup();
  }
  ImGui::PopStyleVar(2);
  return picked;
}

bool menu_button(Ui& ui, const char* id, const char* icon, std::string_view tip,
                 std::span<const std::string> items, std::size_t& chosen) {
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const bool opens = icon_button(ui, id, icon, tip);
  const float side = ui.px(size::kButton);
  return list_popup(ui, id, {at, {at.x + side, at.y + side}}, items, {}, chosen, opens);
}

bool command_menu(Ui& ui, const char* id, const char* icon, std::string_view tip,
                  std::span<const Command* const> commands) {
  std::vector<const Command*> shown;
  std::vector<std::string> items;
  std::vector<Availability> states;
  for (const Command* command : commands) {
    const Availability state = Commands::availability_of(*command);
    if (state.kind != Availability::Kind::kHidden) {
      shown.push_back(command);
      const std::string shortcut = text_of(command->shortcut);
      items.push_back(shortcut.empty() ? tr(command->label)
                                       : tr(command->label) + ("   " + shortcut));
      states.push_back(state);
    }
  }
  if (shown.empty()) {
    return false;
  }
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const bool opens = icon_button(ui, id, icon, tip);
  const float side = ui.px(size::kButton);
  std::size_t chosen = items.size();
  if (!list_popup(ui, id, {at, {at.x + side, at.y + side}}, items, states, chosen, opens)) {
    return false;
  }
  // A copy: what it does may replace the list that holds it.
  const std::function<void()> run = shown[chosen]->run;
  run();
  return true;
}

}  // namespace coffre::ui
