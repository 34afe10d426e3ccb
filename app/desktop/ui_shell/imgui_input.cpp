#include "app/desktop/ui_shell/imgui_input.h"

#include <GLFW/glfw3.h>
#include <array>
#include <cfloat>
#include <imgui/imgui.h>

namespace coffre::ui {
namespace {

struct KnownKey {
  int glfw;
  ImGuiKey imgui;
};
constexpr std::array kKnownKeys = {
    KnownKey{GLFW_KEY_TAB, ImGuiKey_Tab},
    KnownKey{GLFW_KEY_LEFT, ImGuiKey_LeftArrow},
    KnownKey{GLFW_KEY_RIGHT, ImGuiKey_RightArrow},
    KnownKey{GLFW_KEY_UP, ImGuiKey_UpArrow},
    KnownKey{GLFW_KEY_DOWN, ImGuiKey_DownArrow},
    KnownKey{GLFW_KEY_PAGE_UP, ImGuiKey_PageUp},
    KnownKey{GLFW_KEY_PAGE_DOWN, ImGuiKey_PageDown},
    KnownKey{GLFW_KEY_HOME, ImGuiKey_Home},
    KnownKey{GLFW_KEY_END, ImGuiKey_End},
    KnownKey{GLFW_KEY_INSERT, ImGuiKey_Insert},
    KnownKey{GLFW_KEY_DELETE, ImGuiKey_Delete},
    KnownKey{GLFW_KEY_BACKSPACE, ImGuiKey_Backspace},
    KnownKey{GLFW_KEY_SPACE, ImGuiKey_Space},
    KnownKey{GLFW_KEY_ENTER, ImGuiKey_Enter},
    KnownKey{GLFW_KEY_ESCAPE, ImGuiKey_Escape},
    KnownKey{GLFW_KEY_KP_ENTER, ImGuiKey_KeyPadEnter},
    KnownKey{GLFW_KEY_A, ImGuiKey_A},
    KnownKey{GLFW_KEY_C, ImGuiKey_C},
    KnownKey{GLFW_KEY_V, ImGuiKey_V},
    KnownKey{GLFW_KEY_X, ImGuiKey_X},
    KnownKey{GLFW_KEY_Y, ImGuiKey_Y},
    KnownKey{GLFW_KEY_Z, ImGuiKey_Z},
};
constexpr int kButtons = 3;

#if IMGUI_VERSION_NUM >= 18700

void set_key(ImGuiIO& io, ImGuiKey key, bool down) { io.AddKeyEvent(key, down); }
void set_modifiers(ImGuiIO& io, bool ctrl, bool shift, bool alt) {
  io.AddKeyEvent(ImGuiMod_Ctrl, ctrl);
  io.AddKeyEvent(ImGuiMod_Shift, shift);
  io.AddKeyEvent(ImGuiMod_Alt, alt);
}
void set_pointer(ImGuiIO& io, float x, float y) { io.AddMousePosEvent(x, y); }
void set_button(ImGuiIO& io, int button, bool down) { io.AddMouseButtonEvent(button, down); }
void add_scroll(ImGuiIO& io, float x, float y) { io.AddMouseWheelEvent(x, y); }

#else

void set_key(ImGuiIO& io, ImGuiKey key, bool down) { io.KeysDown[key] = down; }
void set_modifiers(ImGuiIO& io, bool ctrl, bool shift, bool alt) {
  io.KeyCtrl = ctrl;
  io.KeyShift = shift;
  io.KeyAlt = alt;
}
void set_pointer(ImGuiIO& io, float x, float y) { io.MousePos = {x, y}; }
void set_button(ImGuiIO& io, int button, bool down) { io.MouseDown[button] = down; }
void add_scroll(ImGuiIO& io, float x, float y) {
  io.MouseWheelH += x;
  io.MouseWheel += y;
}

#endif

// The event of a modifier itself carries what was down before it; every other one what is.
void apply_modifiers(ImGuiIO& io, const InputEvent& event) {
  const bool ctrl = (event.modifiers & GLFW_MOD_CONTROL) != 0;
  const bool shift = (event.modifiers & GLFW_MOD_SHIFT) != 0;
  const bool alt = (event.modifiers & GLFW_MOD_ALT) != 0;
  switch (event.key) {
    case GLFW_KEY_LEFT_CONTROL:
    case GLFW_KEY_RIGHT_CONTROL:
      set_modifiers(io, event.down, shift, alt);
      break;
    case GLFW_KEY_LEFT_SHIFT:
    case GLFW_KEY_RIGHT_SHIFT:
      set_modifiers(io, ctrl, event.down, alt);
      break;
    case GLFW_KEY_LEFT_ALT:
      set_modifiers(io, ctrl, shift, event.down);
      break;
    default:
      set_modifiers(io, ctrl, shift, alt);
      break;
  }
}

void apply_key(ImGuiIO& io, const InputEvent& event) {
  apply_modifiers(io, event);
  for (const KnownKey& known : kKnownKeys) {
    if (known.glfw == event.key) {
      set_key(io, known.imgui, event.down);
    }
  }
}

}  // namespace

void ImGuiInput::attach(ImGuiIO& io) {
#if IMGUI_VERSION_NUM < 18700
  for (const KnownKey& known : kKnownKeys) {
    io.KeyMap[known.imgui] = known.imgui;
  }
#endif
  io.BackendPlatformName = "coffre";
  io.BackendFlags |= ImGuiBackendFlags_HasMouseCursors;
}

void ImGuiInput::apply(ImGuiIO& io, const InputEvent& event) {
  switch (event.kind) {
    case InputEvent::Kind::kNone:
      break;
    case InputEvent::Kind::kMove:
      set_pointer(io, event.x, event.y);
      break;
    case InputEvent::Kind::kLeave:
      set_pointer(io, -FLT_MAX, -FLT_MAX);
      break;
    case InputEvent::Kind::kButton:
      if (event.key >= 0 && event.key < kButtons) {
        set_button(io, event.key, event.down);
      }
      break;
    case InputEvent::Kind::kScroll:
      add_scroll(io, event.x, event.y);
      break;
    case InputEvent::Kind::kKey:
      apply_key(io, event);
      break;
    case InputEvent::Kind::kCharacter:
      io.AddInputCharacter(event.character);
      break;
    case InputEvent::Kind::kReleaseAll:
      release_all(io);
      break;
  }
}

void ImGuiInput::release_all(ImGuiIO& io) {
  for (const KnownKey& known : kKnownKeys) {
    set_key(io, known.imgui, false);
  }
  for (int button = 0; button < kButtons; ++button) {
    set_button(io, button, false);
  }
  set_modifiers(io, false, false, false);
}

}  // namespace coffre::ui
