#include "app/desktop/platform/desktop_signals.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <limits>

#include "app/desktop/platform/logind_watch.h"
#include "app/desktop/platform/screen_saver_watch.h"

namespace coffre::desktop {
namespace {

using SteadyTime = std::chrono::steady_clock::time_point;

// Milliseconds for poll(), rounded up.
int until_ms(SteadyTime deadline) {
  const auto left =
      std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now())
          .count();
  return static_cast<int>(std::clamp<std::int64_t>(left, 0, std::numeric_limits<int>::max()));
}

}  // namespace

Result<std::unique_ptr<DesktopSignals>> DesktopSignals::start(const Callback& callback,
                                                              DesktopSignalsOptions options) {
  COFFRE_TRY_ASSIGN(Wakeup wakeup, Wakeup::create());
  std::unique_ptr<DesktopSignals> made(
      new DesktopSignals(callback, std::move(options), std::move(wakeup)));
  COFFRE_TRY_ASSIGN(made->thread_, start_thread([self = made.get()] { self->run(); }));
  return made;
}

DesktopSignals::DesktopSignals(const Callback& callback, DesktopSignalsOptions options,
                               Wakeup wakeup)
    : options_(std::move(options)),
      wakeup_(std::move(wakeup)),
      logind_(std::make_unique<LogindWatch>(
          LogindWatch::Options{options_.system_bus, options_.session_id, options_.reason},
          callback)),
      screen_saver_(std::make_unique<ScreenSaverWatch>(options_.session_bus, callback)) {}

DesktopSignals::~DesktopSignals() {
  if (!thread_.joinable()) return;
  COFFRE_ASSERT(thread_.get_id() != std::this_thread::get_id());
  stops_.store(true);
  wakeup_.signal();
  thread_.join();
}

DesktopStatus DesktopSignals::status() const {
  const std::lock_guard guard(mutex_);
  return status_;
}

void DesktopSignals::run() {
  const std::chrono::milliseconds retry(options_.retry_ms);
  SteadyTime next_attempt = std::chrono::steady_clock::now();
  while (!stops_.load()) {
    bool is_whole = logind_->is_connected() && screen_saver_->is_connected();
    if (!is_whole && until_ms(next_attempt) == 0) {
      is_whole = connect();
      next_attempt = std::chrono::steady_clock::now() + retry;
    }
    logind_->process();
    screen_saver_->process();
    publish();
    is_whole = is_whole && logind_->is_connected() && screen_saver_->is_connected();
    const std::array<sd_bus*, 2> buses = {logind_->bus(), screen_saver_->bus()};
    wait_for_buses(buses, wakeup_, is_whole ? -1 : until_ms(next_attempt));
  }
}

bool DesktopSignals::connect() {
  const bool has_logind = logind_->is_connected() || logind_->connect().has_value();
  const bool has_screen_saver =
      screen_saver_->is_connected() || screen_saver_->connect().has_value();
  return has_logind && has_screen_saver;
}

void DesktopSignals::publish() {
  const DesktopStatus now{.sleep = logind_->listens(),
                          .delays_sleep = logind_->delays_sleep(),
                          .session_lock = logind_->listens(),
                          .screen_saver = screen_saver_->listens()};
  {
    const std::lock_guard guard(mutex_);
    if (now == status_) return;
    status_ = now;
  }
  if (options_.on_status) options_.on_status(now);
}

}  // namespace coffre::desktop
