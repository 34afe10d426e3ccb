#include "tests/samples/sample.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <fontconfig/fontconfig.h>
#include <jpeglib.h>
#include <memory>
#include <span>

#include <cairo/cairo-pdf.h>
#include <cairo/cairo.h>

#include "tests/samples/letters.h"

namespace coffre::samples {
namespace {

// A4 in points, and in pixels at 150 dpi.
constexpr double kWidth = 595.0;
constexpr double kHeight = 842.0;
constexpr int kPixelWidth = 1240;
constexpr int kPixelHeight = 1754;
constexpr double kMargin = 56.0;
constexpr std::array<double, 3> kColumns = {0.0, 210.0, 330.0};

struct SurfaceDeleter {
  void operator()(cairo_surface_t* surface) const { cairo_surface_destroy(surface); }
};
struct ContextDeleter {
  void operator()(cairo_t* context) const { cairo_destroy(context); }
};
using Surface = std::unique_ptr<cairo_surface_t, SurfaceDeleter>;
using Context = std::unique_ptr<cairo_t, ContextDeleter>;

void set_font(cairo_t* context, double size, bool bold) {
  cairo_select_font_face(context, "DejaVu Sans", CAIRO_FONT_SLANT_NORMAL,
                         bold ? CAIRO_FONT_WEIGHT_BOLD : CAIRO_FONT_WEIGHT_NORMAL);
  cairo_set_font_size(context, size);
}

void draw_text(cairo_t* context, double x, double y, const std::string& text) {
  cairo_move_to(context, x, y);
  cairo_show_text(context, text.c_str());
}

double width_of(cairo_t* context, const std::string& text) {
  cairo_text_extents_t extents;
  cairo_text_extents(context, text.c_str(), &extents);
  return extents.x_advance;
}

std::vector<std::string> split(const std::string& text, char separator) {
  std::vector<std::string> parts;
  std::size_t begin = 0;
  for (std::size_t end = text.find(separator); end != std::string::npos;
       end = text.find(separator, begin)) {
    parts.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  parts.push_back(text.substr(begin));
  return parts;
}

// Draws a paragraph with its lines broken at spaces; returns the y below it.
double draw_paragraph(cairo_t* context, double y, const std::string& text) {
  constexpr double kLine = 15.0;
  std::string line;
  for (const std::string& word : split(text, ' ')) {
    const std::string longer = line.empty() ? word : line + " " + word;
    if (!line.empty() && width_of(context, longer) > kWidth - 2 * kMargin) {
      draw_text(context, kMargin, y, line);
      y += kLine;
      line = word;
    } else {
      line = longer;
    }
  }
  draw_text(context, kMargin, y, line);
  return y + kLine + 7.0;
}

double draw_row(cairo_t* context, double y, const std::vector<std::string>& cells) {
  for (std::size_t column = 0; column < std::min(cells.size(), kColumns.size()); ++column) {
    draw_text(context, kMargin + kColumns[column], y, cells[column]);
  }
  cairo_set_line_width(context, 0.4);
  cairo_move_to(context, kMargin, y + 5.0);
  cairo_line_to(context, kWidth - kMargin, y + 5.0);
  cairo_stroke(context);
  return y + 20.0;
}

void draw_page(cairo_t* context, const Page& page) {
  cairo_set_source_rgb(context, 0.08, 0.08, 0.12);
  double y = 64.0;
  for (const std::string& line : page.heading) {
    set_font(context, 10.0, y < 65.0);
    draw_text(context, kMargin, y, line);
    y += 15.0;
  }
  set_font(context, 17.0, true);
  draw_text(context, kMargin, y + 40.0, page.title);
  y += 78.0;
  set_font(context, 10.5, false);
  for (const std::string& paragraph : page.paragraphs) {
    const std::vector<std::string> cells = split(paragraph, '\t');
    y = cells.size() > 1 ? draw_row(context, y, cells) : draw_paragraph(context, y, paragraph);
  }
  set_font(context, 8.0, false);
  draw_text(context, kMargin, kHeight - 40.0, page.footer);
}

std::unexpected<Error> refused(cairo_status_t status) {
  return fail(Code::kFailed, "Cairo refused to draw a sample", cairo_status_to_string(status));
}

cairo_status_t append(void* closure, const unsigned char* data, unsigned int size) {
  Bytes& out = *static_cast<Bytes*>(closure);
  const ByteView chunk(data, size);
  out.insert(out.end(), chunk.begin(), chunk.end());
  return CAIRO_STATUS_SUCCESS;
}

Result<Bytes> make_pdf(const Letter& letter, const std::string& marker) {
  Bytes out;
  const Surface surface(cairo_pdf_surface_create_for_stream(&append, &out, kWidth, kHeight));
  cairo_pdf_surface_set_metadata(surface.get(), CAIRO_PDF_METADATA_TITLE, letter.name.c_str());
  // Cairo writes the time of the call otherwise.
  cairo_pdf_surface_set_metadata(surface.get(), CAIRO_PDF_METADATA_CREATE_DATE,
                                 "2024-01-01T00:00:00Z");
  if (!marker.empty()) {
    cairo_pdf_surface_set_metadata(surface.get(), CAIRO_PDF_METADATA_KEYWORDS, marker.c_str());
  }
  {
    const Context context(cairo_create(surface.get()));
    for (const Page& page : letter.pages) {
      draw_page(context.get(), page);
      cairo_show_page(context.get());
    }
    if (const cairo_status_t status = cairo_status(context.get()); status != CAIRO_STATUS_SUCCESS) {
      return refused(status);
    }
  }
  cairo_surface_finish(surface.get());
  if (const cairo_status_t status = cairo_surface_status(surface.get());
      status != CAIRO_STATUS_SUCCESS) {
    return refused(status);
  }
  return out;
}

// The page as a flatbed sees it: grey paper, turned by up to one degree.
Result<Surface> scan(const Page& page, Dice& dice) {
  Surface surface(cairo_image_surface_create(CAIRO_FORMAT_RGB24, kPixelWidth, kPixelHeight));
  const Context context(cairo_create(surface.get()));
  cairo_set_source_rgb(context.get(), 0.62, 0.62, 0.60);
  cairo_paint(context.get());
  cairo_scale(context.get(), kPixelWidth / kWidth, kPixelHeight / kHeight);
  cairo_translate(context.get(), kWidth / 2, kHeight / 2);
  cairo_rotate(context.get(), (static_cast<double>(dice.below(201)) - 100.0) / 100.0 * 0.0175);
  cairo_translate(context.get(), -kWidth / 2, -kHeight / 2);
  cairo_set_source_rgb(context.get(), 0.95, 0.94, 0.91);
  cairo_rectangle(context.get(), 0, 0, kWidth, kHeight);
  cairo_fill(context.get());
  draw_page(context.get(), page);
  if (const cairo_status_t status = cairo_status(context.get()); status != CAIRO_STATUS_SUCCESS) {
    return refused(status);
  }
  cairo_surface_flush(surface.get());
  return surface;
}

// One line of pixels as red, green, blue, with the sensor's noise.
void copy_line(const unsigned char* line, Dice& dice, std::span<unsigned char> out) {
  constexpr int kNoise = 8;
  for (std::size_t x = 0; x < kPixelWidth; ++x) {
    const int noise = static_cast<int>(dice.next() % (2 * kNoise + 1)) - kNoise;
    for (std::size_t channel = 0; channel < 3; ++channel) {
      // RGB24 lies in memory as blue, green, red, unused.
      const int value = line[x * 4 + (2 - channel)] + noise;
      out[x * 3 + channel] = static_cast<unsigned char>(std::clamp(value, 0, 255));
    }
  }
}

// The library's own error handler ends the process: in a tool that only writes to memory the one
// cause is that memory is short.
Bytes make_jpeg(cairo_surface_t* surface, const std::string& marker, Dice& dice) {
  jpeg_error_mgr errors{};
  jpeg_compress_struct jpeg{};
  jpeg.err = jpeg_std_error(&errors);
  jpeg_create_compress(&jpeg);
  unsigned char* buffer = nullptr;
  unsigned long size = 0;
  jpeg_mem_dest(&jpeg, &buffer, &size);
  jpeg.image_width = kPixelWidth;
  jpeg.image_height = kPixelHeight;
  jpeg.input_components = 3;
  jpeg.in_color_space = JCS_RGB;
  jpeg_set_defaults(&jpeg);
  jpeg_set_quality(&jpeg, 62, TRUE);
  jpeg.density_unit = 1;
  jpeg.X_density = 150;
  jpeg.Y_density = 150;
  jpeg_start_compress(&jpeg, TRUE);
  if (!marker.empty()) {
    jpeg_write_marker(&jpeg, JPEG_COM, reinterpret_cast<const JOCTET*>(marker.data()),
                      static_cast<unsigned int>(marker.size()));
  }
  const unsigned char* pixels = cairo_image_surface_get_data(surface);
  const auto stride = static_cast<std::size_t>(cairo_image_surface_get_stride(surface));
  std::vector<unsigned char> line(std::size_t{kPixelWidth} * 3);
  for (std::size_t y = 0; y < kPixelHeight; ++y) {
    copy_line(pixels + y * stride, dice, line);
    JSAMPROW row = line.data();
    jpeg_write_scanlines(&jpeg, &row, 1);
  }
  jpeg_finish_compress(&jpeg);
  const ByteView written(buffer, size);
  Bytes out(written.begin(), written.end());
  jpeg_destroy_compress(&jpeg);
  std::free(buffer);  // jpeg_mem_dest allocates with malloc
  return out;
}

bool is_marker(std::string_view marker) {
  return marker.size() <= kMarkerMax && std::all_of(marker.begin(), marker.end(), [](char c) {
           return c >= ' ' && c <= '~' && c != '(' && c != ')' && c != '\\';
         });
}

}  // namespace

Result<Sample> make_sample(std::uint64_t index, std::string_view marker) {
  if (!is_marker(marker)) {
    return fail(Code::kInvalidArgument, "a marker is short, printable ASCII");
  }
  Dice dice(~index);
  const std::string text(marker);
  Sample sample;
  if (index % 5 == 1 || index % 5 == 3) {
    const Letter letter = make_letter(index, 1);
    COFFRE_TRY_ASSIGN(const Surface surface, scan(letter.pages.front(), dice));
    sample.name = letter.name + ".jpg";
    sample.bytes = make_jpeg(surface.get(), text, dice);
  } else {
    const Letter letter = make_letter(index, 1 + dice.below(kPagesMax));
    sample.name = letter.name + ".pdf";
    COFFRE_TRY_ASSIGN(sample.bytes, make_pdf(letter, text));
  }
  return sample;
}

void release_fonts() {
  cairo_debug_reset_static_data();  // its font faces hold patterns of Fontconfig's
  FcFini();
}

}  // namespace coffre::samples
