// The workstation's settings, as the App asks for them: by key.
//
// Guarantees: a settings file that cannot be read or written is never in the way; a change is
// written at once. Threads: UI thread only.
#pragma once

#include <string>
#include <string_view>

#include "app/desktop/platform/settings.h"
#include "app/desktop/ui_shell/window.h"

namespace coffre::ui {

class SettingsStore {
 public:
  // `path` empty: nothing is remembered.
  explicit SettingsStore(std::string path);

  // The keys of AppOptions::setting; empty for others.
  [[nodiscard]] std::string get(std::string_view key) const;
  void set(std::string_view key, std::string_view value);

  [[nodiscard]] WindowOptions window() const;
  void set_window(const WindowOptions& size);

 private:
  void save();

  std::string path_;
  desktop::Settings settings_;
};

}  // namespace coffre::ui
