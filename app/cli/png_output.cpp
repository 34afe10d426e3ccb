#include "app/cli/png_output.h"

#include <png.h>

namespace coffre::cli {

Result<WipedBytes> encode_png(std::uint32_t width, std::uint32_t height, std::size_t stride,
                              ByteView rgba) {
  COFFRE_ASSERT(width > 0 && height > 0 && stride >= std::size_t{width} * 4 &&
                rgba.size() >= stride * (height - 1) + std::size_t{width} * 4);
  WipedBytes colours;
  colours.reserve(std::size_t{width} * height * 3);
  for (std::uint32_t y = 0; y < height; ++y) {
    const Byte* pixel = rgba.data() + stride * y;
    for (std::uint32_t x = 0; x < width; ++x, pixel += 4) {
      colours.insert(colours.end(), pixel, pixel + 3);
    }
  }
  png_image image{};
  image.version = PNG_IMAGE_VERSION;
  image.width = width;
  image.height = height;
  image.format = PNG_FORMAT_RGB;
  png_alloc_size_t size = PNG_IMAGE_PNG_SIZE_MAX(image);
  WipedBytes out(size);
  const int written =
      png_image_write_to_memory(&image, out.data(), &size, 0, colours.data(), 0, nullptr);
  png_image_free(&image);
  if (written == 0) {
    return fail(Code::kOutOfMemory, N_("the picture of the page cannot be made"));
  }
  out.resize(size);
  return out;
}

}  // namespace coffre::cli
