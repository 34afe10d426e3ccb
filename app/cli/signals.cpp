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
#include "core/vault/vault.h"

namespace coffre::cli {
namespace {

std::mutex vault_mutex;
Vault* watched = nullptr;

sigset_t ending_signals() {
  sigset_t set;
  sigemptyset(&set);
  for (const int signal : {SIGTERM, SIGHUP, SIGINT}) {
    sigaddset(&set, signal);
  }
  return set;
}

[[noreturn]] void wait_for_signal() {
  const sigset_t set = ending_signals();
  int signal = 0;
  while (sigwait(&set, &signal) != 0) {
  }
  restore_terminal();
  // Held to the end: the vault must not go away while it is locked.
  const std::lock_guard lock(vault_mutex);
  if (watched != nullptr) {
    watched->lock();
  }
  const std::string text = std::string("coffrectl: ") + tr(N_("interrupted")) + "\n";
  static_cast<void>(!write(STDERR_FILENO, text.data(), text.size()));
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

}  // namespace coffre::cli
