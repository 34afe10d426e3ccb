// Verification of the journal: each entry's place, signature, authority and changes. FORMAT.md §6,
// §7.
//
// Guarantees: a LogPosition only moves over entries that were fully verified. Who signed what they
// had no right to is named: `on` holds the entry's number and the person.
// Not covered: whether rows match the changes (state_check.h).
#pragma once

#include "core/journal/entry.h"
#include "core/journal/head.h"
#include "core/journal/note.h"
#include "core/store/store.h"
#include "core/vault/changes.h"
#include "core/vault/policy.h"

namespace coffre {

// What is known after some verified entries.
struct LogPosition {
  Policy policy;
  Frontier frontier;
  std::uint64_t policy_sequence = kNoSequence;
  Hash policy_link;
  Hash state_root;         // after the last commit
  bool in_commit = false;  // entries without their commit's end
  Hash last_actor;

  [[nodiscard]] std::uint64_t size() const { return frontier.size(); }
  [[nodiscard]] const Hash& vault() const { return policy.vault(); }
  [[nodiscard]] Head head() const;
};

// Verifies the next entry and moves the position over it; its changes are noted in `tracker`.
[[nodiscard]] Status check_entry(LogPosition& position, const EntryRow& row,
                                 ChangeTracker& tracker);

// Verifies entries up to the checkpoint `note` of the view and that the note is the log's.
[[nodiscard]] Status check_log(LogPosition& position, ReadView& view, ChangeTracker& tracker);

// The position at a remembered head: its policy is rebuilt from the policy links of the file and
// must end in the head's link. kDamaged, or kForked when the log went another way before the head.
[[nodiscard]] Result<LogPosition> position_at(const Head& head, ReadView& view);

// The checkpoint of the view: parsed, with as many entries as it says. Not verified yet.
[[nodiscard]] Result<Checkpoint> read_checkpoint(ReadView& view);

// Why a log does not continue a remembered head: kRolledBack, kForked, or kDamaged when it does not
// even agree with its own checkpoint.
[[nodiscard]] Error why_not_continued(const Head& head, ReadView& view, const Error& cause);

}  // namespace coffre
