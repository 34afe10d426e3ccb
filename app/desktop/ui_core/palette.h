// Palette: every command by name (Ctrl+K).
//
// Guarantees: hidden commands are not listed; greyed ones are, with the reason, and do not run. The
// command runs after the palette closed. Threads: UI thread only.
#pragma once

#include "app/desktop/ui_core/command.h"
#include "app/desktop/ui_core/ui.h"
#include "app/desktop/ui_core/widgets.h"

namespace coffre::ui {

class Palette {
 public:
  void open();
  [[nodiscard]] bool is_open() const { return is_open_; }
  void draw(Ui& ui, Commands& commands);

 private:
  [[nodiscard]] std::vector<const Command*> matching(const Commands& commands) const;
  void move_by_keys(std::size_t count);
  // True: pressed.
  static bool draw_row(Ui& ui, const Command& command, bool is_chosen);

  bool is_open_ = false;
  bool was_opened_ = false;
  std::size_t chosen_ = 0;
  bool must_scroll_ = false;
  Line words_;
};

}  // namespace coffre::ui
