#include "core/vault/opened_place.h"

#include <algorithm>
#include <array>
#include <cerrno>

#include "core/base/mounts.h"

namespace coffre {
namespace {

constexpr std::string_view kPrefix = "coffre-opened-";
constexpr std::size_t kRandomBytes = 8;
constexpr std::size_t kNamesMax = 20'000;
constexpr int kDepthMax = 8;
constexpr int kRounds = 3;  // a program may write while we remove

bool is_own(const struct stat& found) {
  return S_ISDIR(found.st_mode) && found.st_uid == os().effective_user() &&
         (found.st_mode & (S_IRWXG | S_IRWXO)) == 0;
}

bool is_known_as(const ExportEntry& entry, const struct stat& found, int parent) {
  if (entry.state == CopyState::kPlanned) return true;
  if (found.st_dev != entry.identity.device || found.st_ino != entry.identity.inode) return false;
  std::int64_t born = 0;
  return !entry.born_ns || os().birth(parent, entry.staging.c_str(), &born) < 0 ||
         born == *entry.born_ns;
}

// The directory of the entry and the one it lies in.
struct Place {
  File parent;
  File directory;
};

// nullopt: it is not there, or the name is not its own any more. An error says nothing of it.
Result<std::optional<Place>> open_place(const ExportEntry& entry) {
  const std::string path = parent_directory(entry.path);
  auto parent = File::open(parent_directory(path), O_RDONLY | O_DIRECTORY);
  if (!parent) {
    if (parent.error().code == Code::kNotFound) return std::nullopt;
    return std::unexpected(std::move(parent).error());
  }
  const int fd = os().openat(parent->fd(), entry.staging.c_str(),
                             O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC, 0);
  if (fd == -ENOENT || fd == -ENOTDIR || fd == -ELOOP) return std::nullopt;
  if (fd < 0) return std::unexpected(os_error(-fd, path));
  File directory(fd, path);
  struct stat found{};
  if (const int error = os().fstat(fd, &found); error < 0) {
    return std::unexpected(os_error(-error, path));
  }
  if (!is_own(found) || !is_known_as(entry, found, parent->fd())) return std::nullopt;
  return Place{*std::move(parent), std::move(directory)};
}

class Clearing {
 public:
  explicit Clearing(const EraseOptions& options) : options_(options) {}

  // False: something is there still.
  bool clear(const File& directory, const std::string& path, int depth) {
    std::vector<DirectoryEntry> names;
    if (depth > kDepthMax || os().list(directory.fd(), &names) < 0) {
      add(Reason::kLimit);
      return false;
    }
    if (names.size() > kNamesMax) names.resize(kNamesMax);  // the next round takes the rest
    bool is_clear = true;
    std::vector<std::string> files;
    std::vector<EraseRequest> requests;
    for (DirectoryEntry& each : names) {
      struct stat found{};
      if (os().fstatat(directory.fd(), each.name.c_str(), &found) < 0) continue;
      if (S_ISDIR(found.st_mode)) {
        is_clear = clear_below(directory, path, each.name, depth) && is_clear;
      } else if (S_ISREG(found.st_mode)) {
        EraseRequest request;
        request.path = path + "/" + each.name;
        request.expected = FileIdentity{found.st_dev, found.st_ino};
        request.even_in_use = true;
        requests.push_back(std::move(request));
        files.push_back(std::move(each.name));
      } else {
        is_clear = remove(directory, each.name) && is_clear;
      }
    }
    const std::vector<EraseReport> reports = erase_files(requests, options_);
    for (std::size_t i = 0; i < reports.size(); ++i) {
      is_clear = take(directory, files[i], reports[i]) && is_clear;
    }
    return is_clear;
  }

  void add(Reason reason) {
    if (std::ranges::find(report_.reasons, reason) == report_.reasons.end()) {
      report_.reasons.push_back(reason);
    }
  }
  [[nodiscard]] EraseReport& report() { return report_; }

 private:
  bool clear_below(const File& directory, const std::string& path, const std::string& name,
                   int depth) {
    const int fd = os().openat(directory.fd(), name.c_str(),
                               O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC, 0);
    if (fd < 0) {
      add(Reason::kAccessRefused);
      return false;
    }
    const File below(fd, path + "/" + name);
    return clear(below, path + "/" + name, depth + 1) &&
           os().remove_directory(directory.fd(), name.c_str()) == 0;
  }

  bool remove(const File& directory, const std::string& name) {
    const int error = os().unlinkat(directory.fd(), name.c_str());
    if (error < 0 && error != -ENOENT) add(Reason::kUnlinkFailed);
    return error == 0 || error == -ENOENT;
  }

  bool take(const File& directory, const std::string& name, const EraseReport& report) {
    report_.size += report.size;
    report_.bytes += report.bytes;
    const bool is_cancelled = report.reasons == std::vector{Reason::kCancelled};
    if (is_cancelled) {
      add(Reason::kCancelled);
      return false;
    }
    bool is_gone = report.verdict != Verdict::kFailed;
    if (!is_gone) is_gone = remove(directory, name);
    for (const Reason reason : report.reasons) add(reason);
    // The first is the copy itself, or stands for it: all lie in one place.
    if (report_.file_system.empty()) {
      report_.file_system = report.file_system;
      report_.medium = report.medium;
      report_.method = report.method;
      report_.uncovered = report.uncovered;
    }
    // Later in the enumeration is worse. What was only removed is no better than not guaranteed.
    const Verdict verdict = std::min(report.verdict, Verdict::kNotGuaranteed);
    report_.verdict = is_first_ ? verdict : std::max(report_.verdict, verdict);
    is_first_ = false;
    return is_gone;
  }

  const EraseOptions& options_;
  EraseReport report_;
  bool is_first_ = true;
};

}  // namespace

Result<std::string> private_name(Random& random) {
  std::array<Byte, kRandomBytes> bytes{};
  COFFRE_TRY(random.fill(bytes));
  return std::string(kPrefix) + to_hex(bytes);
}

bool is_private_name(std::string_view name) {
  return name.starts_with(kPrefix) && name.size() == kPrefix.size() + 2 * kRandomBytes &&
         name.find_first_not_of("0123456789abcdef", kPrefix.size()) == std::string_view::npos;
}

std::optional<std::string> memory_directory(const std::vector<std::string>& choices) {
  for (const std::string& choice : choices) {
    std::string path;
    if (!choice.starts_with('/') || os().realpath(choice.c_str(), &path) < 0) continue;
    const auto directory = File::open(path, O_RDONLY | O_DIRECTORY);
    if (directory && is_in_memory(directory->fd())) return path;
  }
  return std::nullopt;
}

OpenedState opened_state(const ExportEntry& entry) {
  const auto place = open_place(entry);
  if (place && !*place) return OpenedState::kGone;
  if (!place) return OpenedState::kLeft;
  const int error = os().flock((*place)->directory.fd(), LOCK_EX | LOCK_NB);
  return error == -EWOULDBLOCK ? OpenedState::kOwned : OpenedState::kLeft;
}

EraseReport clear_opened(const ExportEntry& entry, const EraseOptions& options) {
  Clearing clearing(options);
  EraseReport& report = clearing.report();
  report.path = entry.path;
  const auto place = open_place(entry);
  if (!place) {
    report.reasons = {Reason::kSystemRefused};
    report.error = place.error();
    return std::move(report);
  }
  bool is_clear = !*place;
  for (int round = 0; round < kRounds && !is_clear && !options.stop.stop_requested(); ++round) {
    is_clear = clearing.clear((*place)->directory, parent_directory(entry.path), 0) &&
               os().remove_directory((*place)->parent.fd(), entry.staging.c_str()) == 0;
  }
  if (*place && is_clear && !(*place)->parent.sync()) clearing.add(Reason::kDirectorySyncFailed);
  if (!is_clear) {
    if (report.reasons.empty()) clearing.add(Reason::kChangedDuring);
    report.verdict = Verdict::kFailed;
    report.left = Left::kPartlyOverwritten;
  } else {
    report.left = Left::kNothing;
    // Nothing lay there: whoever removed it did not overwrite it before our eyes.
    if (report.verdict == Verdict::kFailed) {
      report.verdict = Verdict::kNotGuaranteed;
      clearing.add(Reason::kNothingToOverwrite);
      if (entry.kind == CopyKind::kOpenedInMemory) clearing.add(Reason::kMemoryFileSystem);
    }
  }
  std::ranges::sort(report.reasons);
  return std::move(report);
}

bool clear_planned_opened(const ExportEntry& entry) {
  const auto place = open_place(entry);
  return place &&
         (!*place || os().remove_directory((*place)->parent.fd(), entry.staging.c_str()) == 0);
}

}  // namespace coffre
