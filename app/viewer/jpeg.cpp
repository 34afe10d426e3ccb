// JPEG by libjpeg-turbo's own interface, which needs no longjmp. Grey, YCbCr, RGB, CMYK and YCCK.
#include <turbojpeg.h>

#include "app/viewer/jpeg_head.h"
#include "app/viewer/picture.h"

namespace coffre::viewer {
namespace {

struct HandleDeleter {
  void operator()(void* handle) const { tjDestroy(handle); }
};
using Handle = std::unique_ptr<void, HandleDeleter>;

std::unexpected<Error> broken_jpeg() { return fail(Code::kDamaged, "the JPEG file is damaged"); }

// Four inks to blue, green, red; the picture's row is used for both.
void inks_to_colours(Byte* row, std::uint32_t width, bool inverted) {
  for (std::uint32_t x = 0; x < width; ++x) {
    Byte* const pixel = row + std::size_t{x} * 4;
    const auto paper = [&](unsigned ink) -> unsigned { return inverted ? ink : 255 - ink; };
    const unsigned black = paper(pixel[3]);
    const auto red = static_cast<Byte>((paper(pixel[0]) * black + 127) / 255);
    const auto green = static_cast<Byte>((paper(pixel[1]) * black + 127) / 255);
    const auto blue = static_cast<Byte>((paper(pixel[2]) * black + 127) / 255);
    pixel[0] = blue;
    pixel[1] = green;
    pixel[2] = red;
    pixel[3] = 255;
  }
}

class JpegDocument final : public PictureDocument {
 public:
  JpegDocument(ByteView content, const JpegHead& head) : content_(content), head_(head) {}

  [[nodiscard]] std::uint32_t pages() const override { return 1; }

 protected:
  Result<PictureHead> head(std::uint32_t page) override {
    if (page != 0) return fail(Code::kNotFound, "there is no such page");
    return head_.picture;
  }

  Result<Picture> decode(std::uint32_t /*page*/, std::uint32_t reduction) override {
    const Handle handle(tjInitDecompress());
    if (!handle) return fail(Code::kOutOfMemory, "the document needs more memory than it may have");
    int width = 0;
    int height = 0;
    int sampling = 0;
    int colours = 0;
    const auto size = static_cast<unsigned long>(content_.size());
    if (tjDecompressHeader3(handle.get(), content_.data(), size, &width, &height, &sampling,
                            &colours) != 0) {
      return broken_jpeg();
    }
    // The head that the limits were checked on, and the one that is decoded, are one.
    if (std::cmp_not_equal(width, head_.picture.width) ||
        std::cmp_not_equal(height, head_.picture.height)) {
      return broken_jpeg();
    }
    const tjscalingfactor scaling{1, static_cast<int>(reduction)};
    const auto small_width = TJSCALED(width, scaling);
    const auto small_height = TJSCALED(height, scaling);
    COFFRE_TRY_ASSIGN(Picture picture, Picture::create(static_cast<std::uint32_t>(small_width),
                                                       static_cast<std::uint32_t>(small_height)));
    const bool inks = colours == TJCS_CMYK || colours == TJCS_YCCK;
    // A file that ends too early shows what there is of it: that is a warning, not an error.
    // TJFLAG_LIMITSCANS: a picture of a thousand refinements is made to keep us busy.
    if (tjDecompress2(handle.get(), content_.data(), size, picture.row(0), small_width,
                      static_cast<int>(picture.stride()), small_height,
                      inks ? TJPF_CMYK : TJPF_BGRX, TJFLAG_LIMITSCANS) != 0 &&
        tjGetErrorCode(handle.get()) != TJERR_WARNING) {
      return broken_jpeg();
    }
    for (std::uint32_t y = 0; inks && y < picture.height(); ++y) {
      inks_to_colours(picture.row(y), picture.width(), head_.adobe);
    }
    return picture;
  }

 private:
  ByteView content_;
  JpegHead head_;
};

}  // namespace

Result<std::unique_ptr<Document>> open_jpeg(ByteView content) {
  COFFRE_TRY_ASSIGN(const JpegHead head, read_jpeg_head(content));
  COFFRE_TRY(check_size(head.picture.width, head.picture.height));
  return std::make_unique<JpegDocument>(content, head);
}

}  // namespace coffre::viewer
