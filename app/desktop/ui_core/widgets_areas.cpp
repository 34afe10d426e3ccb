// Panels, sheets, and what says something to the person.
#include <algorithm>
#include <cmath>

#include "app/common/i18n.h"
#include "app/desktop/ui_core/icons.h"
#include "app/desktop/ui_core/screen.h"
#include "app/desktop/ui_core/touch.h"
#include "app/desktop/ui_core/widgets.h"

namespace coffre::ui {
namespace {

constexpr float kSheetPadding = 24;

struct NoticeLook {
  const TagColours* colours;
  const char* icon;
};

NoticeLook look_of(const Ui& ui, NoticeKind kind) {
  switch (kind) {
    case NoticeKind::kInfo:
      return {&ui.theme.medical, icon::kInfo};
    case NoticeKind::kGood:
      return {&ui.theme.good, icon::kVerified};
    case NoticeKind::kWarning:
      return {&ui.theme.warning, icon::kWarning};
    case NoticeKind::kBad:
      return {&ui.theme.bad, icon::kError};
  }
  return {&ui.theme.neutral, icon::kInfo};
}

// Words in the middle of `area`'s width, from `top` on; where they end.
float centred(Ui& ui, TextKind kind, std::string_view words, const Rect& area, float top) {
  const ImFont* font = paint::font_of(ui, kind);
  // Line by line, as each is in the middle on its own.
  std::string_view rest = words;
  while (!rest.empty()) {
    const char* const start = rest.data();
    const char* end = font->CalcWordWrapPositionA(1.0F, start, start + rest.size(), area.width());
    if (end == start) {
      ++end;
    }
    std::string_view row(start, static_cast<std::size_t>(end - start));
    rest.remove_prefix(row.size());
    while (rest.starts_with(' ') || rest.starts_with('\n')) {
      rest.remove_prefix(1);
    }
    const ImVec2 size = paint::extent(font, row);
    paint::words(font, {area.min.x + (area.width() - size.x) / 2, top}, paint::colour_of(ui, kind),
                 row);
    top += font->FontSize * 1.2F;
  }
  return top;
}

// What a sheet remembers from one frame to the next: how high its content is.
float& sheet_height(const char* id) {
  return *ImGui::GetStateStorage()->GetFloatRef(ImGui::GetID(id), 0);
}

void draw_sheet_head(Ui& ui, const char* id, std::string_view title, float width, bool& open) {
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const float side = ui.px(size::kButton);
  ImGui::SetCursorScreenPos({at.x + width - side + ui.px(8), at.y - ui.px(8)});
  const std::string close = std::string(id) + ".close";
  const Touch touch = touched(ui, close.c_str(), {side, side}, {}, false);
  if (touch.hovered) {
    paint::box(ui, touch.area, ui.theme.hover);
  }
  paint::glyph(ui.fonts.icons, paint::middle_of(touch.area), ui.theme.muted, icon::kClose);
  if (touch.ring) {
    paint::ring(ui, paint::shrunk(touch.area, ui.px(3)));
  }
  const char* words = tr(N_("Close (Esc)"));
  paint::note(ui, close, words, touch.area, true, false, touch.focused);
  show_tip(ui, touch, words, {});
  if (touch.pressed) {
    open = false;
  }
  ImGui::SetCursorScreenPos(at);
  const float title_room = width - side;
  const ImVec2 size = paint::extent(ui.fonts.title, title, title_room);
  paint::words(ui.fonts.title, at, ui.theme.text, title, title_room);
  paint::note(ui, std::string(id) + ".title", title, {at, {at.x + size.x, at.y + size.y}}, true,
              size.x > title_room + 1);
  ImGui::Dummy(size);
  gap(ui, size::kGapWide);
}

}  // namespace

bool begin_panel(Ui& ui, const char* id, Rect area, ImVec4 ground, float padding, bool scrolls) {
  ImGui::SetCursorScreenPos(area.min);
  ImGui::PushStyleColor(ImGuiCol_ChildBg, ground);
  ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, ImVec2(ui.px(padding), ui.px(padding)));
  ImGui::PushStyleVar(ImGuiStyleVar_ChildRounding, 0);
  ImGuiWindowFlags flags = ImGuiWindowFlags_AlwaysUseWindowPadding | ImGuiWindowFlags_NoNav;
  if (!scrolls) {
    flags |= ImGuiWindowFlags_NoScrollbar | ImGuiWindowFlags_NoScrollWithMouse;
  }
  const bool visible = ImGui::BeginChild(
      id, {std::max(1.0F, area.width()), std::max(1.0F, area.height())}, false, flags);
  ImGui::PopStyleVar(2);
  ImGui::PopStyleColor();
  return visible;
}

void end_panel(Ui& /*ui*/) {
  const ImVec2 from = ImGui::GetWindowPos();
  ImGui::EndChild();
  ImGui::SetCursorScreenPos(from);
}

bool begin_sheet(Ui& ui, const char* id, std::string_view title, float width, bool& open) {
  if (!open) {
    return false;
  }
  const ImVec2 whole = ImGui::GetIO().DisplaySize;
  const std::string window = std::string("##sheet.") + id;
  ImGui::SetNextWindowPos(ImVec2(0, 0));
  ImGui::SetNextWindowSize(whole);
  ImGui::PushStyleColor(ImGuiCol_WindowBg, ui.theme.scrim);
  ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, ImVec2(0, 0));
  ImGui::Begin(window.c_str(), nullptr,
               ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoMove |
                   ImGuiWindowFlags_NoSavedSettings | ImGuiWindowFlags_NoNav |
                   ImGuiWindowFlags_NoScrollWithMouse);
  ImGui::PopStyleVar();
  ImGui::PopStyleColor();
  if (ImGui::IsWindowAppearing()) {
    ImGui::SetWindowFocus();  // in front of what opened it
  }
  focus::push_sheet(id);
  ImGui::PushFont(ui.fonts.text);
  const float inner = std::min(ui.px(width), whole.x - ui.px(2 * size::kGapWide));
  const float known = sheet_height("height");
  const float height =
      std::min(known > 0 ? known : ui.px(200), whole.y - ui.px(2 * size::kGapWide));
  const ImVec2 at(std::floor((whole.x - inner) / 2),
                  std::floor(std::max(ui.px(size::kGapWide), (whole.y - height) * 0.4F)));
  ImGui::SetCursorScreenPos(at);
  ImGui::PushStyleColor(ImGuiCol_ChildBg, ui.theme.panel);
  ImGui::PushStyleVar(ImGuiStyleVar_ChildRounding, ui.px(10));
  ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding,
                      ImVec2(ui.px(kSheetPadding), ui.px(kSheetPadding)));
  ImGui::BeginChild(id, {inner, height}, false,
                    ImGuiWindowFlags_AlwaysUseWindowPadding | ImGuiWindowFlags_NoNav);
  ImGui::PopStyleVar(2);
  ImGui::PopStyleColor();
  draw_sheet_head(ui, id, title, room(ui), open);
  if (focus::pressed(ImGuiKey_Escape)) {
    open = false;
  }
  if (!open) {
    end_sheet(ui);
  }
  return open;
}

void end_sheet(Ui& ui) {
  const float needed =
      ImGui::GetCursorPosY() - ImGui::GetStyle().ItemSpacing.y + ui.px(kSheetPadding);
  ImGui::EndChild();
  sheet_height("height") = std::ceil(needed);
  ImGui::PopFont();
  focus::pop_layer();
  ImGui::End();
}

void notice(Ui& ui, const char* id, NoticeKind kind, std::string_view title,
            std::string_view words) {
  const NoticeLook look = look_of(ui, kind);
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const float width = std::max(ui.px(80), room(ui));
  const float padding = ui.px(14);
  const float icon_room = ui.px(30);
  const float wrap = width - 2 * padding - icon_room;
  const ImVec2 head =
      title.empty() ? ImVec2(0, 0) : paint::extent(ui.fonts.small_strong, title, wrap);
  const ImVec2 body = words.empty() ? ImVec2(0, 0) : paint::extent(ui.fonts.small, words, wrap);
  const float between = title.empty() || words.empty() ? 0 : ui.px(2);
  const float height = std::max(ui.px(20), head.y + between + body.y) + 2 * ui.px(size::kGap);
  const Rect area{at, {at.x + width, at.y + height}};
  paint::box(ui, area, look.colours->back);
  paint::glyph(ui.fonts.icons, {at.x + padding + ui.px(9), at.y + ui.px(size::kGap + 10)},
               look.colours->text, look.icon);
  const float left = at.x + padding + icon_room;
  float top = at.y + (height - head.y - between - body.y) / 2;
  paint::words(ui.fonts.small_strong, {left, top}, look.colours->text, title, wrap);
  top += head.y + between;
  paint::words(ui.fonts.small, {left, top}, ui.theme.text, words, wrap);
  std::string all(title);
  if (!words.empty()) {
    all += (all.empty() ? "" : "\n") + std::string(words);
  }
  paint::note(ui, id, all, area, true, std::max(head.x, body.x) > wrap + 1);
  ImGui::Dummy({width, height});
}

void empty_state(Ui& ui, const char* id, const char* icon, std::string_view title,
                 std::string_view words) {
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const ImVec2 left = ImGui::GetContentRegionAvail();
  const float width = std::min(left.x, ui.px(420));
  const ImVec2 title_size = paint::extent(ui.fonts.strong, title, width);
  const ImVec2 words_size = paint::extent(ui.fonts.text, words, width);
  const float disc = ui.px(72);
  const float height = disc + ui.px(16 + 8) + (title_size.y + words_size.y) * 1.2F;
  const float top = at.y + std::max(0.0F, (left.y - height) * 0.4F);
  const Rect column{{at.x + (left.x - width) / 2, top},
                    {at.x + (left.x + width) / 2, top + height}};
  const ImVec2 middle(paint::middle_of(column).x, top + disc / 2);
  ImGui::GetWindowDrawList()->AddCircleFilled(middle, disc / 2,
                                              paint::colour(ui.theme.medical.back), 64);
  paint::glyph(ui.fonts.icons_large, middle, ui.theme.medical.text, icon);
  const float below = centred(ui, TextKind::kStrong, title, column, top + disc + ui.px(16));
  const float end = centred(ui, TextKind::kMuted, words, column, below + ui.px(8));
  const std::string all = std::string(title) + "\n" + std::string(words);
  paint::note(ui, id, all, column, true, std::max(title_size.x, words_size.x) > width + 1);
  ImGui::Dummy({left.x, std::max(1.0F, end - at.y)});
}

void spinner_text(Ui& ui, std::string_view words) {
  put_icon(ui, icon::kWait, ui.theme.muted);
  same_line(ui);
  wrapped(ui, TextKind::kMuted, words);
}

void error_notice(Ui& ui, const char* id, const ErrorText& error) {
  notice(ui, id, NoticeKind::kBad, error.what, error.hint);
}

}  // namespace coffre::ui
