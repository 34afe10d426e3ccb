#include "app/desktop/screens/team_sheets.h"

#include <algorithm>

#include <nlohmann/json.hpp>

#include "app/common/i18n.h"
#include "app/desktop/screens/dossiers_names.h"
#include "app/desktop/screens/screen_layout.h"
#include "app/desktop/screens/shown_names.h"
#include "app/desktop/ui_core/format.h"
#include "app/desktop/ui_core/icons.h"
#include "core/base/text.h"

namespace coffre::ui {
namespace {

constexpr float kSheetWidth = 480;
constexpr float kRoleSheetWidth = 720;

}  // namespace

void TeamSheets::open(Kind kind) {
  kind_ = kind;
  focus_ = true;
  work_.forget_error();
}

void TeamSheets::close() {
  kind_ = Kind::kNone;
  shown_password_.clear();
  name_.clear();
}

void TeamSheets::open_add(const Policy& policy) {
  roles_.clear();
  const auto me = services_.vault.me();
  // Giving roles is a right of its own: without it the account is made without any.
  const bool gives_roles = (services_.vault.vault_rights() & vault_right::kRoles) != 0;
  for (const auto& [id, role] : policy.roles()) {
    if (gives_roles && me != nullptr) {
      roles_.push_back({role.name, why_not_assigned(policy, role, me->id), false});
    }
  }
  std::ranges::sort(roles_, {}, [](const RoleChoice& role) { return fold(shown_role(role.name)); });
  open(Kind::kAdd);
}

void TeamSheets::open_reset(const Person& person) {
  person_ = person.name;
  open(Kind::kReset);
}

void TeamSheets::open_remove(const Person& person) {
  person_ = person.name;
  reads_ = person.reads_names;
  counts_.assign(reads_.size(), std::nullopt);
  before_.clear();
  work_.count(person.reads, [this](std::vector<std::optional<std::uint64_t>> counts) {
    if (counts.size() == counts_.size()) {
      counts_ = std::move(counts);
    }
  });
  open(Kind::kRemove);
}

Result<Secret> TeamSheets::make_password() {
  COFFRE_TRY_ASSIGN(Secret password, first_password(system_random()));
  shown_password_.set(as_text(std::as_const(password).expose()));
  return password;
}

void TeamSheets::draw(Ui& ui, const Policy& policy) {
  std::string title;
  switch (kind_) {
    case Kind::kAdd:
      title = tr(N_("Add a person"));
      break;
    case Kind::kReset:
      title = fill(tr(N_("A new first password for {}")), {printable(person_)});
      break;
    case Kind::kPassword:
      title = fill(tr(N_("First password of {}")), {printable(person_)});
      break;
    case Kind::kRemove:
      title = fill(tr(N_("Remove {}")), {printable(person_)});
      break;
    case Kind::kRemoved:
      title = fill(tr(N_("{} is removed")), {printable(person_)});
      break;
    case Kind::kRole:
      title =
          is_new_role_ ? tr(N_("New role")) : fill(tr(N_("Role: {}")), {shown_role(name_.view())});
      break;
    case Kind::kNone:
      break;
  }
  bool stays_open = kind_ != Kind::kNone;
  const float width = kind_ == Kind::kRole ? kRoleSheetWidth : kSheetWidth;
  if (begin_sheet(ui, "team.sheet", title, width, stays_open)) {
    switch (kind_) {
      case Kind::kAdd:
        draw_add(ui);
        break;
      case Kind::kReset:
        draw_reset(ui);
        break;
      case Kind::kPassword:
        draw_password(ui);
        break;
      case Kind::kRemove:
        draw_remove(ui);
        break;
      case Kind::kRemoved:
        draw_removed(ui);
        break;
      case Kind::kRole:
        draw_role(ui, policy);
        break;
      case Kind::kNone:
        break;
    }
    end_sheet(ui);
  }
  if (kind_ != Kind::kNone && !stays_open) {
    close();
  }
}

bool TeamSheets::draw_buttons(Ui& ui, const char* id, const char* label, ButtonKind kind,
                              const char* icon, const Availability& availability) {
  gap(ui, size::kGapWide);
  const char* cancel = tr(N_("Cancel"));
  const float go_width = button_width(ui, label, icon);
  right_aligned(ui, button_width(ui, cancel) + ui.px(size::kGapSmall) + go_width);
  if (button(ui, "team.cancel", cancel)) {
    close();
    return false;
  }
  flow(ui, go_width);
  return button(ui, id, label, kind, icon, availability);
}

void TeamSheets::draw_error(Ui& ui) {
  if (work_.error()) {
    gap(ui, size::kGap);
    error_notice(ui, "team.sheet.error", text_of(*work_.error()));
  }
}

void TeamSheets::draw_add(Ui& ui) {
  FieldOptions options;
  options.focus = focus_;
  focus_ = false;
  options.hint = tr(N_("Dr Jules Sy"));
  text_field(ui, "team.name", tr(N_("Name")), {name_.data(), name_.capacity()}, options);
  gap(ui, size::kGap);
  if (!roles_.empty()) {
    wrapped(ui, TextKind::kSmallMuted, tr(N_("Roles")));
  }
  for (RoleChoice& role : roles_) {
    const std::string id = "team.add.role." + role.name;
    checkbox(ui, id.c_str(), shown_role(role.name), role.chosen,
             role.why_not == nullptr ? Availability::ready() : Availability::greyed(role.why_not));
  }
  gap(ui, size::kGap);
  wrapped(
      ui, TextKind::kSmallMuted,
      tr(N_("Coffre makes a first password and shows it once. The person chooses another at the "
            "first unlock; what the roles read then waits for an approval.")));
  draw_error(ui);
  const Availability ready =
      name_.empty() ? Availability::greyed(N_("Enter a name first.")) : work_.when_idle();
  if (!draw_buttons(ui, "team.add.go", tr(N_("Add")), ButtonKind::kPrimary, icon::kAddPerson,
                    ready)) {
    return;
  }
  std::vector<std::string> roles;
  for (const RoleChoice& role : roles_) {
    if (role.chosen) {
      roles.push_back(role.name);
    }
  }
  Result<Secret> password = make_password();
  if (!password) {
    services_.toasts.say_error(password.error());
    return;
  }
  person_ = name_.view();
  work_.add(person_, roles, *std::move(password), [this] { open(Kind::kPassword); });
}

void TeamSheets::draw_reset(Ui& ui) {
  wrapped(ui, TextKind::kText,
          tr(N_("The present password stops working at once. The person gets new keys: what the "
                "roles read has to be approved again.")));
  draw_error(ui);
  if (!draw_buttons(ui, "team.reset.go", tr(N_("Make a password")), ButtonKind::kPrimary,
                    icon::kKey, work_.when_idle())) {
    return;
  }
  Result<Secret> password = make_password();
  if (!password) {
    services_.toasts.say_error(password.error());
    return;
  }
  work_.reset(person_, *std::move(password), [this] { open(Kind::kPassword); });
}

void TeamSheets::draw_password(Ui& ui) {
  wrapped(ui, TextKind::kText,
          tr(N_("Give it to the person on paper or by voice, never by e-mail. It is shown only "
                "here, and only now.")));
  gap(ui, size::kGapWide);
  wrapped(ui, TextKind::kTitle, shown_password_.view());
  gap(ui, size::kGapWide);
  const char* copy = tr(N_("Copy"));
  const char* done = tr(N_("Done"));
  right_aligned(ui, button_width(ui, copy, icon::kCopy) + ui.px(size::kGapSmall) +
                        button_width(ui, done, icon::kCheck));
  if (button(ui, "team.password.copy", copy, ButtonKind::kPlain, icon::kCopy)) {
    ImGui::SetClipboardText(shown_password_.data());
    services_.toasts.say(tr(N_("Copied. The clipboard is cleared at the lock.")));
  }
  flow(ui, button_width(ui, done, icon::kCheck));
  if (button(ui, "team.password.done", done, ButtonKind::kPrimary, icon::kCheck)) {
    close();
  }
}

void TeamSheets::draw_remove(Ui& ui) {
  if (reads_.empty()) {
    wrapped(ui, TextKind::kText, tr(N_("This account reads no documents.")));
  } else {
    wrapped(ui, TextKind::kText, tr(N_("Today this person can read:")));
    for (std::size_t index = 0; index < reads_.size(); ++index) {
      const std::string name = compartment_label(reads_[index]);
      wrapped(ui, TextKind::kStrong,
              counts_[index]
                  ? fill(tr(N_("{}, documents: {}")), {name, count_text(*counts_[index])})
                  : name);
    }
  }
  gap(ui, size::kGap);
  notice(
      ui, "team.remove.notice", NoticeKind::kWarning, tr(N_("This cannot be undone")),
      tr(N_("New keys are made at once: nothing stored from now on can be read with this account. "
            "What was read or copied before cannot be taken back.")));
  draw_error(ui);
  if (draw_buttons(ui, "team.remove.go", tr(N_("Remove")), ButtonKind::kDanger, icon::kRemovePerson,
                   work_.when_idle())) {
    work_.remove(person_, [this](std::vector<ReadableBefore> before) {
      before_ = std::move(before);
      open(Kind::kRemoved);
    });
  }
}

void TeamSheets::draw_removed(Ui& ui) {
  if (before_.empty()) {
    wrapped(ui, TextKind::kText, tr(N_("This account could read no documents.")));
  } else {
    wrapped(ui, TextKind::kText,
            tr(N_("Until now this person could read, and may have kept copies of:")));
    for (const ReadableBefore& before : before_) {
      wrapped(ui, TextKind::kStrong,
              fill(tr(N_("{}, documents: {}")),
                   {compartment_label(before.compartment), count_text(before.documents)}));
    }
    gap(ui, size::kGapSmall);
    wrapped(ui, TextKind::kText, tr(N_("From now on this person reads nothing that is stored.")));
  }
  gap(ui, size::kGapWide);
  const char* done = tr(N_("Done"));
  right_aligned(ui, button_width(ui, done, icon::kCheck));
  if (button(ui, "team.removed.done", done, ButtonKind::kPrimary, icon::kCheck)) {
    close();
  }
}

std::string TeamSheets::draft() const {
  if (kind_ != Kind::kAdd || name_.empty()) {
    return {};
  }
  return nlohmann::json({{"add", name_.view()}})
      .dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

void TeamSheets::restore(std::string_view draft) {
  const nlohmann::json json = nlohmann::json::parse(draft, nullptr, false);
  const auto policy = services_.vault.policy();
  if (policy != nullptr && json.is_object() && json.contains("add") && json["add"].is_string()) {
    open_add(*policy);
    name_.set(json["add"].get<std::string>());
  }
}

}  // namespace coffre::ui
