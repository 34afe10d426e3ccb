#include "core/vault/changes.h"

#include <cstring>

namespace coffre {

// Ids are random or hashes: some of their bytes are as good as any hash of them.
std::size_t ChangeTracker::KeyHash::operator()(const std::pair<std::uint8_t, Id>& key) const {
  std::size_t hash = 0;
  std::memcpy(&hash, key.second.bytes.data(), sizeof(hash));
  return hash ^ (std::size_t{key.first} << 7);
}

Status ChangeTracker::note(const Change& change, const Hash& actor, std::uint64_t sequence,
                           std::uint32_t epoch) {
  const auto [at, is_new] = changes_.try_emplace({change.table, change.key});
  TrackedChange& tracked = at->second;
  if (is_new) {
    tracked.table = change.table;
    tracked.key = change.key;
    tracked.owner = change.owner;
    tracked.leaf_before = change.old_leaf;
    tracked.first_actor = actor;
    tracked.first_sequence = sequence;
  } else if (tracked.leaf != change.old_leaf || tracked.owner != change.owner) {
    return fail(Code::kDamaged, N_("a change does not follow from the one before it"));
  }
  tracked.leaf = change.new_leaf;
  tracked.actor = actor;
  tracked.sequence = sequence;
  tracked.epoch = epoch;
  return {};
}

const TrackedChange* ChangeTracker::find(std::uint8_t table, const Id& key) const {
  const auto found = changes_.find({table, key});
  return found == changes_.end() ? nullptr : &found->second;
}

std::vector<StateTree::Override> ChangeTracker::undo() const {
  std::vector<StateTree::Override> overrides;
  overrides.reserve(changes_.size());
  for (const auto& [key, tracked] : changes_) {
    overrides.push_back({tracked.table, tracked.key, tracked.leaf_before});
  }
  return overrides;
}

}  // namespace coffre
