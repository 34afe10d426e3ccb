#include "app/desktop/screens/destroy_sheet.h"

#include <algorithm>

#include "app/common/erase_text.h"
#include "app/common/i18n.h"
#include "app/desktop/screens/dossiers_names.h"
#include "app/desktop/screens/exports_words.h"
#include "app/desktop/screens/reason_draft.h"
#include "app/desktop/screens/screen_layout.h"
#include "app/desktop/ui_core/export_keeper.h"
#include "app/desktop/ui_core/format.h"
#include "app/desktop/ui_core/icons.h"
#include "core/base/file.h"
#include "core/base/text.h"
#include "core/vault/retention.h"

namespace coffre::ui {
namespace {

constexpr float kDestroySheetWidth = 520;

bool is_overwritten(const Destroyed& destroyed) {
  return destroyed.verdict == Verdict::kOverwrittenInPlace ||
         destroyed.verdict == Verdict::kOverwrittenLogically;
}

bool may_destroy_in(const VaultHost& vault, const Id& compartment) {
  return (vault.rights(compartment) & right::kDestroy) != 0 && vault.can_read(compartment);
}

bool may_destroy_somewhere(const VaultHost& vault) {
  const auto policy = vault.policy();
  return policy != nullptr && std::ranges::any_of(policy->compartments(), [&](const auto& entry) {
           return may_destroy_in(vault, entry.first);
         });
}

}  // namespace

DestroySheet::DestroySheet(Services& services, const PatientBook& book,
                           std::function<void(const Id&)> destroyed)
    : services_(services),
      book_(book),
      destroyed_(std::move(destroyed)),
      selection_(share_selection(services)),
      record_(services) {}

void DestroySheet::add_commands(Commands& commands) {
  commands.add({"document.destroy",
                N_("Destroy the document…"),
                icon::kDestroy,
                {Key::kDelete, false, true},
                [this] { return availability(); },
                [this] { open(Document(*selection_->document), {}); }});
}

Availability DestroySheet::availability() const {
  if (!may_destroy_somewhere(services_.vault)) {
    return Availability::hidden();
  }
  if (!selection_->document) {
    return Availability::greyed(N_("Choose a document first."));
  }
  return may_destroy(*selection_->document);
}

Status DestroySheet::check_kept(const Document& document) const {
  const std::shared_ptr<const Policy> policy = services_.vault.policy();
  if (!policy) {
    return {};
  }
  const Patient* patient = document.patient ? book_.find(*document.patient) : nullptr;
  return check_not_kept(*policy, document, patient == nullptr ? std::string() : patient->born,
                        services_.clock.wall_ms());
}

Availability DestroySheet::may_destroy(const Document& document) const {
  if (!may_destroy_in(services_.vault, document.compartment)) {
    return Availability::hidden();
  }
  if (running_) {
    return Availability::greyed(N_("A document is being destroyed."));
  }
  const Status kept = check_kept(document);
  if (kept) {
    return Availability::ready();
  }
  return kept.error().on.empty()
             ? Availability::greyed(N_("It is on hold: nobody may destroy it."))
             : Availability::greyed(N_("The practice’s rules keep it until {}."),
                                    date_text(kept.error().on));
}

std::string DestroySheet::patient_of(const Document& document) const {
  const Patient* patient = document.patient ? book_.find(*document.patient) : nullptr;
  return patient == nullptr ? std::string() : printable(patient_name(*patient));
}

void DestroySheet::open(const Document& document, std::string_view reason) {
  if (running_ || !may_destroy_in(services_.vault, document.compartment)) {
    return;
  }
  if (const Status kept = check_kept(document); !kept) {
    services_.toasts.say_error(kept.error());
    return;
  }
  if (document.id != document_.id) {
    reason_.clear();
  }
  if (reason_.empty()) {
    reason_.set(reason);
  }
  document_ = document;
  outcome_.reset();
  error_.reset();
  open_ = true;
  focus_ = true;
  ask_forecast();
}

void DestroySheet::ask_forecast() {
  forecast_.reset();
  const auto made = std::make_shared<Result<EraseForecast>>();
  const auto look =
      services_.exports == nullptr ? ExportCalls{}.forecast : services_.exports->calls().forecast;
  services_.jobs.start({}, false,
                       [made, look, folder = parent_directory(services_.vault.path()),
                        done = alive_.guard([this, made] { forecast_ = std::move(*made); })](
                           Progress&) -> Jobs::Completion {
                         *made = look(folder);
                         return done;
                       });
}

void DestroySheet::destroy() {
  running_ = true;
  error_.reset();
  services_.vault.ask_job<Destroyed>(
      tr(N_("Destroying a document")), false,
      [id = document_.id, reason = std::string(reason_.view())](Vault& vault, Progress&) {
        return vault.destroy_document(id, reason);
      },
      alive_.guard([this](const Result<Destroyed>& destroyed) {
        running_ = false;
        if (!destroyed) {
          error_ = destroyed.error();
          if (!open_) {  // the sheet was closed meanwhile
            services_.toasts.say_error(destroyed.error());
          }
          return;
        }
        reason_.clear();
        if (is_overwritten(*destroyed)) {
          services_.toasts.say(
              destroyed_words(destroyed->verdict, destroyed->reasons), record_button_words(),
              alive_.guard([this, done = *destroyed, time_ms = services_.clock.wall_ms()] {
                save_record(done, time_ms);
              }));
          open_ = false;
        } else {
          outcome_ = *destroyed;
          outcome_ms_ = services_.clock.wall_ms();
          open_ = true;
          focus_ = true;
        }
        destroyed_(destroyed->document);
      }));
}

void DestroySheet::draw(Ui& ui) {
  if (begin_sheet(ui, "destroy", tr(N_("Destroy the document")), kDestroySheetWidth, open_)) {
    wrapped(ui, TextKind::kStrong,
            document_.title.empty() ? tr(N_("Untitled")) : printable(document_.title));
    std::string about;
    for (const std::string& part : {printable(document_.type), patient_of(document_),
                                    date_text(document_.date), size_text(document_.size)}) {
      about += (about.empty() || part.empty() ? "" : " · ") + part;
    }
    wrapped(ui, TextKind::kSmallMuted, about);
    gap(ui, size::kGapWide);
    if (outcome_) {
      draw_outcome(ui);
    } else {
      draw_question(ui);
    }
    end_sheet(ui);
  }
}

void DestroySheet::draw_question(Ui& ui) {
  FieldOptions options;
  options.hint = tr(N_("filed twice, at the patient’s request…"));
  options.focus = std::exchange(focus_, false);
  text_field(ui, "destroy.reason", tr(N_("Why")), reason_.span(), options);
  gap(ui, size::kGapWide);
  wrapped(ui, TextKind::kText,
          tr(N_("The key of its content is overwritten, in all versions: nobody can read it again, "
                "and nothing brings it back. Its title and what was asked about it go too.")));
  gap(ui, size::kGap);
  wrapped(ui, TextKind::kSmallMuted,
          tr(N_("Backups of the vault, and copies that left it, are not reached. The journal keeps "
                "who destroyed it, when and why.")));
  gap(ui, size::kGapWide);
  draw_forecast(ui);
  gap(ui, size::kGapWide);
  if (error_) {
    error_notice(ui, "destroy.error", text_of(*error_));
    gap(ui, size::kGap);
  }
  const char* go = running_ ? tr(N_("Being destroyed…")) : tr(N_("Destroy for good"));
  Availability may = may_destroy(document_);
  if (may.is_ready() && reason_.empty()) {
    may = Availability::greyed(N_("Say why first: the journal keeps it."));
  }
  if (sheet_buttons(ui, "destroy", {go, icon::kDestroy, ButtonKind::kDanger}, may, open_)) {
    destroy();
  }
}

void DestroySheet::draw_forecast(Ui& ui) {
  const char* title = tr(N_("What that will be worth on this disk"));
  if (!forecast_) {
    notice(ui, "destroy.forecast", NoticeKind::kInfo, title,
           tr(N_("The disk is being looked at…")));
  } else if (*forecast_) {
    notice(ui, "destroy.forecast", worth_notice((*forecast_)->verdict), title,
           destruction_forecast_text(**forecast_));
  } else {
    notice(ui, "destroy.forecast", NoticeKind::kWarning, title,
           fill(tr(N_("It is not known: {}")), {text_of(forecast_->error()).what}));
  }
}

void DestroySheet::draw_outcome(Ui& ui) {
  notice(ui, "destroy.outcome", worth_notice(outcome_->verdict),
         tr(worth_word(outcome_->verdict, Medium::kUnknown)),
         destroyed_words(outcome_->verdict, outcome_->reasons));
  gap(ui, size::kGapWide);
  const char* close = tr(N_("Close"));
  const char* record = record_button_words();
  const float close_width = button_width(ui, close);
  right_aligned(
      ui, close_width + button_width(ui, record, icon::kDescription) + ui.px(size::kGapSmall));
  if (std::exchange(focus_, false)) {
    request_focus("destroy.close");
  }
  if (button(ui, "destroy.record", record, ButtonKind::kPlain, icon::kDescription)) {
    save_record(*outcome_, outcome_ms_);
  }
  flow(ui, close_width);
  if (button(ui, "destroy.close", close, ButtonKind::kPrimary)) {
    open_ = false;
  }
}

void DestroySheet::save_record(const Destroyed& destroyed, std::int64_t time_ms) {
  if (const auto policy = services_.vault.policy()) {
    record_.save_document({destroyed, policy->vault(), services_.vault.path()}, time_ms);
  }
}

std::string DestroySheet::draft() const {
  if (!open_ || reason_.empty()) {
    return {};
  }
  return ReasonDraft{document_.id, std::string(reason_.view())}.encode();
}

void DestroySheet::restore(std::string_view draft) {
  if (const std::optional<ReasonDraft> made = ReasonDraft::decode(draft)) {
    document_.id = made->object;
    reason_.set(made->reason);
  }
}

}  // namespace coffre::ui
