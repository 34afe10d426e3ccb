// What the frame and the pages around the session draw with, beside the widgets.
// Threads: UI thread only.
#pragma once

#include <string_view>

#include "app/desktop/ui_core/paint.h"

namespace coffre::ui {

// Text on one line in any list, also in one that lies above the windows.
void put(ImDrawList& list, const ImFont* font, ImVec2 at, const ImVec4& ink,
         std::string_view words);
// The mark of the program: a lock on an accent ground.
void put_mark(Ui& ui, ImDrawList& list, ImVec2 at, float edge);

// A white card in the middle of the dark ground: unlock, first start, alarms. Its height is that of
// what it held in the frame before, so that it settles in two frames; it scrolls when the window is
// too low.
class Card {
 public:
  explicit Card(float width_at_100_percent) : width_(width_at_100_percent) {}
  void begin(Ui& ui, const char* id);
  void end(Ui& ui);
  // Its height was another than drawn: draw again.
  [[nodiscard]] bool must_settle() const { return must_settle_; }

 private:
  static constexpr float kPadding = 36;
  float width_;
  float height_ = 0;
  float scale_ = 0;
  bool must_settle_ = true;
};

}  // namespace coffre::ui
