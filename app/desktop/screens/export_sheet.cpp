#include "app/desktop/screens/export_sheet.h"

#include <algorithm>
#include <array>
#include <ctime>

#include <nlohmann/json.hpp>

#include "app/common/erase_text.h"
#include "app/common/i18n.h"
#include "app/common/mime.h"
#include "app/desktop/screens/dossiers_names.h"
#include "app/desktop/screens/screen_layout.h"
#include "app/desktop/ui_core/format.h"
#include "app/desktop/ui_core/icons.h"
#include "app/desktop/ui_core/paint.h"
#include "core/base/file.h"
#include "core/base/text.h"

namespace coffre::ui {
namespace {

constexpr float kExportSheetWidth = 480;

constexpr std::int64_t kKeepHourMs = std::int64_t{60} * 60 * 1'000;
constexpr std::int64_t kKeepDayMs = 24 * kKeepHourMs;

struct KeepChoice {
  const char* word;   // in the draft
  const char* label;  // message id
};
constexpr std::array<KeepChoice, kKeepChoices> kKeeps = {{{"quarter", N_("15 min")},
                                                          {"hour", N_("1 h")},
                                                          {"tonight", N_("Tonight")},
                                                          {"week", N_("7 days")}}};

// Midnight after, of this time zone: a day is not always of 24 hours.
std::int64_t end_of_day_ms(std::int64_t now_ms) {
  const std::time_t now = static_cast<std::time_t>(now_ms / 1'000);
  std::tm day{};
  localtime_r(&now, &day);
  day.tm_mday += 1;
  day.tm_hour = day.tm_min = day.tm_sec = 0;
  day.tm_isdst = -1;
  return static_cast<std::int64_t>(std::mktime(&day)) * 1'000;
}

// As above a field.
void label_above(Ui& ui, std::string_view words) {
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const ImVec2 size = paint::extent(ui.fonts.label, words);
  paint::words(ui.fonts.label, at, ui.theme.neutral.text, words);
  paint::note(ui, "label", words, {at, {at.x + size.x, at.y + size.y}}, true, size.x > room(ui));
  ImGui::Dummy(size);
}

struct Order {
  Id document;
  std::uint64_t size = 0;
  std::string recipient;
  std::string reason;
  std::string path;
  std::int64_t keep_ms = kKeepDefaultMs;
  std::optional<Id> version;
};

Result<ExportedCopy> write_copy(Vault& vault, Progress& progress, const Order& order) {
  progress.set(0);
  CopyOrder wanted{order.path, order.reason, order.recipient, order.keep_ms, {}, order.version};
  wanted.progress = [&](std::uint64_t written) -> Status {
    if (progress.should_stop()) {
      return fail(Code::kFailed, N_("the export was cancelled"), {}, N_("no copy was left"));
    }
    if (order.size != 0) {
      progress.set(
          static_cast<float>(static_cast<double>(written) / static_cast<double>(order.size)));
    }
    return {};
  };
  return vault.export_copy(order.document, wanted);
}

bool exports_somewhere(const VaultHost& vault) {
  const auto policy = vault.policy();
  return policy != nullptr && std::ranges::any_of(policy->compartments(), [&](const auto& entry) {
           return (vault.rights(entry.first) & right::kExport) != 0;
         });
}

}  // namespace

std::int64_t keep_ms_of(std::size_t choice, std::int64_t now_ms) {
  switch (choice) {
    case 1:
      return kKeepHourMs;
    case 2:
      return std::max(kKeepDefaultMs, end_of_day_ms(now_ms) - now_ms);
    case 3:
      return 7 * kKeepDayMs;
    default:
      return kKeepDefaultMs;
  }
}

ExportSheet::ExportSheet(Services& services)
    : services_(services), selection_(share_selection(services)) {}

void ExportSheet::add_commands(Commands& commands) {
  commands.add({"document.export",
                N_("Export…"),
                icon::kExport,
                {letter('E'), true},
                [this] { return availability(); },
                [this] { open(selection_->earlier); }});
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

void ExportSheet::open(const std::optional<EarlierVersion>& earlier) {
  if (!availability().is_ready()) {
    return;
  }
  if (document_.id != selection_->document->id && !document_.id.is_zero()) {
    recipient_.clear();
    reason_.clear();
    keep_ = 0;
  }
  document_ = *selection_->document;
  content_ = earlier.value_or(present_version(document_));
  is_earlier_ = earlier.has_value();
  patient_name_ = selection_->patient_name;
  path_.clear();
  forecast_of_.clear();
  forecast_.reset();
  error_.reset();
  open_ = true;
  focus_ = true;
}

void ExportSheet::choose_place() {
  ChooseRequest request{ChooseRequest::Kind::kSave, tr(N_("Where the copy goes")),
                        neutral_name(content_.mime, today_of(services_.clock.wall_ms()))};
  services_.choose_paths(request, alive_.guard([this](const std::vector<std::string>& paths) {
    if (!paths.empty()) {
      path_ = paths.front();
      error_.reset();
      ask_forecast();
    }
  }));
}

void ExportSheet::ask_forecast() {
  const std::string folder = parent_directory(path_);
  const bool is_known = folder == forecast_of_ && forecast_ && forecast_->has_value();
  if (forecasting_ || is_known) {
    return;  // the answer to what was asked before comes first, then this is asked
  }
  forecasting_ = true;
  forecast_of_ = folder;
  forecast_.reset();
  // On a thread of the pool: a network that is down answers late, and not to the interface.
  const auto made = std::make_shared<Result<EraseForecast>>();
  const auto look =
      services_.exports == nullptr ? ExportCalls{}.forecast : services_.exports->calls().forecast;
  services_.jobs.start({}, false, [made, look, folder, done = alive_.guard([this, made, folder] {
                         forecasting_ = false;
                         if (!path_.empty() && folder == parent_directory(path_)) {
                           forecast_ = std::move(*made);
                         } else if (!path_.empty()) {
                           ask_forecast();
                         }
                       })](Progress&) -> Jobs::Completion {
    *made = look(folder);
    return done;
  });
}

void ExportSheet::write() {
  running_ = true;
  error_.reset();
  Order order{document_.id,
              content_.size,
              std::string(recipient_.view()),
              std::string(reason_.view()),
              path_,
              keep_ms_of(keep_, services_.clock.wall_ms()),
              is_earlier_ ? std::optional<Id>(content_.id) : std::nullopt};
  services_.vault.ask_job<ExportedCopy>(
      tr(N_("Exporting a document")), true,
      [order](Vault& vault, Progress& progress) { return write_copy(vault, progress, order); },
      alive_.guard([this, path = path_](const Result<ExportedCopy>& copy) {
        running_ = false;
        if (services_.exports != nullptr) {
          services_.exports->look();  // also at what a failure may have left
        }
        if (copy) {
          const std::int64_t now_ms = services_.clock.wall_ms();
          services_.toasts.say(
              fill(tr(N_("A copy in the clear is in {}. Deadline: {}.")),
                   {printable(path), moment_text(copy->entry.deadline_ms, now_ms)}));
          open_ = false;
          recipient_.clear();
          reason_.clear();
          path_.clear();
          keep_ = 0;
          return;
        }
        error_ = copy.error();
        if (!open_) {  // the sheet was closed meanwhile
          services_.toasts.say_error(copy.error());
        }
      }));
}

void ExportSheet::draw(Ui& ui) {
  if (begin_sheet(ui, "export", tr(N_("Export")), kExportSheetWidth, open_)) {
    draw_fields(ui);
    gap(ui, size::kGapWide);
    const char* go = running_ ? tr(N_("Exporting…")) : tr(N_("Export"));
    if (sheet_buttons(ui, "export", {go, icon::kExport}, may_write(), open_)) {
      write();
    }
    end_sheet(ui);
  }
}

void ExportSheet::draw_fields(Ui& ui) {
  wrapped(ui, TextKind::kStrong, printable(document_.title));
  const std::string size = size_text(content_.size);
  wrapped(ui, TextKind::kSmallMuted,
          patient_name_.empty() ? size : printable(patient_name_) + " · " + size);
  gap(ui, size::kGapWide);
  if (is_earlier_) {
    const auto policy = services_.vault.policy();
    notice(ui, "export.earlier", NoticeKind::kWarning, tr(N_("An earlier version is exported")),
           policy ? version_line(*policy, content_, ui.clock.wall_ms()) : std::string());
    gap(ui, size::kGapWide);
  }
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
  draw_keep(ui);
  gap(ui, size::kGap);
  draw_place(ui);
  gap(ui, size::kGapWide);
  wrapped(
      ui, TextKind::kSmallMuted,
      tr(N_("The copy is in the clear: whoever gets at the file reads it. The journal keeps who "
            "exported what, to whom and why.")));
  if (error_) {
    gap(ui, size::kGap);
    error_notice(ui, "export.error", text_of(*error_));
  }
}

void ExportSheet::draw_keep(Ui& ui) {
  label_above(ui, tr(N_("For how long")));
  std::array<std::string, kKeepChoices> labels;
  std::ranges::transform(kKeeps, labels.begin(),
                         [](const KeepChoice& choice) { return tr(choice.label); });
  segments(ui, "export.keep", labels, keep_);
}

void ExportSheet::draw_place(Ui& ui) {
  label_above(ui, tr(N_("Where")));
  if (!path_.empty()) {
    put_icon(ui, icon::kFolder, ui.theme.muted);
    same_line(ui);
    wrapped(ui, TextKind::kText, printable(path_));
    gap(ui, size::kGapSmall);
  }
  if (button(ui, "export.place", path_.empty() ? tr(N_("Choose the place…")) : tr(N_("Change…")),
             ButtonKind::kPlain, icon::kFolder)) {
    choose_place();
  }
  if (!path_.empty()) {
    gap(ui, size::kGapSmall);
    draw_forecast(ui);
  }
}

void ExportSheet::draw_forecast(Ui& ui) {
  const char* title = tr(N_("What erasing here will be worth"));
  if (!forecast_) {
    notice(ui, "export.forecast", NoticeKind::kInfo, title,
           tr(N_("The folder is being looked at…")));
  } else if (*forecast_) {
    const EraseForecast& forecast = **forecast_;
    notice(ui, "export.forecast", worth_notice(forecast.verdict), title, forecast_text(forecast));
  } else {
    const ErrorText error = text_of(forecast_->error());
    notice(ui, "export.forecast", NoticeKind::kBad, title,
           fill(tr(N_("It is not known: {}")), {error.what}));
  }
}

std::string ExportSheet::draft() const {
  if (!open_ || (recipient_.empty() && reason_.empty() && keep_ == 0)) {
    return {};
  }
  return nlohmann::json({{"recipient", recipient_.view()},
                         {"reason", reason_.view()},
                         {"keep", kKeeps[keep_].word}})
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
  for (std::size_t at = 0; at < kKeepChoices && json.contains("keep"); ++at) {
    keep_ = json["keep"] == kKeeps[at].word ? at : keep_;
  }
}

}  // namespace coffre::ui
