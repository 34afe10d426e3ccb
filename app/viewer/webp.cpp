// WebP by libwebp; of one that moves, nothing is shown.
#include <webp/decode.h>

#include "app/viewer/picture.h"

namespace coffre::viewer {
namespace {

std::unexpected<Error> broken_webp() { return fail(Code::kDamaged, "the WebP file is damaged"); }

class WebpDocument final : public PictureDocument {
 public:
  WebpDocument(ByteView content, const PictureHead& head) : content_(content), head_(head) {}

  [[nodiscard]] std::uint32_t pages() const override { return 1; }

 protected:
  Result<PictureHead> head(std::uint32_t page) override {
    if (page != 0) return fail(Code::kNotFound, "there is no such page");
    return head_;
  }

  Result<Picture> decode(std::uint32_t /*page*/, std::uint32_t /*reduction*/) override {
    COFFRE_TRY_ASSIGN(Picture picture, Picture::create(head_.width, head_.height));
    const std::size_t size = picture.stride() * picture.height();
    // Kept as it was stored, not premultiplied: it goes over white below.
    if (WebPDecodeBGRAInto(content_.data(), content_.size(), picture.row(0), size,
                           static_cast<int>(picture.stride())) == nullptr) {
      return broken_webp();
    }
    picture.put_over_white();
    return picture;
  }

 private:
  ByteView content_;
  PictureHead head_;
};

}  // namespace

Result<std::unique_ptr<Document>> open_webp(ByteView content) {
  WebPBitstreamFeatures features;
  if (WebPGetFeatures(content.data(), content.size(), &features) != VP8_STATUS_OK ||
      features.has_animation != 0 || features.width <= 0 || features.height <= 0) {
    return broken_webp();
  }
  const PictureHead head{.width = static_cast<std::uint32_t>(features.width),
                         .height = static_cast<std::uint32_t>(features.height)};
  COFFRE_TRY(check_size(head.width, head.height));
  return std::make_unique<WebpDocument>(content, head);
}

}  // namespace coffre::viewer
