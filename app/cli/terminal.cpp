#include "app/cli/terminal.h"

#include <fcntl.h>
#include <mutex>
#include <optional>
#include <termios.h>

#include "app/cli/input.h"
#include "app/common/i18n.h"
#include "core/base/file.h"
#include "core/base/text.h"

namespace coffre::cli {
namespace {

struct Saved {
  int fd = -1;
  termios settings{};
};
std::mutex saved_mutex;
std::optional<Saved> saved;

// Switches the echo off while it lives. TCSAFLUSH drops what was typed before the question.
class Quiet {
 public:
  [[nodiscard]] bool start(int fd) {
    const std::lock_guard lock(saved_mutex);
    termios settings{};
    if (tcgetattr(fd, &settings) != 0) {
      return false;
    }
    termios quiet = settings;
    quiet.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    quiet.c_lflag |= static_cast<tcflag_t>(ICANON | ECHONL);
    saved = Saved{fd, settings};
    if (tcsetattr(fd, TCSAFLUSH, &quiet) != 0) {
      saved.reset();
      return false;
    }
    return true;
  }
  Quiet() = default;
  Quiet(const Quiet&) = delete;
  Quiet& operator=(const Quiet&) = delete;
  ~Quiet() { restore_terminal(); }
};

}  // namespace

void restore_terminal() {
  const std::lock_guard lock(saved_mutex);
  if (saved) {
    tcsetattr(saved->fd, TCSAFLUSH, &saved->settings);
    saved.reset();
  }
}

Result<Secret> ask_password(const std::string& prompt) {
  const auto none = [] {
    return fail(Code::kInvalidArgument, N_("there is no terminal to ask for a password on"), {},
                N_("give the password with --password-fd or --new-password-fd"));
  };
  const auto terminal = File::open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
  if (!terminal) {
    return none();
  }
  Quiet quiet;
  if (!quiet.start(terminal->fd())) {
    return none();
  }
  COFFRE_TRY(terminal->write_all(as_bytes(prompt + " ")));
  return read_password_line(terminal->fd());
}

Result<Secret> ask_new_password(const std::string& prompt) {
  COFFRE_TRY_ASSIGN(Secret first, ask_password(prompt));
  COFFRE_TRY_ASSIGN(const Secret second, ask_password(tr(N_("The same again:"))));
  if (!equal_constant_time(first.expose(), second.expose())) {
    return fail(Code::kInvalidArgument, N_("the two passwords differ"), {},
                N_("start the command again"));
  }
  return first;
}

}  // namespace coffre::cli
