// Preferences: how the program looks and speaks on this workstation, kept through the shell's
// settings. Nothing in them belongs to a vault's content. Threads: UI thread only.
#pragma once

#include <array>
#include <functional>
#include <string>
#include <string_view>

#include "app/common/i18n.h"
#include "app/desktop/ui_core/app.h"

namespace coffre::ui {

inline constexpr std::array<int, 4> kScalePercents = {100, 125, 150, 200};
inline constexpr std::array<int, 4> kMinimiseAfterMinutes = {0, 1, 2, 5};  // that are offered

class Preferences {
 public:
  using Get = std::function<std::string(std::string_view)>;
  using Set = std::function<void(std::string_view, std::string_view)>;
  // Reads them; a language that was chosen replaces that of the environment.
  Preferences(Get get, Set set);

  [[nodiscard]] const Appearance& appearance() const { return appearance_; }
  void set_theme(ThemeKind theme);
  void set_scale(int percent);  // one of kScalePercents
  void set_language(Language language);
  [[nodiscard]] std::string vault() const { return get("vault"); }
  void set_vault(const std::string& path) { set("vault", path); }
  // Seconds without activity after which the window is minimised; 0: never.
  [[nodiscard]] int minimise_after_s() const { return minimise_after_s_; }
  void set_minimise_after_s(int seconds);

 private:
  [[nodiscard]] std::string get(std::string_view key) const;
  void set(std::string_view key, std::string_view value);

  Get get_;
  Set set_;
  Appearance appearance_;
  int minimise_after_s_ = 0;
};

}  // namespace coffre::ui
