#include "app/desktop/ui_shell/settings_store.h"

#include <charconv>
#include <utility>

namespace coffre::ui {
namespace {

void read_number(std::string_view text, int* into) {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error == std::errc() && end == text.data() + text.size()) {
    *into = value;
  }
}

}  // namespace

SettingsStore::SettingsStore(std::string path) : path_(std::move(path)) {
  if (!path_.empty()) {
    // One that was broken is beside it now; the usual settings are no reason to trouble anybody.
    settings_ = desktop::load_settings(path_).settings;
  }
}

std::string SettingsStore::get(std::string_view key) const {
  if (key == "vault") {
    return settings_.vaults.empty() ? std::string() : settings_.vaults.front();
  }
  if (key == "theme") {
    return settings_.theme;
  }
  if (key == "scale") {
    return std::to_string(settings_.scale_percent);
  }
  if (key == "language") {
    return settings_.language;
  }
  if (key == "minimise_after") {
    return std::to_string(settings_.minimise_after_s);
  }
  return {};
}

void SettingsStore::set(std::string_view key, std::string_view value) {
  const desktop::Settings before = settings_;
  if (key == "vault") {
    desktop::remember_vault(settings_, std::string(value));
  } else if (key == "theme") {
    settings_.theme = value;
  } else if (key == "scale") {
    read_number(value, &settings_.scale_percent);
  } else if (key == "language") {
    settings_.language = value;
  } else if (key == "minimise_after") {
    read_number(value, &settings_.minimise_after_s);
  }
  if (settings_ != before) {
    save();
  }
}

WindowOptions SettingsStore::window() const {
  return {.width = settings_.window_width, .height = settings_.window_height};
}

void SettingsStore::set_window(const WindowOptions& size) {
  if (size.width != settings_.window_width || size.height != settings_.window_height) {
    settings_.window_width = size.width;
    settings_.window_height = size.height;
    save();
  }
}

void SettingsStore::save() {
  if (!path_.empty()) {
    // A full or read-only disk: the setting holds until the program ends, and says so by itself.
    static_cast<void>(desktop::save_settings(path_, settings_));
  }
}

}  // namespace coffre::ui
