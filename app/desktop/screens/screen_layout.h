// Layout that several screens share: a page beside a side panel, headings, rows of buttons.
//
// Where the page would become too narrow (large text in a small window), the side panel takes its
// place once something is chosen. Threads: UI thread only.
#pragma once

#include <string>
#include <string_view>

#include "app/desktop/ui_core/widgets.h"

namespace coffre::ui {

struct SplitArea {
  Rect page;
  Rect side;
  bool narrow = false;  // there is room for one of the two only: both are the whole area
};
[[nodiscard]] SplitArea split_area(const Ui& ui, const Rect& area, float side_at_100_percent);

[[nodiscard]] float text_width(const Ui& ui, std::string_view words);
// Keeps on the line, after a gap, when `width` still fits, else goes on below.
void flow(Ui& ui, float width, float gap_at_100_percent = size::kGapSmall);
// Puts what comes next, `width` wide, at the right end of the line that starts here.
void right_aligned(const Ui& ui, float width);
// The last row of a sheet, at its right end: Cancel, which closes it, and what the sheet is for.
// True when that was pressed. Their ids are "<id>.cancel" and "<id>.go".
struct SheetAction {
  const char* label = "";  // translated
  const char* icon = "";
  ButtonKind kind = ButtonKind::kPrimary;
};
bool sheet_buttons(Ui& ui, const std::string& id, const SheetAction& action,
                   const Availability& availability, bool& open);
// The page's title, as high as the buttons beside it.
void page_title(Ui& ui, std::string_view words);
// The line between the page and its side panel; draw it after both.
void side_border(Ui& ui, const SplitArea& split);
// A label over its value; nothing when the value is empty.
void detail(Ui& ui, std::string_view label, std::string_view value);
void section(Ui& ui, std::string_view title);  // a heading with space above

}  // namespace coffre::ui
