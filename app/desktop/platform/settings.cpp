#include "app/desktop/platform/settings.h"

#include <algorithm>
#include <array>
#include <cstdlib>

#include <nlohmann/json.hpp>

#include "core/base/file.h"
#include "core/base/text.h"

namespace coffre::desktop {
namespace {

using Json = nlohmann::json;

constexpr std::size_t kFileSizeMax = std::size_t{256} << 10;
constexpr std::size_t kPathSizeMax = 4095;
constexpr int kDepthMax = 32;
constexpr int kScaleMin = 100;
constexpr int kScaleMax = 200;
constexpr int kWidthMin = 640;
constexpr int kHeightMin = 480;
constexpr int kSideMax = 16'384;
constexpr int kMinimiseAfterMax = 24 * 3600;

constexpr const char* kLanguage = "language";
constexpr const char* kTheme = "theme";
constexpr const char* kScale = "scale_percent";
constexpr const char* kWidth = "window_width";
constexpr const char* kHeight = "window_height";
constexpr const char* kVaults = "vaults";
constexpr const char* kMinimiseAfter = "minimise_after_s";

bool is_vault_path(const std::string& path) {
  return path.starts_with('/') && path.size() <= kPathSizeMax && is_utf8(path) &&
         path.find('\0') == std::string::npos;
}

// The text as an object; something else when it is none.
Json parse_object(std::string_view text) {
  // The library copies and writes values by recursion: what lies too deep is not taken.
  bool is_deep = false;
  const auto watch_depth = [&](int depth, Json::parse_event_t, Json&) {
    is_deep = is_deep || depth > kDepthMax;
    return !is_deep;
  };
  Json parsed = Json::parse(text, watch_depth, false);
  return is_deep ? Json() : parsed;
}

// The file's object. kDamaged when there is something else.
Result<Json> read_object(const std::string& path) {
  auto bytes = read_file(path, kFileSizeMax);
  if (!bytes && bytes.error().code != Code::kLimit) return std::unexpected(bytes.error());
  Json read = bytes ? parse_object(as_text(*bytes)) : Json();
  if (!read.is_object()) {
    return fail(Code::kDamaged, N_("the settings cannot be understood"), path,
                N_("the file was moved aside and the usual settings hold"));
  }
  return read;
}

Status move_aside(const std::string& path) {
  const int error = os().rename(path.c_str(), (path + ".broken").c_str());
  if (error < 0) return std::unexpected(os_error(-error, path));
  return {};
}

void read_choice(const Json& from, const char* key, std::initializer_list<const char*> choices,
                 std::string& into) {
  const auto found = from.find(key);
  if (found == from.end() || !found->is_string()) return;
  const auto& text = found->get_ref<const std::string&>();
  if (std::find(choices.begin(), choices.end(), text) != choices.end()) into = text;
}

void read_number(const Json& from, const char* key, int least, int most, int& into) {
  const auto found = from.find(key);
  if (found == from.end() || !found->is_number()) return;
  // As a double: every number of the file has one, and no conversion overflows.
  const auto number = found->get<double>();
  into = static_cast<int>(std::clamp<double>(number, least, most));
}

Settings from_json(const Json& from) {
  Settings settings;
  read_choice(from, kLanguage, {"fr", "en"}, settings.language);
  read_choice(from, kTheme, {"light", "dark", "contrast"}, settings.theme);
  read_number(from, kScale, kScaleMin, kScaleMax, settings.scale_percent);
  read_number(from, kWidth, kWidthMin, kSideMax, settings.window_width);
  read_number(from, kHeight, kHeightMin, kSideMax, settings.window_height);
  read_number(from, kMinimiseAfter, 0, kMinimiseAfterMax, settings.minimise_after_s);
  const auto vaults = from.find(kVaults);
  if (vaults == from.end() || !vaults->is_array()) return settings;
  // From the oldest of those that count, so that the first of the list ends as the newest.
  std::vector<std::string> paths;
  for (const Json& path : *vaults) {
    if (paths.size() < kVaultsMax && path.is_string()) paths.push_back(path.get<std::string>());
  }
  for (auto path = paths.rbegin(); path != paths.rend(); ++path) remember_vault(settings, *path);
  return settings;
}

void put_into(Json& object, const Settings& settings) {
  object[kLanguage] = settings.language;
  object[kTheme] = settings.theme;
  object[kScale] = settings.scale_percent;
  object[kWidth] = settings.window_width;
  object[kHeight] = settings.window_height;
  object[kMinimiseAfter] = settings.minimise_after_s;
  Json vaults = Json::array();
  for (const std::string& path : settings.vaults) {
    if (is_vault_path(path) && vaults.size() < kVaultsMax) vaults.push_back(path);
  }
  object[kVaults] = std::move(vaults);
}

}  // namespace

void remember_vault(Settings& settings, const std::string& path) {
  if (!is_vault_path(path)) return;
  std::erase(settings.vaults, path);
  settings.vaults.insert(settings.vaults.begin(), path);
  if (settings.vaults.size() > kVaultsMax) settings.vaults.resize(kVaultsMax);
}

Result<std::string> settings_path_of(const char* xdg_config_home, const char* home) {
  if (xdg_config_home != nullptr && *xdg_config_home == '/') {
    return std::string(xdg_config_home) + "/coffre/settings.json";
  }
  if (home != nullptr && *home == '/') {
    return std::string(home) + "/.config/coffre/settings.json";
  }
  return fail(Code::kInvalidArgument, N_("there is no folder for the settings"), {},
              N_("set XDG_CONFIG_HOME"));
}

Result<std::string> settings_path() {
  return settings_path_of(getenv("XDG_CONFIG_HOME"), getenv("HOME"));
}

LoadedSettings load_settings(const std::string& path) {
  const auto object = read_object(path);
  if (object) return {from_json(*object), std::nullopt};
  if (object.error().code == Code::kNotFound) return {};
  if (object.error().code == Code::kDamaged) {
    if (const Status moved = move_aside(path); !moved) return {{}, moved.error()};
  }
  return {{}, object.error()};
}

Status save_settings(const std::string& path, const Settings& settings) {
  COFFRE_TRY(make_directories(parent_directory(path)));
  auto object = read_object(path);
  if (!object) {
    if (object.error().code == Code::kDamaged) {
      COFFRE_TRY(move_aside(path));
    } else if (object.error().code != Code::kNotFound) {
      return std::unexpected(std::move(object).error());
    }
    object = Json::object();
  }
  put_into(*object, settings);
  // Valid UTF-8 all of it: the parser accepts nothing else, and put_into() gives nothing else.
  return write_durable(path, as_bytes(object->dump(2) + "\n"));
}

}  // namespace coffre::desktop
