// Erasing the copies in the clear whose time has come. Needs no unlock and no vault.
//
// Guarantees: nothing is erased but the very file that the ledger knows (core/vault/export_find.h),
// also when it bears another name in its directory by now. A copy that is gone for good leaves the
// ledger; one that could not be erased stays there and is tried again; one that is not where it was
// put is reported once, as failed, and stays until it is named (SweepRequest::ids). One that a kill
// found between its removal and the note of it is not-guaranteed, never called lost. One whose file
// system does not answer is reported, and holds up no other; it is tried again. What became of
// each is kept for the journal of its vault (Vault::journal_outcomes). A copy that was opened in
// another program is due as soon as nobody looks after it; its whole private directory goes.
// Interrupted at any moment, the next sweep goes on.
// Threads: any; a sweep waits for another one, of another process too.
#pragma once

#include "core/vault/export_find.h"

namespace coffre {

struct SweepRequest {
  std::int64_t now_ms = 0;
  // Besides what is due: these copies, or all copies of these documents, whatever their time.
  std::vector<Id> ids;
  // Of this vault only; its other copies are left alone.
  std::optional<Hash> vault;
  bool due = true;  // false: only `ids`
  // While another sweep runs: wait for it, or do nothing.
  bool wait = true;
};

struct SweptCopy {
  ExportEntry entry;
  EraseReport report;
  bool is_closed = false;  // the ledger does not know it any more
};

struct SweepReport {
  std::vector<SweptCopy> copies;
  std::vector<std::string> damaged;  // paths of entries that cannot be read
};

// kDenied: an id that the ledger does not know; nothing was done.
[[nodiscard]] Result<SweepReport> sweep_exports(const ExportLedger& ledger,
                                                const SweepRequest& request,
                                                const EraseOptions& options = {});

// Whether its time is over. A clock that stands before the copy's making is not believed: it is.
[[nodiscard]] bool is_due(const ExportEntry& entry, std::int64_t now_ms);

// Whether a sweep has already said that it is not at this place.
[[nodiscard]] bool is_reported(const ExportEntry& entry, CopyPlace place);

// What can be said of a copy without touching it, for a list.
enum class CopyStanding : std::uint8_t {
  kWriting,  // being written, or a crash's leftover that the next sweep erases
  kKept,
  kOpened,  // for another program, by a process that looks after it
  kDue,
  kRenamed,  // in its directory under another name
  kChanged,  // another file bears its name
  kMissing,
  kUnreachable,  // its file system does not answer
};
struct StandingCopy {
  ExportEntry entry;
  CopyStanding standing = CopyStanding::kMissing;
  std::string path;          // where it is, or should be
  bool is_reported = false;  // as missing or changed: a sweep has nothing new to say
};
struct StandingList {
  std::vector<StandingCopy> copies;
  std::vector<std::string> damaged;
};
[[nodiscard]] Result<StandingList> list_exports(const ExportLedger& ledger, std::int64_t now_ms);
// "writing", "kept", "opened", "due", "renamed", "changed", "missing", "unreachable".
[[nodiscard]] std::string_view standing_word(CopyStanding standing);

}  // namespace coffre
