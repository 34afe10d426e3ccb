// PageView: the pages of one document on the screen: zoom, fit, rotation, thumbnails, found words.
//
// DocumentPages is what draws them: in the program a process without any right (document_pane_
// viewer.cpp), in tests a fake. It is asked for one thing at a time, off the UI thread, the visible
// page first, then thumbnails, then the next and the previous page, then text for the search.
//
// Guarantees: a page is never drawn on the UI thread; until it is there, the last picture of it is
// shown stretched. Pictures that are no longer needed go back to the pool of textures. When the
// session ends, the process that draws is killed on the thread that locked.
// Threads: UI thread only.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "app/desktop/screens/alive.h"
#include "app/desktop/screens/document_pane_find.h"
#include "app/desktop/ui_core/screen.h"
#include "app/desktop/ui_core/session_end.h"
#include "app/desktop/ui_core/widgets.h"
#include "core/base/secret.h"

namespace coffre::ui {

struct PageSize {
  double width_pt = 0;  // 72 to the inch, not rotated
  double height_pt = 0;
};

struct DrawnPage {
  std::uint32_t width = 0;
  std::uint32_t height = 0;
  std::size_t stride = 0;
  std::vector<std::byte, WipingAllocator<std::byte>> rgba;
  bool fonts_missing = false;  // text may be missing or look otherwise
};

class DocumentPages {
 public:
  virtual ~DocumentPages() = default;
  // One call at a time, from any thread.
  [[nodiscard]] virtual std::uint32_t pages() const = 0;
  [[nodiscard]] virtual Result<PageSize> size(std::uint32_t page) = 0;
  // `width` in pixels after the rotation, clockwise.
  [[nodiscard]] virtual Result<DrawnPage> draw(std::uint32_t page, std::uint32_t width,
                                               int quarter_turns) = 0;
  [[nodiscard]] virtual Result<std::vector<PageWordBox>> text(std::uint32_t page) = 0;
  // Any thread, also while another call waits, which fails then.
  virtual void close() = 0;
};

enum class Fit : unsigned char { kPage, kWidth, kFixed };

class PageView {
 public:
  explicit PageView(Services& services);
  ~PageView();
  PageView(const PageView&) = delete;
  PageView& operator=(const PageView&) = delete;

  void open(std::shared_ptr<DocumentPages> pages);
  void close();
  [[nodiscard]] bool is_open() const { return pages_ != nullptr; }

  [[nodiscard]] std::uint32_t count() const { return count_; }
  [[nodiscard]] std::uint32_t page() const { return page_; }  // from 0
  void go(std::uint32_t page);
  // One screen further: scrolls in a page that is larger than the view, then turns it.
  void forward();
  void backward();

  void set_fit(Fit fit);
  [[nodiscard]] Fit fit() const { return fit_; }
  void zoom(int steps);  // to the next of the usual percentages
  [[nodiscard]] int percent() const { return shown_percent_; }
  void rotate();  // a quarter turn clockwise
  [[nodiscard]] int quarter_turns() const { return turns_; }
  [[nodiscard]] bool has_thumbnails() const { return thumbnails_shown_; }
  void toggle_thumbnails() { thumbnails_shown_ = !thumbnails_shown_; }
  [[nodiscard]] bool fonts_missing() const;  // on the page that is shown

  [[nodiscard]] TextFinder& finder() { return finder_; }
  [[nodiscard]] const TextFinder& finder() const { return finder_; }
  // To the page of the current hit.
  void go_to_hit();

  void draw(Ui& ui, const Rect& area);

 private:
  struct Key {
    std::uint32_t page = 0;
    std::uint32_t width = 0;
    int turns = 0;
    auto operator<=>(const Key&) const = default;
  };
  struct Picture {
    ImTextureID texture = nullptr;
    bool fonts_missing = false;
  };
  struct Extent {
    float width = 0;  // on the screen
    float height = 0;
    std::uint32_t pixels = 0;  // width that is asked for
    double zoom = 0;           // pixels a point
  };

  [[nodiscard]] std::optional<Extent> extent_of(std::uint32_t page) const;
  [[nodiscard]] const Picture* picture_of(std::uint32_t page, const Extent& extent) const;
  [[nodiscard]] const Error* error_of(std::uint32_t page) const;
  template <typename T>
  void ask(std::function<Result<T>(DocumentPages&)> question,
           std::function<void(Result<T>)> answered);
  void pump();
  bool want_page(std::uint32_t page);  // true: something was asked
  bool want_thumbnail();
  void ask_size(std::uint32_t page);
  void take_picture(const Key& key, Result<DrawnPage> drawn, bool is_thumbnail);
  void drop_pictures();
  void free_old_pictures();
  void free_far_thumbnails();
  void free_thumbnail(const Picture& picture);

  void draw_strip(Ui& ui, const Rect& area);
  void draw_thumbnail(Ui& ui, const Rect& row, std::uint32_t page);
  void draw_page(Ui& ui, const Rect& area);
  void draw_error(Ui& ui, const Rect& area, const Error& error);
  void draw_sheet(Ui& ui, const Rect& sheet, const Extent& extent);
  void draw_hits(Ui& ui, const Rect& sheet) const;
  void reveal_hit(const Rect& sheet);
  void follow_mouse();
  void apply_scroll();

  Services& services_;
  std::shared_ptr<DocumentPages> pages_;
  std::optional<SessionEnd::Ticket> ticket_;
  std::uint32_t count_ = 0;
  std::uint32_t page_ = 0;
  bool busy_ = false;

  Fit fit_ = Fit::kPage;
  int percent_ = 100;  // of kFixed
  int shown_percent_ = 100;
  int turns_ = 0;
  ImVec2 room_{0, 0};
  float scale_ = 1;

  std::map<std::uint32_t, PageSize> sizes_;
  std::map<Key, Picture> pictures_;
  std::map<Key, Error> failed_;  // width 0: the page itself
  bool thumbnails_shown_ = false;
  std::map<std::uint32_t, Picture> thumbnails_;
  std::vector<std::uint32_t> visible_thumbnails_;
  ListState strip_;

  TextFinder finder_;
  int scroll_screens_ = 0;  // pending: that many screens down (up, when negative)
  bool scroll_to_top_ = false;
  bool scroll_to_end_ = false;
  bool reveal_hit_ = false;
  float scroll_left_ = 0;  // how far the view can go on down and up
  float scroll_done_ = 0;
  Alive alive_;
};

}  // namespace coffre::ui
