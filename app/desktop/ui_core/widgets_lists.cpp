// Lists of rows, and the heads of tables.
#include <algorithm>
#include <cmath>

#include "app/desktop/ui_core/icons.h"
#include "app/desktop/ui_core/touch.h"
#include "app/desktop/ui_core/widgets.h"
#include "core/base/text.h"

namespace coffre::ui {
namespace {

// Letters typed within this time are one word.
constexpr std::int64_t kTypingMs = 1'000;

// The next row whose name begins with what was typed.
std::ptrdiff_t find_typed(Ui& ui, ListState& state, std::ptrdiff_t count) {
  const ImVector<ImWchar>& characters = ImGui::GetIO().InputQueueCharacters;
  const ImGuiIO& io = ImGui::GetIO();
  if (!state.name_of || characters.empty() || io.KeyCtrl || io.KeyAlt) {
    return -1;
  }
  const std::int64_t now = ui.clock.steady_ms();
  if (now - state.typed_ms > kTypingMs) {
    state.typed.clear();
  }
  state.typed_ms = now;
  const bool fresh = state.typed.empty();
  for (const ImWchar character : characters) {
    const auto point = static_cast<unsigned>(character);
    if (point < 0x80) {
      state.typed += static_cast<char>(point);
    } else if (point < 0x800) {
      state.typed += static_cast<char>(0xC0 | point >> 6);
      state.typed += static_cast<char>(0x80 | (point & 0x3F));
    } else {
      state.typed += static_cast<char>(0xE0 | point >> 12);
      state.typed += static_cast<char>(0x80 | (point >> 6 & 0x3F));
      state.typed += static_cast<char>(0x80 | (point & 0x3F));
    }
  }
  const std::string wanted = fold(state.typed);
  if (wanted.find_first_not_of(' ') == std::string::npos) {
    state.typed.clear();
    return -1;
  }
  // The first letter again goes on to the next row of that letter.
  const std::ptrdiff_t start = state.focused < 0 ? 0 : state.focused + (fresh ? 1 : 0);
  for (std::ptrdiff_t step = 0; step < count; ++step) {
    const std::ptrdiff_t at = (start + step) % count;
    if (fold(state.name_of(static_cast<std::size_t>(at))).starts_with(wanted)) {
      return at;
    }
  }
  return -1;
}

std::ptrdiff_t find_moved(Ui& ui, ListState& state, std::ptrdiff_t count, float row_height) {
  const auto page = std::max<std::ptrdiff_t>(
      1, static_cast<std::ptrdiff_t>(ImGui::GetWindowHeight() / row_height) - 1);
  const std::ptrdiff_t last = count - 1;
  const std::ptrdiff_t at = state.focused;
  if (focus::pressed(ImGuiKey_DownArrow, true)) {
    return std::min(at + 1, last);
  }
  if (focus::pressed(ImGuiKey_UpArrow, true)) {
    return std::max<std::ptrdiff_t>(at - 1, 0);
  }
  if (focus::pressed(ImGuiKey_PageDown, true)) {
    return std::min(std::max<std::ptrdiff_t>(at, 0) + page, last);
  }
  if (focus::pressed(ImGuiKey_PageUp, true)) {
    return std::max<std::ptrdiff_t>(at - page, 0);
  }
  if (focus::pressed(ImGuiKey_Home)) {
    return 0;
  }
  if (focus::pressed(ImGuiKey_End)) {
    return last;
  }
  return find_typed(ui, state, count);
}

void scroll_to(std::ptrdiff_t row, float row_height) {
  const float top = static_cast<float>(row) * row_height;
  const float height = ImGui::GetWindowHeight();
  const float now = ImGui::GetScrollY();
  if (top < now) {
    ImGui::SetScrollY(top);
  } else if (top + row_height > now + height) {
    ImGui::SetScrollY(top + row_height - height);
  }
}

struct RowLook {
  bool selected = false;
  bool hovered = false;
  bool ring = false;
};

void draw_ground(const Ui& ui, const Rect& area, const RowLook& look) {
  if (look.selected) {
    paint::box(ui, area, ui.theme.selected, 0);
    paint::box(ui, {area.min, {area.min.x + ui.px(size::kSelectedEdge), area.max.y}},
               ui.theme.accent, 0);
  } else if (look.hovered) {
    paint::box(ui, area, ui.theme.hover, 0);
  }
  const float bottom = area.max.y - std::max(1.0F, std::floor(ui.scale));
  paint::line(ui, {area.min.x, bottom}, {area.max.x, bottom}, ui.theme.line);
  if (look.ring) {
    paint::edge(ui, paint::shrunk(area, ui.px(1)), ui.theme.focus, 2, 4);
  }
}

}  // namespace

bool begin_list(Ui& /*ui*/, const char* id, ListState& state, std::size_t count,
                float /*row_height*/, Rect area) {
  state.entered = false;
  state.focused = std::min(state.focused, static_cast<std::ptrdiff_t>(count) - 1);
  ImGui::SetCursorScreenPos(area.min);
  ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, ImVec2(0, 0));
  const bool visible =
      ImGui::BeginChild(id, {std::max(1.0F, area.width()), std::max(1.0F, area.height())}, false,
                        ImGuiWindowFlags_NoNav);
  ImGui::PopStyleVar();
  return visible;
}

std::ptrdiff_t list_rows(Ui& ui, const char* id, ListState& state, std::size_t count,
                         float row_height, std::ptrdiff_t selected,
                         const std::function<void(std::size_t, const Rect&, bool)>& draw_row) {
  const focus::Stop stop = focus::stop(id);
  const auto total = static_cast<std::ptrdiff_t>(count);
  if (state.focused < 0 && selected >= 0 && selected < total) {
    state.focused = selected;
  }
  std::ptrdiff_t chosen = -1;
  if (stop.focused && !stop.arrived && total > 0) {
    const std::ptrdiff_t moved = find_moved(ui, state, total, row_height);
    if (moved >= 0) {
      state.focused = moved;
      state.scroll_to_focused = true;
      chosen = moved;
    } else if (state.focused >= 0 && focus::enter_pressed()) {
      chosen = state.focused;
      state.entered = true;
    }
  }
  if (state.scroll_to_focused && state.focused >= 0) {
    scroll_to(state.focused, row_height);
    state.scroll_to_focused = false;
  }
  const ImVec2 origin = ImGui::GetCursorScreenPos();
  const float width = ImGui::GetContentRegionAvail().x;
  const float from = ImGui::GetScrollY() - row_height;
  const float to = ImGui::GetScrollY() + ImGui::GetWindowHeight();
  const auto first = std::clamp<std::ptrdiff_t>(
      static_cast<std::ptrdiff_t>(std::floor(from / row_height)), 0, total);
  for (std::ptrdiff_t at = first; at < total; ++at) {
    const float top = static_cast<float>(at) * row_height;
    if (top > to) {
      break;
    }
    const Rect area{{origin.x, origin.y + top}, {origin.x + width, origin.y + top + row_height}};
    ImGui::SetCursorScreenPos(area.min);
    const std::string name = std::string(id) + "." + std::to_string(at);
    const Touch touch = touched_by_mouse(ui, name.c_str(), {std::max(1.0F, width), row_height});
    ImGui::SetItemAllowOverlap();  // a row may hold buttons
    if (touch.pressed) {
      focus::take(id);
      state.focused = at;
      chosen = at;
    }
    if (touch.hovered && ImGui::IsMouseDoubleClicked(ImGuiMouseButton_Left)) {
      state.focused = at;
      chosen = at;
      state.entered = true;
    }
    const bool is_focused = stop.focused && at == state.focused;
    draw_ground(
        ui, area,
        {.selected = at == selected, .hovered = touch.hovered, .ring = is_focused && stop.ring});
    paint::note(ui, name, {}, area, true, false, is_focused);
    ImGui::PushClipRect(area.min, area.max, true);
    ImGui::SetCursorScreenPos(area.min);
    draw_row(static_cast<std::size_t>(at), area, is_focused);
    ImGui::PopClipRect();
  }
  ImGui::SetCursorScreenPos(origin);
  ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, ImVec2(0, 0));
  ImGui::Dummy({1, static_cast<float>(count) * row_height});
  ImGui::PopStyleVar();
  return chosen;
}

void end_list(Ui& /*ui*/) { ImGui::EndChild(); }

bool table_head(Ui& ui, const char* id, std::span<const Column> columns, SortState& sort,
                std::vector<float>& edges) {
  float fixed = 0;
  float shares = 0;
  for (const Column& column : columns) {
    fixed += ui.px(column.width);
    shares += column.width > 0 ? 0.0F : 1.0F;
  }
  const ImVec2 origin = ImGui::GetCursorScreenPos();
  const float width = room(ui);
  const float share = shares > 0 ? std::max(0.0F, (width - fixed) / shares) : 0;
  const float height = ui.px(size::kRow - 4);
  bool changed = false;
  edges.clear();
  float left = origin.x;
  for (std::size_t at = 0; at < columns.size(); ++at) {
    const Column& column = columns[at];
    edges.push_back(left);
    const float right = left + (column.width > 0 ? ui.px(column.width) : share);
    const std::string name = std::string(id) + "." + column.id;
    ImGui::SetCursorScreenPos({left, origin.y});
    Touch touch{.area = {{left, origin.y}, {right, origin.y + height}}};
    if (column.sortable) {
      touch = touched(ui, name.c_str(), {std::max(1.0F, right - left), height}, {});
    }
    if (touch.pressed) {
      sort.descending = sort.column == at && !sort.descending;
      sort.column = at;
      changed = true;
    }
    const bool sorted = column.sortable && sort.column == at;
    const float inset = ui.px(size::kGap);
    bool cut = false;
    const float words_room = right - left - 2 * inset - (sorted ? ui.px(18) : 0);
    const std::string shown = paint::fit(ui.fonts.label, column.label, words_room, cut);
    const ImVec4& ink = touch.hovered && column.sortable ? ui.theme.text : ui.theme.neutral.text;
    const float middle = origin.y + height / 2;
    paint::words(ui.fonts.label, {left + inset, middle - ui.fonts.label->FontSize / 2}, ink, shown);
    if (sorted) {
      paint::glyph(ui.fonts.icons_small,
                   {left + inset + paint::extent(ui.fonts.label, shown).x + ui.px(11), middle}, ink,
                   sort.descending ? icon::kArrowDown : icon::kArrowUp);
    }
    if (touch.ring) {
      paint::ring(ui, paint::shrunk(touch.area, ui.px(3)), 4);
    }
    paint::note(ui, name, column.label, touch.area, column.sortable, cut, touch.focused);
    left = right;
  }
  edges.push_back(left);
  paint::line(ui, {origin.x, origin.y + height}, {origin.x + width, origin.y + height},
              ui.theme.line);
  ImGui::SetCursorScreenPos(origin);
  ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, ImVec2(0, 0));
  ImGui::Dummy({width, height + std::max(1.0F, std::floor(ui.scale))});
  ImGui::PopStyleVar();
  return changed;
}

}  // namespace coffre::ui
