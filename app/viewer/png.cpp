// PNG by libpng's simplified interface, which needs no longjmp.
#include <algorithm>
#include <png.h>

#include "app/viewer/picture.h"

namespace coffre::viewer {
namespace {

using std::string_view_literals::operator""sv;

std::unexpected<Error> broken_png() { return fail(Code::kDamaged, "the PNG file is damaged"); }

// Frees what libpng keeps, on every way out.
class Image {
 public:
  Image() { image_.version = PNG_IMAGE_VERSION; }
  Image(const Image&) = delete;
  Image& operator=(const Image&) = delete;
  ~Image() { png_image_free(&image_); }

  [[nodiscard]] Status begin(ByteView content) {
    if (png_image_begin_read_from_memory(&image_, content.data(), content.size()) == 0) {
      return broken_png();
    }
    return check_size(image_.width, image_.height);
  }
  png_image& get() { return image_; }

 private:
  png_image image_{};
};

// The density of a pHYs chunk (PNG 1.2, 4.2.4.2), which stands before the pixels.
void read_density(ByteView content, PictureHead& head) {
  constexpr double kMetresPerInch = 0.0254;
  Reader in(content);
  if (!in.take(8)) return;
  while (true) {
    const auto size = in.u32();
    const auto kind = in.take(4);
    if (!size || !kind || as_text(*kind) == "IDAT"sv) return;
    const auto data = in.take(*size);
    if (!data || !in.u32()) return;
    if (as_text(*kind) == "pHYs"sv) {
      Reader chunk(*data);
      const double x = chunk.u32().value_or(0);
      const double y = chunk.u32().value_or(0);
      if (chunk.u8().value_or(0) == 1) {
        head.dpi_x = x * kMetresPerInch;
        head.dpi_y = y * kMetresPerInch;
      }
      return;
    }
  }
}

class PngDocument final : public PictureDocument {
 public:
  PngDocument(ByteView content, const PictureHead& head) : content_(content), head_(head) {}

  [[nodiscard]] std::uint32_t pages() const override { return 1; }

 protected:
  Result<PictureHead> head(std::uint32_t page) override {
    if (page != 0) return fail(Code::kNotFound, "there is no such page");
    return head_;
  }

  Result<Picture> decode(std::uint32_t /*page*/, std::uint32_t /*reduction*/) override {
    Image image;
    COFFRE_TRY(image.begin(content_));
    COFFRE_TRY_ASSIGN(Picture picture, Picture::create(image.get().width, image.get().height));
    image.get().format = PNG_FORMAT_BGRA;
    if (png_image_finish_read(&image.get(), nullptr, picture.row(0),
                              static_cast<png_int_32>(picture.stride()), nullptr) == 0) {
      return broken_png();
    }
    picture.put_over_white();
    return picture;
  }

 private:
  ByteView content_;
  PictureHead head_;
};

}  // namespace

Result<std::unique_ptr<Document>> open_png(ByteView content) {
  Image image;
  COFFRE_TRY(image.begin(content));
  PictureHead head{.width = image.get().width, .height = image.get().height};
  read_density(content, head);
  return std::make_unique<PngDocument>(content, head);
}

}  // namespace coffre::viewer
