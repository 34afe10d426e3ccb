// What ImGui keeps of typed text, and how it goes: the edited text in two encodings, the text as it
// was before, what was undone, the queue of characters, and every block that it frees.
//
// Guarantees: after wipe_input_state() none of it is in ImGui's own memory, and no field is being
// edited; with use_wiping_allocator() blocks that ImGui outgrew were wiped too. Not covered: the
// caller's buffer (TextBuffer wipes itself), the window system's clipboard and event queues, and
// text that is drawn (draw lists, until the next frame). Threads: UI thread only.
#pragma once

#include <imgui/imgui.h>

namespace coffre::ui {

// Before the first context is made: ImGui's memory is wiped when it is freed.
void use_wiping_allocator();

// At the lock, and after a password was used. Between two frames, or while no field is drawn.
void wipe_input_state();

// Of the field `field`, when it is not being edited: what ImGui remembers of it for undoing. Its
// buffer may have been changed meanwhile, and ImGui would abort on an undo that no longer fits.
void forget_field(ImGuiID field);

}  // namespace coffre::ui
