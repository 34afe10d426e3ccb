// The queue and ImGui together, in a context without a window: what is typed arrives.
#include "app/desktop/ui_shell/imgui_input.h"

#include <GLFW/glfw3.h>
#include <imgui/imgui.h>
#include <string>
#include <string_view>

#include <gtest/gtest.h>

namespace coffre::ui {
namespace {

class ImGuiInputTest : public ::testing::Test {
 protected:
  ImGuiInputTest() {
    ImGui::CreateContext();
    ImGuiIO& io = ImGui::GetIO();
    io.IniFilename = nullptr;
    io.DisplaySize = {400, 200};
    ImGuiInput::attach(io);
    unsigned char* pixels = nullptr;
    int width = 0;
    int height = 0;
    io.Fonts->GetTexDataAsRGBA32(&pixels, &width, &height);
    draw(true);
    draw();
  }
  ~ImGuiInputTest() override { ImGui::DestroyContext(); }

  void draw(bool focus = false) {
    ImGui::GetIO().DeltaTime = 1.0F / 60;
    ImGui::NewFrame();
    ImGui::Begin("window");
    if (focus) {
      ImGui::SetKeyboardFocusHere();
    }
    ImGui::InputText("field", text_.data(), text_.size());
    ImGui::End();
    ImGui::Render();
  }

  void key(int name, bool down, int modifiers = 0) {
    InputEvent event;
    event.kind = InputEvent::Kind::kKey;
    event.key = name;
    event.down = down;
    event.modifiers = static_cast<std::uint8_t>(modifiers);
    queue_.push(event);
  }

  void type(std::u32string_view words) {
    for (const char32_t typed : words) {
      InputEvent event;
      event.kind = InputEvent::Kind::kCharacter;
      event.character = typed;
      key(GLFW_KEY_SPACE + 1, true);
      queue_.push(event);
      key(GLFW_KEY_SPACE + 1, false);
    }
  }

  // Draws until everything that was pushed has arrived, and once more.
  void settle() {
    InputQueue::Frame frame;
    while (!queue_.is_empty()) {
      queue_.take(frame);
      for (const InputEvent& event : frame) {
        ImGuiInput::apply(ImGui::GetIO(), event);
      }
      draw();
    }
    draw();
  }

  [[nodiscard]] std::string_view text() const { return text_.data(); }

  InputQueue queue_;
  std::array<char, 64> text_{};
};

TEST_F(ImGuiInputTest, AWordTypedBetweenTwoFramesArrivesWhole) {
  type(U"Œillet, Zoé");
  settle();
  EXPECT_EQ(text(), "Œillet, Zoé");
}

TEST_F(ImGuiInputTest, ABackspaceBetweenTwoFramesDeletesTheLetterBeforeIt) {
  type(U"ab");
  key(GLFW_KEY_BACKSPACE, true);
  key(GLFW_KEY_BACKSPACE, false);
  type(U"c");
  settle();
  EXPECT_EQ(text(), "ac");
}

TEST_F(ImGuiInputTest, CtrlASelectsAllAndTheNextLetterReplacesIt) {
  type(U"old");
  settle();
  key(GLFW_KEY_LEFT_CONTROL, true);
  key(GLFW_KEY_A, true, GLFW_MOD_CONTROL);
  key(GLFW_KEY_A, false, GLFW_MOD_CONTROL);
  key(GLFW_KEY_LEFT_CONTROL, false, GLFW_MOD_CONTROL);
  type(U"x");
  settle();
  EXPECT_EQ(text(), "x");
}

TEST_F(ImGuiInputTest, AfterReleaseAllNothingIsDown) {
  key(GLFW_KEY_LEFT_CONTROL, true);
  key(GLFW_KEY_A, true, GLFW_MOD_CONTROL);
  settle();
  ASSERT_TRUE(ImGui::GetIO().KeyCtrl);
  InputEvent event;
  event.kind = InputEvent::Kind::kReleaseAll;
  queue_.push(event);
  settle();
  EXPECT_FALSE(ImGui::GetIO().KeyCtrl);
  EXPECT_FALSE(ImGui::IsKeyDown(ImGui::GetKeyIndex(ImGuiKey_A)));
}

TEST_F(ImGuiInputTest, AClickWithinOneFrameIsAClickWhereThePointerWas) {
  const ImVec2 where{50, 60};
  bool clicked = false;
  const auto frame = [&] {
    ImGui::GetIO().DeltaTime = 1.0F / 60;
    ImGui::NewFrame();
    ImGui::SetNextWindowPos({0, 0});
    ImGui::SetNextWindowSize({400, 200});
    ImGui::Begin("other", nullptr, ImGuiWindowFlags_NoDecoration);
    ImGui::SetCursorScreenPos({40, 50});
    clicked = ImGui::Button("press", {40, 20}) || clicked;
    ImGui::End();
    ImGui::Render();
  };
  frame();
  const auto pointer = [&](InputEvent::Kind kind, bool down, float x, float y) {
    InputEvent event;
    event.kind = kind;
    event.down = down;
    event.x = x;
    event.y = y;
    queue_.push(event);
  };
  pointer(InputEvent::Kind::kMove, false, where.x, where.y);
  pointer(InputEvent::Kind::kButton, true, 0, 0);
  pointer(InputEvent::Kind::kButton, false, 0, 0);
  pointer(InputEvent::Kind::kMove, false, 300, 150);
  InputQueue::Frame taken;
  while (!queue_.is_empty()) {
    queue_.take(taken);
    for (const InputEvent& event : taken) {
      ImGuiInput::apply(ImGui::GetIO(), event);
    }
    frame();
  }
  frame();
  EXPECT_TRUE(clicked);
}

}  // namespace
}  // namespace coffre::ui
