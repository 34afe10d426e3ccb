// The loop: from the window's events to frames on it.
//
// Guarantees: frames are drawn after events and when the App says that something visible changed,
// and never otherwise; after a lock, ImGui's context is a new one, the textures, the events that
// waited and a clipboard of ours are overwritten, and every back buffer is replaced.
// Not covered: pixels that the X server or a compositor keeps for itself.
// Threads: the main thread only, but quit() from any.
#pragma once

#include <atomic>
#include <memory>

#include "app/desktop/ui_core/app.h"
#include "app/desktop/ui_shell/frame_pacer.h"
#include "app/desktop/ui_shell/gl.h"
#include "app/desktop/ui_shell/hooks.h"
#include "app/desktop/ui_shell/path_chooser.h"
#include "app/desktop/ui_shell/textures.h"
#include "app/desktop/ui_shell/ui_calls.h"
#include "app/desktop/ui_shell/window.h"

namespace coffre::ui {

// What the loop works with; all of it outlives the loop. The window's context is current.
struct LoopParts {
  Window& window;
  InputQueue& queue;
  SystemGl& gl;
  TexturePool& textures;
  UiCalls& calls;
  PathChooser& chooser;
  Hooks* hooks = nullptr;  // none in the program that ships
};

class Loop {
 public:
  explicit Loop(const LoopParts& parts);
  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;
  ~Loop();

  // Until the person or quit() ends it; the window is hidden then. An error: the fonts are missing,
  // or OpenGL failed.
  [[nodiscard]] Status run(App& app);
  // Ends run() at its next pass. Any thread.
  void quit();

 private:
  [[nodiscard]] Status pass(App& app);
  [[nodiscard]] Status use_appearance(App& app);
  [[nodiscard]] Status make_context();
  void remove_context();
  void take_input(App& app);
  [[nodiscard]] bool take_key(App& app, const InputEvent& event);
  [[nodiscard]] bool take_shortcut(App& app, const Shortcut& shortcut);
  void take_drops(App& app);
  void draw(App& app);
  [[nodiscard]] Status wipe();

  Window& window_;
  InputQueue& queue_;
  SystemGl& gl_;
  TexturePool& textures_;
  UiCalls& calls_;
  PathChooser& chooser_;
  Hooks* hooks_;
  FramePacer pacer_;
  std::atomic<bool> quit_{false};

  std::unique_ptr<ImFontAtlas> atlas_;
  Fonts fonts_;
  Appearance appearance_;
  float scale_ = 0;
  double last_frame_s_ = 0;
  std::size_t last_picture_ = 0;
  bool attached_ = false;
  InputQueue::Frame frame_;
  std::vector<SeenWidget> seen_;
};

}  // namespace coffre::ui
