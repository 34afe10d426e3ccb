// The sheet that puts the document in hand, or the patient with all documents, on hold, and the one
// that lifts it: nobody may destroy what is on hold (docs/ERASING.md).
//
// Guarantees: a reason is asked for, which the journal keeps; hidden from accounts without the
// right to change the settings. Threads: UI thread only.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "app/desktop/screens/alive.h"
#include "app/desktop/screens/selection.h"
#include "app/desktop/ui_core/widgets.h"

namespace coffre::ui {

// What keeps a document from being destroyed, whatever its period says.
enum class Held : unsigned char { kNot, kDocument, kPatient };
[[nodiscard]] Held held_by(const Policy& policy, const Document& document);

class HoldSheet {
 public:
  // `patient_in_hand`: nullptr when there is none.
  HoldSheet(Services& services, std::function<const Patient*()> patient_in_hand);

  void add_commands(Commands& commands);
  void draw(Ui& ui);
  // What it asks about and the reason, as JSON, while the sheet is open; empty otherwise.
  [[nodiscard]] std::string draft() const;
  // What was typed is there again when the sheet is opened for the same next.
  void restore(std::string_view draft);

 private:
  // A document or a patient, as the sheet names it.
  struct Target {
    Id id;
    bool is_patient = false;
    bool is_held = false;  // the sheet lifts it then
    std::string name;
    std::string about;
  };
  void add(Commands& commands, const char* id, const char* label, bool of_patient, bool lifts);
  [[nodiscard]] std::optional<Target> document_target() const;
  [[nodiscard]] std::optional<Target> patient_target() const;
  [[nodiscard]] Availability availability(bool of_patient, bool lifts) const;
  [[nodiscard]] Availability may_go() const;
  void open(const std::optional<Target>& target);
  void go();
  void draw_question(Ui& ui);

  Services& services_;
  std::function<const Patient*()> patient_in_hand_;
  std::shared_ptr<Selection> selection_;
  Alive alive_;
  bool open_ = false;
  bool focus_ = false;
  bool running_ = false;
  Target target_;
  Line reason_;
  std::optional<Error> error_;
};

}  // namespace coffre::ui
