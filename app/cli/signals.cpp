#include "app/cli/signals.h"

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

void wait_for_one() {
  const sigset_t set = ending_signals();
  int signal = 0;
  while (sigwait(&set, &signal) != 0) {
  }
}

// True when the program goes on: the work stops, and it says what became of it.
bool stop_work() {
  const std::lock_guard lock(vault_mutex);
  if (watched_work == nullptr || !watched_work->request_stop()) {
    return false;
  }
  if (watched != nullptr) {
    watched->lock();
  }
  tell(N_("stopping; once more ends at once"));
  return true;
}

[[noreturn]] void wait_for_signal() {
  do {
    wait_for_one();
    restore_terminal();
  } while (stop_work());
  // Held to the end: the vault must not go away while it is locked.
  const std::lock_guard lock(vault_mutex);
  if (watched != nullptr) {
    watched->lock();
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

StopOnSignal::StopOnSignal() {
  const std::lock_guard lock(vault_mutex);
  watched_work = &source_;
}

StopOnSignal::~StopOnSignal() {
  const std::lock_guard lock(vault_mutex);
  watched_work = nullptr;
}

}  // namespace coffre::cli
