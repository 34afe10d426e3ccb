// Placing text and controls inside rows and bars whose rectangles are known.
//
// Threads: UI thread only.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "app/desktop/ui_core/paint.h"
#include "app/desktop/ui_core/ui.h"
#include "app/desktop/ui_core/widgets.h"
#include "core/vault/types.h"

namespace coffre::ui {

// One line at a place, cut with … at `width`.
void text_at(Ui& ui, TextKind kind, ImVec2 at, std::string_view words, float width);
// The part of a rectangle.
Rect cut_left(Rect& from, float width);  // takes it away from `from`
Rect cut_right(Rect& from, float width);
Rect cut_top(Rect& from, float height);
Rect cut_bottom(Rect& from, float height);
void fill_rect(Ui& ui, const Rect& rect, ImVec4 colour);
void line_below(Ui& ui, const Rect& rect);
void line_above(Ui& ui, const Rect& rect);
void line_right(Ui& ui, const Rect& rect);

// Small buttons of which one is chosen, broken over lines as the width wants. True when the choice
// changed; ids are "<id>.<index>".
bool chips(Ui& ui, const char* id, std::span<const std::string> items, std::size_t& chosen,
           float width);

// A line on top of `area`, taken from it: how many records nobody can read, and whose they are.
// Nothing without any.
void draw_left_out(Ui& ui, const char* id, Rect& area,
                   const std::vector<UnreadableRecord>& left_out);
// Those who sealed them, each once: "sec, marie".
[[nodiscard]] std::string sealers_of(const std::vector<UnreadableRecord>& left_out);

// The tag of what is on hold, at the left of `area`, taken from it with a gap.
void held_tag(Ui& ui, Rect& area);

// A region at `area` without padding or scroll bars, for fixed bars; end with end_bar().
void begin_bar(Ui& ui, const char* id, const Rect& area, ImVec4 ground);
void end_bar(Ui& ui);

}  // namespace coffre::ui
