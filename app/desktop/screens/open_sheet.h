// The sheet that opens the document in hand in another program.
//
// Guarantees: it says where the copy lies and when it goes before there is one; why is asked for
// and journaled; the disk is used only when the person agreed, where there is no file system in
// memory. Hidden from accounts that may not export. Threads: UI thread only.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "app/desktop/screens/alive.h"
#include "app/desktop/screens/selection.h"
#include "app/desktop/ui_core/opened_documents.h"
#include "app/desktop/ui_core/widgets.h"

namespace coffre::ui {

class OpenSheet {
 public:
  explicit OpenSheet(Services& services);

  // Opening, and ending what was opened, of the document in hand.
  void add_commands(Commands& commands);
  void draw(Ui& ui);
  // Why, as typed, while the sheet is open; empty otherwise.
  [[nodiscard]] std::string draft() const;
  void restore(std::string_view draft);

 private:
  [[nodiscard]] bool may_export() const;
  [[nodiscard]] bool is_open_elsewhere() const;
  [[nodiscard]] Availability availability() const;
  [[nodiscard]] Availability may_go() const;
  void open();
  void go();
  void draw_fields(Ui& ui);
  void draw_place(Ui& ui);

  Services& services_;
  std::shared_ptr<Selection> selection_;
  Alive alive_;
  bool open_ = false;
  bool focus_ = false;
  bool running_ = false;
  Document document_;
  std::string patient_name_;
  Line reason_;
  bool has_memory_ = true;
  bool on_disk_ = false;  // agreed
  std::optional<Error> error_;
};

}  // namespace coffre::ui
