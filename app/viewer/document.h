// A document as the viewer sees it: pages that have a size and can be drawn.
//
// Guarantees of every implementation: content of any kind ends in a Result, as far as the library
// that reads it does not end the process (which the sandbox and the client are there for); pixels
// are counted against kSourcePixelsMax before memory is taken for them.
// Texts of errors do not leave the process, which answers with a number: they are not translated.
// Errors: kDamaged (broken, or not of this kind), kCredentials (wants a password), kNotFound (no
// such page), kLimit, kOutOfMemory. Threads: one.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include <cairo/cairo.h>

#include "core/base/bytes.h"
#include "core/base/viewer_protocol.h"

namespace coffre::viewer {

// Of a picture before it is scaled: A3 at 600 dpi has 70 million.
inline constexpr std::uint64_t kSourcePixelsMax = 100'000'000;
inline constexpr std::uint32_t kSourceSideMax = 32'767;  // what Cairo's surfaces can have

struct PageSize {  // points, 72 an inch
  double width = 0;
  double height = 0;
};

class Document {
 public:
  Document() = default;
  Document(const Document&) = delete;
  Document& operator=(const Document&) = delete;
  virtual ~Document() = default;

  [[nodiscard]] virtual std::uint32_t pages() const = 0;
  [[nodiscard]] virtual Result<PageSize> size(std::uint32_t page) = 0;
  // Draws the page over 0..width, 0..height in points; `scale` is how many pixels a point gets.
  [[nodiscard]] virtual Status draw(std::uint32_t page, cairo_t* context, double scale) = 0;
  // Whether text of the page has no font, or another than the one it was made with.
  [[nodiscard]] virtual bool fonts_missing(std::uint32_t /*page*/) { return false; }
  [[nodiscard]] virtual Result<std::vector<Word>> words(std::uint32_t /*page*/) {
    return std::vector<Word>{};
  }
};

// `content` must outlive the document.
[[nodiscard]] Result<std::unique_ptr<Document>> open_pdf(ByteView content);
[[nodiscard]] Result<std::unique_ptr<Document>> open_jpeg(ByteView content);
[[nodiscard]] Result<std::unique_ptr<Document>> open_png(ByteView content);
[[nodiscard]] Result<std::unique_ptr<Document>> open_tiff(ByteView content);
[[nodiscard]] Result<std::unique_ptr<Document>> open_webp(ByteView content);
[[nodiscard]] Result<std::unique_ptr<Document>> open_document(DocumentKind kind, ByteView content);

// Fontconfig's configuration, read now. Where the sandbox cannot tell one file from another, this
// is the last time that something may be opened.
void load_font_configuration();

}  // namespace coffre::viewer
