// Whether text of a PDF page is shown with the fonts that it was made with.
//
// A font that the file brings along is always there. Of the fourteen standard ones (PDF 1.7, 9.6.2)
// and their common doubles, any font with the same widths will do. All else has to be installed
// under its own name: Poppler takes another font without a word, or leaves the text out.
// Threads: one.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "core/base/bytes.h"

namespace poppler {
// NOLINTBEGIN(readability-identifier-naming): Poppler's names
class document;
class font_info;
// NOLINTEND(readability-identifier-naming)
}  // namespace poppler

namespace coffre::viewer {

class PdfFonts {
 public:
  explicit PdfFonts(ByteView content);
  ~PdfFonts();
  PdfFonts(const PdfFonts&) = delete;
  PdfFonts& operator=(const PdfFonts&) = delete;

  // False also for a page whose fonts cannot be listed.
  [[nodiscard]] bool missing(std::uint32_t page);

 private:
  // Whether a font that is not in the file is there, or one that may stand for it.
  [[nodiscard]] bool has_stand_in(const poppler::font_info& font);
  // The family in a font file, as plain_font_name() gives it; empty when it cannot be read.
  const std::string& family_of(const std::string& file);

  ByteView content_;
  std::unique_ptr<poppler::document> document_;  // read when it is first asked for
  std::map<std::string, std::string> families_;
};

// "ABCDEF+Arial,Bold", "ArialMT", "Arial-BoldItalicMT" -> "arial".
[[nodiscard]] std::string plain_font_name(std::string_view name);
// Whether `family` may stand for the font `name`; both plain.
[[nodiscard]] bool may_stand_for(std::string_view family, std::string_view name);

}  // namespace coffre::viewer
