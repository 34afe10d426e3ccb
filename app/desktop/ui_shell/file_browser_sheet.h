// The program's own file browser: for desktops without a portal.
//
// Folders are read on another thread; what it looks like when one does not answer is "reading".
// Threads: UI thread only.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "app/desktop/platform/file_browser_model.h"
#include "app/desktop/platform/places.h"
#include "app/desktop/ui_core/screen.h"
#include "app/desktop/ui_core/widgets.h"
#include "app/desktop/ui_shell/ui_calls.h"

namespace coffre::ui {

class FileBrowserSheet {
 public:
  using Done = std::function<void(std::vector<std::string>)>;

  // `done` is called once, from draw(): with nothing when the person gave up.
  FileBrowserSheet(ChooseRequest request, const std::string& folder, std::shared_ptr<UiCalls> calls,
                   Done done);

  // False from the frame on in which it was left.
  [[nodiscard]] bool draw(Ui& ui);
  [[nodiscard]] const std::string& folder() const { return model_->path(); }

 private:
  void ask();
  void find_places();
  void draw_bar(Ui& ui);
  void draw_places(Ui& ui, const Rect& area);
  void draw_entries(Ui& ui, const Rect& area);
  void draw_row(Ui& ui, std::size_t index, const Rect& area);
  void draw_state(Ui& ui, const Rect& area);
  void draw_foot(Ui& ui);
  void pressed(std::size_t index, bool entered, bool on_mark);
  void accept();
  [[nodiscard]] bool can_accept() const;
  void moved();

  ChooseRequest request_;
  std::shared_ptr<UiCalls> calls_;
  Done done_;
  // Shared: an answer that comes after the sheet was left finds nobody.
  std::shared_ptr<desktop::FileBrowserModel> model_;
  std::shared_ptr<std::vector<desktop::Place>> places_;
  ListState list_;
  Line name_;
  ErrorText problem_;
  bool name_wants_keys_ = false;
  bool list_wants_keys_ = true;  // as soon as there is one
  bool is_open_ = true;
  bool is_done_ = false;
};

}  // namespace coffre::ui
