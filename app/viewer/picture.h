// Pictures: what JPEG, PNG, TIFF and WebP have in common once their pixels are there.
//
// Guarantees: a Picture is opaque; limits are those of document.h. Threads: one.
#pragma once

#include <functional>
#include <memory>

#include <cairo/cairo.h>

#include "app/viewer/document.h"

namespace coffre::viewer {

struct SurfaceDeleter {
  void operator()(cairo_surface_t* surface) const { cairo_surface_destroy(surface); }
};
using Surface = std::unique_ptr<cairo_surface_t, SurfaceDeleter>;

// What stands in a file's head.
struct PictureHead {
  std::uint32_t width = 0;  // pixels as stored, before it is turned
  std::uint32_t height = 0;
  double dpi_x = 0;  // 0: not said
  double dpi_y = 0;
  int orientation = 1;  // as TIFF and EXIF count: 1 upright, 6 to be turned clockwise, ...
};

// kLimit, or kDamaged for no pixels at all.
[[nodiscard]] Status check_size(std::uint64_t width, std::uint64_t height);

// Pixels of CAIRO_FORMAT_RGB24 to be filled: four bytes each, blue first. kOutOfMemory.
class Picture {
 public:
  [[nodiscard]] static Result<Picture> create(std::uint32_t width, std::uint32_t height);
  [[nodiscard]] std::uint32_t width() const { return width_; }
  [[nodiscard]] std::uint32_t height() const { return height_; }
  [[nodiscard]] std::size_t stride() const { return stride_; }
  [[nodiscard]] Byte* row(std::uint32_t y) const { return data_ + stride_ * y; }
  // For rows whose fourth byte says how much of a pixel is covered: makes it opaque, on white.
  void put_over_white() const;
  // Call after the rows were filled.
  [[nodiscard]] cairo_surface_t* finish() const;

 private:
  Surface surface_;
  Byte* data_ = nullptr;
  std::size_t stride_ = 0;
  std::uint32_t width_ = 0;
  std::uint32_t height_ = 0;
};

// A document of pictures. The page that was drawn last stays decoded.
class PictureDocument : public Document {
 public:
  [[nodiscard]] Result<PageSize> size(std::uint32_t page) override;
  [[nodiscard]] Status draw(std::uint32_t page, cairo_t* context, double scale) override;

 protected:
  [[nodiscard]] virtual Result<PictureHead> head(std::uint32_t page) = 0;
  // `reduction`: the picture may be smaller by this power of two (1, 2, 4, 8).
  [[nodiscard]] virtual Result<Picture> decode(std::uint32_t page, std::uint32_t reduction) = 0;

 private:
  struct Kept {
    std::uint32_t page;
    std::uint32_t reduction;
    Picture picture;
  };
  std::unique_ptr<Kept> kept_;
};

}  // namespace coffre::viewer
