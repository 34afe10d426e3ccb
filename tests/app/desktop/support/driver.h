// Driver: a person at the interface, without a display. It has an ImGui context of its own, draws
// frames with the function that it is given, and moves the mouse and presses keys as the shell
// does: one event a frame.
//
// Not covered: what a graphics card makes of it (save_picture draws with a few lines of its own).
// Threads: one at a time in the process, as ImGui has one current context.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "app/common/i18n.h"
#include "app/desktop/ui_core/command.h"
#include "app/desktop/ui_core/ui.h"
#include "core/base/clock.h"

namespace coffre::test {

class Driver {
 public:
  explicit Driver(ui::ThemeKind theme = ui::ThemeKind::kLight, float scale = 1,
                  ImVec2 size = {1280, 800});
  ~Driver();
  Driver(const Driver&) = delete;
  Driver& operator=(const Driver&) = delete;

  // Draws one frame inside the root window; the function is kept for all that follow.
  void frame(const std::function<void(ui::Ui&)>& draw);
  void frame();
  void frames(int count);

  // The middle of the widget; a failure of the test when it is not there, covered or greyed.
  void click(std::string_view id);
  void double_click(std::string_view id);
  void hover(std::string_view id);
  void hold(std::string_view id);  // pressed until release()
  void release();
  void click_at(ImVec2 at);
  void scroll(std::string_view id, float notches);
  // Character by character.
  void type(std::string_view utf8);
  void press(ui::Key key, bool ctrl = false, bool shift = false, bool alt = false);
  // Asked first for each key pressed, as the shell does; true: the widgets do not get it.
  std::function<bool(const ui::Shortcut&)> shortcuts;

  // Of the last frame; nullptr when it was not drawn. The first, should there be several.
  [[nodiscard]] const ui::SeenWidget* find(std::string_view id) const;
  [[nodiscard]] bool has(std::string_view id) const { return find(id) != nullptr; }
  [[nodiscard]] bool enabled(std::string_view id) const;
  // Whether these words were drawn, as a whole text or inside one.
  [[nodiscard]] bool shows(std::string_view words) const;
  [[nodiscard]] const std::vector<ui::SeenWidget>& seen() const { return seen_; }
  // Every text fits where it is; cut() lists those that do not.
  [[nodiscard]] bool none_cut() const { return cut().empty(); }
  [[nodiscard]] std::vector<std::string> cut() const;
  // Ids that two widgets have ("text", "label" and other words without a dot left out).
  [[nodiscard]] std::vector<std::string> doubled() const;

  // The last frame as NAME.ppm in the directory that COFFRE_UI_PICTURES names; nothing without it.
  void save_picture(const std::string& name) const;

  [[nodiscard]] ManualClock& clock() { return clock_; }
  [[nodiscard]] float scale() const { return scale_; }
  [[nodiscard]] const ui::Theme& theme() const { return theme_; }

 private:
  [[nodiscard]] const ui::SeenWidget* reachable(std::string_view id) const;
  void move_to(ImVec2 at);
  void key_event(int key, bool down);

  const ui::Theme& theme_;
  float scale_;
  ui::Fonts fonts_;
  ManualClock clock_;
  ImGuiContext* context_ = nullptr;
  std::function<void(ui::Ui&)> draw_;
  std::vector<ui::SeenWidget> seen_;
};

// Texts in this language while it lives; the catalogue is that of the build.
class InLanguage {
 public:
  explicit InLanguage(Language language);
  ~InLanguage();
  InLanguage(const InLanguage&) = delete;
  InLanguage& operator=(const InLanguage&) = delete;

 private:
  Language before_;
};

}  // namespace coffre::test
