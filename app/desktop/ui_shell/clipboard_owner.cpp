// Apart from everything else: Xlib defines words such as Status and None as macros.
#include "app/desktop/ui_shell/clipboard_owner.h"

#include <X11/Xlib.h>

namespace coffre::ui {

unsigned long clipboard_owner() {
  Display* display = XOpenDisplay(nullptr);
  if (display == nullptr) {
    return 0;
  }
  const Atom clipboard = XInternAtom(display, "CLIPBOARD", False);
  const unsigned long owner = XGetSelectionOwner(display, clipboard);
  XCloseDisplay(display);
  return owner;
}

}  // namespace coffre::ui
