// The sheet that destroys the document in hand, or one that somebody asked to withdraw.
//
// Guarantees: what is destroyed, what that means and what it will be worth on this disk is shown
// before anything happens; a reason is asked for. Hidden from accounts that may not destroy; a hold
// or a period that is not over greys it and is said. What was not overwritten for certain is said
// in the sheet, which stays. Threads: UI thread only.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "app/desktop/screens/alive.h"
#include "app/desktop/screens/dossiers_patients.h"
#include "app/desktop/screens/record_saver.h"
#include "app/desktop/screens/selection.h"
#include "app/desktop/ui_core/widgets.h"

namespace coffre::ui {

class DestroySheet {
 public:
  // `destroyed` runs when a document is gone.
  DestroySheet(Services& services, const PatientBook& book,
               std::function<void(const Id&)> destroyed);

  void add_commands(Commands& commands);
  // Asks about this document; says why when it must stay.
  void open(const Document& document, std::string_view reason);
  void draw(Ui& ui);
  // The document and the reason, as JSON, while the sheet asks; empty otherwise.
  [[nodiscard]] std::string draft() const;
  // What was typed is there again when the sheet is opened for the same document next.
  void restore(std::string_view draft);

 private:
  [[nodiscard]] Availability availability() const;
  [[nodiscard]] Availability may_destroy(const Document& document) const;
  // A hold or a period: kFailed.
  [[nodiscard]] Status check_kept(const Document& document) const;
  [[nodiscard]] std::string patient_of(const Document& document) const;
  void ask_forecast();
  void destroy();
  void draw_question(Ui& ui);
  void draw_forecast(Ui& ui);
  void draw_outcome(Ui& ui);
  void save_record(const Destroyed& destroyed, std::int64_t time_ms);

  Services& services_;
  const PatientBook& book_;
  std::function<void(const Id&)> destroyed_;
  std::shared_ptr<Selection> selection_;
  bool open_ = false;
  bool focus_ = false;
  bool running_ = false;
  Document document_;
  Line reason_;
  std::optional<Result<EraseForecast>> forecast_;
  std::optional<Destroyed> outcome_;  // of one that was not overwritten for certain
  std::int64_t outcome_ms_ = 0;
  std::optional<Error> error_;
  RecordSaver record_;
  Alive alive_;
};

}  // namespace coffre::ui
