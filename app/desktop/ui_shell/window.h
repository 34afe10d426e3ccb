// The window: GLFW, the context of OpenGL 3, and what a person does with both.
//
// Guarantees: OpenGL is tried through GLX, then through EGL; what failed is said with what to do.
// Every event goes into the queue, nothing is handled inside a callback. Sizes are in pixels.
// Not covered: several windows. Threads: the main thread only, but wake() from any.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "app/desktop/ui_shell/input_queue.h"
#include "core/base/error.h"

struct GLFWcursor;
struct GLFWwindow;

namespace coffre::ui {

struct WindowOptions {
  // At 100 %: multiplied by the monitor's scale, and no larger than what the monitor has free.
  int width = 1280;
  int height = 800;
};

struct WindowSize {
  int width = 0;  // in the units of the pointer's position
  int height = 0;
  int pixel_width = 0;
  int pixel_height = 0;
};

class Window {
 public:
  // kUnsupported: no display, or no OpenGL 3 on it.
  [[nodiscard]] static Result<std::unique_ptr<Window>> open(const WindowOptions& options,
                                                            InputQueue& queue);
  Window(const Window&) = delete;
  Window& operator=(const Window&) = delete;
  ~Window();

  // Takes what has come, after waiting for it at most `timeout_ms` (0: without waiting).
  void wait(int timeout_ms);
  // Ends a wait() at once. Any thread, while a Window exists.
  static void wake();
  void swap();

  // True once after any event, also those that are not input (uncovered, resized).
  [[nodiscard]] bool take_event();
  [[nodiscard]] bool take_close_request();
  [[nodiscard]] std::vector<std::string> take_dropped();
  [[nodiscard]] bool caps_lock() const { return caps_lock_; }
  [[nodiscard]] bool is_iconified() const { return iconified_; }

  [[nodiscard]] WindowSize size() const;
  // Pixels a person's pixel has: Xft.dpi / 96, or what the compositor says.
  [[nodiscard]] float content_scale() const;
  // The size to remember: at 100 %, as WindowOptions has it.
  [[nodiscard]] WindowOptions remembered_size() const;

  void set_title(const std::string& title);
  void minimise();
  void hide();
  // An ImGuiMouseCursor.
  void set_cursor(int cursor);

  // The clipboard; never nullptr.
  [[nodiscard]] const char* clipboard();
  void set_clipboard(const char* text);
  // Empties it if what is in it came from this window.
  void clear_own_clipboard();

  [[nodiscard]] bool uses_egl() const { return egl_; }

 private:
  explicit Window(InputQueue& queue) : queue_(queue) {}
  [[nodiscard]] Status make(const WindowOptions& options);
  void install_callbacks();
  void key(int key, int scancode, int action, int modifiers);
  void push(const InputEvent& event);

  InputQueue& queue_;
  GLFWwindow* handle_ = nullptr;
  bool egl_ = false;
  bool event_ = true;
  bool close_requested_ = false;
  bool iconified_ = false;
  bool caps_lock_ = false;
  std::vector<std::string> dropped_;
  std::string title_;
  int cursor_ = 0;
  std::vector<GLFWcursor*> cursors_;
  bool clipboard_set_ = false;
  unsigned long clipboard_owner_ = 0;  // since we set it; 0: not known
};

}  // namespace coffre::ui
