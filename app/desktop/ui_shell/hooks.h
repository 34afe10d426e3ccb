// What the tests' variant of the program adds to the loop (tests/e2e/coffre_e2e.cpp). The
// program that is installed has none: no option and no variable switches one on.
//
// Threads: UI thread only.
#pragma once

#include <string>
#include <vector>

#include "app/desktop/ui_core/ui.h"

namespace coffre::ui {

class Hooks {
 public:
  virtual ~Hooks() = default;
  // The clock of everything.
  [[nodiscard]] virtual Clock& clock() = 0;
  // Once a pass: files as if dropped on the window.
  [[nodiscard]] virtual std::vector<std::string> dropped() = 0;
  // After a frame was on the screen.
  virtual void drawn(const std::vector<SeenWidget>& seen) = 0;
};

}  // namespace coffre::ui
