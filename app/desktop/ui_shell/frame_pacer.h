// When to draw, and how long to sleep.
//
// ImGui needs a few frames to answer an event: a click opens what is laid out in the next frame and
// finds its size in those after. So frames follow until two pictures are the same; nothing else is
// drawn that nobody asked for, and an idle window costs nothing. Threads: a value of the UI thread.
#pragma once

namespace coffre::ui {

class FramePacer {
 public:
  static constexpr int kFramesAfterEvent = 3;
  // A picture that never comes to rest is drawn no longer than this without an event.
  static constexpr int kFramesToSettleMax = 10;
  // More than any chain of back buffers: the compositor's and the driver's.
  static constexpr int kFramesAfterWipe = 5;
  // While nobody sees the window it still notices what time does.
  static constexpr int kWaitIconifiedMaxMs = 1'000;

  void event();
  // The App wants a frame: something changed by itself.
  void wished();
  void wiped();

  // Whether the next pass draws: for an event, for the App's wish (nobody sees an iconified
  // window), or to replace what the buffers held before a lock, seen or not.
  [[nodiscard]] bool wants_frame(bool app_wants, bool iconified) const;
  // `changed`: the picture is another than the one before.
  void drawn(bool changed);

  // How long the loop may wait for events, in ms.
  [[nodiscard]] int wait_ms(int app_wait_ms, bool events_waiting, bool iconified) const;

 private:
  int hot_ = kFramesAfterEvent;
  int settling_ = kFramesToSettleMax;
  int replacing_ = 0;
};

}  // namespace coffre::ui
