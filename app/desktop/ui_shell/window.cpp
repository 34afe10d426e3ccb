#include "app/desktop/ui_shell/window.h"

#include <GLFW/glfw3.h>
#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <imgui/imgui.h>
#include <utility>

#include "app/desktop/ui_shell/clipboard_owner.h"
#include "app/desktop/ui_shell/keyboard.h"
#include "core/base/secret.h"

namespace coffre::ui {
namespace {

constexpr int kWidthMin = 640;
constexpr int kHeightMin = 480;
constexpr float kScaleMin = 1.0F;
constexpr float kScaleMax = 4.0F;

// GLFW says more about a failure than its return value; the words go behind ours.
std::string last_glfw_error() {
  const char* description = nullptr;
  glfwGetError(&description);
  return description == nullptr ? std::string() : std::string(description);
}

float scale_of(float x, float y) {
  const float scale = std::max(x, y);
  return std::isfinite(scale) ? std::clamp(scale, kScaleMin, kScaleMax) : kScaleMin;
}

WindowOptions fitted(const WindowOptions& options) {
  float x = 1;
  float y = 1;
  int left = 0;
  int top = 0;
  int width = options.width;
  int height = options.height;
  if (GLFWmonitor* monitor = glfwGetPrimaryMonitor(); monitor != nullptr) {
    glfwGetMonitorContentScale(monitor, &x, &y);
    glfwGetMonitorWorkarea(monitor, &left, &top, &width, &height);
  }
  const float scale = scale_of(x, y);
  const auto scaled = [scale](int size) {
    return static_cast<int>(std::lround(static_cast<float>(size) * scale));
  };
  return {.width = std::max(kWidthMin, std::min(scaled(options.width), width)),
          .height = std::max(kHeightMin, std::min(scaled(options.height), height))};
}

void set_hints(int creation_api) {
  glfwDefaultWindowHints();
  glfwWindowHint(GLFW_CONTEXT_CREATION_API, creation_api);
  glfwWindowHint(GLFW_CONTEXT_VERSION_MAJOR, 3);
  glfwWindowHint(GLFW_CONTEXT_VERSION_MINOR, 0);
  // What ImGui draws needs neither, and both would be more memory that holds pictures.
  glfwWindowHint(GLFW_DEPTH_BITS, 0);
  glfwWindowHint(GLFW_STENCIL_BITS, 0);
  glfwWindowHintString(GLFW_X11_CLASS_NAME, "coffre");
  glfwWindowHintString(GLFW_X11_INSTANCE_NAME, "coffre");
}

Window* self_of(GLFWwindow* window) {
  return static_cast<Window*>(glfwGetWindowUserPointer(window));
}

int shape_of(int imgui_cursor) {
  switch (imgui_cursor) {
    case ImGuiMouseCursor_TextInput:
      return GLFW_IBEAM_CURSOR;
    case ImGuiMouseCursor_ResizeNS:
      return GLFW_VRESIZE_CURSOR;
    case ImGuiMouseCursor_ResizeEW:
      return GLFW_HRESIZE_CURSOR;
    case ImGuiMouseCursor_Hand:
      return GLFW_HAND_CURSOR;
    default:
      return GLFW_ARROW_CURSOR;
  }
}

}  // namespace

Result<std::unique_ptr<Window>> Window::open(const WindowOptions& options, InputQueue& queue) {
  if (glfwInit() != GLFW_TRUE) {
    return fail(Code::kUnsupported, N_("no display could be opened"), last_glfw_error(),
                N_("start Coffre in a graphical session; without one, use coffrectl"));
  }
  std::unique_ptr<Window> window(new Window(queue));
  COFFRE_TRY(window->make(options));
  return window;
}

Status Window::make(const WindowOptions& options) {
  const WindowOptions size = fitted(options);
  std::string reasons;
  for (const int api : {GLFW_NATIVE_CONTEXT_API, GLFW_EGL_CONTEXT_API}) {
    set_hints(api);
    handle_ = glfwCreateWindow(size.width, size.height, "Coffre", nullptr, nullptr);
    if (handle_ != nullptr) {
      egl_ = api == GLFW_EGL_CONTEXT_API;
      break;
    }
    reasons += (reasons.empty() ? "" : "; ") + last_glfw_error();
  }
  if (handle_ == nullptr) {
    return fail(Code::kUnsupported, N_("this display offers no OpenGL 3"), reasons,
                N_("install the graphics driver of this computer (package libgl1-mesa-dri), or "
                   "start Coffre with LIBGL_ALWAYS_SOFTWARE=1"));
  }
  glfwMakeContextCurrent(handle_);
  glfwSwapInterval(1);
  glfwSetWindowSizeLimits(handle_, kWidthMin, kHeightMin, GLFW_DONT_CARE, GLFW_DONT_CARE);
  // Caps lock comes as a modifier of each key.
  glfwSetInputMode(handle_, GLFW_LOCK_KEY_MODS, GLFW_TRUE);
  glfwSetWindowUserPointer(handle_, this);
  install_callbacks();
  return {};
}

Window::~Window() {
  for (GLFWcursor* cursor : cursors_) {
    glfwDestroyCursor(cursor);
  }
  if (handle_ != nullptr) {
    clear_own_clipboard();
    glfwDestroyWindow(handle_);
  }
  glfwTerminate();
}

void Window::push(const InputEvent& event) {
  queue_.push(event);
  event_ = true;
}

void Window::key(int key, int scancode, int action, int modifiers) {
  if (key == GLFW_KEY_CAPS_LOCK) {
    // The event carries what held before it.
    caps_lock_ = action == GLFW_PRESS ? (modifiers & GLFW_MOD_CAPS_LOCK) == 0 : caps_lock_;
  } else {
    caps_lock_ = (modifiers & GLFW_MOD_CAPS_LOCK) != 0;
  }
  InputEvent event;
  event.kind = InputEvent::Kind::kKey;
  event.key = key_of_layout(key, scancode, glfwGetKeyName);
  event.character = static_cast<char32_t>(sign_of_layout(key, scancode, glfwGetKeyName));
  event.down = action != GLFW_RELEASE;
  event.repeats = action == GLFW_REPEAT;
  event.modifiers = static_cast<std::uint8_t>(modifiers);
  push(event);
}

void Window::install_callbacks() {
  glfwSetKeyCallback(handle_,
                     [](GLFWwindow* window, int key, int scancode, int action, int modifiers) {
                       self_of(window)->key(key, scancode, action, modifiers);
                     });
  glfwSetCharCallback(handle_, [](GLFWwindow* window, unsigned int character) {
    InputEvent event;
    event.kind = InputEvent::Kind::kCharacter;
    event.character = character;
    self_of(window)->push(event);
  });
  glfwSetMouseButtonCallback(handle_,
                             [](GLFWwindow* window, int button, int action, int modifiers) {
                               InputEvent event;
                               event.kind = InputEvent::Kind::kButton;
                               event.key = button;
                               event.down = action == GLFW_PRESS;
                               event.modifiers = static_cast<std::uint8_t>(modifiers);
                               self_of(window)->push(event);
                             });
  glfwSetCursorPosCallback(handle_, [](GLFWwindow* window, double x, double y) {
    InputEvent event;
    event.kind = InputEvent::Kind::kMove;
    event.x = static_cast<float>(x);
    event.y = static_cast<float>(y);
    self_of(window)->push(event);
  });
  glfwSetScrollCallback(handle_, [](GLFWwindow* window, double x, double y) {
    InputEvent event;
    event.kind = InputEvent::Kind::kScroll;
    event.x = static_cast<float>(x);
    event.y = static_cast<float>(y);
    self_of(window)->push(event);
  });
  glfwSetCursorEnterCallback(handle_, [](GLFWwindow* window, int entered) {
    if (entered == GLFW_FALSE) {
      InputEvent event;
      event.kind = InputEvent::Kind::kLeave;
      self_of(window)->push(event);
    }
  });
  glfwSetWindowFocusCallback(handle_, [](GLFWwindow* window, int focused) {
    if (focused == GLFW_FALSE) {
      InputEvent event;
      event.kind = InputEvent::Kind::kReleaseAll;
      self_of(window)->push(event);
    }
    self_of(window)->event_ = true;
  });
  glfwSetWindowIconifyCallback(handle_, [](GLFWwindow* window, int iconified) {
    self_of(window)->iconified_ = iconified == GLFW_TRUE;
    self_of(window)->event_ = true;
  });
  glfwSetWindowRefreshCallback(handle_, [](GLFWwindow* window) { self_of(window)->event_ = true; });
  glfwSetFramebufferSizeCallback(
      handle_, [](GLFWwindow* window, int, int) { self_of(window)->event_ = true; });
  glfwSetWindowContentScaleCallback(
      handle_, [](GLFWwindow* window, float, float) { self_of(window)->event_ = true; });
  glfwSetWindowCloseCallback(handle_, [](GLFWwindow* window) {
    self_of(window)->close_requested_ = true;
    glfwSetWindowShouldClose(window, GLFW_FALSE);  // the loop decides when
  });
  glfwSetDropCallback(handle_, [](GLFWwindow* window, int count, const char** paths) {
    Window& self = *self_of(window);
    self.dropped_.insert(self.dropped_.end(), paths, paths + count);
    self.event_ = true;
  });
}

void Window::wait(int timeout_ms) {
  if (timeout_ms <= 0) {
    glfwPollEvents();
  } else {
    glfwWaitEventsTimeout(static_cast<double>(timeout_ms) / 1000.0);
  }
}

void Window::wake() { glfwPostEmptyEvent(); }

void Window::swap() { glfwSwapBuffers(handle_); }

bool Window::take_event() { return std::exchange(event_, false); }

bool Window::take_close_request() { return std::exchange(close_requested_, false); }

std::vector<std::string> Window::take_dropped() { return std::exchange(dropped_, {}); }

WindowSize Window::size() const {
  WindowSize size;
  glfwGetWindowSize(handle_, &size.width, &size.height);
  glfwGetFramebufferSize(handle_, &size.pixel_width, &size.pixel_height);
  return size;
}

float Window::content_scale() const {
  float x = 1;
  float y = 1;
  glfwGetWindowContentScale(handle_, &x, &y);
  return scale_of(x, y);
}

WindowOptions Window::remembered_size() const {
  const WindowSize now = size();
  const float scale = content_scale();
  const auto unscaled = [scale](int pixels) {
    return static_cast<int>(std::lround(static_cast<float>(pixels) / scale));
  };
  return {.width = unscaled(now.width), .height = unscaled(now.height)};
}

void Window::set_title(const std::string& title) {
  if (title != title_) {
    title_ = title;
    glfwSetWindowTitle(handle_, title.c_str());
  }
}

void Window::hide() { glfwHideWindow(handle_); }

void Window::minimise() { glfwIconifyWindow(handle_); }

void Window::set_cursor(int cursor) {
  if (cursor == cursor_ || cursor < 0 || cursor >= ImGuiMouseCursor_COUNT) {
    return;
  }
  cursor_ = cursor;
  cursors_.resize(ImGuiMouseCursor_COUNT, nullptr);
  GLFWcursor*& shape = cursors_[static_cast<std::size_t>(cursor)];
  if (shape == nullptr) {
    shape = glfwCreateStandardCursor(shape_of(cursor));
  }
  glfwSetCursor(handle_, shape);
}

const char* Window::clipboard() {
  const char* text = glfwGetClipboardString(handle_);
  return text == nullptr ? "" : text;
}

void Window::set_clipboard(const char* text) {
  glfwSetClipboardString(handle_, text);
  clipboard_owner_ = clipboard_owner();
  clipboard_set_ = true;
}

void Window::clear_own_clipboard() {
  // Without an X server to ask, what we put there is taken to be there still.
  if (!clipboard_set_ || (clipboard_owner_ != 0 && clipboard_owner() != clipboard_owner_)) {
    return;
  }
  clipboard_set_ = false;
  // GLFW frees its copy without wiping it: its owner may read it here without waiting for anybody.
  if (const char* own = glfwGetClipboardString(handle_); own != nullptr) {
    // NOLINTNEXTLINE(cppcoreguidelines-pro-type-const-cast): GLFW's own buffer, about to be freed
    char* text = const_cast<char*>(own);
    wipe_bytes({reinterpret_cast<Byte*>(text), std::strlen(text)});
  }
  glfwSetClipboardString(handle_, "");
}

}  // namespace coffre::ui
