// What this workstation keeps for itself: its signing key, and how many unlocks failed here since
// the last that did not. Files under the state directory: workstation (the key's seed),
// failed/<vault id>.
//
// The key is not secret from who holds the machine: it signs failed unlocks and locks, never a
// change.
#pragma once

#include <string>

#include "core/crypto/ed25519.h"

namespace coffre {

// Loads the workstation's key, or makes it. kDamaged when the file is there and is not a key.
[[nodiscard]] Result<SigningKey> load_workstation_key(const std::string& directory, Random& random);
// Counts one failed unlock; returns the new count.
[[nodiscard]] Status count_failed_unlock(const std::string& directory, const Hash& vault);
[[nodiscard]] Result<std::uint32_t> failed_unlocks(const std::string& directory, const Hash& vault);
[[nodiscard]] Status clear_failed_unlocks(const std::string& directory, const Hash& vault);

}  // namespace coffre
