// AlarmView: a vault that cannot be opened or must not be trusted: what happened, what it means,
// what to do.
// Threads: UI thread only.
#pragma once

#include <string>

#include "app/desktop/ui_core/draw.h"
#include "app/desktop/ui_core/screen.h"

namespace coffre::ui {

// Whether an error of opening or unlocking belongs on this page, not under a field.
[[nodiscard]] bool is_alarming(const Error& error);

class AlarmView {
 public:
  AlarmView(Error error, std::string path) : error_(std::move(error)), path_(std::move(path)) {}

  enum class Pressed : unsigned char { kNothing, kRetry, kAnother };
  [[nodiscard]] Pressed draw(Ui& ui);
  [[nodiscard]] bool must_settle() const { return card_.must_settle(); }

 private:
  Error error_;
  std::string path_;
  Card card_{560};
};

}  // namespace coffre::ui
