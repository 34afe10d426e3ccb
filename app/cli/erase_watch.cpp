#include "app/cli/erase_watch.h"

#include <unistd.h>

#include "core/base/clock.h"

namespace coffre::cli {
EraseWatch::EraseWatch(const Output& output)
    : line_(!output.json() && isatty(STDERR_FILENO) == 1, system_clock()) {}

EraseOptions EraseWatch::options() {
  EraseOptions options;
  options.stop = stop_.token();
  options.progress = [this](const EraseProgress& progress) { show(progress); };
  return options;
}

}  // namespace coffre::cli
