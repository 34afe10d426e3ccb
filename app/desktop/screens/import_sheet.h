// The import sheet: whose files these are, where they go, what they are; asked once for all.
//
// While they are filed it may be closed: the bar at the bottom shows the job, and when something
// could not be stored, or originals were to be destroyed, the sheet comes back with a line for each
// file. Only compartments in which
// the account may file are offered; where it may file and not read, it says so.
// Threads: UI thread only.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "app/desktop/screens/dossiers_picker.h"
#include "app/desktop/screens/import_sheet_run.h"
#include "app/desktop/screens/record_saver.h"
#include "app/desktop/ui_core/screen.h"
#include "app/desktop/ui_core/widgets.h"

namespace coffre::ui {

class ImportSheet {
 public:
  struct Callbacks {
    std::function<void(const ImportOrder&)> filed;           // something is in the vault now
    std::function<void(std::string_view name)> new_patient;  // wants a patient who is not there yet
  };
  ImportSheet(Services& services, const PatientBook& book, Callbacks callbacks);

  // Whether the account may file anywhere.
  [[nodiscard]] bool is_allowed() const;
  // Paths of files and folders. While others are being filed: shows those.
  void open(std::vector<std::string> paths, const std::optional<Id>& patient);
  // The patient that was made for this import.
  void choose_patient(const Id& patient) { picker_.choose(patient); }
  void reopen() { open_ = true; }
  [[nodiscard]] bool is_open() const { return open_; }
  [[nodiscard]] const ImportRun& run() const { return run_; }
  void draw(Ui& ui);

  // Paths that are not in the vault yet, and what was typed for them, as JSON; empty: none.
  [[nodiscard]] std::string draft() const;
  // See Screen::draft_end(): of a run that a lock finds under way.
  [[nodiscard]] DraftEnd draft_end() const;
  void restore(std::string_view draft);

 private:
  enum class Step : unsigned char { kForm, kRunning, kDone };
  struct Place {
    Id id;
    std::string label;
    bool can_read = false;
  };

  void close();
  void look_at_places();
  void start();
  void finished();
  [[nodiscard]] bool wants_patient() const;
  void draw_form(Ui& ui);
  void draw_files(Ui& ui);
  void draw_place(Ui& ui);
  void draw_date_and_title(Ui& ui);
  void draw_form_buttons(Ui& ui);
  void draw_running(Ui& ui);
  void draw_done(Ui& ui);
  void draw_results(Ui& ui, float height);
  void draw_originals(Ui& ui) const;
  [[nodiscard]] bool has_originals() const;
  void save_record();

  Services& services_;
  Callbacks callbacks_;
  ImportRun run_;
  RecordSaver record_;
  std::int64_t started_ms_ = 0;
  std::int64_t ended_ms_ = 0;
  PatientPicker picker_;
  bool open_ = false;
  bool focus_ = false;
  bool tried_ = false;
  bool interrupted_ = false;  // the rest of an import that a lock ended
  Step step_ = Step::kForm;
  std::vector<std::string> paths_;
  std::vector<Place> places_;
  std::size_t place_ = 0;
  Line type_;
  Line title_;
  Line date_;
  bool destroy_originals_ = false;
};

}  // namespace coffre::ui
