#include "core/vault/opened_place.h"

#include <algorithm>
#include <array>
#include <cerrno>

#include "core/base/mounts.h"
#include "core/vault/copy_watch.h"
#include "core/vault/opened_clear.h"

namespace coffre {
namespace {

constexpr std::string_view kPrefix = "coffre-opened-";
constexpr std::size_t kRandomBytes = 8;
constexpr std::size_t kPlacesMax = 20'000;
constexpr int kRounds = 3;  // a program may write while we remove
constexpr int kStepsMax = 64;

bool is_own(const struct stat& found) {
  return S_ISDIR(found.st_mode) && found.st_uid == os().effective_user();
}

bool is_known_as(const ExportEntry& entry, const struct stat& found, int parent,
                 const std::string& name) {
  if (entry.state == CopyState::kPlanned) return true;
  if (found.st_dev != entry.identity.device || found.st_ino != entry.identity.inode) return false;
  std::int64_t born = 0;
  return !entry.born_ns || os().birth(parent, name.c_str(), &born) < 0 || born == *entry.born_ns;
}

// The directory of the entry, the one it lies in, and the name that it has there.
struct Place {
  File parent;
  File directory;
  std::string name;
};

struct Looked {
  std::optional<Place> place;
  CopyPlace where = CopyPlace::kMissing;
};

class PlaceSearch {
 public:
  PlaceSearch(const ExportEntry& entry, File parent) : entry_(entry), parent_(std::move(parent)) {}

  Result<Looked> run() {
    COFFRE_TRY_ASSIGN(std::optional<File> named, open(entry_.staging));
    if (named) return found(*std::move(named), entry_.staging, CopyPlace::kThere);
    // Where the instant is not known, the same number under another name is no proof.
    if (entry_.state != CopyState::kPlanned && entry_.born_ns) {
      std::vector<DirectoryEntry> names;
      if (const int error = os().list(parent_.fd(), &names); error < 0) {
        return std::unexpected(os_error(-error, entry_.path));
      }
      if (names.size() > kPlacesMax) names.clear();
      for (const DirectoryEntry& each : names) {
        struct stat other{};
        if (os().fstatat(parent_.fd(), each.name.c_str(), &other) < 0 ||
            other.st_ino != entry_.identity.inode) {
          continue;
        }
        COFFRE_TRY_ASSIGN(std::optional<File> renamed, open(each.name));
        if (renamed) return found(*std::move(renamed), each.name, CopyPlace::kRenamed);
      }
    }
    return Looked();
  }

 private:
  // nullopt: it is not there, or is not the directory of the entry.
  Result<std::optional<File>> open(const std::string& name) {
    const int fd = open_any_directory(parent_.fd(), name.c_str());
    if (fd == -ENOENT || fd == -ENOTDIR || fd == -ELOOP) return std::nullopt;
    if (fd < 0) return std::unexpected(os_error(-fd, entry_.path));
    File directory(fd, entry_.path);
    struct stat now{};
    if (const int error = os().fstat(fd, &now); error < 0) {
      return std::unexpected(os_error(-error, entry_.path));
    }
    if (!is_own(now) || !is_known_as(entry_, now, parent_.fd(), name)) return std::nullopt;
    return directory;
  }

  Looked found(File directory, const std::string& name, CopyPlace where) {
    return {Place{std::move(parent_), std::move(directory), name}, where};
  }

  const ExportEntry& entry_;
  File parent_;
};

std::string parent_of(const ExportEntry& entry) {
  return parent_directory(parent_directory(entry.path));
}

// Of one that has no directory.
EraseReport not_there(const ExportEntry& entry) {
  EraseReport report;
  report.path = entry.path;
  report.left = Left::kNothing;
  const bool is_memory = entry.kind == CopyKind::kOpenedInMemory && is_memory_gone(entry);
  if (!is_memory && !was_cleared_in_part(entry)) {
    report.reasons = {Reason::kNotFound};
    return report;
  }
  report.verdict = Verdict::kNotGuaranteed;
  if (is_memory) report.reasons = {Reason::kMemoryFileSystem};
  report.reasons.push_back(Reason::kNothingToOverwrite);
  return report;
}

// An error says nothing of it.
Result<Looked> look(const ExportEntry& entry) {
  auto parent = File::open(parent_of(entry), O_RDONLY | O_DIRECTORY);
  if (parent) return PlaceSearch(entry, *std::move(parent)).run();
  if (parent.error().code == Code::kNotFound) return Looked();
  return std::unexpected(std::move(parent).error());
}

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

std::optional<std::int64_t> file_system_birth(int directory) {
  struct stat here{};
  if (os().fstat(directory, &here) < 0) return std::nullopt;
  File at;
  for (int step = 0; step < kStepsMax; ++step) {
    const int from = at.is_open() ? at.fd() : directory;
    File above(os().openat(from, "..", O_PATH | O_DIRECTORY | O_CLOEXEC, 0));
    struct stat found{};
    if (!above.is_open() || os().fstat(above.fd(), &found) < 0) return std::nullopt;
    if (found.st_dev != here.st_dev || found.st_ino == here.st_ino) {
      std::int64_t born = 0;
      return os().birth(from, ".", &born) < 0 ? std::nullopt : std::optional(born);
    }
    here = found;
    at = std::move(above);
  }
  return std::nullopt;
}

bool is_memory_gone(const ExportEntry& entry) {
  // What is left of the way there.
  std::string path = parent_of(entry);
  auto at = File::open(path, O_PATH | O_DIRECTORY);
  while (!at && at.error().code == Code::kNotFound && path != "/") {
    path = parent_directory(path);
    at = File::open(path, O_PATH | O_DIRECTORY);
  }
  struct stat found{};
  if (!at || os().fstat(at->fd(), &found) < 0) return false;
  if (found.st_dev != entry.identity.device) return true;
  // Numbers are given again: a file system that is younger than our directory is another one.
  const std::optional<std::int64_t> born =
      entry.born_ns ? file_system_birth(at->fd()) : std::nullopt;
  return born && *born > *entry.born_ns;
}

OpenedState opened_state(const ExportEntry& entry) {
  const auto looked = look(entry);
  if (!looked) return OpenedState::kLeft;
  if (!looked->place) return OpenedState::kGone;
  const int error = os().flock(looked->place->directory.fd(), LOCK_EX | LOCK_NB);
  return error == -EWOULDBLOCK ? OpenedState::kOwned : OpenedState::kLeft;
}

FoundCopy find_opened(const ExportEntry& entry) {
  const auto looked = look(entry);
  if (!looked) return {CopyPlace::kThere, entry.path, {}};
  if (!looked->place) return {looked->where, entry.path, {}};
  return {looked->where,
          parent_of(entry) + "/" + looked->place->name + "/" + base_name(entry.path),
          {}};
}

EraseReport clear_opened(const ExportEntry& entry, const EraseOptions& options,
                         const std::function<void()>& before_going) {
  EraseReport report;
  report.path = entry.path;
  auto looked = look(entry);
  int error = 0;
  if (looked && looked->place) error = make_own(looked->place->directory);
  if (!looked || error < 0) {
    report.reasons = {Reason::kSystemRefused};
    report.error = looked ? os_error(-error, entry.path) : looked.error();
    return report;
  }
  if (!looked->place) return not_there(entry);
  Place& place = *looked->place;
  report.path = parent_of(entry) + "/" + place.name + "/" + base_name(entry.path);
  Clearing clearing(entry, options, std::move(report));
  bool is_clear = false;
  for (int round = 1; round <= kRounds && !is_clear && !options.stop.stop_requested(); ++round) {
    is_clear = clearing.run(place.directory, round == kRounds);
    if (is_clear && before_going && !clearing.is_lost()) before_going();
    is_clear = is_clear && os().remove_directory(place.parent.fd(), place.name.c_str()) == 0;
  }
  const bool is_synced = !is_clear || place.parent.sync().has_value();
  if (is_clear) {
    if (!is_synced) clearing.add(Reason::kDirectorySyncFailed);
    report = clearing.finish();
    forget_copy(entry.id);
    return report;
  }
  return clearing.finish_unclear();
}

bool clear_planned_opened(const ExportEntry& entry) {
  const auto looked = look(entry);
  if (!looked) return false;
  const auto& place = looked->place;
  return !place || os().remove_directory(place->parent.fd(), place->name.c_str()) == 0;
}

bool is_well_cleared(const EraseReport& report, CopyKind kind) {
  if (kind != CopyKind::kOpenedInMemory) return report.verdict < Verdict::kNotGuaranteed;
  return report.verdict != Verdict::kFailed && std::ranges::none_of(report.reasons, is_failure);
}

}  // namespace coffre
