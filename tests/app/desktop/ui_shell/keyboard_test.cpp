#include "app/desktop/ui_shell/keyboard.h"

#include <GLFW/glfw3.h>
#include <map>
#include <string>

#include <gtest/gtest.h>

namespace coffre::ui {
namespace {

// What the layouts print on the keys, by place: as GLFW says under X11.
const char* french(int key, int /*scancode*/) {
  static const std::map<int, const char*> kNames = {
      {GLFW_KEY_Q, "a"},          {GLFW_KEY_A, "q"},         {GLFW_KEY_W, "z"},
      {GLFW_KEY_Z, "w"},          {GLFW_KEY_SEMICOLON, "m"}, {GLFW_KEY_M, ","},
      {GLFW_KEY_1, "&"},          {GLFW_KEY_2, "\xC3\xA9"},  {GLFW_KEY_6, "-"},
      {GLFW_KEY_EQUAL, "="},      {GLFW_KEY_MINUS, ")"},     {GLFW_KEY_KP_1, "1"},
      {GLFW_KEY_KP_DECIMAL, "."},
  };
  const auto found = kNames.find(key);
  return found == kNames.end() ? nullptr : found->second;
}

const char* american(int key, int /*scancode*/) {
  static std::string name;
  if (key >= GLFW_KEY_A && key <= GLFW_KEY_Z) {
    name = static_cast<char>('a' + (key - GLFW_KEY_A));
  } else if (key >= GLFW_KEY_0 && key <= GLFW_KEY_9) {
    name = static_cast<char>('0' + (key - GLFW_KEY_0));
  } else if (key == GLFW_KEY_MINUS || key == GLFW_KEY_EQUAL) {
    name = key == GLFW_KEY_MINUS ? "-" : "=";
  } else {
    return nullptr;
  }
  return name.c_str();
}

const char* cyrillic(int key, int /*scancode*/) { return key == GLFW_KEY_A ? "\xD1\x84" : nullptr; }

Shortcut pressed(int place, std::uint8_t modifiers, KeyName name) {
  return shortcut_of(key_of_layout(place, 0, name), sign_of_layout(place, 0, name), modifiers);
}

TEST(Keyboard, CtrlAIsByTheLetterOnAFrenchKeyboard) {
  EXPECT_EQ(pressed(GLFW_KEY_Q, GLFW_MOD_CONTROL, french),
            (Shortcut{.key = letter('A'), .ctrl = true}));
  EXPECT_EQ(pressed(GLFW_KEY_A, GLFW_MOD_CONTROL, french),
            (Shortcut{.key = letter('Q'), .ctrl = true}));
  EXPECT_EQ(pressed(GLFW_KEY_SEMICOLON, 0, french), (Shortcut{.key = letter('M')}));
}

TEST(Keyboard, APlaceWithAnotherSignIsNotTheLetter) {
  EXPECT_EQ(key_of_layout(GLFW_KEY_M, 0, french), GLFW_KEY_UNKNOWN);
}

TEST(Keyboard, AKeyWithoutALatinLetterKeepsItsPlace) {
  EXPECT_EQ(key_of_layout(GLFW_KEY_A, 0, cyrillic), GLFW_KEY_A);
}

TEST(Keyboard, CtrlAndADigitNeedNoShiftOnAFrenchKeyboard) {
  for (const auto& [place, digit] :
       {std::pair{GLFW_KEY_1, '1'}, {GLFW_KEY_2, '2'}, {GLFW_KEY_6, '6'}}) {
    EXPECT_EQ(pressed(place, GLFW_MOD_CONTROL, french),
              (Shortcut{.key = letter(digit), .ctrl = true}));
    EXPECT_EQ(pressed(place, GLFW_MOD_CONTROL, american),
              (Shortcut{.key = letter(digit), .ctrl = true}));
  }
}

TEST(Keyboard, PlusAndMinusAreWhereTheLayoutHasThem) {
  EXPECT_EQ(pressed(GLFW_KEY_6, 0, french).key, letter('-'));
  EXPECT_EQ(pressed(GLFW_KEY_6, 0, american).key, letter('6'));
  EXPECT_EQ(pressed(GLFW_KEY_MINUS, 0, american).key, letter('-'));
  for (const std::uint8_t modifiers : {std::uint8_t{0}, std::uint8_t{GLFW_MOD_SHIFT}}) {
    EXPECT_EQ(pressed(GLFW_KEY_EQUAL, modifiers, american), (Shortcut{.key = letter('+')}));
    EXPECT_EQ(pressed(GLFW_KEY_EQUAL, modifiers, french), (Shortcut{.key = letter('+')}));
  }
  EXPECT_EQ(pressed(GLFW_KEY_KP_ADD, 0, french).key, letter('+'));
  EXPECT_EQ(pressed(GLFW_KEY_KP_SUBTRACT, 0, french).key, letter('-'));
}

TEST(Keyboard, TheKeypadIsNotTranslated) {
  EXPECT_EQ(key_of_layout(GLFW_KEY_KP_1, 0, french), GLFW_KEY_KP_1);
  EXPECT_EQ(pressed(GLFW_KEY_KP_1, GLFW_MOD_CONTROL, french).key, Key::kNone);
  EXPECT_EQ(pressed(GLFW_KEY_KP_ENTER, 0, french).key, Key::kEnter);
}

TEST(Keyboard, OnlyMovingAndZoomingRepeats) {
  EXPECT_TRUE(may_repeat({.key = Key::kPageDown}));
  EXPECT_TRUE(may_repeat({.key = letter('+')}));
  EXPECT_FALSE(may_repeat({.key = letter('L'), .ctrl = true}));
  EXPECT_FALSE(may_repeat({.key = Key::kF12}));
  EXPECT_FALSE(may_repeat({.key = Key::kEnter}));
}

}  // namespace
}  // namespace coffre::ui
