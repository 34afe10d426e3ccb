// Files and folders that a person chooses: by the desktop's own dialog, through its portal, else by
// the program's browser.
//
// Guarantees: one dialog at a time; `done` runs on the UI thread, with nothing when the person gave
// up, and never after cancel(). Threads: UI thread only.
#pragma once

#include <memory>
#include <string>

#include "app/desktop/platform/file_dialog.h"
#include "app/desktop/ui_shell/file_browser_sheet.h"

namespace coffre::ui {

class PathChooser {
 public:
  using Done = FileBrowserSheet::Done;

  explicit PathChooser(std::shared_ptr<UiCalls> calls);

  void choose(const ChooseRequest& request, Done done);
  // After the App was drawn, in the same frame.
  void draw(Ui& ui);
  // The own browser is over everything: keys are its own.
  [[nodiscard]] bool covers() const { return sheet_ != nullptr; }
  // At the lock: who asked is gone, and nothing of where they were is kept.
  void cancel();

 private:
  void answered(std::uint64_t number, const ChooseRequest& request, const Done& done,
                desktop::FileDialog::Answer answer);
  void browse(const ChooseRequest& request, Done done);

  std::shared_ptr<UiCalls> calls_;
  desktop::FileDialog dialog_;
  std::unique_ptr<FileBrowserSheet> sheet_;
  std::string folder_;             // where the last choice was made, in this session
  std::uint64_t number_ = 0;       // of the choice that is asked for
  std::shared_ptr<bool> is_here_;  // answers of the dialog's thread find us, or nobody
};

}  // namespace coffre::ui
