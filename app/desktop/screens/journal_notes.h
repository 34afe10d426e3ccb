// What this workstation wrote down about a vault: when and where its journal was anchored, and how
// the last verification ended.
//
// Guarantees: replaced in one step, mode 0600; a file that is broken reads as empty notes, since
// nothing is decided by it. Not covered: proof. Who may write here could change it: the anchor that
// proves something is the note outside, which verify_log() reads. Threads: one at a time.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "core/base/bytes.h"

namespace coffre::ui {

struct Anchor {
  std::uint64_t entries = 0;  // length of the log that the note fixes
  std::int64_t time_ms = 0;
  std::string path;  // where the note was written
};

struct Verification {
  std::int64_t time_ms = 0;
  bool read_data = false;
  std::uint64_t damaged = 0;
};

struct VaultNotes {
  std::optional<Anchor> anchor;
  std::optional<Verification> verification;
};

// `directory` is the workstation's state directory; it is made when it is not there.
[[nodiscard]] VaultNotes load_notes(const std::string& directory, const Hash& vault);
[[nodiscard]] Status save_notes(const std::string& directory, const Hash& vault,
                                const VaultNotes& notes);

}  // namespace coffre::ui
