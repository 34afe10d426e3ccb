// Verification of the rows: loading them into the state tree, and that each changed row is what its
// journal entry allowed. docs/FORMAT.md §6, §8.
#pragma once

#include <unordered_map>

#include "core/journal/state_tree.h"
#include "core/store/store.h"
#include "core/vault/changes.h"
#include "core/vault/envelope.h"
#include "core/vault/extents.h"
#include "core/vault/keyring.h"
#include "core/vault/policy.h"

namespace coffre {

// What is known of an envelope without opening it.
struct EnvelopeInfo {
  Id compartment;
  Hash creator;
  std::uint32_t epoch = 0;
  EnvelopeKind kind = EnvelopeKind::kReader;
};
using EnvelopeIndex = std::unordered_map<Hash, EnvelopeInfo, HashHasher>;

// The rows of a vault, as known to a session: where each lies and what it hashes to.
struct LoadedState {
  StateTree tree;
  EnvelopeIndex envelopes;
  // By table: no row has a larger number; 0 after the last one was removed, as the store gives its
  // number, and those of removed rows right below it, again.
  std::array<std::int64_t, 8> row_max{};
  void removed(std::uint8_t table, std::int64_t row) {
    row_max[table] = row == row_max[table] ? 0 : row_max[table];
  }
  std::vector<ExtentRange> extents;  // that versions named when it was loaded
};

// Checks one row against the change that made it. `policy` knows the keys. kDamaged, naming the
// entry and the person who signed it.
[[nodiscard]] Status check_row(const Policy& policy, const EnvelopeIndex& envelopes,
                               const TrackedChange& change, ByteView id, ByteView body);

// Loads all rows of the store's present state, whose checkpoint must be `note` (read views of the
// same state, several threads), checks every row that `changes` names, and that the root is
// `state_root`. kDamaged names what is wrong.
[[nodiscard]] Result<LoadedState> load_state(Store& store, ByteView note, const Policy& policy,
                                             const ChangeTracker& changes, const Hash& state_root);

// Brings a loaded state up to what a verified stretch of the log changed, from a view of that
// state.
[[nodiscard]] Status follow_changes(LoadedState& state, ReadView& view, const Policy& policy,
                                    const ChangeTracker& changes, const Hash& state_root);

// The names of tables in messages.
[[nodiscard]] const char* state_table_name(Table table);

}  // namespace coffre
