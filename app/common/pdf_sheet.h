// A PDF of A4 pages that is written from top to bottom: wrapped text, rules, boxes, and a foot that
// knows how many pages there are.
//
// Guarantees: every character of a text is there to be read and searched; one that the font cannot
// draw stands as \u{NNNN}. The file has no date or title but those given.
// Not for text that is not UTF-8: make it printable() first. Threads: one at a time.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/bytes.h"
#include "core/base/error.h"

// NOLINTBEGIN(bugprone-reserved-identifier): Cairo's names
struct _cairo;
struct _cairo_scaled_font;
struct _cairo_surface;
// NOLINTEND(bugprone-reserved-identifier)

namespace coffre {

class PdfSheet {
 public:
  // Points, 72 to the inch, from the upper left corner.
  static constexpr double kWidth = 595.276;
  static constexpr double kHeight = 841.89;
  static constexpr double kMargin = 51;
  static constexpr double kInner = kWidth - 2 * kMargin;

  struct Style {
    double size = 9.5;
    bool bold = false;
    std::uint32_t colour = 0x1F2937;  // 0xRRGGBB
  };

  // `date` as format_time() gives it. kFailed when Cairo refuses.
  [[nodiscard]] static Result<std::unique_ptr<PdfSheet>> create(const std::string& title,
                                                                const std::string& date);
  PdfSheet(const PdfSheet&) = delete;
  PdfSheet& operator=(const PdfSheet&) = delete;
  ~PdfSheet();

  // Lines of at most `width`, broken after a space or a mark of paths, else anywhere.
  [[nodiscard]] std::vector<std::string> wrap(std::string_view text, const Style& style,
                                              double width);
  [[nodiscard]] double width_of(std::string_view text, const Style& style);

  // Where the next thing goes.
  [[nodiscard]] double y() const { return y_; }
  void skip(double height) { y_ += height; }
  // A new page unless `height` is left on this one.
  void need(double height);
  // Lines of text one below the other, each with the room that it needs.
  void paragraph(double x, const std::vector<std::string>& lines, const Style& style);
  // On this page, without moving y(): `baseline` counts from y().
  void text(double x, double baseline, std::string text, const Style& style);
  void box(double x, double top, double width, double height, std::uint32_t colour);

  // What stands at the foot of a page: left and right.
  using Foot =
      std::function<std::pair<std::string, std::string>(std::size_t page, std::size_t pages)>;
  // The file. Called once, last.
  [[nodiscard]] Result<Bytes> finish(const Foot& foot);

  [[nodiscard]] static double line_height(const Style& style) { return style.size * 1.42; }

 private:
  struct Mark {
    double x = 0;
    double y = 0;  // of a text its baseline
    double width = 0;
    double height = 0;
    std::string text;  // empty: a box
    Style style;
  };
  struct Face {
    _cairo_scaled_font* font = nullptr;
    std::map<std::string, double, std::less<>> advances;  // of size 1; negative: no glyph
  };

  PdfSheet() = default;
  [[nodiscard]] double advance(std::string_view character, const Style& style);
  [[nodiscard]] std::string drawable(std::string_view text, const Style& style);
  void draw(const Mark& mark);

  Bytes out_;
  _cairo_surface* surface_ = nullptr;
  _cairo* context_ = nullptr;
  Face regular_;
  Face bold_;
  std::vector<std::vector<Mark>> pages_{1};
  double y_ = kMargin;
};

}  // namespace coffre
