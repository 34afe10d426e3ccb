// The export ledger, on the command line.
#pragma once

#include <string>

#include "app/cli/output.h"
#include "core/vault/export_sweep.h"

namespace coffre::cli {

// Erases what is due, as every start of a program does; what it did is noted on standard error. A
// failure keeps nobody from working.
void sweep_quietly(const std::string& state_directory, const Output& output);

}  // namespace coffre::cli
