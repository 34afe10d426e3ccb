// What the system tells the program that may have to lock.
#pragma once

namespace coffre::desktop {

enum class DesktopEvent : unsigned char {
  kSleep,        // the machine is about to suspend or hibernate
  kWake,         // it is awake again
  kSessionLock,  // somebody asked that this session be locked
  kScreenSaver,  // the screen saver or the desktop's lock screen came up
  kTerminate,    // the process was asked to end
};

}  // namespace coffre::desktop
