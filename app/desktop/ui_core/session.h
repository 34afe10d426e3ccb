// Session: what a person sees while the vault is unlocked: the frame of UX (rail, top bar, status
// bar, palette, preferences) around the screens.
//
// Guarantees: made at the unlock and destroyed at the lock; nothing outlives it but the sealed
// draft that the App takes from draft(). Commands that need a session are registered by it.
// Threads: UI thread only.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "app/desktop/ui_core/covers.h"
#include "app/desktop/ui_core/palette.h"
#include "app/desktop/ui_core/preferences.h"
#include "app/desktop/ui_core/screen.h"
#include "app/desktop/ui_core/widgets.h"

namespace coffre::ui {

class Session {
 public:
  struct Actions {
    std::function<void()> lock;
    std::function<void()> draw_curtain;
    std::function<void()> quit;
    std::function<std::string(std::string_view)> role_name;  // never empty
    std::string version;
  };
  Session(Services& services, Preferences& preferences, const std::vector<ScreenMaker>& makers,
          Actions actions);
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  [[nodiscard]] const Id& owner() const { return owner_; }
  [[nodiscard]] const Hash& vault() const { return vault_; }
  // `strip`: what the screen leaves free above the status bar.
  void draw(Ui& ui, float strip);
  void go(std::string_view screen_id);
  void files_dropped(const std::vector<std::string>& paths);
  // What is being typed on all screens, as JSON; empty: nothing.
  [[nodiscard]] std::string draft() const;
  // See Screen; never empty.
  [[nodiscard]] DraftEnd draft_end() const;
  // Takes back what draft() gave; parts that make no sense are left out.
  void restore(std::string_view draft);
  // A sheet over the screens, or an opened list: only the commands of the frame itself run.
  [[nodiscard]] bool is_covered() const { return is_covered_; }

 private:
  void add_commands();
  [[nodiscard]] Screen* current() const;
  [[nodiscard]] std::string roles_text() const;  // in the language of now
  [[nodiscard]] bool may_deposit() const;
  void choose_files();
  void search_changed();

  void draw_rail(Ui& ui, const Rect& area);
  bool draw_rail_item(Ui& ui, const Screen& screen, bool is_current, const Rect& area);
  void draw_top_bar(Ui& ui, const Rect& area);
  void draw_search(Ui& ui, const Rect& area);
  void draw_subject(Ui& ui, const Rect& area);
  void draw_ring(Ui& ui, const Rect& area);
  void draw_person(Ui& ui, const Rect& area, bool with_name);
  void draw_status_bar(Ui& ui, const Rect& area);
  void draw_jobs(Ui& ui, const Rect& area, const std::vector<ShownJob>& jobs);
  void draw_preferences(Ui& ui);
  void draw_about(Ui& ui);

  Services& services_;
  Preferences& preferences_;
  Actions actions_;
  Id owner_;
  Hash vault_;
  std::string name_;
  std::vector<std::string> roles_;
  std::vector<std::unique_ptr<Screen>> screens_;
  std::size_t current_ = 0;
  Line search_;
  bool must_focus_search_ = false;
  Palette palette_;
  bool preferences_are_open_ = false;
  bool about_is_open_ = false;
  bool is_covered_ = false;
};

}  // namespace coffre::ui
