// What this person set on this workstation: language, look, the window's size, where vaults are.
//
// Guarantees: a settings file never keeps the program from starting: one that cannot be understood
// is moved aside and the defaults hold; a single value that makes no sense is its default. Values
// are within the limits below. Keys of other versions stay in the file. Writing replaces the file
// in one step, mode 0600. Nothing about patients, documents or what was open is ever in it. Not
// covered: a vault whose path is not valid UTF-8 is not remembered; of two programs that save at
// the same moment one wins. Threads: no shared state.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/base/error.h"

namespace coffre::desktop {

inline constexpr std::size_t kVaultsMax = 8;

struct Settings {
  std::string language = {};             // "fr", "en", or empty: the environment's
  std::string theme = "light";           // "light", "dark", "contrast"
  int scale_percent = 100;               // 100 to 200
  int window_width = 1280;               // 640 to 16384
  int window_height = 800;               // 480 to 16384
  std::vector<std::string> vaults = {};  // absolute paths, newest first, at most kVaultsMax
  int minimise_after_s = 0;              // 0: never, to 86,400

  friend bool operator==(const Settings&, const Settings&) = default;
};

// Makes `path` the newest vault.
void remember_vault(Settings& settings, const std::string& path);

// $XDG_CONFIG_HOME/coffre/settings.json, else under ~/.config; null pointers are unset variables,
// relative ones do not count. kInvalidArgument when nothing says where.
[[nodiscard]] Result<std::string> settings_path_of(const char* xdg_config_home, const char* home);
// The same from this process's environment.
[[nodiscard]] Result<std::string> settings_path();

struct LoadedSettings {
  Settings settings;
  // Why they are defaults, for a notice; nothing when the file was read or is not there.
  std::optional<Error> problem = {};
};

// A file that cannot be understood is renamed to its name and ".broken".
[[nodiscard]] LoadedSettings load_settings(const std::string& path);
// Makes the directory when it is not there. The errors of write_durable, and those of reading a
// file that is there and cannot be read: it is left alone.
[[nodiscard]] Status save_settings(const std::string& path, const Settings& settings);

}  // namespace coffre::desktop
