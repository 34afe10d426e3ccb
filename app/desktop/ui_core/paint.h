// Painting: what the widgets share when they draw. Nothing here reads input. Threads: UI thread
// only.
#pragma once

#include <string>
#include <string_view>

#include "app/desktop/ui_core/ui.h"
#include "app/desktop/ui_core/widgets.h"

namespace coffre::ui::paint {

[[nodiscard]] ImU32 colour(const ImVec4& value);
[[nodiscard]] ImFont* font_of(const Ui& ui, TextKind kind);
[[nodiscard]] ImVec4 colour_of(const Ui& ui, TextKind kind);
[[nodiscard]] const TagColours& colours_of(const Ui& ui, TagKind kind);

[[nodiscard]] ImVec2 extent(const ImFont* font, std::string_view words, float wrap_width = 0);
void words(const ImFont* font, ImVec2 at, const ImVec4& ink, std::string_view text,
           float wrap_width = 0);
// An icon around its middle.
void glyph(const ImFont* icons, ImVec2 middle, const ImVec4& ink, std::string_view icon);
// The words cut to `width` with … at a character's border; `cut` says whether they were.
[[nodiscard]] std::string fit(const ImFont* font, std::string_view text, float width, bool& cut);

void box(const Ui& ui, const Rect& area, const ImVec4& ground, float radius = size::kRadius);
void edge(const Ui& ui, const Rect& area, const ImVec4& line, float thickness = 1,
          float radius = size::kRadius);
void line(const Ui& ui, ImVec2 from, ImVec2 to, const ImVec4& ink);
// Around what has the keyboard.
void ring(const Ui& ui, const Rect& area, float radius = size::kRadius);
[[nodiscard]] Rect shrunk(const Rect& area, float by);
[[nodiscard]] ImVec2 middle_of(const Rect& area);

// A tip beside the widget; nothing for no words.
void tip(const Ui& ui, const Rect& area, std::string_view words);

// Into the log of the frame, if there is one.
void note(Ui& ui, std::string_view id, std::string_view text, const Rect& area, bool enabled = true,
          bool cut = false, bool focused = false);

}  // namespace coffre::ui::paint
