// Commands: what a person can do, each under one name that menus, buttons, shortcuts, the palette
// and tests share.
//
// Guarantees: a command that is hidden or greyed does not run, whatever asks for it. Threads: UI
// thread only.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace coffre::ui {

// A key with its modifiers. `key` is the letter as typed on the present layout ('F' for Ctrl+F), or
// one of the named keys below.
// Letters come first, by their code.
// NOLINTNEXTLINE(cert-int09-c): the named keys follow each other from 256 on.
enum class Key : unsigned short {
  kNone = 0,
  // 'A' to 'Z', '0' to '9', '+', '-' are themselves.
  kF1 = 256,
  kF2,
  kF3,
  kF4,
  kF5,
  kF6,
  kF7,
  kF8,
  kF9,
  kF10,
  kF11,
  kF12,
  kEnter,
  kEscape,
  kDelete,
  kLeft,
  kRight,
  kUp,
  kDown,
  kHome,
  kEnd,
  kPageUp,
  kPageDown,
  kTab,
  kSpace,
  kBackspace,
};
[[nodiscard]] constexpr Key letter(char c) {
  return static_cast<Key>(static_cast<unsigned char>(c));
}

struct Shortcut {
  Key key = Key::kNone;
  bool ctrl = false;
  bool shift = false;
  bool alt = false;
  bool operator==(const Shortcut&) const = default;
};
// "Ctrl+Maj+E" in French, "Ctrl+Shift+E" in English; empty for none.
[[nodiscard]] std::string text_of(const Shortcut& shortcut);

// What a role may not do is hidden; what cannot be done now is greyed with the reason: a message
// id, in which {} stands for `on`.
struct Availability {
  enum class Kind : unsigned char { kReady, kGreyed, kHidden };
  Kind kind = Kind::kReady;
  const char* reason = "";
  std::string on = {};
  [[nodiscard]] static Availability ready() { return {}; }
  [[nodiscard]] static Availability greyed(const char* why, std::string on = {}) {
    return {Kind::kGreyed, why, std::move(on)};
  }
  [[nodiscard]] static Availability hidden() { return {Kind::kHidden, "", {}}; }
  [[nodiscard]] bool is_ready() const { return kind == Kind::kReady; }
};

// Its reason, translated; empty for none.
[[nodiscard]] std::string reason_of(const Availability& availability);

struct Command {
  const char* id = "";     // stable, "document.export"
  const char* label = "";  // message id
  const char* icon = "";   // of icons.h
  Shortcut shortcut;
  std::function<Availability()> availability;  // empty: always ready
  std::function<void()> run;
};

class Commands {
 public:
  // Replaces a command of the same id.
  void add(Command command);
  void clear();
  [[nodiscard]] const Command* find(std::string_view id) const;
  [[nodiscard]] const std::vector<Command>& all() const { return commands_; }
  [[nodiscard]] static Availability availability_of(const Command& command);
  // Runs it if it is ready; false otherwise.
  bool run(std::string_view id);
  // The first ready command with this shortcut; false when there is none.
  bool run(const Shortcut& shortcut);

 private:
  std::vector<Command> commands_;
};

}  // namespace coffre::ui
