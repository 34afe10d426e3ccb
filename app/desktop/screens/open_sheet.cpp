#include "app/desktop/screens/open_sheet.h"

#include "app/common/i18n.h"
#include "app/desktop/screens/screen_layout.h"
#include "app/desktop/ui_core/format.h"
#include "app/desktop/ui_core/icons.h"
#include "core/base/text.h"

namespace coffre::ui {
namespace {

constexpr float kOpenSheetWidth = 480;

}  // namespace

OpenSheet::OpenSheet(Services& services)
    : services_(services), selection_(share_selection(services)) {}

void OpenSheet::add_commands(Commands& commands) {
  commands.add({"document.open",
                N_("Open in another program…"),
                icon::kOpenOutside,
                {letter('O'), true, true},
                [this] { return availability(); },
                [this] { open(); }});
  commands.add(
      {"document.close_opened",
       N_("Finished in the other program"),
       icon::kDelete,
       {letter('W'), true, true},
       [this] { return is_open_elsewhere() ? Availability::ready() : Availability::hidden(); },
       [this] { services_.opened->close(selection_->document->id); }});
}

bool OpenSheet::may_export() const {
  return services_.opened != nullptr && selection_->document &&
         (services_.vault.rights(selection_->document->compartment) & right::kExport) != 0;
}

bool OpenSheet::is_open_elsewhere() const {
  return services_.opened != nullptr && selection_->document &&
         services_.opened->is_open(selection_->document->id);
}

Availability OpenSheet::availability() const {
  if (!may_export()) {
    return Availability::hidden();
  }
  if (is_open_elsewhere()) {
    return Availability::greyed(N_("It is open in another program."));
  }
  if (selection_->earlier) {
    return Availability::greyed(N_("Go back to the present version first."));
  }
  return running_ ? Availability::greyed(N_("A document is being opened.")) : Availability::ready();
}

Availability OpenSheet::may_go() const {
  if (running_) {
    return Availability::greyed(N_("A document is being opened."));
  }
  if (reason_.empty()) {
    return Availability::greyed(N_("Say why first: the journal keeps it."));
  }
  return has_memory_ || on_disk_
             ? Availability::ready()
             : Availability::greyed(N_("Agree first that the copy lies on the disk."));
}

void OpenSheet::open() {
  if (!availability().is_ready()) {
    return;
  }
  if (document_.id != selection_->document->id && !document_.id.is_zero()) {
    reason_.clear();
  }
  document_ = *selection_->document;
  patient_name_ = selection_->patient_name;
  has_memory_ = services_.opened->has_memory();
  on_disk_ = false;
  error_.reset();
  open_ = true;
  focus_ = true;
}

void OpenSheet::go() {
  running_ = true;
  error_.reset();
  services_.opened->open({document_, std::string(reason_.view()), !has_memory_},
                         alive_.guard([this](const Status& begun) {
                           running_ = false;
                           if (begun) {
                             open_ = false;
                             reason_.clear();
                             return;
                           }
                           error_ = begun.error();
                           if (!open_) {  // the sheet was closed meanwhile
                             services_.toasts.say_error(begun.error());
                           }
                         }));
}

void OpenSheet::draw(Ui& ui) {
  if (!begin_sheet(ui, "open", tr(N_("Open in another program")), kOpenSheetWidth, open_)) {
    return;
  }
  draw_fields(ui);
  gap(ui, size::kGapWide);
  const char* label = running_ ? tr(N_("Opening…")) : tr(N_("Open"));
  if (sheet_buttons(ui, "open", {label, icon::kOpenOutside}, may_go(), open_)) {
    go();
  }
  end_sheet(ui);
}

void OpenSheet::draw_fields(Ui& ui) {
  wrapped(ui, TextKind::kStrong, printable(document_.title));
  const std::string size = size_text(document_.size);
  wrapped(ui, TextKind::kSmallMuted,
          patient_name_.empty() ? size : printable(patient_name_) + " · " + size);
  gap(ui, size::kGapWide);
  FieldOptions options;
  options.hint = tr(N_("To sign it, to fill it in…"));
  options.focus = std::exchange(focus_, false);
  const FieldEvent event =
      text_field(ui, "open.reason", tr(N_("Why")), {reason_.data(), reason_.capacity()}, options);
  if (event == FieldEvent::kEntered && may_go().is_ready()) {
    go();
  }
  gap(ui, size::kGap);
  draw_place(ui);
  if (error_) {
    gap(ui, size::kGap);
    error_notice(ui, "open.error", text_of(*error_));
  }
}

void OpenSheet::draw_place(Ui& ui) {
  if (has_memory_) {
    notice(ui, "open.place", NoticeKind::kInfo, tr(N_("A copy in the memory of this computer")),
           tr(N_("It is erased when the other program closes it or you say so, at the latest when "
                 "the vault is locked.")));
  } else {
    notice(ui, "open.place", NoticeKind::kWarning, tr(N_("There is no file system in memory")),
           tr(N_("The copy would lie on the disk. It is overwritten and removed at the latest when "
                 "the vault is locked; Exports says what that is worth.")));
    gap(ui, size::kGapSmall);
    checkbox(ui, "open.on_disk", tr(N_("Put it on the disk all the same")), on_disk_);
  }
  gap(ui, size::kGapSmall);
  wrapped(ui, TextKind::kSmallMuted,
          tr(N_("What that program keeps elsewhere stays: recovery files, lists of recent "
                "documents, small pictures.")));
  gap(ui, size::kGap);
  wrapped(ui, TextKind::kSmallMuted,
          services_.opened->may_change(document_)
              ? tr(N_("What you save there becomes a new version of the document. The earlier ones "
                      "stay."))
              : tr(N_("Your role may not change this document: what you save there is not kept.")));
}

std::string OpenSheet::draft() const { return open_ ? std::string(reason_.view()) : std::string(); }

void OpenSheet::restore(std::string_view draft) { reason_.set(std::string(draft)); }

}  // namespace coffre::ui
