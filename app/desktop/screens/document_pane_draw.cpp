// What DocumentPane puts on the screen.
#include "app/common/i18n.h"
#include "app/desktop/screens/document_pane.h"
#include "app/desktop/screens/dossiers_drawing.h"
#include "app/desktop/screens/dossiers_names.h"
#include "app/desktop/screens/hold_sheet.h"
#include "app/desktop/ui_core/icons.h"

namespace coffre::ui {
namespace {

constexpr float kBar = 48;
constexpr float kFindBar = 56;
constexpr float kFindCount = 96;
constexpr float kActions = 60;
constexpr float kHeldStrip = 44;
constexpr float kEarlierStrip = 58;
constexpr float kLowPane = 420;  // height below which each line counts
constexpr float kEarlierFrame = 3;
constexpr float kWideBar = 560;  // from here on the bar has room for more than the usual

// The next button stands here, in the middle of the bar's height.
void step(const Ui& ui, Rect& bar, float width) {
  place({bar.min.x, bar.min.y + (bar.height() - ui.px(size::kButton)) / 2});
  bar.min.x += width;
}

// A command's button without words.
void command_icon(Ui& ui, Services& services, Rect& bar, const char* id) {
  if (const Command* command = services.commands.find(id)) {
    step(ui, bar, ui.px(size::kButton + 4));
    command_button(ui, *command, ButtonKind::kQuiet, true);
  }
}

}  // namespace

bool DocumentPane::draw(Ui& ui, const Rect& area, bool can_go_back) {
  fill_rect(ui, area, ui.theme.panel);
  Rect rest = area;
  if (!selection_->document) {
    if (begin_panel(ui, "document.none", area, ui.theme.page_ground)) {
      empty_state(ui, "document.empty", icon::kDescription, tr(N_("No document chosen")),
                  tr(N_("Choose one in the list: it is shown here, and nowhere on the disk.")));
    }
    end_panel(ui);
    return false;
  }
  const bool back = draw_bar(ui, cut_top(rest, ui.px(kBar)), can_go_back);
  draw_held(ui, rest);
  if (selection_->earlier) {
    draw_earlier(ui, rest);
  }
  if (find_open_ && state_ == State::kReady) {
    draw_find(ui, cut_top(rest, ui.px(kFindBar)));
  }
  draw_actions(ui, cut_bottom(rest, ui.px(kActions)));
  if (selection_->earlier) {
    fill_rect(ui, rest, ui.theme.warning.text);
    rest = paint::shrunk(rest, ui.px(kEarlierFrame));
  }
  draw_body(ui, rest);
  return back;
}

// That nobody may destroy it, and the way out for who may lift it.
void DocumentPane::draw_held(Ui& ui, Rect& rest) {
  const auto policy = services_.vault.policy();
  const Held held = policy ? held_by(*policy, *selection_->document) : Held::kNot;
  if (held == Held::kNot) {
    return;
  }
  const Rect strip = cut_top(rest, ui.px(kHeldStrip));
  begin_bar(ui, "document.heldbar", strip, ui.theme.warning.back);
  line_below(ui, strip);
  Rect words = strip;
  cut_left(words, ui.px(size::kGap));
  cut_right(words, ui.px(size::kGapSmall));
  icon_in(ui, icon::kBlock, cut_left(words, ui.px(32)), ui.theme.warning.text);
  const Command* lift = services_.commands.find("document.lift_hold");
  if (lift != nullptr && lift->availability().is_ready()) {
    Rect button = cut_right(words, ui.px(size::kButton + 4));
    step(ui, button, 0);
    command_button(ui, *lift, ButtonKind::kQuiet, true);
  }
  const char* why = held == Held::kPatient ? tr(N_("On hold with all documents of the patient"))
                                           : tr(N_("On hold: nobody may destroy it"));
  text_in(ui, TextKind::kSmallStrong, why, words);
  paint::note(ui, "document.held", why, strip);
  end_bar(ui);
}

// Which version it is, and the ways from it; the buttons go below where they do not fit beside,
// and lose their words where the page would have no room.
void DocumentPane::draw_earlier(Ui& ui, Rect& rest) {
  const auto policy = services_.vault.policy();
  const char* title = tr(N_("An earlier version, not the present one"));
  const std::string line =
      policy ? version_line(*policy, *selection_->earlier, ui.clock.wall_ms()) : std::string();
  const bool is_low = rest.height() < ui.px(kLowPane);
  const float pad = ui.px(size::kGap);
  const float space = ui.px(size::kGapSmall);
  std::vector<std::pair<const Command*, float>> ways;
  float buttons = -space;
  for (const char* id : {"document.present", "document.bring_back"}) {
    const Command* command = services_.commands.find(id);
    if (command != nullptr && command->availability().kind != Availability::Kind::kHidden) {
      ways.emplace_back(command, is_low ? ui.px(size::kButton)
                                        : button_width(ui, tr(command->label), command->icon));
      buttons += ways.back().second + space;
    }
  }
  const float words = std::max(text_extent(ui, TextKind::kStrong, title).x,
                               text_extent(ui, TextKind::kSmall, line).x);
  const bool is_beside = is_low || words + buttons + ui.px(32) + 3 * pad <= rest.width();
  const float below = is_beside ? 0 : ui.px(size::kButton + size::kGapSmall);
  const Rect strip = cut_top(rest, ui.px(kEarlierStrip) + below);
  begin_bar(ui, "document.earlierbar", strip, ui.theme.warning.back);
  Rect text{{strip.min.x + pad, strip.min.y},
            {strip.max.x - pad, strip.min.y + ui.px(kEarlierStrip)}};
  ImVec2 at{text.min.x, text.max.y - ui.px(2)};
  if (is_beside) {
    at = {cut_right(text, buttons).min.x,
          strip.min.y + (strip.height() - ui.px(size::kButton)) / 2};
  }
  icon_in(ui, icon::kHistory, cut_left(text, ui.px(32)), ui.theme.warning.text);
  text_at(ui, TextKind::kStrong, {text.min.x, text.min.y + ui.px(9)}, title, text.width());
  text_at(ui, TextKind::kSmall, {text.min.x, text.min.y + ui.px(32)}, line, text.width());
  paint::note(ui, "document.earlier", line, strip);
  for (const auto& [command, width] : ways) {
    place(at);
    const bool is_first = command == ways.front().first;
    command_button(ui, *command, is_first ? ButtonKind::kPrimary : ButtonKind::kPlain, is_low);
    at.x += width + space;
  }
  end_bar(ui);
}

bool DocumentPane::draw_bar(Ui& ui, Rect bar, bool can_go_back) {
  begin_bar(ui, "document.bar", bar, ui.theme.panel);
  line_below(ui, bar);
  cut_left(bar, ui.px(6));
  cut_right(bar, ui.px(6));
  bool back = false;
  if (can_go_back) {
    step(ui, bar, ui.px(size::kButton + 4));
    back = icon_button(ui, "document.back", icon::kArrowLeft, tr(N_("Back to the list")));
  }
  draw_zoom(ui, bar);
  draw_paging(ui, bar);
  end_bar(ui);
  return back;
}

void DocumentPane::draw_zoom(Ui& ui, Rect& bar) {
  const bool is_wide = bar.width() >= ui.px(kWideBar);
  command_icon(ui, services_, bar, "document.zoom_out");
  if (view_.is_open()) {
    const std::string percent = std::to_string(view_.percent()) + "\u202f%";
    text_in(ui, TextKind::kSmall, percent, {bar.min, {bar.min.x + ui.px(46), bar.max.y}}, 0.5F);
  }
  bar.min.x += ui.px(50);
  command_icon(ui, services_, bar, "document.zoom_in");
  command_icon(ui, services_, bar, "document.rotate");
  if (is_wide) {
    command_icon(ui, services_, bar, "document.fit_page");
    command_icon(ui, services_, bar, "document.thumbnails");
    command_icon(ui, services_, bar, "document.find");
  }
}

void DocumentPane::draw_paging(Ui& ui, Rect& bar) {
  Rect right = cut_right(bar, ui.px(3 * (size::kButton + 4)));
  if (view_.is_open()) {
    const std::string words = fill(
        tr(N_("page {} / {}")), {std::to_string(view_.page() + 1), std::to_string(view_.count())});
    const float width = text_extent(ui, TextKind::kSmall, words).x + ui.px(size::kGapSmall);
    text_in(ui, TextKind::kSmall, words, cut_right(bar, width));
  }
  command_icon(ui, services_, right, "document.page_previous");
  command_icon(ui, services_, right, "document.page_next");
  step(ui, right, ui.px(size::kButton));
  std::vector<const Command*> more;
  for (const char* id :
       {"document.fit_page", "document.fit_width", "document.rotate", "document.thumbnails",
        "document.find", "document.versions", "document.edit", "document.open",
        "document.close_opened", "document.hold", "document.lift_hold", "document.destroy"}) {
    if (const Command* command = services_.commands.find(id)) {
      more.push_back(command);
    }
  }
  command_menu(ui, "document.more", icon::kMore, tr(N_("More")), more);
}

std::string DocumentPane::find_count() const {
  const TextFinder& finder = view_.finder();
  if (!finder.is_searching()) {
    return {};
  }
  if (finder.hits().empty()) {
    return finder.is_done() ? tr(N_("no hit")) : tr(N_("searching…"));
  }
  const std::string count = std::to_string(finder.hits().size()) + (finder.is_cut() ? "+" : "");
  return std::to_string(finder.current().value_or(0) + 1) + " / " + count;
}

void DocumentPane::draw_find(Ui& ui, const Rect& area) {
  begin_bar(ui, "document.findbar", area, ui.theme.side);
  line_below(ui, area);
  Rect bar = area;
  cut_left(bar, ui.px(size::kGap));
  Rect buttons = cut_right(bar, ui.px(3 * (size::kButton + 4) + 6));
  const Rect count = cut_right(bar, ui.px(kFindCount));
  place({bar.min.x, bar.min.y + (bar.height() - ui.px(size::kField)) / 2});
  FieldOptions options;
  options.icon = icon::kSearch;
  options.hint = tr(N_("Words to find"));
  options.focus = std::exchange(find_focus_, false);
  options.width = bar.width() - ui.px(8);
  const FieldEvent event = text_field(ui, "document.find_words", "", find_words_.span(), options);
  TextFinder& finder = view_.finder();
  if (event == FieldEvent::kChanged) {
    finder.set_words(find_words_.view(), view_.page());
    view_.go_to_hit();
  } else if (event == FieldEvent::kEntered) {
    finder.next();
    view_.go_to_hit();
    find_focus_ = true;
  }
  const std::string words = find_count();
  text_in(ui, TextKind::kSmallMuted, words, count, 0.5F);
  paint::note(ui, "document.find_count", words, count);
  command_icon(ui, services_, buttons, "document.find_previous");
  command_icon(ui, services_, buttons, "document.find_next");
  step(ui, buttons, ui.px(size::kButton));
  if (icon_button(ui, "document.find_close", icon::kClose, tr(N_("Close")))) {
    find_open_ = false;
    find_words_.clear();
    finder.set_words({}, view_.page());
  }
  end_bar(ui);
}

void DocumentPane::draw_body(Ui& ui, const Rect& area) {
  Rect rest = area;
  switch (state_) {
    case State::kNone:
      return;
    case State::kReading:
    case State::kFailed:
      if (begin_panel(ui, "document.state", area, ui.theme.page_ground)) {
        if (state_ == State::kReading) {
          spinner_text(ui, tr(N_("Opening the document…")));
        } else {
          error_notice(ui, "document.error", text_of(*error_));
          gap(ui, size::kGap);
          if (button(ui, "document.retry", tr(N_("Try again")), ButtonKind::kPlain,
                     icon::kRefresh)) {
            ask();
          }
        }
      }
      end_panel(ui);
      return;
    case State::kReady:
      break;
  }
  if (view_.fonts_missing()) {
    const Rect strip = cut_top(rest, ui.px(76));
    if (begin_panel(ui, "document.fontsbar", strip, ui.theme.page_ground, size::kGapSmall, false)) {
      notice(ui, "document.fonts_missing", NoticeKind::kWarning, tr(N_("Fonts are missing")),
             tr(N_("Text may be missing on this page, or look otherwise.")));
    }
    end_panel(ui);
  }
  view_.draw(ui, rest);
}

void DocumentPane::draw_actions(Ui& ui, const Rect& area) {
  begin_bar(ui, "document.actions", area, ui.theme.panel);
  line_above(ui, area);
  place({area.min.x + ui.px(size::kGap), area.min.y + (area.height() - ui.px(size::kButton)) / 2});
  if (const Command* command = services_.commands.find("document.export")) {
    command_button(ui, *command, ButtonKind::kPlain);
    same_line(ui);
  }
  if (const Command* command = services_.commands.find("document.close_opened")) {
    if (command->availability().is_ready()) {
      command_button(ui, *command, ButtonKind::kPlain);
      same_line(ui);
    }
  }
  const Command* destroy = services_.commands.find("document.destroy");
  const float side = ui.px(size::kButton);
  const float right = area.max.x - ui.px(size::kGap) - side;  // the corner of the last button
  std::vector<const Command*> middle;
  if (!selection_->document->earlier.empty()) {
    middle.push_back(services_.commands.find("document.versions"));
  }
  middle.push_back(services_.commands.find("document.edit"));
  std::erase(middle, nullptr);
  // With its words, as long as those behind it have room for their icons.
  float behind = side * static_cast<float>(middle.size());
  for (const Command* command : middle) {
    behind -= side;
    const float gaps = ui.px(size::kGapSmall) * (1 + behind / side);
    const float end =
        ImGui::GetCursorScreenPos().x + button_width(ui, tr(command->label), command->icon);
    const float border = destroy != nullptr ? right : area.max.x;
    command_button(ui, *command, ButtonKind::kPlain, end + behind + gaps > border);
    same_line(ui);
  }
  if (destroy != nullptr) {
    place({right, area.min.y + (area.height() - side) / 2});
    command_button(ui, *destroy, ButtonKind::kDanger, true);
  }
  end_bar(ui);
}

}  // namespace coffre::ui
