// Colours and measures of the interface: three themes, one set of sizes on an 8 pixel grid.
//
// Guarantees: every pair of text and ground that the widgets use has a contrast of 4.5 at least, 7
// in kContrast. Threads: values; the functions that set up ImGui on the UI thread only.
#pragma once

#include <imgui/imgui.h>

namespace coffre::ui {

enum class ThemeKind : unsigned char { kLight, kDark, kContrast };

struct TagColours {
  ImVec4 back;
  ImVec4 text;
};

struct Theme {
  ImVec4 ground, panel, side, line, field, text, muted, accent, accent_hover, on_accent, selected,
      hover, danger, focus, scrim, page_ground;
  ImVec4 rail, rail_text, rail_active, rail_strong, badge, on_badge;
  ImVec4 field_line, danger_line, disabled;  // edges; the ground of what is greyed
  TagColours medical, administrative, good, warning, bad, neutral;
};

[[nodiscard]] const Theme& theme_of(ThemeKind kind);

// Of the context that is current: once, after it was made. No file is written; the keyboard is
// ours.
void set_up_imgui();
// Its style, at each change of theme or scale, between two frames.
void apply_theme(const Theme& theme, float scale);

// Sizes in pixels at 100 %.
namespace size {
inline constexpr float kRail = 184, kTopBar = 60, kStatusBar = 30, kRow = 40, kButton = 36,
                       kField = 40, kRadius = 6, kGapSmall = 8, kGap = 12, kGapWide = 16,
                       kGapLarge = 20, kSelectedEdge = 3;
}  // namespace size

}  // namespace coffre::ui
