#include "app/desktop/screens/journal_model.h"

#include <algorithm>
#include <ctime>

#include "app/common/i18n.h"
#include "app/desktop/screens/dossiers_names.h"
#include "app/desktop/screens/shown_names.h"
#include "app/desktop/ui_core/format.h"
#include "core/base/text.h"

namespace coffre::ui {
namespace {

constexpr std::int64_t kDayMs = std::int64_t{24} * 60 * 60 * 1000;
constexpr std::size_t kShortIdBytes = 4;  // eight digits tell the objects of a practice apart

std::string short_id(const Id& id) { return to_hex(id.view().first(kShortIdBytes)); }

// An account that may not list something is told so; here that means that it knows no names of it.
template <typename T>
Result<std::vector<T>> or_nothing(Result<std::vector<T>> listed) {
  if (!listed && listed.error().code == Code::kDenied) {
    return std::vector<T>{};
  }
  return listed;
}

void name_others(const Policy& policy, std::map<Id, std::string>& names) {
  for (const auto& [id, user] : policy.users()) {
    names[id] = printable(user.name);
  }
  for (const auto& [id, role] : policy.roles()) {
    names[id] = shown_role(role.name);
  }
  for (const auto& [id, compartment] : policy.compartments()) {
    names[id] = compartment_label(compartment.name);
  }
  for (const auto& [id, workstation] : policy.workstations()) {
    names[id] = printable(workstation.name);
  }
}

// Names are kept of what the journal speaks of, not of the whole vault.
Status look_up_names(Vault& vault, JournalData& data) {
  std::vector<UnreadableRecord> left_out;  // they have no names
  COFFRE_TRY_ASSIGN(const std::vector<Patient> patients, or_nothing(vault.patients({}, &left_out)));
  COFFRE_TRY_ASSIGN(const std::vector<Document> documents,
                    or_nothing(vault.documents({}, &left_out)));
  data.documents.clear();
  data.patients.clear();
  std::set<Id> named = data.looked_up;
  for (const Document& document : documents) {
    if (named.contains(document.id)) {
      data.documents[document.id] = {printable(document.title), document.patient};
      if (document.patient) {
        named.insert(*document.patient);
      }
    }
  }
  for (const Patient& patient : patients) {
    if (named.contains(patient.id)) {
      data.patients[patient.id] = printable(patient.last + ", " + patient.first);
    }
  }
  return {};
}

std::vector<std::string> split_words(std::string_view text) {
  std::vector<std::string> words;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find(' ', at), text.size());
    if (end > at) {
      words.push_back(fold(text.substr(at, end - at)));
    }
    at = end + 1;
  }
  return words;
}

std::int64_t since_of(JournalPeriod period, std::int64_t now_ms) {
  constexpr std::int64_t kWeekDays = 7;
  constexpr std::int64_t kMonthDays = 30;
  switch (period) {
    case JournalPeriod::kToday:
      return start_of_day_ms(now_ms);
    case JournalPeriod::kWeek:
      return now_ms - kWeekDays * kDayMs;
    case JournalPeriod::kMonth:
      return now_ms - kMonthDays * kDayMs;
    case JournalPeriod::kAll:
      break;
  }
  return INT64_MIN;
}

}  // namespace

Result<JournalData> load_journal(Vault& vault, JournalData before) {
  JournalData data = std::move(before);
  COFFRE_TRY_ASSIGN(data.lines, vault.journal(std::nullopt, std::nullopt));
  data.others.clear();
  name_others(vault.policy(), data.others);
  bool is_new = false;
  for (const JournalLine& line : data.lines) {
    for (const std::optional<Id>& id : {line.object, line.patient}) {
      if (id && !data.others.contains(*id)) {
        is_new |= data.looked_up.insert(*id).second;
      }
    }
  }
  if (is_new) {
    COFFRE_TRY(look_up_names(vault, data));
  }
  fold_lines(data);
  return data;
}

const char* action_words(Action action) {
  switch (action) {
    case Action::kUnlock:
      return N_("Unlocking");
    case Action::kUnlockFailed:
      return N_("Failed unlock");
    case Action::kLock:
      return N_("Locking");
    case Action::kView:
      return N_("Consultation");
    case Action::kDeposit:
      return N_("Filing");
    case Action::kEdit:
      return N_("Record changed");
    case Action::kExport:
      return N_("Export of a copy");
    case Action::kOpen:
      return N_("Opened elsewhere");
    case Action::kImport:
      return N_("Importing");
    case Action::kDestroy:
      return N_("Destruction");
    case Action::kErase:
      return N_("Erasure");
    case Action::kJournal:
      return N_("Journal read");
    case Action::kAccount:
      return N_("Account changed");
    case Action::kRole:
      return N_("Role changed");
    case Action::kGrant:
      return N_("Approval");
    case Action::kRemove:
      return N_("Removal");
    case Action::kSetting:
      return N_("Setting changed");
    case Action::kEmergency:
      return N_("Emergency access");
    case Action::kBackup:
      return N_("Backup");
    case Action::kRestore:
      return N_("Restoring");
    case Action::kVerify:
      return N_("Verification");
  }
  return "";
}

const char* action_words(const JournalLine& line) {
  return line.action ? action_words(*line.action) : N_("Unreadable entry");
}

JournalGroup group_of(Action action) {
  switch (action) {
    case Action::kView:
    case Action::kOpen:
    case Action::kEmergency:
    case Action::kJournal:
      return JournalGroup::kReading;
    case Action::kDeposit:
    case Action::kEdit:
    case Action::kImport:
    case Action::kDestroy:
      return JournalGroup::kFiling;
    case Action::kExport:
    case Action::kErase:
      return JournalGroup::kExport;
    case Action::kUnlock:
    case Action::kUnlockFailed:
    case Action::kLock:
      return JournalGroup::kSession;
    case Action::kAccount:
    case Action::kRole:
    case Action::kGrant:
    case Action::kRemove:
      return JournalGroup::kPeople;
    case Action::kSetting:
    case Action::kBackup:
    case Action::kRestore:
    case Action::kVerify:
      break;
  }
  return JournalGroup::kVault;
}

const char* group_words(JournalGroup group) {
  switch (group) {
    case JournalGroup::kAll:
      return N_("Everything");
    case JournalGroup::kReading:
      return N_("Reading");
    case JournalGroup::kFiling:
      return N_("Filing and changes");
    case JournalGroup::kExport:
      return N_("Copies in the clear");
    case JournalGroup::kSession:
      return N_("Sessions");
    case JournalGroup::kPeople:
      return N_("People and roles");
    case JournalGroup::kVault:
      return N_("The vault");
  }
  return "";
}

TagKind outcome_tag(const JournalLine& line) {
  if (line.outcome == "success") {
    return TagKind::kGood;
  }
  return line.outcome == "failure" || !line.action ? TagKind::kBad : TagKind::kWarning;
}

const char* outcome_words(const JournalLine& line) {
  if (line.outcome == "success") {
    return N_("permitted");
  }
  if (!line.action) {
    return N_("unreadable");
  }
  return line.outcome == "failure" ? N_("refused") : N_("result unknown");
}

void JournalModel::set(JournalData data) {
  COFFRE_ASSERT(data.folded.size() == data.lines.size());
  data_ = std::move(data);
  chosen_.clear();
  people_.clear();
  for (const JournalLine& line : data_.lines) {
    people_.push_back(line.actor);
  }
  std::ranges::sort(people_);
  const auto same = std::ranges::unique(people_);
  people_.erase(same.begin(), same.end());
}

JournalSubject subject_of(const JournalData& data, const JournalLine& line) {
  JournalSubject subject;
  std::optional<Id> patient = line.patient;
  if (line.object) {
    if (const auto document = data.documents.find(*line.object); document != data.documents.end()) {
      subject.second = document->second.title;
      patient = patient ? patient : document->second.patient;
    } else if (const auto other = data.others.find(*line.object); other != data.others.end()) {
      subject.second = other->second;
    } else if (data.patients.contains(*line.object)) {
      patient = line.object;
    } else {
      subject.second = short_id(*line.object);
    }
  }
  if (patient) {
    const auto known = data.patients.find(*patient);
    subject.first = known == data.patients.end() ? short_id(*patient) : known->second;
  }
  if (subject.first.empty()) {
    std::swap(subject.first, subject.second);
  }
  if (subject.first.empty() && line.count != 0) {
    subject.first = fill(tr(N_("a list of {}")), {count_text(line.count)});
  }
  return subject;
}

void fold_lines(JournalData& data) {
  data.folded.clear();
  data.folded.reserve(data.lines.size());
  for (const JournalLine& line : data.lines) {
    const JournalSubject about = subject_of(data, line);
    data.folded.push_back(fold(about.first + ' ' + about.second + ' ' + line.actor + ' ' +
                               line.reason + ' ' + line.recipient));
  }
}

void JournalModel::apply(const JournalFilter& filter, std::int64_t now_ms) {
  chosen_.clear();
  const std::int64_t since_ms = since_of(filter.period, now_ms);
  const std::vector<std::string> words = split_words(filter.words);
  for (std::size_t index = data_.lines.size(); index-- > 0;) {
    const JournalLine& line = data_.lines[index];
    const bool wanted = line.time_ms >= since_ms &&
                        (filter.person.empty() || line.actor == filter.person) &&
                        (filter.group == JournalGroup::kAll || !line.action ||
                         group_of(*line.action) == filter.group) &&
                        std::ranges::all_of(words, [&](const std::string& word) {
                          return data_.folded[index].find(word) != std::string::npos;
                        });
    if (wanted) {
      chosen_.push_back(static_cast<std::uint32_t>(index));
    }
  }
}

std::ptrdiff_t JournalModel::index_of(std::uint64_t sequence) const {
  for (std::size_t index = 0; index < chosen_.size(); ++index) {
    if (line(index).sequence == sequence) {
      return static_cast<std::ptrdiff_t>(index);
    }
  }
  return -1;
}

std::int64_t start_of_day_ms(std::int64_t now_ms) {
  constexpr std::int64_t kSecondMs = 1000;
  const std::time_t now = static_cast<std::time_t>(now_ms / kSecondMs);
  std::tm day{};
  localtime_r(&now, &day);
  day.tm_hour = day.tm_min = day.tm_sec = 0;
  day.tm_isdst = -1;
  return static_cast<std::int64_t>(std::mktime(&day)) * kSecondMs;
}

}  // namespace coffre::ui
