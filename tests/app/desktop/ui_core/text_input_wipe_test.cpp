// What was typed is gone from ImGui's memory after the wipe.
#include "app/desktop/ui_core/text_input_wipe.h"

#include <cstring>
#include <imgui/imgui_internal.h>
#include <string>

#include <gtest/gtest.h>

#include "app/desktop/ui_core/widgets.h"
#include "tests/app/desktop/support/driver.h"

namespace coffre::ui {
namespace {

using test::Driver;

constexpr std::string_view kTyped = "qzxwvjk";

template <typename T>
bool holds(const T* data, std::size_t count) {
  std::size_t same = 0;
  for (std::size_t at = 0; data != nullptr && at < count; ++at) {
    same = static_cast<char>(data[at]) == kTyped[same]     ? same + 1
           : static_cast<char>(data[at]) == kTyped.front() ? 1
                                                           : 0;
    if (same == kTyped.size()) {
      return true;
    }
  }
  return false;
}

template <typename T>
bool holds(const ImVector<T>& vector) {
  return holds(vector.Data, static_cast<std::size_t>(vector.Capacity));
}

// Anything that ImGui still has of it, in either encoding.
bool any_left() {
  const ImGuiContext& context = *ImGui::GetCurrentContext();
  const ImGuiInputTextState& state = context.InputTextState;
  return holds(state.TextW) || holds(state.TextA) || holds(state.InitialTextA) ||
         holds(state.Stb.undostate.undo_char, std::size(state.Stb.undostate.undo_char)) ||
         holds(context.IO.InputQueueCharacters) || holds(context.ClipboardHandlerData) ||
         holds(context.TempBuffer, sizeof(context.TempBuffer));
}

TEST(InputWipe, NothingOfAFieldStaysAndItCanBeUsedAgain) {
  Driver driver;
  Line line;
  driver.frame([&](Ui& ui) { text_field(ui, "a.line", "Line", line.span()); });
  driver.click("a.line");
  driver.type(kTyped);
  driver.press(letter('A'), true);
  driver.press(Key::kDelete);
  ASSERT_TRUE(any_left());  // to be undone
  line.clear();
  wipe_input_state();
  EXPECT_FALSE(any_left());
  driver.frames(2);
  EXPECT_TRUE(line.empty());
  driver.click("a.line");
  driver.press(letter('Z'), true);
  driver.press(letter('Y'), true);
  EXPECT_TRUE(line.empty());
  driver.type("again");
  EXPECT_EQ(line.view(), "again");
}

TEST(InputWipe, AFieldThatIsBeingEditedDoesNotGetItsTextBack) {
  Driver driver;
  PasswordLine password;
  driver.frame([&](Ui& ui) { password_field(ui, "a.password", "Password", password.span()); });
  driver.click("a.password");
  driver.type(kTyped);
  ASSERT_TRUE(any_left());
  password.clear();
  wipe_input_state();
  EXPECT_FALSE(any_left());
  driver.frames(3);
  EXPECT_TRUE(password.empty());
  EXPECT_FALSE(any_left());
}

TEST(InputWipe, WithoutAContextIsHarmless) {
  ASSERT_EQ(ImGui::GetCurrentContext(), nullptr);
  wipe_input_state();
}

}  // namespace
}  // namespace coffre::ui
