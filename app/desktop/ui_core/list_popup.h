// The list that a choice or a menu opens below itself. Threads: UI thread only.
#pragma once

#include <span>
#include <string>

#include "app/desktop/ui_core/command.h"
#include "app/desktop/ui_core/ui.h"

namespace coffre::ui {

// Call it in each frame, after what it belongs to. `opens`: it opens in this frame. `states` may be
// empty (all ready), else one for each item. True when one was chosen, which is then in `chosen`.
// Up, Down, Home and End move, Enter and a click choose, Esc and a click beside it close it. Its
// items are "<id>.<index>".
bool list_popup(Ui& ui, const char* id, const Rect& below, std::span<const std::string> items,
                std::span<const Availability> states, std::size_t& chosen, bool opens);

}  // namespace coffre::ui
