// TextFinder: where words occur in a document, page by page as their text becomes known.
//
// Words are compared folded (é as e). A hit may run over several words of a page, not over two
// pages. Bounds: at most kPagesMax pages are searched and kHitsMax hits kept; is_cut() says so.
// Threads: values.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace coffre::ui {

// A word and its box in 0..1 of the page, not rotated, origin top left.
struct PageWordBox {
  float x0 = 0;
  float y0 = 0;
  float x1 = 0;
  float y1 = 0;
  std::string text;
};

// The box as it lies after quarter turns clockwise.
[[nodiscard]] PageWordBox rotated(const PageWordBox& box, int quarter_turns);

class TextFinder {
 public:
  static constexpr std::uint32_t kPagesMax = 5000;
  static constexpr std::size_t kHitsMax = 10'000;
  static constexpr std::size_t kWordsMax = 4096;  // bytes of what is searched for

  struct Hit {
    std::uint32_t page = 0;
    std::size_t word_first = 0;
    std::size_t word_last = 0;
  };

  // Another document.
  void reset(std::uint32_t pages);
  // What is searched for; empty: nothing. The current hit is the first on `page` or behind it.
  void set_words(std::string_view words, std::uint32_t page);
  [[nodiscard]] bool is_searching() const { return !wanted_.empty(); }
  // The next page whose text is needed; nothing when all are known, or nothing is searched for.
  [[nodiscard]] std::optional<std::uint32_t> page_wanted() const;
  void add(std::uint32_t page, std::vector<PageWordBox> words);

  [[nodiscard]] const std::vector<Hit>& hits() const { return hits_; }
  [[nodiscard]] std::optional<std::size_t> current() const { return current_; }
  void next();
  void previous();
  [[nodiscard]] bool is_done() const { return !page_wanted(); }
  [[nodiscard]] bool is_cut() const { return pages_ > kPagesMax || hits_.size() >= kHitsMax; }
  // The boxes of a hit.
  [[nodiscard]] std::vector<PageWordBox> boxes(const Hit& hit) const;

 private:
  struct PageText {
    std::vector<PageWordBox> words;
    std::string folded;               // words with a space between
    std::vector<std::size_t> begins;  // of each word in `folded`
  };
  void search(std::uint32_t page, const PageText& text);
  void choose_current();

  std::uint32_t pages_ = 0;
  std::string wanted_;  // folded
  std::uint32_t from_page_ = 0;
  std::map<std::uint32_t, PageText> texts_;
  std::vector<Hit> hits_;  // by page and place
  std::optional<std::size_t> current_;
};

}  // namespace coffre::ui
