#include "app/desktop/ui_shell/keyboard.h"

#include <GLFW/glfw3.h>
#include <array>
#include <string_view>

namespace coffre::ui {
namespace {

struct NamedKey {
  int glfw;
  Key key;
};
constexpr std::array kNamedKeys = {
    NamedKey{GLFW_KEY_ENTER, Key::kEnter},    NamedKey{GLFW_KEY_KP_ENTER, Key::kEnter},
    NamedKey{GLFW_KEY_ESCAPE, Key::kEscape},  NamedKey{GLFW_KEY_DELETE, Key::kDelete},
    NamedKey{GLFW_KEY_LEFT, Key::kLeft},      NamedKey{GLFW_KEY_RIGHT, Key::kRight},
    NamedKey{GLFW_KEY_UP, Key::kUp},          NamedKey{GLFW_KEY_DOWN, Key::kDown},
    NamedKey{GLFW_KEY_HOME, Key::kHome},      NamedKey{GLFW_KEY_END, Key::kEnd},
    NamedKey{GLFW_KEY_PAGE_UP, Key::kPageUp}, NamedKey{GLFW_KEY_PAGE_DOWN, Key::kPageDown},
    NamedKey{GLFW_KEY_KP_ADD, letter('+')},   NamedKey{GLFW_KEY_KP_SUBTRACT, letter('-')},
    NamedKey{GLFW_KEY_F1, Key::kF1},          NamedKey{GLFW_KEY_F2, Key::kF2},
    NamedKey{GLFW_KEY_F3, Key::kF3},          NamedKey{GLFW_KEY_F4, Key::kF4},
    NamedKey{GLFW_KEY_F5, Key::kF5},          NamedKey{GLFW_KEY_F6, Key::kF6},
    NamedKey{GLFW_KEY_F7, Key::kF7},          NamedKey{GLFW_KEY_F8, Key::kF8},
    NamedKey{GLFW_KEY_F9, Key::kF9},          NamedKey{GLFW_KEY_F10, Key::kF10},
    NamedKey{GLFW_KEY_F11, Key::kF11},        NamedKey{GLFW_KEY_F12, Key::kF12},
};

bool is_keypad(int key) { return key >= GLFW_KEY_KP_0 && key <= GLFW_KEY_KP_EQUAL; }

bool is_digit(int key) { return key >= GLFW_KEY_0 && key <= GLFW_KEY_9; }

// The one ASCII character that the layout prints on the key; 0 for none or more.
char name_of(int key, int scancode, KeyName name) {
  if (is_keypad(key)) {
    return 0;
  }
  const char* printed = name(key, scancode);
  const std::string_view text = printed == nullptr ? std::string_view{} : printed;
  return text.size() == 1 ? text[0] : '\0';
}

Key key_of(int key, char sign, bool ctrl) {
  for (const NamedKey& named : kNamedKeys) {
    if (named.glfw == key) {
      return named.key;
    }
  }
  if (key >= GLFW_KEY_A && key <= GLFW_KEY_Z) {
    return letter(static_cast<char>('A' + (key - GLFW_KEY_A)));
  }
  // The row above the letters counts as digits for Ctrl+1 on every layout: a French one wants
  // Shift for them, and nobody would press that too. Without Ctrl, its '-' is a '-'.
  if (is_digit(key) && (ctrl || sign == 0)) {
    return letter(static_cast<char>('0' + (key - GLFW_KEY_0)));
  }
  if (sign == '-' || key == GLFW_KEY_MINUS) {
    return letter('-');
  }
  // Both layouts have '+' above '=' on one key: zooming in wants no Shift.
  if (sign == '+' || key == GLFW_KEY_EQUAL) {
    return letter('+');
  }
  return Key::kNone;
}

}  // namespace

int key_of_layout(int key, int scancode, KeyName name) {
  const char printed = name_of(key, scancode, name);
  if (printed >= 'a' && printed <= 'z') {
    return GLFW_KEY_A + (printed - 'a');
  }
  if (printed >= 'A' && printed <= 'Z') {
    return GLFW_KEY_A + (printed - 'A');
  }
  // A letter's place with another sign on it (a French M's is a comma's): not that letter.
  if (key >= GLFW_KEY_A && key <= GLFW_KEY_Z && printed != 0) {
    return GLFW_KEY_UNKNOWN;
  }
  return key;
}

char sign_of_layout(int key, int scancode, KeyName name) {
  const char printed = name_of(key, scancode, name);
  return printed == '+' || printed == '-' ? printed : '\0';
}

Shortcut shortcut_of(int key, char sign, std::uint8_t modifiers) {
  Shortcut shortcut;
  shortcut.ctrl = (modifiers & GLFW_MOD_CONTROL) != 0;
  shortcut.shift = (modifiers & GLFW_MOD_SHIFT) != 0;
  shortcut.alt = (modifiers & GLFW_MOD_ALT) != 0;
  shortcut.key = key_of(key, sign, shortcut.ctrl);
  if (shortcut.key == letter('+') || shortcut.key == letter('-')) {
    shortcut.shift = false;  // how a layout reaches the sign is no part of it
  }
  return shortcut;
}

bool may_repeat(const Shortcut& shortcut) {
  const Key key = shortcut.key;
  return (key >= Key::kLeft && key <= Key::kDown) || key == Key::kPageUp || key == Key::kPageDown ||
         key == letter('+') || key == letter('-');
}

}  // namespace coffre::ui
