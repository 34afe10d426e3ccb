// The safe opening of what is to be erased, and the last look before its name goes.
//
// The path is used once, to open the directory, component by component and without a link; from
// then on the file is its descriptor, and its name is only compared.
#pragma once

#include <memory>

#include "core/base/file.h"
#include "core/erase/storage.h"

namespace coffre::erase {

// Why a file cannot be erased.
struct Refusal {
  Reason reason = Reason::kSystemRefused;
  std::optional<Error> error = std::nullopt;
  std::string found_as = {};
};
template <typename T>
using Accepted = std::expected<T, Refusal>;

struct Directory {
  File file;
  std::uint64_t mount = 0;
  FileSystem file_system;
};

struct Target {
  File file;  // open for reading and writing
  struct stat found{};
  bool may_be_linked = false;
  InodeFlags flags;
  std::vector<Reason> reasons;
};

// A path without "..", without a NUL, whose last component is a name.
struct SplitPath {
  bool absolute = false;
  std::vector<std::string> directories;
  std::string name;
  // What two paths in the same directory have in common.
  [[nodiscard]] std::string key() const;
};
[[nodiscard]] Accepted<SplitPath> split_path(const std::string& path);

[[nodiscard]] Accepted<std::shared_ptr<const Directory>> open_directory(const SplitPath& path);

// Opens the file for writing, after everything that can be compared was.
[[nodiscard]] Accepted<Target> open_target(const Directory& directory, const std::string& name,
                                           const EraseRequest& request);

// kSwapped unless the name still is this file; kHardLinks when it has others by now, and may not.
[[nodiscard]] Accepted<void> compare_name(const Directory& directory, const std::string& name,
                                          const Target& target);

// The reason for a positive errno; `otherwise` when none of them says it better.
[[nodiscard]] Refusal refusal_of(int error, const std::string& path, Reason otherwise);

}  // namespace coffre::erase
