// Documents for tests of what reads documents, made when they are asked for. Each picture has four
// quarters: red, green, blue and yellow, from the top left, row by row.
// Threads: no shared state.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/bytes.h"

namespace coffre::test {

struct Colour {
  int red = 0;
  int green = 0;
  int blue = 0;
};
inline constexpr Colour kRed{255, 0, 0};
inline constexpr Colour kGreen{0, 255, 0};
inline constexpr Colour kBlue{0, 0, 255};
inline constexpr Colour kYellow{255, 255, 0};
inline constexpr Colour kWhite{255, 255, 255};
inline constexpr Colour kBlack{0, 0, 0};

enum class PngKind : unsigned char { kPlain, kInterlaced, kHalfCovered, kSixteenBits };
[[nodiscard]] Bytes png_picture(std::uint32_t width, std::uint32_t height, PngKind kind);

enum class Inks : unsigned char { kThree, kFour };
// `orientation` 0: no Exif block.
[[nodiscard]] Bytes jpeg_picture(int width, int height, Inks inks, int orientation);

[[nodiscard]] Bytes webp_picture(int width, int height);

// Pages of pictures in colour; page n has n more rows than the first.
[[nodiscard]] Bytes tiff_pictures(std::uint32_t width, std::uint32_t height, std::uint32_t pages,
                                  std::uint16_t compression, std::uint16_t orientation);
// One page of two colours, its left half black: compression CCITTFAX3 or CCITTFAX4, 200 dpi.
[[nodiscard]] Bytes tiff_fax(std::uint32_t width, std::uint32_t height, std::uint16_t compression);

// Writes PDF files object by object (PDF 1.7, 7.5).
class PdfMaker {
 public:
  // Returns the object's number; objects count from 1.
  int add(std::string_view body);
  int add_stream(std::string_view dictionary, std::string_view data);
  [[nodiscard]] Bytes finish(int root) const;

 private:
  std::vector<std::string> objects_;
};

// One page of 200 x 100 points. `resources`: the inside of its dictionary; `more`: more entries of
// the catalog.
[[nodiscard]] Bytes pdf_page(std::string_view content, std::string_view resources,
                             std::string_view more = {});
// The four quarters.
[[nodiscard]] Bytes pdf_picture();
// "Bonjour" in a font that is not in the file.
[[nodiscard]] Bytes pdf_with_font(std::string_view base_font);
// `pages` pages, a line of text on each, in a tree without branches.
[[nodiscard]] Bytes pdf_pages(int pages);
// A page whose content is `size` spaces, deflated.
[[nodiscard]] Bytes pdf_bomb(std::size_t size);
// A head that promises width x height pixels, and a few bytes of them.
[[nodiscard]] Bytes png_bomb(std::uint32_t width, std::uint32_t height);

}  // namespace coffre::test
