// Fields: text, passwords, choices out of a list.
#include <algorithm>
#include <imgui/imgui_internal.h>
#include <string>

#include "app/common/i18n.h"
#include "app/desktop/ui_core/icons.h"
#include "app/desktop/ui_core/list_popup.h"
#include "app/desktop/ui_core/text_input_wipe.h"
#include "app/desktop/ui_core/touch.h"
#include "app/desktop/ui_core/widgets.h"

namespace coffre::ui {
namespace {

constexpr float kFieldPadding = 13;
constexpr float kIconRoom = 28;

struct FrameState {
  bool focused = false;
  bool hovered = false;
  bool ready = true;
  bool wrong = false;
};

bool is_ready(const FieldOptions& options) {
  return options.availability == nullptr || options.availability->is_ready();
}

bool is_hidden(const FieldOptions& options) {
  return options.availability != nullptr &&
         options.availability->kind == Availability::Kind::kHidden;
}

void draw_frame(const Ui& ui, const Rect& area, const FrameState& state) {
  const Theme& theme = ui.theme;
  paint::box(ui, area, state.ready ? theme.field : theme.disabled);
  if (state.focused) {
    paint::edge(ui, area, state.wrong ? theme.danger : theme.focus, 2);
  } else if (state.ready) {
    paint::edge(ui, area,
                state.wrong     ? theme.danger
                : state.hovered ? theme.muted
                                : theme.field_line);
  }
}

// The label above; the width of the field.
float begin_field(Ui& ui, std::string_view label, const FieldOptions& options) {
  const float width = options.width > 0 ? options.width : room(ui);
  ImGui::BeginGroup();
  if (!label.empty()) {
    const ImVec2 at = ImGui::GetCursorScreenPos();
    const ImVec2 size = paint::extent(ui.fonts.label, label, width);
    paint::words(ui.fonts.label, at, ui.theme.neutral.text, label, width);
    paint::note(ui, "label", label, {at, {at.x + size.x, at.y + size.y}}, true, size.x > width + 1);
    ImGui::Dummy(size);
    gap(ui, 6);
  }
  return width;
}

// The error, or why it is greyed, below.
void end_field(Ui& ui, const char* id, const FieldOptions& options, float width) {
  std::string_view words = options.error;
  if (words.empty() && !is_ready(options)) {
    words = tr(options.availability->reason);
  }
  if (!words.empty()) {
    gap(ui, 6);
    const ImVec2 at = ImGui::GetCursorScreenPos();
    const ImVec2 size = paint::extent(ui.fonts.small, words, width);
    paint::words(ui.fonts.small, at, options.error.empty() ? ui.theme.muted : ui.theme.danger,
                 words, width);
    paint::note(ui, std::string(id) + ".message", words, {at, {at.x + size.x, at.y + size.y}});
    ImGui::Dummy(size);
  }
  ImGui::EndGroup();
}

struct Input {
  const char* id = "";
  std::span<char> buffer;
  Rect area{};
  float left = 0;   // room for an icon
  float right = 0;  // and for what stands at the end
  bool secret = false;
  bool shown = false;  // a secret, while the eye is held
};

// ImGui keeps a copy of what is edited; when the program changed the buffer meanwhile (a field that
// was emptied, a draft that came back), the copy would win. A digest of the last text tells. For
// text only: of a password nothing is kept.
struct Edited {
  ImGuiID field = 0;
  std::size_t digest = 0;
};
Edited& last_edited() {
  static Edited only;
  return only;
}

std::size_t digest_of(std::span<char> buffer) {
  return std::hash<std::string_view>()(std::string_view(buffer.data()));
}

// Makes ImGui start editing the field in this very frame: with SetKeyboardFocusHere what is typed
// in the next frame would be lost.
void start_editing(ImGuiID field) { ImGui::GetCurrentContext()->NavActivateInputId = field; }

FieldEvent edit(Ui& ui, const Input& input, const FieldOptions& options, const focus::Stop& stop) {
  const std::string name = std::string("##") + input.id;
  const ImGuiID field = ImGui::GetID(name.c_str());
  bool active = ImGui::GetActiveID() == field;
  Edited& edited = last_edited();
  const bool replaced =
      active && !input.secret && edited.field == field && edited.digest != digest_of(input.buffer);
  if (replaced) {
    ImGui::ClearActiveID();
    active = false;
  }
  forget_field(field);
  const bool enter = active && focus::enter_pressed();
  const bool start = replaced || stop.arrived ||
                     (stop.focused && !active && !input.shown && focus::enter_pressed());
  if (start) {
    start_editing(field);
  }
  ImFont* const font = input.secret && !input.shown ? ui.fonts.secret : ui.fonts.text;
  ImGui::PushFont(font);
  const float height = input.area.height();
  ImGui::PushStyleVar(ImGuiStyleVar_FramePadding, ImVec2(0, (height - font->FontSize) / 2));
  ImGui::SetCursorScreenPos({input.area.min.x + input.left, input.area.min.y});
  ImGui::SetNextItemWidth(std::max(1.0F, input.area.width() - input.left - input.right));
  ImGuiInputTextFlags flags = 0;
  if (input.secret) {
    flags |= ImGuiInputTextFlags_NoUndoRedo;
    flags |= input.shown ? ImGuiInputTextFlags_ReadOnly : ImGuiInputTextFlags_Password;
  }
  const bool changed =
      ImGui::InputText(name.c_str(), input.buffer.data(), input.buffer.size(), flags);
  ImGui::PopStyleVar();
  ImGui::PopFont();
  if (ImGui::IsItemActivated()) {
    focus::take(input.id);
  } else if (start && ImGui::GetActiveID() != field) {
    focus::want(input.id);  // clipped by a sheet that is not as high yet as it will be
  }
  if (!input.secret && ImGui::GetActiveID() == field) {
    edited = {field, digest_of(input.buffer)};
  }
  if (input.buffer[0] == '\0' && !options.hint.empty()) {
    bool cut = false;
    const float width = input.area.width() - input.left - input.right;
    const std::string hint = paint::fit(ui.fonts.text, options.hint, width, cut);
    paint::words(
        ui.fonts.text,
        {input.area.min.x + input.left, input.area.min.y + (height - ui.fonts.text->FontSize) / 2},
        ui.theme.muted, hint);
    paint::note(ui, std::string(input.id) + ".hint", options.hint, input.area, true, cut);
  }
  if (enter) {
    // ImGui ends the editing at Enter; whoever sees an error wants to type again.
    focus::want(input.id);
    return FieldEvent::kEntered;
  }
  return changed ? FieldEvent::kChanged : FieldEvent::kNone;
}

// The frame with all but its text; the state of the keyboard.
focus::Stop begin_input(Ui& ui, const Input& input, std::string_view label,
                        const FieldOptions& options) {
  if (options.focus) {
    focus::want(input.id);
  }
  const focus::Stop stop = focus::stop(input.id);
  const bool ready = is_ready(options);
  const bool hovered =
      ImGui::IsWindowHovered() && ImGui::IsMouseHoveringRect(input.area.min, input.area.max);
  if (hovered && ready && ImGui::IsMouseClicked(ImGuiMouseButton_Left)) {
    // Beside the text too: on the icon and the edge.
    focus::take(input.id);
    const ImVec2 mouse = ImGui::GetIO().MousePos;
    if (mouse.x < input.area.min.x + input.left) {
      focus::want(input.id);
    }
  }
  draw_frame(ui, input.area,
             {.focused = stop.focused,
              .hovered = hovered,
              .ready = ready,
              .wrong = !options.error.empty()});
  if (*options.icon != '\0') {
    paint::glyph(ui.fonts.icons,
                 {input.area.min.x + ui.px(kFieldPadding + 9), paint::middle_of(input.area).y},
                 ui.theme.muted, options.icon);
  }
  paint::note(ui, input.id, label, input.area, ready, false, stop.focused);
  return stop;
}

FieldEvent draw_greyed(Ui& ui, const Input& input) {
  if (!input.secret) {
    bool cut = false;
    const std::string shown = paint::fit(ui.fonts.text, input.buffer.data(),
                                         input.area.width() - input.left - input.right, cut);
    paint::words(ui.fonts.text,
                 {input.area.min.x + input.left,
                  paint::middle_of(input.area).y - ui.fonts.text->FontSize / 2},
                 ui.theme.muted, shown);
  }
  return FieldEvent::kNone;
}

// The eye: true while it is held, by the mouse or by the space bar.
bool eye_held(Ui& ui, const char* id, const Rect& field) {
  const float side = ui.px(size::kField - 4);
  ImGui::SetCursorScreenPos({field.max.x - side - ui.px(2), field.min.y + ui.px(2)});
  const std::string name = std::string(id) + ".eye";
  const Touch touch = touched(ui, name.c_str(), {side, side}, {}, false);
  const bool held =
      touch.held || (touch.focused && ImGui::IsKeyDown(ImGui::GetKeyIndex(ImGuiKey_Space)));
  paint::glyph(ui.fonts.icons, paint::middle_of(touch.area),
               touch.hovered || held ? ui.theme.accent : ui.theme.muted,
               held ? icon::kEyeOff : icon::kEye);
  if (touch.ring) {
    paint::ring(ui, paint::shrunk(touch.area, ui.px(4)));
  }
  const char* words = tr(N_("Show the password while held"));
  paint::note(ui, name, words, touch.area, true, false, touch.focused);
  if (!held) {
    show_tip(ui, touch, words, {});
  }
  return held;
}

}  // namespace

void request_focus(std::string_view id) { focus::want(id); }
bool has_focus(std::string_view id) { return focus::is(id); }

FieldEvent text_field(Ui& ui, const char* id, std::string_view label, std::span<char> buffer,
                      const FieldOptions& options) {
  if (is_hidden(options)) {
    return FieldEvent::kNone;
  }
  const float width = begin_field(ui, label, options);
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const float left = ui.px(kFieldPadding) + (*options.icon == '\0' ? 0 : ui.px(kIconRoom - 2));
  const Input input{.id = id,
                    .buffer = buffer,
                    .area = {at, {at.x + width, at.y + ui.px(size::kField)}},
                    .left = left,
                    .right = ui.px(kFieldPadding)};
  const focus::Stop stop = begin_input(ui, input, label, options);
  const FieldEvent event =
      is_ready(options) ? edit(ui, input, options, stop) : draw_greyed(ui, input);
  ImGui::SetCursorScreenPos(at);
  ImGui::Dummy({width, ui.px(size::kField)});
  end_field(ui, id, options, width);
  return event;
}

FieldEvent password_field(Ui& ui, const char* id, std::string_view label, std::span<char> buffer,
                          const FieldOptions& options) {
  if (is_hidden(options)) {
    return FieldEvent::kNone;
  }
  const float width = begin_field(ui, label, options);
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const float left = ui.px(kFieldPadding) + (*options.icon == '\0' ? 0 : ui.px(kIconRoom - 2));
  Input input{.id = id,
              .buffer = buffer,
              .area = {at, {at.x + width, at.y + ui.px(size::kField)}},
              .left = left,
              .right = ui.px(size::kField + 4),
              .secret = true};
  const focus::Stop stop = begin_input(ui, input, label, options);
  FieldEvent event = FieldEvent::kNone;
  if (is_ready(options)) {
    // The eye is drawn first, so that the text knows of it in the same frame; Tab reaches it after
    // the field all the same.
    input.shown = eye_held(ui, id, input.area);
    event = edit(ui, input, options, stop);
  }
  ImGui::SetCursorScreenPos(at);
  ImGui::Dummy({width, ui.px(size::kField)});
  end_field(ui, id, options, width);
  return event;
}

bool choice(Ui& ui, const char* id, std::string_view label, std::span<const std::string> items,
            std::size_t& chosen, const FieldOptions& options) {
  if (is_hidden(options)) {
    return false;
  }
  if (options.focus) {
    focus::want(id);
  }
  const float width = begin_field(ui, label, options);
  const std::size_t before = chosen;
  const Availability availability =
      options.availability == nullptr ? Availability::ready() : *options.availability;
  const Touch touch = touched(ui, id, {width, ui.px(size::kField)}, availability);
  draw_frame(ui, touch.area,
             {.focused = touch.focused,
              .hovered = touch.hovered,
              .ready = touch.ready,
              .wrong = !options.error.empty()});
  float left = touch.area.min.x + ui.px(kFieldPadding);
  if (*options.icon != '\0') {
    paint::glyph(ui.fonts.icons, {left + ui.px(9), paint::middle_of(touch.area).y}, ui.theme.muted,
                 options.icon);
    left += ui.px(kIconRoom - 2);
  }
  const float end = touch.area.max.x - ui.px(36);
  bool cut = false;
  const bool empty = chosen >= items.size();
  const std::string shown = paint::fit(
      ui.fonts.text, empty ? options.hint : std::string_view(items[chosen]), end - left, cut);
  paint::words(ui.fonts.text, {left, paint::middle_of(touch.area).y - ui.fonts.text->FontSize / 2},
               empty || !touch.ready ? ui.theme.muted : ui.theme.text, shown);
  paint::glyph(ui.fonts.icons, {touch.area.max.x - ui.px(22), paint::middle_of(touch.area).y},
               ui.theme.muted, icon::kChevronDown);
  paint::note(ui, id, empty ? label : std::string_view(items[chosen]), touch.area, touch.ready, cut,
              touch.focused);
  const bool opens = touch.pressed && !items.empty();
  list_popup(ui, id, touch.area, items, {}, chosen, opens);
  if (touch.focused && touch.ready && !opens && focus::is_on_top()) {
    if (focus::pressed(ImGuiKey_DownArrow, true)) {
      chosen = empty ? 0 : std::min(chosen + 1, items.size() - 1);
    } else if (focus::pressed(ImGuiKey_UpArrow, true) && !empty && chosen > 0) {
      --chosen;
    }
    if (items.empty()) {
      chosen = before;
    }
  }
  end_field(ui, id, options, width);
  return chosen != before;
}

}  // namespace coffre::ui
