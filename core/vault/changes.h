// What the journal's entries say was changed, gathered over a stretch of the log.
//
// Guarantees: note() refuses a change whose old leaf is not the new leaf of the change before, or
// whose owner differs; nothing here looks at rows.
#pragma once

#include <unordered_map>
#include <vector>

#include "core/journal/entry.h"
#include "core/journal/state_tree.h"

namespace coffre {

// The last change of one row in the stretch, and its leaf before the stretch.
struct TrackedChange {
  std::uint8_t table = 0;
  Id key;
  Id owner;
  Hash leaf_before;  // zero: was not there
  Hash leaf;         // zero: is not there any more
  Hash actor;        // key id of who made the last change
  std::uint64_t sequence = 0;
  std::uint32_t epoch = 0;  // the owner compartment's epoch at that position; 0 for slots
  Hash first_actor;         // the same of the first change of the stretch
  std::uint64_t first_sequence = 0;
};

class ChangeTracker {
 public:
  [[nodiscard]] Status note(const Change& change, const Hash& actor, std::uint64_t sequence,
                            std::uint32_t epoch);
  [[nodiscard]] const TrackedChange* find(std::uint8_t table, const Id& key) const;
  // What to put back to get the state before the stretch.
  [[nodiscard]] std::vector<StateTree::Override> undo() const;
  [[nodiscard]] std::size_t size() const { return changes_.size(); }

  struct KeyHash {
    std::size_t operator()(const std::pair<std::uint8_t, Id>& key) const;
  };
  using Map = std::unordered_map<std::pair<std::uint8_t, Id>, TrackedChange, KeyHash>;
  [[nodiscard]] const Map& all() const { return changes_; }

 private:
  Map changes_;
};

}  // namespace coffre
