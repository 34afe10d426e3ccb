// The places that a file browser offers first: the user's folders and what was plugged in.
//
// Guarantees: only folders that are there; each once; bounded. Texts of user-dirs.dirs are read as
// data, nothing is run. Not covered: a network mount that does not answer: call it off the
// interface's thread. Threads: no shared state.
// Specification: https://www.freedesktop.org/wiki/Software/xdg-user-dirs/
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace coffre::desktop {

enum class PlaceKind : unsigned char { kHome, kDesktop, kDocuments, kDownloads, kRemovable };

struct Place {
  PlaceKind kind = PlaceKind::kHome;
  std::string path = {};  // absolute, its bytes
  std::string shown =
      {};  // a medium's name, printable; empty for the others, which have a translation

  friend bool operator==(const Place&, const Place&) = default;
};

struct PlacesOptions {
  std::string home = {};    // absolute; empty: no user folders
  std::string config = {};  // absolute; empty: HOME/.config
  std::vector<std::string> media_roots = {"/media", "/run/media"};
  bool only_mounted = true;  // of the folders there, those where something is mounted
};

// Options from this process's environment.
[[nodiscard]] PlacesOptions places_options();
// A root's folders are media, or the users' folders that hold them (/run/media/USER/MEDIUM).
[[nodiscard]] std::vector<Place> find_places(const PlacesOptions& options);

// The folder that user-dirs.dirs names for a key ("XDG_DESKTOP_DIR"): absolute, or empty when it
// names none, the home folder itself (which means none), or something else than a path.
[[nodiscard]] std::string user_directory(std::string_view text, std::string_view key,
                                         const std::string& home);

}  // namespace coffre::desktop
