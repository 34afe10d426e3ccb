// Touch: what the mouse and the keyboard do to one widget that can be pressed. Threads: UI thread
// only.
#pragma once

#include <string_view>

#include "app/desktop/ui_core/focus.h"
#include "app/desktop/ui_core/paint.h"

namespace coffre::ui {

struct Touch {
  Rect area{};
  bool ready = true;  // else it is greyed and never pressed
  bool hovered = false;
  bool held = false;
  bool pressed = false;  // by mouse, Enter or Space
  bool focused = false;
  bool ring = false;
};
// Lays out `size` at the cursor, as a stop of the Tab key.
Touch touched(Ui& ui, const char* id, ImVec2 size, const Availability& availability,
              bool may_be_first = true);
// Without the keyboard: a part of a widget that has a stop of its own.
Touch touched_by_mouse(Ui& ui, const char* id, ImVec2 size);

// What the widget does, or why it cannot now, while it is looked at.
void show_tip(const Ui& ui, const Touch& touch, std::string_view words,
              const Availability& availability);

}  // namespace coffre::ui
