// The sheets of the frame itself: preferences, and what this program is.
#include <algorithm>

#include "app/common/i18n.h"
#include "app/desktop/ui_core/icons.h"
#include "app/desktop/ui_core/session.h"

namespace coffre::ui {
namespace {

constexpr float kSheetWidth = 520;
constexpr int kMinuteSeconds = 60;

void draw_minimise_choice(Ui& ui, Preferences& preferences) {
  text(ui, TextKind::kSmallStrong, tr(N_("Minimise the window when nobody is at it")));
  std::array<std::string, kMinimiseAfterMinutes.size()> choices;
  // One that was written into the settings by hand may be none of these.
  std::size_t chosen = choices.size();
  for (std::size_t i = 0; i < choices.size(); ++i) {
    const int minutes = kMinimiseAfterMinutes[i];
    choices[i] =
        minutes == 0 ? tr(N_("Never")) : fill(tr(N_("After {} min")), {std::to_string(minutes)});
    if (minutes * kMinuteSeconds == preferences.minimise_after_s()) {
      chosen = i;
    }
  }
  if (segments(ui, "preferences.minimise", choices, chosen)) {
    preferences.set_minimise_after_s(kMinimiseAfterMinutes[chosen] * kMinuteSeconds);
  }
}

}  // namespace

void Session::draw_preferences(Ui& ui) {
  if (!preferences_are_open_ ||
      !begin_sheet(ui, "preferences", tr(N_("Preferences")), kSheetWidth, preferences_are_open_)) {
    return;
  }
  text(ui, TextKind::kSmallStrong, tr(N_("Language")));
  const std::array<std::string, 2> languages = {"English", "Français"};
  auto language = static_cast<std::size_t>(current_language());
  if (segments(ui, "preferences.language", languages, language)) {
    preferences_.set_language(static_cast<Language>(language));
  }
  gap(ui, size::kGapWide);
  text(ui, TextKind::kSmallStrong, tr(N_("Appearance")));
  const std::array<std::string, 3> themes = {tr(N_("Light")), tr(N_("Dark")),
                                             tr(N_("High contrast"))};
  auto theme = static_cast<std::size_t>(preferences_.appearance().theme);
  if (segments(ui, "preferences.theme", themes, theme)) {
    preferences_.set_theme(static_cast<ThemeKind>(theme));
  }
  gap(ui, size::kGapWide);
  text(ui, TextKind::kSmallStrong, tr(N_("Size")));
  std::array<std::string, kScalePercents.size()> sizes;
  std::size_t scale = 0;
  for (std::size_t i = 0; i < kScalePercents.size(); ++i) {
    sizes[i] = std::to_string(kScalePercents[i]) + "\u202F%";
    if (kScalePercents[i] == preferences_.appearance().scale_percent) {
      scale = i;
    }
  }
  if (segments(ui, "preferences.scale", sizes, scale)) {
    preferences_.set_scale(kScalePercents[scale]);
  }
  gap(ui, size::kGapWide);
  draw_minimise_choice(ui, preferences_);
  gap(ui, size::kGapLarge);
  separator(ui);
  gap(ui, size::kGapWide);
  if (button(ui, "preferences.lock", tr(N_("Lock the vault")), ButtonKind::kPlain, icon::kLock)) {
    preferences_are_open_ = false;
    services_.commands.run("app.lock");
  }
  same_line(ui);
  if (button(ui, "preferences.about", tr(N_("About Coffre")), ButtonKind::kPlain, icon::kInfo)) {
    preferences_are_open_ = false;
    about_is_open_ = true;
  }
  end_sheet(ui);
}

void Session::draw_about(Ui& ui) {
  if (!about_is_open_ || !begin_sheet(ui, "about", "Coffre", kSheetWidth, about_is_open_)) {
    return;
  }
  if (!actions_.version.empty()) {
    text(ui, TextKind::kMuted, fill(tr(N_("Version {}")), {actions_.version}));
    gap(ui, size::kGap);
  }
  wrapped(ui, TextKind::kText,
          tr(N_("Coffre is free software under the GNU General Public License, version 3 or "
                "later. It comes without any warranty.")));
  gap(ui, size::kGap);
  wrapped(ui, TextKind::kStrong, tr(N_("What it does not protect from")));
  wrapped(ui, TextKind::kText,
          tr(N_("A camera on the screen, a person who is forced to unlock, and a program that "
                "controls this computer while the vault is unlocked. Who has the file learns the "
                "names of the staff and how much is stored, not what.")));
  gap(ui, size::kGapLarge);
  if (button(ui, "about.done", tr(N_("Close")), ButtonKind::kPrimary)) {
    about_is_open_ = false;
  }
  end_sheet(ui);
}

}  // namespace coffre::ui
