// A person who waits for an erasure: a line that says how far it is, and a way to stop it.
#pragma once

#include "app/cli/output.h"
#include "app/cli/progress_line.h"
#include "app/cli/signals.h"
#include "core/erase/erase.h"

namespace coffre::cli {

// While it lives, the first signal stops the erasure: what was begun may be overwritten in part,
// the rest stays, and the reports say which.
class EraseWatch {
 public:
  explicit EraseWatch(const Output& output);
  // Good as long as this lives.
  [[nodiscard]] EraseOptions options();
  void show(const EraseProgress& progress) { line_.show(progress); }

 private:
  StopOnSignal stop_;
  ProgressLine line_;
};

}  // namespace coffre::cli
