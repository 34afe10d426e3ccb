#include "app/viewer/jpeg_head.h"

#include <gtest/gtest.h>

#include "tests/support/documents.h"

namespace coffre::viewer {
namespace {

using std::string_view_literals::operator""sv;

TEST(JpegHead, SaysTheSizeAndTheTurn) {
  const auto head = read_jpeg_head(test::jpeg_picture(96, 48, test::Inks::kThree, 6));
  ASSERT_TRUE(head);
  EXPECT_EQ(head->picture.width, 96U);
  EXPECT_EQ(head->picture.height, 48U);
  EXPECT_EQ(head->picture.orientation, 6);
  EXPECT_EQ(head->components, 3);
  EXPECT_FALSE(head->adobe);
}

TEST(JpegHead, KnowsAdobesInks) {
  const auto head = read_jpeg_head(test::jpeg_picture(96, 48, test::Inks::kFour, 0));
  ASSERT_TRUE(head);
  EXPECT_EQ(head->components, 4);
  EXPECT_TRUE(head->adobe);
  EXPECT_EQ(head->picture.orientation, 1);
}

TEST(JpegHead, ReadsADensityPerInchAndPerCentimetre) {
  for (const auto& [unit, wanted] : {std::pair{1, 200.0}, std::pair{2, 508.0}, std::pair{0, 0.0}}) {
    Writer file;
    file.u16(0xffd8).u16(0xffe0).u16(16).raw("JFIF\0"sv).u16(0x0102);
    file.u8(static_cast<std::uint8_t>(unit)).u16(200).u16(200).u16(0);
    file.u16(0xffc0).u16(11).u8(8).u16(10).u16(20).u8(1).u8(1).u8(0x11).u8(0);
    const auto head = read_jpeg_head(file.view());
    ASSERT_TRUE(head);
    EXPECT_NEAR(head->picture.dpi_x, wanted, 0.01);
  }
}

TEST(JpegHead, CutAnywhereItIsDamagedOrTheSame) {
  const Bytes whole = test::jpeg_picture(96, 48, test::Inks::kThree, 6);
  for (std::size_t size = 0; size < 300 && size < whole.size(); ++size) {
    const auto head = read_jpeg_head(ByteView(whole).first(size));
    if (head) {
      EXPECT_EQ(head->picture.width, 96U);
    } else {
      EXPECT_EQ(head.error().code, Code::kDamaged);
    }
  }
  EXPECT_FALSE(read_jpeg_head(as_bytes("\xff\xd8\xff\xd9"sv)));
  EXPECT_FALSE(read_jpeg_head(as_bytes("GIF89a"sv)));
}

TEST(ExifOrientation, IsReadInBothByteOrders) {
  EXPECT_EQ(exif_orientation(
                as_bytes("II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x08\0\0\0\0\0\0\0"sv)),
            8);
  EXPECT_EQ(exif_orientation(
                as_bytes("MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x03\0\0\0\0\0\0"sv)),
            3);
}

TEST(ExifOrientation, NonsenseIsUpright) {
  for (const std::string_view block :
       {""sv, "II*\0"sv, "XX*\0\x08\0\0\0"sv, "II*\0\xff\xff\xff\xff\x01\0"sv,
        "II*\0\x08\0\0\0\xff\xff\x12\x01\x03\0\x01\0\0\0\x09\0\0\0"sv,
        "MM\0*\0\0\0\x08\xff\xff"sv}) {
    EXPECT_EQ(exif_orientation(as_bytes(block)), 1);
  }
}

}  // namespace
}  // namespace coffre::viewer
