#include "app/desktop/ui_shell/frame_pacer.h"

#include <gtest/gtest.h>

namespace coffre::ui {
namespace {

constexpr int kMinute = 60'000;

int frames_until_quiet(FramePacer& pacer, bool iconified) {
  int frames = 0;
  while (pacer.wants_frame(false, iconified)) {
    pacer.drawn(false);
    ++frames;
  }
  return frames;
}

TEST(FramePacer, AnIdleWindowDrawsNothingAndWaitsAsLongAsTheAppSays) {
  FramePacer pacer;
  frames_until_quiet(pacer, false);
  EXPECT_FALSE(pacer.wants_frame(false, false));
  EXPECT_EQ(pacer.wait_ms(kMinute, false, false), kMinute);
}

TEST(FramePacer, AnEventIsWorthThreeFrames) {
  FramePacer pacer;
  frames_until_quiet(pacer, false);
  pacer.event();
  EXPECT_EQ(pacer.wait_ms(kMinute, false, false), 0);
  EXPECT_EQ(frames_until_quiet(pacer, false), 3);
}

TEST(FramePacer, FramesFollowUntilThePictureIsAtRest) {
  FramePacer pacer;
  frames_until_quiet(pacer, false);
  pacer.wished();
  pacer.drawn(true);
  EXPECT_TRUE(pacer.wants_frame(false, false));
  pacer.drawn(true);
  EXPECT_EQ(pacer.wait_ms(kMinute, false, false), 0);
  pacer.drawn(false);
  EXPECT_FALSE(pacer.wants_frame(false, false));
}

TEST(FramePacer, APictureThatNeverRestsIsNotDrawnForever) {
  FramePacer pacer;
  pacer.event();
  int frames = 0;
  while (pacer.wants_frame(false, false) && frames < 100) {
    pacer.drawn(true);
    ++frames;
  }
  EXPECT_LE(frames, FramePacer::kFramesToSettleMax + FramePacer::kFramesAfterEvent);
}

TEST(FramePacer, EventsThatWaitAreNotSleptOver) {
  FramePacer pacer;
  frames_until_quiet(pacer, false);
  EXPECT_EQ(pacer.wait_ms(kMinute, true, false), 0);
}

TEST(FramePacer, AnIconifiedWindowDrawsNothingAndDoesNotSpin) {
  FramePacer pacer;
  pacer.event();
  EXPECT_FALSE(pacer.wants_frame(true, true));
  EXPECT_EQ(pacer.wait_ms(0, true, true), FramePacer::kWaitIconifiedMaxMs);
}

TEST(FramePacer, AfterALockEveryBufferIsReplacedEvenIconified) {
  FramePacer pacer;
  frames_until_quiet(pacer, false);
  pacer.wiped();
  EXPECT_EQ(pacer.wait_ms(kMinute, false, true), 0);
  EXPECT_EQ(frames_until_quiet(pacer, true), FramePacer::kFramesAfterWipe);
}

}  // namespace
}  // namespace coffre::ui
