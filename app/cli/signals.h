// SIGTERM, SIGHUP and SIGINT: the keys are wiped, the terminal gets its echo back, and the program
// ends with the status of a lock.
//
// Threads: start() before any other thread runs, so that all of them leave these signals alone.
#pragma once

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

}  // namespace coffre::cli
