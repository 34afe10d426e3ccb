// NewPassword: a password that is to be set: two fields, its strength in bits, and advice.
//
// Guarantees: the strength shown is the one that the core demands (core/crypto/password_hash.h);
// take() gives nothing below the floor or when the two differ. Threads: UI thread only.
#pragma once

#include <optional>

#include "app/desktop/ui_core/ui.h"
#include "app/desktop/ui_core/widgets.h"
#include "core/base/secret.h"

namespace coffre::ui {

class NewPassword {
 public:
  // Ids are "<id>.password", "<id>.again", "<id>.strength". True when Enter was pressed in the
  // second field. `focus`: the first field takes the keyboard in this frame.
  bool draw(Ui& ui, const std::string& id, bool focus);
  [[nodiscard]] bool is_ready() const;
  // Why not, a message id.
  [[nodiscard]] const char* reason() const;
  [[nodiscard]] Result<Secret> copy() const;
  void clear();

 private:
  void draw_strength(Ui& ui, const std::string& id);

  PasswordLine first_;
  PasswordLine again_;
};

}  // namespace coffre::ui
