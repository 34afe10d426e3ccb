// What the Exports screen and the export sheet say about copies in the clear: how long, in what
// state, what erasing is worth.
//
// Threads: tr() decides the language; otherwise values.
#pragma once

#include <map>
#include <set>
#include <string>

#include "app/desktop/ui_core/export_keeper.h"
#include "app/desktop/ui_core/widgets.h"

namespace coffre::ui {

struct ColouredWords {
  TagKind kind = TagKind::kNeutral;
  std::string words;
};

[[nodiscard]] TagKind worth_tag(Verdict verdict);
[[nodiscard]] NoticeKind worth_notice(Verdict verdict);

// "in 12 min", "in 3 days", "overdue".
[[nodiscard]] ColouredWords deadline_words(const ExportEntry& entry, std::int64_t now_ms);
// What erasing it is expected to be worth or, where that is not the question, what is with it.
[[nodiscard]] ColouredWords state_words(const KeptCopy& kept, bool is_erasing);
// What a person has to know or do about it; empty words: nothing.
struct CopyAdvice {
  NoticeKind kind = NoticeKind::kInfo;
  std::string title;
  std::string words;
};
[[nodiscard]] CopyAdvice advice_of(const KeptCopy& kept);
// Whether erasing can find it.
[[nodiscard]] bool can_be_erased(const KeptCopy& kept);
[[nodiscard]] bool is_lost(const KeptCopy& kept);  // not where it was put

// Of a path: the name of the folder it is in.
[[nodiscard]] std::string folder_part(const std::string& path);

// Titles and patients of documents, as far as the account reads them.
struct CopyNames {
  struct Name {
    std::string title;
    std::string patient;
  };
  std::map<Id, Name> known;
  std::set<Id> looked_up;
};
// Looks those up that were not before. The vault journals the lists that it gives, not each name.
[[nodiscard]] Result<CopyNames> look_up_copies(Vault& vault, CopyNames before,
                                               const std::set<Id>& documents);

}  // namespace coffre::ui
