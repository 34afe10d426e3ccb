#include "core/vault/export_sweep.h"

#include <algorithm>
#include <cerrno>

#include "core/vault/export_find.h"
#include "core/vault/opened_place.h"

namespace coffre {
namespace {

// How far a clock may step back without being a lie.
constexpr std::int64_t kClockStepMs = 5 * 60 * 1'000;

bool is_named(const ExportEntry& entry, const std::vector<Id>& ids) {
  return std::ranges::any_of(ids,
                             [&](const Id& id) { return id == entry.id || id == entry.document; });
}

// A copy that was entered and never begun: at most an empty file of ours.
bool clear_planned(const ExportEntry& entry) {
  if (entry.is_opened()) return clear_planned_opened(entry);
  if (!is_reachable(entry)) return false;
  const auto directory = File::open(parent_directory(entry.path), O_RDONLY | O_DIRECTORY);
  if (!directory) return directory.error().code == Code::kNotFound;
  struct stat found{};
  const int error = os().fstatat(directory->fd(), entry.staging.c_str(), &found);
  if (error < 0) return error == -ENOENT;
  if (!S_ISREG(found.st_mode) || found.st_size != 0) return false;
  return os().unlinkat(directory->fd(), entry.staging.c_str()) == 0;
}

bool is_gone(const EraseReport& report) {
  return report.verdict != Verdict::kFailed || report.left == Left::kNameMayReturn;
}

// Of one whose file is not where it was put.
EraseReport not_there(const ExportEntry& entry, const FoundCopy& found) {
  EraseReport report;
  report.path = found.path;
  const bool is_other = found.place == CopyPlace::kOther;
  if (found.place == CopyPlace::kUnreachable) {
    report.reasons = {Reason::kSystemRefused};
    report.error = Error{Code::kFailed,
                         N_("its file system does not answer"),
                         {},
                         N_("connect the drive or the server again")};
    return report;
  }
  if (entry.erasing == CopyErasing::kOverwritten) {
    // A kill, or a full disk, between its removal and our note of it: it had been overwritten and
    // read back by then, but with what verdict nobody knows any more.
    report.verdict = Verdict::kNotGuaranteed;
    report.reasons = {Reason::kNothingToOverwrite};
    report.left = Left::kNothing;
    return report;
  }
  if (entry.kind == CopyKind::kOpenedInMemory && is_memory_gone(entry)) {
    // It went with the memory, at the end of the person's login or with the computer's power.
    report.verdict = Verdict::kNotGuaranteed;
    report.reasons = {Reason::kMemoryFileSystem, Reason::kNothingToOverwrite};
    report.left = Left::kNothing;
    return report;
  }
  report.reasons = {is_other ? Reason::kNotExpected : Reason::kNotFound};
  report.left = is_other ? Left::kUntouched : Left::kNothing;
  return report;
}

FoundCopy look_for(const ExportEntry& entry) {
  return entry.is_opened() ? find_opened(entry) : find_copy(entry);
}

// Of a copy for another program: said of what its directory, which is gone, did not have.
bool is_told_lost(const CopyOutcome& told) {
  const auto said = {Reason::kNotFound, Reason::kNotOverwritten, Reason::kHardLinks};
  return told.verdict == Verdict::kFailed &&
         std::ranges::find_first_of(told.reasons, said) != told.reasons.end();
}

// Made for another program by a process that is gone, or has done with it.
bool is_left(const ExportEntry& entry) {
  return entry.is_opened() && opened_state(entry) != OpenedState::kOwned;
}

class Sweep {
 public:
  Sweep(const ExportLedger& ledger, const SweepRequest& request)
      : ledger_(ledger), request_(request) {}

  Result<SweepReport> run(const EraseOptions& options) {
    COFFRE_TRY_ASSIGN(const std::optional<File> alone, ledger_.sweeping(request_.wait));
    if (!alone) return SweepReport();
    COFFRE_TRY(choose());
    std::vector<EraseRequest> requests;
    std::vector<Chosen*> files;
    for (Chosen& copy : chosen_) {
      if (!copy.found.is_there()) continue;
      if (!copy.entry.is_opened()) {
        requests.push_back({copy.found.path, copy.found.identity, size_of(copy)});
        files.push_back(&copy);
      }
      note(copy.entry, CopyErasing::kBegun);
    }
    EraseOptions noting = options;
    noting.before_removal = [&](std::size_t at) {
      note(files[at]->entry, CopyErasing::kOverwritten);
    };
    std::vector<EraseReport> reports = erase_files(requests, noting);
    std::size_t next = 0;
    Status all;
    for (Chosen& copy : chosen_) {
      EraseReport report = !copy.found.is_there()   ? not_there(copy.entry, copy.found)
                           : copy.entry.is_opened() ? clear(copy.entry, options)
                                                    : std::move(reports[next++]);
      // It can be that the directory is gone, and not all of it well.
      if (copy.entry.is_opened() && !is_gone(report)) copy.found = look_for(copy.entry);
      const Status concluded = conclude(copy, std::move(report));
      if (all) all = concluded;
    }
    COFFRE_TRY(all);
    return std::move(swept_);
  }

 private:
  struct Chosen {
    ExportEntry entry;
    FoundCopy found;
    bool is_named = false;
  };

  // On the disk only: here the entry stays as it was found. A disk that is too full for it is no
  // reason to keep the copy.
  void note(ExportEntry entry, CopyErasing erasing) const {
    entry.erasing = erasing;
    static_cast<void>(ledger_.put(entry));
  }

  [[nodiscard]] EraseReport clear(const ExportEntry& entry, const EraseOptions& options) const {
    return clear_opened(entry, options, [&] { note(entry, CopyErasing::kOverwritten); });
  }

  static std::optional<std::uint64_t> size_of(const Chosen& copy) {
    return copy.entry.state == CopyState::kKept ? std::optional(copy.entry.size) : std::nullopt;
  }

  // What is unfinished in a list that was read while nobody wrote is a crash's leftover. The lock
  // is not held any longer: looking for copies may take a while, and writers wait for it.
  Result<ExportList> read_list(bool& nobody_writes) {
    COFFRE_TRY_ASSIGN(const std::optional<File> lock, ledger_.nobody_writes());
    nobody_writes = lock.has_value();
    return ledger_.list();
  }

  Status choose() {
    bool nobody_writes = false;
    COFFRE_TRY_ASSIGN(ExportList list, read_list(nobody_writes));
    for (const Id& id : request_.ids) {
      const bool known = std::ranges::any_of(list.entries, [&](const ExportEntry& entry) {
        return is_ours(entry) && is_named(entry, {id});
      });
      if (!known) {
        return fail(Code::kDenied, N_("there is no such copy in the export ledger"),
                    to_hex(id.view()), N_("see: coffrectl exports list"));
      }
    }
    swept_.damaged = std::move(list.damaged);
    for (ExportEntry& entry : list.entries) {
      if (!is_ours(entry)) continue;
      const bool unfinished = entry.state != CopyState::kKept;
      const bool named = is_named(entry, request_.ids);
      if (unfinished && !nobody_writes) {
        if (named) swept_.copies.push_back(being_written(std::move(entry)));
        continue;
      }
      const bool due = request_.due && (unfinished || entry.erasing != CopyErasing::kNo ||
                                        is_due(entry, request_.now_ms) || is_left(entry));
      if (named || due) COFFRE_TRY(take(std::move(entry), named));
    }
    return {};
  }

  static SweptCopy being_written(ExportEntry entry) {
    EraseReport report;
    report.path = entry.path;
    report.reasons = {Reason::kInUse};
    return {std::move(entry), std::move(report), false};
  }

  [[nodiscard]] bool is_ours(const ExportEntry& entry) const {
    return !request_.vault || entry.vault == *request_.vault;
  }

  Status take(ExportEntry entry, bool named) {
    if (entry.state == CopyState::kPlanned) {
      return clear_planned(entry) ? ledger_.remove(entry.id) : Status();
    }
    Chosen copy{.entry = std::move(entry), .found = {}, .is_named = named};
    copy.found = look_for(copy.entry);
    // A sweep that ended between its two notes: the copy is gone.
    const std::optional<ExportOutcome> noted = ledger_.outcome(copy.entry.id);
    if (copy.found.place == CopyPlace::kMissing && noted &&
        noted->outcome.verdict != Verdict::kFailed) {
      return ledger_.remove(copy.entry.id);
    }
    // It is looked for each time all the same.
    if (!named && is_reported(copy.entry, copy.found.place)) return {};
    chosen_.push_back(std::move(copy));
    return {};
  }

  Status conclude(Chosen& copy, EraseReport report) {
    const CopyOutcome outcome{report.verdict, report.reasons, request_.now_ms};
    const bool is_away =
        copy.found.place == CopyPlace::kMissing || copy.found.place == CopyPlace::kOther;
    const bool closed = is_gone(report) || (copy.is_named && is_away);
    const bool is_news =
        closed || !copy.entry.tried || copy.entry.tried->reasons != outcome.reasons;
    // For the journal first: an entry that is gone is told by nobody else.
    if (is_news) {
      COFFRE_TRY(
          ledger_.put_outcome({copy.entry.id, copy.entry.vault, copy.entry.document, outcome}));
    }
    copy.entry.tried = outcome;
    copy.entry.erasing = CopyErasing::kNo;
    COFFRE_TRY(closed ? ledger_.remove(copy.entry.id) : ledger_.put(copy.entry));
    swept_.copies.push_back({std::move(copy.entry), std::move(report), closed});
    return {};
  }

  const ExportLedger& ledger_;
  const SweepRequest& request_;
  std::vector<Chosen> chosen_;
  SweepReport swept_;
};

CopyStanding standing_of(const ExportEntry& entry, CopyPlace place, std::int64_t now_ms) {
  if (entry.state != CopyState::kKept) return CopyStanding::kWriting;
  if (entry.is_opened() && (place == CopyPlace::kThere || place == CopyPlace::kRenamed)) {
    return is_left(entry) || is_due(entry, now_ms) ? CopyStanding::kDue : CopyStanding::kOpened;
  }
  switch (place) {
    case CopyPlace::kThere:
    case CopyPlace::kStaged:
      return is_due(entry, now_ms) ? CopyStanding::kDue : CopyStanding::kKept;
    case CopyPlace::kRenamed:
      return CopyStanding::kRenamed;
    case CopyPlace::kOther:
      return CopyStanding::kChanged;
    case CopyPlace::kUnreachable:
      return CopyStanding::kUnreachable;
    case CopyPlace::kMissing:
      break;
  }
  return CopyStanding::kMissing;
}

}  // namespace

bool is_reported(const ExportEntry& entry, CopyPlace place) {
  if (!entry.tried || entry.erasing != CopyErasing::kNo) return false;
  const bool is_lost = place == CopyPlace::kMissing || place == CopyPlace::kOther;
  if (is_lost && entry.is_opened()) return is_told_lost(*entry.tried);
  const Reason reason = place == CopyPlace::kOther ? Reason::kNotExpected : Reason::kNotFound;
  return is_lost && entry.tried->reasons == std::vector{reason};
}

bool is_due(const ExportEntry& entry, std::int64_t now_ms) {
  return now_ms >= entry.deadline_ms || now_ms < entry.created_ms - kClockStepMs;
}

Result<SweepReport> sweep_exports(const ExportLedger& ledger, const SweepRequest& request,
                                  const EraseOptions& options) {
  return Sweep(ledger, request).run(options);
}

Result<StandingList> list_exports(const ExportLedger& ledger, std::int64_t now_ms) {
  COFFRE_TRY_ASSIGN(ExportList list, ledger.list());
  StandingList made;
  made.damaged = std::move(list.damaged);
  for (ExportEntry& entry : list.entries) {
    FoundCopy found = look_for(entry);
    const CopyStanding standing = standing_of(entry, found.place, now_ms);
    const bool reported = is_reported(entry, found.place);
    made.copies.push_back({std::move(entry), standing, std::move(found.path), reported});
  }
  return made;
}

std::string_view standing_word(CopyStanding standing) {
  switch (standing) {
    case CopyStanding::kWriting:
      return "writing";
    case CopyStanding::kKept:
      return "kept";
    case CopyStanding::kOpened:
      return "opened";
    case CopyStanding::kDue:
      return "due";
    case CopyStanding::kRenamed:
      return "renamed";
    case CopyStanding::kChanged:
      return "changed";
    case CopyStanding::kMissing:
      return "missing";
    case CopyStanding::kUnreachable:
      return "unreachable";
  }
  return {};
}

}  // namespace coffre
