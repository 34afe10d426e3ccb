// The sheet for a password of one's own. The key file that opened the session stays needed unless
// the person says otherwise.
//
// Guarantees: the new password goes from secret memory to the vault; its fields are wiped when the
// sheet closes. Threads: UI thread only.
#pragma once

#include <optional>
#include <string>

#include "app/desktop/screens/alive.h"
#include "app/desktop/ui_core/new_password.h"
#include "app/desktop/ui_core/screen.h"

namespace coffre::ui {

class PasswordSheet {
 public:
  explicit PasswordSheet(Services& services) : services_(services) {}

  void open();
  [[nodiscard]] bool is_running() const { return running_; }
  void draw(Ui& ui);

 private:
  void close();
  void change();
  void choose_key_file();
  [[nodiscard]] Availability may_change() const;

  Services& services_;
  Alive alive_;
  bool open_ = false;
  bool focus_ = false;
  bool running_ = false;
  NewPassword password_;
  std::string key_file_;  // empty: none
  std::optional<Error> error_;
};

}  // namespace coffre::ui
