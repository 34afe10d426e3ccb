#include "app/desktop/ui_core/covers.h"

#include <algorithm>
#include <string>

#include "app/common/i18n.h"
#include "app/desktop/ui_core/draw.h"
#include "app/desktop/ui_core/icons.h"

namespace coffre::ui {
namespace {

constexpr std::int64_t kMinuteMs = 60'000;
constexpr float kMark = 56;

std::int64_t rounded_up(std::int64_t ms, std::int64_t unit_ms) {
  return (ms + unit_ms - 1) / unit_ms;
}

}  // namespace

ShownTime shown_time(std::int64_t remaining_ms) {
  if (remaining_ms <= 0) {
    return {};
  }
  const std::int64_t unit_ms = remaining_ms > kMinuteMs   ? kMinuteMs
                               : remaining_ms > kNoticeMs ? 10'000
                                                          : 1'000;
  const std::int64_t units = rounded_up(remaining_ms, unit_ms);
  ShownTime time;
  time.is_minutes = unit_ms == kMinuteMs;
  time.value = time.is_minutes ? units : units * (unit_ms / 1'000);
  time.next_change_ms = remaining_ms - (units - 1) * unit_ms;
  return time;
}

std::string text_of(const ShownTime& time) {
  return fill(tr(time.is_minutes ? N_("{} min") : N_("{} s")), {std::to_string(time.value)});
}

bool draw_curtain(Ui& ui, std::int64_t left_s) {
  const ImGuiIO& io = ImGui::GetIO();
  const ImVec2 window = io.DisplaySize;
  // Above all windows, also above a sheet that is still open below.
  ImDrawList& list = *ImGui::GetForegroundDrawList();
  list.AddRectFilled(ImVec2(0, 0), window, paint::colour(ui.theme.rail));
  const float mark = ui.px(kMark);
  const float top = window.y / 2 - mark;
  put_mark(ui, list, ImVec2((window.x - mark) / 2, top), mark);
  const std::string words = tr(N_("Press any key to come back"));
  const ImVec2 words_size = paint::extent(ui.fonts.title, words);
  const ImVec2 at((window.x - words_size.x) / 2, top + mark + ui.px(size::kGapLarge));
  put(list, ui.fonts.title, at, ui.theme.rail_strong, words);
  const std::string more =
      fill(tr(N_("No password is needed for another {} s; then the vault locks.")),
           {std::to_string(left_s)});
  const ImVec2 more_size = paint::extent(ui.fonts.text, more);
  const ImVec2 more_at((window.x - more_size.x) / 2, at.y + words_size.y + ui.px(size::kGapSmall));
  put(list, ui.fonts.text, more_at, ui.theme.rail_text, more);
  paint::note(ui, "curtain", words, {ImVec2(0, 0), window}, true,
              words_size.x > window.x || more_size.x > window.x);
  bool pressed = io.InputQueueCharacters.Size > 0;
  for (int button = 0; button < ImGuiMouseButton_COUNT; ++button) {
    pressed = pressed || ImGui::IsMouseClicked(button);
  }
  return pressed;
}

void draw_lock_notice(Ui& ui, std::int64_t left_s) {
  ImDrawList& list = *ImGui::GetForegroundDrawList();
  const ImVec2 window = ImGui::GetIO().DisplaySize;
  const std::string words = fill(tr(N_("The vault locks in {} s")), {std::to_string(left_s)});
  const std::string more = tr(N_("Any key keeps it open"));
  const float gap = ui.px(size::kGapWide);
  const float icon_size = ui.fonts.icons->FontSize;
  const ImVec2 words_size = paint::extent(ui.fonts.strong, words);
  const ImVec2 more_size = paint::extent(ui.fonts.text, more);
  const float width = std::max(words_size.x, more_size.x) + icon_size + ui.px(size::kGap) + 2 * gap;
  const float height = words_size.y + more_size.y + ui.px(4) + 2 * ui.px(size::kGap);
  const ImVec2 from((window.x - width) / 2, ui.px(size::kTopBar + size::kGap));
  const ImVec2 to(from.x + width, from.y + height);
  list.AddRectFilled(from, to, paint::colour(ui.theme.warning.back), ui.px(size::kRadius));
  list.AddRect(from, to, paint::colour(ui.theme.warning.text), ui.px(size::kRadius));
  put(list, ui.fonts.icons, ImVec2(from.x + gap, (from.y + to.y - icon_size) / 2),
      ui.theme.warning.text, icon::kTimer);
  const float left = from.x + gap + icon_size + ui.px(size::kGap);
  const float top = from.y + ui.px(size::kGap);
  put(list, ui.fonts.strong, ImVec2(left, top), ui.theme.warning.text, words);
  put(list, ui.fonts.text, ImVec2(left, top + words_size.y + ui.px(4)), ui.theme.warning.text,
      more);
  paint::note(ui, "lock_notice", words, {from, to}, true, width > window.x);
}

}  // namespace coffre::ui
