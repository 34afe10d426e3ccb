// What passes with time, and the drawing of each stage.
#include <algorithm>

#include "app/common/i18n.h"
#include "app/desktop/ui_core/app_impl.h"
#include "app/desktop/ui_core/draw.h"
#include "app/desktop/ui_core/icons.h"

namespace coffre::ui {
namespace {

constexpr std::int64_t kIdleWaitMs = 60'000;
constexpr std::int64_t kProgressMs = 100;
constexpr std::int64_t kSecondMs = 1'000;
constexpr float kToastsShare = 0.25F;  // of the window's height, at most
constexpr std::int64_t kClockMinuteMs = 60 * kSecondMs;

std::int64_t seconds(std::int64_t ms) { return (ms + kSecondMs - 1) / kSecondMs; }
// Until the number of whole seconds is another.
std::int64_t until_next_second(std::int64_t ms) { return ms - (seconds(ms) - 1) * kSecondMs; }

}  // namespace

std::int64_t App::Impl::curtain_left_ms() const {
  return curtain_since_ms
             ? std::max<std::int64_t>(0, *curtain_since_ms + kCurtainMs - clock.steady_ms())
             : 0;
}

bool App::Impl::has_notice() const {
  const std::shared_ptr<const Policy> policy = host.policy();
  if (!has_keys() || has_curtain() || !policy) {
    return false;
  }
  // Where the limit itself is short, the notice is for its second half.
  const std::int64_t limit_ms = std::int64_t{policy->lock_after_seconds()} * kSecondMs;
  const std::int64_t left_ms = host.remaining_ms();
  return left_ms > 0 && left_ms <= std::min(kNoticeMs, limit_ms / 2);
}

bool App::Impl::counts_minutes() const {
  return stage == Stage::kSession && exports.kept() && !exports.kept()->copies.empty();
}

void App::Impl::tick() {
  if (first_start && stage != Stage::kFirstStart) {
    first_start.reset();
    ++epoch;
  }
  if (has_curtain() && curtain_left_ms() == 0) {
    request_lock(LockCause::kCurtain);
  }
  const LockCause wanted = wanted_lock.exchange(LockCause::kNone);
  const bool is_unlocking = stage == Stage::kUnlock && unlock_view.is_busy();
  if (wanted != LockCause::kNone && (has_keys() || is_unlocking)) {
    end_session(wanted);  // an unlock that is under way ends in a lock
  } else if (has_keys() && host.remaining_ms() == 0) {
    // Locked elsewhere, or in this very moment by the lease's own thread.
    const bool is_locking = host.state() != SessionState::kUnlocked;
    end_session(is_locking ? host.lock_cause() : LockCause::kIdle);
  }
  // After the lock: what jobs bring reaches no screen of a session that is over.
  if (jobs.drain()) {
    must_draw = true;
  }
  if (opened_documents.tick()) {
    must_draw = true;
  }
  if (exports.tick()) {
    must_draw = true;
  }
  if (toasts.expire()) {
    must_draw = true;
  }
  const std::int64_t minimise_ms = std::int64_t{preferences.minimise_after_s()} * kSecondMs;
  if (minimise_ms > 0 && is_minimise_due && clock.steady_ms() - last_activity_ms >= minimise_ms) {
    is_minimise_due = false;
    must_minimise = true;
  }
}

App::Impl::Shown App::Impl::shown_now() const {
  Shown now;
  if (stage == Stage::kSession) {
    now.lock = shown_time(host.remaining_ms());
    now.lock.next_change_ms = 0;
    const std::vector<ShownJob> shown = jobs.shown();
    now.jobs = shown.size();
    now.percent = shown.empty() ? -2 : static_cast<int>(shown.front().fraction * 100);
  }
  if (counts_minutes()) {
    now.minute = clock.wall_ms() / kClockMinuteMs;
  }
  if (has_notice()) {
    now.notice_s = seconds(host.remaining_ms());
  }
  now.curtain_s = seconds(curtain_left_ms());
  if (stage == Stage::kUnlock) {
    now.wait_s = unlock_view.wait_s(clock.steady_ms());
  }
  return now;
}

std::int64_t App::Impl::next_ms() const {
  std::int64_t next = kIdleWaitMs;
  const auto at_most = [&](std::int64_t ms) {
    if (ms >= 0) {
      next = std::min(next, std::max<std::int64_t>(1, ms));
    }
  };
  if (stage == Stage::kSession) {
    at_most(shown_time(host.remaining_ms()).next_change_ms);
    if (!jobs.shown().empty()) {
      at_most(kProgressMs);
    }
  }
  if (has_keys()) {
    at_most(host.remaining_ms());
  }
  if (has_notice()) {
    at_most(until_next_second(host.remaining_ms()));
  }
  if (has_curtain()) {
    at_most(until_next_second(curtain_left_ms()));
  }
  if (stage == Stage::kUnlock && throttle.wait_ms(clock.steady_ms()) > 0) {
    at_most(until_next_second(throttle.wait_ms(clock.steady_ms())));
  }
  at_most(toasts.next_ms());
  at_most(opened_documents.next_ms());
  at_most(exports.next_ms());
  if (counts_minutes()) {
    at_most(kClockMinuteMs - clock.wall_ms() % kClockMinuteMs);
  }
  if (preferences.minimise_after_s() > 0 && is_minimise_due) {
    at_most(last_activity_ms + std::int64_t{preferences.minimise_after_s()} * kSecondMs -
            clock.steady_ms());
  }
  return next;
}

bool App::Impl::must_settle() const {
  switch (stage) {
    case Stage::kFirstStart:
      return first_start && first_start->must_settle();
    case Stage::kAlarm:
      return alarm && alarm->must_settle();
    case Stage::kUnlock:
      return unlock_view.must_settle();
    case Stage::kOwnPassword:
      return own_password && own_password->must_settle();
    default:
      return false;
  }
}

void App::Impl::draw(Ui& ui) {
  tick();
  must_draw = false;
  begin_root(ui);
  if (has_curtain()) {
    if (draw_curtain(ui, seconds(curtain_left_ms()))) {
      curtain_since_ms.reset();
      must_draw = true;
      host.renew();
    }
  } else {
    draw_stage(ui);
    if (has_notice()) {
      draw_lock_notice(ui, seconds(host.remaining_ms()));
    }
  }
  end_root(ui);
  must_draw = must_draw || must_settle();
  drawn = shown_now();
}

void App::Impl::draw_stage(Ui& ui) {
  switch (stage) {
    case Stage::kFirstStart:
      first_start->draw(ui);
      break;
    case Stage::kAlarm: {
      const AlarmView::Pressed pressed = alarm->draw(ui);
      if (pressed == AlarmView::Pressed::kRetry) {
        open(host.path());
      } else if (pressed == AlarmView::Pressed::kAnother) {
        show_first_start();
      }
      break;
    }
    case Stage::kUnlock:
      unlock_view.draw(ui, caps_lock);
      break;
    case Stage::kOwnPassword:
      own_password->draw(ui);
      break;
    case Stage::kSession: {
      const ImVec2 window = ImGui::GetIO().DisplaySize;
      const float rail = ui.px(size::kRail);
      const float bottom = window.y - ui.px(size::kStatusBar);
      const float strip = toasts.height(ui, window.x - rail, window.y * kToastsShare);
      session->draw(ui, strip);
      toasts.draw(ui, {{rail, bottom - strip}, {window.x, bottom}});
      break;
    }
    case Stage::kOpening:
    case Stage::kEntering: {
      const ImVec2 window = ImGui::GetIO().DisplaySize;
      ImDrawList& list = *ImGui::GetWindowDrawList();
      list.AddRectFilled({0, 0}, window, paint::colour(ui.theme.rail));
      const std::string words =
          tr(stage == Stage::kOpening ? N_("Opening the vault…") : N_("Unlocking…"));
      const ImVec2 extent = paint::extent(ui.fonts.title, words);
      const ImVec2 at((window.x - extent.x) / 2, (window.y - extent.y) / 2);
      put(list, ui.fonts.title, at, ui.theme.rail_strong, words);
      paint::note(ui, "app.wait", words, {at, {at.x + extent.x, at.y + extent.y}});
      break;
    }
  }
}

}  // namespace coffre::ui
