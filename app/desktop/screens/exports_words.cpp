#include "app/desktop/screens/exports_words.h"

#include <algorithm>

#include "app/common/erase_text.h"
#include "app/common/i18n.h"
#include "app/desktop/screens/dossiers_names.h"
#include "app/desktop/ui_core/format.h"
#include "core/base/text.h"

namespace coffre::ui {
namespace {

constexpr std::int64_t kCopyMinuteMs = 60'000;
constexpr std::int64_t kCopyHourMs = 60 * kCopyMinuteMs;
constexpr std::int64_t kCopyDayMs = 24 * kCopyHourMs;

// Why the last try failed, in a word or two, and in full.
std::string tried_words(const CopyOutcome& tried) {
  std::string text;
  for (const Reason reason : tried.reasons) {
    text += (text.empty() ? "" : ", ") + std::string(tr(reason_text(reason)));
  }
  return text;
}

bool was_cancelled(const CopyOutcome& tried) {
  return std::ranges::find(tried.reasons, Reason::kCancelled) != tried.reasons.end();
}

CopyAdvice lost_advice(const KeptCopy& kept) {
  const bool is_changed = kept.copy.standing == CopyStanding::kChanged;
  return {NoticeKind::kBad,
          tr(is_changed ? N_("Another file bears its name") : N_("It is not where it was put")),
          fill(tr(is_changed
                      ? N_("A program may have saved over it, or somebody put another file there; "
                           "that one is not touched. Look for {}, and for earlier versions of it, "
                           "erase what you find, then press “Stop looking”.")
                      : N_("Somebody moved it, or its medium is not connected. Look for {}: put it "
                           "back, or erase it where it is, then press “Stop looking”.")),
               {printable(base_name(kept.copy.entry.path))})};
}

}  // namespace

TagKind worth_tag(Verdict verdict) {
  switch (verdict) {
    case Verdict::kOverwrittenInPlace:
      return TagKind::kGood;
    case Verdict::kOverwrittenLogically:
      return TagKind::kWarning;
    default:
      return TagKind::kBad;
  }
}

NoticeKind worth_notice(Verdict verdict) {
  switch (verdict) {
    case Verdict::kOverwrittenInPlace:
      return NoticeKind::kGood;
    case Verdict::kOverwrittenLogically:
      return NoticeKind::kWarning;
    default:
      return NoticeKind::kBad;
  }
}

ColouredWords deadline_words(const ExportEntry& entry, std::int64_t now_ms) {
  if (is_due(entry, now_ms)) {
    return {TagKind::kBad, tr(N_("overdue"))};
  }
  if (entry.is_opened()) {
    return {TagKind::kNeutral, tr(N_("at the lock"))};
  }
  const std::int64_t left_ms = entry.deadline_ms - now_ms;
  if (left_ms >= 2 * kCopyDayMs) {  // to the nearest
    const auto days = static_cast<std::uint64_t>((left_ms + kCopyDayMs / 2) / kCopyDayMs);
    return {TagKind::kNeutral, fill(tr(N_("in {} days")), {count_text(days)})};
  }
  // A minute that has begun counts: never "in 0 min".
  const std::int64_t minutes = (left_ms + kCopyMinuteMs - 1) / kCopyMinuteMs;
  return {left_ms <= kCopyHourMs ? TagKind::kWarning : TagKind::kNeutral,
          fill(tr(N_("in {}")), {duration_text(minutes * kCopyMinuteMs)})};
}

ColouredWords state_words(const KeptCopy& kept, bool is_erasing) {
  if (is_erasing) {
    return {TagKind::kNeutral, tr(N_("Being erased…"))};
  }
  switch (kept.copy.standing) {
    case CopyStanding::kWriting:
      return {TagKind::kNeutral, tr(N_("Being written…"))};
    case CopyStanding::kOpened:
      return {TagKind::kWarning, tr(N_("Opened elsewhere"))};
    case CopyStanding::kRenamed:
      return {TagKind::kWarning, tr(N_("Renamed"))};
    case CopyStanding::kChanged:
      return {TagKind::kBad, tr(N_("Another file there"))};
    case CopyStanding::kMissing:
      return {TagKind::kBad, tr(N_("Not found"))};
    case CopyStanding::kUnreachable:
      return {TagKind::kWarning, tr(N_("Not reachable"))};
    case CopyStanding::kKept:
    case CopyStanding::kDue:
      break;
  }
  const auto& tried = kept.copy.entry.tried;
  if (tried && tried->verdict == Verdict::kFailed) {
    return {TagKind::kBad, tr(worth_word(Verdict::kFailed, Medium::kUnknown))};
  }
  if (!kept.forecast) {
    return {TagKind::kNeutral, tr(N_("Not known"))};
  }
  return {worth_tag(kept.forecast->verdict),
          tr(worth_word(kept.forecast->verdict, kept.forecast->medium))};
}

CopyAdvice advice_of(const KeptCopy& kept) {
  if (is_lost(kept)) {
    return lost_advice(kept);
  }
  if (kept.copy.standing == CopyStanding::kRenamed) {
    return {NoticeKind::kInfo, tr(N_("It bears another name now")),
            fill(tr(N_("It is {} in the same folder, and is erased there.")),
                 {printable(base_name(kept.copy.path))})};
  }
  if (kept.copy.standing == CopyStanding::kUnreachable) {
    return {NoticeKind::kWarning, tr(N_("The drive or server does not answer")),
            tr(N_("Connect it again: the copy is erased there as soon as it answers."))};
  }
  const auto& tried = kept.copy.entry.tried;
  if (!tried || tried->verdict != Verdict::kFailed) {
    return {};
  }
  if (was_cancelled(*tried)) {
    return {NoticeKind::kWarning, tr(N_("Erasing was cancelled")),
            tr(N_("A part of it may be overwritten already. Erase it again: that finishes it."))};
  }
  return {NoticeKind::kBad, tr(N_("It could not be erased yet")),
          fill(tr(N_("Why: {}. It is tried again every minute while the program runs.")),
               {tried_words(*tried)})};
}

bool is_lost(const KeptCopy& kept) {
  return kept.copy.standing == CopyStanding::kChanged ||
         kept.copy.standing == CopyStanding::kMissing;
}

bool can_be_erased(const KeptCopy& kept) {
  return !is_lost(kept) && kept.copy.standing != CopyStanding::kWriting;
}

std::string folder_part(const std::string& path) {
  const std::string folder = parent_directory(path);
  const std::string name = base_name(folder);
  return name.empty() ? folder : name;
}

Result<CopyNames> look_up_copies(Vault& vault, CopyNames before, const std::set<Id>& documents) {
  CopyNames names = std::move(before);
  std::vector<UnreadableRecord> left_out;  // they have no names
  COFFRE_TRY_ASSIGN(const std::vector<Document> all, vault.documents({}, &left_out));
  std::map<Id, std::vector<Id>> of_patient;
  for (const Document& document : all) {
    if (!documents.contains(document.id)) {
      continue;
    }
    names.known[document.id].title =
        document.title.empty() ? printable(document.type) : printable(document.title);
    if (document.patient) {
      of_patient[*document.patient].push_back(document.id);
    }
  }
  names.looked_up.insert(documents.begin(), documents.end());
  if (of_patient.empty()) {
    return names;
  }
  // Who does not read patients sees the titles alone.
  for (const Patient& patient : vault.patients({}, &left_out).value_or(std::vector<Patient>())) {
    const auto found = of_patient.find(patient.id);
    if (found == of_patient.end()) {
      continue;
    }
    for (const Id& document : found->second) {
      names.known[document].patient = printable(patient_name(patient));
    }
  }
  return names;
}

}  // namespace coffre::ui
