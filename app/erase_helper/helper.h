// coffre-erase-helper: what only an administrator may do after files were erased on an ext4: have
// its journal written out and overwritten with zeros, so that names and contents do not stay there,
// and tell the medium which blocks are free.
//
// Guarantees: it does these two things and no other. It reads no environment, no file and no
// configuration, starts nothing, and has no capability but CAP_SYS_ADMIN before it looks at a word
// of its call. A path is followed through no symbolic link. What is not an ext4 is refused.
// Not covered: the directory's own blocks, where the file system leaves old names when it divides
// them; what the medium keeps. Threads: one.
#pragma once

#include <cstdint>
#include <expected>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace coffre::erase_helper {

struct Request {
  std::string path;  // empty: the directory that is open as standard input
  bool discard = false;
};

// Stable words, for who calls: "usage", "path-not-plain", "not-found", "path-refused",
// "not-a-directory", "not-ext4", "no-rights", "unsupported", "failed".
struct Refusal {
  std::string_view word;
  int error = 0;  // errno; 0: none
};
template <typename T>
using Accepted = std::expected<T, Refusal>;

// What was done: the journal was zeroed.
struct Done {
  std::uint64_t device = 0;  // st_dev
  // With Request::discard: the bytes that the medium was told of, or why it was not.
  std::optional<Accepted<std::uint64_t>> discarded;
};

// "usage" for anything but [--discard] [PATH]; "path-not-plain" unless PATH begins at the root and
// has no "..".
[[nodiscard]] Accepted<Request> parse(std::span<const char* const> words);

// No capability but CAP_SYS_ADMIN, none to be had again, no new privileges, no descriptor above 2.
// False: the system refused, and the process must not go on.
[[nodiscard]] bool drop_rights();

// A descriptor of the directory; it is kept to the end of the process.
[[nodiscard]] Accepted<int> open_directory(const Request& request);

// For a descriptor of a directory.
[[nodiscard]] Accepted<Done> act(int directory, bool discard);

// One line of JSON, with its end.
[[nodiscard]] std::string json_line(const Accepted<Done>& result);

}  // namespace coffre::erase_helper
