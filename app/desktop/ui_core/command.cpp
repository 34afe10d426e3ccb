#include "app/desktop/ui_core/command.h"

#include <algorithm>
#include <utility>

#include "app/common/i18n.h"
#include "core/base/error.h"

namespace coffre::ui {
namespace {

std::string name_of(Key key) {
  const auto value = static_cast<unsigned>(key);
  if (key >= Key::kF1 && key <= Key::kF12) {
    return "F" + std::to_string(value - static_cast<unsigned>(Key::kF1) + 1);
  }
  switch (key) {
    case Key::kEnter:
      return tr(N_("Enter"));
    case Key::kEscape:
      return tr(N_("Esc"));
    case Key::kDelete:
      return tr(N_("Del"));
    case Key::kHome:
      return tr(N_("Home"));
    case Key::kEnd:
      return tr(N_("End"));
    case Key::kPageUp:
      return tr(N_("Page Up"));
    case Key::kPageDown:
      return tr(N_("Page Down"));
    case Key::kTab:
      return tr(N_("Tab"));
    case Key::kSpace:
      return tr(N_("Space"));
    case Key::kLeft:
      return "←";
    case Key::kRight:
      return "→";
    case Key::kUp:
      return "↑";
    case Key::kDown:
      return "↓";
    default:
      return value < 0x80 ? std::string(1, static_cast<char>(value)) : std::string();
  }
}

}  // namespace

std::string text_of(const Shortcut& shortcut) {
  if (shortcut.key == Key::kNone) {
    return {};
  }
  std::string text;
  if (shortcut.ctrl) {
    text += "Ctrl+";
  }
  if (shortcut.alt) {
    text += "Alt+";
  }
  if (shortcut.shift) {
    text += std::string(tr(N_("Shift"))) + "+";
  }
  return text + name_of(shortcut.key);
}

void Commands::add(Command command) {
  const auto same = std::ranges::find_if(
      commands_, [&](const Command& known) { return std::string_view(known.id) == command.id; });
  if (same == commands_.end()) {
    commands_.push_back(std::move(command));
  } else {
    *same = std::move(command);
  }
}

void Commands::clear() { commands_.clear(); }

const Command* Commands::find(std::string_view id) const {
  const auto found =
      std::ranges::find_if(commands_, [&](const Command& command) { return id == command.id; });
  return found == commands_.end() ? nullptr : &*found;
}

std::string reason_of(const Availability& availability) {
  return *availability.reason == '\0' ? std::string()
                                      : fill(tr(availability.reason), {availability.on});
}

Availability Commands::availability_of(const Command& command) {
  return command.availability ? command.availability() : Availability::ready();
}

bool Commands::run(std::string_view id) {
  const Command* command = find(id);
  if (command == nullptr || !availability_of(*command).is_ready()) {
    return false;
  }
  // A copy: what it does may replace the commands.
  const std::function<void()> act = command->run;
  act();
  return true;
}

bool Commands::run(const Shortcut& shortcut) {
  if (shortcut.key == Key::kNone) {
    return false;
  }
  for (const Command& command : commands_) {
    if (command.shortcut == shortcut && availability_of(command).is_ready()) {
      const std::function<void()> act = command.run;
      act();
      return true;
    }
  }
  return false;
}

}  // namespace coffre::ui
