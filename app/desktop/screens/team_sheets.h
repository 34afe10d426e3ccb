// The sheets of the team: a new person, a new first password, leaving, a role's rights.
//
// Guarantees: a first password is made by the program, shown once, and wiped when its sheet closes.
// Removing asks, and shows what could be read, before and after. Threads: UI thread only.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "app/desktop/screens/team_model.h"
#include "app/desktop/screens/team_work.h"

namespace coffre::ui {

class TeamSheets {
 public:
  TeamSheets(Services& services, TeamWork& work) : services_(services), work_(work) {}

  void open_add(const Policy& policy);
  void open_reset(const Person& person);
  void open_remove(const Person& person);
  // nullptr: a new role.
  void open_role(const Policy& policy, const Role* role);
  void draw(Ui& ui, const Policy& policy);
  [[nodiscard]] std::string draft() const;
  void restore(std::string_view draft);

 private:
  enum class Kind : unsigned char { kNone, kAdd, kReset, kPassword, kRemove, kRemoved, kRole };
  struct RoleChoice {
    std::string name;  // as stored
    const char* why_not = nullptr;
    bool chosen = false;
  };
  // One bit a checkbox, as the widget wants it.
  struct PlaceRights {
    Id id;
    std::string name;  // as stored
    bool is_journal = false;
    std::array<bool, 5> on{};
    bool may_destroy = false;
    std::uint8_t kept = 0;  // bits that are not offered here
  };

  void open(Kind kind);
  void close();
  // A new first password, shown in `shown_password_` and returned for the vault.
  [[nodiscard]] Result<Secret> make_password();
  void draw_add(Ui& ui);
  void draw_reset(Ui& ui);
  void draw_password(Ui& ui);
  void draw_remove(Ui& ui);
  void draw_removed(Ui& ui);
  // team_role_sheet.cpp
  void draw_role(Ui& ui, const Policy& policy);
  void draw_place(Ui& ui, PlaceRights& place, std::size_t index);
  [[nodiscard]] RoleDraft role_draft() const;
  // Cancel, and one more; true when the latter was pressed.
  [[nodiscard]] bool draw_buttons(Ui& ui, const char* id, const char* label, ButtonKind kind,
                                  const char* icon, const Availability& availability);
  void draw_error(Ui& ui);

  Services& services_;
  TeamWork& work_;
  Kind kind_ = Kind::kNone;
  bool focus_ = false;
  Line name_;
  std::vector<RoleChoice> roles_;
  PasswordLine shown_password_;
  std::string person_;  // whom a sheet is about
  std::vector<std::string> reads_;
  std::vector<std::optional<std::uint64_t>> counts_;
  std::vector<ReadableBefore> before_;
  bool is_new_role_ = false;
  std::array<bool, 3> vault_rights_{};
  std::vector<PlaceRights> places_;
};

}  // namespace coffre::ui
