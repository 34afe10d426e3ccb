#include "app/desktop/platform/directory_listing.h"

#include <algorithm>
#include <cerrno>
#include <dirent.h>
#include <fcntl.h>
#include <memory>
#include <optional>
#include <sys/stat.h>
#include <tuple>

#include "core/base/file.h"
#include "core/base/text.h"

namespace coffre::desktop {
namespace {

struct DirectoryCloser {
  void operator()(DIR* stream) const { ::closedir(stream); }
};
using Directory = std::unique_ptr<DIR, DirectoryCloser>;

Result<Directory> open_directory(const std::string& path) {
  COFFRE_TRY_ASSIGN(File file, File::open(path, O_RDONLY | O_DIRECTORY | O_NONBLOCK));
  Directory directory(::fdopendir(file.fd()));
  if (directory == nullptr) return std::unexpected(os_error(errno, path));
  (void)file.release();  // closed with the stream
  return directory;
}

bool is_before(const BrowserEntry& a, const BrowserEntry& b) {
  return std::tie(b.is_directory, a.folded, a.name) < std::tie(a.is_directory, b.folded, b.name);
}

// What the name leads to, when it is a folder or a regular file.
std::optional<struct stat> look_at(int directory, const char* name) {
  struct stat found{};
  if (::fstatat(directory, name, &found, 0) != 0) return std::nullopt;
  if (!S_ISDIR(found.st_mode) && !S_ISREG(found.st_mode)) return std::nullopt;
  return found;
}

// Whether it is a folder, by what the directory says where that is enough; nothing for what is left
// out.
std::optional<bool> is_directory(int directory, const dirent& entry) {
  switch (entry.d_type) {
    case DT_DIR:
      return true;
    case DT_REG:
      return false;
    case DT_LNK:
    case DT_UNKNOWN: {
      const auto found = look_at(directory, entry.d_name);
      if (!found) return std::nullopt;
      return S_ISDIR(found->st_mode);
    }
    default:
      return std::nullopt;
  }
}

void keep_first(std::vector<BrowserEntry>& entries, std::size_t count) {
  if (entries.size() <= count) return;
  std::nth_element(entries.begin(), entries.begin() + static_cast<std::ptrdiff_t>(count),
                   entries.end(), is_before);
  entries.resize(count);
}

std::optional<BrowserEntry> entry_of(int directory, const dirent& entry,
                                     const ListingRequest& request) {
  const std::string_view name = entry.d_name;
  if (name == "." || name == ".." || (name.starts_with('.') && !request.hidden)) {
    return std::nullopt;
  }
  const auto folder = is_directory(directory, entry);
  if (!folder) return std::nullopt;
  if (!*folder && (request.only_directories || !has_extension(name, request.extensions))) {
    return std::nullopt;
  }
  BrowserEntry made;
  made.name = name;
  made.shown = printable(name);
  made.folded = fold(name);
  made.is_directory = *folder;
  return made;
}

// Size and time of those that are kept; what has vanished meanwhile is left out.
void complete(int directory, std::vector<BrowserEntry>& entries) {
  std::erase_if(entries, [directory](BrowserEntry& entry) {
    const auto found = look_at(directory, entry.name.c_str());
    if (!found) return true;
    entry.size = S_ISDIR(found->st_mode) ? 0 : static_cast<std::uint64_t>(found->st_size);
    entry.modified_ms =
        std::int64_t{found->st_mtim.tv_sec} * 1'000 + found->st_mtim.tv_nsec / 1'000'000;
    return false;
  });
}

}  // namespace

Result<Listing> list_directory(const ListingRequest& request) {
  if (!request.path.starts_with('/')) {
    return fail(Code::kInvalidArgument, N_("the path does not begin at the root"), request.path);
  }
  COFFRE_TRY_ASSIGN(const Directory directory, open_directory(request.path));
  const int fd = ::dirfd(directory.get());
  Listing listing;
  std::size_t names = 0;
  while (true) {
    errno = 0;
    const dirent* const entry = ::readdir(directory.get());
    if (entry == nullptr && errno != 0) return std::unexpected(os_error(errno, request.path));
    if (entry == nullptr) break;
    if (++names > kNamesMax) {
      listing.is_cut = true;
      break;
    }
    auto made = entry_of(fd, *entry, request);
    if (!made) continue;
    listing.entries.push_back(*std::move(made));
    if (listing.entries.size() > 2 * kEntriesMax) {
      keep_first(listing.entries, kEntriesMax);
      listing.is_cut = true;
    }
  }
  listing.is_cut = listing.is_cut || listing.entries.size() > kEntriesMax;
  keep_first(listing.entries, kEntriesMax);
  std::sort(listing.entries.begin(), listing.entries.end(), is_before);
  complete(fd, listing.entries);
  return listing;
}

bool has_extension(std::string_view name, const std::vector<std::string>& extensions) {
  if (extensions.empty()) return true;
  return std::any_of(extensions.begin(), extensions.end(), [name](const std::string& extension) {
    // ".pdf" is a hidden file's name, not an extension.
    if (name.size() < extension.size() + 2) return false;
    const std::string_view end = name.substr(name.size() - extension.size());
    return name[name.size() - extension.size() - 1] == '.' &&
           std::equal(end.begin(), end.end(), extension.begin(),
                      [](char found, char wanted) { return ascii_lower(found) == wanted; });
  });
}

}  // namespace coffre::desktop
