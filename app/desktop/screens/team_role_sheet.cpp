// The sheet of a role: what it may do in each compartment, and over the vault.
#include <algorithm>

#include "app/common/i18n.h"
#include "app/desktop/screens/dossiers_names.h"
#include "app/desktop/screens/screen_layout.h"
#include "app/desktop/screens/team_sheets.h"
#include "app/desktop/ui_core/icons.h"
#include "core/base/text.h"

namespace coffre::ui {
namespace {

struct NamedBit {
  std::uint8_t bit;
  const char* id;
  const char* words;
};
constexpr const char* kWhyNotDestroy =
    N_("Only somebody who reads here can let others destroy here.");
constexpr std::array<NamedBit, 5> kRoleRights = {{{right::kRead, "read", N_("reads")},
                                                  {right::kDeposit, "deposit", N_("files")},
                                                  {right::kEdit, "edit", N_("changes")},
                                                  {right::kExport, "export", N_("exports")},
                                                  {right::kDestroy, "destroy", N_("destroys")}}};
constexpr std::array<NamedBit, 3> kVaultRights = {
    {{vault_right::kAccounts, "accounts", N_("looks after the accounts")},
     {vault_right::kRoles, "roles", N_("gives and changes roles")},
     {vault_right::kSettings, "settings", N_("changes settings and compartments")}}};

}  // namespace

void TeamSheets::open_role(const Policy& policy, const Role* role) {
  is_new_role_ = role == nullptr;
  name_.set(role == nullptr ? "" : role->name);
  for (std::size_t index = 0; index < kVaultRights.size(); ++index) {
    vault_rights_[index] = role != nullptr && (role->vault_rights & kVaultRights[index].bit) != 0;
  }
  places_.clear();
  const auto me = services_.vault.me();
  const User* myself = me == nullptr ? nullptr : policy.user(me->id);
  for (const auto& [id, compartment] : policy.compartments()) {
    PlaceRights place;
    place.id = id;
    place.name = compartment.name;
    place.is_journal = compartment.purpose == Purpose::kJournal;
    std::uint8_t had = 0;
    if (role != nullptr) {
      const auto found = role->rights.find(id);
      had = found == role->rights.end() ? std::uint8_t{0} : found->second;
    }
    for (std::size_t index = 0; index < kRoleRights.size(); ++index) {
      place.on[index] = (had & kRoleRights[index].bit) != 0;
    }
    place.may_destroy =
        (had & right::kDestroy) != 0 || (myself != nullptr && policy.is_reader(*myself, id));
    // In the journal people only read; what a role has beyond that stays as it is.
    place.kept =
        place.is_journal ? static_cast<std::uint8_t>(had & ~right::kRead) : std::uint8_t{0};
    places_.push_back(std::move(place));
  }
  std::ranges::sort(places_, {}, [](const PlaceRights& place) {
    return std::pair(place.is_journal, fold(compartment_label(place.name)));
  });
  open(Kind::kRole);
}

void TeamSheets::draw_place(Ui& ui, PlaceRights& place, std::size_t index) {
  wrapped(ui, TextKind::kStrong, compartment_label(place.name));
  for (std::size_t bit = 0; bit < kRoleRights.size(); ++bit) {
    if (place.is_journal && kRoleRights[bit].bit != right::kRead) {
      break;
    }
    const char* words = tr(kRoleRights[bit].words);
    if (bit != 0) {
      flow(ui, text_width(ui, words) + ui.px(size::kButton), size::kGapLarge);
    }
    const bool offered = kRoleRights[bit].bit != right::kDestroy || place.may_destroy;
    const std::string id = "team.role." + std::to_string(index) + "." + kRoleRights[bit].id;
    checkbox(ui, id.c_str(), words, place.on[bit],
             offered ? Availability::ready() : Availability::greyed(kWhyNotDestroy));
  }
  gap(ui, size::kGapSmall);
}

RoleDraft TeamSheets::role_draft() const {
  RoleDraft draft;
  draft.name = name_.view();
  for (std::size_t index = 0; index < kVaultRights.size(); ++index) {
    if (vault_rights_[index]) {
      draft.vault_rights = static_cast<std::uint8_t>(draft.vault_rights | kVaultRights[index].bit);
    }
  }
  for (const PlaceRights& place : places_) {
    std::uint8_t bits = place.kept;
    for (std::size_t index = 0; index < kRoleRights.size(); ++index) {
      if (place.on[index]) {
        bits = static_cast<std::uint8_t>(bits | kRoleRights[index].bit);
      }
    }
    if (bits != 0) {
      draft.rights.emplace_back(place.name, bits);
    }
  }
  return draft;
}

void TeamSheets::draw_role(Ui& ui, const Policy& policy) {
  const char* why_not = nullptr;
  if (is_new_role_) {
    FieldOptions options;
    options.focus = focus_;
    focus_ = false;
    // The core would take the name for a change of the role that has it.
    const bool taken = !name_.empty() && policy.role_by_name(name_.view()) != nullptr;
    options.error = taken ? tr(N_("there is a role of that name already")) : "";
    text_field(ui, "team.role.name", tr(N_("Name of the role")), {name_.data(), name_.capacity()},
               options);
    gap(ui, size::kGap);
    why_not = name_.empty() || taken ? N_("Enter a new name first.") : nullptr;
  }
  for (std::size_t index = 0; index < places_.size(); ++index) {
    draw_place(ui, places_[index], index);
  }
  wrapped(ui, TextKind::kStrong, tr(N_("Over the vault")));
  for (std::size_t index = 0; index < kVaultRights.size(); ++index) {
    const char* words = tr(kVaultRights[index].words);
    if (index != 0) {
      flow(ui, text_width(ui, words) + ui.px(size::kButton), size::kGapLarge);
    }
    const std::string id = std::string("team.role.vault.") + kVaultRights[index].id;
    checkbox(ui, id.c_str(), words, vault_rights_[index]);
  }
  gap(ui, size::kGapSmall);
  wrapped(ui, TextKind::kSmallMuted,
          tr(N_("Whoever gets a right to read by this waits for a reader’s approval; whoever loses "
                "one reads nothing that is stored from then on.")));
  draw_error(ui);
  if (draw_buttons(ui, "team.role.go", tr(N_("Save")), ButtonKind::kPrimary, icon::kCheck,
                   work_.when_idle(why_not))) {
    work_.define(role_draft(), [this] { close(); });
  }
}

}  // namespace coffre::ui
