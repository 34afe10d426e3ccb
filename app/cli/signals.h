// SIGTERM, SIGHUP and SIGINT: the keys are wiped, the terminal gets its echo back, and the program
// ends with the status of a lock.
//
// A copy that was opened for another program is erased, after what was saved in it was stored. Work
// that can be stopped is stopped, and the program goes on to say what became of it.
//
// Threads: start() before any other thread runs, so that all of them leave these signals alone.
#pragma once

#include <cstdint>
#include <stop_token>
#include <string>

#include "core/base/bytes.h"

namespace coffre {
class Vault;
}

namespace coffre::cli {

// Blocks the signals and starts the thread that waits for them. SIGPIPE is ignored: a closed reader
// is a failed write.
void start_signals();

// The vault that a signal has to lock; nullptr before it is destroyed (waits while a signal locks
// it).
void set_signal_vault(Vault* vault);

// The copy that a signal has to erase, and where its ledger is; until it is cleared.
void set_signal_copy(const std::string& state_directory, const Id& copy);
void clear_signal_copy();

// While it lives, the first signal locks the vault and asks for a stop; only a second one ends the
// program. One at a time.
class StopOnSignal {
 public:
  enum class Locks : unsigned char {
    kAtOnce,
    // The work has something to store first, and locks the vault itself: within kWorkMsMax after
    // the signal this object is gone, else the program locks it and ends as after a second one.
    kTheWork,
  };
  static constexpr std::int64_t kWorkMsMax = 6'000;

  explicit StopOnSignal(Locks locks = Locks::kAtOnce);
  StopOnSignal(const StopOnSignal&) = delete;
  StopOnSignal& operator=(const StopOnSignal&) = delete;
  // Waits while a signal locks the vault.
  ~StopOnSignal();
  [[nodiscard]] std::stop_token token() const { return source_.get_token(); }

 private:
  std::stop_source source_;
};

}  // namespace coffre::cli
