// Journal entries: the signed header and the changes that it names. docs/FORMAT.md §6.
//
// Guarantees: decode() accepts exactly what encode() writes; a signature is checked over the stored
// bytes. Whether the actor had the right is not decided here (core/vault/policy.h).
#pragma once

#include <optional>
#include <vector>

#include "core/crypto/ed25519.h"
#include "core/crypto/hash.h"

namespace coffre {

enum class EntryKind : std::uint8_t { kPolicy = 1, kAccess = 2, kWorkstation = 3 };

inline constexpr std::size_t kChangesMax = 4096;
inline constexpr std::uint64_t kNoSequence = ~std::uint64_t{0};

// One row that a commit inserted (old_leaf zero), replaced, or removed (new_leaf zero).
struct Change {
  std::uint8_t table = 0;
  Id key;    // the row's id, cut to 16 bytes
  Id owner;  // the compartment, or for a slot the user
  Hash old_leaf;
  Hash new_leaf;
  friend bool operator==(const Change&, const Change&) = default;
};

struct EntryHeader {
  std::uint64_t sequence = 0;
  std::int64_t time_ms = 0;
  Hash actor;
  EntryKind kind = EntryKind::kAccess;
  std::uint64_t policy_sequence = kNoSequence;  // the newest policy entry before this one
  Hash policy_link;                             // its Merkle leaf
  Hash body_hash;
  std::vector<Change> changes;
  std::optional<Hash> state_root;  // in the last entry of a commit

  // The bytes that are stored and signed. Asserted, as decode() refuses them: more than kChangesMax
  // changes, a table outside 1 to 5, a genesis (sequence 0) with a policy link, and another entry
  // whose policy_sequence is not below its own.
  [[nodiscard]] Bytes encode() const;
  // kDamaged for anything else.
  [[nodiscard]] static Result<EntryHeader> decode(ByteView bytes);
};

[[nodiscard]] Hash entry_body_hash(ByteView body);
// The leaf of the log: SHA-256(00 || header || signature).
[[nodiscard]] Hash entry_leaf(ByteView header, ByteView signature);
// SHA-256(L("coffre/vault/v1") || genesis header).
[[nodiscard]] Hash vault_id_of(ByteView genesis_header);

}  // namespace coffre
