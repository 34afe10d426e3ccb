// Keys as the person sees them on their keyboard.
//
// GLFW names a key by its place on an American keyboard: what is A on a French one arrives as Q.
// Shortcuts are meant by the letter, so letters are translated by the name that the layout gives
// the key. The keypad is left out: its names are digits and signs that belong to other keys.
// Threads: UI thread only.
#pragma once

#include "app/desktop/ui_core/command.h"
#include "app/desktop/ui_shell/input_queue.h"

namespace coffre::ui {

// glfwGetKeyName(): what the present layout prints on the key, UTF-8; nullptr: nothing printable.
using KeyName = const char* (*)(int key, int scancode);

// The GLFW key that bears this letter on an American keyboard; keys without a Latin letter are
// themselves.
[[nodiscard]] int key_of_layout(int key, int scancode, KeyName name);

// '+' and '-' are where the layout has them, not only where an American keyboard does: the sign
// that the key gives without modifiers, 0 for any other.
[[nodiscard]] char sign_of_layout(int key, int scancode, KeyName name);

// The shortcut of a press; Key::kNone for keys that no shortcut uses. `sign` is sign_of_layout().
[[nodiscard]] Shortcut shortcut_of(int key, char sign, std::uint8_t modifiers);

// Whether a command may run again and again while this key is held: moving and zooming.
[[nodiscard]] bool may_repeat(const Shortcut& shortcut);

}  // namespace coffre::ui
