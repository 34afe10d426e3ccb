#include "app/desktop/ui_core/paint.h"

#include <algorithm>
#include <cfloat>
#include <cmath>

namespace coffre::ui::paint {
namespace {

ImVec2 snapped(ImVec2 at) { return {std::floor(at.x), std::floor(at.y)}; }

// The start of the character that byte `at` belongs to.
std::size_t border(std::string_view text, std::size_t at) {
  while (at > 0 && at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0) == 0x80) {
    --at;
  }
  return at;
}

}  // namespace

ImU32 colour(const ImVec4& value) { return ImGui::ColorConvertFloat4ToU32(value); }

ImFont* font_of(const Ui& ui, TextKind kind) {
  switch (kind) {
    case TextKind::kText:
    case TextKind::kMuted:
      return ui.fonts.text;
    case TextKind::kStrong:
      return ui.fonts.strong;
    case TextKind::kSmall:
    case TextKind::kSmallMuted:
      return ui.fonts.small;
    case TextKind::kSmallStrong:
      return ui.fonts.small_strong;
    case TextKind::kTitle:
      return ui.fonts.title;
  }
  return ui.fonts.text;
}

ImVec4 colour_of(const Ui& ui, TextKind kind) {
  const bool muted = kind == TextKind::kMuted || kind == TextKind::kSmallMuted;
  return muted ? ui.theme.muted : ui.theme.text;
}

const TagColours& colours_of(const Ui& ui, TagKind kind) {
  switch (kind) {
    case TagKind::kMedical:
      return ui.theme.medical;
    case TagKind::kAdministrative:
      return ui.theme.administrative;
    case TagKind::kGood:
      return ui.theme.good;
    case TagKind::kWarning:
      return ui.theme.warning;
    case TagKind::kBad:
      return ui.theme.bad;
    case TagKind::kNeutral:
      return ui.theme.neutral;
  }
  return ui.theme.neutral;
}

ImVec2 extent(const ImFont* font, std::string_view text, float wrap_width) {
  if (text.empty()) {
    return {0, font->FontSize};
  }
  const ImVec2 size = font->CalcTextSizeA(font->FontSize, FLT_MAX, wrap_width, text.data(),
                                          text.data() + text.size());
  return {std::ceil(size.x), size.y};
}

void words(const ImFont* font, ImVec2 at, const ImVec4& ink, std::string_view text,
           float wrap_width) {
  if (!text.empty()) {
    ImGui::GetWindowDrawList()->AddText(font, font->FontSize, snapped(at), colour(ink), text.data(),
                                        text.data() + text.size(), wrap_width);
  }
}

void glyph(const ImFont* icons, ImVec2 middle, const ImVec4& ink, std::string_view icon) {
  const ImVec2 size = extent(icons, icon);
  words(icons, {middle.x - size.x / 2, middle.y - size.y / 2}, ink, icon);
}

std::string fit(const ImFont* font, std::string_view text, float width, bool& cut) {
  cut = extent(font, text).x > std::ceil(width);
  if (!cut) {
    return std::string(text);
  }
  constexpr std::string_view kEllipsis = "\u2026";
  const float room = width - extent(font, kEllipsis).x;
  std::size_t fits = 0;
  std::size_t beyond = text.size();
  while (fits + 1 < beyond) {
    const std::size_t half = fits + (beyond - fits) / 2;
    (extent(font, text.substr(0, border(text, half))).x <= room ? fits : beyond) = half;
  }
  std::string_view kept = text.substr(0, border(text, fits));
  while (kept.ends_with(' ')) {
    kept.remove_suffix(1);
  }
  return std::string(kept) + std::string(kEllipsis);
}

void box(const Ui& ui, const Rect& area, const ImVec4& ground, float radius) {
  ImGui::GetWindowDrawList()->AddRectFilled(area.min, area.max, colour(ground), ui.px(radius));
}

void edge(const Ui& ui, const Rect& area, const ImVec4& ink, float thickness, float radius) {
  const float width = std::max(1.0F, std::floor(ui.px(thickness)));
  // ImGui centres a line of its own on the half pixel; a thick one is moved inside.
  const float inside = (width - 1) / 2;
  ImGui::GetWindowDrawList()->AddRect({area.min.x + inside, area.min.y + inside},
                                      {area.max.x - inside, area.max.y - inside}, colour(ink),
                                      ui.px(radius), 0, width);
}

void line(const Ui& ui, ImVec2 from, ImVec2 to, const ImVec4& ink) {
  const float width = std::max(1.0F, std::floor(ui.scale));
  const ImVec2 end = from.x == to.x ? ImVec2(to.x + width, to.y) : ImVec2(to.x, to.y + width);
  ImGui::GetWindowDrawList()->AddRectFilled(snapped(from), snapped(end), colour(ink));
}

void ring(const Ui& ui, const Rect& area, float radius) {
  edge(ui, shrunk(area, -ui.px(2)), ui.theme.panel, 1, radius + 2);
  edge(ui, shrunk(area, -ui.px(1)), ui.theme.focus, 2, radius + 1);
}

Rect shrunk(const Rect& area, float by) {
  return {{area.min.x + by, area.min.y + by}, {area.max.x - by, area.max.y - by}};
}

ImVec2 middle_of(const Rect& area) {
  return {(area.min.x + area.max.x) / 2, (area.min.y + area.max.y) / 2};
}

void tip(const Ui& ui, const Rect& area, std::string_view text) {
  if (text.empty()) {
    return;
  }
  const float wrap = ui.px(320);
  const ImVec2 size = extent(ui.fonts.small, text, wrap);
  const ImVec2 padding(ui.px(10), ui.px(6));
  const ImVec2 room = ImGui::GetIO().DisplaySize;
  const ImVec2 whole(size.x + 2 * padding.x, size.y + 2 * padding.y);
  ImVec2 at(area.min.x, area.max.y + ui.px(6));
  if (at.y + whole.y > room.y) {
    at.y = area.min.y - whole.y - ui.px(6);
  }
  at.x = std::clamp(at.x, 0.0F, std::max(0.0F, room.x - whole.x));
  // Over everything, sheets too. The widget asks for it in the frame that it is looked at.
  ImDrawList* const list = ImGui::GetForegroundDrawList();
  const ImVec2 end(at.x + whole.x, at.y + whole.y);
  list->AddRectFilled(at, end, colour(ui.theme.text), ui.px(size::kRadius));
  list->AddText(ui.fonts.small, ui.fonts.small->FontSize,
                snapped({at.x + padding.x, at.y + padding.y}), colour(ui.theme.panel), text.data(),
                text.data() + text.size(), wrap);
}

void note(Ui& ui, std::string_view id, std::string_view text, const Rect& area, bool enabled,
          bool cut, bool focused) {
  if (ui.seen == nullptr) {
    return;
  }
  const ImDrawList& list = *ImGui::GetWindowDrawList();
  const ImVec2 from = list.GetClipRectMin();
  const ImVec2 to = list.GetClipRectMax();
  const bool visible = area.min.x >= from.x - 1 && area.min.y >= from.y - 1 &&
                       area.max.x <= to.x + 1 && area.max.y <= to.y + 1;
  // Nothing scrolls sideways: what is clipped there cannot be read at all.
  const bool clipped = !text.empty() && (area.min.x < from.x - 1 || area.max.x > to.x + 1);
  ui.seen->push_back({std::string(id), std::string(text), area.min, area.max, enabled,
                      cut || clipped, visible, focused});
}

}  // namespace coffre::ui::paint
