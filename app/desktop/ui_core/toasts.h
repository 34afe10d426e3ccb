// ToastList: short messages at the lower right, some with a way back.
//
// Guarantees: each goes by itself; an undo that was offered runs at most once, and not after its
// toast went. Threads: UI thread only.
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
  // In a window of their own, above `bottom`.
  void draw(Ui& ui, float right, float bottom);

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
  enum class Pressed : unsigned char { kNothing, kClose, kUndo };
  [[nodiscard]] static Pressed draw_one(Ui& ui, const Toast& toast);

  Clock& clock_;
  std::uint64_t next_ = 1;
  std::deque<Toast> toasts_;
};

}  // namespace coffre::ui
