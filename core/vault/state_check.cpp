#include "core/vault/state_check.h"

#include <atomic>

#include "core/base/parallel.h"
#include "core/vault/hints.h"
#include "core/vault/rows.h"

namespace coffre {
namespace {

constexpr std::int64_t kRowMax = (std::int64_t{1} << 56) - 1;

std::unexpected<Error> bad_row(const char* what, const Policy& policy,
                               const TrackedChange& change) {
  return fail(Code::kDamaged, what,
              "entry " + std::to_string(change.sequence) + ", " + policy.name_of_key(change.actor),
              kRestoreHint);
}

std::unexpected<Error> bad_place(const char* what, Table table, ByteView id) {
  return fail(Code::kDamaged, what,
              std::string(state_table_name(table)) + " " +
                  to_hex(id.first(std::min<std::size_t>(id.size(), 8))),
              kRestoreHint);
}

Status check_envelope_row(const Policy& policy, const TrackedChange& change, ByteView id,
                          ByteView body) {
  COFFRE_TRY_ASSIGN(const Envelope envelope, Envelope::parse(policy.vault(), id, body));
  const SigningPublicKey* key = policy.signing_key(change.actor);
  if (envelope.creator != change.actor || envelope.compartment != change.owner ||
      envelope.epoch != change.epoch || key == nullptr || !envelope.signed_by(*key)) {
    return bad_row(N_("an envelope is not of the one who added it"), policy, change);
  }
  return {};
}

Status check_adoption_row(const Policy& policy, const EnvelopeIndex& envelopes,
                          const TrackedChange& change, ByteView id, ByteView body) {
  COFFRE_TRY_ASSIGN(const Adoption adoption, Adoption::parse(policy.vault(), id, body));
  const SigningPublicKey* key = policy.signing_key(change.actor);
  const auto envelope = envelopes.find(adoption.envelope);
  if (adoption.adopter != change.actor || key == nullptr || !adoption.signed_by(*key) ||
      envelope == envelopes.end() || envelope->second.compartment != change.owner) {
    return bad_row(N_("an adoption is not of the one who added it"), policy, change);
  }
  return {};
}

// Records and versions: under an envelope of the actor, of the same compartment and epoch.
Status check_sealed_row(const Policy& policy, const EnvelopeIndex& envelopes,
                        const TrackedChange& change, const Id& compartment,
                        const Hash& envelope_id) {
  const auto found = envelopes.find(envelope_id);
  if (found == envelopes.end()) {
    return bad_row(N_("a row lies under an envelope that is not there"), policy, change);
  }
  const EnvelopeInfo& envelope = found->second;
  if (compartment != change.owner || envelope.compartment != compartment) {
    return bad_row(N_("a row lies in another compartment than its entry says"), policy, change);
  }
  if (envelope.creator != change.actor) {
    return bad_row(N_("a row lies under another person's envelope"), policy, change);
  }
  if (envelope.epoch != change.epoch) {
    return bad_row(N_("a row was sealed for a closed epoch"), policy, change);
  }
  return {};
}

Status check_record_row(const Policy& policy, const EnvelopeIndex& envelopes,
                        const TrackedChange& change, ByteView body) {
  COFFRE_TRY_ASSIGN(const RecordRow row, RecordRow::parse(body));
  COFFRE_TRY(check_sealed_row(policy, envelopes, change, row.compartment, row.envelope));
  const Compartment* compartment = policy.compartment(row.compartment);
  const bool misplaced =
      compartment == nullptr || compartment->purpose == Purpose::kJournal ||
      (row.kind == ObjectKind::kPatient && compartment->purpose != Purpose::kAdministrative);
  if (misplaced || row.revision == 0) {
    return bad_row(N_("a record lies where it cannot be"), policy, change);
  }
  return {};
}

Status check_slot_row(const Policy& policy, const TrackedChange& change, ByteView id,
                      ByteView body) {
  COFFRE_TRY_ASSIGN(const Slot slot, Slot::parse(body));
  const User* user = policy.user(change.owner);
  if (user == nullptr || slot.user != change.owner) {
    return bad_row(N_("a slot is not of the account that its entry says"), policy, change);
  }
  return slot.verify(policy, *user, id);
}

// One range of one table, read by one thread.
struct Part {
  Table table;
  std::int64_t row_min;
  std::int64_t row_max;
  std::vector<StateTree::Loaded> rows;
  std::vector<ExtentRange> extents;
};

// Few enough that the parts of a large table keep all threads busy to the end.
constexpr std::int64_t kRowsAPart = 1 << 15;

Result<std::vector<Part>> cut_in_parts(ReadView& view, std::array<std::int64_t, 8>& row_max) {
  std::vector<Part> parts;
  for (const Table table : kStateTables) {
    COFFRE_TRY_ASSIGN(const auto range, view.row_range(table));
    if (!range) {
      continue;
    }
    if (range->first < 1 || range->second > kRowMax) {
      return fail(Code::kDamaged, N_("a row has an impossible number"), state_table_name(table),
                  kRestoreHint);
    }
    row_max[static_cast<std::size_t>(table)] = range->second;
    // Ranges of row numbers, not more than 1,024 however sparse somebody made them.
    const std::int64_t step = std::max(kRowsAPart, (range->second - range->first) / 1024 + 1);
    for (std::int64_t from = range->first; from <= range->second; from += step) {
      parts.push_back({table, from, std::min(range->second, from + step - 1), {}, {}});
    }
  }
  return parts;
}

}  // namespace

const char* state_table_name(Table table) {
  switch (table) {
    case Table::kSlots:
      return "slots";
    case Table::kEnvelopes:
      return "envelopes";
    case Table::kAdoptions:
      return "adoptions";
    case Table::kRecords:
      return "records";
    case Table::kVersions:
      return "versions";
  }
  return "rows";
}

Status check_row(const Policy& policy, const EnvelopeIndex& envelopes, const TrackedChange& change,
                 ByteView id, ByteView body) {
  switch (static_cast<Table>(change.table)) {
    case Table::kSlots:
      return check_slot_row(policy, change, id, body);
    case Table::kEnvelopes:
      return check_envelope_row(policy, change, id, body);
    case Table::kAdoptions:
      return check_adoption_row(policy, envelopes, change, id, body);
    case Table::kRecords:
      return check_record_row(policy, envelopes, change, body);
    case Table::kVersions: {
      COFFRE_TRY_ASSIGN(const VersionRow row, VersionRow::parse(body));
      return check_sealed_row(policy, envelopes, change, row.compartment, row.envelope);
    }
  }
  return bad_row(N_("a change names a table that is not there"), policy, change);
}

namespace {

Status index_envelope(const Policy& policy, EnvelopeIndex& index, ByteView id, ByteView body) {
  COFFRE_TRY_ASSIGN(const Envelope envelope, Envelope::parse(policy.vault(), id, body));
  index.emplace(envelope.id, EnvelopeInfo{envelope.compartment, envelope.creator, envelope.epoch,
                                          envelope.kind});
  return {};
}

// Leaf of a row, and the checks that its change asks for.
Status take_row(Part& part, const StateRow& row, const Policy& policy,
                const EnvelopeIndex& envelopes, const ChangeTracker& changes) {
  const Id key = row_key(row.id);
  const auto table = static_cast<std::uint8_t>(part.table);
  const Hash leaf = row_leaf(table, row.id, row.body);
  part.rows.push_back({table, row.row, key, leaf});
  if (part.table == Table::kVersions) {
    COFFRE_TRY_ASSIGN(const VersionRow version, VersionRow::parse(row.body));
    const auto first = static_cast<std::int64_t>(version.first);
    add_range(part.extents, {first, first + version.extents});
  }
  const TrackedChange* change = changes.find(table, key);
  if (change == nullptr) {
    return {};
  }
  if (change->leaf != leaf) {
    return bad_place(N_("a row is not what the journal says"), part.table, row.id);
  }
  return check_row(policy, envelopes, *change, row.id, row.body);
}

Status load_parts(Store& store, ByteView note, std::vector<Part>& parts, std::size_t begin,
                  std::size_t end, const Policy& policy, const EnvelopeIndex& envelopes,
                  const ChangeTracker& changes) {
  const std::size_t threads = std::min(worker_count(), end - begin);
  std::atomic<std::size_t> next = begin;
  return parallel_for(threads, threads, [&](std::size_t) -> Status {
    COFFRE_TRY_ASSIGN(const std::unique_ptr<ReadView> view, store.read());
    COFFRE_TRY_ASSIGN(const Bytes seen, view->checkpoint());
    if (!std::ranges::equal(seen, note)) {
      return fail(Code::kBusy, N_("the vault is in use by another program"), {},
                  N_("wait and try again"));
    }
    // Memory for the rows that are there, not for the numbers between them, which somebody may have
    // chosen: each part is read into the same list, and copied.
    std::vector<StateTree::Loaded> rows;
    for (std::size_t index = next++; index < end; index = next++) {
      Part& part = parts[index];
      part.rows = std::move(rows);
      part.rows.clear();
      COFFRE_TRY(view->scan(part.table, part.row_min, part.row_max, [&](const StateRow& row) {
        return take_row(part, row, policy, envelopes, changes);
      }));
      rows = std::move(part.rows);
      part.rows = std::vector<StateTree::Loaded>(rows.begin(), rows.end());
    }
    return {};
  });
}

}  // namespace

Result<LoadedState> load_state(Store& store, ByteView note, const Policy& policy,
                               const ChangeTracker& changes, const Hash& state_root) {
  LoadedState state;
  COFFRE_TRY_ASSIGN(const std::unique_ptr<ReadView> view, store.read());
  COFFRE_TRY_ASSIGN(const auto envelopes, view->row_range(Table::kEnvelopes));
  if (envelopes) {
    COFFRE_TRY(view->scan(Table::kEnvelopes, envelopes->first, envelopes->second,
                          [&](const StateRow& row) {
                            return index_envelope(policy, state.envelopes, row.id, row.body);
                          }));
  }
  COFFRE_TRY_ASSIGN(std::vector<Part> parts, cut_in_parts(*view, state.row_max));
  if (!parts.empty()) {
    COFFRE_TRY(load_parts(store, note, parts, 0, parts.size(), policy, state.envelopes, changes));
  }
  std::vector<std::vector<StateTree::Loaded>> lists;
  lists.reserve(parts.size());
  for (Part& part : parts) {
    for (const ExtentRange& range : part.extents) {
      add_range(state.extents, range);
    }
    lists.push_back(std::move(part.rows));
  }
  COFFRE_TRY(state.tree.load(std::move(lists), worker_count()));
  for (const auto& [key, change] : changes.all()) {
    const bool present = state.tree.find(change.table, change.key).has_value();
    if (present == change.leaf.is_zero()) {
      return bad_place(present ? N_("a row is there that the journal removed")
                               : N_("a row is missing that the journal names"),
                       static_cast<Table>(change.table), change.key.view());
    }
  }
  if (state.tree.root() != state_root) {
    return fail(Code::kDamaged, N_("the rows of the vault are not what its journal says"), {},
                N_("run: coffrectl verify, to learn which"));
  }
  return state;
}

namespace {

// Rows that others added, found by reading what lies from a row number on.
struct NewRow {
  std::int64_t row = 0;
  OwnedStateRow content;
};
using NewRows = std::unordered_map<Id, NewRow, IdHasher>;

Status find_new_rows(LoadedState& state, ReadView& view, const ChangeTracker& changes, Table table,
                     std::int64_t from, NewRows& rows) {
  const auto number = static_cast<std::uint8_t>(table);
  return view.scan(table, from, kRowMax, [&](const StateRow& row) -> Status {
    const Id key = row_key(row.id);
    state.row_max[number] = std::max(state.row_max[number], row.row);
    if (const auto known = state.tree.find(number, key); known && known->row == row.row) {
      return {};
    }
    if (changes.find(number, key) == nullptr) {
      return bad_place(N_("a row is there that the journal does not name"), table, row.id);
    }
    NewRow added{row.row, {{row.id.begin(), row.id.end()}, {row.body.begin(), row.body.end()}}};
    if (!rows.emplace(key, std::move(added)).second) {
      return bad_place(N_("a row is there twice"), table, row.id);
    }
    return {};
  });
}

// Takes removed rows out of the tree and says from which row number new ones may lie (numbers of
// removed rows are given again); nullopt when nothing was added.
Result<std::optional<std::int64_t>> drop_removed(LoadedState& state, const ChangeTracker& changes,
                                                 std::uint8_t table) {
  bool any_new = false;
  for (const auto& [key, change] : changes.all()) {
    if (change.table != table) {
      continue;
    }
    const auto known = state.tree.find(table, change.key);
    if (known && change.leaf.is_zero()) {
      state.removed(table, known->row);
      COFFRE_TRY(state.tree.remove(table, change.key));
    }
    any_new = any_new || (!known && !change.leaf.is_zero());
  }
  return any_new ? std::optional<std::int64_t>(state.row_max[table] + 1) : std::nullopt;
}

Status follow_change(LoadedState& state, ReadView& view, const Policy& policy,
                     const TrackedChange& change, NewRows& added) {
  const auto table = static_cast<Table>(change.table);
  const auto known = state.tree.find(change.table, change.key);
  NewRow row;
  if (known) {
    COFFRE_TRY_ASSIGN(auto found, view.state_row(table, known->row));
    row.content = found ? std::move(*found) : OwnedStateRow{};
  } else if (const auto found = added.find(change.key); found != added.end()) {
    row = std::move(found->second);
  }
  const OwnedStateRow& content = row.content;
  if (content.id.empty() || row_leaf(change.table, content.id, content.body) != change.leaf) {
    return bad_place(N_("a row is not what the journal says"), table, change.key.view());
  }
  if (table == Table::kEnvelopes) {
    COFFRE_TRY(index_envelope(policy, state.envelopes, content.id, content.body));
  }
  COFFRE_TRY(check_row(policy, state.envelopes, change, content.id, content.body));
  return known ? state.tree.replace(change.table, change.key, change.leaf)
               : state.tree.insert(change.table, row.row, change.key, change.leaf);
}

Status follow_table(LoadedState& state, ReadView& view, const Policy& policy,
                    const ChangeTracker& changes, Table table) {
  const auto number = static_cast<std::uint8_t>(table);
  COFFRE_TRY_ASSIGN(const std::optional<std::int64_t> from, drop_removed(state, changes, number));
  NewRows added;
  if (from) {
    COFFRE_TRY(find_new_rows(state, view, changes, table, *from, added));
  }
  for (const auto& [key, change] : changes.all()) {
    if (change.table == number && !change.leaf.is_zero()) {
      COFFRE_TRY(follow_change(state, view, policy, change, added));
    }
  }
  return {};
}

}  // namespace

Status follow_changes(LoadedState& state, ReadView& view, const Policy& policy,
                      const ChangeTracker& changes, const Hash& state_root) {
  // Envelopes before what lies under them.
  for (const Table table : kStateTables) {
    COFFRE_TRY(follow_table(state, view, policy, changes, table));
  }
  if (state.tree.root() != state_root) {
    return fail(Code::kDamaged, N_("the rows of the vault are not what its journal says"), {},
                N_("run: coffrectl verify, to learn which"));
  }
  return {};
}

}  // namespace coffre
