#include "app/desktop/screens/document_pane_find.h"

#include <algorithm>

#include "core/base/text.h"

namespace coffre::ui {

PageWordBox rotated(const PageWordBox& box, int quarter_turns) {
  PageWordBox turned = box;
  for (int turn = 0; turn < (quarter_turns & 3); ++turn) {
    // Clockwise: what was the left edge is the top edge.
    const PageWordBox before = turned;
    turned.x0 = 1 - before.y1;
    turned.x1 = 1 - before.y0;
    turned.y0 = before.x0;
    turned.y1 = before.x1;
  }
  return turned;
}

void TextFinder::reset(std::uint32_t pages) {
  *this = {};
  pages_ = pages;
}

void TextFinder::set_words(std::string_view words, std::uint32_t page) {
  std::string wanted = fold(words.substr(0, kWordsMax));
  while (wanted.ends_with(' ')) {
    wanted.pop_back();
  }
  wanted.erase(0, wanted.find_first_not_of(' '));
  if (wanted == wanted_) {
    return;
  }
  wanted_ = std::move(wanted);
  from_page_ = page;
  hits_.clear();
  current_.reset();
  if (wanted_.empty()) {
    return;
  }
  for (const auto& [number, text] : texts_) {
    search(number, text);
  }
  choose_current();
}

std::optional<std::uint32_t> TextFinder::page_wanted() const {
  if (wanted_.empty() || hits_.size() >= kHitsMax) {
    return std::nullopt;
  }
  const std::uint32_t count = std::min(pages_, kPagesMax);
  // From the page that is shown to the end, then what lies before it.
  for (std::uint32_t step = 0; step < count && texts_.size() < count; ++step) {
    const std::uint32_t page = (std::min(from_page_, count - 1) + step) % count;
    if (!texts_.contains(page)) {
      return page;
    }
  }
  return std::nullopt;
}

void TextFinder::add(std::uint32_t page, std::vector<PageWordBox> words) {
  PageText text;
  text.begins.reserve(words.size());
  for (const PageWordBox& word : words) {
    text.begins.push_back(text.folded.size());
    text.folded += fold(word.text) + " ";
  }
  text.words = std::move(words);
  const PageText& kept = texts_[page] = std::move(text);
  if (!wanted_.empty()) {
    search(page, kept);
    choose_current();
  }
}

void TextFinder::search(std::uint32_t page, const PageText& text) {
  std::vector<Hit> found;
  for (std::size_t at = text.folded.find(wanted_);
       at != std::string::npos && hits_.size() + found.size() < kHitsMax;
       at = text.folded.find(wanted_, at + wanted_.size())) {
    const auto word_at = [&](std::size_t place) {
      const auto behind = std::ranges::upper_bound(text.begins, place);
      return static_cast<std::size_t>(behind - text.begins.begin()) - 1;
    };
    found.push_back({page, word_at(at), word_at(at + wanted_.size() - 1)});
  }
  const auto place = std::ranges::lower_bound(hits_, page, {}, &Hit::page);
  const auto index = static_cast<std::size_t>(place - hits_.begin());
  if (current_ && *current_ >= index) {
    *current_ += found.size();  // it stays the same hit
  }
  hits_.insert(place, found.begin(), found.end());
}

void TextFinder::choose_current() {
  if (current_ || hits_.empty()) {
    return;
  }
  const auto place = std::ranges::lower_bound(hits_, from_page_, {}, &Hit::page);
  if (place != hits_.end()) {
    current_ = static_cast<std::size_t>(place - hits_.begin());
  } else if (is_done()) {
    current_ = 0;
  }
}

void TextFinder::next() {
  if (!hits_.empty()) {
    current_ = current_ ? (*current_ + 1) % hits_.size() : 0;
  }
}

void TextFinder::previous() {
  if (!hits_.empty()) {
    current_ = (current_.value_or(0) + hits_.size() - 1) % hits_.size();
  }
}

std::vector<PageWordBox> TextFinder::boxes(const Hit& hit) const {
  const auto text = texts_.find(hit.page);
  if (text == texts_.end() || hit.word_last >= text->second.words.size()) {
    return {};
  }
  const auto begin = text->second.words.begin();
  return {begin + static_cast<std::ptrdiff_t>(hit.word_first),
          begin + static_cast<std::ptrdiff_t>(hit.word_last) + 1};
}

}  // namespace coffre::ui
