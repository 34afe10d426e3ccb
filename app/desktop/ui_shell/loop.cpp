#include "app/desktop/ui_shell/loop.h"

#include <GLFW/glfw3.h>
#include <algorithm>
#include <functional>
#include <imgui/backends/imgui_impl_opengl3.h>
#include <imgui/imgui.h>
#include <string_view>

#include "app/desktop/ui_core/fonts.h"
#include "app/desktop/ui_shell/imgui_input.h"
#include "app/desktop/ui_shell/keyboard.h"

namespace coffre::ui {
namespace {

constexpr const char* kShaderVersion = "#version 130";  // OpenGL 3.0
constexpr float kDeltaMinSeconds = 1e-4F;

// What is drawn, in one number: the same number is the same picture.
std::size_t picture_of(const ImDrawData& data) {
  std::size_t all = 0;
  const auto add = [&all](const void* bytes, std::size_t size) {
    const std::string_view view(static_cast<const char*>(bytes), size);
    all = all * 31 + std::hash<std::string_view>{}(view);
  };
  for (int at = 0; at < data.CmdListsCount; ++at) {
    const ImDrawList& list = *data.CmdLists[at];
    add(list.VtxBuffer.Data, static_cast<std::size_t>(list.VtxBuffer.size_in_bytes()));
    add(list.IdxBuffer.Data, static_cast<std::size_t>(list.IdxBuffer.size_in_bytes()));
    for (const ImDrawCmd& command : list.CmdBuffer) {
      add(&command.ClipRect, sizeof(command.ClipRect));
    }
  }
  return all;
}

}  // namespace

Loop::Loop(const LoopParts& parts)
    : window_(parts.window),
      queue_(parts.queue),
      gl_(parts.gl),
      textures_(parts.textures),
      calls_(parts.calls),
      chooser_(parts.chooser),
      hooks_(parts.hooks) {}

Loop::~Loop() { remove_context(); }

void Loop::quit() {
  quit_ = true;
  Window::wake();
}

Status Loop::make_context() {
  // The atlas outlives the context: fonts hold no secret, and drawing them anew takes long.
  ImGui::CreateContext(atlas_.get());
  set_up_imgui();
  apply_theme(theme_of(appearance_.theme), scale_);
  ImGuiIO& io = ImGui::GetIO();
  // A caret that blinks would be a frame every half second for as long as a field has the focus.
  io.ConfigInputTextCursorBlink = false;
  ImGuiInput::attach(io);
  io.ClipboardUserData = &window_;
  io.GetClipboardTextFn = [](void* window) { return static_cast<Window*>(window)->clipboard(); };
  io.SetClipboardTextFn = [](void* window, const char* text) {
    static_cast<Window*>(window)->set_clipboard(text);
  };
  if (!ImGui_ImplOpenGL3_Init(kShaderVersion)) {
    ImGui::DestroyContext();
    return fail(Code::kUnsupported, N_("OpenGL 3 could not be used on this display"));
  }
  attached_ = true;
  last_frame_s_ = glfwGetTime();
  return {};
}

void Loop::remove_context() {
  if (attached_) {
    ImGui_ImplOpenGL3_Shutdown();
    ImGui::DestroyContext();
    attached_ = false;
  }
}

// Fonts are drawn for one scale: another one means another atlas.
Status Loop::use_appearance(App& app) {
  const Appearance wanted = app.appearance();
  const WindowSize size = window_.size();
  const float pixels =
      size.width > 0 ? static_cast<float>(size.pixel_width) / static_cast<float>(size.width) : 1;
  const float scale = window_.content_scale() / std::max(1.0F, pixels) *
                      static_cast<float>(wanted.scale_percent) / 100.0F;
  if (attached_ && wanted == appearance_ && scale == scale_) {
    return {};
  }
  const bool new_fonts = scale != scale_;
  appearance_ = wanted;
  scale_ = scale;
  pacer_.event();
  if (new_fonts) {
    remove_context();
    atlas_ = std::make_unique<ImFontAtlas>();
    COFFRE_TRY_ASSIGN(fonts_, load_fonts(*atlas_, scale_));
    COFFRE_TRY(make_context());
  } else {
    apply_theme(theme_of(appearance_.theme), scale_);
  }
  return {};
}

Status Loop::run(App& app) {
  Status status;
  while (status && !quit_) {
    status = pass(app);
  }
  // Nothing of a session is left on the glass while the App ends what it was doing.
  window_.hide();
  return status;
}

Status Loop::pass(App& app) {
  COFFRE_TRY(use_appearance(app));
  window_.wait(pacer_.wait_ms(app.next_frame_in_ms(), !queue_.is_empty(), window_.is_iconified()));
  calls_.run();
  take_drops(app);
  app.tick();
  if (app.take_wipe_request()) {
    COFFRE_TRY(wipe());
  }
  if (window_.take_event() || !queue_.is_empty()) {
    pacer_.event();
  }
  const bool wished = app.wants_frame();
  if (wished) {
    pacer_.wished();
  }
  if (pacer_.wants_frame(wished, window_.is_iconified())) {
    take_input(app);
    draw(app);
    if (app.take_wipe_request()) {
      COFFRE_TRY(wipe());
    }
  }
  window_.set_title(app.title());
  if (app.take_minimise_request()) {
    window_.minimise();
  }
  if (window_.take_close_request() || app.take_quit_request()) {
    quit_ = true;
  }
  return {};
}

void Loop::take_drops(App& app) {
  std::vector<std::string> paths = window_.take_dropped();
  if (hooks_ != nullptr) {
    std::vector<std::string> more = hooks_->dropped();
    paths.insert(paths.end(), std::make_move_iterator(more.begin()),
                 std::make_move_iterator(more.end()));
  }
  if (!paths.empty()) {
    app.files_dropped(paths);
    pacer_.event();
  }
}

// A key that a command took is not typed as well.
void Loop::take_input(App& app) {
  queue_.take(frame_);
  ImGuiIO& io = ImGui::GetIO();
  bool taken = false;
  for (const InputEvent& event : frame_) {
    switch (event.kind) {
      case InputEvent::Kind::kKey:
        taken = take_key(app, event);
        break;
      case InputEvent::Kind::kCharacter:
        if (!taken) {
          ImGuiInput::apply(io, event);
        }
        break;
      case InputEvent::Kind::kButton:
      case InputEvent::Kind::kMove:
      case InputEvent::Kind::kScroll:
        app.activity();
        ImGuiInput::apply(io, event);
        break;
      default:
        ImGuiInput::apply(io, event);
        break;
    }
  }
  frame_.clear();
}

bool Loop::take_key(App& app, const InputEvent& event) {
  if (event.down) {
    app.activity();
    app.set_caps_lock(window_.caps_lock());
    const Shortcut shortcut =
        shortcut_of(event.key, static_cast<char>(event.character), event.modifiers);
    if (shortcut.key != Key::kNone && (!event.repeats || may_repeat(shortcut)) &&
        take_shortcut(app, shortcut)) {
      return true;
    }
  }
  ImGuiInput::apply(ImGui::GetIO(), event);
  return false;
}

bool Loop::take_shortcut(App& app, const Shortcut& shortcut) {
  if (chooser_.covers()) {
    // Only the lock and the curtain reach below the browser, and it goes with them.
    const bool hides =
        shortcut == Shortcut{.key = letter('L'), .ctrl = true} || shortcut.key == Key::kF12;
    if (!hides) {
      return false;
    }
    chooser_.cancel();
  }
  return app.handle(shortcut);
}

void Loop::draw(App& app) {
  const WindowSize size = window_.size();
  ImGuiIO& io = ImGui::GetIO();
  io.DisplaySize = {static_cast<float>(size.width), static_cast<float>(size.height)};
  if (size.width > 0 && size.height > 0) {
    io.DisplayFramebufferScale = {
        static_cast<float>(size.pixel_width) / static_cast<float>(size.width),
        static_cast<float>(size.pixel_height) / static_cast<float>(size.height)};
  }
  const double now_s = glfwGetTime();
  io.DeltaTime = std::max(kDeltaMinSeconds, static_cast<float>(now_s - last_frame_s_));
  last_frame_s_ = now_s;

  ImGui_ImplOpenGL3_NewFrame();
  ImGui::NewFrame();
  const Theme& theme = theme_of(appearance_.theme);
  seen_.clear();
  Ui ui{.theme = theme,
        .fonts = fonts_,
        .scale = scale_,
        .clock = hooks_ != nullptr ? hooks_->clock() : system_clock(),
        .seen = hooks_ != nullptr ? &seen_ : nullptr};
  app.draw(ui);
  chooser_.draw(ui);
  ImGui::Render();
  gl_.clear(size.pixel_width, size.pixel_height, theme.ground.x, theme.ground.y, theme.ground.z);
  ImGui_ImplOpenGL3_RenderDrawData(ImGui::GetDrawData());
  window_.swap();
  window_.set_cursor(ImGui::GetMouseCursor());
  textures_.end_frame();
  const std::size_t picture = picture_of(*ImGui::GetDrawData());
  pacer_.drawn(picture != last_picture_);
  last_picture_ = picture;
  if (hooks_ != nullptr) {
    hooks_->drawn(seen_);
  }
}

Status Loop::wipe() {
  queue_.wipe();
  frame_.clear();
  std::vector<SeenWidget>().swap(seen_);
  chooser_.cancel();
  textures_.wipe();
  window_.clear_own_clipboard();
  remove_context();
  pacer_.wiped();
  return make_context();
}

}  // namespace coffre::ui
