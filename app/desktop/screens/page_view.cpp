#include "app/desktop/screens/page_view.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace coffre::ui {
namespace {

constexpr std::array kPercents = {25, 33, 50, 67, 80, 100, 125, 150, 200, 300, 400};
constexpr double kPointsPerInch = 72;
constexpr double kPixelsPerInch = 96;  // 100 % is the paper's size on an ordinary screen
// What is asked of the process that draws; larger pages are shown stretched.
constexpr double kSideMax = 8192;
constexpr double kPixelsMax = 16.0 * 1024 * 1024;
constexpr std::size_t kThumbnailsMax = 48;

}  // namespace

PageView::PageView(Services& services) : services_(services) {}

PageView::~PageView() { close(); }

void PageView::open(std::shared_ptr<DocumentPages> pages) {
  close();
  pages_ = std::move(pages);
  count_ = pages_->pages();
  finder_.reset(count_);
  ticket_ = services_.session_end.add([dying = pages_] { dying->close(); });
}

void PageView::close() {
  if (ticket_) {
    services_.session_end.remove(*ticket_);
    ticket_.reset();
  }
  if (pages_) {
    pages_->close();
    pages_.reset();
  }
  drop_pictures();
  count_ = 0;
  page_ = 0;
  busy_ = false;
  turns_ = 0;
  fit_ = Fit::kPage;
  sizes_.clear();
  finder_.reset(0);
  strip_ = {};
  scroll_screens_ = 0;
  scroll_to_end_ = false;
}

void PageView::drop_pictures() {
  for (const auto& [key, picture] : pictures_) {
    services_.textures.destroy(picture.texture);
  }
  for (const auto& [page, picture] : thumbnails_) {
    free_thumbnail(picture);
  }
  pictures_.clear();
  thumbnails_.clear();
  failed_.clear();
}

void PageView::free_thumbnail(const Picture& picture) {
  if (picture.texture != nullptr) {  // else there was no room for it
    services_.textures.destroy(picture.texture);
  }
}

void PageView::go(std::uint32_t page) {
  if (count_ == 0) {
    return;
  }
  page_ = std::min(page, count_ - 1);
  scroll_to_top_ = true;
  strip_.focused = static_cast<std::ptrdiff_t>(page_);
  strip_.scroll_to_focused = true;
}

void PageView::forward() {
  if (scroll_left_ > 1) {
    scroll_screens_ = 1;
  } else if (page_ + 1 < count_) {
    go(page_ + 1);
  }
}

void PageView::backward() {
  if (scroll_done_ > 1) {
    scroll_screens_ = -1;
  } else if (page_ > 0) {
    go(page_ - 1);
    scroll_to_top_ = false;
    scroll_to_end_ = true;
  }
}

void PageView::set_fit(Fit fit) {
  fit_ = fit;
  scroll_to_top_ = true;
}

void PageView::zoom(int steps) {
  for (int step = 0; step < std::abs(steps); ++step) {
    const int now = fit_ == Fit::kFixed ? percent_ : shown_percent_;
    if (steps > 0) {
      const auto* next = std::ranges::upper_bound(kPercents, now);
      percent_ = next == kPercents.end() ? kPercents.back() : *next;
    } else {
      const auto* next = std::ranges::lower_bound(kPercents, now);
      percent_ = next == kPercents.begin() ? kPercents.front() : *(next - 1);
    }
    fit_ = Fit::kFixed;
  }
}

void PageView::rotate() { turns_ = (turns_ + 1) & 3; }

bool PageView::fonts_missing() const {
  const std::optional<Extent> extent = extent_of(page_);
  const Picture* picture = extent ? picture_of(page_, *extent) : nullptr;
  return picture != nullptr && picture->fonts_missing;
}

void PageView::go_to_hit() {
  if (const std::optional<std::size_t> hit = finder_.current()) {
    if (finder_.hits()[*hit].page != page_) {
      go(finder_.hits()[*hit].page);
    }
    reveal_hit_ = true;
  }
}

std::optional<PageView::Extent> PageView::extent_of(std::uint32_t page) const {
  const auto size = sizes_.find(page);
  if (size == sizes_.end() || room_.x < 1 || room_.y < 1) {
    return std::nullopt;
  }
  double width = size->second.width_pt;
  double height = size->second.height_pt;
  if ((turns_ & 1) != 0) {
    std::swap(width, height);
  }
  if (!(width > 0) || !(height > 0)) {
    return std::nullopt;
  }
  Extent extent;
  switch (fit_) {
    case Fit::kPage:
      extent.zoom = std::min(room_.x / width, room_.y / height);
      break;
    case Fit::kWidth:
      extent.zoom = room_.x / width;
      break;
    case Fit::kFixed:
      extent.zoom = percent_ / 100.0 * kPixelsPerInch / kPointsPerInch * scale_;
      break;
  }
  extent.width = std::max(static_cast<float>(std::floor(width * extent.zoom)), 8.0F);
  extent.height = std::max(static_cast<float>(std::floor(height * extent.zoom)), 8.0F);
  const double largest = std::max(width, height) * extent.zoom;
  const double shrink =
      std::min({1.0, kSideMax / largest, std::sqrt(kPixelsMax / (width * height)) / extent.zoom});
  extent.pixels =
      std::max(static_cast<std::uint32_t>(std::floor(width * extent.zoom * shrink)), 8U);
  return extent;
}

const PageView::Picture* PageView::picture_of(std::uint32_t page, const Extent& extent) const {
  if (const auto exact = pictures_.find({page, extent.pixels, turns_}); exact != pictures_.end()) {
    return &exact->second;
  }
  // Another size of the same page, stretched, until the right one is there.
  const Picture* nearest = nullptr;
  for (const auto& [key, picture] : pictures_) {
    if (key.page == page && key.turns == turns_) {
      nearest = &picture;
    }
  }
  return nearest;
}

const Error* PageView::error_of(std::uint32_t page) const {
  if (const auto whole = failed_.find({page, 0, 0}); whole != failed_.end()) {
    return &whole->second;
  }
  const std::optional<Extent> extent = extent_of(page);
  const auto found = extent ? failed_.find({page, extent->pixels, turns_}) : failed_.end();
  return found == failed_.end() ? nullptr : &found->second;
}

template <typename T>
void PageView::ask(std::function<Result<T>(DocumentPages&)> question,
                   std::function<void(Result<T>)> answered) {
  busy_ = true;
  const auto answer = std::make_shared<Result<T>>();
  auto take = alive_.guard([this, pages = pages_, answer, answered = std::move(answered)] {
    if (pages == pages_) {  // else another document is shown by now
      busy_ = false;
      answered(std::move(*answer));
      pump();
    }
  });
  services_.jobs.start({}, false,
                       [pages = pages_, answer, question = std::move(question),
                        take = std::move(take)](Progress&) -> Jobs::Completion {
                         *answer = question(*pages);
                         return take;
                       });
}

void PageView::pump() {
  if (!pages_ || busy_ || count_ == 0) {
    return;
  }
  if (want_page(page_) || want_thumbnail() || (page_ + 1 < count_ && want_page(page_ + 1)) ||
      (page_ > 0 && want_page(page_ - 1))) {
    return;
  }
  free_old_pictures();
  if (const std::optional<std::uint32_t> page = finder_.page_wanted()) {
    using Words = std::vector<PageWordBox>;
    ask<Words>([page](DocumentPages& pages) { return pages.text(*page); },
               [this, page](Result<Words> words) {
                 // A page without text, or one that is broken, has no hit.
                 const bool had_hit = finder_.current().has_value();
                 finder_.add(*page, words ? *std::move(words) : Words{});
                 if (!had_hit) {
                   go_to_hit();
                 }
               });
  }
}

bool PageView::want_page(std::uint32_t page) {
  if (error_of(page) != nullptr) {
    return false;
  }
  if (!sizes_.contains(page)) {
    ask_size(page);
    return true;
  }
  const std::optional<Extent> extent = extent_of(page);
  if (!extent || pictures_.contains({page, extent->pixels, turns_})) {
    return false;
  }
  const Key key{page, extent->pixels, turns_};
  ask<DrawnPage>(
      [key](DocumentPages& pages) { return pages.draw(key.page, key.width, key.turns); },
      [this, key](Result<DrawnPage> drawn) { take_picture(key, std::move(drawn), false); });
  return true;
}

bool PageView::want_thumbnail() {
  if (!thumbnails_shown_) {
    return false;
  }
  for (const std::uint32_t page : visible_thumbnails_) {
    if (thumbnails_.contains(page) || failed_.contains({page, 0, 0})) {
      continue;
    }
    const Key key{page, static_cast<std::uint32_t>(80 * scale_), 0};
    ask<DrawnPage>(
        [key](DocumentPages& pages) { return pages.draw(key.page, key.width, 0); },
        [this, key](Result<DrawnPage> drawn) { take_picture(key, std::move(drawn), true); });
    return true;
  }
  return false;
}

void PageView::ask_size(std::uint32_t page) {
  ask<PageSize>([page](DocumentPages& pages) { return pages.size(page); },
                [this, page](Result<PageSize> size) {
                  if (!size) {
                    failed_.emplace(Key{page, 0, 0}, size.error());
                  } else if (!(size->width_pt > 0) || !(size->height_pt > 0)) {
                    failed_.emplace(Key{page, 0, 0},
                                    Error{Code::kFailed, N_("this page has no size"), {}, ""});
                  } else {
                    sizes_[page] = *size;
                  }
                });
}

void PageView::take_picture(const Key& key, Result<DrawnPage> drawn, bool is_thumbnail) {
  const Key failure = is_thumbnail ? Key{key.page, 0, 0} : key;
  if (!drawn) {
    failed_.emplace(failure, drawn.error());
    return;
  }
  ImTextureID texture =
      services_.textures.create(drawn->width, drawn->height, drawn->stride, drawn->rgba);
  if (texture == nullptr && !is_thumbnail) {
    failed_.emplace(
        failure,
        Error{Code::kLimit, N_("there is no room to show this page"), {}, N_("show it smaller")});
    return;
  }
  if (is_thumbnail) {
    free_far_thumbnails();
    thumbnails_[key.page] = {texture, drawn->fonts_missing};
  } else {
    pictures_[key] = {texture, drawn->fonts_missing};
  }
}

void PageView::free_old_pictures() {
  // All that may be shown is drawn: what is not of this page and its neighbours, as they are shown
  // now, goes.
  std::erase_if(pictures_, [&](const auto& entry) {
    const Key& key = entry.first;
    const bool near = key.page + 1 >= page_ && key.page <= page_ + 1;
    const std::optional<Extent> extent = near ? extent_of(key.page) : std::nullopt;
    if (extent && key.width == extent->pixels && key.turns == turns_) {
      return false;
    }
    services_.textures.destroy(entry.second.texture);
    return true;
  });
}

void PageView::free_far_thumbnails() {
  while (thumbnails_.size() >= kThumbnailsMax) {
    const auto distance = [&](std::uint32_t page) {
      const std::uint32_t middle =
          visible_thumbnails_.empty() ? page_ : visible_thumbnails_[visible_thumbnails_.size() / 2];
      return page > middle ? page - middle : middle - page;
    };
    const auto far = std::ranges::max_element(
        thumbnails_, {}, [&](const auto& entry) { return distance(entry.first); });
    free_thumbnail(far->second);
    thumbnails_.erase(far);
  }
}

}  // namespace coffre::ui
