// Focus: which widget has the keyboard, in place of ImGui's own navigation, whose Tab of 1.86 stops
// at fields only and returns to the first one from everywhere else.
//
// Guarantees: Tab and Shift+Tab go through the widgets in the order in which they are drawn, around
// the end, and stay inside the topmost layer (a sheet, an opened list); a layer that closes gives
// the keyboard back to who had it. Only for widgets; screens use request_focus() of widgets.h.
// Threads: UI thread only.
#pragma once

#include <imgui/imgui.h>
#include <string_view>

namespace coffre::ui::focus {

struct Stop {
  bool focused = false;
  bool arrived = false;  // since this frame: a key pressed now was for the widget before
  bool ring = false;     // show it: the keyboard was used last
};
// Once for each widget and frame, in order. `id` names it for want() and is().
Stop stop(std::string_view id, bool may_be_first = true);
// Of the mouse: this widget has the keyboard from now on.
void take(std::string_view id);
// As soon as it is drawn in the topmost layer.
void want(std::string_view id);
[[nodiscard]] bool is(std::string_view id);
// The keyboard was used after the mouse.
[[nodiscard]] bool by_keyboard();

// Whether the key went down in this frame, in the topmost layer.
[[nodiscard]] bool pressed(ImGuiKey key, bool repeat = false);
// Enter, of both kinds.
[[nodiscard]] bool enter_pressed();

// What is drawn between these is in a layer of its own. Sheets are stacked by their opening, an
// opened list is above all of them.
void push_sheet(std::string_view id);
void push_list();
void pop_layer();
[[nodiscard]] bool is_on_top();  // of what is drawn now

// Nothing is known any more (a lock, another context).
void reset();

}  // namespace coffre::ui::focus
