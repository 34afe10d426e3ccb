// Exports: every copy in the clear that this workstation made and has not erased, what erasing it
// will be worth, and what became of those that this session saw erased.
//
// Guarantees: titles only where this account reads them, and of the vault that is open; copies of
// another vault without any name but that of their file. The list is the workstation's; the results
// are this session's. Not covered: copies that were taken with other programs. Threads: UI thread
// only.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "app/desktop/screens/alive.h"
#include "app/desktop/screens/exports_words.h"
#include "app/desktop/screens/record_saver.h"
#include "app/desktop/ui_core/screen.h"

namespace coffre::ui {

class ExportsScreen final : public Screen {
 public:
  explicit ExportsScreen(Services& services) : services_(services), record_(services) {}

  [[nodiscard]] const char* id() const override { return "exports"; }
  [[nodiscard]] const char* label() const override;
  [[nodiscard]] const char* icon() const override;
  // For who may export somewhere, or reads the journal.
  [[nodiscard]] bool is_available() const override;
  [[nodiscard]] int badge() const override;  // copies that exist
  void add_commands(Commands& commands) override;
  void entered() override;
  void draw(Ui& ui, const Rect& area) override;
  void draw_sheets(Ui& ui) override;

 private:
  struct CopyTitle {
    std::string title;
    std::string below;
  };

  [[nodiscard]] const KeptCopies* kept() const;  // nullptr: not known yet
  [[nodiscard]] const KeptCopy* chosen() const;
  [[nodiscard]] std::vector<Id> all_erasable() const;
  [[nodiscard]] Availability may_erase(const KeptCopy& kept) const;
  [[nodiscard]] Availability may_erase_chosen() const;
  [[nodiscard]] Availability may_erase_all() const;
  [[nodiscard]] CopyTitle title_of(const ExportEntry& entry) const;
  void look_up();

  void draw_main(Ui& ui, const Rect& area);
  void draw_head(Ui& ui);
  void draw_damaged(Ui& ui, const KeptCopies& kept);
  void draw_table(Ui& ui, const KeptCopies& kept);
  void draw_row(Ui& ui, std::size_t index, const KeptCopy& kept, const Rect& row);
  void draw_cells(Ui& ui, const KeptCopy& kept, const Rect& row) const;
  void draw_narrow_cells(Ui& ui, const KeptCopy& kept, const Rect& row) const;
  void draw_erased(Ui& ui);
  void save_record();
  void draw_erased_row(Ui& ui, std::size_t index, const ErasedCopy& erased) const;
  void draw_side(Ui& ui, const Rect& area, bool alone);
  void draw_chosen(Ui& ui, const KeptCopy& kept);
  void draw_actions(Ui& ui, const KeptCopy& kept);
  void draw_all_sheet(Ui& ui);

  Services& services_;
  Alive alive_;
  CopyNames names_;
  RecordSaver record_;
  bool looking_up_ = false;
  std::optional<Id> chosen_;
  ListState list_;
  std::vector<float> edges_;
  bool is_wide_ = false;
  bool asks_for_all_ = false;
};

[[nodiscard]] std::unique_ptr<Screen> make_exports_screen(Services& services);

}  // namespace coffre::ui
