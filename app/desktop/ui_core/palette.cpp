#include "app/desktop/ui_core/palette.h"

#include <algorithm>
#include <ranges>

#include "app/common/i18n.h"
#include "app/desktop/ui_core/icons.h"
#include "app/desktop/ui_core/touch.h"
#include "core/base/text.h"

namespace coffre::ui {
namespace {

constexpr float kPaletteWidth = 560;
constexpr float kListHeight = 360;

}  // namespace

void Palette::open() {
  is_open_ = true;
  was_opened_ = true;
  chosen_ = 0;
  words_.clear();
}

std::vector<const Command*> Palette::matching(const Commands& commands) const {
  std::vector<std::string> wanted;
  const std::string folded = fold(words_.view());
  for (const auto word : std::views::split(folded, ' ')) {
    if (!word.empty()) {
      wanted.emplace_back(word.begin(), word.end());
    }
  }
  std::vector<const Command*> found;
  for (const Command& command : commands.all()) {
    if (Commands::availability_of(command).kind == Availability::Kind::kHidden) {
      continue;
    }
    const std::string name = fold(tr(command.label));
    if (std::ranges::all_of(wanted, [&](const std::string& word) {
          return name.find(word) != std::string::npos;
        })) {
      found.push_back(&command);
    }
  }
  return found;
}

void Palette::move_by_keys(std::size_t count) {
  if (count == 0) {
    chosen_ = 0;
    return;
  }
  const std::size_t before = chosen_;
  chosen_ = std::min(chosen_, count - 1);
  if (focus::pressed(ImGuiKey_DownArrow, true)) {
    chosen_ = (chosen_ + 1) % count;
  }
  if (focus::pressed(ImGuiKey_UpArrow, true)) {
    chosen_ = (chosen_ + count - 1) % count;
  }
  must_scroll_ = must_scroll_ || chosen_ != before;
}

bool Palette::draw_row(Ui& ui, const Command& command, bool is_chosen) {
  const Availability availability = Commands::availability_of(command);
  const bool is_ready = availability.is_ready();
  const std::string id = std::string("palette.") + command.id;
  const Touch touch = touched_by_mouse(ui, id.c_str(), {room(ui), ui.px(size::kRow)});
  if (is_chosen || touch.hovered) {
    paint::box(ui, touch.area, is_chosen ? ui.theme.selected : ui.theme.hover);
  }
  const ImVec4& ink = is_ready ? ui.theme.text : ui.theme.muted;
  Rect rest = paint::shrunk(touch.area, 0);
  rest.min.x += ui.px(size::kGap);
  rest.max.x -= ui.px(size::kGap);
  const float icon_edge = ui.px(20);
  icon_in(ui, command.icon, {rest.min, {rest.min.x + icon_edge, rest.max.y}}, ui.theme.muted);
  rest.min.x += icon_edge + ui.px(size::kGap);
  const std::string keys = is_ready ? text_of(command.shortcut) : reason_of(availability);
  text_in(ui, TextKind::kSmallMuted, keys, rest, 1);
  rest.max.x -= paint::extent(ui.fonts.small, keys).x + ui.px(size::kGap);
  bool is_cut = false;
  const std::string shown = paint::fit(ui.fonts.text, tr(command.label), rest.width(), is_cut);
  const float height = paint::extent(ui.fonts.text, shown).y;
  paint::words(ui.fonts.text, {rest.min.x, paint::middle_of(rest).y - height / 2}, ink, shown);
  paint::note(ui, id, tr(command.label), touch.area, is_ready, is_cut, is_chosen);
  return touch.pressed && is_ready;
}

void Palette::draw(Ui& ui, Commands& commands) {
  if (!is_open_) {
    return;
  }
  std::string run;
  if (begin_sheet(ui, "palette", tr(N_("Commands")), kPaletteWidth, is_open_)) {
    FieldOptions options;
    options.icon = icon::kSearch;
    const std::string hint = tr(N_("What do you want to do?"));
    options.hint = hint;
    options.focus = was_opened_;
    was_opened_ = false;
    const FieldEvent event = text_field(ui, "palette.words", "", words_.span(), options);
    if (event == FieldEvent::kChanged) {
      chosen_ = 0;
      must_scroll_ = true;
    }
    const std::vector<const Command*> found = matching(commands);
    move_by_keys(found.size());
    gap(ui, size::kGapSmall);
    ImGui::BeginChild("##palette.list", ImVec2(0, ui.px(kListHeight)));
    ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, ImVec2(0, 0));
    for (std::size_t i = 0; i < found.size(); ++i) {
      if (draw_row(ui, *found[i], i == chosen_)) {
        run = found[i]->id;
      }
      if (i == chosen_ && must_scroll_) {
        ImGui::SetScrollHereY();
        must_scroll_ = false;
      }
    }
    ImGui::PopStyleVar();
    if (found.empty()) {
      text(ui, TextKind::kMuted, tr(N_("No command has this name.")));
    }
    ImGui::EndChild();
    if (event == FieldEvent::kEntered && chosen_ < found.size() &&
        Commands::availability_of(*found[chosen_]).is_ready()) {
      run = found[chosen_]->id;
    }
    if (!run.empty()) {
      is_open_ = false;
    }
    end_sheet(ui);
  }
  if (!is_open_) {
    words_.clear();
  }
  if (!run.empty()) {
    commands.run(run);
  }
}

}  // namespace coffre::ui
