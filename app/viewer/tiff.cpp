// TIFF by libtiff: several pages, fax compressions, strips and tiles, all that libtiff turns into
// red, green and blue by itself.
#include <cstring>
#include <tiffio.h>

#include "app/viewer/picture.h"

namespace coffre::viewer {
namespace {

constexpr std::uint32_t kTiffPagesMax = 20'000;
constexpr double kCentimetresPerInch = 2.54;

std::unexpected<Error> broken_tiff() { return fail(Code::kDamaged, "the TIFF file is damaged"); }

// A file for libtiff that lies in memory.
struct Source {
  ByteView content;
  std::uint64_t at = 0;
};

tmsize_t read_source(thandle_t handle, void* out, tmsize_t wanted) {
  auto* const source = static_cast<Source*>(handle);
  if (wanted <= 0 || source->at >= source->content.size()) return 0;
  const std::size_t size = std::min(static_cast<std::size_t>(wanted),
                                    source->content.size() - static_cast<std::size_t>(source->at));
  std::memcpy(out, source->content.data() + source->at, size);
  source->at += size;
  return static_cast<tmsize_t>(size);
}

tmsize_t refuse_write(thandle_t /*handle*/, void* /*data*/, tmsize_t /*size*/) { return 0; }

toff_t seek_source(thandle_t handle, toff_t offset, int whence) {
  auto* const source = static_cast<Source*>(handle);
  if (whence == SEEK_CUR) {
    offset += source->at;
  } else if (whence == SEEK_END) {
    offset += source->content.size();
  }
  source->at = offset;
  return offset;
}

int close_source(thandle_t /*handle*/) { return 0; }
toff_t size_source(thandle_t handle) { return static_cast<Source*>(handle)->content.size(); }

struct TiffDeleter {
  void operator()(TIFF* tiff) const { TIFFClose(tiff); }
};

class TiffDocument final : public PictureDocument {
 public:
  explicit TiffDocument(ByteView content) : source_{content} {}

  [[nodiscard]] Status open() {
    (void)TIFFSetErrorHandler(nullptr);
    (void)TIFFSetWarningHandler(nullptr);
    // "m": no mapping, so that all reading goes through read_source.
    tiff_.reset(TIFFClientOpen("document", "rm", &source_, read_source, refuse_write, seek_source,
                               close_source, size_source, nullptr, nullptr));
    if (!tiff_) return broken_tiff();
    // libtiff stops at a directory that it has seen; a file without end ends here.
    pages_ = 1;
    while (pages_ < kTiffPagesMax && TIFFReadDirectory(tiff_.get()) != 0) ++pages_;
    return {};
  }

  [[nodiscard]] std::uint32_t pages() const override { return pages_; }

 protected:
  Result<PictureHead> head(std::uint32_t page) override {
    COFFRE_TRY(go_to(page));
    PictureHead found;
    float density_x = 0;
    float density_y = 0;
    std::uint16_t unit = RESUNIT_INCH;
    std::uint16_t orientation = ORIENTATION_TOPLEFT;
    TIFF* const tiff = tiff_.get();
    (void)TIFFGetField(tiff, TIFFTAG_IMAGEWIDTH, &found.width);
    (void)TIFFGetField(tiff, TIFFTAG_IMAGELENGTH, &found.height);
    (void)TIFFGetField(tiff, TIFFTAG_XRESOLUTION, &density_x);
    (void)TIFFGetField(tiff, TIFFTAG_YRESOLUTION, &density_y);
    (void)TIFFGetFieldDefaulted(tiff, TIFFTAG_RESOLUTIONUNIT, &unit);
    (void)TIFFGetFieldDefaulted(tiff, TIFFTAG_ORIENTATION, &orientation);
    COFFRE_TRY(check_size(found.width, found.height));
    const double factor = unit == RESUNIT_CENTIMETER ? kCentimetresPerInch : 1.0;
    if (unit != RESUNIT_NONE) {
      found.dpi_x = static_cast<double>(density_x) * factor;
      found.dpi_y = static_cast<double>(density_y) * factor;
    }
    found.orientation = orientation >= 1 && orientation <= 8 ? orientation : 1;
    return found;
  }

  Result<Picture> decode(std::uint32_t page, std::uint32_t /*reduction*/) override {
    COFFRE_TRY_ASSIGN(const PictureHead found, head(page));
    COFFRE_TRY_ASSIGN(Picture picture, Picture::create(found.width, found.height));
    COFFRE_ASSERT(picture.stride() == std::size_t{found.width} * sizeof(std::uint32_t));
    // The orientation that it has is asked for, so that libtiff leaves the rows alone: it knows
    // half of the eight only, and all are turned where they are drawn.
    auto* const raster = reinterpret_cast<std::uint32_t*>(picture.row(0));
    if (TIFFReadRGBAImageOriented(tiff_.get(), found.width, found.height, raster, found.orientation,
                                  0) == 0) {
      return broken_tiff();
    }
    const std::size_t count = std::size_t{found.width} * found.height;
    for (std::size_t i = 0; i < count; ++i) {
      const std::uint32_t pixel = raster[i];
      // Red is the lowest byte, and what is not covered was already taken off: white comes through.
      const std::uint32_t white = 255U - TIFFGetA(pixel);
      const auto over = [white](std::uint32_t value) { return std::min(value + white, 255U); };
      raster[i] = 0xff000000U | over(TIFFGetR(pixel)) << 16U | over(TIFFGetG(pixel)) << 8U |
                  over(TIFFGetB(pixel));
    }
    return picture;
  }

 private:
  [[nodiscard]] Status go_to(std::uint32_t page) {
    if (page >= pages_) return fail(Code::kNotFound, "there is no such page");
    if (TIFFSetDirectory(tiff_.get(), static_cast<tdir_t>(page)) == 0) return broken_tiff();
    return {};
  }

  Source source_;
  std::unique_ptr<TIFF, TiffDeleter> tiff_;
  std::uint32_t pages_ = 0;
};

}  // namespace

Result<std::unique_ptr<Document>> open_tiff(ByteView content) {
  auto made = std::make_unique<TiffDocument>(content);
  COFFRE_TRY(made->open());
  return made;
}

}  // namespace coffre::viewer
