// Drafts: what people were typing when the vault locked, sealed to each of them.
//
// Guarantees: only sealed bytes are kept, one draft a person and vault, and only that person's
// unlocked session opens them (Vault::open_draft). Not covered: the end of the program; a draft is
// never written to the disk. Threads: all methods may run concurrently.
#pragma once

#include <map>
#include <mutex>
#include <optional>
#include <utility>

#include "core/base/bytes.h"

namespace coffre::ui {

class Drafts {
 public:
  // Replaces an older one of the same person.
  void keep(const Hash& vault, const Id& owner, Bytes sealed);
  // Gives it away: kept no longer.
  [[nodiscard]] std::optional<Bytes> take(const Hash& vault, const Id& owner);

 private:
  std::mutex mutex_;
  std::map<std::pair<Hash, Id>, Bytes> sealed_;
};

}  // namespace coffre::ui
