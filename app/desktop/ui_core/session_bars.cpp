// The frame around the screens: rail, top bar, status bar.
#include <algorithm>
#include <cmath>
#include <numbers>

#include "app/common/i18n.h"
#include "app/desktop/ui_core/draw.h"
#include "app/desktop/ui_core/icons.h"
#include "app/desktop/ui_core/session.h"
#include "app/desktop/ui_core/touch.h"
#include "core/base/text.h"

namespace coffre::ui {
namespace {

constexpr float kRailItem = 40, kRailStep = 42, kRailMargin = 10, kRailTop = 66, kMark = 26;
constexpr float kSearchMax = 380, kSearchMin = 200, kAvatar = 32, kRing = 32, kPersonMax = 120;
constexpr float kProgress = 160;

// A colour above the others, of the rail and of the bars.
void put_text(const ImFont* font, const Rect& area, const ImVec4& ink, std::string_view words) {
  const ImVec2 extent = paint::extent(font, words);
  paint::words(font, {area.min.x, paint::middle_of(area).y - extent.y / 2}, ink, words);
}

}  // namespace

void Session::draw_rail(Ui& ui, const Rect& area) {
  paint::box(ui, area, ui.theme.rail, 0);
  const float margin = ui.px(size::kGapLarge);
  const float mark = ui.px(kMark);
  put_mark(ui, *ImGui::GetWindowDrawList(), {margin, ui.px(20)}, mark);
  put_text(ui.fonts.title, {{margin + mark + ui.px(10), ui.px(20)}, {area.max.x, ui.px(20) + mark}},
           ui.theme.rail_strong, "Coffre");
  for (std::size_t i = 0; i < screens_.size(); ++i) {
    const float y = ui.px(kRailTop + kRailStep * static_cast<float>(i));
    const Rect item{{ui.px(kRailMargin), y},
                    {area.max.x - ui.px(kRailMargin), y + ui.px(kRailItem)}};
    if (draw_rail_item(ui, *screens_[i], i == current_, item)) {
      go(screens_[i]->id());
    }
  }
}

bool Session::draw_rail_item(Ui& ui, const Screen& screen, bool is_current, const Rect& area) {
  const std::string id = std::string("rail.") + screen.id();
  place(area.min);
  const Touch touch = touched(ui, id.c_str(), {area.width(), area.height()}, {}, false);
  if (is_current || touch.hovered) {
    ImVec4 ground = ui.theme.rail_active;
    ground.w = is_current ? 1.0F : 0.6F;
    paint::box(ui, area, ground);
  }
  const ImVec4& ink = is_current ? ui.theme.rail_strong : ui.theme.rail_text;
  const float middle = paint::middle_of(area).y;
  paint::glyph(ui.fonts.icons, {area.min.x + ui.px(21), middle}, ink, screen.icon());
  Rect rest{{area.min.x + ui.px(40), area.min.y},
            {area.max.x - ui.px(size::kGapSmall), area.max.y}};
  if (const int count = screen.badge(); count > 0) {
    const std::string number = count > 99 ? "99+" : std::to_string(count);
    const float height = ui.px(18);
    const float width =
        std::max(ui.px(22), paint::extent(ui.fonts.small_strong, number).x + ui.px(12));
    const Rect badge{{rest.max.x - width, middle - height / 2}, {rest.max.x, middle + height / 2}};
    paint::box(ui, badge, ui.theme.badge, 9);
    const float number_width = paint::extent(ui.fonts.small_strong, number).x;
    put_text(ui.fonts.small_strong,
             {{badge.min.x + (width - number_width) / 2, badge.min.y}, badge.max},
             ui.theme.on_badge, number);
    rest.max.x = badge.min.x - ui.px(4);
  }
  const ImFont* font = is_current ? ui.fonts.strong : ui.fonts.text;
  bool is_cut = false;
  const std::string shown = paint::fit(font, tr(screen.label()), rest.width(), is_cut);
  put_text(font, rest, ink, shown);
  if (touch.ring) {
    paint::ring(ui, area);
  }
  paint::note(ui, id, tr(screen.label()), area, true, is_cut, touch.focused);
  return touch.pressed;
}

void Session::draw_top_bar(Ui& ui, const Rect& area) {
  paint::box(ui, area, ui.theme.panel, 0);
  paint::line(ui, {area.min.x, area.max.y - 1}, {area.max.x, area.max.y - 1}, ui.theme.line);
  const float margin = ui.px(size::kGapLarge);
  const float gap_width = ui.px(size::kGapWide);
  const ShownTime time = shown_time(services_.vault.remaining_ms());
  const Command* add = services_.commands.find("files.add");
  const bool has_add = add != nullptr && Commands::availability_of(*add).is_ready();
  const float name_width =
      std::min(ui.px(kPersonMax), std::max(paint::extent(ui.fonts.small_strong, name_).x,
                                           paint::extent(ui.fonts.small, roles_text()).x));
  const float ring_width =
      ui.px(kRing + size::kGapSmall) + paint::extent(ui.fonts.small, text_of(time)).x;
  // What does not fit gives way: first the words of "Add files", then the name of the person.
  const float fixed = 2 * margin + ring_width + ui.px(kAvatar) + 2 * gap_width;
  const float add_full = has_add ? button_width(ui, tr(add->label), add->icon) + gap_width : 0;
  const float add_small = has_add ? ui.px(size::kButton) + gap_width : 0;
  const float named = name_width + ui.px(size::kGapSmall);
  const float room_for = area.width() - fixed - ui.px(kSearchMin);
  const bool with_add_words = room_for >= add_full + named;
  const bool with_name = room_for >= add_small + named;

  float right = area.max.x - margin;
  right -= ui.px(kAvatar) + (with_name ? named : 0);
  draw_person(ui, {{right, area.min.y}, {area.max.x - margin, area.max.y}}, with_name);
  right -= gap_width + ring_width;
  draw_ring(ui, {{right, area.min.y}, {right + ring_width, area.max.y}});
  if (has_add) {
    right -= with_add_words ? add_full : add_small;
    place({right, area.min.y + (area.height() - ui.px(size::kButton)) / 2});
    command_button(ui, *add, ButtonKind::kPlain, !with_add_words);
  }
  right -= gap_width;
  const float left = area.min.x + margin;
  const float search_end = std::min(left + ui.px(kSearchMax), right);
  draw_search(ui, {{left, area.min.y}, {search_end, area.max.y}});
  draw_subject(ui, {{search_end + gap_width, area.min.y}, {right, area.max.y}});
}

void Session::draw_search(Ui& ui, const Rect& area) {
  FieldOptions options;
  options.icon = icon::kSearch;
  const std::string hint = tr(N_("Patient or document"));
  options.hint = hint;
  options.width = area.width();
  options.focus = std::exchange(must_focus_search_, false);
  place({area.min.x, area.min.y + (area.height() - ui.px(size::kField)) / 2});
  if (text_field(ui, "top.search", "", search_.span(), options) != FieldEvent::kNone) {
    search_changed();
  }
  if (search_.empty() && !has_focus("top.search")) {
    const std::string keys = text_of(Shortcut{letter('F'), true, false, false});
    const float width = paint::extent(ui.fonts.small, keys).x + ui.px(12);
    const float height = ui.px(20);
    const float hint_end =
        area.min.x + ui.px(40) + paint::extent(ui.fonts.text, hint).x + ui.px(size::kGapSmall);
    const Rect box{{area.max.x - width - ui.px(10), paint::middle_of(area).y - height / 2},
                   {area.max.x - ui.px(10), paint::middle_of(area).y + height / 2}};
    if (box.min.x > hint_end) {
      paint::edge(ui, box, ui.theme.line, 1, 4);
      text_in(ui, TextKind::kSmallMuted, keys, box, 0.5F);
    }
  }
}

// The patient in hand, where there is room.
void Session::draw_subject(Ui& ui, const Rect& area) {
  const Screen* screen = current();
  const std::string words = screen == nullptr ? std::string() : screen->subject();
  if (words.empty() || area.width() < ui.px(80)) {
    return;
  }
  const float icon_edge = ui.px(20);
  icon_in(ui, icon::kPerson, {area.min, {area.min.x + icon_edge, area.max.y}}, ui.theme.muted);
  text_in(ui, TextKind::kStrong, words,
          {{area.min.x + icon_edge + ui.px(6), area.min.y}, area.max});
}

void Session::draw_ring(Ui& ui, const Rect& area) {
  const std::int64_t left_ms = services_.vault.remaining_ms();
  const ShownTime time = shown_time(left_ms);
  const std::shared_ptr<const Policy> policy = services_.vault.policy();
  const float diameter = ui.px(kRing);
  place({area.min.x, paint::middle_of(area).y - diameter / 2});
  const Touch touch = touched(ui, "top.lock", {area.width(), diameter}, {}, false);
  const ImVec2 centre(area.min.x + diameter / 2, paint::middle_of(area).y);
  const float thickness = ui.px(3);
  const float radius = diameter / 2 - thickness / 2;
  ImDrawList& list = *ImGui::GetWindowDrawList();
  list.AddCircle(centre, radius, paint::colour(ui.theme.line), 48, thickness);
  const double whole_s = policy == nullptr ? 1.0 : policy->lock_after_seconds();
  const double shown_s = static_cast<double>(time.value) * (time.is_minutes ? 60.0 : 1.0);
  const auto part = static_cast<float>(std::clamp(shown_s / whole_s, 0.0, 1.0));
  const bool is_late = left_ms <= kNoticeMs;
  const ImVec4& ink = is_late ? ui.theme.danger : ui.theme.accent;
  constexpr float kTop = -std::numbers::pi_v<float> / 2;
  if (part >= 1) {
    list.AddCircle(centre, radius, paint::colour(ink), 48, thickness);
  } else if (part > 0) {
    list.PathArcTo(centre, radius, kTop, kTop + part * 2 * std::numbers::pi_v<float>, 48);
    list.PathStroke(paint::colour(ink), ImDrawFlags_None, thickness);
  }
  paint::glyph(ui.fonts.icons_small, centre, ink, icon::kLock);
  const std::string words = text_of(time);
  put_text(ui.fonts.small, {{area.min.x + ui.px(kRing + size::kGapSmall), area.min.y}, area.max},
           is_late ? ui.theme.danger : ui.theme.muted, words);
  if (touch.ring) {
    paint::ring(ui, touch.area);
  }
  paint::note(ui, "top.lock", words, touch.area, true, false, touch.focused);
  const Command* lock = services_.commands.find("app.lock");
  if (lock != nullptr) {
    show_tip(ui, touch,
             fill(tr(N_("Lock now ({}). The vault locks by itself after this time without "
                        "activity.")),
                  {text_of(lock->shortcut)}),
             {});
  }
  if (touch.pressed) {
    services_.commands.run("app.lock");
  }
}

void Session::draw_person(Ui& ui, const Rect& area, bool with_name) {
  const float side = ui.px(kAvatar);
  const float top = paint::middle_of(area).y - side / 2;
  place({area.min.x, top});
  const Touch touch = touched(ui, "top.person", {area.width(), side}, {}, false);
  place({area.min.x, top});
  avatar(ui, name_, kAvatar);
  if (with_name) {
    const float left = area.min.x + side + ui.px(size::kGapSmall);
    const float middle = paint::middle_of(area).y;
    text_in(ui, TextKind::kSmallStrong, printable(name_),
            {{left, middle - ui.px(18)}, {area.max.x, middle}});
    text_in(ui, TextKind::kSmallMuted, roles_text(),
            {{left, middle}, {area.max.x, middle + ui.px(18)}});
  }
  if (touch.ring) {
    paint::ring(ui, touch.area);
  }
  paint::note(ui, "top.person", name_, touch.area, true, false, touch.focused);
  show_tip(ui, touch, with_name ? tr(N_("Language, appearance and size")) : name_, {});
  if (touch.pressed) {
    preferences_are_open_ = true;
  }
}

void Session::draw_status_bar(Ui& ui, const Rect& area) {
  paint::box(ui, area, ui.theme.panel, 0);
  paint::line(ui, area.min, {area.max.x, area.min.y}, ui.theme.line);
  const float margin = ui.px(size::kGapLarge);
  Rect rest{{area.min.x + margin, area.min.y}, {area.max.x - margin, area.max.y}};
  const std::string keys =
      fill(tr(N_("{}: all commands")), {text_of(Shortcut{letter('K'), true, false, false})});
  const float keys_width = paint::extent(ui.fonts.small, keys).x;
  const std::vector<ShownJob> jobs = services_.jobs.shown();
  if (!jobs.empty()) {
    draw_jobs(ui, rest, jobs);
    return;
  }
  const std::optional<Error> forgetful = services_.vault.memory_error();
  const char* sign = forgetful ? icon::kWarning : icon::kDone;
  const ImVec4& ink = forgetful ? ui.theme.warning.text : ui.theme.good.text;
  const std::string words =
      forgetful ? fill(tr(N_("All is saved, but this workstation could not remember it: {}")),
                       {text_of(*forgetful).what})
                : std::string(tr(N_("All is saved")));
  paint::glyph(ui.fonts.icons_small, {rest.min.x + ui.px(8), paint::middle_of(rest).y}, ink, sign);
  rest.min.x += ui.px(16 + size::kGapSmall);
  text_in(ui, TextKind::kSmallMuted, keys, {{rest.max.x - keys_width, rest.min.y}, rest.max});
  rest.max.x -= keys_width + ui.px(size::kGapWide);
  text_in(ui, TextKind::kSmallMuted, words, rest);
}

void Session::draw_jobs(Ui& ui, const Rect& area, const std::vector<ShownJob>& jobs) {
  const ShownJob& first = jobs.front();
  Rect rest = area;
  if (jobs.size() > 1) {
    const std::string more = fill(tr(N_("and {} more")), {std::to_string(jobs.size() - 1)});
    const float width = paint::extent(ui.fonts.small, more).x;
    text_in(ui, TextKind::kSmallMuted, more, {{rest.max.x - width, rest.min.y}, rest.max});
    rest.max.x -= width + ui.px(size::kGapWide);
  }
  if (first.can_cancel) {
    const char* words = tr(N_("Cancel"));
    const float width = paint::extent(ui.fonts.small, words).x;
    place({rest.max.x - width, rest.min.y + (rest.height() - ui.px(24)) / 2});
    if (link(ui, "status.cancel", words)) {
      services_.jobs.cancel(first.id);
    }
    rest.max.x -= width + ui.px(size::kGapWide);
  }
  if (first.fraction >= 0) {
    const std::string percent = std::to_string(static_cast<int>(first.fraction * 100)) + "\u202F%";
    const float width = paint::extent(ui.fonts.small, "100\u202F%").x;
    text_in(ui, TextKind::kSmallMuted, percent, {{rest.max.x - width, rest.min.y}, rest.max}, 1);
    rest.max.x -= width + ui.px(size::kGapSmall);
  }
  const float bar = ui.px(kProgress);
  place({rest.max.x - bar, paint::middle_of(rest).y - ui.px(3)});
  progress(ui, "status.progress", first.fraction, bar);
  rest.max.x -= bar + ui.px(size::kGapWide);
  paint::glyph(ui.fonts.icons_small, {rest.min.x + ui.px(8), paint::middle_of(rest).y},
               ui.theme.muted, icon::kWait);
  rest.min.x += ui.px(16 + size::kGapSmall);
  text_in(ui, TextKind::kSmall, first.label, rest);
}

}  // namespace coffre::ui
