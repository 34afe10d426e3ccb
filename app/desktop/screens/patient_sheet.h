// The sheet that adds a patient, or changes one.
//
// What is wrong is said beside its field, when the person goes on or corrects it; nothing typed is
// lost by an error of the vault. Threads: UI thread only.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "app/desktop/screens/alive.h"
#include "app/desktop/screens/dossiers_patients.h"
#include "app/desktop/ui_core/screen.h"
#include "app/desktop/ui_core/widgets.h"

namespace coffre::ui {

class PatientSheet {
 public:
  // `saved` gets the id once the vault has it.
  PatientSheet(Services& services, const PatientBook& book, std::function<void(const Id&)> saved)
      : services_(services), book_(book), saved_(std::move(saved)) {}

  // `name`: what was searched for, as a proposal for the last name.
  void open_new(std::string_view name);
  void open(const Patient& patient);
  [[nodiscard]] bool is_open() const { return open_; }
  void close();
  void draw(Ui& ui);

  // What is typed in a sheet that is open, as JSON; empty when it is not.
  [[nodiscard]] std::string draft() const;
  void restore(std::string_view draft);

 private:
  [[nodiscard]] Result<Patient> typed() const;
  void save();
  void finished(const Result<Id>& result);
  void draw_fields(Ui& ui);
  void look_for_namesake();
  void draw_namesake(Ui& ui);

  Services& services_;
  const PatientBook& book_;
  std::function<void(const Id&)> saved_;
  bool open_ = false;
  bool focus_ = false;
  bool saving_ = false;
  bool tried_ = false;  // errors of empty fields are shown from the first try on
  std::optional<Id> id_;
  Line last_;
  Line first_;
  Line born_;
  std::optional<Error> error_;
  std::string namesake_of_;  // what was looked for last
  std::uint64_t namesake_generation_ = 0;
  bool has_namesake_ = false;
  Alive alive_;
};

}  // namespace coffre::ui
