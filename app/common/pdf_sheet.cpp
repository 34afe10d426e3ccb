#include "app/common/pdf_sheet.h"

#include <array>
#include <bit>
#include <cstdio>

#include <cairo/cairo-pdf.h>
#include <cairo/cairo.h>

namespace coffre {
namespace {

// Where the text of a page ends; the foot is below.
constexpr double kBottom = PdfSheet::kHeight - 62;
constexpr double kMeasured = 100;  // the size that advances are measured at
constexpr const char* kFamily = "Inter";

std::unexpected<Error> refused(cairo_status_t status) {
  return fail(status == CAIRO_STATUS_NO_MEMORY ? Code::kOutOfMemory : Code::kFailed,
              N_("the PDF cannot be made"), cairo_status_to_string(status));
}

// Called by C: nothing may be thrown through it.
cairo_status_t append(void* closure, const unsigned char* data, unsigned int size) noexcept {
  try {
    Bytes& out = *static_cast<Bytes*>(closure);
    out.insert(out.end(), data, data + size);
    return CAIRO_STATUS_SUCCESS;
  } catch (const std::bad_alloc&) {
    return CAIRO_STATUS_NO_MEMORY;
  }
}

// The first character of UTF-8.
std::string_view first_character(std::string_view text) {
  const auto ones = std::countl_one(static_cast<unsigned char>(text.front()));
  return text.substr(0, ones < 2 ? 1 : static_cast<std::size_t>(ones));
}

std::string escaped(std::string_view character) {
  std::uint32_t point = static_cast<unsigned char>(character.front());
  if (character.size() > 1) {
    point &= 0x7FU >> character.size();
    for (const char rest : character.substr(1)) {
      point = (point << 6U) | (static_cast<unsigned char>(rest) & 0x3FU);
    }
  }
  std::array<char, 16> text{};
  std::snprintf(text.data(), text.size(), "\\u{%04x}", point);
  return text.data();
}

bool may_break_after(std::string_view character) {
  return character == " " || character == "/" || character == "-" || character == "_";
}

cairo_scaled_font_t* scaled_font(cairo_t* context, bool bold) {
  cairo_select_font_face(context, kFamily, CAIRO_FONT_SLANT_NORMAL,
                         bold ? CAIRO_FONT_WEIGHT_BOLD : CAIRO_FONT_WEIGHT_NORMAL);
  cairo_set_font_size(context, kMeasured);
  return cairo_scaled_font_reference(cairo_get_scaled_font(context));
}

void set_colour(cairo_t* context, std::uint32_t colour) {
  const auto part = [&](unsigned shift) { return ((colour >> shift) & 0xFFU) / 255.0; };
  cairo_set_source_rgb(context, part(16), part(8), part(0));
}

}  // namespace

Result<std::unique_ptr<PdfSheet>> PdfSheet::create(const std::string& title,
                                                   const std::string& date) {
  std::unique_ptr<PdfSheet> sheet(new PdfSheet);
  sheet->surface_ = cairo_pdf_surface_create_for_stream(&append, &sheet->out_, kWidth, kHeight);
  cairo_pdf_surface_set_metadata(sheet->surface_, CAIRO_PDF_METADATA_TITLE, title.c_str());
  cairo_pdf_surface_set_metadata(sheet->surface_, CAIRO_PDF_METADATA_CREATE_DATE, date.c_str());
  sheet->context_ = cairo_create(sheet->surface_);
  sheet->regular_.font = scaled_font(sheet->context_, /*bold=*/false);
  sheet->bold_.font = scaled_font(sheet->context_, /*bold=*/true);
  if (const cairo_status_t status = cairo_status(sheet->context_); status != CAIRO_STATUS_SUCCESS) {
    return refused(status);
  }
  return sheet;
}

PdfSheet::~PdfSheet() {
  cairo_scaled_font_destroy(regular_.font);
  cairo_scaled_font_destroy(bold_.font);
  cairo_destroy(context_);
  cairo_surface_destroy(surface_);
}

double PdfSheet::advance(std::string_view character, const Style& style) {
  Face& face = style.bold ? bold_ : regular_;
  const auto known = face.advances.find(character);
  if (known != face.advances.end()) {
    return known->second * style.size;
  }
  cairo_glyph_t* glyphs = nullptr;
  int count = 0;
  const cairo_status_t status = cairo_scaled_font_text_to_glyphs(
      face.font, 0, 0, character.data(), static_cast<int>(character.size()), &glyphs, &count,
      nullptr, nullptr, nullptr);
  double width = -1;
  // Glyph 0 is the box that a font draws for what it does not have.
  if (status == CAIRO_STATUS_SUCCESS && count == 1 && glyphs->index != 0) {
    cairo_text_extents_t extents{};
    cairo_scaled_font_glyph_extents(face.font, glyphs, 1, &extents);
    width = extents.x_advance / kMeasured;
  }
  cairo_glyph_free(glyphs);
  face.advances.emplace(character, width);
  return width * style.size;
}

std::string PdfSheet::drawable(std::string_view text, const Style& style) {
  std::string shown;
  while (!text.empty()) {
    const std::string_view character = first_character(text);
    shown += advance(character, style) < 0 ? escaped(character) : std::string(character);
    text.remove_prefix(character.size());
  }
  return shown;
}

double PdfSheet::width_of(std::string_view text, const Style& style) {
  double width = 0;
  while (!text.empty()) {
    const std::string_view character = first_character(text);
    width += std::max(advance(character, style), 0.0);
    text.remove_prefix(character.size());
  }
  return width;
}

std::vector<std::string> PdfSheet::wrap(std::string_view text, const Style& style, double width) {
  const std::string whole = drawable(text, style);
  std::vector<std::string> lines;
  std::string_view rest = whole;
  std::string_view line = rest.substr(0, 0);
  std::size_t good = 0;  // bytes of the line up to its last place to break
  double used = 0;
  while (line.size() < rest.size()) {
    const std::string_view character = first_character(rest.substr(line.size()));
    const double more = std::max(advance(character, style), 0.0);
    if (used + more > width && !line.empty()) {
      const std::size_t cut = good > 0 ? good : line.size();
      lines.emplace_back(rest.substr(0, cut));
      rest.remove_prefix(cut);
      line = rest.substr(0, line.size() - cut);
      used = width_of(line, style);
      good = 0;
      continue;
    }
    line = rest.substr(0, line.size() + character.size());
    used += more;
    if (may_break_after(character)) {
      good = line.size();
    }
  }
  lines.emplace_back(line);
  return lines;
}

void PdfSheet::need(double height) {
  if (y_ + height > kBottom && !pages_.back().empty()) {
    pages_.emplace_back();
    y_ = kMargin;
  }
}

void PdfSheet::paragraph(double x, const std::vector<std::string>& lines, const Style& style) {
  for (const std::string& line : lines) {
    need(line_height(style));
    text(x, style.size, line, style);
    skip(line_height(style));
  }
}

void PdfSheet::text(double x, double baseline, std::string text, const Style& style) {
  pages_.back().push_back({.x = x,
                           .y = y_ + baseline,
                           .width = 0,
                           .height = 0,
                           .text = std::move(text),
                           .style = style});
}

void PdfSheet::box(double x, double top, double width, double height, std::uint32_t colour) {
  pages_.back().push_back({.x = x,
                           .y = y_ + top,
                           .width = width,
                           .height = height,
                           .text = {},
                           .style = {.size = 0, .bold = false, .colour = colour}});
}

void PdfSheet::draw(const Mark& mark) {
  set_colour(context_, mark.style.colour);
  if (mark.text.empty()) {
    cairo_rectangle(context_, mark.x, mark.y, mark.width, mark.height);
    cairo_fill(context_);
    return;
  }
  cairo_select_font_face(context_, kFamily, CAIRO_FONT_SLANT_NORMAL,
                         mark.style.bold ? CAIRO_FONT_WEIGHT_BOLD : CAIRO_FONT_WEIGHT_NORMAL);
  cairo_set_font_size(context_, mark.style.size);
  cairo_move_to(context_, mark.x, mark.y);
  cairo_show_text(context_, mark.text.c_str());
}

Result<Bytes> PdfSheet::finish(const Foot& foot) {
  constexpr Style kFoot{.size = 8, .bold = false, .colour = 0x6B7280};
  for (std::size_t page = 0; page < pages_.size(); ++page) {
    for (const Mark& mark : pages_[page]) {
      draw(mark);
    }
    const auto [left, right] = foot(page + 1, pages_.size());
    const double baseline = kHeight - 36;
    draw({.x = kMargin,
          .y = baseline - 14,
          .width = kInner,
          .height = 0.5,
          .text = {},
          .style = {.size = 0, .bold = false, .colour = 0xD1D5DB}});
    draw({.x = kMargin, .y = baseline, .width = 0, .height = 0, .text = left, .style = kFoot});
    draw({.x = kWidth - kMargin - width_of(right, kFoot),
          .y = baseline,
          .width = 0,
          .height = 0,
          .text = right,
          .style = kFoot});
    cairo_show_page(context_);
  }
  cairo_surface_finish(surface_);
  if (const cairo_status_t status = cairo_status(context_); status != CAIRO_STATUS_SUCCESS) {
    return refused(status);
  }
  if (const cairo_status_t status = cairo_surface_status(surface_);
      status != CAIRO_STATUS_SUCCESS) {
    return refused(status);
  }
  return std::move(out_);
}

}  // namespace coffre
