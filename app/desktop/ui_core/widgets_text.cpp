// Texts, tags, avatars, icons, and where the next widget stands.
#include <algorithm>
#include <array>

#include "app/desktop/ui_core/paint.h"
#include "app/desktop/ui_core/widgets.h"

namespace coffre::ui {
namespace {

// The first character of a word as a capital: ASCII, Latin-1 and œ; others as they are.
std::string capital(std::string_view word) {
  const auto first = static_cast<unsigned char>(word[0]);
  if (first >= 'a' && first <= 'z') {
    return {static_cast<char>(first - 'a' + 'A')};
  }
  if (first < 0x80) {
    return {word[0]};
  }
  std::string character(1, word[0]);
  for (std::size_t at = 1;
       at < word.size() && (static_cast<unsigned char>(word[at]) & 0xC0) == 0x80; ++at) {
    character += word[at];
  }
  if (character == "œ") {
    return "Œ";
  }
  // U+00E0 to U+00FE are the small letters of U+00C0 to U+00DE, but for the division sign.
  if (first == 0xC3 && character.size() == 2) {
    const auto second = static_cast<unsigned char>(character[1]);
    if (second >= 0xA0 && second <= 0xBE && second != 0xB7) {
      character[1] = static_cast<char>(second - 0x20);
    }
  }
  return character;
}

bool is_title(std::string_view word) {
  constexpr std::array<std::string_view, 8> kTitles = {"Dr", "Dr.", "Pr",   "Pr.",
                                                       "M.", "Mme", "Mlle", "Me"};
  return std::ranges::find(kTitles, word) != kTitles.end();
}

std::string initials(std::string_view name) {
  std::vector<std::string_view> parts;
  while (!name.empty()) {
    const std::size_t end = name.find_first_of(" \t");
    const std::string_view part = name.substr(0, end);
    if (!part.empty() && !is_title(part)) {
      parts.push_back(part);
    }
    name = end == std::string_view::npos ? std::string_view{} : name.substr(end + 1);
  }
  if (parts.empty()) {
    return "?";
  }
  return parts.size() == 1 ? capital(parts[0]) : capital(parts.front()) + capital(parts.back());
}

ImVec2 tag_extent(const Ui& ui, std::string_view words) {
  return {paint::extent(ui.fonts.label, words).x + 2 * ui.px(7), ui.px(20)};
}

void draw_tag(Ui& ui, const char* id, TagKind kind, std::string_view words, const Rect& area) {
  const TagColours& colours = paint::colours_of(ui, kind);
  bool cut = false;
  const std::string shown = paint::fit(ui.fonts.label, words, area.width() - 2 * ui.px(7), cut);
  paint::box(ui, area, colours.back, 4);
  const ImVec2 size = paint::extent(ui.fonts.label, shown);
  const ImVec2 middle = paint::middle_of(area);
  paint::words(ui.fonts.label, {middle.x - size.x / 2, middle.y - size.y / 2}, colours.text, shown);
  paint::note(ui, id, words, area, true, cut);
}

}  // namespace

void begin_root(Ui& ui) {
  const ImGuiIO& io = ImGui::GetIO();
  ImGui::SetNextWindowPos(ImVec2(0, 0));
  ImGui::SetNextWindowSize(io.DisplaySize);
  ImGui::PushStyleColor(ImGuiCol_WindowBg, ui.theme.ground);
  ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, ImVec2(0, 0));
  ImGui::Begin("##root", nullptr,
               ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoMove |
                   ImGuiWindowFlags_NoSavedSettings | ImGuiWindowFlags_NoBringToFrontOnFocus |
                   ImGuiWindowFlags_NoScrollWithMouse | ImGuiWindowFlags_NoNav);
  ImGui::PopStyleVar();
  ImGui::PopStyleColor();
  ImGui::PushFont(ui.fonts.text);
}

void end_root(Ui& /*ui*/) {
  ImGui::PopFont();
  ImGui::End();
}

void gap(Ui& ui, float at_100_percent) {
  // The space that ImGui puts below every item is there already.
  const float between = ImGui::GetStyle().ItemSpacing.y;
  ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, ImVec2(0, 0));
  ImGui::Dummy(ImVec2(0, std::max(0.0F, ui.px(at_100_percent) - between)));
  ImGui::PopStyleVar();
}

void same_line(Ui& ui, float at_100_percent) { ImGui::SameLine(0, ui.px(at_100_percent)); }

void place(ImVec2 at) { ImGui::SetCursorScreenPos(at); }

float room(const Ui& /*ui*/) { return ImGui::GetContentRegionAvail().x; }

void separator(Ui& ui) {
  const ImVec2 at = ImGui::GetCursorScreenPos();
  paint::line(ui, at, {at.x + room(ui), at.y}, ui.theme.line);
  ImGui::Dummy(ImVec2(0, std::max(1.0F, ui.scale)));
}

void text(Ui& ui, TextKind kind, std::string_view words) {
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const ImVec2 size = text_extent(ui, kind, words);
  paint::words(paint::font_of(ui, kind), at, paint::colour_of(ui, kind), words);
  paint::note(ui, "text", words, {at, {at.x + size.x, at.y + size.y}});
  ImGui::Dummy(size);
}

void wrapped(Ui& ui, TextKind kind, std::string_view words) {
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const ImFont* font = paint::font_of(ui, kind);
  const float width = std::max(ui.px(40), room(ui));
  const ImVec2 size = paint::extent(font, words, width);
  paint::words(font, at, paint::colour_of(ui, kind), words, width);
  paint::note(ui, "text", words, {at, {at.x + size.x, at.y + size.y}}, true, size.x > width + 1);
  ImGui::Dummy(size);
}

void fitted(Ui& ui, TextKind kind, std::string_view words, float width) {
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const float height = paint::font_of(ui, kind)->FontSize;
  text_in(ui, kind, words, {at, {at.x + width, at.y + height}});
  ImGui::Dummy({std::min(width, text_extent(ui, kind, words).x), height});
}

void text_in(Ui& ui, TextKind kind, std::string_view words, const Rect& area, float align) {
  const ImFont* font = paint::font_of(ui, kind);
  bool cut = false;
  const std::string shown = paint::fit(font, words, area.width(), cut);
  const ImVec2 size = paint::extent(font, shown);
  const ImVec2 at(area.min.x + std::max(0.0F, area.width() - size.x) * align,
                  area.min.y + (area.height() - size.y) / 2);
  paint::words(font, at, paint::colour_of(ui, kind), shown);
  const Rect drawn{at, {at.x + size.x, at.y + size.y}};
  paint::note(ui, "text", words, drawn, true, cut);
  if (cut && ImGui::IsWindowHovered() && ImGui::IsMouseHoveringRect(drawn.min, drawn.max)) {
    paint::tip(ui, drawn, words);
  }
}

ImVec2 text_extent(const Ui& ui, TextKind kind, std::string_view words) {
  return paint::extent(paint::font_of(ui, kind), words);
}

void tag(Ui& ui, const char* id, TagKind kind, std::string_view words) {
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const ImVec2 size = tag_extent(ui, words);
  draw_tag(ui, id, kind, words, {at, {at.x + size.x, at.y + size.y}});
  ImGui::Dummy(size);
}

void tag_in(Ui& ui, const char* id, TagKind kind, std::string_view words, const Rect& area) {
  const ImVec2 size = tag_extent(ui, words);
  const float top = area.min.y + (area.height() - size.y) / 2;
  draw_tag(ui, id, kind, words,
           {{area.min.x, top}, {area.min.x + std::min(size.x, area.width()), top + size.y}});
}

void avatar(Ui& ui, std::string_view name, float diameter) {
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const float side = ui.px(diameter);
  const ImVec2 middle(at.x + side / 2, at.y + side / 2);
  ImGui::GetWindowDrawList()->AddCircleFilled(middle, side / 2,
                                              paint::colour(ui.theme.medical.back), 48);
  const ImFont* font = ui.fonts.small_strong;
  const std::string letters = initials(name);
  const ImVec2 size = paint::extent(font, letters);
  paint::words(font, {middle.x - size.x / 2, middle.y - size.y / 2}, ui.theme.medical.text,
               letters);
  paint::note(ui, "avatar", letters, {at, {at.x + side, at.y + side}});
  ImGui::Dummy({side, side});
}

void put_icon(Ui& ui, const char* glyph, ImVec4 ink) {
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const float side = ui.px(20);
  icon_in(ui, glyph, {at, {at.x + side, at.y + side}}, ink);
  ImGui::Dummy({side, side});
}

void icon_in(Ui& ui, const char* glyph, const Rect& area, ImVec4 ink) {
  paint::glyph(ui.fonts.icons, paint::middle_of(area), ink, glyph);
}

}  // namespace coffre::ui
