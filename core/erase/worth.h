// What an overwrite is worth, by what speaks against it and what it was made on: the same rules for
// a file that was erased and for one that does not exist yet.
// Threads: values, no shared state.
#pragma once

#include <vector>

#include "core/erase/erase.h"

namespace coffre::erase {

// In the order of Reason, each once.
void sort_reasons(std::vector<Reason>& reasons);
// Of an overwrite that went through.
[[nodiscard]] Verdict verdict_of(const std::vector<Reason>& reasons, Medium medium);
[[nodiscard]] std::vector<Uncovered> uncovered_of(const std::vector<Reason>& reasons,
                                                  Medium medium);

}  // namespace coffre::erase
