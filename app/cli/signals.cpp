#include "app/cli/signals.h"

#include <cerrno>
#include <mutex>
#include <pthread.h>
#include <signal.h>
#include <string>
#include <thread>
#include <unistd.h>

#include "app/cli/exit_code.h"
#include "app/cli/terminal.h"
#include "app/common/i18n.h"
#include "core/vault/export_sweep.h"
#include "core/vault/vault.h"

namespace coffre::cli {
namespace {

std::mutex vault_mutex;
Vault* watched = nullptr;
struct SignalCopy {
  std::string state_directory;
  Id id;
};
std::optional<SignalCopy> watched_copy;
std::stop_source* watched_work = nullptr;
StopOnSignal::Locks watched_locks = StopOnSignal::Locks::kAtOnce;

// Another sweep that runs meanwhile is not waited for: the next one finishes what is left.
void erase_watched_copy() {
  const auto ledger = ExportLedger::open(watched_copy->state_directory);
  if (!ledger) {
    return;
  }
  SweepRequest request;
  request.now_ms = system_clock().wall_ms();
  request.due = false;
  request.ids = {watched_copy->id};
  request.wait = false;
  static_cast<void>(sweep_exports(*ledger, request));
}

sigset_t ending_signals() {
  sigset_t set;
  sigemptyset(&set);
  for (const int signal : {SIGTERM, SIGHUP, SIGINT}) {
    sigaddset(&set, signal);
  }
  return set;
}

void tell(const char* words) {
  const std::string text = std::string("coffrectl: ") + tr(words) + "\n";
  static_cast<void>(!write(STDERR_FILENO, text.data(), text.size()));
}

// False: none came in that time. Negative: waits for ever.
bool wait_for_one(std::int64_t ms_max) {
  const sigset_t set = ending_signals();
  const timespec time{.tv_sec = ms_max / 1'000, .tv_nsec = ms_max % 1'000 * 1'000'000};
  while (true) {
    if (sigtimedwait(&set, nullptr, ms_max < 0 ? nullptr : &time) >= 0) {
      return true;
    }
    if (errno == EAGAIN) {
      return false;
    }
  }
}

// The work that was stopped, when the program goes on: it says what became of it. Else nullptr.
const std::stop_source* stop_work() {
  const std::lock_guard lock(vault_mutex);
  if (watched_work == nullptr || !watched_work->request_stop()) {
    return nullptr;
  }
  if (watched != nullptr && watched_locks == StopOnSignal::Locks::kAtOnce) {
    watched->lock();
  }
  tell(N_("stopping; once more ends at once"));
  return watched_work;
}

// Whether it has stored what it had: the program goes on then, and ends by itself.
bool has_stored(const std::stop_source* work) {
  const std::lock_guard lock(vault_mutex);
  return watched_work != work || watched_locks == StopOnSignal::Locks::kAtOnce;
}

void wait_until_the_end() {
  const std::stop_source* stopped = nullptr;
  while (true) {
    const bool came = wait_for_one(stopped == nullptr ? -1 : StopOnSignal::kWorkMsMax);
    restore_terminal();
    if (came) {
      stopped = stop_work();
      if (stopped == nullptr) {
        return;
      }
    } else if (!has_stored(stopped)) {
      return;
    } else {
      stopped = nullptr;
    }
  }
}

[[noreturn]] void wait_for_signal() {
  wait_until_the_end();
  // Held to the end: the vault must not go away while it is locked.
  const std::lock_guard lock(vault_mutex);
  if (watched != nullptr) {
    watched->lock();
  }
  if (watched_work != nullptr && watched_locks == StopOnSignal::Locks::kTheWork) {
    tell(N_("what was saved last may not be stored"));
  }
  if (watched_copy) {
    erase_watched_copy();
  }
  tell(N_("interrupted"));
  // No destructors: the main thread may still be anywhere. What it writes is safe to leave at any
  // point, and the keys are gone.
  _exit(status_of(Exit::kBusy));
}

}  // namespace

void start_signals() {
  ::signal(SIGPIPE, SIG_IGN);
  const sigset_t set = ending_signals();
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
  std::thread(wait_for_signal).detach();
}

void set_signal_vault(Vault* vault) {
  const std::lock_guard lock(vault_mutex);
  watched = vault;
}

void set_signal_copy(const std::string& state_directory, const Id& copy) {
  const std::lock_guard lock(vault_mutex);
  watched_copy = SignalCopy{state_directory, copy};
}

void clear_signal_copy() {
  const std::lock_guard lock(vault_mutex);
  watched_copy.reset();
}

StopOnSignal::StopOnSignal(Locks locks) {
  const std::lock_guard lock(vault_mutex);
  watched_work = &source_;
  watched_locks = locks;
}

StopOnSignal::~StopOnSignal() {
  const std::lock_guard lock(vault_mutex);
  watched_work = nullptr;
}

}  // namespace coffre::cli
