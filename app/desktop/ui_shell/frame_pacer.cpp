#include "app/desktop/ui_shell/frame_pacer.h"

#include <algorithm>

namespace coffre::ui {

void FramePacer::event() {
  hot_ = kFramesAfterEvent;
  settling_ = kFramesToSettleMax;
}

void FramePacer::wished() { settling_ = kFramesToSettleMax; }

void FramePacer::wiped() { replacing_ = kFramesAfterWipe; }

bool FramePacer::wants_frame(bool app_wants, bool iconified) const {
  return replacing_ > 0 || (!iconified && (hot_ > 0 || app_wants));
}

void FramePacer::drawn(bool changed) {
  hot_ = std::max(0, hot_ - 1);
  if (changed && settling_ > 0) {
    --settling_;
    hot_ = std::max(1, hot_);
  }
  replacing_ = std::max(0, replacing_ - 1);
}

int FramePacer::wait_ms(int app_wait_ms, bool events_waiting, bool iconified) const {
  if (replacing_ > 0 || (!iconified && (hot_ > 0 || events_waiting))) {
    return 0;
  }
  // Iconified, the App wishes for frames that are not drawn: its wish must not spin the loop.
  return iconified ? kWaitIconifiedMaxMs : std::max(0, app_wait_ms);
}

}  // namespace coffre::ui
