#include "app/common/sources.h"

#include <algorithm>
#include <cerrno>
#include <dirent.h>
#include <fcntl.h>
#include <set>
#include <utility>

#include "app/common/mime.h"
#include "core/base/os.h"
#include "core/base/text.h"

namespace coffre {
namespace {

constexpr std::size_t kTitleMax = 200;
constexpr std::size_t kDepthMax = 256;
constexpr int kFileFlags = O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC | O_NOCTTY;
constexpr int kFolderFlags = kFileFlags | O_DIRECTORY;

std::unexpected<Error> is_link(const std::string& path) {
  return fail(Code::kFailed, N_("this is a symbolic link, and links are not followed"), path,
              N_("name the file itself"));
}

std::unexpected<Error> is_special(const std::string& path) {
  return fail(Code::kFailed, N_("this is not a regular file"), path,
              N_("devices, pipes and sockets cannot be stored"));
}

std::unexpected<Error> changed(const std::string& path) {
  return fail(Code::kFailed, N_("the file changed while it was read"), path,
              N_("import it again once nothing writes to it"));
}

class Finder {
 public:
  Status add(const std::string& path) {
    struct stat found{};
    const int result =
        path.find('\0') == std::string::npos ? os().lstat(path.c_str(), &found) : -ENOENT;
    if (result < 0) {
      return put(path, std::unexpected(os_error(-result, path)));
    }
    if (!S_ISDIR(found.st_mode)) {
      return put(path, kind(path, found.st_mode));
    }
    const std::size_t first = sources_.size();
    const int folder = os().open(path.c_str(), kFolderFlags, 0);
    COFFRE_TRY(enter(path, folder, 0));
    std::sort(sources_.begin() + static_cast<std::ptrdiff_t>(first), sources_.end(),
              [](const SourcePath& a, const SourcePath& b) { return a.path < b.path; });
    return {};
  }

  std::vector<SourcePath> take() { return std::move(sources_); }

 private:
  static Status kind(const std::string& path, mode_t mode) {
    if (S_ISLNK(mode)) {
      return is_link(path);
    }
    return S_ISREG(mode) ? Status() : is_special(path);
  }

  Status put(const std::string& path, Status status) {
    if (sources_.size() == kSourcesMax) {
      return fail(Code::kLimit, N_("there are too many files for one import"), {},
                  N_("import a part of them at a time"));
    }
    sources_.push_back({path, std::move(status)});
    return {};
  }

  // Takes the descriptor (or the negated errno of opening it).
  Status enter(const std::string& path, int fd, std::size_t depth) {
    if (fd < 0) {
      return put(path, std::unexpected(os_error(-fd, path)));
    }
    const File folder(fd);
    struct stat self{};
    std::vector<DirectoryEntry> entries;
    int result = os().fstat(fd, &self);
    if (result == 0 && !entered_.insert({self.st_dev, self.st_ino}).second) {
      return put(path, fail(Code::kFailed,
                            N_("this folder was already read: it contains itself "
                               "or was named twice"),
                            path));
    }
    if (result == 0 && depth == kDepthMax) {
      return put(path, fail(Code::kLimit, N_("the folders are nested too deeply"), path));
    }
    result = result == 0 ? os().list(fd, &entries) : result;
    if (result < 0) {
      return put(path, std::unexpected(os_error(-result, path)));
    }
    for (const DirectoryEntry& entry : entries) {
      std::string child = path;
      child += path.ends_with('/') ? "" : "/";
      child += entry.name;
      COFFRE_TRY(add_child(fd, entry, child, depth));
    }
    return {};
  }

  Status add_child(int folder, const DirectoryEntry& entry, const std::string& child,
                   std::size_t depth) {
    switch (entry.type) {
      case DT_REG:
        return put(child, {});
      case DT_LNK:
        return put(child, is_link(child));
      case DT_DIR:
        return enter(child, os().openat(folder, entry.name.c_str(), kFolderFlags, 0), depth + 1);
      case DT_UNKNOWN: {  // a file system that does not say
        struct stat found{};
        const int result = os().lstat(child.c_str(), &found);
        if (result < 0) {
          return put(child, std::unexpected(os_error(-result, child)));
        }
        if (S_ISDIR(found.st_mode)) {
          return enter(child, os().openat(folder, entry.name.c_str(), kFolderFlags, 0), depth + 1);
        }
        return put(child, kind(child, found.st_mode));
      }
      default:
        return put(child, is_special(child));
    }
  }

  std::vector<SourcePath> sources_;
  std::set<std::pair<dev_t, ino_t>> entered_;
};

}  // namespace

Result<std::vector<SourcePath>> find_sources(const std::vector<std::string>& paths) {
  Finder finder;
  for (const std::string& path : paths) {
    COFFRE_TRY(finder.add(path));
  }
  return finder.take();
}

Result<std::unique_ptr<FileSource>> FileSource::open(const std::string& path) {
  const int fd = os().open(path.c_str(), kFileFlags, 0);
  if (fd == -ELOOP) {
    return is_link(path);
  }
  if (fd == -ENXIO || fd == -ENODEV) {  // a socket, or a device without its driver
    return is_special(path);
  }
  if (fd < 0) {
    return std::unexpected(os_error(-fd, path));
  }
  std::unique_ptr<FileSource> source(new FileSource);
  source->file_ = File(fd);
  source->path_ = path;
  if (const int result = os().fstat(fd, &source->stat_); result < 0) {
    return std::unexpected(os_error(-result, path));
  }
  if (!S_ISREG(source->stat_.st_mode)) {
    return is_special(path);
  }
  if (source->stat_.st_size == 0) {
    return fail(Code::kFailed, N_("the file is empty"), path, N_("there is nothing to store"));
  }
  source->size_ = static_cast<std::uint64_t>(source->stat_.st_size);
  WipedBytes start(std::min<std::uint64_t>(kMimeBytes, source->size_));
  const ssize_t got = os().pread(fd, start.data(), start.size(), 0);
  if (got < 0) {
    return std::unexpected(os_error(static_cast<int>(-got), path));
  }
  source->mime_ = mime_of(ByteView(start).first(static_cast<std::size_t>(got)));
  return source;
}

Status FileSource::read(MutableByteView out) {
  COFFRE_TRY_ASSIGN(const std::size_t got, file_.read_full(out));
  if (got != out.size()) {
    return changed(path_);
  }
  return {};
}

Status FileSource::finish() {
  Byte more = 0;
  COFFRE_TRY_ASSIGN(const std::size_t got, file_.read_full({&more, 1}));
  struct stat after{};
  if (const int result = os().fstat(file_.fd(), &after); result < 0) {
    return std::unexpected(os_error(-result, path_));
  }
  const auto same = [](const timespec& a, const timespec& b) {
    return a.tv_sec == b.tv_sec && a.tv_nsec == b.tv_nsec;
  };
  if (got != 0 || after.st_size != stat_.st_size || !same(after.st_mtim, stat_.st_mtim) ||
      !same(after.st_ctim, stat_.st_ctim)) {
    return changed(path_);
  }
  return {};
}

EraseRequest FileSource::erase_request(std::string path) const {
  return {.path = std::move(path),
          .expected = FileIdentity{.device = stat_.st_dev, .inode = stat_.st_ino},
          .expected_size = size_,
          .expected_change_ns = ns_of(stat_.st_ctim)};
}

std::string title_of(const std::string& path) {
  std::string_view name = path;
  name = name.substr(name.rfind('/') + 1);
  if (const std::size_t dot = name.rfind('.'); dot != std::string_view::npos && dot > 0) {
    name = name.substr(0, dot);
  }
  std::string title = printable(name);
  if (title.size() > kTitleMax) {
    std::size_t end = kTitleMax;
    while (end > 0 && (static_cast<unsigned char>(title[end]) & 0xc0U) == 0x80U) {
      --end;  // not inside a character
    }
    title.resize(end);
  }
  return title.empty() ? "document" : title;
}

}  // namespace coffre
