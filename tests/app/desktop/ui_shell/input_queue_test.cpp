#include "app/desktop/ui_shell/input_queue.h"

#include <GLFW/glfw3.h>
#include <algorithm>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace coffre::ui {
namespace {

using Kind = InputEvent::Kind;

InputEvent key_event(int key, bool down, bool repeats = false) {
  InputEvent event;
  event.kind = Kind::kKey;
  event.key = key;
  event.down = down;
  event.repeats = repeats;
  return event;
}

InputEvent character(char32_t typed) {
  InputEvent event;
  event.kind = Kind::kCharacter;
  event.character = typed;
  return event;
}

InputEvent button(bool down) {
  InputEvent event;
  event.kind = Kind::kButton;
  event.down = down;
  return event;
}

InputEvent move(float x) {
  InputEvent event;
  event.kind = Kind::kMove;
  event.x = x;
  return event;
}

InputEvent scroll(float y) {
  InputEvent event;
  event.kind = Kind::kScroll;
  event.y = y;
  return event;
}

// "A+" pressed, "A-" let go, "A*" repeated, "'a" a character, "B+" and "B-" a button, "m3" a move,
// "s" a turn of the wheel, "!" all let go.
std::string words_of(const InputQueue::Frame& frame) {
  std::string out;
  for (const InputEvent& event : frame) {
    out += out.empty() ? "" : " ";
    switch (event.kind) {
      case Kind::kKey:
        out += static_cast<char>(event.key);
        out += event.repeats ? "*" : event.down ? "+" : "-";
        break;
      case Kind::kCharacter:
        out += "'";
        out += static_cast<char>(event.character);
        break;
      case Kind::kButton:
        out += event.down ? "button+" : "button-";
        break;
      case Kind::kMove:
        out += "m" + std::to_string(static_cast<int>(event.x));
        break;
      case Kind::kScroll:
        out += "s";
        break;
      case Kind::kReleaseAll:
        out += "!";
        break;
      default:
        out += "?";
        break;
    }
  }
  return out;
}

std::vector<std::string> frames_of(InputQueue& queue) {
  std::vector<std::string> frames;
  InputQueue::Frame frame;
  while (!queue.is_empty()) {
    queue.take(frame);
    frames.push_back(words_of(frame));
  }
  return frames;
}

using ::testing::ElementsAre;

TEST(InputQueue, AKeyPressedAndLetGoWithinOneFrameIsSeenDown) {
  InputQueue queue;
  queue.push(key_event('A', true));
  queue.push(key_event('A', false));
  EXPECT_THAT(frames_of(queue), ElementsAre("A+", "A-"));
}

TEST(InputQueue, CharactersComeWithTheirKeyAndInOrder) {
  InputQueue queue;
  for (const char typed : std::string("MOT")) {
    queue.push(key_event(typed, true));
    queue.push(character(static_cast<char32_t>(typed)));
    queue.push(key_event(typed, false));
  }
  EXPECT_THAT(frames_of(queue), ElementsAre("M+ 'M", "M- O+ 'O", "O- T+ 'T", "T-"));
}

TEST(InputQueue, AFastTypistsOverlappingKeysKeepTheirOrder) {
  InputQueue queue;
  queue.push(key_event('A', true));
  queue.push(character('a'));
  queue.push(key_event('B', true));
  queue.push(character('b'));
  queue.push(key_event('A', false));
  queue.push(key_event('B', false));
  EXPECT_THAT(frames_of(queue), ElementsAre("A+ 'a", "B+ 'b", "A- B-"));
}

TEST(InputQueue, ADeadKeyTypesWithTheLetterThatFollows) {
  InputQueue queue;
  queue.push(key_event('^', true));  // types nothing yet
  queue.push(key_event('^', false));
  queue.push(key_event('E', true));
  queue.push(character(0xEA));
  queue.push(key_event('E', false));
  InputQueue::Frame frame;
  queue.take(frame);
  EXPECT_EQ(words_of(frame), "^+");
  queue.take(frame);
  ASSERT_EQ(frame.size(), 3U);
  EXPECT_EQ((frame.begin() + 2)->character, U'\u00EA');
}

TEST(InputQueue, AModifierLetGoAfterALetterIsStillDownWithIt) {
  InputQueue queue;
  queue.push(key_event('^', true));  // stands for Ctrl
  queue.push(key_event('A', true));
  queue.push(key_event('^', false));
  const std::vector<std::string> frames = frames_of(queue);
  EXPECT_THAT(frames, ElementsAre("^+", "A+", "^-"));
}

TEST(InputQueue, AClickHappensWhereThePointerWas) {
  InputQueue queue;
  queue.push(move(1));
  queue.push(move(2));
  queue.push(button(true));
  queue.push(move(3));
  queue.push(button(false));
  queue.push(move(4));
  EXPECT_THAT(frames_of(queue), ElementsAre("m2 button+", "m3 button-", "m4"));
}

TEST(InputQueue, TheWheelTurnsWhereThePointerWas) {
  InputQueue queue;
  queue.push(move(1));
  queue.push(scroll(1));
  queue.push(scroll(1));
  queue.push(move(2));
  EXPECT_THAT(frames_of(queue), ElementsAre("m1 s s", "m2"));
}

TEST(InputQueue, MovesAloneTakeOnePlace) {
  InputQueue queue;
  for (int at = 0; at < 100'000; ++at) {
    queue.push(move(static_cast<float>(at)));
  }
  EXPECT_THAT(frames_of(queue), ElementsAre("m99999"));
}

TEST(InputQueue, AHeldKeyDoesNotFallBehindSlowFrames) {
  InputQueue queue;
  queue.push(key_event('X', true));
  for (int count = 0; count < 3; ++count) {
    queue.push(key_event('X', true, true));
    queue.push(character('x'));
  }
  EXPECT_THAT(frames_of(queue), ElementsAre("X+ X* 'x X* 'x X* 'x"));
}

TEST(InputQueue, WhatDoesNotFitEndsInEverythingLetGo) {
  InputQueue queue;
  for (std::size_t count = 0; count < InputQueue::kEventsMax; ++count) {
    queue.push(key_event('A', true));
  }
  queue.push(key_event('A', false));  // lost: without more, A would stay down
  queue.push(key_event('B', true));
  const std::vector<std::string> frames = frames_of(queue);
  ASSERT_EQ(frames.size(), InputQueue::kEventsMax + 1);
  EXPECT_EQ(frames.back(), "!");
  EXPECT_EQ(std::count(frames.begin(), frames.end(), "B+"), 0);
  queue.push(key_event('C', true));
  EXPECT_THAT(frames_of(queue), ElementsAre("C+"));
}

// Looks at the bytes of the whole object for a letter that was typed.
template <typename T>
bool holds(const T& object, char32_t typed) {
  const auto* bytes = reinterpret_cast<const unsigned char*>(&object);
  const auto* wanted = reinterpret_cast<const unsigned char*>(&typed);
  return std::search(bytes, bytes + sizeof(object), wanted, wanted + sizeof(typed)) !=
         bytes + sizeof(object);
}

constexpr char32_t kRareLetter = 0x12345678;

TEST(InputQueue, WhatWasTakenIsWiped) {
  InputQueue queue;
  InputQueue::Frame frame;
  queue.push(character(kRareLetter));
  EXPECT_TRUE(holds(queue, kRareLetter));
  queue.take(frame);
  EXPECT_FALSE(holds(queue, kRareLetter));
  EXPECT_TRUE(holds(frame, kRareLetter));
  queue.take(frame);
  EXPECT_FALSE(holds(frame, kRareLetter));
}

TEST(InputQueue, WipeForgetsWhatWaitsAndLetsEverythingGo) {
  InputQueue queue;
  queue.push(key_event('A', true));
  queue.push(character(kRareLetter));
  queue.wipe();
  EXPECT_FALSE(holds(queue, kRareLetter));
  EXPECT_THAT(frames_of(queue), ElementsAre("!"));
}

}  // namespace
}  // namespace coffre::ui
