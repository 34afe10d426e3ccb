// PatientPicker: a field in which one types a name, and the patients that fit below it.
//
// Enter takes the first; Up and Down move. Threads: UI thread only.
#pragma once

#include <optional>
#include <string>

#include "app/desktop/screens/dossiers_patients.h"
#include "app/desktop/ui_core/widgets.h"

namespace coffre::ui {

class PatientPicker {
 public:
  PatientPicker(Services& services, const PatientBook& book)
      : book_(book), search_(services, book) {}

  void choose(const std::optional<Id>& patient);
  [[nodiscard]] const std::optional<Id>& chosen() const { return chosen_; }
  [[nodiscard]] std::string_view typed() const { return words_.view(); }
  void clear();
  // `id` begins the ids of its widgets. `error`: below the field.
  void draw(Ui& ui, const std::string& id, std::string_view label, std::string_view error,
            bool focus);

 private:
  void draw_chosen(Ui& ui, const std::string& id, std::string_view label, const Patient& patient);
  void draw_matches(Ui& ui, const std::string& id);

  const PatientBook& book_;
  PatientSearch search_;
  std::optional<Id> chosen_;
  Line words_;
  bool focus_ = false;
};

}  // namespace coffre::ui
