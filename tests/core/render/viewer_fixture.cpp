#include "tests/core/render/viewer_fixture.h"

#include <array>
#include <cstdlib>

namespace coffre::test {

MemoryFile memory_of(ByteView bytes) {
  MemoryFile file = MemoryFile::create("test").value();
  COFFRE_ASSERT(file.append(bytes).has_value());
  COFFRE_ASSERT(file.seal().has_value());
  return file;
}

ViewerOptions viewer_options() {
  ViewerOptions options;
  options.program = COFFRE_VIEWER;
  return options;
}

Result<std::unique_ptr<Viewer>> open_viewer(ByteView bytes, const std::string& mime,
                                            const ViewerOptions& options) {
  return Viewer::open(memory_of(bytes), mime, options);
}

Result<std::unique_ptr<Viewer>> open_viewer(ByteView bytes, const std::string& mime) {
  return open_viewer(bytes, mime, viewer_options());
}

Colour colour_at(const PageImage& image, double x, double y) {
  const auto column = static_cast<std::size_t>(x * image.width);
  const auto row = static_cast<std::size_t>(y * image.height);
  const auto pixel = image.rgba.subspan(row * image.stride + column * 4, 4);
  return {std::to_integer<int>(pixel[0]), std::to_integer<int>(pixel[1]),
          std::to_integer<int>(pixel[2])};
}

bool is_near(const Colour& seen, const Colour& wanted) {
  constexpr int kTolerance = 24;
  return std::abs(seen.red - wanted.red) <= kTolerance &&
         std::abs(seen.green - wanted.green) <= kTolerance &&
         std::abs(seen.blue - wanted.blue) <= kTolerance;
}

std::string quarters_of(const PageImage& image) {
  std::string letters;
  for (const double y : {0.25, 0.75}) {
    for (const double x : {0.25, 0.75}) {
      const Colour seen = colour_at(image, x, y);
      char letter = '?';
      if (is_near(seen, kRed)) letter = 'R';
      if (is_near(seen, kGreen)) letter = 'G';
      if (is_near(seen, kBlue)) letter = 'B';
      if (is_near(seen, kYellow)) letter = 'Y';
      letters.push_back(letter);
    }
  }
  return letters;
}

bool has_ink(const PageImage& image) {
  for (std::size_t at = 0; at < image.rgba.size(); at += 4) {
    if (std::to_integer<int>(image.rgba[at]) < 128) return true;
  }
  return false;
}

}  // namespace coffre::test
