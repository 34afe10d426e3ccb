#include "tests/app/desktop/support/driver.h"

#include <algorithm>
#include <cstdlib>
#include <imgui/imgui_internal.h>
#include <map>
#include <memory>
#include <set>

#include <gtest/gtest.h>

#include "app/desktop/ui_core/focus.h"
#include "app/desktop/ui_core/fonts.h"
#include "app/desktop/ui_core/text_input_wipe.h"
#include "app/desktop/ui_core/widgets.h"
#include "tests/app/desktop/support/picture.h"

namespace coffre::test {
namespace {

using ui::Key;

struct Face {
  ImFontAtlas atlas;
  ui::Fonts fonts;
};

// Fonts take long to draw: once for each scale of a process.
Face& face_of(float scale) {
  static std::map<float, std::unique_ptr<Face>> faces;
  std::unique_ptr<Face>& face = faces[scale];
  if (face == nullptr) {
    face = std::make_unique<Face>();
    Result<ui::Fonts> fonts = ui::load_fonts(face->atlas, scale);
    if (!fonts) {
      ADD_FAILURE() << fonts.error().what << ": " << fonts.error().on;
      std::abort();
    }
    face->fonts = *fonts;
    unsigned char* pixels = nullptr;
    int width = 0;
    int height = 0;
    face->atlas.GetTexDataAsRGBA32(&pixels, &width, &height);
    face->atlas.SetTexID(&face->atlas);
  }
  return *face;
}

ImGuiKey imgui_key(Key key) {
  const std::map<Key, ImGuiKey> keys = {
      {Key::kEnter, ImGuiKey_Enter},       {Key::kEscape, ImGuiKey_Escape},
      {Key::kDelete, ImGuiKey_Delete},     {Key::kLeft, ImGuiKey_LeftArrow},
      {Key::kRight, ImGuiKey_RightArrow},  {Key::kUp, ImGuiKey_UpArrow},
      {Key::kDown, ImGuiKey_DownArrow},    {Key::kHome, ImGuiKey_Home},
      {Key::kEnd, ImGuiKey_End},           {Key::kPageUp, ImGuiKey_PageUp},
      {Key::kPageDown, ImGuiKey_PageDown}, {Key::kTab, ImGuiKey_Tab},
      {Key::kSpace, ImGuiKey_Space},       {Key::kBackspace, ImGuiKey_Backspace},
      {ui::letter('A'), ImGuiKey_A},       {ui::letter('C'), ImGuiKey_C},
      {ui::letter('V'), ImGuiKey_V},       {ui::letter('X'), ImGuiKey_X},
      {ui::letter('Y'), ImGuiKey_Y},       {ui::letter('Z'), ImGuiKey_Z},
  };
  const auto found = keys.find(key);
  return found == keys.end() ? ImGuiKey_COUNT : found->second;
}

// The clipboard of the test; the system's is left alone.
std::string& clipboard() {
  static std::string only;
  return only;
}

}  // namespace

Driver::Driver(ui::ThemeKind theme, float scale, ImVec2 size)
    : theme_(ui::theme_of(theme)), scale_(scale) {
  Face& face = face_of(scale);
  fonts_ = face.fonts;
  ui::use_wiping_allocator();
  ui::focus::reset();
  context_ = ImGui::CreateContext(&face.atlas);
  ImGui::SetCurrentContext(context_);
  ui::set_up_imgui();
  ui::apply_theme(theme_, scale);
  ImGuiIO& io = ImGui::GetIO();
  io.DisplaySize = size;
  io.DeltaTime = 1.0F / 60;
  io.MousePos = ImVec2(-1, -1);
  io.SetClipboardTextFn = [](void*, const char* text) { clipboard() = text; };
  io.GetClipboardTextFn = [](void*) { return clipboard().c_str(); };
  for (int key = 0; key < ImGuiKey_COUNT; ++key) {
    io.KeyMap[key] = key;
  }
}

Driver::~Driver() {
  ui::focus::reset();
  ImGui::DestroyContext(context_);
}

void Driver::frame(const std::function<void(ui::Ui&)>& draw) {
  draw_ = draw;
  frame();
}

void Driver::frame() {
  seen_.clear();
  ImGui::NewFrame();
  ui::Ui ui{.theme = theme_, .fonts = fonts_, .scale = scale_, .clock = clock_, .seen = &seen_};
  ui::begin_root(ui);
  if (draw_) {
    draw_(ui);
  }
  ui::end_root(ui);
  ImGui::Render();
}

void Driver::frames(int count) {
  for (int drawn = 0; drawn < count; ++drawn) {
    frame();
  }
}

const ui::SeenWidget* Driver::find(std::string_view id) const {
  const auto found = std::ranges::find(seen_, id, &ui::SeenWidget::id);
  return found == seen_.end() ? nullptr : &*found;
}

bool Driver::enabled(std::string_view id) const {
  const ui::SeenWidget* widget = find(id);
  return widget != nullptr && widget->enabled;
}

bool Driver::shows(std::string_view words) const {
  return std::ranges::any_of(
      seen_, [&](const ui::SeenWidget& widget) { return widget.text.contains(words); });
}

std::vector<std::string> Driver::cut() const {
  std::vector<std::string> cut;
  for (const ui::SeenWidget& widget : seen_) {
    if (widget.cut) {
      cut.push_back(widget.id + ": " + widget.text);
    }
  }
  return cut;
}

std::vector<std::string> Driver::doubled() const {
  std::set<std::string> once;
  std::vector<std::string> doubled;
  for (const ui::SeenWidget& widget : seen_) {
    if (widget.id.contains('.') && !once.insert(widget.id).second) {
      doubled.push_back(widget.id);
    }
  }
  return doubled;
}

const ui::SeenWidget* Driver::reachable(std::string_view id) const {
  const ui::SeenWidget* widget = find(id);
  if (widget == nullptr) {
    ADD_FAILURE() << "there is no widget " << id;
    return nullptr;
  }
  const ImVec2 room = ImGui::GetIO().DisplaySize;
  EXPECT_TRUE(widget->min.x >= 0 && widget->min.y >= 0 && widget->max.x <= room.x + 1 &&
              widget->max.y <= room.y + 1)
      << id << " is outside of the window";
  return widget;
}

void Driver::move_to(ImVec2 at) {
  ImGui::GetIO().MousePos = at;
  frame();
}

void Driver::click_at(ImVec2 at) {
  move_to(at);
  ImGui::GetIO().MouseDown[0] = true;
  frame();
  ImGui::GetIO().MouseDown[0] = false;
  frame();
  frame();
}

void Driver::click(std::string_view id) {
  if (const ui::SeenWidget* widget = reachable(id)) {
    EXPECT_TRUE(widget->enabled) << id << " is greyed";
    click_at({(widget->min.x + widget->max.x) / 2, (widget->min.y + widget->max.y) / 2});
  }
}

void Driver::double_click(std::string_view id) {
  click(id);
  ImGui::GetIO().MouseDown[0] = true;
  frame();
  ImGui::GetIO().MouseDown[0] = false;
  frame();
  frame();
}

void Driver::hover(std::string_view id) {
  if (const ui::SeenWidget* widget = reachable(id)) {
    move_to({(widget->min.x + widget->max.x) / 2, (widget->min.y + widget->max.y) / 2});
    frame();
  }
}

void Driver::hold(std::string_view id) {
  hover(id);
  ImGui::GetIO().MouseDown[0] = true;
  frame();
  frame();
}

void Driver::release() {
  ImGui::GetIO().MouseDown[0] = false;
  frame();
  frame();
}

void Driver::scroll(std::string_view id, float notches) {
  hover(id);
  ImGui::GetIO().MouseWheel = notches;
  frame();
  frame();
}

void Driver::type(std::string_view utf8) {
  for (std::size_t at = 0; at < utf8.size();) {
    std::size_t end = at + 1;
    while (end < utf8.size() && (static_cast<unsigned char>(utf8[end]) & 0xC0) == 0x80) {
      ++end;
    }
    ImGui::GetIO().AddInputCharactersUTF8(std::string(utf8.substr(at, end - at)).c_str());
    frame();
    at = end;
  }
  frame();
}

void Driver::key_event(int key, bool down) {
  if (key < ImGuiKey_COUNT) {
    ImGui::GetIO().KeysDown[key] = down;
  }
  frame();
}

void Driver::press(Key key, bool ctrl, bool shift, bool alt) {
  if (shortcuts && shortcuts({key, ctrl, shift, alt})) {
    frame();
    frame();
    return;
  }
  ImGuiIO& io = ImGui::GetIO();
  io.KeyCtrl = ctrl;
  io.KeyShift = shift;
  io.KeyAlt = alt;
  const ImGuiKey known = imgui_key(key);
  key_event(known, true);
  io.KeyCtrl = io.KeyShift = io.KeyAlt = false;
  key_event(known, false);
  frame();
}

void Driver::save_picture(const std::string& name) const {
  if (const char* directory = std::getenv("COFFRE_UI_PICTURES"); directory != nullptr) {
    EXPECT_TRUE(write_picture(*ImGui::GetDrawData(), *ImGui::GetIO().Fonts, theme_.ground,
                              std::string(directory) + "/" + name + ".ppm"));
  }
}

InLanguage::InLanguage(Language language) : before_(current_language()) {
  start_language();
  bindtextdomain("coffre", COFFRE_TEST_LOCALE);
  choose_language(language);
}

InLanguage::~InLanguage() { choose_language(before_); }

}  // namespace coffre::test
