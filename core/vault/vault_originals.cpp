// Erasing the files that documents were stored from: intents, the erasing, outcomes.
#include <algorithm>
#include <stop_token>

#include "core/vault/vault_impl.h"

namespace coffre {
namespace {

// As many as one commit names, so that little is open when a program is killed.
constexpr std::size_t kOriginalsAtOnce = 256;

EraseReport untouched_report(const Original& original, Reason reason) {
  EraseReport report;
  report.path = original.file.path;
  report.reasons = {reason};
  return report;
}

// An entry for each original; the first one's sequence + 1.
Result<std::uint64_t> write_intents(Vault::Impl& vault, std::span<const Original> originals) {
  std::uint64_t first = 0;
  COFFRE_TRY(vault.commit([&](Commit& commit) -> Status {
    first = commit.next_sequence() + 1;
    for (const Original& original : originals) {
      Event event = vault.event(Action::kErase);
      event.object = original.document;
      event.outcome = Outcome::kStarted;
      COFFRE_TRY(commit.add_event(event));
    }
    return {};
  }));
  return first;
}

Status write_outcomes(Vault::Impl& vault, std::span<const Original> originals,
                      std::span<const EraseReport> reports, std::uint64_t first_intent) {
  return vault.commit([&](Commit& commit) -> Status {
    for (std::size_t i = 0; i < originals.size(); ++i) {
      Event event = vault.event(Action::kErase);
      event.object = originals[i].document;
      event.intent = first_intent + i;
      event.reason = verdict_words(reports[i].verdict, reports[i].reasons);
      event.outcome =
          reports[i].verdict == Verdict::kFailed ? Outcome::kFailure : Outcome::kSuccess;
      COFFRE_TRY(commit.add_event(event));
    }
    return {};
  });
}

// One group; the results that are given are true whatever is returned.
Status erase_group(Vault::Impl& vault, std::span<const Original> originals, std::size_t total,
                   const Lease::Use& use, const std::function<void(const EraseProgress&)>& progress,
                   std::vector<ErasedOriginal>& results) {
  COFFRE_TRY_ASSIGN(const std::uint64_t first_intent, write_intents(vault, originals));
  std::vector<EraseRequest> requests;
  requests.reserve(originals.size());
  for (const Original& original : originals) {
    requests.push_back(original.file);
  }
  std::stop_source stop;
  EraseOptions options;
  options.stop = stop.get_token();
  options.random = &vault.environment.random;
  const std::size_t before = results.size();
  options.progress = [&](const EraseProgress& done) {
    if (use.should_stop()) {
      stop.request_stop();
    }
    if (progress) {
      progress({before + done.files_done, total, done.bytes_written});
    }
  };
  std::vector<EraseReport> erased = erase_files(requests, options);
  const Status written = write_outcomes(vault, originals, erased, first_intent);
  for (std::size_t i = 0; i < erased.size(); ++i) {
    results.push_back({std::move(erased[i]), first_intent - 1 + i});
  }
  return written;
}

}  // namespace

Result<std::vector<ErasedOriginal>> Vault::erase_originals(
    std::span<const Original> originals,
    const std::function<void(const EraseProgress&)>& progress) {
  return impl_->with_keys([&](Lease::Use& use) -> Result<std::vector<ErasedOriginal>> {
    std::vector<ErasedOriginal> results;
    results.reserve(originals.size());
    Status written;
    while (written && results.size() < originals.size() && !use.should_stop()) {
      const auto rest = originals.subspan(results.size());
      written = erase_group(*impl_, rest.first(std::min(rest.size(), kOriginalsAtOnce)),
                            originals.size(), use, progress, results);
    }
    if (!written && results.empty()) {
      return std::unexpected<Error>(written.error());
    }
    // What the journal cannot have is not erased.
    while (results.size() < originals.size()) {
      EraseReport report = untouched_report(originals[results.size()],
                                            written ? Reason::kCancelled : Reason::kSystemRefused);
      if (!written) {
        report.error = written.error();
      }
      results.push_back({std::move(report), std::nullopt});
    }
    return results;
  });
}

}  // namespace coffre
