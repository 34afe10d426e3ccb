// Covers: what is drawn over everything: the curtain, and the notice before the lock.
// Threads: UI thread only.
#pragma once

#include <cstdint>
#include <string>

#include "app/desktop/ui_core/ui.h"

namespace coffre::ui {

inline constexpr std::int64_t kNoticeMs = 30'000;
inline constexpr std::int64_t kCurtainMs = 10'000;

// How the time that is left is shown: whole minutes, below one minute tens of seconds, at the end
// seconds, so that an idle window has nothing to draw.
struct ShownTime {
  bool is_minutes = false;
  std::int64_t value = 0;           // minutes or seconds, rounded up
  std::int64_t next_change_ms = 0;  // until it reads otherwise; 0: never
  bool operator==(const ShownTime&) const = default;
};
[[nodiscard]] ShownTime shown_time(std::int64_t remaining_ms);
[[nodiscard]] std::string text_of(const ShownTime& time);

// The whole window; nothing else may be drawn in this frame. True: a key or a button was pressed.
[[nodiscard]] bool draw_curtain(Ui& ui, std::int64_t left_s);
// Over all else, also over sheets; takes no input: any key or movement stays.
void draw_lock_notice(Ui& ui, std::int64_t left_s);

}  // namespace coffre::ui
