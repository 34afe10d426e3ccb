#include "core/vault/export_find.h"

#include "core/base/answers.h"
#include "core/base/mounts.h"

namespace coffre {
namespace {

// Looking for another name is a courtesy: no directory of more files is searched.
constexpr std::size_t kNamesMax = 20'000;
constexpr std::chrono::milliseconds kAnswerMax{3'000};

class Search {
 public:
  Search(const ExportEntry& entry, int directory) : entry_(entry), directory_(directory) {}

  // Whether this name belongs to the copy; what else there is under it goes to `is_taken`.
  [[nodiscard]] bool is_copy(const std::string& name, bool* is_taken = nullptr) {
    struct stat found{};
    if (os().fstatat(directory_, name.c_str(), &found) < 0) return false;
    if (is_taken != nullptr) *is_taken = true;
    if (!S_ISREG(found.st_mode) || !is_same(name, found)) return false;
    identity_ = {found.st_dev, found.st_ino};
    return true;
  }
  [[nodiscard]] FoundCopy result(CopyPlace place, const std::string& name) const {
    const std::string path = parent_directory(entry_.path) + "/" + name;
    // Who erases it refuses links on the way, which may have come since; the file is the same.
    return {place, absolute_path(path).value_or(path), identity_};
  }

 private:
  [[nodiscard]] bool is_same(const std::string& name, const struct stat& found) {
    const bool whole = entry_.state != CopyState::kKept ||
                       static_cast<std::uint64_t>(found.st_size) == entry_.size;
    if (!entry_.born_ns) {
      return found.st_dev == entry_.identity.device && found.st_ino == entry_.identity.inode &&
             whole &&
             (entry_.state != CopyState::kKept || ns_of(found.st_mtim) == entry_.modified_ns);
    }
    std::int64_t born = 0;
    if (os().birth(directory_, name.c_str(), &born) < 0 || born != *entry_.born_ns) return false;
    return found.st_ino == entry_.identity.inode || (whole && !has_lasting_inodes(directory_));
  }

  const ExportEntry& entry_;
  int directory_;
  FileIdentity identity_;
};

}  // namespace

bool is_reachable(const ExportEntry& entry) {
  return answers(parent_directory(entry.path), kAnswerMax);
}

FoundCopy find_copy(const ExportEntry& entry) {
  FoundCopy missing{CopyPlace::kMissing, entry.path, {}};
  if (!is_reachable(entry)) {
    return {CopyPlace::kUnreachable, entry.path, {}};
  }
  const auto directory = File::open(parent_directory(entry.path), O_RDONLY | O_DIRECTORY);
  if (!directory || entry.state == CopyState::kPlanned) return missing;
  const std::string name = base_name(entry.path);
  Search search(entry, directory->fd());
  bool is_taken = false;
  if (search.is_copy(name, &is_taken)) return search.result(CopyPlace::kThere, name);
  if (search.is_copy(entry.staging)) return search.result(CopyPlace::kStaged, entry.staging);
  // Where the instant is not known, the same number under another name is no proof.
  std::vector<DirectoryEntry> names;
  if (entry.born_ns && os().list(directory->fd(), &names) == 0 && names.size() <= kNamesMax) {
    for (const DirectoryEntry& each : names) {
      if (search.is_copy(each.name)) return search.result(CopyPlace::kRenamed, each.name);
    }
  }
  return is_taken ? FoundCopy{CopyPlace::kOther, entry.path, {}} : missing;
}

}  // namespace coffre
