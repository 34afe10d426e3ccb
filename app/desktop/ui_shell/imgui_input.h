// Gives the events of the window to Dear ImGui.
//
// Guarantees: keys that ImGui does not know are left out; after release_all() no key and no button
// is down. Compiles against ImGui 1.86 and against its later interface of events.
// Threads: UI thread only.
#pragma once

#include "app/desktop/ui_shell/input_queue.h"

struct ImGuiIO;

namespace coffre::ui {

class ImGuiInput {
 public:
  // Once for each context of ImGui: tells it which keys there are.
  static void attach(ImGuiIO& io);
  static void apply(ImGuiIO& io, const InputEvent& event);
  static void release_all(ImGuiIO& io);
};

}  // namespace coffre::ui
