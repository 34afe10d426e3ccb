// OwnPasswordView: asked right after the unlock when somebody else chose the account's password:
// nothing of the vault is shown before it was replaced.
// Threads: UI thread only.
#pragma once

#include <functional>
#include <optional>

#include "app/desktop/ui_core/draw.h"
#include "app/desktop/ui_core/new_password.h"
#include "app/desktop/ui_core/screen.h"

namespace coffre::ui {

class OwnPasswordView {
 public:
  struct Actions {
    std::function<void(Secret)> choose;
    std::function<void()> lock;
  };
  explicit OwnPasswordView(Actions actions) : actions_(std::move(actions)) {}

  void failed(const Error& error);
  [[nodiscard]] bool must_settle() const { return card_.must_settle(); }
  void draw(Ui& ui);

 private:
  void submit();

  Actions actions_;
  Card card_{480};
  NewPassword password_;
  std::optional<Error> error_;
  bool is_busy_ = false;
  bool must_focus_ = true;
};

}  // namespace coffre::ui
