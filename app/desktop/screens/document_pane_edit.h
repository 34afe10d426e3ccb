// The sheet that changes what is known of a document: title, type, date, and whose it is.
//
// Threads: UI thread only.
#pragma once

#include <functional>
#include <optional>

#include "app/desktop/screens/alive.h"
#include "app/desktop/screens/dossiers_picker.h"
#include "app/desktop/ui_core/screen.h"
#include "app/desktop/ui_core/widgets.h"

namespace coffre::ui {

class DocumentSheet {
 public:
  // `saved` gets the document as it was asked for; lists are read again by who owns them.
  DocumentSheet(Services& services, const PatientBook& book,
                std::function<void(const Document&)> saved)
      : services_(services), saved_(std::move(saved)), picker_(services, book) {}

  // `with_patient`: the account reads patients, so that a misfiled document can be moved.
  void open(const Document& document, bool with_patient);
  [[nodiscard]] bool is_open() const { return open_; }
  void close();
  void draw(Ui& ui);

  // What is typed in a sheet that is open, as JSON; empty when it is not.
  [[nodiscard]] std::string draft() const;
  void restore(std::string_view draft);

 private:
  void save();
  void draw_fields(Ui& ui);

  Services& services_;
  std::function<void(const Document&)> saved_;
  PatientPicker picker_;
  bool open_ = false;
  bool focus_ = false;
  bool saving_ = false;
  bool with_patient_ = false;
  bool tried_ = false;
  Document document_;
  Line title_;
  Line type_;
  Line date_;
  std::optional<Error> error_;
  Alive alive_;
};

// A field for the type with the usual ones below it, as proposals.
void type_field(Ui& ui, const std::string& id, Line& type);

}  // namespace coffre::ui
