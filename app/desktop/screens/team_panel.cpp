// The side panel of the team: one person.
#include <algorithm>

#include "app/common/i18n.h"
#include "app/desktop/screens/dossiers_names.h"
#include "app/desktop/screens/screen_layout.h"
#include "app/desktop/screens/shown_names.h"
#include "app/desktop/screens/team_screen.h"
#include "app/desktop/ui_core/format.h"
#include "app/desktop/ui_core/icons.h"
#include "core/base/text.h"

namespace coffre::ui {

void TeamScreen::draw_side(Ui& ui, const Rect& area, bool alone) {
  if (begin_panel(ui, "team.side", area, ui.theme.side)) {
    if (alone && button(ui, "team.back", tr(N_("Back")), ButtonKind::kPlain, icon::kArrowLeft)) {
      chosen_.reset();
    }
    if (const Person* person = chosen()) {
      draw_person(ui, *person);
    } else {
      empty_state(ui, "team.choose", icon::kPerson, tr(N_("Nobody chosen")),
                  tr(N_("Choose a person to see what waits, and what can be changed.")));
    }
  }
  end_panel(ui);
}

void TeamScreen::draw_person(Ui& ui, const Person& person) {
  wrapped(ui, TextKind::kTitle, printable(person.name));
  gap(ui, size::kGapSmall);
  tag(ui, "team.side.state", tag_of(person.state), tr(words_of(person.state)));
  gap(ui, size::kGapWide);
  if (loaded_ && work_.error()) {
    error_notice(ui, "team.side.error", text_of(*work_.error()));
    gap(ui, size::kGap);
  }
  if (person.state == PersonState::kRemoved) {
    wrapped(ui, TextKind::kMuted,
            tr(N_("This person left. The journal keeps what was done with this account.")));
    return;
  }
  if (!person.waiting.empty()) {
    draw_approval(ui, person);
  }
  std::vector<std::string> reads;
  std::ranges::transform(person.reads_names, std::back_inserter(reads),
                         [](const std::string& name) { return compartment_label(name); });
  detail(ui, tr(N_("Reads now")), reads.empty() ? tr(N_("nothing")) : joined(reads));
  if (person.waiting.empty() || why_not_approved(person) != nullptr) {
    detail(ui, tr(N_("Fingerprint of the key")), grouped_hex(person.key_id.view()));
  }
  draw_roles(ui, person);
  if (may(vault_right::kAccounts) && !person.is_me) {
    draw_account(ui, person);
  }
}

void TeamScreen::draw_approval(Ui& ui, const Person& person) {
  std::vector<std::string> names;  // as stored, those that this account can approve
  std::vector<std::string> waits;  // as shown, all
  std::uint64_t documents = 0;
  for (const Waiting& waiting : person.waiting) {
    waits.push_back(compartment_label(waiting.name));
    if (waiting.can_approve) {
      names.push_back(waiting.name);
      const auto count = counts_.find(waiting.compartment);
      documents += count == counts_.end() ? 0 : count->second;
    }
  }
  const char* why_not = why_not_approved(person);
  if (why_not != nullptr) {
    notice(ui, "team.waits", NoticeKind::kInfo, tr(N_("Waits for an approval")),
           fill(tr(N_("To read: {}.")), {joined(waits)}) + " " + tr(why_not));
    gap(ui, size::kGap);
    return;
  }
  std::vector<std::string> shown;
  std::ranges::transform(names, std::back_inserter(shown),
                         [](const std::string& name) { return compartment_label(name); });
  notice(ui, "team.waits", NoticeKind::kWarning, tr(N_("Waits for your approval")),
         fill(tr(N_("To read: {}. Documents there today: {}. Only a reader can allow it; an "
                    "administrator cannot.")),
              {joined(shown), count_text(documents)}));
  gap(ui, size::kGapSmall);
  wrapped(ui, TextKind::kSmallMuted,
          tr(N_("First compare this fingerprint with the one that the person sees under Security, "
                "by voice or on their screen:")));
  wrapped(ui, TextKind::kStrong, grouped_hex(person.key_id.view()));
  gap(ui, size::kGap);
  if (button(ui, "team.approve", tr(N_("It is the same: approve")), ButtonKind::kPrimary,
             icon::kKey, work_.when_idle())) {
    work_.approve(person.name, names, person.key_id);
  }
  gap(ui, size::kGapWide);
}

void TeamScreen::draw_roles(Ui& ui, const Person& person) {
  if (!may(vault_right::kRoles)) {
    std::vector<std::string> roles;
    std::ranges::transform(person.roles, std::back_inserter(roles), shown_role);
    detail(ui, tr(N_("Roles")), joined(roles));
    return;
  }
  wrapped(ui, TextKind::kSmallMuted, tr(N_("Roles")));
  for (const auto& [id, role] : policy_->roles()) {
    const bool has = std::ranges::find(person.roles, role.name) != person.roles.end();
    const char* why_not = has ? nullptr : why_not_assigned(*policy_, role, me_);
    bool on = has;
    const std::string widget = "team.role_of." + role.name;
    if (checkbox(ui, widget.c_str(), shown_role(role.name), on, work_.when_idle(why_not))) {
      work_.assign(person.name, role.name, has);
    }
  }
}

void TeamScreen::draw_account(Ui& ui, const Person& person) {
  section(ui, tr(N_("Account")));
  if (button(ui, "team.reset", tr(N_("New first password…")), ButtonKind::kPlain, icon::kKey,
             work_.when_idle())) {
    sheets_.open_reset(person);
  }
  gap(ui, size::kGapSmall);
  const bool suspended = person.state == PersonState::kSuspended;
  if (suspended) {
    wrapped(ui, TextKind::kSmallMuted,
            tr(N_("Suspended: honest programs refuse the account. What it could read stays at risk "
                  "until it is removed.")));
  }
  if (button(ui, "team.suspend", suspended ? tr(N_("Let work again")) : tr(N_("Suspend")),
             ButtonKind::kPlain, suspended ? icon::kStart : icon::kBlock, work_.when_idle())) {
    work_.set_enabled(person.name, suspended);
  }
  section(ui, tr(N_("Remove this person")));
  wrapped(ui, TextKind::kSmallMuted,
          tr(N_("New keys are made at once. What could be read is listed, before and after.")));
  gap(ui, size::kGapSmall);
  if (button(ui, "team.remove", tr(N_("Remove…")), ButtonKind::kDanger, icon::kRemovePerson,
             work_.when_idle(why_not_removed(*policy_, person, me_)))) {
    sheets_.open_remove(person);
  }
}

}  // namespace coffre::ui
