// The export sheet: a copy of the document in hand, in the clear, to whom and why.
//
// Guarantees: both are asked for and journaled before the first byte; where the copy goes, for how
// long, and what erasing it there will be worth is shown before it exists; it appears complete or
// not at all, mode 0600, never over a file that is there. Hidden from accounts that may not export.
// Not covered: what others do with the copy until then. Threads: UI thread only.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "app/desktop/screens/alive.h"
#include "app/desktop/screens/exports_words.h"
#include "app/desktop/screens/selection.h"
#include "app/desktop/ui_core/widgets.h"

namespace coffre::ui {

class ExportSheet {
 public:
  explicit ExportSheet(Services& services);

  void add_commands(Commands& commands);
  // For a copy of the document in hand; nullopt: of its present version.
  void open(const std::optional<EarlierVersion>& earlier);
  void draw(Ui& ui);
  // To whom, why and for how long, as JSON, while the sheet is open; empty otherwise.
  [[nodiscard]] std::string draft() const;
  // What was typed is there again when the sheet is opened next.
  void restore(std::string_view draft);

 private:
  [[nodiscard]] Availability availability() const;
  [[nodiscard]] Availability may_write() const;
  void choose_place();
  void write();
  void draw_fields(Ui& ui);
  void draw_keep(Ui& ui);
  void draw_place(Ui& ui);
  void draw_forecast(Ui& ui);
  // What erasing in the folder of path_ will be worth: asked off the UI thread.
  void ask_forecast();

  Services& services_;
  std::shared_ptr<Selection> selection_;
  Alive alive_;
  bool open_ = false;
  bool focus_ = false;  // the first field takes the keyboard
  bool running_ = false;
  Document document_;
  EarlierVersion content_;  // what is exported
  bool is_earlier_ = false;
  std::string patient_name_;
  Line recipient_;
  Line reason_;
  std::size_t keep_ = 0;  // of kKeepChoices
  std::string path_;
  std::string forecast_of_;  // the folder that was asked about last
  bool forecasting_ = false;
  std::optional<Result<EraseForecast>> forecast_;
  std::optional<Error> error_;
};

// How long a copy may stay. The last moment of today is "tonight", but never less than the
// shortest.
inline constexpr std::size_t kKeepChoices = 4;
[[nodiscard]] std::int64_t keep_ms_of(std::size_t choice, std::int64_t now_ms);

}  // namespace coffre::ui
