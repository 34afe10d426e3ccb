// Runs coffre-erase-helper after an erasure, once for each file system: as it is for root, else by
// pkexec, which asks for an administrator's password where a desktop can show the question.
//
// Guarantees: the helper is given an open directory, no path: names do not get into the system's
// logs. What a report says becomes better only by what the helper did, after the file's removal, on
// the file system that the file was on. Threads: one at a time.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "core/erase/erase.h"

namespace coffre {

enum class JournalCare : std::uint8_t {
  kZeroed,
  kUnsupported,  // not an ext4 with a journal, or a kernel before 5.14
  kNotAllowed,   // the rights of an administrator were not given
  kFailed,
};

struct HelperResult {
  JournalCare care = JournalCare::kFailed;
  // Bytes that the medium was told of as free; nullopt: it was not told.
  std::optional<std::uint64_t> discarded;
};

// Of the answer of a helper that was run for a file system of `device`. What is no such answer is
// kFailed.
[[nodiscard]] HelperResult read_answer(std::string_view answer, std::uint64_t device);

struct CaredFor {
  std::string_view path;  // of the first file
  HelperResult result;
};

// For all files that were removed; a result each, nullopt for those that were not. Adds to `done`
// what was done for each file system.
[[nodiscard]] std::vector<std::optional<JournalCare>> care_for_journals(
    std::span<EraseReport> reports, bool discard, std::vector<CaredFor>& done);

// "zeroed", "unsupported", "not-allowed", "failed".
[[nodiscard]] std::string_view care_word(JournalCare care);
// To be translated.
[[nodiscard]] const char* care_text(JournalCare care);

}  // namespace coffre
