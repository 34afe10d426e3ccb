// A copy that is opened in another program: where it lies, what opens it, and the way back of what
// that program saved.
//
// Not covered: what the program writes elsewhere, and what it keeps in its memory. Threads: any;
// store_changes() as the vault says.
#pragma once

#include <optional>
#include <string>

#include "core/base/process.h"
#include "core/vault/vault.h"

namespace coffre {

// Where private directories lie in memory: $XDG_RUNTIME_DIR, else /dev/shm. nullopt: neither does.
[[nodiscard]] std::optional<std::string> opened_directory();

// The path of a program by its name and PATH, or by its path; kNotFound.
[[nodiscard]] Result<std::string> find_program(const std::string& name);
// The desktop's way to open a file in the program for its kind.
inline constexpr const char* kDesktopOpener = "xdg-open";

// Opens the file in the desktop's program for its kind; the process ends soon on most desktops.
[[nodiscard]] Result<Process> open_on_desktop(const std::string& path);

// Starts the program on the file, with this process's environment but what is Coffre's in it.
[[nodiscard]] Result<Process> start_program(const std::string& program, const std::string& path);

// How a file looks from outside: when that is the same, so is its content.
struct FileMark {
  std::uint64_t inode = 0;
  std::uint64_t size = 0;
  std::int64_t modified_ns = 0;
  std::int64_t changed_ns = 0;
  friend bool operator==(const FileMark&, const FileMark&) = default;
};
// nullopt: there is no regular file of this name. Links are not followed.
[[nodiscard]] std::optional<FileMark> mark_of(const std::string& path);

// Whether a process of this user has a file of the directory open, works there, or left a lock file
// (".~lock.name#") there. What a program read and closed is not seen. Takes some ten milliseconds.
[[nodiscard]] bool is_in_use(const std::string& directory);

// Stores a content as a new version. Needs the rights of NewDocument::version_of.
[[nodiscard]] Status store_version(Vault& vault, const Id& document, const Id& compartment,
                                   std::unique_ptr<ContentSource> content, const char* mime);
// Whether a file that was saved can be a version at all, by its size: kFailed: it is empty; kLimit:
// larger than a document may be, or mostly holes. One that cannot be looked at may be.
[[nodiscard]] Status check_saved(const std::string& path);
// Stores the file as a new version of the document, unless it has the same content; the hash of
// what was stored. As check_saved() says, before anything is read.
[[nodiscard]] Result<std::optional<Hash>> store_changes(Vault& vault, const Document& document,
                                                        const std::string& path);

}  // namespace coffre
