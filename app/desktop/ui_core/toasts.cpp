#include "app/desktop/ui_core/toasts.h"

#include <algorithm>
#include <ranges>

#include "app/common/i18n.h"
#include "app/desktop/ui_core/icons.h"
#include "app/desktop/ui_core/paint.h"
#include "app/desktop/ui_core/widgets.h"

namespace coffre::ui {
namespace {

constexpr std::int64_t kPlainMs = 5'000;
constexpr std::int64_t kUndoMs = 10'000;
constexpr std::int64_t kErrorMs = 15'000;
constexpr float kIconRoom = 20;
constexpr float kLineGap = 2;
constexpr float kToastPadding = 6;
constexpr float kWordsMin = 80;

}  // namespace

void ToastList::say(std::string words) {
  Toast toast;
  toast.words = std::move(words);
  add(std::move(toast), kPlainMs);
}

void ToastList::say(std::string words, std::string undo_label, std::function<void()> undo) {
  Toast toast;
  toast.words = std::move(words);
  toast.undo_label = std::move(undo_label);
  toast.undo = std::move(undo);
  add(std::move(toast), kUndoMs);
}

void ToastList::say_error(const Error& error) {
  ErrorText words = text_of(error);
  Toast toast;
  toast.is_error = true;
  toast.words = std::move(words.what);
  toast.more = std::move(words.hint);
  add(std::move(toast), kErrorMs);
}

void ToastList::add(Toast toast, std::int64_t for_ms) {
  toast.number = next_++;
  toast.until_ms = clock_.steady_ms() + for_ms;
  toasts_.push_back(std::move(toast));
  if (toasts_.size() > kToastsMax) {
    toasts_.pop_front();
  }
}

bool ToastList::expire() {
  const std::int64_t now = clock_.steady_ms();
  return std::erase_if(toasts_, [&](const Toast& toast) { return toast.until_ms <= now; }) != 0;
}

std::int64_t ToastList::next_ms() const {
  if (toasts_.empty()) {
    return -1;
  }
  const auto first = std::ranges::min_element(toasts_, {}, &Toast::until_ms);
  return std::max<std::int64_t>(0, first->until_ms - clock_.steady_ms());
}

bool ToastList::close_newest() {
  if (toasts_.empty()) {
    return false;
  }
  toasts_.pop_back();
  return true;
}

ToastList::Layout ToastList::layout_of(const Ui& ui, const Toast& toast, float width) {
  Layout layout;
  float beside = ui.px(2 * size::kGapLarge + kIconRoom + size::kGapSmall + size::kButton);
  if (toast.undo) {
    beside += button_width(ui, toast.undo_label, icon::kUndo) + ui.px(size::kGapSmall);
  }
  layout.words_width = std::max(ui.px(kWordsMin), width - beside);
  layout.words_height = paint::extent(ui.fonts.text, toast.words, layout.words_width).y;
  if (!toast.more.empty()) {
    layout.words_height +=
        ui.px(kLineGap) + paint::extent(ui.fonts.text, toast.more, layout.words_width).y;
  }
  layout.height = std::max(ui.px(size::kButton), layout.words_height) + ui.px(2 * kToastPadding);
  return layout;
}

std::size_t ToastList::fitting(const Ui& ui, float width, float height_max) const {
  float all = 0;
  std::size_t count = 0;
  for (const Toast& toast : toasts_ | std::views::reverse) {
    all += layout_of(ui, toast, width).height;
    if (count > 0 && all > height_max) {
      break;
    }
    ++count;
  }
  return count;
}

float ToastList::height(const Ui& ui, float width, float height_max) const {
  float all = 0;
  for (const Toast& toast :
       toasts_ | std::views::drop(toasts_.size() - fitting(ui, width, height_max))) {
    all += layout_of(ui, toast, width).height;
  }
  return all;
}

ToastList::Pressed ToastList::draw_one(Ui& ui, const Toast& toast, const Rect& row) {
  const std::string id = "toast." + std::to_string(toast.number);
  const Layout layout = layout_of(ui, toast, row.width());
  const float middle = paint::middle_of(row).y;
  paint::line(ui, row.min, {row.max.x, row.min.y}, ui.theme.line);
  float left = row.min.x + ui.px(size::kGapLarge);
  paint::glyph(ui.fonts.icons, {left + ui.px(kIconRoom) / 2, middle},
               toast.is_error ? ui.theme.danger : ui.theme.good.text,
               toast.is_error ? icon::kError : icon::kDone);
  left += ui.px(kIconRoom + size::kGapSmall);
  const ImVec2 from(left, middle - layout.words_height / 2);
  paint::words(ui.fonts.text, from, ui.theme.text, toast.words, layout.words_width);
  if (!toast.more.empty()) {
    const float below = paint::extent(ui.fonts.text, toast.words, layout.words_width).y;
    paint::words(ui.fonts.text, {left, from.y + below + ui.px(kLineGap)}, ui.theme.muted,
                 toast.more, layout.words_width);
  }
  paint::note(ui, id, toast.words,
              {from, {left + layout.words_width, from.y + layout.words_height}});
  Pressed pressed = Pressed::kNothing;
  const float top = middle - ui.px(size::kButton) / 2;
  const float close = row.max.x - ui.px(size::kGapLarge + size::kButton);
  if (toast.undo) {
    const float width = button_width(ui, toast.undo_label, icon::kUndo);
    place({close - ui.px(size::kGapSmall) - width, top});
    if (button(ui, (id + ".undo").c_str(), toast.undo_label, ButtonKind::kPlain, icon::kUndo)) {
      pressed = Pressed::kUndo;
    }
  }
  place({close, top});
  if (icon_button(ui, (id + ".close").c_str(), icon::kClose, tr(N_("Close (Esc)")))) {
    pressed = Pressed::kClose;
  }
  return pressed;
}

void ToastList::draw(Ui& ui, const Rect& strip) {
  if (toasts_.empty() || strip.height() < 1) {
    return;  // one that came in this very frame has its place in the next
  }
  std::function<void()> undo;
  std::uint64_t going = 0;
  if (begin_panel(ui, "toasts", strip, ui.theme.panel, 0, false)) {
    float top = strip.min.y;
    const std::size_t count = fitting(ui, strip.width(), strip.height() + 1);
    for (const Toast& toast : toasts_ | std::views::drop(toasts_.size() - count)) {
      const float height = layout_of(ui, toast, strip.width()).height;
      const Pressed pressed =
          draw_one(ui, toast, {{strip.min.x, top}, {strip.max.x, top + height}});
      if (pressed != Pressed::kNothing) {
        going = toast.number;
        undo = pressed == Pressed::kUndo ? toast.undo : nullptr;
      }
      top += height;
    }
  }
  end_panel(ui);
  std::erase_if(toasts_, [&](const Toast& toast) { return toast.number == going; });
  if (undo) {
    undo();  // may say something itself
  }
}

}  // namespace coffre::ui
