#include "app/desktop/screens/hold_sheet.h"

#include "app/common/i18n.h"
#include "app/desktop/screens/dossiers_names.h"
#include "app/desktop/screens/reason_draft.h"
#include "app/desktop/screens/screen_layout.h"
#include "app/desktop/ui_core/format.h"
#include "app/desktop/ui_core/icons.h"
#include "core/base/text.h"

namespace coffre::ui {
namespace {

constexpr float kHoldSheetWidth = 500;

bool is_on_hold(const VaultHost& vault, const Id& object) {
  const auto policy = vault.policy();
  return policy != nullptr && policy->is_held(object);
}

}  // namespace

Held held_by(const Policy& policy, const Document& document) {
  if (policy.is_held(document.id)) {
    return Held::kDocument;
  }
  return document.patient && policy.is_held(*document.patient) ? Held::kPatient : Held::kNot;
}

HoldSheet::HoldSheet(Services& services, std::function<const Patient*()> patient_in_hand)
    : services_(services),
      patient_in_hand_(std::move(patient_in_hand)),
      selection_(share_selection(services)) {}

void HoldSheet::add(Commands& commands, const char* id, const char* label, bool of_patient,
                    bool lifts) {
  commands.add({id,
                label,
                lifts ? icon::kUnlock : icon::kBlock,
                {},
                [this, of_patient, lifts] { return availability(of_patient, lifts); },
                [this, of_patient] { open(of_patient ? patient_target() : document_target()); }});
}

void HoldSheet::add_commands(Commands& commands) {
  add(commands, "document.hold", N_("Put the document on hold…"), false, false);
  add(commands, "document.lift_hold", N_("Lift the document’s hold…"), false, true);
  add(commands, "patient.hold", N_("Put the patient on hold…"), true, false);
  add(commands, "patient.lift_hold", N_("Lift the patient’s hold…"), true, true);
}

std::optional<HoldSheet::Target> HoldSheet::document_target() const {
  if (!selection_->document) {
    return std::nullopt;
  }
  const Document& document = *selection_->document;
  Target target;
  target.id = document.id;
  target.is_held = is_on_hold(services_.vault, document.id);
  target.name = document.title.empty() ? tr(N_("Untitled")) : printable(document.title);
  for (const std::string& part : {printable(document.type), printable(selection_->patient_name),
                                  date_text(document.date), size_text(document.size)}) {
    target.about += (target.about.empty() || part.empty() ? "" : " · ") + part;
  }
  return target;
}

std::optional<HoldSheet::Target> HoldSheet::patient_target() const {
  const Patient* patient = patient_in_hand_();
  if (patient == nullptr) {
    return std::nullopt;
  }
  Target target;
  target.id = patient->id;
  target.is_patient = true;
  target.is_held = is_on_hold(services_.vault, patient->id);
  target.name = printable(patient_name(*patient));
  target.about = birth_line(patient->born, today_of(services_.clock.wall_ms()));
  return target;
}

Availability HoldSheet::availability(bool of_patient, bool lifts) const {
  if ((services_.vault.vault_rights() & vault_right::kSettings) == 0) {
    return Availability::hidden();
  }
  const std::optional<Target> target = of_patient ? patient_target() : document_target();
  if (target ? target->is_held != lifts : lifts) {
    return Availability::hidden();  // the other command does what there is to do
  }
  if (!target) {
    return Availability::greyed(of_patient ? N_("Choose a patient first.")
                                           : N_("Choose a document first."));
  }
  return running_ ? Availability::greyed(N_("A hold is being changed.")) : Availability::ready();
}

Availability HoldSheet::may_go() const {
  if (running_) {
    return Availability::greyed(N_("A hold is being changed."));
  }
  return reason_.empty() ? Availability::greyed(N_("Say why first: the journal keeps it."))
                         : Availability::ready();
}

void HoldSheet::open(const std::optional<Target>& target) {
  if (running_ || !target) {
    return;
  }
  if (target->id != target_.id) {
    reason_.clear();
  }
  target_ = *target;
  error_.reset();
  open_ = true;
  focus_ = true;
}

void HoldSheet::go() {
  running_ = true;
  error_.reset();
  services_.vault.ask<void>(
      [id = target_.id, lifts = target_.is_held,
       reason = std::string(reason_.view())](Vault& vault) {
        return lifts ? vault.lift_hold(id, reason) : vault.add_hold(id, reason);
      },
      alive_.guard([this](const Status& done) {
        running_ = false;
        if (!done) {
          error_ = done.error();
          if (!open_) {  // the sheet was closed meanwhile
            services_.toasts.say_error(done.error());
          }
          return;
        }
        services_.toasts.say(
            fill(target_.is_held ? tr(N_("{}: the hold is lifted.")) : tr(N_("{}: on hold now.")),
                 {target_.name}));
        open_ = false;
        reason_.clear();
      }));
}

void HoldSheet::draw(Ui& ui) {
  const char* title = target_.is_held ? tr(N_("Lift the hold")) : tr(N_("Put on hold"));
  if (!begin_sheet(ui, "hold", title, kHoldSheetWidth, open_)) {
    return;
  }
  wrapped(ui, TextKind::kStrong, target_.name);
  wrapped(ui, TextKind::kSmallMuted, target_.about);
  gap(ui, size::kGapWide);
  draw_question(ui);
  gap(ui, size::kGapWide);
  const char* go_label = running_          ? tr(N_("Being changed…"))
                         : target_.is_held ? tr(N_("Lift the hold"))
                                           : tr(N_("Put on hold"));
  const char* glyph = target_.is_held ? icon::kUnlock : icon::kBlock;
  if (sheet_buttons(ui, "hold", {go_label, glyph}, may_go(), open_)) {
    go();
  }
  end_sheet(ui);
}

void HoldSheet::draw_question(Ui& ui) {
  FieldOptions options;
  options.hint = target_.is_held ? tr(N_("claim settled, inspection over…"))
                                 : tr(N_("claim, inspection, expert opinion…"));
  options.focus = std::exchange(focus_, false);
  const FieldEvent event = text_field(ui, "hold.reason", tr(N_("Why")), reason_.span(), options);
  if (event == FieldEvent::kEntered && may_go().is_ready()) {
    go();
  }
  gap(ui, size::kGapWide);
  if (target_.is_held) {
    wrapped(ui, TextKind::kText,
            tr(N_("Whoever has the right may destroy again, where no period keeps it.")));
  } else if (target_.is_patient) {
    wrapped(ui, TextKind::kText,
            tr(N_("Nobody may destroy a document of this patient, whatever the right and the date, "
                  "nor give one to another patient, until the hold is lifted.")));
  } else {
    wrapped(ui, TextKind::kText,
            tr(N_("Nobody may destroy this document, whatever the right and the date, until the "
                  "hold is lifted.")));
  }
  gap(ui, size::kGap);
  wrapped(ui, TextKind::kSmallMuted,
          tr(N_("Who works here sees that it is on hold. The journal keeps who did it, when and "
                "why.")));
  if (error_) {
    gap(ui, size::kGap);
    error_notice(ui, "hold.error", text_of(*error_));
  }
}

std::string HoldSheet::draft() const {
  if (!open_ || reason_.empty()) {
    return {};
  }
  return ReasonDraft{target_.id, std::string(reason_.view())}.encode();
}

void HoldSheet::restore(std::string_view draft) {
  if (const std::optional<ReasonDraft> made = ReasonDraft::decode(draft)) {
    target_.id = made->object;
    reason_.set(made->reason);
  }
}

}  // namespace coffre::ui
