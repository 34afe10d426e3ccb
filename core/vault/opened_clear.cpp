#include "core/vault/opened_clear.h"

#include <algorithm>
#include <cerrno>

#include "core/vault/copy_watch.h"

namespace coffre {
namespace {

constexpr std::size_t kRoundMax = 20'000;
constexpr int kDepthMax = 8;
constexpr mode_t kOwnReadWrite = S_IRUSR | S_IWUSR;

bool has_reason(const std::vector<Reason>& reasons, Reason wanted) {
  return std::ranges::find(reasons, wanted) != reasons.end();
}

// Its owner may read and write it. 0 or -errno.
int make_writable(int directory, const std::string& name, const struct stat& wanted) {
  const File file(os().openat(directory, name.c_str(), O_PATH | O_NOFOLLOW | O_CLOEXEC, 0));
  if (!file.is_open()) return -ENOENT;
  struct stat found{};
  if (const int error = os().fstat(file.fd(), &found); error < 0) return error;
  if (found.st_dev != wanted.st_dev || found.st_ino != wanted.st_ino) return -ESTALE;
  return os().set_mode(file.fd(), (found.st_mode & 07777) | kOwnReadWrite);
}

}  // namespace

bool was_cleared_in_part(const ExportEntry& entry) {
  if (entry.erasing != CopyErasing::kNo) return true;
  return entry.tried && !has_reason(entry.tried->reasons, Reason::kNotFound) &&
         !has_reason(entry.tried->reasons, Reason::kSystemRefused);
}

int open_any_directory(int at, const char* name) {
  constexpr int kFlags = O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
  const int fd = os().openat(at, name, O_RDONLY | kFlags, 0);
  return fd == -EACCES ? os().openat(at, name, O_PATH | kFlags, 0) : fd;
}

int make_own(File& directory) {
  struct stat found{};
  if (const int error = os().fstat(directory.fd(), &found); error < 0) return error;
  if ((found.st_mode & 07777) == 0700) return 0;
  if (const int error = os().set_mode(directory.fd(), 0700); error < 0) return error;
  const int fd = os().openat(directory.fd(), ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0);
  if (fd < 0) return fd;
  directory = File(fd);
  return 0;
}

Clearing::Clearing(const ExportEntry& entry, const EraseOptions& options, EraseReport report)
    : entry_(entry),
      options_(options),
      report_(std::move(report)),
      directory_(parent_directory(report_.path)),
      name_(base_name(report_.path)),
      watched_(watched_copy(entry.id)) {}

void Clearing::add(Reason reason) {
  if (!has_reason(report_.reasons, reason)) report_.reasons.push_back(reason);
}

bool Clearing::run(const File& directory, bool is_last) {
  is_last_ = is_last;
  linked_.clear();
  return clear(directory, directory_, 0);
}

bool Clearing::clear(const File& directory, const std::string& path, int depth) {
  std::vector<DirectoryEntry> names;
  if (depth > kDepthMax || os().list(directory.fd(), &names) < 0) {
    if (is_last_) add(depth > kDepthMax ? Reason::kLimit : Reason::kSystemRefused);
    return false;
  }
  if (names.size() > kRoundMax) names.resize(kRoundMax);  // the next round takes the rest
  bool is_clear = true;
  Files files;
  for (const DirectoryEntry& each : names) {
    struct stat found{};
    if (os().fstatat(directory.fd(), each.name.c_str(), &found) < 0) continue;
    if (S_ISDIR(found.st_mode)) {
      is_clear = clear_below(directory, path, each.name, depth) && is_clear;
    } else if (S_ISREG(found.st_mode)) {
      is_clear = prepare(directory, path, each.name, found, files) && is_clear;
    } else {
      is_clear = remove(directory, each.name) && is_clear;
    }
  }
  const std::vector<EraseReport> reports = erase_files(files.requests, options_);
  for (std::size_t i = 0; i < reports.size(); ++i) {
    const bool is_copy = files.is_copy[i] || (depth == 0 && files.names[i] == name_);
    has_first_ = has_first_ || (files.is_copy[i] && reports[i].verdict != Verdict::kFailed);
    is_clear = take(directory, files.names[i], is_copy, reports[i]) && is_clear;
  }
  return is_clear;
}

bool Clearing::clear_below(const File& directory, const std::string& path, const std::string& name,
                           int depth) {
  File below(open_any_directory(directory.fd(), name.c_str()), path + "/" + name);
  struct stat here{};
  struct stat found{};
  if (!below.is_open() || os().fstat(directory.fd(), &here) < 0 ||
      os().fstat(below.fd(), &found) < 0) {
    if (is_last_) add(Reason::kAccessRefused);
    return false;
  }
  if (found.st_dev != here.st_dev) {
    if (is_last_) add(Reason::kMountPoint);
    return false;
  }
  if (make_own(below) < 0) {
    if (is_last_) add(Reason::kAccessRefused);
    return false;
  }
  return clear(below, path + "/" + name, depth + 1) &&
         os().remove_directory(directory.fd(), name.c_str()) == 0;
}

bool Clearing::is_first(int directory, const std::string& name, const struct stat& found) {
  if (watched_) return found.st_dev == watched_->st_dev && found.st_ino == watched_->st_ino;
  std::int64_t born = 0;
  return entry_.born_ns && os().birth(directory, name.c_str(), &born) == 0 &&
         born >= *entry_.born_ns && (entry_.modified_ns == 0 || born <= entry_.modified_ns);
}

bool Clearing::prepare(const File& directory, const std::string& path, const std::string& name,
                       const struct stat& found, Files& files) {
  const bool first = is_first(directory.fd(), name, found);
  // Of two names here one is enough: it is overwritten under the other.
  if (found.st_nlink > 1 && !linked_.insert({found.st_dev, found.st_ino}).second) {
    return remove(directory, name);
  }
  const bool is_ours = found.st_nlink == 1 || first;
  if (is_ours && (found.st_mode & kOwnReadWrite) != kOwnReadWrite) {
    static_cast<void>(make_writable(directory.fd(), name, found));  // the erasing says why not
  }
  EraseRequest request;
  request.path = path + "/" + name;
  request.expected = FileIdentity{found.st_dev, found.st_ino};
  request.even_in_use = true;
  request.even_linked = first;
  files.requests.push_back(std::move(request));
  files.names.push_back(name);
  files.is_copy.push_back(first);
  return true;
}

bool Clearing::remove(const File& directory, const std::string& name) {
  const int error = os().unlinkat(directory.fd(), name.c_str());
  if (error == 0 || error == -ENOENT) return true;
  if (is_last_) add(Reason::kUnlinkFailed);
  return false;
}

bool Clearing::take(const File& directory, const std::string& name, bool is_copy,
                    const EraseReport& report) {
  const bool may_return = report.left == Left::kNameMayReturn;
  if (report.reasons == std::vector{Reason::kCancelled}) {
    add(Reason::kCancelled);
    return false;
  }
  if (report.verdict != Verdict::kFailed || may_return) {
    has_copy_ = has_copy_ || is_copy;
    count(report, may_return ? Verdict::kNotGuaranteed : report.verdict);
    return true;
  }
  if (!is_last_) return false;  // the program may be writing: once more
  // Another file may have the name by now: that one is for the next sweep.
  const bool is_named = std::ranges::none_of(report.reasons, [](Reason reason) {
    return reason == Reason::kNotFound || reason == Reason::kMoved ||
           reason == Reason::kNotExpected || reason == Reason::kSwapped;
  });
  if (!is_named) {
    add(Reason::kChangedDuring);
    return false;
  }
  has_copy_ = has_copy_ || is_copy;
  count(report, Verdict::kFailed);
  if (!remove(directory, name)) return false;
  if (report.left != Left::kOverwritten) add(Reason::kNotOverwritten);
  return true;
}

void Clearing::count(const EraseReport& report, Verdict verdict) {
  report_.size += report.size;
  report_.bytes += report.bytes;
  for (const Reason reason : report.reasons) add(reason);
  // The first is the copy itself, or stands for it: all lie in one place.
  if (report_.file_system.empty()) {
    report_.file_system = report.file_system;
    report_.medium = report.medium;
    report_.method = report.method;
    report_.uncovered = report.uncovered;
  }
  worst_ = std::max(worst_.value_or(verdict), verdict);  // later in the enumeration is worse
}

bool Clearing::is_lost() const {
  const auto now = watched_copy(entry_.id);
  const bool is_elsewhere = now && now->st_nlink > 0 && !has_first_;
  return is_elsewhere ||
         (!has_copy_ && entry_.state == CopyState::kKept && !was_cleared_in_part(entry_));
}

EraseReport Clearing::finish() {
  if (is_lost()) {
    add(Reason::kNotFound);
    worst_ = Verdict::kFailed;
  }
  report_.left = Left::kNothing;
  if (!worst_) {
    // Whoever removed it did not overwrite it before our eyes.
    worst_ = Verdict::kNotGuaranteed;
    add(Reason::kNothingToOverwrite);
    if (entry_.kind == CopyKind::kOpenedInMemory) add(Reason::kMemoryFileSystem);
  }
  report_.verdict = *worst_;
  if (report_.verdict == Verdict::kFailed) {
    // What would have been said of a success is of no use beside it.
    std::erase_if(report_.reasons, [](Reason reason) { return !is_failure(reason); });
  } else if (has_reason(report_.reasons, Reason::kDirectorySyncFailed)) {
    report_.verdict = Verdict::kNotGuaranteed;
  }
  std::ranges::sort(report_.reasons);
  return std::move(report_);
}

EraseReport Clearing::finish_unclear() {
  std::erase_if(report_.reasons, [](Reason reason) { return !is_failure(reason); });
  if (report_.reasons.empty()) add(Reason::kChangedDuring);
  report_.verdict = Verdict::kFailed;
  report_.left = Left::kPartlyOverwritten;
  std::ranges::sort(report_.reasons);
  return std::move(report_);
}

}  // namespace coffre
