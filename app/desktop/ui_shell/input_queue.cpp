#include "app/desktop/ui_shell/input_queue.h"

#include <type_traits>

#include "core/base/secret.h"

namespace coffre::ui {
namespace {

using Kind = InputEvent::Kind;

template <typename T>
void wipe_object(T& object) {
  static_assert(std::is_trivially_copyable_v<T>);
  wipe_bytes({reinterpret_cast<Byte*>(&object), sizeof(object)});
}

// What a frame has taken so far, and whether one more event can still be told apart.
class FrameRules {
 public:
  [[nodiscard]] bool allows(const InputEvent& event) const {
    switch (event.kind) {
      case Kind::kNone:
        return true;
      case Kind::kMove:
      case Kind::kLeave:
        // A click and a turn of the wheel belong to where the pointer was.
        return !pressed_ && !button_ && !scrolled_;
      case Kind::kScroll:
        return !pressed_ && !button_;
      case Kind::kButton:
        return !pressed_ && !button_ && !scrolled_;
      case Kind::kKey:
        // Held keys repeat faster than slow frames are drawn; only their characters count.
        return event.repeats || (!pressed_ && !button_);
      case Kind::kCharacter:
        return !button_;
      case Kind::kReleaseAll:
        return !pressed_ && !button_ && !scrolled_;
    }
    return true;
  }

  void take(const InputEvent& event) {
    pressed_ = pressed_ || (event.kind == Kind::kKey && event.down && !event.repeats);
    button_ = button_ || event.kind == Kind::kButton;
    scrolled_ = scrolled_ || event.kind == Kind::kScroll;
  }

 private:
  bool pressed_ = false;
  bool button_ = false;
  bool scrolled_ = false;
};

}  // namespace

InputQueue::Frame::~Frame() { clear(); }

void InputQueue::Frame::clear() {
  wipe_object(events_);
  count_ = 0;
}

InputQueue::~InputQueue() { wipe_object(events_); }

InputEvent& InputQueue::at(std::size_t index) { return events_[(first_ + index) % kEventsMax]; }

void InputQueue::push(const InputEvent& event) {
  if (count_ > 0 && event.kind == Kind::kMove && at(count_ - 1).kind == Kind::kMove) {
    at(count_ - 1) = event;
    return;
  }
  if (count_ == kEventsMax || lost_) {
    // Once something is lost, so is what follows until the queue was drained: a release without
    // its press, or the end of a word without its start, would be worse than nothing.
    lost_ = true;
    return;
  }
  at(count_) = event;
  ++count_;
}

void InputQueue::drop_first() {
  wipe_object(events_[first_]);
  first_ = (first_ + 1) % kEventsMax;
  --count_;
}

void InputQueue::take(Frame& frame) {
  frame.clear();
  FrameRules rules;
  while (count_ > 0 && frame.count_ < kFrameEventsMax && rules.allows(at(0))) {
    rules.take(at(0));
    frame.events_[frame.count_] = at(0);
    ++frame.count_;
    drop_first();
  }
  if (lost_ && frame.count_ == 0) {
    lost_ = false;
    frame.events_[0].kind = Kind::kReleaseAll;
    frame.count_ = 1;
  }
}

void InputQueue::wipe() {
  wipe_object(events_);
  first_ = 0;
  count_ = 0;
  lost_ = true;
}

}  // namespace coffre::ui
