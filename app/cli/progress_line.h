// How far an erasure is, for a person at a terminal.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "core/base/clock.h"
#include "core/erase/erase.h"

namespace coffre::cli {

// One line on standard error that is written over again, at most ten times a second, and gone at
// the end; nothing in the first half second. Nothing where nobody looks: with --json, or where
// standard error is no terminal.
// Threads: show() from any, one call at a time.
class ProgressLine {
 public:
  ProgressLine(bool shown, Clock& clock) : shown_(shown), clock_(clock) {}
  ProgressLine(const ProgressLine&) = delete;
  ProgressLine& operator=(const ProgressLine&) = delete;
  ~ProgressLine() { write({}); }

  void show(const EraseProgress& progress);

 private:
  void write(const std::string& text);

  bool shown_;
  Clock& clock_;
  std::optional<std::int64_t> next_ms_;
  std::size_t width_ = 0;  // columns of what stands there
};

}  // namespace coffre::cli
