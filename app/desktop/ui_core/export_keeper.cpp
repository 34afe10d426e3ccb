#include "app/desktop/ui_core/export_keeper.h"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>

#include "app/common/erase_text.h"
#include "app/common/i18n.h"

namespace coffre::ui {
namespace {

// What erasing is worth where the copies lie; each directory is looked at once.
std::vector<KeptCopy> with_forecasts(std::vector<StandingCopy> copies, const ExportCalls& calls) {
  std::map<std::string, std::optional<EraseForecast>> known;
  std::vector<KeptCopy> kept;
  kept.reserve(copies.size());
  for (StandingCopy& copy : copies) {
    // Looking there would wait for it, perhaps for minutes.
    if (copy.standing == CopyStanding::kUnreachable) {
      kept.push_back({std::move(copy), std::nullopt});
      continue;
    }
    const std::string directory = parent_directory(copy.path);
    auto found = known.find(directory);
    if (found == known.end()) {
      Result<EraseForecast> made = calls.forecast(directory);
      found = known
                  .emplace(directory,
                           made ? std::optional<EraseForecast>(*std::move(made)) : std::nullopt)
                  .first;
    }
    kept.push_back({std::move(copy), found->second});
  }
  return kept;
}

// Why it was not erased, or not well, or what to do about it.
const char* keeper_hint(const EraseReport& report) {
  if (report.reasons.empty()) {
    return "";
  }
  const Reason first = report.reasons.front();
  return first == Reason::kNotFound || first == Reason::kNotExpected
             ? N_("it is not where it was put: look for it")
             : reason_text(first);
}

}  // namespace

struct ExportKeeper::Ask {
  std::optional<SweepRequest> sweep;  // none: a look only
  std::int64_t now_ms = 0;
  std::uint64_t session = 0;
  std::uint64_t job = 0;
  bool can_cancel = false;
  std::shared_ptr<Progress> progress;
};

struct ExportKeeper::News {
  Ask ask;
  std::optional<Result<SweepReport>> swept;
  Result<KeptCopies> kept;
};

// What the thread has of its own, so that it may be left behind.
struct ExportKeeper::Shared {
  Shared(std::string directory, ExportCalls given, Jobs& given_jobs)
      : state_directory(std::move(directory)), calls(std::move(given)), jobs(&given_jobs) {}

  const std::string state_directory;
  const ExportCalls calls;

  std::mutex mutex;
  std::condition_variable changed;
  Jobs* jobs;  // nullptr: the program goes on without the thread
  std::deque<Ask> queue;
  std::deque<News> news;
  std::optional<std::uint64_t> running;  // its job
  bool is_ended = false;
  std::uint64_t session = 0;
  std::stop_source stop;
  std::thread thread;

  void work();
  [[nodiscard]] News answer(Ask ask);
  [[nodiscard]] Result<SweepReport> sweep(const ExportLedger& ledger, const Ask& ask);
  [[nodiscard]] std::uint64_t bytes_of(const ExportLedger& ledger,
                                       const SweepRequest& request) const;
  [[nodiscard]] bool is_idle() const { return queue.empty() && !running; }
};

void ExportKeeper::Shared::work() {
  std::unique_lock<std::mutex> lock(mutex);
  while (true) {
    changed.wait(lock, [this] { return !queue.empty() || is_ended; });
    if (queue.empty()) {
      return;
    }
    Ask ask = std::move(queue.front());
    queue.pop_front();
    running = ask.job;
    lock.unlock();
    News made = answer(std::move(ask));
    lock.lock();
    if (jobs == nullptr) {
      return;
    }
    running.reset();
    jobs->finish_outside(made.ask.job, {});
    news.push_back(std::move(made));
    changed.notify_all();
  }
}

ExportKeeper::News ExportKeeper::Shared::answer(Ask ask) {
  News made;
  const Result<ExportLedger> ledger = ExportLedger::open(state_directory);
  if (!ledger) {
    if (ask.sweep) {
      made.swept.emplace(std::unexpected(ledger.error()));
    }
    made.kept = std::unexpected(ledger.error());
    made.ask = std::move(ask);
    return made;
  }
  if (ask.sweep) {
    made.swept.emplace(sweep(*ledger, ask));
  }
  Result<StandingList> standing = calls.list(*ledger, ask.now_ms);
  if (standing) {
    made.kept = KeptCopies{with_forecasts(std::move(standing->copies), calls),
                           std::move(standing->damaged)};
  } else {
    made.kept = std::unexpected(std::move(standing).error());
  }
  made.ask = std::move(ask);
  return made;
}

std::uint64_t ExportKeeper::Shared::bytes_of(const ExportLedger& ledger,
                                             const SweepRequest& request) const {
  std::uint64_t bytes = 0;
  for (const ExportEntry& entry : ledger.list().value_or(ExportList{}).entries) {
    const bool is_named = std::ranges::find(request.ids, entry.id) != request.ids.end();
    bytes += is_named || (request.due && is_due(entry, request.now_ms)) ? entry.size : 0;
  }
  return bytes;
}

Result<SweepReport> ExportKeeper::Shared::sweep(const ExportLedger& ledger, const Ask& ask) {
  const std::uint64_t bytes = bytes_of(ledger, *ask.sweep);
  std::stop_source stopped;
  const std::stop_callback at_end(stop.get_token(), [&] { stopped.request_stop(); });
  EraseOptions options;
  options.stop = stopped.get_token();
  options.progress = [&](const EraseProgress& done) {
    if (bytes != 0) {
      ask.progress->set(std::min(1.0F, static_cast<float>(static_cast<double>(done.bytes_written) /
                                                          static_cast<double>(bytes))));
    }
    // A lock asks every job to stop. An erasing goes on: only a person's cancel ends it.
    const std::lock_guard<std::mutex> guard(mutex);
    if (ask.can_cancel && ask.progress->should_stop() && ask.session == session) {
      stopped.request_stop();
    }
  };
  return calls.sweep(ledger, *ask.sweep, options);
}

ExportKeeper::ExportKeeper(Parts parts)
    : parts_(std::move(parts)),
      shared_(std::make_shared<Shared>(parts_.state_directory, parts_.calls, parts_.jobs)) {
  shared_->thread = std::thread([shared = shared_] { shared->work(); });
  sweep_due({});
}

ExportKeeper::~ExportKeeper() { finish(); }

void ExportKeeper::post(Ask ask, std::string label) {
  if (is_finished_) {
    return;
  }
  ask.now_ms = parts_.clock.wall_ms();
  if (ask.sweep) {
    ask.sweep->now_ms = ask.now_ms;
  }
  ask.session = session_;
  ask.progress = parts_.jobs.begin_outside(std::move(label), ask.can_cancel, &ask.job);
  ++asked_;
  looked_ms_ = parts_.clock.steady_ms();
  const std::lock_guard<std::mutex> guard(shared_->mutex);
  shared_->queue.push_back(std::move(ask));
  shared_->changed.notify_all();
}

void ExportKeeper::look() { post({}, {}); }

void ExportKeeper::sweep_due(std::string label) {
  retry_ms_ = parts_.clock.steady_ms() + kRetryMs;
  Ask ask;
  ask.sweep.emplace();
  post(std::move(ask), std::move(label));
}

void ExportKeeper::erase(std::vector<Id> ids) {
  if (ids.empty()) {
    return;
  }
  erasing_.insert(erasing_.end(), ids.begin(), ids.end());
  Ask ask;
  ask.sweep.emplace();
  ask.sweep->due = false;
  ask.sweep->ids = std::move(ids);
  ask.can_cancel = true;
  post(std::move(ask), tr(N_("Erasing copies in the clear")));
}

bool ExportKeeper::is_erasing(const Id& copy) const {
  return std::ranges::find(erasing_, copy) != erasing_.end();
}

bool ExportKeeper::is_held(const Id& copy) const {
  return std::ranges::find(held_, copy) != held_.end();
}

bool ExportKeeper::is_ripe(const KeptCopy& kept, std::int64_t now_ms) {
  const CopyStanding standing = kept.copy.standing;
  const bool is_lost = standing == CopyStanding::kMissing && !kept.copy.is_reported;
  if (kept.copy.entry.is_opened() && (standing == CopyStanding::kDue || is_lost)) {
    return true;  // nobody looks after it any more
  }
  const bool is_there = standing == CopyStanding::kKept || standing == CopyStanding::kOpened ||
                        standing == CopyStanding::kDue || standing == CopyStanding::kRenamed;
  // That one is not where it was put is found and said once.
  const bool is_news = standing != CopyStanding::kWriting && !kept.copy.is_reported;
  return (is_there || is_news) && is_due(kept.copy.entry, now_ms);
}

bool ExportKeeper::tick() {
  std::deque<News> news;
  {
    const std::lock_guard<std::mutex> guard(shared_->mutex);
    news.swap(shared_->news);
  }
  const bool is_other = !news.empty();
  for (News& each : news) {
    take(std::move(each));
  }
  if (asked_ == 0 && next_ms() == 0) {
    const std::int64_t now_ms = parts_.clock.wall_ms();
    const bool must_sweep = kept_ && std::ranges::any_of(kept_->copies, [&](const KeptCopy& kept) {
                              return is_ripe(kept, now_ms);
                            });
    if (must_sweep) {
      sweep_due(tr(N_("Erasing copies whose time is over")));
    } else {
      look();
    }
  }
  return is_other;
}

std::int64_t ExportKeeper::next_ms() const {
  if (asked_ != 0) {
    return kLookMs;  // the answer wakes the loop
  }
  const std::int64_t steady_ms = parts_.clock.steady_ms();
  std::int64_t next = looked_ms_ + kLookMs - steady_ms;
  if (kept_) {
    const std::int64_t now_ms = parts_.clock.wall_ms();
    for (const KeptCopy& kept : kept_->copies) {
      if (!is_ripe(kept, now_ms)) {
        const std::int64_t left_ms = kept.copy.entry.deadline_ms - now_ms;
        next = left_ms > 0 ? std::min(next, left_ms) : next;
      } else {
        next = std::min(next, is_held(kept.copy.entry.id) ? retry_ms_ - steady_ms : 0);
      }
    }
  }
  return std::max<std::int64_t>(0, next);
}

void ExportKeeper::take(News news) {
  --asked_;
  if (news.ask.sweep) {
    for (const Id& id : news.ask.sweep->ids) {
      const auto found = std::ranges::find(erasing_, id);
      if (found != erasing_.end()) {
        erasing_.erase(found);
      }
    }
  }
  error_.reset();
  if (news.kept) {
    kept_ = std::make_shared<const KeptCopies>(*std::move(news.kept));
  } else {
    error_ = news.kept.error();
  }
  if (!news.swept) {
    return;
  }
  if (*news.swept) {
    conclude(news);
  } else if (news.swept->error().code != Code::kDenied) {  // else another sweep was first
    parts_.toasts.say_error(news.swept->error());
  }
  if (news.ask.sweep->due) {
    held_.clear();
    for (const KeptCopy& kept : kept_ ? kept_->copies : std::vector<KeptCopy>()) {
      if (is_ripe(kept, news.ask.now_ms)) {
        held_.push_back(kept.copy.entry.id);
      }
    }
  }
}

void ExportKeeper::conclude(const News& news) {
  const std::vector<SweptCopy>& copies = (*news.swept)->copies;
  for (const SweptCopy& copy : copies) {
    // What another session asked for is none of this one's business.
    if (copy.is_closed && news.ask.session == session_) {
      erased_.push_back({copy, news.ask.now_ms});
    }
    tell(copy);
  }
  if (!copies.empty()) {
    // Does nothing when no vault is open, or none that was unlocked before.
    parts_.vault.ask<void>([](Vault& vault) { return vault.journal_outcomes(); },
                           [](const Status&) {});
  }
}

void ExportKeeper::tell(const SweptCopy& copy) {
  if (parts_.vault.state() != SessionState::kUnlocked) {
    return;  // nobody is there to be told; what cannot be erased is told after the unlock
  }
  const EraseReport& report = copy.report;
  // What lay in memory and is gone is worth what was said when it was opened.
  const bool is_in_memory = copy.entry.kind == CopyKind::kOpenedInMemory;
  if (report.verdict == Verdict::kNotGuaranteed && !is_in_memory) {
    parts_.toasts.say_error({Code::kFailed, N_("a copy was erased, but not guaranteed"),
                             report.path, keeper_hint(report)});
    return;
  }
  const bool is_failed = report.verdict == Verdict::kFailed && !copy.is_closed;
  const bool is_cancelled = report.reasons == std::vector{Reason::kCancelled};
  if (!is_failed || is_cancelled) {
    told_.erase(copy.entry.id);
    return;
  }
  // Once for each reason, however often it is tried again.
  if (std::exchange(told_[copy.entry.id], report.reasons) != report.reasons) {
    parts_.toasts.say_error({Code::kFailed, N_("a copy in the clear could not be erased"),
                             report.path, keeper_hint(report)});
  }
}

void ExportKeeper::end_session() {
  ++session_;
  {
    const std::lock_guard<std::mutex> guard(shared_->mutex);
    shared_->session = session_;
  }
  erased_.clear();
  sweep_due({});
}

void ExportKeeper::finish() {
  if (is_finished_) {
    return;
  }
  if (!kept_ || !kept_->copies.empty()) {
    sweep_due({});
  }
  is_finished_ = true;
  std::unique_lock<std::mutex> lock(shared_->mutex);
  const auto is_idle = [this] { return shared_->is_idle(); };
  const std::chrono::milliseconds patience(parts_.finish_ms);
  shared_->is_ended = true;
  shared_->changed.notify_all();
  bool is_done = shared_->changed.wait_for(lock, patience, is_idle);
  if (!is_done) {
    lock.unlock();
    shared_->stop.request_stop();  // runs callbacks
    lock.lock();
    is_done = shared_->changed.wait_for(lock, patience, is_idle);
  }
  if (is_done) {
    lock.unlock();
    shared_->thread.join();
    return;
  }
  // It hangs in a call to the system. It has all it needs, and is told that nobody waits for it.
  for (const Ask& ask : shared_->queue) {
    shared_->jobs->finish_outside(ask.job, {});
  }
  shared_->queue.clear();
  if (shared_->running) {
    shared_->jobs->finish_outside(*shared_->running, {});
  }
  shared_->jobs = nullptr;
  shared_->thread.detach();
}

}  // namespace coffre::ui
