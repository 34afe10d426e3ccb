#include "core/erase/worth.h"

#include <algorithm>

namespace coffre::erase {

void sort_reasons(std::vector<Reason>& reasons) {
  std::ranges::sort(reasons);
  const auto twice = std::ranges::unique(reasons);
  reasons.erase(twice.begin(), twice.end());
}

Verdict verdict_of(const std::vector<Reason>& reasons, Medium medium) {
  if (!reasons.empty()) return Verdict::kNotGuaranteed;
  return medium == Medium::kRotating ? Verdict::kOverwrittenInPlace
                                     : Verdict::kOverwrittenLogically;
}

std::vector<Uncovered> uncovered_of(const std::vector<Reason>& reasons, Medium medium) {
  std::vector<Uncovered> uncovered{Uncovered::kBackups,         Uncovered::kSnapshots,
                                   Uncovered::kEarlierVersions, Uncovered::kOtherCopies,
                                   Uncovered::kNameAndDates,    Uncovered::kMemory};
  const auto journaled = {Reason::kJournaledData, Reason::kJournalModeUnknown};
  if (std::ranges::find_first_of(reasons, journaled) != reasons.end()) {
    uncovered.push_back(Uncovered::kJournaledContent);
  }
  uncovered.push_back(medium == Medium::kRotating ? Uncovered::kReplacedSectors
                                                  : Uncovered::kSpareBlocks);
  return uncovered;
}

}  // namespace coffre::erase

namespace coffre {

void journal_was_zeroed(EraseReport& report) {
  std::erase(report.uncovered, Uncovered::kJournaledContent);
  if (report.is_name_wiped) {
    std::ranges::replace(report.uncovered, Uncovered::kNameAndDates, Uncovered::kDates);
  }
}

}  // namespace coffre
