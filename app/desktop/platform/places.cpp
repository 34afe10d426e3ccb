#include "app/desktop/platform/places.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <dirent.h>
#include <fcntl.h>
#include <optional>
#include <sys/stat.h>
#include <utility>

#include "app/desktop/platform/directory_listing.h"
#include "core/base/file.h"
#include "core/base/text.h"

namespace coffre::desktop {
namespace {

constexpr std::size_t kFileSizeMax = std::size_t{64} << 10;
constexpr std::size_t kMediaMax = 64;

std::optional<struct stat> look_at(const std::string& path) {
  struct stat found{};
  if (::stat(path.c_str(), &found) != 0 || !S_ISDIR(found.st_mode)) return std::nullopt;
  return found;
}

void add(std::vector<Place>& places, Place place) {
  const bool is_known = std::any_of(places.begin(), places.end(), [&place](const Place& other) {
    return other.path == place.path;
  });
  if (!is_known && !place.path.empty() && look_at(place.path)) places.push_back(std::move(place));
}

// The folders of one that may not be there.
std::vector<BrowserEntry> folders_of(const std::string& path) {
  auto listing = list_directory({.path = path, .only_directories = true, .extensions = {}});
  if (!listing) return {};
  if (listing->entries.size() > kMediaMax) listing->entries.resize(kMediaMax);
  return std::move(listing->entries);
}

bool is_mount(const std::string& parent, const std::string& path) {
  const auto above = look_at(parent);
  const auto here = look_at(path);
  return above && here && above->st_dev != here->st_dev;
}

void add_media(std::vector<Place>& places, const std::string& root, bool only_mounted) {
  const std::string prefix = root == "/" ? root : root + "/";
  for (const BrowserEntry& folder : folders_of(root)) {
    const std::string path = prefix + folder.name;
    if (only_mounted && is_mount(root, path)) {
      add(places, {PlaceKind::kRemovable, path, folder.shown});
      continue;
    }
    for (const BrowserEntry& medium : folders_of(path)) {
      const std::string inner = path + "/" + medium.name;
      if (!only_mounted || is_mount(path, inner)) {
        add(places, {PlaceKind::kRemovable, inner, medium.shown});
      }
    }
  }
}

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kBlanks = " \t\r";
  const std::size_t begin = text.find_first_not_of(kBlanks);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(kBlanks) - begin + 1);
}

// What stands between the quotes, with the shell's backslashes taken off; nothing when it is open.
std::optional<std::string> unquoted(std::string_view text) {
  if (!text.starts_with('"')) return std::nullopt;
  std::string value;
  for (std::size_t i = 1; i < text.size(); ++i) {
    if (text[i] == '"') return value;
    if (text[i] == '\\') ++i;
    if (i < text.size()) value += text[i];
  }
  return std::nullopt;
}

std::string without_slashes(std::string path) {
  while (path.size() > 1 && path.ends_with('/')) path.pop_back();
  return path;
}

// The value of the last line "KEY=value" for this key: a shell would take the last as well.
std::string_view value_of(std::string_view text, std::string_view key) {
  std::string_view value;
  while (!text.empty()) {
    const std::string_view line = trimmed(text.substr(0, text.find('\n')));
    text.remove_prefix(std::min(text.size(), text.find('\n')));
    if (text.starts_with('\n')) text.remove_prefix(1);
    if (line.starts_with(key) && line.substr(key.size()).starts_with('=')) {
      value = line.substr(key.size() + 1);
    }
  }
  return value;
}

}  // namespace

std::string user_directory(std::string_view text, std::string_view key, const std::string& home) {
  auto value = unquoted(value_of(text, key));
  if (!value || value->find('\0') != std::string::npos) return {};
  constexpr std::string_view kHome = "$HOME";
  if (value->starts_with(kHome) &&
      (value->size() == kHome.size() || (*value)[kHome.size()] == '/')) {
    value->replace(0, kHome.size(), home);
  }
  if (!value->starts_with('/')) return {};
  std::string path = without_slashes(*std::move(value));
  return path == without_slashes(home) ? std::string() : path;
}

PlacesOptions places_options() {
  PlacesOptions options;
  const char* const home = getenv("HOME");
  const char* const config = getenv("XDG_CONFIG_HOME");
  if (home != nullptr && *home == '/') options.home = home;
  if (config != nullptr && *config == '/') options.config = config;
  return options;
}

std::vector<Place> find_places(const PlacesOptions& options) {
  std::vector<Place> places;
  if (!options.home.empty()) {
    const std::string home = without_slashes(options.home);
    add(places, {PlaceKind::kHome, home, {}});
    const std::string config = options.config.empty() ? home + "/.config" : options.config;
    const auto file = read_file(config + "/user-dirs.dirs", kFileSizeMax);
    using Known = std::pair<PlaceKind, const char*>;
    for (const auto& [kind, key] : {Known{PlaceKind::kDesktop, "XDG_DESKTOP_DIR"},
                                    Known{PlaceKind::kDocuments, "XDG_DOCUMENTS_DIR"},
                                    Known{PlaceKind::kDownloads, "XDG_DOWNLOAD_DIR"}}) {
      if (file) add(places, {kind, user_directory(as_text(*file), key, home), {}});
    }
  }
  for (const std::string& root : options.media_roots) {
    add_media(places, without_slashes(root), options.only_mounted);
  }
  return places;
}

}  // namespace coffre::desktop
