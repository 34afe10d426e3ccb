// Erasures as results of a command: the contract's JSON, lines for a person, the exit status.
#pragma once

#include <span>

#include "app/cli/exit_code.h"
#include "app/cli/output.h"
#include "core/erase/erase.h"

namespace coffre::cli {

// {path, verdict, reasons, filesystem, bytes, size, method, medium, left, uncovered}.
[[nodiscard]] Json erase_json(const EraseReport& report);
// kDone when everything was overwritten, else kErasure.
[[nodiscard]] Exit erase_exit(Verdict verdict);
[[nodiscard]] Exit erase_exit(std::span<const EraseReport> reports);
// A line for each file, and what no overwriting reaches.
void print_erasures(Output& output, std::span<const EraseReport> reports);

}  // namespace coffre::cli
