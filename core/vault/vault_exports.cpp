// Copies in the clear: their entry in the ledger, and what became of them for the journal.
#include "core/base/time.h"
#include "core/vault/vault_impl.h"
#include "core/vault/workstation.h"

namespace coffre {
namespace {

constexpr std::size_t kOutcomesAtOnce = 1024;
constexpr std::int64_t kLedgerWaitMs = 2'000;
constexpr std::size_t kVerdictWordsMax = 800;  // of kReasonBytesMax, with a time behind

}  // namespace

std::string verdict_words(Verdict verdict, const std::vector<Reason>& reasons) {
  std::string text(verdict_word(verdict));
  for (const Reason reason : reasons) {
    const std::string_view word = reason_word(reason);
    if (text.size() + word.size() > kVerdictWordsMax) {
      break;
    }
    text += " ";
    text += word;
  }
  return text;
}

Result<ExportCopy> Vault::new_copy(const Id& document, const std::string& path,
                                   std::int64_t keep_ms) {
  return impl_->with_keys([&](Lease::Use& use) -> Result<ExportCopy> {
    return impl_->make_copy(use, document, path, 0, keep_ms);
  });
}

Result<ExportCopy> Vault::Impl::make_copy(const Lease::Use& use, const Id& document,
                                          const std::string& copy_path, std::uint64_t size,
                                          std::int64_t keep_ms, CopyKind kind) {
  COFFRE_TRY_ASSIGN(const ExportLedger ledger, ExportLedger::open(environment.state_directory));
  NewCopy copy;
  copy.vault = log.vault();
  copy.document = document;
  copy.user = me().id;
  copy.path = copy_path;
  copy.kind = kind;
  copy.size = size;
  copy.now_ms = environment.clock.wall_ms();
  copy.keep_ms = keep_ms;
  const std::int64_t until_ms = environment.clock.steady_ms() + kLedgerWaitMs;
  copy.give_up = [&] { return use.should_stop() || environment.clock.steady_ms() >= until_ms; };
  return ExportCopy::create(ledger, copy, environment.random);
}

Status Vault::Impl::record_outcome(const Event& event) {
  const Status told = with_keys([&](Lease::Use&) -> Status {
    COFFRE_TRY(record_event(event));
    return {};
  });
  if (told || told.error().code != Code::kLocked) {
    return told;
  }
  COFFRE_TRY_ASSIGN(const SigningKey key,
                    load_workstation_key(environment.state_directory, environment.random));
  return commit([&](Commit& made) -> Status {
    const Workstation* known =
        made.policy().workstation_by_key(workstation_key_id(key.public_key()));
    if (known == nullptr || known->revoked) {
      return std::unexpected<Error>(told.error());
    }
    return made.add_workstation_event(event, key);
  });
}

Result<std::vector<ExportOutcome>> Vault::Impl::add_outcomes(Commit& commit,
                                                             const SigningKey& key) {
  // A ledger that cannot be read keeps nobody from working; its outcomes stay for later.
  const auto ledger = ExportLedger::open(environment.state_directory);
  if (!ledger) {
    return std::vector<ExportOutcome>();
  }
  std::vector<ExportOutcome> outcomes =
      ledger->outcomes(log.vault(), kOutcomesAtOnce).value_or(std::vector<ExportOutcome>());
  for (const ExportOutcome& each : outcomes) {
    Event made = event(Action::kErase);
    made.object = each.document;
    made.outcome = each.outcome.verdict == Verdict::kFailed ? Outcome::kFailure : Outcome::kSuccess;
    made.reason = verdict_words(each.outcome.verdict, each.outcome.reasons) + " " +
                  format_time(each.outcome.time_ms);
    COFFRE_TRY(commit.add_workstation_event(made, key));
  }
  return outcomes;
}

void Vault::Impl::forget_outcomes(const std::vector<ExportOutcome>& told) {
  const auto ledger = ExportLedger::open(environment.state_directory);
  if (told.empty() || !ledger) {
    return;
  }
  // A sweep may be about to write a newer one. What stays is told twice, which is better than not
  // at all.
  const auto alone = ledger->sweeping(false);
  if (!alone || !*alone) {
    return;
  }
  for (const ExportOutcome& each : told) {
    const std::optional<ExportOutcome> now = ledger->outcome(each.id);
    if (!now || now->encode() != each.encode()) {
      continue;
    }
    // Of a copy that is gone its entry goes first: a sweep that ended before that would call it
    // lost.
    const bool is_gone = each.outcome.verdict != Verdict::kFailed;
    if (!is_gone || ledger->remove(each.id)) {
      static_cast<void>(ledger->remove_outcome(each.id));
    }
  }
}

Status Vault::journal_outcomes() {
  Impl& self = *impl_;
  if (!self.state) {
    return {};
  }
  COFFRE_TRY_ASSIGN(const SigningKey key, load_workstation_key(self.environment.state_directory,
                                                               self.environment.random));
  std::vector<ExportOutcome> told;
  COFFRE_TRY(self.commit([&](Commit& commit) -> Status {
    const Workstation* known =
        commit.policy().workstation_by_key(workstation_key_id(key.public_key()));
    if (known != nullptr && !known->revoked) {
      COFFRE_TRY_ASSIGN(told, self.add_outcomes(commit, key));
    }
    return {};
  }));
  self.forget_outcomes(told);
  return {};
}

}  // namespace coffre
