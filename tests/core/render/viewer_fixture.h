// What tests of the viewer share. Threads: one.
#pragma once

#include <memory>
#include <ostream>
#include <string>

#include "core/render/viewer.h"
#include "tests/support/documents.h"

namespace coffre::test {

[[nodiscard]] MemoryFile memory_of(ByteView bytes);
[[nodiscard]] ViewerOptions viewer_options();
[[nodiscard]] Result<std::unique_ptr<Viewer>> open_viewer(ByteView bytes, const std::string& mime,
                                                          const ViewerOptions& options);
[[nodiscard]] Result<std::unique_ptr<Viewer>> open_viewer(ByteView bytes, const std::string& mime);

// The pixel at a place in 0..1 of the picture.
[[nodiscard]] Colour colour_at(const PageImage& image, double x, double y);
// Whether it is that colour, but for what compression changes.
[[nodiscard]] bool is_near(const Colour& seen, const Colour& wanted);
// The colours in the middle of the four quarters, row by row, as letters: "RGBY" upright.
[[nodiscard]] std::string quarters_of(const PageImage& image);
// Whether anything on the page is darker than paper.
[[nodiscard]] bool has_ink(const PageImage& image);

}  // namespace coffre::test
