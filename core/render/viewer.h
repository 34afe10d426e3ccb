// Viewer: shows a document without reading it. A process of its own, coffre-viewer, which can reach
// nothing but the system's fonts, reads it and answers with pixels and words.
//
// Guarantees: one process a document, at most; no answer of it is trusted: sizes and lengths are
// checked, text is copied before it is looked at. A document that crashes or holds up its process
// is an error of that call; the next call starts anew. The pixels are overwritten before each call
// and at the end. close() kills the process at any time.
// Not covered: whether what is shown is what the document says: a document that takes its viewer
// over can show anything, as any document can.
// Errors: kFailed (broken, not of a kind that can be shown, protected, took too long, needed too
// much memory, closed), kLimit (too large, at this size or at all), kNotFound (no such page).
// Threads: one call at a time; close() at any time from any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "core/base/error.h"
#include "core/base/memory_file.h"

namespace coffre {

struct PageInfo {  // at 72 per inch, not turned
  double width_pt = 0;
  double height_pt = 0;
};

struct PageImage {
  std::uint32_t width = 0;
  std::uint32_t height = 0;
  std::size_t stride = 0;
  // Red, green, blue, 255. Valid until the next call on this Viewer, or close(): where another
  // thread may close it, the picture is looked at in draw()'s second form only.
  std::span<const std::byte> rgba;
  // Text of the page has no font here, or another one than it was made with: say so beside it.
  bool fonts_missing = false;
};

struct PageWord {
  float x0 = 0;  // box in 0..1 of the page, origin top left
  float y0 = 0;
  float x1 = 0;
  float y1 = 0;
  std::string text;
};

struct PageText {
  std::vector<PageWord> words;
};

struct ViewerOptions {
  // Path of coffre-viewer, from the root. Empty: beside the running program; in a build, that
  // build's; else where it is installed.
  std::string program;
  std::int64_t patience_ms = 10'000;  // for one call, the start of a process included
  int landlock_max = -1;  // -1: the newest. Lower: what an older kernel would have, for tests
};

class Viewer {
 public:
  // Starts a process for the content (sealed) and opens the document.
  [[nodiscard]] static Result<std::unique_ptr<Viewer>> open(MemoryFile content,
                                                            const std::string& mime,
                                                            const ViewerOptions& options);
  ~Viewer();
  Viewer(const Viewer&) = delete;
  Viewer& operator=(const Viewer&) = delete;

  [[nodiscard]] std::uint32_t pages() const;
  // Pages count from 0.
  [[nodiscard]] Result<PageInfo> page_info(std::uint32_t page);
  // width_px is that after the clockwise quarter turns (any number of them).
  [[nodiscard]] Result<PageImage> draw(std::uint32_t page, std::uint32_t width_px,
                                       int quarter_turns);
  // The same; close() waits for `take`, which must call nothing of this Viewer.
  using TakePage = std::function<void(const PageImage&)>;
  [[nodiscard]] Status draw(std::uint32_t page, std::uint32_t width_px, int quarter_turns,
                            const TakePage& take);
  [[nodiscard]] Result<PageText> text(std::uint32_t page);
  // For the calls that follow.
  void set_patience(std::int64_t patience_ms);
  // Kills the process; overwrites and frees pixels and content. A call that waits in another thread
  // returns kFailed first. Calls afterwards return kFailed.
  void close();
  // The process's number, 0 when none runs: for tests, and for nothing else.
  [[nodiscard]] int process_id() const;

 private:
  struct Impl;
  [[nodiscard]] Result<PageImage> draw_in_call(std::uint32_t page, std::uint32_t width_px,
                                               int quarter_turns);
  explicit Viewer(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

// Whether documents of this type can be shown at all.
[[nodiscard]] bool can_be_shown(const std::string& mime);

}  // namespace coffre
