#include "app/cli/erase_output.h"

#include <algorithm>
#include <set>

#include <nlohmann/json.hpp>

#include "app/common/erase_text.h"
#include "app/common/i18n.h"

namespace coffre::cli {
namespace {

template <typename Value, typename Word>
Json words_of(const std::vector<Value>& values, Word word) {
  Json words = Json::array();
  for (const Value value : values) {
    words.push_back(word(value));
  }
  return words;
}

}  // namespace

Json erase_json(const EraseReport& report) {
  return {{"path", report.path},
          {"verdict", verdict_word(report.verdict)},
          {"reasons", words_of(report.reasons, reason_word)},
          {"filesystem", report.file_system},
          {"bytes", report.bytes},
          {"size", report.size},
          {"method", method_word(report.method)},
          {"medium", medium_name(report.medium)},
          {"left", left_word(report.left)},
          {"uncovered", words_of(report.uncovered, uncovered_word)}};
}

Exit erase_exit(Verdict verdict) {
  const bool is_overwritten =
      verdict == Verdict::kOverwrittenInPlace || verdict == Verdict::kOverwrittenLogically;
  return is_overwritten ? Exit::kDone : Exit::kErasure;
}

Exit erase_exit(std::span<const EraseReport> reports) {
  const bool all = std::ranges::all_of(
      reports, [](Verdict verdict) { return erase_exit(verdict) == Exit::kDone; },
      &EraseReport::verdict);
  return all ? Exit::kDone : Exit::kErasure;
}

void print_erasures(Output& output, std::span<const EraseReport> reports) {
  std::set<Uncovered> uncovered;
  for (const EraseReport& report : reports) {
    std::string line = fill(tr(N_("{}: {}")), {report.path, tr(verdict_text(report.verdict))});
    if (const std::string reasons = reasons_text(report); !reasons.empty()) {
      line += " (" + reasons + ")";
    }
    if (report.verdict != Verdict::kFailed) {
      uncovered.insert(report.uncovered.begin(), report.uncovered.end());
    }
    output.line(line);
  }
  if (uncovered.empty()) {
    return;
  }
  output.line(tr(N_("No overwriting reaches:")));
  for (const Uncovered each : uncovered) {
    output.line(std::string("  - ") + tr(uncovered_text(each)));
  }
}

}  // namespace coffre::cli
