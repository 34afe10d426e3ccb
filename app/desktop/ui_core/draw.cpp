#include "app/desktop/ui_core/draw.h"

#include <algorithm>
#include <cmath>

#include "app/desktop/ui_core/icons.h"
#include "app/desktop/ui_core/widgets.h"

namespace coffre::ui {
namespace {

constexpr float kCardMargin = 16;
constexpr float kCardRadius = 8;

}  // namespace

void put(ImDrawList& list, const ImFont* font, ImVec2 at, const ImVec4& ink,
         std::string_view words) {
  list.AddText(font, font->FontSize, ImVec2(std::floor(at.x), std::floor(at.y)), paint::colour(ink),
               words.data(), words.data() + words.size());
}

void put_mark(Ui& ui, ImDrawList& list, ImVec2 at, float edge) {
  list.AddRectFilled(at, ImVec2(at.x + edge, at.y + edge), paint::colour(ui.theme.badge),
                     ui.px(size::kRadius));
  const float lock = edge * 0.6F;
  list.AddText(ui.fonts.icons, lock,
               ImVec2(std::floor(at.x + (edge - lock) / 2), std::floor(at.y + (edge - lock) / 2)),
               paint::colour(ui.theme.on_badge), icon::kLock);
}

void Card::begin(Ui& ui, const char* id) {
  const ImVec2 window = ImGui::GetIO().DisplaySize;
  ImDrawList& ground = *ImGui::GetWindowDrawList();
  ground.AddRectFilled(ImVec2(0, 0), window, paint::colour(ui.theme.rail));
  if (scale_ != ui.scale) {
    scale_ = ui.scale;
    height_ = ui.px(400);
  }
  const float margin = ui.px(kCardMargin);
  const float width = std::min(ui.px(width_), window.x - 2 * margin);
  const float height = std::min(height_, window.y - 2 * margin);
  place(ImVec2((window.x - width) / 2, (window.y - height) / 2));
  ImGui::PushStyleColor(ImGuiCol_ChildBg, ui.theme.panel);
  ImGui::PushStyleVar(ImGuiStyleVar_ChildRounding, ui.px(kCardRadius));
  ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, ImVec2(ui.px(kPadding), ui.px(kPadding)));
  ImGui::BeginChild(id, ImVec2(width, height), false,
                    ImGuiWindowFlags_AlwaysUseWindowPadding |
                        (height_ > height ? 0 : ImGuiWindowFlags_NoScrollbar));
  ImGui::PopStyleVar(2);
  ImGui::PopStyleColor();
}

void Card::end(Ui& ui) {
  const float height =
      std::ceil(ImGui::GetCursorPosY() - ImGui::GetStyle().ItemSpacing.y + ui.px(kPadding));
  must_settle_ = std::abs(height - height_) > 0.5F;
  height_ = height;
  ImGui::EndChild();
}

}  // namespace coffre::ui
