// What acts: buttons, links, boxes to tick, rows of choices, progress.
#include <algorithm>

#include "app/common/i18n.h"
#include "app/desktop/ui_core/icons.h"
#include "app/desktop/ui_core/touch.h"
#include "app/desktop/ui_core/widgets.h"

namespace coffre::ui {
namespace {

constexpr float kIcon = 20;
constexpr float kButtonPadding = 15;

struct ButtonLook {
  ImVec4 ground, ink, edge;
};

ButtonLook look_of(const Ui& ui, ButtonKind kind, const Touch& touch) {
  const Theme& theme = ui.theme;
  const bool lit = touch.hovered || touch.held;
  if (!touch.ready) {
    const bool bare = kind == ButtonKind::kQuiet;
    return {bare ? ImVec4(0, 0, 0, 0) : theme.disabled, theme.muted, ImVec4(0, 0, 0, 0)};
  }
  switch (kind) {
    case ButtonKind::kPrimary:
      return {lit ? theme.accent_hover : theme.accent, theme.on_accent, ImVec4(0, 0, 0, 0)};
    case ButtonKind::kDanger:
      return {lit ? theme.bad.back : theme.panel, lit ? theme.bad.text : theme.danger,
              theme.danger_line};
    case ButtonKind::kQuiet:
      return {lit ? theme.hover : ImVec4(0, 0, 0, 0), theme.text, ImVec4(0, 0, 0, 0)};
    case ButtonKind::kPlain:
      break;
  }
  return {lit ? theme.hover : theme.panel, theme.text, theme.field_line};
}

// The icon and the words, in the middle; true when the words did not fit.
bool draw_label(const Ui& ui, const Rect& area, std::string_view label, const char* icon,
                const ImVec4& ink) {
  const float icon_room = *icon == '\0' ? 0 : ui.px(kIcon + (label.empty() ? 0.0F : 8.0F));
  bool cut = false;
  const float padding = std::min(ui.px(kButtonPadding), area.width() / 8);
  const std::string shown =
      paint::fit(ui.fonts.button, label, area.width() - 2 * padding - icon_room, cut);
  const ImVec2 size = paint::extent(ui.fonts.button, shown);
  const float words_width = label.empty() ? 0 : size.x;
  const ImVec2 middle = paint::middle_of(area);
  float left = middle.x - (icon_room + words_width) / 2;
  if (*icon != '\0') {
    paint::glyph(ui.fonts.icons, {left + ui.px(kIcon) / 2, middle.y}, ink, icon);
    left += icon_room;
  }
  paint::words(ui.fonts.button, {left, middle.y - size.y / 2}, ink, shown);
  return cut;
}

struct ButtonText {
  std::string_view label;
  const char* icon = "";
  std::string_view tip;
};

bool draw_button(Ui& ui, const char* id, const ButtonText& text, ButtonKind kind,
                 const Availability& availability, ImVec2 size) {
  const Touch touch = touched(ui, id, size, availability);
  const ButtonLook look = look_of(ui, kind, touch);
  if (look.ground.w > 0) {
    paint::box(ui, touch.area, look.ground);
  }
  if (look.edge.w > 0) {
    paint::edge(ui, touch.area, look.edge);
  }
  const bool cut = draw_label(ui, touch.area, text.label, text.icon, look.ink);
  if (touch.ring) {
    paint::ring(ui, touch.area);
  }
  const std::string_view named = text.label.empty() ? text.tip : text.label;
  paint::note(ui, id, named, touch.area, touch.ready, cut, touch.focused);
  std::string tip(text.tip);
  if (cut && tip.empty()) {
    tip = text.label;
  }
  show_tip(ui, touch, tip, availability);
  return touch.pressed;
}

std::string tip_of(const Command& command, bool with_label) {
  std::string shortcut = text_of(command.shortcut);
  if (!with_label) {
    return shortcut;
  }
  return shortcut.empty() ? tr(command.label) : tr(command.label) + (" (" + shortcut + ")");
}

}  // namespace

float button_width(const Ui& ui, std::string_view label, const char* icon) {
  const float icon_room = *icon == '\0' ? 0 : ui.px(kIcon + (label.empty() ? 0.0F : 8.0F));
  return std::max(ui.px(size::kButton),
                  paint::extent(ui.fonts.button, label).x + icon_room + 2 * ui.px(kButtonPadding));
}

bool button(Ui& ui, const char* id, std::string_view label, ButtonKind kind, const char* icon,
            const Availability& availability, float width) {
  if (availability.kind == Availability::Kind::kHidden) {
    return false;
  }
  const ImVec2 size(width > 0 ? width : button_width(ui, label, icon), ui.px(size::kButton));
  return draw_button(ui, id, {label, icon, {}}, kind, availability, size);
}

bool icon_button(Ui& ui, const char* id, const char* icon, std::string_view tip,
                 const Availability& availability) {
  if (availability.kind == Availability::Kind::kHidden) {
    return false;
  }
  const float side = ui.px(size::kButton);
  return draw_button(ui, id, {{}, icon, tip}, ButtonKind::kQuiet, availability, {side, side});
}

bool command_button(Ui& ui, const Command& command, ButtonKind kind, bool icon_only) {
  const Availability availability = Commands::availability_of(command);
  if (availability.kind == Availability::Kind::kHidden) {
    return false;
  }
  const std::string tip = tip_of(command, icon_only);
  const std::string_view label = icon_only ? std::string_view{} : tr(command.label);
  const ImVec2 size(icon_only ? ui.px(size::kButton) : button_width(ui, label, command.icon),
                    ui.px(size::kButton));
  if (!draw_button(ui, command.id, {label, command.icon, tip}, kind, availability, size)) {
    return false;
  }
  // A copy: what it does may replace the list that holds it.
  const std::function<void()> run = command.run;
  run();
  return true;
}

bool link(Ui& ui, const char* id, std::string_view label) {
  const ImFont* font = ui.fonts.small;
  const ImVec2 size = paint::extent(font, label);
  const Touch touch = touched(ui, id, {size.x, ui.px(24)}, {});
  const float top = touch.area.min.y + (touch.area.height() - size.y) / 2;
  const ImVec4& ink = touch.hovered ? ui.theme.accent_hover : ui.theme.accent;
  paint::words(font, {touch.area.min.x, top}, ink, label);
  if (touch.hovered) {
    ImGui::SetMouseCursor(ImGuiMouseCursor_Hand);
    paint::line(ui, {touch.area.min.x, top + size.y}, {touch.area.max.x, top + size.y}, ink);
  }
  if (touch.ring) {
    paint::ring(ui, touch.area, 3);
  }
  paint::note(ui, id, label, touch.area, true, false, touch.focused);
  return touch.pressed;
}

bool checkbox(Ui& ui, const char* id, std::string_view label, bool& on,
              const Availability& availability) {
  const float side = ui.px(20);
  const float gap_width = ui.px(10);
  const float wrap = std::max(ui.px(40), room(ui) - side - gap_width);
  const ImVec2 words = paint::extent(ui.fonts.text, label, wrap);
  const Touch touch =
      touched(ui, id, {side + gap_width + words.x, std::max(side, words.y)}, availability);
  on = touch.pressed ? !on : on;
  const Rect box{touch.area.min, {touch.area.min.x + side, touch.area.min.y + side}};
  const bool lit = on && touch.ready;
  paint::box(ui, box, lit ? ui.theme.accent : touch.ready ? ui.theme.field : ui.theme.disabled, 4);
  if (!lit) {
    paint::edge(ui, box, touch.hovered ? ui.theme.accent : ui.theme.muted, 1, 4);
  }
  if (on) {
    paint::glyph(ui.fonts.icons_small, paint::middle_of(box),
                 lit ? ui.theme.on_accent : ui.theme.muted, icon::kCheck);
  }
  paint::words(ui.fonts.text, {box.max.x + gap_width, touch.area.min.y},
               touch.ready ? ui.theme.text : ui.theme.muted, label, wrap);
  if (touch.ring) {
    paint::ring(ui, box, 4);
  }
  paint::note(ui, id, label, touch.area, touch.ready, words.x > wrap + 1, touch.focused);
  show_tip(ui, touch, {}, availability);
  return touch.pressed;
}

bool segments(Ui& ui, const char* id, std::span<const std::string> items, std::size_t& chosen) {
  if (items.empty()) {
    return false;
  }
  const std::size_t before = chosen;
  const focus::Stop stop = focus::stop(id);
  if (stop.focused && !stop.arrived) {
    if (focus::pressed(ImGuiKey_RightArrow, true) && chosen + 1 < items.size()) {
      ++chosen;
    } else if (focus::pressed(ImGuiKey_LeftArrow, true) && chosen > 0) {
      --chosen;
    }
  }
  const float left = ImGui::GetCursorScreenPos().x;
  const float right = left + room(ui);
  ImGui::BeginGroup();
  for (std::size_t at = 0; at < items.size(); ++at) {
    const float width = button_width(ui, items[at]);
    if (at > 0) {
      same_line(ui);
      if (ImGui::GetCursorScreenPos().x + width > right) {
        ImGui::NewLine();
      }
    }
    const std::string part = std::string(id) + "." + std::to_string(at);
    Touch touch = touched_by_mouse(ui, part.c_str(), {width, ui.px(size::kButton)});
    if (touch.pressed) {
      chosen = at;
      focus::take(id);
    }
    const bool on = at == chosen;
    const ButtonLook look = look_of(ui, on ? ButtonKind::kPrimary : ButtonKind::kPlain, touch);
    paint::box(ui, touch.area, look.ground);
    if (look.edge.w > 0) {
      paint::edge(ui, touch.area, look.edge);
    }
    const bool cut = draw_label(ui, touch.area, items[at], "", look.ink);
    if (on && stop.ring) {
      paint::ring(ui, touch.area);
    }
    paint::note(ui, part, items[at], touch.area, true, cut, on && stop.focused);
  }
  ImGui::EndGroup();
  return chosen != before;
}

void progress(Ui& ui, const char* id, float fraction, float width) {
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const ImVec2 size(width, ui.px(6));
  const Rect whole{at, {at.x + size.x, at.y + size.y}};
  paint::box(ui, whole, ui.theme.line, 3);
  if (fraction > 0) {
    const float done = std::max(size.y, size.x * std::min(fraction, 1.0F));
    paint::box(ui, {at, {at.x + done, whole.max.y}}, ui.theme.accent, 3);
  }
  paint::note(ui, id, {}, whole);
  ImGui::Dummy(size);
}

}  // namespace coffre::ui
