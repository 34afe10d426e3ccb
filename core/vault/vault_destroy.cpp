// Destroying a document: the intent in the journal, its rows and keys in one commit, then what the
// store's files still hold of them, then what that was worth. docs/ERASING.md, docs/FORMAT.md §6.
#include <algorithm>
#include <utility>

#include "core/base/parallel.h"
#include "core/base/text.h"
#include "core/erase/in_place.h"
#include "core/vault/hints.h"
#include "core/vault/retention.h"
#include "core/vault/vault_impl.h"

namespace coffre {
namespace {

// One entry names so many rows at most (FORMAT.md §11: 4,096).
constexpr std::size_t kRowsAnEntry = 2048;
// Bytes that are looked for on the medium, from the start of what a row has sealed.
constexpr std::size_t kTraceSize = 60;

struct DoomedRow {
  Table table;
  Id id;
  std::int64_t row = 0;
  OwnedStateRow stored;
};

// What must not be found again, and where it lay.
struct Trace {
  StorePlace place;
  Bytes bytes;
};

Reason reason_for(const Error& error) {
  switch (error.code) {
    case Code::kBusy:
      return Reason::kInUse;
    case Code::kNoSpace:
      return Reason::kNoSpace;
    case Code::kOutOfMemory:
      return Reason::kOutOfMemory;
    default:
      return Reason::kWriteFailed;
  }
}

class Destruction {
 public:
  Destruction(Vault::Impl& vault, const Lease::Use& use, const Id& document)
      : vault_(vault), use_(use), id_(document) {}

  [[nodiscard]] Result<Destroyed> run(const std::string& reason) {
    COFFRE_TRY(begin(reason));
    Status removed = vault_.store->look_at_files([&](int fd) { return worth_.look_before(fd); });
    if (removed) {
      removed = vault_.commit([&](Commit& commit) { return remove(commit); });
    }
    if (!removed && !is_gone()) {
      static_cast<void>(conclude(Outcome::kFailure));
      return std::unexpected<Error>(removed.error());
    }
    Destroyed destroyed;
    destroyed.document = id_;
    destroyed.entry = event_.intent - 1;
    if (const Status finished = finish(); !finished) {
      destroyed.error = finished.error();
      worth_.add(failed_.value_or(reason_for(finished.error())));
    }
    destroyed.reasons = worth_.reasons();
    destroyed.uncovered = worth_.uncovered();
    destroyed.file_system = worth_.file_system();
    destroyed.medium = worth_.medium();
    destroyed.verdict = destroyed.error ? Verdict::kFailed : worth_.verdict();
    event_.reason = verdict_words(destroyed.verdict, destroyed.reasons);
    COFFRE_TRY(conclude(destroyed.error ? Outcome::kFailure : Outcome::kSuccess));
    return destroyed;
  }

 private:
  // The document and the rights on it, as they are now.
  [[nodiscard]] Status take_document(ReadView& view) {
    COFFRE_TRY_ASSIGN(document_, vault_.read_document(view, id_));
    if (!vault_.may(document_.compartment, right::kRead | right::kDestroy)) {
      return fail(Code::kDenied, N_("this account may not destroy documents here"), {},
                  N_("ask somebody whose role allows it"));
    }
    event_.patient = document_.patient;
    return check_kept(view);
  }

  // Who does not read patients cannot tell a minor's document: then the period alone counts.
  [[nodiscard]] Status check_kept(ReadView& view) {
    const Policy& policy = vault_.log.policy;
    std::string born;
    const bool has_period = policy.compartment(document_.compartment)->retention_years != 0;
    if (has_period && document_.patient) {
      const Result<Patient> patient = vault_.read_patient(view, *document_.patient);
      if (!patient && patient.error().code != Code::kDenied) {
        return std::unexpected<Error>(patient.error());
      }
      born = patient ? patient->born : std::string();
    }
    return check_not_kept(policy, document_, born, vault_.environment.clock.wall_ms());
  }

  // A medium that fails in the last sync of a commit may have all of it: then what was begun is
  // finished.
  [[nodiscard]] bool is_gone() {
    if (doomed_.empty() || !vault_.view() || !vault_.state) {
      return false;
    }
    return !vault_.state->tree.find(static_cast<std::uint8_t>(Table::kRecords), id_);
  }

  [[nodiscard]] Status begin(const std::string& reason) {
    event_ = vault_.event(Action::kDestroy);
    COFFRE_TRY_ASSIGN(const std::string line, checked_line(reason, kReasonBytesMax));
    COFFRE_TRY_ASSIGN(event_.reason, to_nfc(line));
    if (event_.reason.empty()) {
      return fail(Code::kInvalidArgument, N_("a document is not destroyed without a reason"), {},
                  N_("say why; it is journaled"));
    }
    event_.object = id_;
    event_.outcome = Outcome::kStarted;
    std::uint64_t intent = 0;
    COFFRE_TRY(vault_.commit([&](Commit& commit) -> Status {
      COFFRE_TRY(take_document(commit.transaction()));
      intent = commit.next_sequence() + 1;
      return commit.add_event(event_);
    }));
    event_.intent = intent;
    return {};
  }

  [[nodiscard]] Status conclude(Outcome outcome) {
    event_.outcome = outcome;
    COFFRE_TRY(vault_.record_event(event_));
    return {};
  }

  [[nodiscard]] Status add_doomed(ReadView& view, Table table, const Id& id) {
    DoomedRow doomed{table, id, 0, {}};
    COFFRE_TRY_ASSIGN(doomed.stored, vault_.row(view, table, id));
    doomed.row = vault_.state->tree.find(static_cast<std::uint8_t>(table), id)->row;
    doomed_.push_back(std::move(doomed));
    return {};
  }

  [[nodiscard]] Status find_versions(ReadView& view) {
    COFFRE_TRY_ASSIGN(const std::vector<Id> found,
                      vault_.versions_of(view, id_, document_.compartment));
    for (const Id& id : found) {
      COFFRE_TRY(add_doomed(view, Table::kVersions, id));
    }
    return {};
  }

  [[nodiscard]] Status find_requests(ReadView& view) {
    const std::size_t slots = worker_count();
    std::vector<std::vector<Id>> found(slots);
    // One that somebody sealed so that nobody can read it keeps nobody from destroying.
    std::vector<UnreadableRecord> unreadable;
    COFFRE_TRY(vault_.scan_records(
        ObjectKind::kRequest, document_.compartment, slots,
        [&](std::size_t slot, std::int64_t, const Id& id, const Id& compartment,
            ByteView payload) -> Status {
          COFFRE_TRY_ASSIGN(const Request request, decode_request(id, compartment, payload));
          if (request.document == id_) {
            found[slot].push_back(id);
          }
          return {};
        },
        &unreadable));
    for (const std::vector<Id>& some : found) {
      for (const Id& id : some) {
        COFFRE_TRY(add_doomed(view, Table::kRecords, id));
      }
    }
    return {};
  }

  // Where the rows lie; said before anything is changed.
  [[nodiscard]] Status find_traces(WriteTransaction& transaction) {
    for (const DoomedRow& doomed : doomed_) {
      const std::size_t prefix =
          doomed.table == Table::kVersions ? VersionRow::kPrefixSize : RecordRow::kPrefixSize;
      const ByteView sealed = ByteView(doomed.stored.body).subspan(prefix);
      const ByteView bytes = sealed.first(std::min(sealed.size(), kTraceSize));
      COFFRE_TRY_ASSIGN(const StorePlace place, transaction.place_of(doomed.table, doomed.row));
      traces_.push_back({place, {bytes.begin(), bytes.end()}});
    }
    COFFRE_TRY_ASSIGN(const std::size_t seen, count_traces());
    // Who did not see it there before cannot say that it went.
    if (seen != traces_.size()) {
      worth_.add(Reason::kReadBackCached);
    }
    return {};
  }

  // How many of the traces the medium has where they lay.
  [[nodiscard]] Result<std::size_t> count_traces() {
    std::size_t seen = 0;
    bool cached = false;
    for (const Trace& trace : traces_) {
      COFFRE_TRY_ASSIGN(const Bytes there, vault_.store->read_medium(trace.place, cached));
      seen += std::ranges::search(there, trace.bytes).empty() ? 0 : 1;
    }
    if (cached) {
      worth_.add(Reason::kReadBackCached);
    }
    return seen;
  }

  [[nodiscard]] Status remove(Commit& commit) {
    WriteTransaction& transaction = commit.transaction();
    // Others may have written since the intent.
    COFFRE_TRY(take_document(transaction));
    COFFRE_TRY(find_versions(transaction));
    COFFRE_TRY(add_doomed(transaction, Table::kRecords, id_));
    COFFRE_TRY(find_requests(transaction));
    // A hold of another object that names one of these rows counts for everybody else too.
    if (std::ranges::any_of(
            doomed_, [&](const DoomedRow& doomed) { return commit.policy().is_held(doomed.id); })) {
      return on_hold();
    }
    COFFRE_TRY(find_traces(transaction));
    std::size_t named = 0;
    for (const DoomedRow& doomed : doomed_) {
      // First the sealed key is overwritten in its place, then the row goes.
      COFFRE_TRY(transaction.replace_row(doomed.table, doomed.row,
                                         Bytes(doomed.stored.body.size(), Byte{0})));
      COFFRE_TRY(commit.remove(doomed.table, doomed.stored.id, document_.compartment));
      if (++named % kRowsAnEntry == 0) {
        COFFRE_TRY(commit.add_event(event_));
      }
    }
    COFFRE_TRY(commit.add_event(event_));
    return remove_few_extents(transaction);
  }

  // Those that fit in the same commit go with it.
  [[nodiscard]] Status remove_few_extents(WriteTransaction& transaction) {
    std::size_t room = kExtentsRemovedAtOnce;
    for (const DoomedRow& doomed : doomed_) {
      if (doomed.table != Table::kVersions) {
        continue;
      }
      COFFRE_TRY_ASSIGN(const VersionRow version, VersionRow::parse(doomed.stored.body));
      const auto first = static_cast<std::int64_t>(version.first);
      ExtentRange range{first, first + version.extents};
      if (version.extents <= room) {
        room -= version.extents;
        COFFRE_TRY_ASSIGN(const auto next,
                          remove_extents(transaction, doomed.stored.id, range, version.extents));
        range.begin = next.value_or(range.end);
      }
      if (range.begin < range.end) {
        left_.emplace_back(doomed.stored.id, range);
      }
    }
    return {};
  }

  // After the commit: the document is gone for everybody. What is here goes on when it fails, or is
  // killed, at the next unlock.
  [[nodiscard]] Status finish() {
    COFFRE_TRY(vault_.store->scrub_side_file());
    if (!left_.empty()) {
      const Status removed = remove_other_extents();
      // Of the ciphertext too, which nobody can open any more.
      COFFRE_TRY(vault_.store->scrub_side_file());
      COFFRE_TRY(removed);
    }
    COFFRE_TRY(vault_.store->look_at_files([&](int fd) { return worth_.look_after(fd); }));
    const Result<std::size_t> seen = count_traces();
    if (!seen) {
      failed_ = Reason::kReadBackFailed;
      return std::unexpected<Error>(seen.error());
    }
    if (*seen != 0) {
      failed_ = Reason::kReadBackDiffers;
      return fail(Code::kFailed, N_("the medium still has what was overwritten"), {},
                  N_("check the medium and its cable"));
    }
    return {};
  }

  [[nodiscard]] Status remove_other_extents() {
    for (auto& [version, range] : left_) {
      while (range.begin < range.end) {
        if (use_.should_stop()) {
          failed_ = Reason::kCancelled;  // the next unlock removes the rest
          return fail(Code::kLocked, N_("the vault was locked before all was overwritten"), {},
                      N_("unlock it again: that overwrites the rest"));
        }
        COFFRE_TRY_ASSIGN(const std::unique_ptr<WriteTransaction> transaction,
                          vault_.store->write());
        COFFRE_TRY_ASSIGN(const auto next,
                          remove_extents(*transaction, version, range, kExtentsRemovedAtOnce));
        COFFRE_TRY(transaction->commit());
        range.begin = next.value_or(range.end);
      }
    }
    return {};
  }

  Vault::Impl& vault_;
  const Lease::Use& use_;
  Id id_;
  Event event_;
  Document document_;
  InPlace worth_;
  std::vector<DoomedRow> doomed_;
  std::vector<Trace> traces_;
  std::vector<std::pair<Bytes, ExtentRange>> left_;  // versions whose extents are there still
  std::optional<Reason> failed_;
};

}  // namespace

Result<std::vector<Id>> Vault::Impl::versions_of(ReadView& from, const Id& document,
                                                 const Id& compartment) {
  std::vector<Id> found;
  COFFRE_TRY_ASSIGN(const auto range, from.row_range(Table::kVersions));
  if (!range) {
    return found;
  }
  COFFRE_TRY(
      from.scan(Table::kVersions, range->first, range->second, [&](const StateRow& row) -> Status {
        COFFRE_TRY_ASSIGN(const VersionRow version, VersionRow::parse(row.body));
        if (version.document == document && version.compartment == compartment) {
          found.push_back(row_key(row.id));
        }
        return {};
      }));
  return found;
}

Result<Destroyed> Vault::destroy_document(const Id& id, const std::string& reason) {
  return impl_->with_keys([&](Lease::Use& use) -> Result<Destroyed> {
    return Destruction(*impl_, use, id).run(reason);
  });
}

}  // namespace coffre
