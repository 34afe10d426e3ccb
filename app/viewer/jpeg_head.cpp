#include "app/viewer/jpeg_head.h"

#include <algorithm>

namespace coffre::viewer {
namespace {

using std::string_view_literals::operator""sv;

constexpr double kCentimetresPerInch = 2.54;

// Reads integers in the byte order that the block names.
class ExifReader {
 public:
  ExifReader(ByteView bytes, bool little) : bytes_(bytes), little_(little) {}

  [[nodiscard]] std::uint32_t integer(std::size_t at, std::size_t size) const {
    if (at > bytes_.size() || bytes_.size() - at < size) return 0;
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < size; ++i) {
      value = value << 8U | bytes_[at + (little_ ? size - 1 - i : i)];
    }
    return value;
  }

 private:
  ByteView bytes_;
  bool little_;
};

bool is_frame(std::uint8_t marker) {
  // SOF0 to SOF15, without DHT, JPG and DAC, which lie between them.
  return marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc;
}

void read_jfif(ByteView segment, PictureHead& head) {
  Reader in(segment);
  if (!in.expect(as_bytes("JFIF\0"sv)) || !in.u16()) return;
  const unsigned unit = in.u8().value_or(0);
  const double x = in.u16().value_or(0);
  const double y = in.u16().value_or(0);
  if (unit == 1 || unit == 2) {
    const double factor = unit == 1 ? 1.0 : kCentimetresPerInch;
    head.dpi_x = x * factor;
    head.dpi_y = y * factor;
  }
}

void read_segment(std::uint8_t marker, ByteView segment, JpegHead& head) {
  const std::string_view text = as_text(segment);
  if (marker == 0xe0) {
    read_jfif(segment, head.picture);
  } else if (marker == 0xe1 && text.starts_with("Exif\0\0"sv)) {
    head.picture.orientation = exif_orientation(segment.subspan(6));
  } else if (marker == 0xee && text.starts_with("Adobe"sv)) {
    head.adobe = true;
  } else if (is_frame(marker)) {
    Reader in(segment);
    (void)in.u8();  // bits a sample
    head.picture.height = in.u16().value_or(0);
    head.picture.width = in.u16().value_or(0);
    head.components = in.u8().value_or(0);
  }
}

}  // namespace

int exif_orientation(ByteView tiff) {
  const std::string_view text = as_text(tiff);
  const bool little = text.starts_with("II*\0"sv);
  if (!little && !text.starts_with("MM\0*"sv)) return 1;
  const ExifReader in(tiff, little);
  const std::size_t directory = in.integer(4, 4);
  const std::uint32_t entries = in.integer(directory, 2);
  for (std::uint32_t i = 0; i < entries; ++i) {
    const std::size_t entry = directory + 2 + std::size_t{i} * 12;
    constexpr std::uint32_t kOrientation = 0x0112;
    if (in.integer(entry, 2) == kOrientation) {
      const std::uint32_t value = in.integer(entry + 8, 2);
      return value >= 1 && value <= 8 ? static_cast<int>(value) : 1;
    }
  }
  return 1;
}

Result<JpegHead> read_jpeg_head(ByteView content) {
  const auto broken = [] { return fail(Code::kDamaged, "the JPEG file is damaged"); };
  JpegHead head;
  Reader in(content);
  if (!in.expect(as_bytes("\xff\xd8"sv))) return broken();
  while (head.components == 0) {
    const auto fill = in.u8();
    if (!fill) return broken();
    if (*fill != 0xff) continue;  // rubbish between segments is skipped, as libjpeg does
    auto marker = in.u8();
    while (marker && *marker == 0xff) marker = in.u8();
    if (!marker || *marker == 0xd9 || *marker == 0xda) return broken();
    if (*marker == 0 || *marker == 1 || (*marker >= 0xd0 && *marker <= 0xd8)) continue;
    const std::uint16_t size = in.u16().value_or(0);
    const auto segment = size < 2 ? fail(Code::kDamaged, "") : in.take(size - 2U);
    if (!segment) return broken();
    read_segment(*marker, *segment, head);
  }
  return head;
}

}  // namespace coffre::viewer
