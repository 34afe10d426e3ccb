// "Filed today": what somebody filed into compartments that she does not read, from the receipts
// that the vault keeps for her, and the request to a reader when one went to the wrong place.
//
// Guarantees: shows her own receipts only, never the documents. Threads: UI thread only.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "app/desktop/screens/alive.h"
#include "app/desktop/screens/dossiers_patients.h"
#include "app/desktop/ui_core/screen.h"
#include "app/desktop/ui_core/widgets.h"

namespace coffre::ui {

class FiledToday {
 public:
  FiledToday(Services& services, const PatientBook& book) : services_(services), book_(book) {}

  // Whether the account files anywhere without reading there.
  [[nodiscard]] bool is_available() const;
  void load();
  [[nodiscard]] std::size_t count() const { return receipts_.size(); }
  void draw(Ui& ui, const Rect& area);
  void draw_sheet(Ui& ui);

 private:
  void draw_rows(Ui& ui, const Rect& area);
  void draw_row(Ui& ui, const Rect& row, const Receipt& receipt) const;
  void draw_chosen(Ui& ui, const Rect& area);
  void open_sheet(const Receipt& receipt);
  void close_sheet();
  void send();

  Services& services_;
  const PatientBook& book_;
  bool loaded_ = false;
  std::optional<Error> error_;
  std::vector<Receipt> receipts_;
  ListState list_;
  std::ptrdiff_t chosen_ = -1;

  std::optional<Receipt> wrong_;  // the sheet is open for it
  std::size_t kind_ = 0;          // 0: move, 1: withdraw
  bool focus_ = false;
  bool tried_ = false;
  bool sending_ = false;
  Line words_;
  std::optional<Error> send_error_;
  Alive alive_;
};

}  // namespace coffre::ui
