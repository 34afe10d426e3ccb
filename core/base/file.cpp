#include "core/base/file.h"

#include <array>
#include <cerrno>
#include <fcntl.h>
#include <limits>
#include <optional>

namespace coffre {
namespace {

constexpr int kTemporaryTries = 8;
constexpr std::size_t kFirstRead = 4096;

std::unexpected<Error> refused(int error, const std::string& path) {
  return std::unexpected<Error>(os_error(error, path));
}

std::unexpected<Error> too_big(const std::string& path) {
  return fail(Code::kLimit, N_("the file is too big"), path);
}

std::string_view without_trailing_slashes(std::string_view path) {
  while (path.size() > 1 && path.ends_with('/')) path.remove_suffix(1);
  return path;
}

// A path with U+0000 in it would name another file than it says.
bool has_nul(const std::string& path) { return path.find('\0') != std::string::npos; }

// The last component; empty when the path cannot name a file.
std::string file_name(const std::string& path) {
  if (has_nul(path)) return {};
  const std::size_t slash = path.rfind('/');
  std::string name = slash == std::string::npos ? path : path.substr(slash + 1);
  if (name == "." || name == "..") name.clear();
  return name;
}

Result<File> open_directory(const std::string& path) {
  return File::open(path, O_RDONLY | O_DIRECTORY);
}

// A call that gives memory for `size` bytes with what was there before in front of it.
template <typename Resize>
Result<std::size_t> read_whole(const std::string& path, std::size_t size_max, Resize resize) {
  COFFRE_TRY_ASSIGN(const File file, File::open(path, O_RDONLY | O_NOCTTY));
  struct stat found{};
  if (const int error = os().fstat(file.fd(), &found); error < 0) return refused(-error, path);
  if (S_ISDIR(found.st_mode)) return refused(EISDIR, path);
  if (S_ISREG(found.st_mode) && found.st_size > 0 &&
      static_cast<std::uint64_t>(found.st_size) > size_max) {
    return too_big(path);
  }
  // The size that fstat gives is a guess only: a file may grow, and those of /proc say 0.
  std::size_t room =
      std::min(size_max, found.st_size > 0 ? static_cast<std::size_t>(found.st_size) : kFirstRead);
  std::size_t have = 0;
  std::optional<Byte> ahead;
  while (true) {
    MutableByteView memory;
    if (room > 0) {
      COFFRE_TRY_ASSIGN(memory, resize(room));
    }
    if (ahead) memory[have++] = *ahead;
    COFFRE_TRY_ASSIGN(const std::size_t got, file.read_full(memory.subspan(have)));
    have += got;
    if (have < room) return have;
    Byte next = 0;
    COFFRE_TRY_ASSIGN(const std::size_t more, file.read_full({&next, 1}));
    if (more == 0) return have;
    if (room == size_max) return too_big(path);
    ahead = next;
    room = room > size_max / 2 ? size_max : room * 2;
  }
}

Result<std::string> temporary_path(const std::string& directory) {
  std::array<Byte, 8> random{};
  const ssize_t got = os().getrandom(random.data(), random.size());
  if (got < 0) return refused(static_cast<int>(-got), directory);
  if (got != ssize_t{random.size()}) return refused(EIO, directory);
  return directory + "/.coffre-" + to_hex(random) + ".tmp";
}

Result<std::pair<File, std::string>> create_temporary(const std::string& directory) {
  for (int i = 0; i < kTemporaryTries; ++i) {
    COFFRE_TRY_ASSIGN(std::string path, temporary_path(directory));
    auto file = File::open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0600);
    if (file) return std::pair(std::move(*file), std::move(path));
    if (file.error().code != Code::kExists) return std::unexpected(std::move(file).error());
  }
  return refused(EEXIST, directory);
}

Status write_and_rename(File file, const std::string& temporary, const std::string& path,
                        ByteView bytes) {
  COFFRE_TRY(file.write_all(bytes));
  COFFRE_TRY(file.sync());
  // Some file systems report a failed write only here.
  if (const int error = os().close(file.release()); error < 0) return refused(-error, path);
  if (const int error = os().rename(temporary.c_str(), path.c_str()); error < 0) {
    return refused(-error, path);
  }
  return {};
}

}  // namespace

File& File::operator=(File&& other) noexcept {
  if (this != &other) {
    if (fd_ >= 0) (void)os().close(fd_);
    fd_ = other.release();
    path_ = std::move(other.path_);
  }
  return *this;
}

File::~File() {
  if (fd_ >= 0) (void)os().close(fd_);
}

Result<File> File::open(const std::string& path, int flags, mode_t mode) {
  if (has_nul(path)) return refused(ENOENT, path);
  const int fd = os().open(path.c_str(), flags | O_CLOEXEC, mode);
  if (fd < 0) return refused(-fd, path);
  return File(fd, path);
}

int File::release() { return std::exchange(fd_, -1); }

Result<std::size_t> File::read_full(MutableByteView out) const {
  std::size_t have = 0;
  while (have < out.size()) {
    const ssize_t got = os().read(fd_, out.data() + have, out.size() - have);
    if (got < 0) return refused(static_cast<int>(-got), path_);
    if (got == 0) break;
    have += static_cast<std::size_t>(got);
  }
  return have;
}

Status File::write_all(ByteView bytes) const {
  while (!bytes.empty()) {
    const ssize_t put = os().write(fd_, bytes.data(), bytes.size());
    if (put < 0) return refused(static_cast<int>(-put), path_);
    if (put == 0) return refused(EIO, path_);
    bytes = bytes.subspan(static_cast<std::size_t>(put));
  }
  return {};
}

Status File::sync() const {
  if (const int error = os().fsync(fd_); error < 0) return refused(-error, path_);
  return {};
}

Error os_error(int error, const std::string& path) {
  switch (error) {
    case ENOENT:
      return {Code::kNotFound, N_("there is no such file or directory"), path};
    case ENOTDIR:
      return {Code::kNotFound, N_("a part of the path is not a directory"), path};
    case EEXIST:
      return {Code::kExists, N_("there is a file of this name already"), path,
              N_("choose another name")};
    case ENOSPC:
      return {Code::kNoSpace, N_("there is no space left"), path,
              N_("free some space and try again")};
    case EDQUOT:
      return {Code::kNoSpace, N_("your share of the disk is used up"), path,
              N_("free some space and try again")};
    case EROFS:
      return {Code::kReadOnly, N_("the medium cannot be written"), path};
    case EFBIG:
      return {Code::kLimit, N_("the file is too big"), path};
    case EACCES:
    case EPERM:
      return {Code::kFailed, N_("the system refused access"), path,
              N_("check the permissions of the file and of its directory")};
    case EISDIR:
      return {Code::kFailed, N_("this is a directory, not a file"), path};
    case ENAMETOOLONG:
      return {Code::kFailed, N_("the path is too long"), path};
    case ELOOP:
      return {Code::kFailed, N_("the path has a symbolic link that is not followed"), path};
    case EMFILE:
    case ENFILE:
      return {Code::kFailed, N_("too many files are open"), path,
              N_("close other programs and try again")};
    case EIO:
      return {Code::kFailed, N_("the medium could not be read or written"), path,
              N_("check the medium and its cable")};
    default:
      return {Code::kFailed, N_("a call to the system failed"), path};
  }
}

Result<std::optional<File>> lock_file(const std::string& path, int operation) {
  COFFRE_TRY_ASSIGN(File file, File::open(path, O_RDWR | O_CREAT | O_NOFOLLOW));
  const int error = os().flock(file.fd(), operation);
  if (error == -EWOULDBLOCK) return std::nullopt;
  if (error < 0) return refused(-error, path);
  return std::optional<File>(std::move(file));
}

Result<Bytes> read_file(const std::string& path, std::size_t size_max) {
  Bytes bytes;
  COFFRE_TRY_ASSIGN(const std::size_t size,
                    read_whole(path, size_max, [&](std::size_t room) -> Result<MutableByteView> {
                      bytes.resize(room);
                      return MutableByteView(bytes);
                    }));
  bytes.resize(size);
  return bytes;
}

Result<Secret> read_secret_file(const std::string& path, std::size_t size_max) {
  Secret memory;
  const auto grow = [&](std::size_t room) -> Result<MutableByteView> {
    COFFRE_TRY_ASSIGN(Secret larger, Secret::create(room));
    const ByteView before = memory.expose();
    std::copy(before.begin(), before.end(), larger.expose().begin());
    memory = std::move(larger);
    return memory.expose();
  };
  COFFRE_TRY_ASSIGN(const std::size_t size,
                    read_whole(path, std::min(size_max, Secret::kSizeMax), grow));
  if (size == memory.size()) return memory;
  if (size == 0) return Secret();
  return Secret::copy_of(memory.expose().first(size));
}

Status write_durable(const std::string& path, ByteView bytes) {
  if (file_name(path).empty()) {
    return fail(Code::kInvalidArgument, N_("this path does not name a file"), path);
  }
  const std::string parent = parent_directory(path);
  COFFRE_TRY_ASSIGN(const File directory, open_directory(parent));
  COFFRE_TRY_ASSIGN(auto temporary, create_temporary(parent));
  Status status = write_and_rename(std::move(temporary.first), temporary.second, path, bytes);
  if (!status) {
    (void)os().unlink(temporary.second.c_str());
    status.error().on = path;
    return status;
  }
  return directory.sync();
}

Status make_directories(const std::string& path) {
  const std::string_view whole = without_trailing_slashes(path);
  if (whole.empty() || has_nul(path)) return refused(ENOENT, path);
  // Down from the whole path to the first that can be made or is there, then up again.
  std::vector<std::string> missing{std::string(whole)};
  while (!missing.empty()) {
    const std::string& wanted = missing.back();
    const int error = os().mkdir(wanted.c_str(), 0700);
    if (error == 0 || error == -EEXIST) {
      missing.pop_back();
    } else if (error == -ENOENT && parent_directory(wanted) != wanted) {
      missing.push_back(parent_directory(wanted));
    } else {
      return refused(-error, path);
    }
  }
  COFFRE_TRY(open_directory(path));  // what was there already may be a file
  return {};
}

Result<std::string> absolute_path(const std::string& path) {
  const std::string name = file_name(path);
  if (name.empty()) {
    return fail(Code::kNotFound, N_("the path does not name a file"), path);
  }
  std::string directory;
  if (const int error = os().realpath(parent_directory(path).c_str(), &directory); error < 0) {
    return refused(-error, path);
  }
  return directory == "/" ? directory + name : directory + "/" + name;
}

std::string parent_directory(const std::string& path) {
  const std::string_view whole = without_trailing_slashes(path);
  const std::size_t slash = whole.rfind('/');
  if (slash == std::string_view::npos) return ".";
  return std::string(without_trailing_slashes(whole.substr(0, std::max<std::size_t>(slash, 1))));
}

std::string base_name(const std::string& path) { return path.substr(path.rfind('/') + 1); }

Result<PrivateOutput> PrivateOutput::create(const std::string& path) {
  std::string name = file_name(path);
  if (name.empty()) {
    return fail(Code::kInvalidArgument, N_("this path does not name a file"), path);
  }
  struct stat found{};
  const int there = os().lstat(path.c_str(), &found);
  if (there == 0) return refused(EEXIST, path);
  if (there != -ENOENT) return refused(-there, path);
  COFFRE_TRY_ASSIGN(File directory, open_directory(parent_directory(path)));
  const int fd = os().openat(directory.fd(), ".", O_TMPFILE | O_WRONLY | O_CLOEXEC, 0600);
  // A kernel or file system without O_TMPFILE says one of these.
  if (fd == -EOPNOTSUPP || fd == -EISDIR || fd == -EINVAL) {
    return fail(Code::kUnsupported, N_("this file system cannot hold a file without a name"), path,
                N_("choose a directory on a local disk"));
  }
  if (fd < 0) return refused(-fd, path);
  return PrivateOutput(File(fd, path), std::move(directory), path, std::move(name));
}

Status PrivateOutput::commit() {
  COFFRE_ASSERT(file_.is_open());
  COFFRE_TRY(file_.sync());
  if (const int error = os().link_fd(file_.fd(), directory_.fd(), name_.c_str()); error < 0) {
    return refused(-error, path_);
  }
  Status synced = directory_.sync();
  if (!synced) {
    // Whoever is told that it failed must not find the file. Another's file of this name stays.
    struct stat ours{};
    struct stat named{};
    if (os().fstat(file_.fd(), &ours) == 0 && os().lstat(path_.c_str(), &named) == 0 &&
        ours.st_dev == named.st_dev && ours.st_ino == named.st_ino) {
      (void)os().unlink(path_.c_str());
    }
    return synced;
  }
  file_ = File();
  directory_ = File();
  return {};
}

}  // namespace coffre
