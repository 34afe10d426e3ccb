#include "tests/support/documents.h"

#include <array>
#include <cstring>
#include <memory>
#include <png.h>
#include <tiffio.h>
#include <turbojpeg.h>
#include <webp/encode.h>
#include <zlib.h>

namespace coffre::test {
namespace {

using std::string_view_literals::operator""sv;

Colour quarter(std::uint32_t x, std::uint32_t y, std::uint32_t width, std::uint32_t height) {
  const bool right = x >= width / 2;
  if (y < height / 2) return right ? kGreen : kRed;
  return right ? kYellow : kBlue;
}

// Red, green, blue, alpha; a byte each.
Bytes quarters(std::uint32_t width, std::uint32_t height, Byte alpha) {
  Bytes pixels;
  pixels.reserve(std::size_t{width} * height * 4);
  for (std::uint32_t y = 0; y < height; ++y) {
    for (std::uint32_t x = 0; x < width; ++x) {
      const Colour colour = quarter(x, y, width, height);
      for (const int part : {colour.red, colour.green, colour.blue, int{alpha}}) {
        pixels.push_back(static_cast<Byte>(part));
      }
    }
  }
  return pixels;
}

void append_png(png_structp png, png_bytep data, png_size_t size) {
  auto* const out = static_cast<Bytes*>(png_get_io_ptr(png));
  out->insert(out->end(), data, data + size);
}

// A TIFF file that is written to memory.
struct Memory {
  Bytes bytes;
  std::uint64_t at = 0;
};

tmsize_t read_memory(thandle_t handle, void* out, tmsize_t wanted) {
  auto* const memory = static_cast<Memory*>(handle);
  const std::size_t left = memory->at < memory->bytes.size()
                               ? memory->bytes.size() - static_cast<std::size_t>(memory->at)
                               : 0;
  const std::size_t size = std::min(left, static_cast<std::size_t>(wanted));
  std::memcpy(out, memory->bytes.data() + memory->at, size);
  memory->at += size;
  return static_cast<tmsize_t>(size);
}

tmsize_t write_memory(thandle_t handle, void* data, tmsize_t wanted) {
  auto* const memory = static_cast<Memory*>(handle);
  const auto size = static_cast<std::size_t>(wanted);
  memory->bytes.resize(std::max(memory->bytes.size(), static_cast<std::size_t>(memory->at) + size));
  std::memcpy(memory->bytes.data() + memory->at, data, size);
  memory->at += size;
  return wanted;
}

toff_t seek_memory(thandle_t handle, toff_t offset, int whence) {
  auto* const memory = static_cast<Memory*>(handle);
  if (whence == SEEK_CUR) offset += memory->at;
  if (whence == SEEK_END) offset += memory->bytes.size();
  memory->at = offset;
  return offset;
}

int close_memory(thandle_t /*handle*/) { return 0; }
toff_t size_memory(thandle_t handle) { return static_cast<Memory*>(handle)->bytes.size(); }

TIFF* open_memory(Memory& memory) {
  TIFF* const tiff = TIFFClientOpen("memory", "w", &memory, read_memory, write_memory, seek_memory,
                                    close_memory, size_memory, nullptr, nullptr);
  COFFRE_ASSERT(tiff != nullptr);
  return tiff;
}

}  // namespace

Bytes png_picture(std::uint32_t width, std::uint32_t height, PngKind kind) {
  Bytes out;
  png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, nullptr, nullptr, nullptr);
  png_infop info = png_create_info_struct(png);
  png_set_write_fn(png, &out, append_png, nullptr);
  const bool wide = kind == PngKind::kSixteenBits;
  png_set_IHDR(png, info, width, height, wide ? 16 : 8, PNG_COLOR_TYPE_RGB_ALPHA,
               kind == PngKind::kInterlaced ? PNG_INTERLACE_ADAM7 : PNG_INTERLACE_NONE,
               PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
  constexpr png_uint_32 kDotsPerMetre = 5906;  // 150 dpi
  png_set_pHYs(png, info, kDotsPerMetre, kDotsPerMetre, PNG_RESOLUTION_METER);
  const Bytes narrow = quarters(width, height, kind == PngKind::kHalfCovered ? 128 : 255);
  Bytes pixels;
  for (const Byte byte : narrow) {
    pixels.insert(pixels.end(), wide ? 2 : 1, byte);
  }
  std::vector<png_bytep> rows;
  for (std::uint32_t y = 0; y < height; ++y) {
    rows.push_back(pixels.data() + pixels.size() / height * y);
  }
  png_set_rows(png, info, rows.data());
  png_write_png(png, info, PNG_TRANSFORM_IDENTITY, nullptr);
  png_destroy_write_struct(&png, &info);
  return out;
}

Bytes jpeg_picture(int width, int height, Inks inks, int orientation) {
  Bytes pixels =
      quarters(static_cast<std::uint32_t>(width), static_cast<std::uint32_t>(height), 255);
  if (inks == Inks::kFour) {
    // As Adobe stores them: inverted, so that red, green, blue and "no black" are what they were.
    for (std::size_t i = 3; i < pixels.size(); i += 4) pixels[i] = 255;
  }
  tjhandle handle = tjInitCompress();
  unsigned char* made = nullptr;
  unsigned long size = 0;
  const int failed =
      tjCompress2(handle, pixels.data(), width, 0, height,
                  inks == Inks::kFour ? TJPF_CMYK : TJPF_RGBX, &made, &size, TJSAMP_444, 95, 0);
  COFFRE_ASSERT(failed == 0);
  Bytes out(made, made + size);
  tjFree(made);
  tjDestroy(handle);
  if (orientation != 0) {
    Writer exif;
    exif.u16(0xffe1).u16(2 + 6 + 8 + 2 + 12 + 4).raw("Exif\0\0MM\0*"sv).u32(8);
    exif.u16(1).u16(0x0112).u16(3).u32(1).u16(static_cast<std::uint16_t>(orientation)).u16(0);
    exif.u32(0);
    out.insert(out.begin() + 2, exif.view().begin(), exif.view().end());
  }
  return out;
}

Bytes webp_picture(int width, int height) {
  const Bytes pixels =
      quarters(static_cast<std::uint32_t>(width), static_cast<std::uint32_t>(height), 255);
  std::uint8_t* made = nullptr;
  const std::size_t size = WebPEncodeLosslessRGBA(pixels.data(), width, height, width * 4, &made);
  COFFRE_ASSERT(size > 0);
  Bytes out(made, made + size);
  WebPFree(made);
  return out;
}

Bytes tiff_pictures(std::uint32_t width, std::uint32_t height, std::uint32_t pages,
                    std::uint16_t compression, std::uint16_t orientation) {
  Memory memory;
  TIFF* const tiff = open_memory(memory);
  for (std::uint32_t page = 0; page < pages; ++page) {
    const std::uint32_t rows = height + page;
    const Bytes pixels = quarters(width, rows, 255);
    TIFFSetField(tiff, TIFFTAG_IMAGEWIDTH, width);
    TIFFSetField(tiff, TIFFTAG_IMAGELENGTH, rows);
    TIFFSetField(tiff, TIFFTAG_BITSPERSAMPLE, 8);
    TIFFSetField(tiff, TIFFTAG_SAMPLESPERPIXEL, 3);
    TIFFSetField(tiff, TIFFTAG_PHOTOMETRIC, PHOTOMETRIC_RGB);
    TIFFSetField(tiff, TIFFTAG_PLANARCONFIG, PLANARCONFIG_CONTIG);
    TIFFSetField(tiff, TIFFTAG_COMPRESSION, compression);
    TIFFSetField(tiff, TIFFTAG_ORIENTATION, orientation);
    TIFFSetField(tiff, TIFFTAG_ROWSPERSTRIP, 16);
    for (std::uint32_t y = 0; y < rows; ++y) {
      Bytes row;
      for (std::size_t x = 0; x < width; ++x) {
        const Byte* const pixel = pixels.data() + (std::size_t{y} * width + x) * 4;
        row.insert(row.end(), pixel, pixel + 3);
      }
      COFFRE_ASSERT(TIFFWriteScanline(tiff, row.data(), y, 0) == 1);
    }
    COFFRE_ASSERT(TIFFWriteDirectory(tiff) == 1);
  }
  TIFFClose(tiff);
  return memory.bytes;
}

Bytes tiff_fax(std::uint32_t width, std::uint32_t height, std::uint16_t compression) {
  Memory memory;
  TIFF* const tiff = open_memory(memory);
  TIFFSetField(tiff, TIFFTAG_IMAGEWIDTH, width);
  TIFFSetField(tiff, TIFFTAG_IMAGELENGTH, height);
  TIFFSetField(tiff, TIFFTAG_BITSPERSAMPLE, 1);
  TIFFSetField(tiff, TIFFTAG_SAMPLESPERPIXEL, 1);
  TIFFSetField(tiff, TIFFTAG_PHOTOMETRIC, PHOTOMETRIC_MINISWHITE);
  TIFFSetField(tiff, TIFFTAG_COMPRESSION, compression);
  TIFFSetField(tiff, TIFFTAG_ROWSPERSTRIP, height);
  TIFFSetField(tiff, TIFFTAG_RESOLUTIONUNIT, RESUNIT_INCH);
  TIFFSetField(tiff, TIFFTAG_XRESOLUTION, 200.0);
  TIFFSetField(tiff, TIFFTAG_YRESOLUTION, 200.0);
  Bytes row((width + 7) / 8, Byte{0});
  std::fill(row.begin(), row.begin() + width / 16, Byte{0xff});
  for (std::uint32_t y = 0; y < height; ++y) {
    Bytes copy = row;
    COFFRE_ASSERT(TIFFWriteScanline(tiff, copy.data(), y, 0) == 1);
  }
  TIFFClose(tiff);
  return memory.bytes;
}

int PdfMaker::add(std::string_view body) {
  objects_.emplace_back(body);
  return static_cast<int>(objects_.size());
}

int PdfMaker::add_stream(std::string_view dictionary, std::string_view data) {
  std::string body = "<< /Length " + std::to_string(data.size()) + " ";
  body.append(dictionary).append(" >>\nstream\n").append(data).append("\nendstream");
  return add(body);
}

Bytes PdfMaker::finish(int root) const {
  std::string out = "%PDF-1.7\n";
  std::string table;
  int number = 0;
  for (const std::string& body : objects_) {
    std::string place = std::to_string(out.size());
    table += std::string(10 - place.size(), '0') + place + " 00000 n \n";
    out += std::to_string(++number) + " 0 obj\n" + body + "\nendobj\n";
  }
  const std::string count = std::to_string(number + 1);
  const std::size_t start = out.size();
  out += "xref\n0 " + count + "\n0000000000 65535 f \n" + table;
  out += "trailer\n<< /Size " + count + " /Root " + std::to_string(root) + " 0 R >>\n";
  out += "startxref\n" + std::to_string(start) + "\n%%EOF\n";
  const ByteView bytes = as_bytes(out);
  return {bytes.begin(), bytes.end()};
}

namespace {

Bytes pdf_of_stream(std::string_view dictionary, std::string_view data, std::string_view resources,
                    std::string_view more) {
  PdfMaker maker;
  const int content = maker.add_stream(dictionary, data);
  const std::string page = "<< /Type /Page /Parent 3 0 R /MediaBox [0 0 200 100] /Contents " +
                           std::to_string(content) + " 0 R /Resources << " +
                           std::string(resources) + " >> >>";
  maker.add(page);
  maker.add("<< /Type /Pages /Kids [2 0 R] /Count 1 >>");
  return maker.finish(maker.add("<< /Type /Catalog /Pages 3 0 R " + std::string(more) + " >>"));
}

}  // namespace

Bytes pdf_page(std::string_view content, std::string_view resources, std::string_view more) {
  return pdf_of_stream("", content, resources, more);
}

Bytes pdf_picture() {
  return pdf_page(
      "1 0 0 rg 0 50 100 50 re f 0 1 0 rg 100 50 100 50 re f "
      "0 0 1 rg 0 0 100 50 re f 1 1 0 rg 100 0 100 50 re f",
      "");
}

Bytes pdf_with_font(std::string_view base_font) {
  const std::string font = "/Font << /F << /Type /Font /Subtype /TrueType /BaseFont /" +
                           std::string(base_font) + " /Encoding /WinAnsiEncoding >> >>";
  return pdf_page("BT /F 24 Tf 20 40 Td (Bonjour) Tj ET", font);
}

Bytes pdf_pages(int pages) {
  PdfMaker maker;
  const int content = maker.add_stream("", "BT /F 24 Tf 20 40 Td (Une page parmi d'autres) Tj ET");
  const int font = maker.add("<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>");
  const std::string page = "<< /Type /Page /Parent 3 0 R /MediaBox [0 0 595 842] /Contents " +
                           std::to_string(content) + " 0 R /Resources << /Font << /F " +
                           std::to_string(font) + " 0 R >> >> >>";
  std::string kids;
  for (int i = 0; i < pages; ++i) {
    kids += std::to_string(4 + i) + " 0 R ";
  }
  maker.add("<< /Type /Pages /Kids [" + kids + "] /Count " + std::to_string(pages) + " >>");
  for (int i = 0; i < pages; ++i) {
    maker.add(page);
  }
  return maker.finish(maker.add("<< /Type /Catalog /Pages 3 0 R >>"));
}

Bytes pdf_bomb(std::size_t size) {
  // One piece, deflated so that it stands alone, again and again: the whole is in no memory.
  Bytes spaces(std::size_t{1} << 20, Byte{' '});
  std::array<Byte, 65536> out{};
  z_stream zip{};
  COFFRE_ASSERT(deflateInit(&zip, Z_BEST_COMPRESSION) == Z_OK);
  std::string head;
  std::string piece;
  for (std::string* const part : {&head, &piece}) {
    zip.next_in = spaces.data();
    zip.avail_in = static_cast<uInt>(spaces.size());
    zip.next_out = out.data();
    zip.avail_out = static_cast<uInt>(out.size());
    COFFRE_ASSERT(deflate(&zip, Z_FULL_FLUSH) == Z_OK && zip.avail_in == 0);
    *part = as_text(ByteView(out).first(out.size() - zip.avail_out));
  }
  deflateEnd(&zip);
  std::string packed = head;
  for (std::size_t done = spaces.size(); done < size; done += spaces.size()) packed += piece;
  return pdf_of_stream("/Filter /FlateDecode", packed, "", "");
}

Bytes png_bomb(std::uint32_t width, std::uint32_t height) {
  Bytes made = png_picture(8, 8, PngKind::kPlain);
  Writer head;
  head.raw("IHDR").u32(width).u32(height).u8(8).u8(6).u8(0).u8(0).u8(0);
  std::copy(head.view().begin(), head.view().end(), made.begin() + 12);
  const uLong check = crc32(0, head.view().data(), static_cast<uInt>(head.size()));
  Writer sum;
  sum.u32(static_cast<std::uint32_t>(check));
  std::copy(sum.view().begin(), sum.view().end(), made.begin() + 29);
  return made;
}

}  // namespace coffre::test
