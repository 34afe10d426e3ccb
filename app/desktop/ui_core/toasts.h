// ToastList: short messages above the status bar, some with a way back.
//
// Guarantees: they stand in a strip of their own, which the screen gives up while there are any: no
// button or row is ever below one. Each goes by itself; an undo that was offered runs at most once,
// and not after its toast went. Where there is no room for all, the newest are shown. Threads: UI
// thread only.
#pragma once

#include <deque>

#include "app/desktop/ui_core/screen.h"

namespace coffre::ui {

class ToastList final : public Toasts {
 public:
  explicit ToastList(Clock& clock) : clock_(clock) {}

  void say(std::string words) override;
  void say(std::string words, std::string undo_label, std::function<void()> undo) override;
  void say_error(const Error& error) override;

  void clear() { toasts_.clear(); }
  // Drops those whose time is over; true when there was one.
  bool expire();
  [[nodiscard]] std::size_t count() const { return toasts_.size(); }
  // Until the next one goes; -1: there is none.
  [[nodiscard]] std::int64_t next_ms() const;
  // The newest one goes; false when there is none.
  bool close_newest();
  // The height of the strip that draw() wants; 0 without any. More than one toast is shown only as
  // far as all stay within `height_max`.
  [[nodiscard]] float height(const Ui& ui, float width, float height_max) const;
  void draw(Ui& ui, const Rect& strip);

 private:
  struct Toast {
    std::uint64_t number = 0;
    bool is_error = false;
    std::string words;
    std::string more;  // what to do, of an error
    std::string undo_label;
    std::function<void()> undo;
    std::int64_t until_ms = 0;
  };
  static constexpr std::size_t kToastsMax = 4;

  void add(Toast toast, std::int64_t for_ms);
  // Where the words of a toast are, and how high it is with them.
  struct Layout {
    float words_width = 0;
    float words_height = 0;
    float height = 0;
  };
  [[nodiscard]] static Layout layout_of(const Ui& ui, const Toast& toast, float width);
  // How many of the newest fit; one at least.
  [[nodiscard]] std::size_t fitting(const Ui& ui, float width, float height_max) const;
  enum class Pressed : unsigned char { kNothing, kClose, kUndo };
  [[nodiscard]] static Pressed draw_one(Ui& ui, const Toast& toast, const Rect& row);

  Clock& clock_;
  std::uint64_t next_ = 1;
  std::deque<Toast> toasts_;
};

}  // namespace coffre::ui
