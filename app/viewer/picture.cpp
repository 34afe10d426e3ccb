#include "app/viewer/picture.h"

#include <algorithm>

namespace coffre::viewer {
namespace {

// Scans say how dense they are; what does not is taken for a picture of a screen.
constexpr double kDpiDefault = 96;
constexpr double kDpiMin = 20;
constexpr double kDpiMax = 9600;

double dots_per_inch(double said) {
  return said >= kDpiMin && said <= kDpiMax ? said : kDpiDefault;
}

bool is_sideways(int orientation) { return orientation >= 5; }

PageSize upright_size(const PictureHead& head) {
  const double width = head.width * 72.0 / dots_per_inch(head.dpi_x);
  const double height = head.height * 72.0 / dots_per_inch(head.dpi_y);
  return is_sideways(head.orientation) ? PageSize{height, width} : PageSize{width, height};
}

// From the unit square of the picture as stored to that of the page, by EXIF's eight orientations
// (Exif 2.32, table 4, tag 0x0112).
cairo_matrix_t turned(int orientation) {
  cairo_matrix_t matrix;
  switch (orientation) {
    case 2:
      cairo_matrix_init(&matrix, -1, 0, 0, 1, 1, 0);
      break;
    case 3:
      cairo_matrix_init(&matrix, -1, 0, 0, -1, 1, 1);
      break;
    case 4:
      cairo_matrix_init(&matrix, 1, 0, 0, -1, 0, 1);
      break;
    case 5:
      cairo_matrix_init(&matrix, 0, 1, 1, 0, 0, 0);
      break;
    case 6:
      cairo_matrix_init(&matrix, 0, 1, -1, 0, 1, 0);
      break;
    case 7:
      cairo_matrix_init(&matrix, 0, -1, -1, 0, 1, 1);
      break;
    case 8:
      cairo_matrix_init(&matrix, 0, -1, 1, 0, 0, 1);
      break;
    default:
      cairo_matrix_init_identity(&matrix);
  }
  return matrix;
}

// How much smaller a picture may be made while it is decoded, without losing what is drawn.
std::uint32_t reduction_for(const PictureHead& head, const PageSize& page, double scale) {
  const double across = is_sideways(head.orientation) ? page.height : page.width;
  std::uint32_t reduction = 1;
  while (reduction < 8 && head.width / (reduction * 2.0) >= across * scale) reduction *= 2;
  return reduction;
}

}  // namespace

Status check_size(std::uint64_t width, std::uint64_t height) {
  if (width == 0 || height == 0) {
    return fail(Code::kDamaged, "the picture has no pixels");
  }
  if (width > kSourceSideMax || height > kSourceSideMax || width * height > kSourcePixelsMax) {
    return fail(Code::kLimit, "the picture has too many pixels to be shown");
  }
  return {};
}

Result<Picture> Picture::create(std::uint32_t width, std::uint32_t height) {
  COFFRE_TRY(check_size(width, height));
  Picture made;
  made.surface_.reset(cairo_image_surface_create(CAIRO_FORMAT_RGB24, static_cast<int>(width),
                                                 static_cast<int>(height)));
  if (cairo_surface_status(made.surface_.get()) != CAIRO_STATUS_SUCCESS) {
    return fail(Code::kOutOfMemory, "the document needs more memory than it may have");
  }
  cairo_surface_flush(made.surface_.get());
  made.data_ = cairo_image_surface_get_data(made.surface_.get());
  made.stride_ = static_cast<std::size_t>(cairo_image_surface_get_stride(made.surface_.get()));
  made.width_ = width;
  made.height_ = height;
  return made;
}

void Picture::put_over_white() const {
  for (std::uint32_t y = 0; y < height_; ++y) {
    Byte* const line = row(y);
    for (std::size_t at = 0; at < std::size_t{width_} * 4; at += 4) {
      const unsigned alpha = line[at + 3];
      if (alpha == 255) continue;
      for (std::size_t c = 0; c < 3; ++c) {
        line[at + c] = static_cast<Byte>((line[at + c] * alpha + 255 * (255 - alpha) + 127) / 255);
      }
    }
  }
}

cairo_surface_t* Picture::finish() const {
  cairo_surface_mark_dirty(surface_.get());
  return surface_.get();
}

Result<PageSize> PictureDocument::size(std::uint32_t page) {
  COFFRE_TRY_ASSIGN(const PictureHead found, head(page));
  return upright_size(found);
}

Status PictureDocument::draw(std::uint32_t page, cairo_t* context, double scale) {
  COFFRE_TRY_ASSIGN(const PictureHead found, head(page));
  const PageSize size = upright_size(found);
  const std::uint32_t reduction = reduction_for(found, size, scale);
  if (!kept_ || kept_->page != page || kept_->reduction != reduction) {
    kept_.reset();  // before the next one takes memory
    COFFRE_TRY_ASSIGN(Picture decoded, decode(page, reduction));
    kept_ = std::make_unique<Kept>(Kept{page, reduction, std::move(decoded)});
  }
  const Picture& picture = kept_->picture;
  cairo_save(context);
  cairo_scale(context, size.width, size.height);
  const cairo_matrix_t matrix = turned(found.orientation);
  cairo_transform(context, &matrix);
  cairo_scale(context, 1.0 / picture.width(), 1.0 / picture.height());
  cairo_set_source_surface(context, picture.finish(), 0, 0);
  cairo_pattern_set_filter(cairo_get_source(context), CAIRO_FILTER_GOOD);
  // Not the white ground through the rim of the picture.
  cairo_pattern_set_extend(cairo_get_source(context), CAIRO_EXTEND_PAD);
  cairo_rectangle(context, 0, 0, picture.width(), picture.height());
  cairo_fill(context);
  const bool drawn = cairo_status(context) == CAIRO_STATUS_SUCCESS;
  cairo_restore(context);
  if (!drawn) {
    return fail(Code::kOutOfMemory, "the document needs more memory than it may have");
  }
  return {};
}

}  // namespace coffre::viewer
