#include "app/desktop/screens/export_sheet.h"

#include <algorithm>
#include <array>

#include <nlohmann/json.hpp>

#include "app/common/i18n.h"
#include "app/desktop/screens/dossiers_names.h"
#include "app/desktop/screens/screen_layout.h"
#include "app/desktop/ui_core/format.h"
#include "app/desktop/ui_core/icons.h"
#include "core/base/file.h"
#include "core/base/text.h"

namespace coffre::ui {
namespace {

constexpr float kSheetWidth = 480;

struct MimeExtension {
  std::string_view mime;
  const char* extension;
};
constexpr std::array<MimeExtension, 6> kExtensions = {{{"application/pdf", ".pdf"},
                                                       {"image/jpeg", ".jpg"},
                                                       {"image/png", ".png"},
                                                       {"image/tiff", ".tif"},
                                                       {"image/webp", ".webp"},
                                                       {"text/plain", ".txt"}}};

struct Order {
  Document document;
  std::string recipient;
  std::string reason;
  std::string path;
  std::int64_t keep_ms = kKeepDefaultMs;
};

Result<ExportedCopy> write_copy(Vault& vault, Progress& progress, const Order& order) {
  progress.set(0);
  CopyOrder wanted{order.path, order.reason, order.recipient, order.keep_ms, {}};
  wanted.progress = [&](std::uint64_t written) -> Status {
    if (progress.should_stop()) {
      return fail(Code::kFailed, N_("the export was cancelled"), {}, N_("no copy was left"));
    }
    if (order.document.size != 0) {
      progress.set(static_cast<float>(static_cast<double>(written) /
                                      static_cast<double>(order.document.size)));
    }
    return {};
  };
  return vault.export_copy(order.document.id, wanted);
}

bool exports_somewhere(const VaultHost& vault) {
  const auto policy = vault.policy();
  return policy != nullptr && std::ranges::any_of(policy->compartments(), [&](const auto& entry) {
           return (vault.rights(entry.first) & right::kExport) != 0;
         });
}

}  // namespace

std::string neutral_name(std::string_view mime, std::string_view day) {
  std::string name = "document-" + std::string(day);
  for (const MimeExtension& entry : kExtensions) {
    if (entry.mime == mime) {
      return name + entry.extension;
    }
  }
  return name;
}

ExportSheet::ExportSheet(Services& services)
    : services_(services), selection_(share_selection(services)) {}

void ExportSheet::add_commands(Commands& commands) {
  commands.add({"document.export",
                N_("Export…"),
                icon::kExport,
                {letter('E'), true},
                [this] { return availability(); },
                [this] { open(); }});
}

Availability ExportSheet::availability() const {
  if (!exports_somewhere(services_.vault)) {
    return Availability::hidden();
  }
  if (!selection_->document) {
    return Availability::greyed(N_("Choose a document first."));
  }
  if ((services_.vault.rights(selection_->document->compartment) & right::kExport) == 0) {
    return Availability::hidden();
  }
  return running_ ? Availability::greyed(N_("An export is running.")) : Availability::ready();
}

Availability ExportSheet::may_write() const {
  if (running_) {
    return Availability::greyed(N_("An export is running."));
  }
  if (recipient_.empty() || reason_.empty()) {
    return Availability::greyed(N_("Say to whom and why first: the journal keeps both."));
  }
  return path_.empty() ? Availability::greyed(N_("Choose where the copy goes first."))
                       : Availability::ready();
}

void ExportSheet::open() {
  if (!selection_->document) {
    return;
  }
  if (document_.id != selection_->document->id && !document_.id.is_zero()) {
    recipient_.clear();
    reason_.clear();
  }
  document_ = *selection_->document;
  patient_name_ = selection_->patient_name;
  path_.clear();
  error_.reset();
  open_ = true;
  focus_ = true;
}

void ExportSheet::choose_place() {
  ChooseRequest request{ChooseRequest::Kind::kSave, tr(N_("Where the copy goes")),
                        neutral_name(document_.mime, today_of(services_.clock.wall_ms()))};
  services_.choose_paths(request, alive_.guard([this](const std::vector<std::string>& paths) {
    if (!paths.empty()) {
      path_ = paths.front();
      error_.reset();
    }
  }));
}

void ExportSheet::write() {
  running_ = true;
  error_.reset();
  Order order{document_, std::string(recipient_.view()), std::string(reason_.view()), path_};
  services_.vault.ask_job<ExportedCopy>(
      tr(N_("Exporting a document")), true,
      [order](Vault& vault, Progress& progress) { return write_copy(vault, progress, order); },
      alive_.guard([this, path = path_](const Result<ExportedCopy>& copy) {
        running_ = false;
        if (copy) {
          services_.toasts.say(
              fill(tr(N_("A copy in the clear is in {}. Erase it once it is no longer needed.")),
                   {printable(path)}));
          open_ = false;
          recipient_.clear();
          reason_.clear();
          path_.clear();
          return;
        }
        error_ = copy.error();
        if (!open_) {  // the sheet was closed meanwhile
          services_.toasts.say_error(copy.error());
        }
      }));
}

void ExportSheet::draw(Ui& ui) {
  if (begin_sheet(ui, "export", tr(N_("Export")), kSheetWidth, open_)) {
    draw_fields(ui);
    gap(ui, size::kGapWide);
    const char* cancel = tr(N_("Cancel"));
    const char* go = running_ ? tr(N_("Exporting…")) : tr(N_("Export"));
    const float width = button_width(ui, cancel) + button_width(ui, go, icon::kExport);
    right_aligned(ui, width + ui.px(size::kGapSmall));
    if (button(ui, "export.cancel", cancel)) {
      open_ = false;
    }
    flow(ui, button_width(ui, go, icon::kExport));
    if (button(ui, "export.go", go, ButtonKind::kPrimary, icon::kExport, may_write())) {
      write();
    }
    end_sheet(ui);
  }
}

void ExportSheet::draw_fields(Ui& ui) {
  wrapped(ui, TextKind::kStrong, printable(document_.title));
  const std::string size = size_text(document_.size);
  wrapped(ui, TextKind::kSmallMuted,
          patient_name_.empty() ? size : printable(patient_name_) + " · " + size);
  gap(ui, size::kGapWide);
  FieldOptions options;
  options.hint = tr(N_("A colleague, the patient, an insurance…"));
  options.focus = focus_;
  focus_ = false;
  text_field(ui, "export.recipient", tr(N_("To whom")), {recipient_.data(), recipient_.capacity()},
             options);
  gap(ui, size::kGap);
  options.focus = false;
  options.hint = tr(N_("Advice before an operation…"));
  text_field(ui, "export.reason", tr(N_("Why")), {reason_.data(), reason_.capacity()}, options);
  gap(ui, size::kGap);
  wrapped(ui, TextKind::kSmallMuted, tr(N_("Where")));
  if (!path_.empty()) {
    wrapped(ui, TextKind::kText, printable(path_));
    gap(ui, size::kGapSmall);
  }
  if (button(ui, "export.place", path_.empty() ? tr(N_("Choose the place…")) : tr(N_("Change…")),
             ButtonKind::kPlain, icon::kFolder)) {
    choose_place();
  }
  gap(ui, size::kGapWide);
  notice(ui, "export.clear", NoticeKind::kWarning, tr(N_("This copy is in the clear")),
         tr(N_("Whoever gets at the file reads it. It stays there until somebody erases it, and an "
               "erased file may be found again on flash memory and in backups. The journal keeps "
               "who exported what, to whom and why.")));
  if (error_) {
    gap(ui, size::kGap);
    error_notice(ui, "export.error", text_of(*error_));
  }
}

std::string ExportSheet::draft() const {
  if (!open_ || (recipient_.empty() && reason_.empty())) {
    return {};
  }
  return nlohmann::json({{"recipient", recipient_.view()}, {"reason", reason_.view()}})
      .dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

void ExportSheet::restore(std::string_view draft) {
  const nlohmann::json json = nlohmann::json::parse(draft, nullptr, false);
  if (!json.is_object()) {
    return;
  }
  for (const auto& [name, line] : {std::pair("recipient", &recipient_), {"reason", &reason_}}) {
    if (json.contains(name) && json[name].is_string()) {
      line->set(json[name].get<std::string>());
    }
  }
}

}  // namespace coffre::ui
