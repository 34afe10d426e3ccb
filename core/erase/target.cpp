#include "core/erase/target.h"

#include <algorithm>
#include <cerrno>

#include "core/base/mounts.h"

namespace coffre::erase {
namespace {

constexpr int kDirectoryFlags = O_RDONLY | O_DIRECTORY | O_CLOEXEC;
constexpr int kOpenTries = 4;
// Looking for a file under another name is a courtesy: no directory of this size is searched.
constexpr std::size_t kSearchMax = 20'000;

std::unexpected<Refusal> refuse(Reason reason) { return std::unexpected(Refusal{reason}); }
std::unexpected<Refusal> refuse(int error, const std::string& path, Reason otherwise) {
  return std::unexpected(refusal_of(error, path, otherwise));
}

bool is_same(const struct stat& a, const struct stat& b) {
  return a.st_dev == b.st_dev && a.st_ino == b.st_ino;
}

// One component after the other, for kernels without openat2. The ones on the way are opened for
// nothing but the next step: no right to read them is needed.
Accepted<File> walk(File start, const SplitPath& path) {
  for (std::size_t i = 0; i < path.directories.size(); ++i) {
    const bool last = i + 1 == path.directories.size();
    const char* const name = path.directories[i].c_str();
    const int flags = last ? kDirectoryFlags : O_PATH | O_DIRECTORY | O_CLOEXEC;
    const int fd = os().openat(start.fd(), name, flags | O_NOFOLLOW, 0);
    if (fd >= 0) {
      start = File(fd, path.directories[i]);
      continue;
    }
    struct stat found{};
    if (os().fstatat(start.fd(), name, &found) == 0 && S_ISLNK(found.st_mode)) {
      return refuse(Reason::kLinkInPath);
    }
    return refuse(-fd, path.key(), Reason::kSystemRefused);
  }
  return start;
}

Accepted<File> open_path(const SplitPath& path) {
  // The start is only where the way begins; without components it is the directory itself.
  const int start_flags = path.directories.empty() ? kDirectoryFlags : O_PATH | O_DIRECTORY;
  auto start = File::open(path.absolute ? "/" : ".", start_flags);
  if (!start) return std::unexpected(Refusal{Reason::kSystemRefused, std::move(start).error()});
  if (path.directories.empty()) return std::move(*start);
  std::string below;
  for (const std::string& name : path.directories) below += (below.empty() ? "" : "/") + name;
  int fd = -EAGAIN;  // said when something on the way was renamed meanwhile
  for (int i = 0; i < kOpenTries && fd == -EAGAIN; ++i) {
    fd = os().open_beneath(start->fd(), below.c_str(), kDirectoryFlags);
  }
  if (fd >= 0) return File(fd, path.key());
  if (fd == -ELOOP) return refuse(Reason::kLinkInPath);
  // Containers that do not know the call refuse it with EPERM.
  if (fd == -ENOSYS || fd == -EPERM || fd == -EINVAL || fd == -EAGAIN) {
    return walk(std::move(*start), path);
  }
  return refuse(-fd, path.key(), Reason::kSystemRefused);
}

// The name that the expected file bears now; empty when it is not found.
std::string search(const Directory& directory, const FileIdentity& wanted) {
  std::vector<DirectoryEntry> entries;
  if (os().list(directory.file.fd(), &entries) < 0 || entries.size() > kSearchMax) return {};
  for (const DirectoryEntry& entry : entries) {
    struct stat found{};
    if (os().fstatat(directory.file.fd(), entry.name.c_str(), &found) == 0 &&
        found.st_dev == wanted.device && found.st_ino == wanted.inode) {
      return entry.name;
    }
  }
  return {};
}

Refusal not_there(const Directory& directory, const EraseRequest& request, Reason reason) {
  if (!request.expected) return {reason};
  std::string name = search(directory, *request.expected);
  if (name.empty()) return {reason};
  return {.reason = Reason::kMoved, .error = std::nullopt, .found_as = std::move(name)};
}

std::optional<Reason> objection(const struct stat& found, const EraseRequest& request) {
  if (S_ISLNK(found.st_mode)) return Reason::kSymbolicLink;
  if (S_ISDIR(found.st_mode)) return Reason::kDirectory;
  if (!S_ISREG(found.st_mode)) return Reason::kSpecialFile;
  if (found.st_nlink == 0) return Reason::kSwapped;
  if (found.st_nlink != 1 && !request.even_linked) return Reason::kHardLinks;
  const uid_t user = os().effective_user();
  if (user != 0 && found.st_uid != user) return Reason::kForeignOwner;
  // Root could write all the same: the bit is somebody's wish that the file stays.
  if ((found.st_mode & S_IWUSR) == 0) return Reason::kWriteProtected;
  return std::nullopt;
}

// Opens the name, which has to be `wanted` still.
Accepted<File> open_same(const Directory& directory, const std::string& name, int flags,
                         const struct stat& wanted, const EraseRequest& request) {
  const std::string& path = request.path;
  // Without O_NONBLOCK a pipe that took the name meanwhile would hold us up.
  const int fd = os().openat(directory.file.fd(), name.c_str(),
                             flags | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC, 0);
  if (fd == -ELOOP) return refuse(Reason::kSwapped);
  if (fd < 0) return refuse(-fd, path, Reason::kSystemRefused);
  File file(fd, path);
  struct stat found{};
  if (const int error = os().fstat(fd, &found); error < 0) {
    return refuse(-error, path, Reason::kSystemRefused);
  }
  if (!is_same(found, wanted)) return refuse(Reason::kSwapped);
  if (const auto reason = objection(found, request)) return refuse(*reason);
  return file;
}

// What is asked of the file before it is opened for writing.
Accepted<void> look(const Directory& directory, const File& file, const EraseRequest& request,
                    Target& target) {
  const std::string& path = request.path;
  const int flags = os().inode_flags(file.fd(), &target.flags);
  const bool none =
      flags == -ENOTTY || flags == -EOPNOTSUPP || flags == -ENOSYS || flags == -EINVAL;
  if (flags < 0 && !none) return refuse(-flags, path, Reason::kSystemRefused);
  if (target.flags.immutable) return refuse(Reason::kImmutable);
  const auto mount = mount_id_of(file.fd(), path);
  if (!mount) return std::unexpected(Refusal{Reason::kSystemRefused, mount.error()});
  if (*mount != directory.mount) return refuse(Reason::kMountPoint);
  const int writers = os().has_writers(file.fd());
  if (writers > 0 && !request.even_in_use) return refuse(Reason::kInUse);
  if (writers < 0) target.reasons.push_back(Reason::kUseUnknown);
  return {};
}

}  // namespace

std::string SplitPath::key() const {
  std::string key = absolute ? "/" : "./";
  for (const std::string& directory : directories) key += directory + "/";
  return key;
}

Refusal refusal_of(int error, const std::string& path, Reason otherwise) {
  Refusal refusal{otherwise, os_error(error, path)};
  switch (error) {
    case ENOENT:
    case ENOTDIR:
      refusal.reason = Reason::kNotFound;
      break;
    case EACCES:
    case EPERM:
      refusal.reason = Reason::kAccessRefused;
      break;
    case EROFS:
      refusal.reason = Reason::kReadOnlyFileSystem;
      break;
    case ETXTBSY:
    case EBUSY:
      refusal.reason = Reason::kInUse;
      break;
    case ENOSPC:
    case EDQUOT:
      refusal.reason = Reason::kNoSpace;
      break;
    case EMFILE:
    case ENFILE:
    case ENAMETOOLONG:
    case EFBIG:
      refusal.reason = Reason::kLimit;
      break;
    case ENOMEM:
      refusal.reason = Reason::kOutOfMemory;
      break;
    default:
      break;
  }
  return refusal;
}

Accepted<SplitPath> split_path(const std::string& path) {
  if (path.find('\0') != std::string::npos) return refuse(Reason::kPathNotPlain);
  SplitPath split{.absolute = path.starts_with('/'), .directories = {}, .name = {}};
  std::size_t at = 0;
  while (at <= path.size()) {
    const std::size_t end = std::min(path.find('/', at), path.size());
    std::string part = path.substr(at, end - at);
    at = end + 1;
    const bool last = at > path.size();
    if (part == ".." || (last && (part.empty() || part == "."))) {
      return refuse(Reason::kPathNotPlain);
    }
    if (last) {
      split.name = std::move(part);
    } else if (!part.empty() && part != ".") {
      split.directories.push_back(std::move(part));
    }
  }
  return split;
}

Accepted<std::shared_ptr<const Directory>> open_directory(const SplitPath& path) {
  auto file = open_path(path);
  if (!file) return std::unexpected(std::move(file).error());
  auto directory = std::make_shared<Directory>();
  directory->file = std::move(*file);
  const int fd = directory->file.fd();
  struct stat found{};
  if (const int error = os().fstat(fd, &found); error < 0) {
    return refuse(-error, path.key(), Reason::kSystemRefused);
  }
  const auto mount = mount_id_of(fd, path.key());
  if (!mount) return std::unexpected(Refusal{Reason::kSystemRefused, mount.error()});
  directory->mount = *mount;
  auto file_system = inspect_file_system(fd, *mount, found.st_dev);
  if (!file_system) {
    return std::unexpected(Refusal{Reason::kSystemRefused, std::move(file_system).error()});
  }
  directory->file_system = std::move(*file_system);
  return directory;
}

Accepted<Target> open_target(const Directory& directory, const std::string& name,
                             const EraseRequest& request) {
  Target target;
  target.may_be_linked = request.even_linked;
  const std::string& path = request.path;
  struct stat named{};
  if (const int error = os().fstatat(directory.file.fd(), name.c_str(), &named); error < 0) {
    if (error == -ENOENT) return std::unexpected(not_there(directory, request, Reason::kNotFound));
    return refuse(-error, path, Reason::kSystemRefused);
  }
  if (S_ISLNK(named.st_mode)) return refuse(Reason::kSymbolicLink);
  if (request.expected &&
      (named.st_dev != request.expected->device || named.st_ino != request.expected->inode)) {
    return std::unexpected(not_there(directory, request, Reason::kNotExpected));
  }
  if (const auto reason = objection(named, request)) return refuse(*reason);
  // For reading first: whether somebody else writes can be asked only while we do not.
  auto reader = open_same(directory, name, O_RDONLY, named, request);
  if (!reader) return std::unexpected(std::move(reader).error());
  if (auto looked = look(directory, *reader, request, target); !looked) {
    return std::unexpected(std::move(looked).error());
  }
  auto file = open_same(directory, name, O_RDWR, named, request);
  if (!file) return std::unexpected(std::move(file).error());
  target.file = std::move(*file);
  if (const int error = os().fstat(target.file.fd(), &target.found); error < 0) {
    return refuse(-error, path, Reason::kSystemRefused);
  }
  const std::int64_t changed_ns = ns_of(target.found.st_ctim);
  if (request.expected_change_ns.value_or(changed_ns) != changed_ns) {
    return refuse(Reason::kChangedDuring);
  }
  return target;
}

Accepted<void> compare_name(const Directory& directory, const std::string& name,
                            const Target& target) {
  struct stat own{};
  struct stat named{};
  if (const int error = os().fstat(target.file.fd(), &own); error < 0) {
    return refuse(-error, name, Reason::kSystemRefused);
  }
  if (own.st_nlink > 1 && !target.may_be_linked) return refuse(Reason::kHardLinks);
  const int error = os().fstatat(directory.file.fd(), name.c_str(), &named);
  if (error == -ENOENT) return refuse(Reason::kSwapped);
  if (error < 0) return refuse(-error, name, Reason::kSystemRefused);
  if (!is_same(own, named)) return refuse(Reason::kSwapped);
  return {};
}

}  // namespace coffre::erase
