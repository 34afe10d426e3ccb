#include "app/cli/png_output.h"

#include <png.h>

#include <gtest/gtest.h>

namespace coffre::cli {
namespace {

// Red, green, blue of the file, read back.
Bytes read_back(ByteView file, std::uint32_t& width, std::uint32_t& height) {
  png_image image{};
  image.version = PNG_IMAGE_VERSION;
  EXPECT_NE(png_image_begin_read_from_memory(&image, file.data(), file.size()), 0);
  image.format = PNG_FORMAT_RGB;
  width = image.width;
  height = image.height;
  Bytes pixels(PNG_IMAGE_SIZE(image));
  EXPECT_NE(png_image_finish_read(&image, nullptr, pixels.data(), 0, nullptr), 0);
  return pixels;
}

TEST(EncodePng, KeepsColoursAndLeavesTheFourthByteAndTheRestOfARowOut) {
  const Bytes rgba = {1, 2, 3, 255, 4, 5, 6, 0, 99, 99, 7, 8, 9, 255, 10, 11, 12, 255};
  const auto file = encode_png(2, 2, 10, rgba);
  ASSERT_TRUE(file);
  std::uint32_t width = 0;
  std::uint32_t height = 0;
  EXPECT_EQ(read_back(*file, width, height), (Bytes{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}));
  EXPECT_EQ(width, 2U);
  EXPECT_EQ(height, 2U);
}

TEST(EncodePng, ALargePageComesBackWhole) {
  constexpr std::uint32_t kWidth = 700;
  constexpr std::uint32_t kHeight = 900;
  Bytes rgba;
  Bytes wanted;
  for (std::uint32_t i = 0; i < kWidth * kHeight; ++i) {
    const Bytes pixel = {static_cast<Byte>(i), static_cast<Byte>(i >> 8U),
                         static_cast<Byte>(i * 7)};
    wanted.insert(wanted.end(), pixel.begin(), pixel.end());
    rgba.insert(rgba.end(), pixel.begin(), pixel.end());
    rgba.push_back(255);
  }
  const auto file = encode_png(kWidth, kHeight, std::size_t{kWidth} * 4, rgba);
  ASSERT_TRUE(file);
  std::uint32_t width = 0;
  std::uint32_t height = 0;
  EXPECT_EQ(read_back(*file, width, height), wanted);
}

}  // namespace
}  // namespace coffre::cli
