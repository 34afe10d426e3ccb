// FirstStartView: no vault is known yet: make one, in three steps, or open one that is there.
//
// Guarantees: nothing is made before the last step; passwords are wiped from their fields, and from
// ImGui, when they leave the page. Threads: UI thread only.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "app/desktop/ui_core/draw.h"
#include "app/desktop/ui_core/new_password.h"
#include "app/desktop/ui_core/preferences.h"
#include "app/desktop/ui_core/screen.h"

namespace coffre::ui {

struct NewVault {
  std::string path;
  std::string practice;
  std::string owner;
  Secret password;
};

// A file name for the vault of a practice: "cabinet-des-tilleuls.coffre".
[[nodiscard]] std::string file_name_for(std::string_view practice);

class FirstStartView {
 public:
  struct Actions {
    std::function<void(NewVault)> create;
    std::function<void()> open;  // asks for a file
    // Asks where; `chosen` gets a path.
    std::function<void(const std::string& name, std::function<void(std::string)> chosen)>
        choose_place;
    std::function<void()> back;  // to the vault that was open before; empty: there is none
  };
  FirstStartView(Preferences& preferences, std::string folder, Actions actions);

  void failed(const Error& error);
  [[nodiscard]] bool must_settle() const { return card_.must_settle(); }
  void draw(Ui& ui);

 private:
  enum class Page : unsigned char { kWelcome, kPractice, kPassword, kPlace };

  void draw_head(Ui& ui, const char* title);
  void draw_welcome(Ui& ui);
  void draw_practice(Ui& ui);
  void draw_password(Ui& ui);
  void draw_place(Ui& ui);
  // "Back" and the step's own button; true: go on.
  bool draw_buttons(Ui& ui, const char* label, const Availability& may);
  void go(Page page);
  void create();
  [[nodiscard]] Availability practice_is_ready() const;
  [[nodiscard]] std::string vault_path() const;

  Preferences& preferences_;
  std::string folder_;
  Actions actions_;
  Card card_{520};
  Page page_ = Page::kWelcome;
  Line practice_;
  Line owner_;
  NewPassword password_;
  std::string chosen_place_;
  std::optional<Error> error_;
  bool is_busy_ = false;
  bool must_focus_ = false;
};

}  // namespace coffre::ui
