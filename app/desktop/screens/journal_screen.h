// The journal: who did what, to which patient's document, why, from where, and what came of it; and
// whether the log is whole and fixed outside.
//
// Guarantees: shown to accounts that read the journal only; every look is journaled by the core.
// The banner says what was verified and never more: without an anchor it says that there is none.
// Threads: UI thread only.
#pragma once

#include "app/desktop/screens/alive.h"
#include "app/desktop/screens/journal_model.h"
#include "app/desktop/screens/journal_notes.h"
#include "app/desktop/ui_core/screen.h"

namespace coffre::ui {

// The log as it was verified last, beside what was anchored outside.
struct JournalCheck {
  LogSummary log;
  std::optional<Anchor> anchor;
  bool anchor_read = false;  // the note itself was within reach and compared
};

class JournalScreen final : public Screen {
 public:
  // `state_directory`: where the anchor is written down; empty: nowhere.
  JournalScreen(Services& services, std::string state_directory);

  [[nodiscard]] const char* id() const override { return "journal"; }
  [[nodiscard]] const char* label() const override;
  [[nodiscard]] const char* icon() const override;
  [[nodiscard]] bool is_available() const override;
  void add_commands(Commands& commands) override;
  void entered() override;
  void draw(Ui& ui, const Rect& area) override;
  bool search(std::string_view words) override;
  [[nodiscard]] std::string draft() const override;
  void restore(std::string_view draft) override;

 private:
  enum class Loading : unsigned char { kNot, kRunning, kDone };

  void load();
  void verify();
  void anchor();
  void write_anchor(const std::string& path);
  void compare();
  void compare_with(const std::string& path);
  void filter_changed();
  [[nodiscard]] Availability may_ask() const;
  [[nodiscard]] bool is_shown() const;

  void draw_main(Ui& ui, const Rect& area);
  void draw_head(Ui& ui);
  void draw_banner(Ui& ui);
  [[nodiscard]] std::string banner_words() const;
  void draw_filters(Ui& ui);
  void draw_table(Ui& ui);
  void draw_row(Ui& ui, std::size_t index, const Rect& row, bool wide) const;
  void draw_side(Ui& ui, const Rect& area, bool alone);

  Services& services_;
  std::string state_directory_;
  Alive alive_;
  Loading loading_ = Loading::kNot;
  std::optional<Error> error_;
  bool checking_ = false;
  int drawn_frame_ = -1;
  std::optional<JournalCheck> check_;
  std::optional<Error> check_error_;

  JournalModel model_;
  JournalFilter filter_;
  Line words_;
  std::size_t period_ = 1;
  std::size_t person_ = 0;  // 0: everybody, else 1 + index of people()
  std::size_t group_ = 0;
  ListState list_;
  std::vector<float> edges_;
  std::optional<JournalLine> chosen_;
};

[[nodiscard]] std::unique_ptr<Screen> make_journal_screen(Services& services);

}  // namespace coffre::ui
