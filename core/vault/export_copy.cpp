#include "core/vault/export_copy.h"

#include <algorithm>
#include <array>
#include <cerrno>

#include "core/vault/copy_watch.h"
#include "core/vault/export_find.h"
#include "core/vault/opened_place.h"

namespace coffre {
namespace {

constexpr std::size_t kStagingBytes = 8;

Result<std::string> staging_name(Random& random) {
  std::array<Byte, kStagingBytes> bytes{};
  COFFRE_TRY(random.fill(bytes));
  return ".coffre-" + to_hex(bytes) + ".part";
}

// The path of a file that is not there yet.
Result<std::string> free_path(const std::string& path) {
  COFFRE_TRY_ASSIGN(std::string absolute, absolute_path(path));
  struct stat found{};
  const int error = os().lstat(absolute.c_str(), &found);
  if (error == 0) {
    return fail(Code::kExists, N_("a file with this name is there already"), path,
                N_("choose another name: nothing is written over"));
  }
  if (error != -ENOENT) return std::unexpected(os_error(-error, path));
  return absolute;
}

// Takes the name back that stands for the empty file `place`; not one that somebody else has got.
void remove_empty(int directory, const std::string& name, int place) {
  struct stat ours{};
  struct stat named{};
  if (os().fstat(place, &ours) == 0 && os().fstatat(directory, name.c_str(), &named) == 0 &&
      ours.st_dev == named.st_dev && ours.st_ino == named.st_ino) {
    (void)os().unlinkat(directory, name.c_str());
  }
}

Status check_keep(std::int64_t keep_ms) {
  if (keep_ms >= kKeepMinMs && keep_ms <= kKeepMaxMs) return {};
  return fail(Code::kInvalidArgument, N_("a copy is kept for at least a second, at most 31 days"),
              {}, N_("choose another time"));
}

// A private directory that was just made. Between the two calls somebody may have put another
// there.
Status check_own(int directory, const std::string& path) {
  struct stat found{};
  if (const int error = os().fstat(directory, &found); error < 0) {
    return std::unexpected(os_error(-error, path));
  }
  if (found.st_uid == os().effective_user() && (found.st_mode & (S_IRWXG | S_IRWXO)) == 0)
    return {};
  return fail(Code::kFailed, N_("somebody else could read the folder for the copy"), path,
              N_("look at the rights of the folder in which it was made"));
}

}  // namespace

Status check_new_copy(const std::string& path, std::int64_t keep_ms) {
  COFFRE_TRY(check_keep(keep_ms));
  COFFRE_TRY(free_path(path));
  return {};
}

Result<ExportCopy> ExportCopy::create(const ExportLedger& ledger, const NewCopy& copy,
                                      Random& random) {
  COFFRE_TRY(check_keep(copy.keep_ms));
  const bool is_export = copy.kind == CopyKind::kExport;
  COFFRE_TRY_ASSIGN(std::string path, is_export ? free_path(copy.path) : absolute_path(copy.path));
  COFFRE_TRY_ASSIGN(std::string staging, is_export ? staging_name(random) : private_name(random));
  if (!is_export) path.insert(path.rfind('/') + 1, staging + "/");
  COFFRE_TRY_ASSIGN(File lock, ledger.writing(copy.give_up));
  ExportCopy made(ledger, std::move(lock));
  ExportEntry& entry = made.entry_;
  COFFRE_TRY_ASSIGN(entry.id, random.id());
  entry.staging = std::move(staging);
  entry.kind = copy.kind;
  entry.vault = copy.vault;
  entry.document = copy.document;
  entry.user = copy.user;
  entry.path = std::move(path);
  entry.size = copy.size;
  entry.created_ms = copy.now_ms;
  entry.deadline_ms = copy.now_ms + copy.keep_ms;
  COFFRE_TRY(ledger.put(entry));
  made.is_open_ = true;
  COFFRE_TRY(made.make_file(copy));
  return made;
}

Status ExportCopy::make_file(const NewCopy& copy) {
  name_ = base_name(entry_.path);
  COFFRE_TRY(entry_.is_opened() ? make_private(copy) : make_staged(copy));
  entry_.state = CopyState::kWriting;
  return {};
}

Status ExportCopy::make_private(const NewCopy& copy) {
  const std::string path = parent_directory(entry_.path);
  COFFRE_TRY_ASSIGN(const File parent, File::open(parent_directory(path), O_RDONLY | O_DIRECTORY));
  const char* const name = entry_.staging.c_str();
  if (const int error = os().make_directory(parent.fd(), name, 0700); error < 0) {
    return std::unexpected(os_error(-error, copy.path));
  }
  const int directory =
      os().openat(parent.fd(), name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC, 0);
  if (directory < 0) return std::unexpected(os_error(-directory, copy.path));
  directory_ = File(directory, path);
  COFFRE_TRY(check_own(directory, path));
  if (const int error = os().flock(directory, LOCK_EX | LOCK_NB); error < 0) {
    return std::unexpected(os_error(-error, copy.path));
  }
  COFFRE_TRY(identify(parent.fd(), entry_.staging, directory));
  const int fd = os().openat(directory, name_.c_str(),
                             O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_NOCTTY | O_CLOEXEC, 0600);
  if (fd < 0) return std::unexpected(os_error(-fd, copy.path));
  file_ = File(fd, entry_.path);
  const int watch = os().openat(directory, name_.c_str(), O_PATH | O_NOFOLLOW | O_CLOEXEC, 0);
  if (watch < 0) return std::unexpected(os_error(-watch, copy.path));
  watch_copy(entry_.id, File(watch, entry_.path));
  return {};
}

Status ExportCopy::make_staged(const NewCopy& copy) {
  COFFRE_TRY_ASSIGN(directory_, File::open(parent_directory(entry_.path), O_RDONLY | O_DIRECTORY));
  const int fd = os().openat(directory_.fd(), entry_.staging.c_str(),
                             O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_NOCTTY | O_CLOEXEC, 0600);
  if (fd < 0) return std::unexpected(os_error(-fd, copy.path));
  file_ = File(fd, copy.path);
  return identify(directory_.fd(), entry_.staging, fd);
}

Status ExportCopy::identify(int directory, const std::string& name, int fd) {
  struct stat found{};
  if (const int error = os().fstat(fd, &found); error < 0) {
    return std::unexpected(os_error(-error, entry_.path));
  }
  entry_.identity = {found.st_dev, found.st_ino};
  std::int64_t born = 0;
  if (os().birth(directory, name.c_str(), &born) == 0) entry_.born_ns = born;
  // A clock that was put back since the start of the computer: instants prove nothing then.
  if (entry_.is_opened() && file_system_birth(directory) > entry_.born_ns) entry_.born_ns.reset();
  ExportEntry known = entry_;
  known.state = CopyState::kWriting;
  return ledger_.put(known);
}

ExportCopy::ExportCopy(ExportCopy&& other) noexcept
    : ledger_(std::move(other.ledger_)),
      lock_(std::move(other.lock_)),
      directory_(std::move(other.directory_)),
      file_(std::move(other.file_)),
      name_(std::move(other.name_)),
      entry_(std::move(other.entry_)),
      written_(other.written_),
      is_open_(std::exchange(other.is_open_, false)) {}

ExportCopy::~ExportCopy() { abandon(); }

Status ExportCopy::write(ByteView bytes) {
  COFFRE_ASSERT(file_.is_open());
  COFFRE_TRY(file_.write_all(bytes));
  written_ += bytes.size();
  return {};
}

Status ExportCopy::commit() {
  COFFRE_ASSERT(file_.is_open());
  COFFRE_TRY(file_.sync());
  struct stat found{};
  if (const int error = os().fstat(file_.fd(), &found); error < 0) {
    return std::unexpected(os_error(-error, entry_.path));
  }
  // Some file systems report a failed write only here.
  if (const int error = os().close(file_.release()); error < 0) {
    return std::unexpected(os_error(-error, entry_.path));
  }
  if (!entry_.is_opened()) {
    COFFRE_TRY(give_name());
  }
  COFFRE_TRY(directory_.sync());
  ExportEntry kept = entry_;
  kept.state = CopyState::kKept;
  kept.size = written_;
  kept.modified_ns = ns_of(found.st_mtim);
  COFFRE_TRY(ledger_.put(kept));
  entry_ = std::move(kept);
  is_open_ = false;
  lock_ = File();
  return {};
}

void ExportCopy::discard() {
  is_open_ = true;
  abandon();
}

Status ExportCopy::give_name() {
  const int fd = directory_.fd();
  int error = os().rename_new(fd, entry_.staging.c_str(), name_.c_str());
  if (error == -EINVAL || error == -ENOSYS || error == -EOPNOTSUPP) {
    // The name is taken first, by an empty file of ours, which is then replaced.
    const int place =
        os().openat(fd, name_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    error = place < 0 ? place : os().renameat(fd, entry_.staging.c_str(), name_.c_str());
    if (place >= 0 && error < 0) remove_empty(fd, name_, place);
    if (place >= 0) (void)os().close(place);
  }
  if (error == -EEXIST) {
    return fail(Code::kExists, N_("a file with this name is there already"), entry_.path,
                N_("choose another name: nothing is written over"));
  }
  if (error < 0) return std::unexpected(os_error(-error, entry_.path));
  return {};
}

bool ExportCopy::clear_private() {
  // As a sweep does: a kill in between leaves no copy that is called lost.
  const auto note = [&](CopyErasing erasing) {
    ExportEntry noted = entry_;
    noted.erasing = erasing;
    static_cast<void>(ledger_.put(noted));
  };
  note(CopyErasing::kBegun);
  return clear_opened(entry_, {}, [&] { note(CopyErasing::kOverwritten); }).verdict !=
         Verdict::kFailed;
}

void ExportCopy::abandon() {
  if (!std::exchange(is_open_, false)) return;
  const bool is_known = entry_.state != CopyState::kPlanned;
  // Still empty: no byte is written before the ledger knows the file.
  if (!is_known && file_.is_open()) {
    (void)os().unlinkat(directory_.fd(), entry_.staging.c_str());
  }
  file_ = File();
  // What it is known by does not depend on how far it came.
  if (entry_.state == CopyState::kKept) entry_.state = CopyState::kWriting;
  bool is_gone = !is_known;
  if (entry_.is_opened()) {
    is_gone = is_known ? clear_private() : clear_planned_opened(entry_);
  } else if (is_known) {
    const FoundCopy found = find_copy(entry_);
    // Somebody may have moved it away: then the sweep has something to report.
    is_gone = found.is_there() ? erase_file({found.path, found.identity, std::nullopt}).verdict !=
                                     Verdict::kFailed
                               : written_ == 0;
  }
  if (is_gone) (void)ledger_.remove(entry_.id);
  directory_ = File();
  lock_ = File();
}

}  // namespace coffre
