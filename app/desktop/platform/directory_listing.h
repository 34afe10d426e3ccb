// Reads a directory for the program's own file browser.
//
// Guarantees: bounded: at most kEntriesMax entries are kept, the first in their order, and at most
// kNamesMax names are looked at; opening never blocks on a FIFO. Links are shown as what they lead
// to. What is neither a folder nor a regular file is left out, and so are links to nothing.
// Not covered: a network file system that does not answer: call it off the interface's thread.
// Threads: no shared state.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/base/error.h"

namespace coffre::desktop {

inline constexpr std::size_t kEntriesMax = 10'000;
inline constexpr std::size_t kNamesMax = 1'000'000;

struct BrowserEntry {
  std::string name = {};    // its bytes, which open it
  std::string shown = {};   // printable UTF-8
  std::string folded = {};  // for order and search
  bool is_directory = false;
  std::uint64_t size = 0;  // of a file
  std::int64_t modified_ms = 0;
};

struct ListingRequest {
  std::uint64_t number = 0;  // the browser's own, to tell a late answer from the wanted one
  std::string path = {};     // absolute
  bool hidden = false;       // names that begin with a dot, too
  bool only_directories = false;
  std::vector<std::string> extensions = {};  // lowercase, without the dot; empty: all files
};

struct Listing {
  // Folders first, then by folded name, then by bytes.
  std::vector<BrowserEntry> entries = {};
  bool is_cut = false;  // there were more
};

// kInvalidArgument when the path is not absolute; kNotFound when it is not there or no directory;
// kFailed when the system refuses access (core/base/file.h).
[[nodiscard]] Result<Listing> list_directory(const ListingRequest& request);

// Whether a file's name ends in one of the extensions, in any case of ASCII letters; any name does
// when there are none.
[[nodiscard]] bool has_extension(std::string_view name, const std::vector<std::string>& extensions);

}  // namespace coffre::desktop
