#include "app/desktop/ui_core/preferences.h"

#include <algorithm>
#include <charconv>

namespace coffre::ui {
namespace {

constexpr int kMinimiseAfterMaxSeconds = 24 * 3600;

constexpr std::array<const char*, 3> kThemeNames = {"light", "dark", "contrast"};

// What somebody wrote into the settings may be anything.
int number_of(std::string_view text, int otherwise) {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size() ? value : otherwise;
}

}  // namespace

Preferences::Preferences(Get get_setting, Set set_setting)
    : get_(std::move(get_setting)), set_(std::move(set_setting)) {
  const std::string theme = get("theme");
  for (std::size_t i = 0; i < kThemeNames.size(); ++i) {
    if (theme == kThemeNames[i]) {
      appearance_.theme = static_cast<ThemeKind>(i);
    }
  }
  const int percent = number_of(get("scale"), kScalePercents.front());
  if (std::ranges::find(kScalePercents, percent) != kScalePercents.end()) {
    appearance_.scale_percent = percent;
  }
  const std::string language = get("language");
  if (language == "fr") {
    choose_language(Language::kFrench);
  } else if (language == "en") {
    choose_language(Language::kEnglish);
  }
  minimise_after_s_ = std::clamp(number_of(get("minimise_after"), 0), 0, kMinimiseAfterMaxSeconds);
}

void Preferences::set_theme(ThemeKind theme) {
  appearance_.theme = theme;
  set("theme", kThemeNames[static_cast<std::size_t>(theme)]);
}

void Preferences::set_scale(int percent) {
  appearance_.scale_percent = percent;
  set("scale", std::to_string(percent));
}

void Preferences::set_language(Language language) {
  choose_language(language);
  set("language", language == Language::kFrench ? "fr" : "en");
}

void Preferences::set_minimise_after_s(int seconds) {
  minimise_after_s_ = std::clamp(seconds, 0, kMinimiseAfterMaxSeconds);
  set("minimise_after", std::to_string(minimise_after_s_));
}

std::string Preferences::get(std::string_view key) const {
  return get_ ? get_(key) : std::string();
}

void Preferences::set(std::string_view key, std::string_view value) {
  if (set_) {
    set_(key, value);
  }
}

}  // namespace coffre::ui
