// The private directory of a copy that is opened in another program.
//
// The program may save by writing new files beside the copy, and leaves what it likes: so the copy
// has a directory of its own ("coffre-opened-" and 16 hexadecimal digits, mode 0700), and all of it
// goes. Guarantees: nothing is emptied but the very directory that was made (device, inode, owner,
// and the instant it was made where the file system keeps that), whatever its mode is by now, also
// under another name beside; no link is followed. One that is not found went with the memory only
// when its file system is gone, or another one is there; else it is lost, and said to be. The
// process that made it holds a lock (flock) on it: when that is gone, so is the process.
// Not covered: what a program keeps in its own memory or elsewhere; a program that goes on writing
// there while it is emptied is tried again by the next sweep. Threads: values, no shared state.
#pragma once

#include <functional>

#include "core/base/file.h"
#include "core/vault/export_find.h"

namespace coffre {

[[nodiscard]] Result<std::string> private_name(Random& random);
[[nodiscard]] bool is_private_name(std::string_view name);

// The first of these directories that is there and lies in memory (tmpfs, ramfs), without links;
// nullopt: none does.
[[nodiscard]] std::optional<std::string> memory_directory(const std::vector<std::string>& choices);

enum class OpenedState : std::uint8_t {
  kGone,   // it is not found where it was made
  kOwned,  // a process looks after it
  kLeft,   // nobody does, or it cannot be found out
};
// Looks; changes nothing.
[[nodiscard]] OpenedState opened_state(const ExportEntry& entry);

// The same as a place; kRenamed: under another name in the same directory.
[[nodiscard]] FoundCopy find_opened(const ExportEntry& entry);

// Whether the file system of the entry's directory is there no more: the person's login ended, or
// the computer was started again. False when that cannot be found out.
[[nodiscard]] bool is_memory_gone(const ExportEntry& entry);
// When the file system was made that the directory lies on, as far as this process sees it.
[[nodiscard]] std::optional<std::int64_t> file_system_birth(int directory);

// Erases all that lies in the directory of the entry, and removes it (core/vault/opened_clear.h).
// The report is of the whole: its verdict is the worst, its reasons those of all files. kFailed:
// something is there still; or (`left` is kNothing) something was removed without having been
// overwritten (kNotOverwritten), or the copy itself was not there (kNotFound): the program moved or
// removed it.
// `before_going` is called when all has been erased, the copy too, before the directory goes.
[[nodiscard]] EraseReport clear_opened(const ExportEntry& entry, const EraseOptions& options = {},
                                       const std::function<void()>& before_going = {});

// Whether nothing more can be asked: overwritten, or gone from the memory after it was overwritten.
[[nodiscard]] bool is_well_cleared(const EraseReport& report, CopyKind kind);

// Removes the directory of an entry that was planned and never begun, when it is there and empty.
// False: it is still there.
[[nodiscard]] bool clear_planned_opened(const ExportEntry& entry);

}  // namespace coffre
