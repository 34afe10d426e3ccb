// The private directory of a copy that is opened in another program.
//
// The program may save by writing new files beside the copy, and leaves what it likes: so the copy
// has a directory of its own ("coffre-opened-" and 16 hexadecimal digits, mode 0700), and all of it
// goes. Guarantees: nothing is emptied but a directory of such a name that is this user's alone
// and, where the ledger knows which, that very one; no link is followed. The process that made it
// holds a lock (flock) on it: when that is gone, so is the process.
// Not covered: what a program keeps in its own memory or elsewhere; a program that goes on writing
// there while it is emptied is tried again by the next sweep. Threads: values, no shared state.
#pragma once

#include "core/base/file.h"
#include "core/vault/export_ledger.h"

namespace coffre {

[[nodiscard]] Result<std::string> private_name(Random& random);
[[nodiscard]] bool is_private_name(std::string_view name);

// The first of these directories that is there and lies in memory (tmpfs, ramfs), without links;
// nullopt: none does.
[[nodiscard]] std::optional<std::string> memory_directory(const std::vector<std::string>& choices);

enum class OpenedState : std::uint8_t {
  kGone,   // there is no such directory, or another one
  kOwned,  // a process looks after it
  kLeft,   // nobody does, or it cannot be found out
};
// Looks; changes nothing.
[[nodiscard]] OpenedState opened_state(const ExportEntry& entry);

// Erases all that lies in the directory of the entry, and removes it. The report is of the whole:
// its verdict is the worst, its reasons those of all files. What cannot be overwritten is removed
// all the same (not-guaranteed). kFailed: something is there still.
[[nodiscard]] EraseReport clear_opened(const ExportEntry& entry, const EraseOptions& options = {});

// Removes the directory of an entry that was planned and never begun, when it is there and empty.
// False: it is still there.
[[nodiscard]] bool clear_planned_opened(const ExportEntry& entry);

}  // namespace coffre
