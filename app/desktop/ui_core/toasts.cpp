#include "app/desktop/ui_core/toasts.h"

#include <algorithm>

#include "app/common/i18n.h"
#include "app/desktop/ui_core/draw.h"
#include "app/desktop/ui_core/icons.h"
#include "app/desktop/ui_core/widgets.h"

namespace coffre::ui {
namespace {

constexpr std::int64_t kPlainMs = 5'000;
constexpr std::int64_t kUndoMs = 10'000;
constexpr std::int64_t kErrorMs = 15'000;
constexpr float kToastWidth = 380;

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

ToastList::Pressed ToastList::draw_one(Ui& ui, const Toast& toast) {
  ImGui::PushID(static_cast<int>(toast.number));
  const std::string id = "toast." + std::to_string(toast.number);
  const float width = ui.px(kToastWidth - 2 * size::kGapWide);
  ImGui::PushStyleColor(ImGuiCol_Text, toast.is_error ? ui.theme.danger : ui.theme.good.text);
  ImGui::PushFont(ui.fonts.icons);
  ImGui::TextUnformatted(toast.is_error ? icon::kError : icon::kDone);
  ImGui::PopFont();
  ImGui::PopStyleColor();
  ImGui::SameLine(0, ui.px(size::kGapSmall));
  ImGui::BeginGroup();
  const ImVec2 from = ImGui::GetCursorScreenPos();
  ImGui::PushTextWrapPos(ImGui::GetCursorPosX() + width - ui.px(64));
  ImGui::TextUnformatted(toast.words.c_str(), toast.words.c_str() + toast.words.size());
  if (!toast.more.empty()) {
    ImGui::PushStyleColor(ImGuiCol_Text, ui.theme.muted);
    ImGui::TextUnformatted(toast.more.c_str(), toast.more.c_str() + toast.more.size());
    ImGui::PopStyleColor();
  }
  ImGui::PopTextWrapPos();
  paint::note(ui, id, toast.words, {from, ImGui::GetItemRectMax()});
  Pressed pressed = Pressed::kNothing;
  if (toast.undo &&
      button(ui, (id + ".undo").c_str(), toast.undo_label, ButtonKind::kPlain, icon::kUndo)) {
    pressed = Pressed::kUndo;
  }
  ImGui::EndGroup();
  ImGui::SameLine();
  ImGui::SetCursorPosX(ImGui::GetWindowWidth() - ui.px(size::kGapWide + size::kButton));
  if (icon_button(ui, (id + ".close").c_str(), icon::kClose, tr(N_("Close")))) {
    pressed = Pressed::kClose;
  }
  ImGui::PopID();
  return pressed;
}

void ToastList::draw(Ui& ui, float right, float bottom) {
  if (toasts_.empty()) {
    return;
  }
  const float margin = ui.px(size::kGapWide);
  ImGui::SetNextWindowPos(ImVec2(right - margin, bottom - margin), ImGuiCond_Always, ImVec2(1, 1));
  ImGui::SetNextWindowSizeConstraints(ImVec2(ui.px(kToastWidth), 0),
                                      ImVec2(ui.px(kToastWidth), bottom));
  ImGui::PushStyleColor(ImGuiCol_WindowBg, ui.theme.panel);
  ImGui::PushStyleColor(ImGuiCol_Border, ui.theme.line);
  ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, ImVec2(margin, ui.px(size::kGap)));
  ImGui::PushStyleVar(ImGuiStyleVar_WindowRounding, ui.px(size::kRadius));
  ImGui::PushStyleVar(ImGuiStyleVar_WindowBorderSize, 1);
  ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, ImVec2(ui.px(8), ui.px(size::kGapSmall)));
  ImGui::Begin("##toasts", nullptr,
               ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoMove |
                   ImGuiWindowFlags_AlwaysAutoResize | ImGuiWindowFlags_NoFocusOnAppearing |
                   ImGuiWindowFlags_NoSavedSettings);
  std::function<void()> undo;
  std::uint64_t going = 0;
  for (const Toast& toast : toasts_) {
    const Pressed pressed = draw_one(ui, toast);
    if (pressed != Pressed::kNothing) {
      going = toast.number;
      undo = pressed == Pressed::kUndo ? toast.undo : nullptr;
    }
  }
  ImGui::End();
  ImGui::PopStyleVar(4);
  ImGui::PopStyleColor(2);
  std::erase_if(toasts_, [&](const Toast& toast) { return toast.number == going; });
  if (undo) {
    undo();  // may say something itself
  }
}

}  // namespace coffre::ui
