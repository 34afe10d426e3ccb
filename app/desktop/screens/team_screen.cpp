#include "app/desktop/screens/team_screen.h"

#include <algorithm>

#include "app/common/i18n.h"
#include "app/desktop/screens/screen_layout.h"
#include "app/desktop/screens/shown_names.h"
#include "app/desktop/ui_core/icons.h"
#include "core/base/text.h"

namespace coffre::ui {
namespace {

constexpr float kTeamSideWidth = 340;
constexpr float kPersonRow = 62;
constexpr float kAvatar = 32;
constexpr float kRowsShown = 7;  // of people, before the list scrolls by itself

}  // namespace

TeamScreen::TeamScreen(Services& services)
    : services_(services), work_(services), sheets_(services, work_) {}

const char* TeamScreen::label() const { return N_("Team"); }
const char* TeamScreen::icon() const { return icon::kGroup; }

int TeamScreen::badge() const {
  const auto policy = services_.vault.policy();
  const auto me = services_.vault.me();
  if (policy == nullptr || me == nullptr) {
    return 0;
  }
  // Asked in every frame: counted again only when the policy is another.
  if (policy != badge_policy_) {
    badge_policy_ = policy;
    badge_ = approvals_waiting(*policy, me->id);
  }
  return badge_;
}

bool TeamScreen::may(std::uint8_t vault_right) const {
  return (services_.vault.vault_rights() & vault_right) != 0;
}

Availability TeamScreen::may_change(std::uint8_t vault_right) const {
  return may(vault_right) ? work_.when_idle() : Availability::hidden();
}

void TeamScreen::add_commands(Commands& commands) {
  commands.add({"team.add",
                N_("Add a person"),
                icon::kAddPerson,
                {letter('N'), true, true},
                [this] { return may_change(vault_right::kAccounts); },
                [this] {
                  services_.go(id());
                  sheets_.open_add(*services_.vault.policy());
                }});
  commands.add({"team.new_role",
                N_("New role"),
                icon::kPlus,
                {},
                [this] { return may_change(vault_right::kRoles); },
                [this] {
                  services_.go(id());
                  sheets_.open_role(*services_.vault.policy(), nullptr);
                }});
}

void TeamScreen::entered() { refresh(); }

void TeamScreen::refresh() {
  asked_.clear();
  work_.refresh([this] { loaded_ = true; });
}

void TeamScreen::look_again() {
  const auto policy = services_.vault.policy();
  if (policy == nullptr || policy == policy_) {
    return;
  }
  policy_ = policy;
  const auto me = services_.vault.me();
  me_ = me == nullptr ? Id{} : me->id;
  people_ = people_of(*policy, me_);
  if (!words_.empty()) {
    std::erase_if(people_, [&](const Person& person) {
      return fold(person.name).find(words_) == std::string::npos;
    });
  }
  count_documents();
}

// Each operation brings another policy: only what is not known yet is asked for.
void TeamScreen::count_documents() {
  std::vector<Id> places;
  for (const Person& person : people_) {
    for (const Waiting& waiting : person.waiting) {
      if (waiting.can_approve && asked_.insert(waiting.compartment).second) {
        places.push_back(waiting.compartment);
      }
    }
  }
  if (places.empty()) {
    return;
  }
  work_.count(places, [this, places](const std::vector<std::optional<std::uint64_t>>& counts) {
    for (std::size_t index = 0; index < places.size(); ++index) {
      if (counts[index]) {
        counts_[places[index]] = *counts[index];
      }
    }
  });
}

void TeamScreen::choose(const Id& person) {
  chosen_ = person;
  work_.forget_error();
}

const Person* TeamScreen::chosen() const {
  const auto found =
      std::ranges::find_if(people_, [&](const Person& person) { return chosen_ == person.id; });
  return found == people_.end() ? nullptr : &*found;
}

bool TeamScreen::search(std::string_view words) {
  words_ = fold(words);
  policy_.reset();  // the list is made anew
  list_ = {};
  return true;
}

void TeamScreen::draw(Ui& ui, const Rect& area) {
  look_again();
  const SplitArea split = split_area(ui, area, kTeamSideWidth);
  if (split.narrow && chosen() != nullptr) {
    draw_side(ui, split.side, true);
    return;
  }
  draw_page(ui, split.page);
  if (!split.narrow) {
    draw_side(ui, split.side, false);
  }
  side_border(ui, split);
}

void TeamScreen::draw_page(Ui& ui, const Rect& area) {
  if (begin_panel(ui, "team", area, ui.theme.panel)) {
    draw_head(ui);
    gap(ui, size::kGap);
    if (!loaded_ && work_.error()) {
      error_notice(ui, "team.error", text_of(*work_.error()));
      gap(ui, size::kGap);
      if (button(ui, "team.retry", tr(N_("Try again")), ButtonKind::kPrimary, icon::kRefresh)) {
        refresh();
      }
    } else if (policy_ == nullptr || !loaded_) {
      spinner_text(ui, tr(N_("The team is being read…")));
    } else {
      draw_people(ui);
      draw_matrix(ui);
    }
  }
  end_panel(ui);
}

void TeamScreen::draw_head(Ui& ui) {
  page_title(ui, tr(N_("Team")));
  const Command* add = services_.commands.find("team.add");
  if (add != nullptr && Commands::availability_of(*add).kind != Availability::Kind::kHidden) {
    const float width = button_width(ui, tr(add->label), add->icon);
    flow(ui, width);
    right_aligned(ui, width);
    command_button(ui, *add, ButtonKind::kPrimary);
  }
}

void TeamScreen::draw_people(Ui& ui) {
  if (people_.empty()) {
    empty_state(ui, "team.none", icon::kSearch, tr(N_("Nobody has this name")),
                tr(N_("Clear the search field to see everybody.")));
    return;
  }
  const float row_height = ui.px(kPersonRow);
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const float rows = std::min(static_cast<float>(people_.size()), kRowsShown);
  const Rect area{at, {at.x + room(ui), at.y + rows * row_height}};
  const auto found =
      std::ranges::find_if(people_, [&](const Person& person) { return chosen_ == person.id; });
  const std::ptrdiff_t selected = found == people_.end() ? -1 : found - people_.begin();
  if (begin_list(ui, "team.people", list_, people_.size(), row_height, area)) {
    const std::ptrdiff_t pressed =
        list_rows(ui, "team.people", list_, people_.size(), row_height, selected,
                  [&](std::size_t index, const Rect& row, bool) {
                    draw_person_row(ui, people_[index], row);
                  });
    if (pressed >= 0) {
      choose(people_[static_cast<std::size_t>(pressed)].id);
    }
  }
  end_list(ui);
}

void TeamScreen::draw_person_row(Ui& ui, const Person& person, const Rect& row) const {
  const float pad = ui.px(size::kGap);
  const float disc = ui.px(kAvatar);
  place({row.min.x + pad, row.min.y + (row.height() - disc) / 2});
  avatar(ui, person.name, disc);
  const float text_at = row.min.x + pad + disc + 2 * pad;
  // The tag stands in the last third, as the names end at different places.
  const std::string state = tr(words_of(person.state));
  const float tag_at =
      row.max.x - std::max(row.width() * 0.38F, text_width(ui, state) + ui.px(size::kGapLarge));
  const float width = tag_at - text_at - pad;
  const float height = ui.fonts.text->FontSize + ui.px(4) + ui.fonts.small->FontSize;
  const float top = row.min.y + (row.height() - height) / 2;
  std::vector<std::string> roles;
  std::ranges::transform(person.roles, std::back_inserter(roles), shown_role);
  place({text_at, top});
  fitted(ui, TextKind::kText,
         person.is_me ? fill(tr(N_("{} (you)")), {printable(person.name)}) : printable(person.name),
         width);
  place({text_at, top + ui.fonts.text->FontSize + ui.px(4)});
  fitted(ui, TextKind::kSmallMuted, joined(roles), width);
  place({tag_at, row.min.y + (row.height() - ui.fonts.small->FontSize) / 2 - ui.px(2)});
  const std::string tag_id = "team.state." + person.name;
  tag(ui, tag_id.c_str(), tag_of(person.state), state);
}

void TeamScreen::draw_sheets(Ui& ui) {
  if (const auto policy = services_.vault.policy()) {
    sheets_.draw(ui, *policy);
  }
}

std::unique_ptr<Screen> make_team_screen(Services& services) {
  return std::make_unique<TeamScreen>(services);
}

}  // namespace coffre::ui
