// UnlockView: the page on which a person unlocks the vault; also what is shown once it locked.
//
// Guarantees: shows the practice, the accounts that are active and why the vault locked, and
// nothing of a session. The password leaves the page only for the unlock and is wiped from its
// field, and from ImGui, when it does. After failures it has to wait (UnlockThrottle), and says how
// long. Threads: UI thread only.
#pragma once

#include <functional>
#include <optional>

#include "app/desktop/ui_core/draw.h"
#include "app/desktop/ui_core/preferences.h"
#include "app/desktop/ui_core/unlock_throttle.h"
#include "app/desktop/ui_core/widgets.h"

namespace coffre::ui {

// Why the vault locked, in the person's words; empty for kNone. `after_s` is the idle limit.
[[nodiscard]] std::string text_of(LockCause cause, std::uint32_t after_s);

class UnlockView {
 public:
  struct Actions {
    std::function<void(Credentials)> unlock;
    std::function<void()> open_another;
    std::function<void(std::function<void(std::string)> chosen)> choose_key_file;
  };
  UnlockView(VaultHost& vault, Preferences& preferences, UnlockThrottle& throttle, Actions actions);

  // Why it is shown; the password is wiped and the keyboard goes to it.
  void show(LockCause cause);
  void begin(const std::string& user);  // an unlock of this account is under way
  void failed(const Error& error, std::int64_t now_ms);
  [[nodiscard]] bool is_busy() const { return is_busy_; }
  void focus_again() { must_focus_ = true; }
  // A field, an error or a wait is other than drawn.
  [[nodiscard]] bool must_settle() const { return card_.must_settle(); }
  // Whole seconds to wait, as shown.
  [[nodiscard]] std::int64_t wait_s(std::int64_t now_ms) const;
  void draw(Ui& ui, bool caps_lock);

 private:
  void update_users();
  void draw_head(Ui& ui);
  void draw_fields(Ui& ui, bool caps_lock);
  void draw_key_file(Ui& ui);
  void draw_foot(Ui& ui);
  void submit();

  VaultHost& vault_;
  Preferences& preferences_;
  UnlockThrottle& throttle_;
  Actions actions_;
  Card card_{420};
  std::shared_ptr<const Policy> policy_;  // that of users_
  std::vector<std::string> users_;
  std::size_t user_ = 0;
  PasswordLine password_;
  std::string key_file_;
  LockCause cause_ = LockCause::kNone;
  std::optional<Error> error_;
  bool is_busy_ = false;
  bool must_focus_ = true;
};

}  // namespace coffre::ui
