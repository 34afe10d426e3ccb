// The team: people, their roles and what waits for an approval; and who can do what.
//
// What an account may not do is not shown; what cannot be done now is greyed with the reason.
// Threads: UI thread only.
#pragma once

#include <map>
#include <set>

#include "app/desktop/screens/team_model.h"
#include "app/desktop/screens/team_sheets.h"
#include "app/desktop/screens/team_work.h"

namespace coffre::ui {

class TeamScreen final : public Screen {
 public:
  explicit TeamScreen(Services& services);

  [[nodiscard]] const char* id() const override { return "team"; }
  [[nodiscard]] const char* label() const override;
  [[nodiscard]] const char* icon() const override;
  [[nodiscard]] bool is_available() const override { return true; }
  [[nodiscard]] int badge() const override;
  void add_commands(Commands& commands) override;
  void entered() override;
  void draw(Ui& ui, const Rect& area) override;
  void draw_sheets(Ui& ui) override;
  bool search(std::string_view words) override;
  [[nodiscard]] std::string draft() const override { return sheets_.draft(); }
  void restore(std::string_view draft) override { sheets_.restore(draft); }

 private:
  void refresh();
  // The policy may be another after each operation of anybody.
  void look_again();
  void count_documents();
  void choose(const Id& person);
  [[nodiscard]] const Person* chosen() const;
  [[nodiscard]] bool may(std::uint8_t vault_right) const;
  [[nodiscard]] Availability may_change(std::uint8_t vault_right) const;

  // team_screen.cpp
  void draw_page(Ui& ui, const Rect& area);
  void draw_head(Ui& ui);
  void draw_people(Ui& ui);
  void draw_person_row(Ui& ui, const Person& person, const Rect& row) const;
  // team_matrix.cpp
  void draw_matrix(Ui& ui);
  void draw_matrix_head(Ui& ui, const std::vector<const Compartment*>& places, float role_width,
                        const std::vector<float>& widths);
  void draw_matrix_row(Ui& ui, const Role& role, std::size_t index,
                       const std::vector<const Compartment*>& places, bool edits);
  // team_panel.cpp
  void draw_side(Ui& ui, const Rect& area, bool alone);
  void draw_person(Ui& ui, const Person& person);
  void draw_approval(Ui& ui, const Person& person);
  void draw_roles(Ui& ui, const Person& person);
  void draw_account(Ui& ui, const Person& person);

  Services& services_;
  TeamWork work_;
  TeamSheets sheets_;
  std::shared_ptr<const Policy> policy_;
  mutable std::shared_ptr<const Policy> badge_policy_;  // that `badge_` was counted for
  mutable int badge_ = 0;
  Id me_;
  bool loaded_ = false;
  std::vector<Person> people_;
  std::string words_;  // folded; of the search
  std::optional<Id> chosen_;
  std::set<Id> asked_;                  // compartments whose documents are counted
  std::map<Id, std::uint64_t> counts_;  // documents in them
  ListState list_;
  std::vector<float> edges_;
};

[[nodiscard]] std::unique_ptr<Screen> make_team_screen(Services& services);

}  // namespace coffre::ui
