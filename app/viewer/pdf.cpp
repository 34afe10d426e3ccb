// PDF by Poppler: its GLib interface draws with Cairo and finds words, its C++ interface lists the
// fonts of one page. Neither runs scripts nor follows links.
#include <cmath>
#include <poppler.h>

#include "app/viewer/document.h"
#include "app/viewer/pdf_fonts.h"

namespace coffre::viewer {
namespace {

struct Unref {
  void operator()(void* object) const { g_object_unref(object); }
};
struct Free {
  void operator()(void* data) const { g_free(data); }
};
using PdfHandle = std::unique_ptr<PopplerDocument, Unref>;
using PageHandle = std::unique_ptr<PopplerPage, Unref>;

std::unexpected<Error> refusal(GError* error) {
  const bool wants_password =
      error != nullptr && g_error_matches(error, POPPLER_ERROR, POPPLER_ERROR_ENCRYPTED) != 0;
  g_clear_error(&error);
  if (wants_password) {
    return fail(Code::kCredentials, "the PDF file is protected by a password of its own");
  }
  return fail(Code::kDamaged, "the PDF file is damaged");
}

// Joins characters to words. What is outside of the page is cut off at its rim.
class WordMaker {
 public:
  explicit WordMaker(const PageSize& size) : size_(size) {}

  void add(const char* text, std::size_t length, const PopplerRectangle& box) {
    if (words_.size() >= kWordsMax) return;
    const Word one{.x0 = place(box.x1, size_.width),
                   .y0 = place(box.y1, size_.height),
                   .x1 = place(box.x2, size_.width),
                   .y1 = place(box.y2, size_.height),
                   .text = {}};
    if (word_.text.empty()) {
      word_ = one;
    }
    word_.x0 = std::min({word_.x0, one.x0, one.x1});
    word_.y0 = std::min({word_.y0, one.y0, one.y1});
    word_.x1 = std::max({word_.x1, one.x0, one.x1});
    word_.y1 = std::max({word_.y1, one.y0, one.y1});
    if (word_.text.size() + length <= kWordBytesMax) word_.text.append(text, length);
  }
  void end() {
    if (!word_.text.empty()) words_.push_back(std::move(word_));
    word_ = Word{};
  }
  [[nodiscard]] std::vector<Word> take() { return std::move(words_); }

 private:
  static float place(double at, double whole) {
    const double part = at / whole;
    return part >= 0 ? static_cast<float>(std::min(part, 1.0)) : 0.0F;
  }

  PageSize size_;
  Word word_;
  std::vector<Word> words_;
};

class PdfDocument final : public Document {
 public:
  PdfDocument(ByteView content, PdfHandle document)
      : document_(std::move(document)),
        fonts_(content),
        pages_(static_cast<std::uint32_t>(poppler_document_get_n_pages(document_.get()))) {}

  [[nodiscard]] std::uint32_t pages() const override { return pages_; }

  Result<PageSize> size(std::uint32_t page) override {
    COFFRE_TRY(go_to(page));
    PageSize found;
    poppler_page_get_size(page_.get(), &found.width, &found.height);
    if (!is_page_length(found.width) || !is_page_length(found.height)) {
      return fail(Code::kDamaged, "the PDF file is damaged");
    }
    return found;
  }

  Status draw(std::uint32_t page, cairo_t* context, double /*scale*/) override {
    COFFRE_TRY(go_to(page));
    poppler_page_render(page_.get(), context);
    switch (cairo_status(context)) {
      case CAIRO_STATUS_SUCCESS:
        return {};
      case CAIRO_STATUS_NO_MEMORY:
        return fail(Code::kOutOfMemory, "the document needs more memory than it may have");
      default:
        return fail(Code::kDamaged, "the PDF file is damaged");
    }
  }

  bool fonts_missing(std::uint32_t page) override { return fonts_.missing(page); }

  Result<std::vector<Word>> words(std::uint32_t page) override {
    COFFRE_TRY_ASSIGN(const PageSize found, size(page));
    const std::unique_ptr<char, Free> text(poppler_page_get_text(page_.get()));
    PopplerRectangle* listed = nullptr;
    guint count = 0;
    if (text == nullptr || poppler_page_get_text_layout(page_.get(), &listed, &count) == 0) {
      return std::vector<Word>{};
    }
    const std::unique_ptr<PopplerRectangle, Free> boxes(listed);
    WordMaker maker(found);
    const char* at = text.get();
    for (guint i = 0; i < count && *at != '\0'; ++i) {
      const char* const next = g_utf8_next_char(at);
      const gunichar point = g_utf8_get_char(at);
      if (g_unichar_isspace(point) != 0 || g_unichar_iscntrl(point) != 0) {
        maker.end();
      } else {
        maker.add(at, static_cast<std::size_t>(next - at), boxes.get()[i]);
      }
      at = next;
    }
    maker.end();
    return maker.take();
  }

 private:
  // The page that was asked for last stays open.
  [[nodiscard]] Status go_to(std::uint32_t page) {
    if (page >= pages_) return fail(Code::kNotFound, "there is no such page");
    if (page_ && number_ == page) return {};
    page_.reset(poppler_document_get_page(document_.get(), static_cast<int>(page)));
    if (!page_) return fail(Code::kDamaged, "the PDF file is damaged");
    number_ = page;
    return {};
  }

  PdfHandle document_;
  PdfFonts fonts_;
  std::uint32_t pages_;
  PageHandle page_;
  std::uint32_t number_ = 0;
};

// Poppler and GLib write what they think of a document to standard error, and end the process at
// some of it if the environment says so.
void ignore_message(const gchar* /*domain*/, GLogLevelFlags /*level*/, const gchar* /*message*/,
                    gpointer /*data*/) {}

}  // namespace

Result<std::unique_ptr<Document>> open_pdf(ByteView content) {
  g_log_set_default_handler(ignore_message, nullptr);
  GBytes* const bytes = g_bytes_new_static(content.data(), content.size());
  GError* error = nullptr;
  PdfHandle document(poppler_document_new_from_bytes(bytes, nullptr, &error));
  g_bytes_unref(bytes);
  if (!document) return refusal(error);
  const int pages = poppler_document_get_n_pages(document.get());
  if (pages <= 0) return refusal(nullptr);
  if (std::cmp_greater(pages, kPagesMax)) {
    return fail(Code::kLimit, "the document has too many pages to be shown");
  }
  return std::make_unique<PdfDocument>(content, std::move(document));
}

}  // namespace coffre::viewer
