#include "app/desktop/ui_core/theme.h"

#include <cstdint>

namespace coffre::ui {
namespace {

ImVec4 rgb(std::uint32_t hex, float alpha = 1.0F) {
  return {static_cast<float>(hex >> 16 & 0xFF) / 255.0F,
          static_cast<float>(hex >> 8 & 0xFF) / 255.0F, static_cast<float>(hex & 0xFF) / 255.0F,
          alpha};
}

// Every pair of text and ground is measured by tests/app/desktop/ui_core/theme_test.cpp.
const Theme kLight = {
    .ground = rgb(0xF4F6F8),
    .panel = rgb(0xFFFFFF),
    .side = rgb(0xFAFBFC),
    .line = rgb(0xE3E7EC),
    .field = rgb(0xFFFFFF),
    .text = rgb(0x1B2733),
    .muted = rgb(0x5B6B7A),
    .accent = rgb(0x0F766E),
    .accent_hover = rgb(0x0B5E58),
    .on_accent = rgb(0xFFFFFF),
    .selected = rgb(0xE9F5F3),
    .hover = rgb(0xF1F4F7),
    .danger = rgb(0xB42318),
    .focus = rgb(0x0F766E),
    .scrim = rgb(0x0B1F1F, 0.45F),
    .page_ground = rgb(0xE9EDF1),
    .rail = rgb(0x12302F),
    .rail_text = rgb(0xCFE0DD),
    .rail_active = rgb(0x1E4745),
    .rail_strong = rgb(0xFFFFFF),
    .badge = rgb(0x2BA597),
    .on_badge = rgb(0x062422),
    .field_line = rgb(0xC3CCD5),
    .danger_line = rgb(0xF3C6C2),
    .disabled = rgb(0xF1F4F7),
    .medical = {rgb(0xE0F2EF), rgb(0x0F5F58)},
    .administrative = {rgb(0xE8EDFB), rgb(0x2F4AA0)},
    .good = {rgb(0xE4F4E8), rgb(0x166534)},
    .warning = {rgb(0xFEF3DC), rgb(0x8A4B08)},
    .bad = {rgb(0xFDECEA), rgb(0xB42318)},
    .neutral = {rgb(0xEDF0F3), rgb(0x44525F)},
};

const Theme kDark = {
    .ground = rgb(0x10171C),
    .panel = rgb(0x182127),
    .side = rgb(0x141C22),
    .line = rgb(0x2A363E),
    .field = rgb(0x1E2930),
    .text = rgb(0xE6ECEF),
    .muted = rgb(0xA4B2BC),
    .accent = rgb(0x4FC3B5),
    .accent_hover = rgb(0x6DD5C8),
    .on_accent = rgb(0x06211E),
    .selected = rgb(0x193836),
    .hover = rgb(0x222E36),
    .danger = rgb(0xFF9B91),
    .focus = rgb(0x4FC3B5),
    .scrim = rgb(0x000000, 0.6F),
    .page_ground = rgb(0x0C1216),
    .rail = rgb(0x0B1F1F),
    .rail_text = rgb(0xCFE0DD),
    .rail_active = rgb(0x1E4745),
    .rail_strong = rgb(0xFFFFFF),
    .badge = rgb(0x2BA597),
    .on_badge = rgb(0x062422),
    .field_line = rgb(0x4A5A66),
    .danger_line = rgb(0x7A3A35),
    .disabled = rgb(0x222E36),
    .medical = {rgb(0x123F3A), rgb(0x9BE3D8)},
    .administrative = {rgb(0x253462), rgb(0xC3D0FF)},
    .good = {rgb(0x173D23), rgb(0xA6E4B5)},
    .warning = {rgb(0x493311), rgb(0xFFD28C)},
    .bad = {rgb(0x4C1F1B), rgb(0xFFB8AF)},
    .neutral = {rgb(0x2A363E), rgb(0xD3DCE2)},
};

const Theme kContrast = {
    .ground = rgb(0x000000),
    .panel = rgb(0x000000),
    .side = rgb(0x000000),
    .line = rgb(0xB8B8B8),
    .field = rgb(0x000000),
    .text = rgb(0xFFFFFF),
    .muted = rgb(0xE0E0E0),
    .accent = rgb(0xFFD83D),
    .accent_hover = rgb(0xFFE680),
    .on_accent = rgb(0x000000),
    .selected = rgb(0x00305C),
    .hover = rgb(0x262626),
    .danger = rgb(0xFFB3AB),
    .focus = rgb(0xFFD83D),
    .scrim = rgb(0x000000, 0.8F),
    .page_ground = rgb(0x1A1A1A),
    .rail = rgb(0x000000),
    .rail_text = rgb(0xFFFFFF),
    .rail_active = rgb(0x00305C),
    .rail_strong = rgb(0xFFFFFF),
    .badge = rgb(0xFFD83D),
    .on_badge = rgb(0x000000),
    .field_line = rgb(0xFFFFFF),
    .danger_line = rgb(0xFFB3AB),
    .disabled = rgb(0x1A1A1A),
    .medical = {rgb(0x00302B), rgb(0xA8F5EA)},
    .administrative = {rgb(0x16234D), rgb(0xD6DFFF)},
    .good = {rgb(0x0B2E16), rgb(0xBDF2CA)},
    .warning = {rgb(0x3A2700), rgb(0xFFE0A3)},
    .bad = {rgb(0x420F0B), rgb(0xFFD0CA)},
    .neutral = {rgb(0x262626), rgb(0xFFFFFF)},
};

void set_colours(ImGuiStyle& style, const Theme& theme) {
  ImVec4* const colours = style.Colors;
  const ImVec4 none(0, 0, 0, 0);
  colours[ImGuiCol_Text] = theme.text;
  colours[ImGuiCol_TextDisabled] = theme.muted;
  colours[ImGuiCol_WindowBg] = theme.panel;
  colours[ImGuiCol_ChildBg] = none;
  colours[ImGuiCol_PopupBg] = theme.panel;
  colours[ImGuiCol_Border] = theme.line;
  colours[ImGuiCol_FrameBg] = none;  // fields draw their own
  colours[ImGuiCol_FrameBgHovered] = none;
  colours[ImGuiCol_FrameBgActive] = none;
  colours[ImGuiCol_ScrollbarBg] = none;
  colours[ImGuiCol_ScrollbarGrab] = theme.field_line;
  colours[ImGuiCol_ScrollbarGrabHovered] = theme.muted;
  colours[ImGuiCol_ScrollbarGrabActive] = theme.muted;
  colours[ImGuiCol_TextSelectedBg] = theme.accent;
  colours[ImGuiCol_TextSelectedBg].w = 0.3F;
  colours[ImGuiCol_NavHighlight] = none;  // the ring is ours
}

}  // namespace

const Theme& theme_of(ThemeKind kind) {
  switch (kind) {
    case ThemeKind::kLight:
      return kLight;
    case ThemeKind::kDark:
      return kDark;
    case ThemeKind::kContrast:
      return kContrast;
  }
  return kLight;
}

void set_up_imgui() {
  ImGuiIO& io = ImGui::GetIO();
  io.IniFilename = nullptr;  // nothing of what was open is remembered
  io.LogFilename = nullptr;
  // Tab, Enter and arrows are ours (focus.h).
  io.ConfigFlags &= ~(ImGuiConfigFlags_NavEnableKeyboard | ImGuiConfigFlags_NavEnableGamepad);
  io.ConfigInputTextCursorBlink = true;
  io.ConfigWindowsMoveFromTitleBarOnly = true;
}

void apply_theme(const Theme& theme, float scale) {
  ImGuiStyle style;
  set_colours(style, theme);
  style.WindowPadding = ImVec2(0, 0);
  style.FramePadding = ImVec2(12 * scale, 8 * scale);
  style.ItemSpacing = ImVec2(8 * scale, 4 * scale);
  style.ItemInnerSpacing = ImVec2(8 * scale, 4 * scale);
  style.WindowBorderSize = 0;
  style.ChildBorderSize = 0;
  style.PopupBorderSize = 1;
  style.FrameBorderSize = 0;
  style.WindowRounding = 0;
  style.ChildRounding = 0;
  style.PopupRounding = size::kRadius * scale;
  style.FrameRounding = size::kRadius * scale;
  style.ScrollbarRounding = size::kRadius * scale;
  style.ScrollbarSize = 12 * scale;
  style.GrabMinSize = 24 * scale;
  style.DisabledAlpha = 1;  // a greyed text stays readable
  style.MouseCursorScale = scale;
  ImGui::GetStyle() = style;
}

}  // namespace coffre::ui
