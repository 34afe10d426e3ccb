// The files that `import` is given: found in folders, opened and read with suspicion.
//
// Guarantees: a symbolic link, named or found in a folder, is not followed; nothing but regular
// files is read; opening never blocks (a FIFO) and never takes a terminal; a folder is entered at
// most once. A file that changes while it is read is an error, never a mixture. Every path that
// cannot go in has a result of its own. Not covered: links on the way to a path that was named;
// somebody who may write in the folders and swaps one for a link between finding and opening; who
// changes a file and puts its times back. Threads: one source belongs to one thread at a time.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "core/base/file.h"
#include "core/erase/erase.h"
#include "core/vault/vault.h"

namespace coffre {

inline constexpr std::size_t kSourcesMax = 4'000'000;

// A file to be read, or why this path is none.
struct SourcePath {
  std::string path;
  Status status;
};

// The paths themselves and the files in folders, each folder's sorted by the bytes of their paths,
// in the order given. kLimit above kSourcesMax.
[[nodiscard]] Result<std::vector<SourcePath>> find_sources(const std::vector<std::string>& paths);

// An open file as content for the vault.
class FileSource final : public ContentSource {
 public:
  // kFailed: a link, not a regular file, empty, or not readable; kNotFound.
  [[nodiscard]] static Result<std::unique_ptr<FileSource>> open(const std::string& path);

  [[nodiscard]] std::uint64_t size() const override { return size_; }
  [[nodiscard]] Status read(MutableByteView out) override;
  [[nodiscard]] Status finish() override;
  // For its erasing afterwards: this very file, as it was read.
  [[nodiscard]] EraseRequest erase_request(std::string path) const;
  // By the first bytes, which stay to be read.
  [[nodiscard]] const char* mime() const { return mime_; }

 private:
  FileSource() = default;

  File file_;
  std::string path_;
  struct stat stat_{};
  std::uint64_t size_ = 0;
  const char* mime_ = "";
};

// A title from a path: the file's name without its extension, made printable, at most 200 bytes.
[[nodiscard]] std::string title_of(const std::string& path);

}  // namespace coffre
