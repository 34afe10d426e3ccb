// Whose the clipboard of the X server is.
//
// GLFW does not tell, and asking it for the text waits for whoever owns it, without limit: not what
// a lock may do. Threads: any; a connection of its own each time.
#pragma once

namespace coffre::ui {

// The window that owns the clipboard; 0 when nobody does, or there is no X server to ask.
[[nodiscard]] unsigned long clipboard_owner();

}  // namespace coffre::ui
