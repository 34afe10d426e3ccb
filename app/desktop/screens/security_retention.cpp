#include "app/desktop/screens/security_retention.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "app/common/i18n.h"
#include "app/desktop/screens/dossiers_drawing.h"
#include "app/desktop/screens/dossiers_names.h"
#include "app/desktop/screens/screen_layout.h"
#include "app/desktop/ui_core/format.h"
#include "app/desktop/ui_core/icons.h"

namespace coffre::ui {
namespace {

constexpr float kRetentionSheetWidth = 500;
constexpr float kPeriodNames = 220;  // at 100 %: the column of the compartments' names
constexpr std::array<std::uint32_t, 5> kUsualYears = {0, 5, 10, 20, 30};

std::string years_text(std::uint32_t years) {
  if (years == 0) {
    return tr(N_("no period"));
  }
  return fill(years == 1 ? tr(N_("{} year")) : tr(N_("{} years")), {std::to_string(years)});
}

std::vector<Id> kept_places(const Policy& policy) {
  std::vector<Id> places;
  for (const auto& [id, compartment] : policy.compartments()) {
    if (compartment.purpose != Purpose::kJournal) {
      places.push_back(id);
    }
  }
  std::ranges::sort(places, {}, [&](const Id& id) { return compartment_label(policy, id); });
  return places;
}

std::string holds_text(const Policy& policy) {
  const auto documents = static_cast<std::size_t>(std::ranges::count(
      policy.holds(), HoldKind::kDocument, [](const auto& entry) { return entry.second.kind; }));
  const std::size_t patients = policy.holds().size() - documents;
  if (policy.holds().empty()) {
    return tr(N_("Nothing is on hold."));
  }
  return fill(
      tr(N_(
          "Nobody may destroy what is on hold. Documents: {}; patients, with all documents: {}.")),
      {count_text(documents), count_text(patients)});
}

}  // namespace

void RetentionSection::add_commands(Commands& commands) {
  commands.add({"security.retention",
                N_("Change the periods…"),
                icon::kTimer,
                {},
                [this] { return availability(); },
                [this] { open(); }});
}

Availability RetentionSection::availability() const {
  if ((services_.vault.vault_rights() & vault_right::kSettings) == 0) {
    return Availability::hidden();
  }
  return running_ ? Availability::greyed(N_("A period is being changed.")) : Availability::ready();
}

void RetentionSection::draw(Ui& ui, const Policy& policy) {
  section(ui, tr(N_("What has to be kept")));
  wrapped(ui, TextKind::kText,
          tr(N_("Nobody may destroy a document before the period of its compartment is over. It "
                "counts from the document’s date; documents of minors are kept to the 28th "
                "birthday at least. A new vault has no periods: the practice sets its own.")));
  gap(ui, size::kGapSmall);
  for (const Id& id : kept_places(policy)) {
    const ImVec2 at = ImGui::GetCursorScreenPos();
    const float names = std::min(ui.px(kPeriodNames), room(ui) / 2);
    const float height = ui.px(28);
    text_in(ui, TextKind::kMuted, compartment_label(policy, id),
            {at, {at.x + names, at.y + height}});
    const std::string years = years_text(policy.compartment(id)->retention_years);
    const Rect value{{at.x + names, at.y}, {at.x + room(ui), at.y + height}};
    text_in(ui, TextKind::kStrong, years, value);
    ImGui::Dummy({room(ui), height});
  }
  gap(ui, size::kGapSmall);
  wrapped(ui, TextKind::kText, holds_text(policy));
  const Command* change = services_.commands.find("security.retention");
  if (change != nullptr && availability().kind != Availability::Kind::kHidden) {
    gap(ui, size::kGapSmall);
    command_button(ui, *change, ButtonKind::kPlain);
  }
}

const Compartment* RetentionSection::chosen() const {
  return policy_ && chosen_ < places_.size() ? policy_->compartment(places_[chosen_]) : nullptr;
}

void RetentionSection::take_period() {
  const Compartment* place = chosen();
  years_.set(place == nullptr ? std::string() : std::to_string(place->retention_years));
  error_.reset();
}

void RetentionSection::open() {
  policy_ = services_.vault.policy();
  if (!policy_) {
    return;
  }
  places_ = kept_places(*policy_);
  chosen_ = 0;
  take_period();
  open_ = !places_.empty();
  focus_ = true;
}

std::optional<std::uint32_t> RetentionSection::typed_years() const {
  const std::string_view typed = years_.view();
  std::uint32_t years = 0;
  const auto [end, error] = std::from_chars(typed.data(), typed.data() + typed.size(), years);
  const bool is_number = error == std::errc() && end == typed.data() + typed.size();
  return is_number && years <= kRetentionYearsMax ? std::optional(years) : std::nullopt;
}

Availability RetentionSection::may_go() const {
  if (running_) {
    return Availability::greyed(N_("A period is being changed."));
  }
  const Compartment* place = chosen();
  const std::optional<std::uint32_t> years = typed_years();
  if (place == nullptr || !years) {
    return Availability::greyed(N_("Type a number of years from 0 to 100."));
  }
  return *years == place->retention_years ? Availability::greyed(N_("It is this period already."))
                                          : Availability::ready();
}

void RetentionSection::go() {
  const Compartment* place = chosen();
  const std::optional<std::uint32_t> years = typed_years();
  if (place == nullptr || !years) {
    return;
  }
  running_ = true;
  error_.reset();
  services_.vault.ask<void>(
      [name = place->name, years = *years](Vault& vault) {
        return vault.set_retention(name, years);
      },
      alive_.guard(
          [this, label = compartment_label(place->name), years = *years](const Status& status) {
            running_ = false;
            if (!status) {
              error_ = status.error();
              if (!open_) {  // the sheet was closed meanwhile
                services_.toasts.say_error(status.error());
              }
              return;
            }
            open_ = false;
            services_.toasts.say(
                years == 0 ? fill(tr(N_("No period keeps documents of {} any more.")), {label})
                           : fill(tr(N_("Documents of {} are kept for {} years at least.")),
                                  {label, std::to_string(years)}));
          }));
}

void RetentionSection::draw_sheet(Ui& ui) {
  if (!begin_sheet(ui, "retention", tr(N_("For how long documents are kept")), kRetentionSheetWidth,
                   open_)) {
    return;
  }
  if (auto now = services_.vault.policy()) {
    policy_ = std::move(now);
  }
  draw_fields(ui, *policy_);
  gap(ui, size::kGapWide);
  const char* label = running_ ? tr(N_("Being changed…")) : tr(N_("Change"));
  if (sheet_buttons(ui, "retention", {label, icon::kCheck}, may_go(), open_)) {
    go();
  }
  end_sheet(ui);
}

void RetentionSection::draw_fields(Ui& ui, const Policy& policy) {
  std::vector<std::string> labels;
  labels.reserve(places_.size());
  for (const Id& id : places_) {
    labels.push_back(compartment_label(policy, id));
  }
  if (choice(ui, "retention.compartment", tr(N_("Compartment")), labels, chosen_)) {
    take_period();
  }
  gap(ui, size::kGap);
  FieldOptions options;
  options.icon = icon::kTimer;
  options.focus = std::exchange(focus_, false);
  const bool is_wrong = !years_.empty() && !typed_years();
  options.error = is_wrong ? tr(N_("Type a number of years from 0 to 100.")) : "";
  const FieldEvent event =
      text_field(ui, "retention.years", tr(N_("Years; 0: no period")), years_.span(), options);
  gap(ui, 4);
  std::array<std::string, kUsualYears.size()> usual;
  std::ranges::transform(kUsualYears, usual.begin(), years_text);
  const auto found = std::ranges::find(kUsualYears, typed_years());
  std::size_t at = static_cast<std::size_t>(found - kUsualYears.begin());
  if (chips(ui, "retention.usual", usual, at, room(ui)) && at < kUsualYears.size()) {
    years_.set(std::to_string(kUsualYears[at]));
  }
  gap(ui, size::kGapWide);
  if (const Compartment* place = chosen()) {
    draw_meaning(ui, *place);
  }
  if (error_) {
    gap(ui, size::kGap);
    error_notice(ui, "retention.error", text_of(*error_));
  }
  if (event == FieldEvent::kEntered && may_go().is_ready()) {
    go();
  }
}

void RetentionSection::draw_meaning(Ui& ui, const Compartment& place) {
  const std::optional<std::uint32_t> years = typed_years();
  if (!years) {
    return;
  }
  const std::string label = compartment_label(place.name);
  if (*years < place.retention_years) {
    notice(
        ui, "retention.meaning", NoticeKind::kWarning, tr(N_("The period becomes shorter")),
        fill(tr(N_("Until now it is {}. What it kept, and the new one does not, may be destroyed "
                   "then.")),
             {years_text(place.retention_years)}));
  } else if (*years == 0) {
    notice(ui, "retention.meaning", NoticeKind::kInfo, tr(N_("No period")),
           fill(tr(N_("Whoever has the right may destroy documents of {} at any time, unless they "
                      "are on hold. So it is in a new vault.")),
                {label}));
  } else {
    notice(ui, "retention.meaning", NoticeKind::kInfo,
           fill(*years == 1 ? tr(N_("{}: kept for {} year at least"))
                            : tr(N_("{}: kept for {} years at least")),
                {label, std::to_string(*years)}),
           tr(N_("From the document’s date, or from the day when it was filed if that date is to "
                 "come. Of minors: to the 28th birthday at least.")));
  }
}

}  // namespace coffre::ui
