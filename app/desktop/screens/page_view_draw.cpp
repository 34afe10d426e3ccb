// What PageView puts on the screen.
#include <algorithm>
#include <cmath>

#include "app/common/i18n.h"
#include "app/desktop/screens/dossiers_drawing.h"
#include "app/desktop/screens/page_view.h"
#include "app/desktop/ui_core/icons.h"

namespace coffre::ui {
namespace {

constexpr float kMargin = 20;       // around the page
constexpr float kStripWidth = 116;  // of the thumbnails
constexpr float kThumbnailRow = 142;
constexpr float kThumbnailWidth = 80;
constexpr double kInchesTimesPoints = 72.0 / 96.0;

}  // namespace

void PageView::draw(Ui& ui, const Rect& area) {
  Rect rest = area;
  visible_thumbnails_.clear();
  if (scale_ != ui.scale) {
    scale_ = ui.scale;
    drop_pictures();
  }
  if (thumbnails_shown_ && count_ > 1 && area.width() > ui.px(2 * kStripWidth)) {
    draw_strip(ui, cut_left(rest, ui.px(kStripWidth)));
  }
  draw_page(ui, rest);
  pump();
}

void PageView::draw_strip(Ui& ui, const Rect& area) {
  fill_rect(ui, area, ui.theme.side);
  std::ptrdiff_t pressed = -1;
  if (begin_list(ui, "document.thumbnails", strip_, count_, ui.px(kThumbnailRow), area)) {
    pressed = list_rows(ui, "document.thumbnails", strip_, count_, ui.px(kThumbnailRow),
                        static_cast<std::ptrdiff_t>(page_),
                        [&](std::size_t index, const Rect& row, bool) {
                          draw_thumbnail(ui, row, static_cast<std::uint32_t>(index));
                        });
  }
  end_list(ui);
  line_right(ui, area);
  if (pressed >= 0 && static_cast<std::uint32_t>(pressed) != page_) {
    go(static_cast<std::uint32_t>(pressed));
  }
}

void PageView::draw_thumbnail(Ui& ui, const Rect& row, std::uint32_t page) {
  visible_thumbnails_.push_back(page);
  const auto known = sizes_.find(page);
  const auto first = sizes_.find(0);
  const PageSize size = known != sizes_.end()   ? known->second
                        : first != sizes_.end() ? first->second
                                                : PageSize{595, 842};
  const float height_max = row.height() - ui.px(34);
  float width = ui.px(kThumbnailWidth);
  float height = static_cast<float>(width * size.height_pt / size.width_pt);
  if (height > height_max) {
    width *= height_max / height;
    height = height_max;
  }
  const ImVec2 min{std::floor(row.min.x + (row.width() - width) / 2), row.min.y + ui.px(8)};
  const ImVec2 max{min.x + width, min.y + height};
  ImDrawList* list = ImGui::GetWindowDrawList();
  if (const auto picture = thumbnails_.find(page);
      picture != thumbnails_.end() && picture->second.texture != nullptr) {
    list->AddImage(picture->second.texture, min, max);
  } else {
    list->AddRectFilled(min, max, IM_COL32_WHITE);
  }
  const bool is_shown = page == page_;
  list->AddRect({min.x - 1, min.y - 1}, {max.x + 1, max.y + 1},
                paint::colour(is_shown ? ui.theme.accent : ui.theme.line), 0, 0,
                is_shown ? ui.px(2) : 1);
  const std::string number = std::to_string(page + 1);
  text_in(ui, TextKind::kSmallMuted, number, {{row.min.x, max.y}, row.max}, 0.5F);
}

void PageView::draw_page(Ui& ui, const Rect& area) {
  place(area.min);
  ImGui::PushStyleColor(ImGuiCol_ChildBg, ui.theme.page_ground);
  ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, ImVec2(0, 0));
  ImGuiWindowFlags flags = ImGuiWindowFlags_HorizontalScrollbar | ImGuiWindowFlags_NoNav;
  if (ImGui::GetIO().KeyCtrl) {
    flags |= ImGuiWindowFlags_NoScrollWithMouse;  // the wheel zooms
  }
  const bool visible = ImGui::BeginChild(
      "document.pages", {std::max(area.width(), 1.0F), area.height()}, false, flags);
  ImGui::PopStyleVar();
  ImGui::PopStyleColor();
  if (visible && is_open()) {
    const float margin = ui.px(kMargin);
    // Room for a scroll bar is left where one may come, so that fitting does not oscillate.
    const float bar = fit_ == Fit::kWidth ? ImGui::GetStyle().ScrollbarSize : 0;
    room_ = {std::max(area.width() - 2 * margin - bar, 1.0F),
             std::max(area.height() - 2 * margin, 1.0F)};
    const std::optional<Extent> extent = extent_of(page_);
    if (const Error* error = error_of(page_)) {
      draw_error(ui, area, *error);
    } else if (!extent) {
      place({area.min.x + margin, area.min.y + margin});
      spinner_text(ui, tr(N_("Drawing the page…")));
    } else {
      shown_percent_ =
          static_cast<int>(std::lround(extent->zoom * kInchesTimesPoints / ui.scale * 100));
      const ImVec2 origin = ImGui::GetCursorScreenPos();
      const float across = extent->width + 2 * margin;
      const float down = extent->height + 2 * margin;
      ImGui::Dummy({across, down});
      const ImVec2 min{origin.x + margin + std::max(std::floor((area.width() - across) / 2), 0.0F),
                       origin.y + margin + std::max(std::floor((area.height() - down) / 2), 0.0F)};
      const Rect sheet{min, {min.x + extent->width, min.y + extent->height}};
      draw_sheet(ui, sheet, *extent);
      reveal_hit(sheet);
      follow_mouse();
    }
    apply_scroll();
  }
  ImGui::EndChild();
}

void PageView::draw_error(Ui& ui, const Rect& area, const Error& error) {
  if (begin_panel(ui, "document.page_failed", area, ui.theme.page_ground)) {
    error_notice(ui, "document.page_error", text_of(error));
  }
  end_panel(ui);
}

void PageView::draw_sheet(Ui& ui, const Rect& sheet, const Extent& extent) {
  ImDrawList* list = ImGui::GetWindowDrawList();
  list->AddRectFilled({sheet.min.x + ui.px(1), sheet.min.y + ui.px(2)},
                      {sheet.max.x + ui.px(1), sheet.max.y + ui.px(2)}, IM_COL32(0, 0, 0, 28));
  // Paper is white in every theme.
  list->AddRectFilled(sheet.min, sheet.max, IM_COL32_WHITE);
  const Picture* picture = picture_of(page_, extent);
  if (picture != nullptr) {
    list->AddImage(picture->texture, sheet.min, sheet.max);
    paint::note(ui, "document.page",
                fill(tr(N_("page {} / {}")), {std::to_string(page_ + 1), std::to_string(count_)}),
                sheet);
  }
  draw_hits(ui, sheet);
  list->AddRect(sheet.min, sheet.max, paint::colour(ui.theme.line));
}

void PageView::draw_hits(Ui& ui, const Rect& sheet) const {
  const std::vector<TextFinder::Hit>& hits = finder_.hits();
  const auto begin = std::ranges::lower_bound(hits, page_, {}, &TextFinder::Hit::page);
  ImDrawList* list = ImGui::GetWindowDrawList();
  for (auto hit = begin; hit != hits.end() && hit->page == page_; ++hit) {
    const bool is_current = finder_.current() == static_cast<std::size_t>(hit - hits.begin());
    for (const PageWordBox& box : finder_.boxes(*hit)) {
      const PageWordBox turned = rotated(box, turns_);
      const Rect place{
          {sheet.min.x + turned.x0 * sheet.width(), sheet.min.y + turned.y0 * sheet.height()},
          {sheet.min.x + turned.x1 * sheet.width(), sheet.min.y + turned.y1 * sheet.height()}};
      // On white paper: a marker's yellow, the current one framed.
      list->AddRectFilled(place.min, place.max, IM_COL32(255, 214, 10, is_current ? 150 : 90));
      if (is_current) {
        list->AddRect(place.min, place.max, paint::colour(ui.theme.accent), 0, 0, ui.px(2));
      }
      paint::note(ui, is_current ? "document.hit_current" : "document.hit", box.text, place);
    }
  }
}

void PageView::reveal_hit(const Rect& sheet) {
  const std::optional<std::size_t> hit = finder_.current();
  if (!reveal_hit_ || scroll_to_top_ || !hit || finder_.hits()[*hit].page != page_) {
    return;
  }
  reveal_hit_ = false;
  const std::vector<PageWordBox> boxes = finder_.boxes(finder_.hits()[*hit]);
  if (boxes.empty()) {
    return;
  }
  const PageWordBox box = rotated(boxes.front(), turns_);
  const ImVec2 top = ImGui::GetWindowPos();
  const ImVec2 place{sheet.min.x + box.x0 * sheet.width() - top.x + ImGui::GetScrollX(),
                     sheet.min.y + box.y0 * sheet.height() - top.y + ImGui::GetScrollY()};
  // A third from the top, as one reads on from there.
  ImGui::SetScrollY(std::max(place.y - ImGui::GetWindowHeight() / 3, 0.0F));
  ImGui::SetScrollX(std::max(place.x - ImGui::GetWindowWidth() / 3, 0.0F));
}

void PageView::follow_mouse() {
  const ImGuiIO& io = ImGui::GetIO();
  scroll_done_ = ImGui::GetScrollY();
  scroll_left_ = ImGui::GetScrollMaxY() - scroll_done_;
  if (!ImGui::IsWindowHovered()) {
    return;
  }
  if (io.KeyCtrl && io.MouseWheel != 0) {
    zoom(io.MouseWheel > 0 ? 1 : -1);
  } else if (io.MouseWheel != 0 && ImGui::GetScrollMaxY() <= 0) {
    // The whole page is in view: the wheel turns pages.
    if (io.MouseWheel < 0 && page_ + 1 < count_) {
      go(page_ + 1);
    } else if (io.MouseWheel > 0 && page_ > 0) {
      go(page_ - 1);
    }
  }
  if (ImGui::IsMouseDragging(ImGuiMouseButton_Left)) {
    ImGui::SetScrollX(ImGui::GetScrollX() - io.MouseDelta.x);
    ImGui::SetScrollY(ImGui::GetScrollY() - io.MouseDelta.y);
  }
}

void PageView::apply_scroll() {
  if (scroll_to_top_) {
    ImGui::SetScrollY(0);
    scroll_to_top_ = false;
  }
  if (scroll_to_end_) {
    ImGui::SetScrollY(ImGui::GetScrollMaxY());
    scroll_to_end_ = false;
  }
  if (scroll_screens_ != 0) {
    const float step = ImGui::GetWindowHeight() * 0.9F * static_cast<float>(scroll_screens_);
    ImGui::SetScrollY(std::clamp(ImGui::GetScrollY() + step, 0.0F, ImGui::GetScrollMaxY()));
    scroll_screens_ = 0;
  }
}

}  // namespace coffre::ui
