// Ui: what every function that draws gets: theme, fonts, scale, and the log of widgets for tests.
//
// Threads: UI thread only. The reference is good for one frame.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "app/desktop/ui_core/theme.h"
#include "core/base/clock.h"

namespace coffre::ui {

struct Fonts {
  ImFont* text = nullptr;          // 16 px regular, icons merged
  ImFont* strong = nullptr;        // 16 px semibold, icons merged
  ImFont* button = nullptr;        // 16 px medium
  ImFont* small = nullptr;         // 13 px regular, icons merged
  ImFont* small_strong = nullptr;  // 13 px semibold
  ImFont* label = nullptr;         // 13 px medium
  ImFont* title = nullptr;         // 20 px semibold, icons merged
  ImFont* icons = nullptr;         // 20 px, icons only
  ImFont* icons_small = nullptr;   // 16 px, icons only
  ImFont* icons_large = nullptr;   // 40 px, icons only
  ImFont* secret = nullptr;        // 16 px, shows '*' as a bullet
};

// One widget as it was drawn in this frame.
struct SeenWidget {
  std::string id;    // the id given to the widget function, "unlock.password"
  std::string text;  // its label, translated
  ImVec2 min, max;   // on the screen
  bool enabled = true;
  bool cut = false;      // the label did not fit
  bool visible = true;   // nothing of it is scrolled or clipped away
  bool focused = false;  // has the keyboard
};

struct Ui {
  const Theme& theme;
  const Fonts& fonts;
  float scale = 1.0F;
  Clock& clock;
  std::vector<SeenWidget>* seen = nullptr;  // tests only; nullptr otherwise

  [[nodiscard]] float px(float at_100_percent) const { return at_100_percent * scale; }
};

struct Rect {
  ImVec2 min, max;
  [[nodiscard]] float width() const { return max.x - min.x; }
  [[nodiscard]] float height() const { return max.y - min.y; }
};

}  // namespace coffre::ui
