// The events of the window, in order, until a frame takes them.
//
// Dear ImGui 1.86 looks at the state of keys and buttons once a frame: a key that went down and up
// between two frames is lost, and so is the order of keys and pointer. So a frame is given no more
// than it can tell apart: what was let go before, then one press with the characters it typed.
//
// Guarantees: no press, release or character is lost or overtakes another; when more come than fit,
// what is lost ends in kReleaseAll, so that no key stays down. Events may be typed passwords: each
// is wiped when it was taken, all by wipe(). Threads: UI thread only.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace coffre::ui {

// As GLFW names them; the queue itself looks at none of it but the kind.
struct InputEvent {
  enum class Kind : unsigned char {
    kNone,
    kMove,        // x, y
    kLeave,       // the pointer left the window
    kButton,      // key: the button; down
    kScroll,      // x, y: steps
    kKey,         // key (as on the present layout, keyboard.h), down, repeats, modifiers
    kCharacter,   // character
    kReleaseAll,  // the window lost the keyboard, or events were lost
  };
  Kind kind = Kind::kNone;
  bool down = false;
  bool repeats = false;
  std::uint8_t modifiers = 0;
  int key = 0;
  char32_t character = 0;
  float x = 0;
  float y = 0;
};

class InputQueue {
 public:
  static constexpr std::size_t kEventsMax = 1024;
  // A press may type a few characters (dead keys, input methods).
  static constexpr std::size_t kFrameEventsMax = 64;

  // What one frame is given. Wiped when it goes.
  class Frame {
   public:
    Frame() = default;
    Frame(const Frame&) = delete;
    Frame& operator=(const Frame&) = delete;
    ~Frame();
    [[nodiscard]] const InputEvent* begin() const { return events_.data(); }
    [[nodiscard]] const InputEvent* end() const { return events_.data() + count_; }
    [[nodiscard]] std::size_t size() const { return count_; }
    void clear();

   private:
    friend class InputQueue;
    std::array<InputEvent, kFrameEventsMax> events_{};
    std::size_t count_ = 0;
  };

  InputQueue() = default;
  InputQueue(const InputQueue&) = delete;
  InputQueue& operator=(const InputQueue&) = delete;
  ~InputQueue();

  void push(const InputEvent& event);
  // Replaces what `frame` held by the events of the next frame, in order.
  void take(Frame& frame);
  [[nodiscard]] bool is_empty() const { return count_ == 0 && !lost_; }
  // Forgets and zeroes everything; the next frame is told that no key is down.
  void wipe();

 private:
  [[nodiscard]] InputEvent& at(std::size_t index);
  void drop_first();

  std::array<InputEvent, kEventsMax> events_{};
  std::size_t first_ = 0;
  std::size_t count_ = 0;
  bool lost_ = false;
};

}  // namespace coffre::ui
