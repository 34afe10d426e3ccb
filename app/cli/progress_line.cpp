#include "app/cli/progress_line.h"

#include <unistd.h>

#include "app/cli/output.h"
#include "app/common/i18n.h"
#include "core/base/os.h"

namespace coffre::cli {
namespace {

constexpr std::int64_t kFirstMs = 500;
constexpr std::int64_t kNextMs = 100;

}  // namespace

void ProgressLine::show(const EraseProgress& progress) {
  if (!shown_) {
    return;
  }
  const std::int64_t now_ms = clock_.steady_ms();
  if (!next_ms_) {
    next_ms_ = now_ms + kFirstMs;
  }
  if (now_ms < *next_ms_) {
    return;
  }
  next_ms_ = now_ms + kNextMs;
  write(fill(tr(N_("{} of {} files, {} overwritten")),
             {std::to_string(progress.files_done), std::to_string(progress.files_total),
              readable_size(progress.bytes_written)}));
}

void ProgressLine::write(const std::string& text) {
  if (text.empty() && width_ == 0) {
    return;
  }
  const std::size_t width = display_width(text);
  std::string line = "\r" + text;
  line.append(width_ > width ? width_ - width : 0, ' ');
  if (text.empty()) {
    line += "\r";
  }
  width_ = width;
  // Nothing is left to tell it to when standard error fails.
  static_cast<void>(os().write(STDERR_FILENO, line.data(), line.size()));
}

}  // namespace coffre::cli
