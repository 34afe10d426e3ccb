// SIGTERM, SIGHUP and SIGINT: the keys are wiped, the terminal gets its echo back, and the program
// ends with the status of a lock.
//
// A copy that was opened for another program is erased.
//
// Threads: start() before any other thread runs, so that all of them leave these signals alone.
#pragma once

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

}  // namespace coffre::cli
