// JournalModel: the lines of the journal as a person reads them, and which of them a filter leaves.
//
// Guarantees: a name is shown only when this account could read it (JournalData holds what its
// session listed); otherwise the first digits of the id. Texts are made for the rows that are
// looked at, so that fifty thousand lines cost nothing until then. Threads: UI thread only, but
// load_journal(), which runs on the vault's.
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "app/desktop/ui_core/widgets.h"
#include "core/vault/vault.h"

namespace coffre::ui {

struct JournalData {
  struct KnownDocument {
    std::string title;
    std::optional<Id> patient;
  };
  std::vector<JournalLine> lines;  // as they were written
  std::map<Id, KnownDocument> documents;
  std::map<Id, std::string> patients;  // "Lefèvre, Zoé"
  std::map<Id, std::string> others;    // accounts, roles, compartments, workstations
  std::set<Id> looked_up;              // ids that the lists were searched for, found or not
  // What each line says, folded for searching: dear, so made where the journal is read.
  std::vector<std::string> folded;
};

// Reads the journal, and the names that this account may read of what it speaks of. The core
// journals each look: what `before` knows already is not looked up again.
[[nodiscard]] Result<JournalData> load_journal(Vault& vault, JournalData before);

enum class JournalPeriod : unsigned char { kToday, kWeek, kMonth, kAll };
// Kinds of lines that belong together for somebody who looks for one.
enum class JournalGroup : unsigned char {
  kAll,
  kReading,
  kFiling,
  kExport,
  kSession,
  kPeople,
  kVault
};
inline constexpr std::size_t kJournalGroups = 7;

struct JournalFilter {
  JournalPeriod period = JournalPeriod::kWeek;
  JournalGroup group = JournalGroup::kAll;
  std::string person{};  // exact; empty: all
  std::string words{};   // of a patient's name, a title, a person or a reason; folded, all of them
};

[[nodiscard]] const char* action_words(Action action);  // message id: "Consultation"
[[nodiscard]] const char* action_words(const JournalLine& line);
[[nodiscard]] const char* group_words(JournalGroup group);   // message id
[[nodiscard]] JournalGroup group_of(Action action);          // never kAll
[[nodiscard]] TagKind outcome_tag(const JournalLine& line);  // permitted, refused, unknown
[[nodiscard]] const char* outcome_words(const JournalLine& line);

// What a line is about: the patient over the document, or the one name there is.
struct JournalSubject {
  std::string first;
  std::string second;
};

[[nodiscard]] JournalSubject subject_of(const JournalData& data, const JournalLine& line);
// Fills `folded`; the lines and names are there.
void fold_lines(JournalData& data);

class JournalModel {
 public:
  void set(JournalData data);
  // Chooses the lines, newest first.
  void apply(const JournalFilter& filter, std::int64_t now_ms);

  [[nodiscard]] const JournalData& data() const { return data_; }
  [[nodiscard]] std::size_t total() const { return data_.lines.size(); }
  [[nodiscard]] std::size_t size() const { return chosen_.size(); }
  [[nodiscard]] const JournalLine& line(std::size_t index) const {
    return data_.lines[chosen_[index]];
  }
  // Where the line with this number is now; -1: the filter leaves it out.
  [[nodiscard]] std::ptrdiff_t index_of(std::uint64_t sequence) const;
  [[nodiscard]] JournalSubject subject(const JournalLine& line) const {
    return subject_of(data_, line);
  }
  // Everybody who did something, sorted.
  [[nodiscard]] const std::vector<std::string>& people() const { return people_; }

 private:
  JournalData data_;
  std::vector<std::string> people_;
  std::vector<std::uint32_t> chosen_;
};

// The start of the day, here, in which `now_ms` lies.
[[nodiscard]] std::int64_t start_of_day_ms(std::int64_t now_ms);

}  // namespace coffre::ui
