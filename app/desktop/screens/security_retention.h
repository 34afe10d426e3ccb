// What has to be kept, on the security screen: the period of each compartment, how much is on hold,
// and the sheet that changes a period.
//
// Guarantees: everybody sees the values; the command and its button are hidden from accounts
// without the right to change the settings. Threads: UI thread only.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "app/desktop/screens/alive.h"
#include "app/desktop/ui_core/screen.h"
#include "app/desktop/ui_core/widgets.h"

namespace coffre::ui {

class RetentionSection {
 public:
  explicit RetentionSection(Services& services) : services_(services) {}

  void add_commands(Commands& commands);
  void draw(Ui& ui, const Policy& policy);
  void draw_sheet(Ui& ui);

 private:
  [[nodiscard]] Availability availability() const;
  [[nodiscard]] Availability may_go() const;
  // The years that are typed; nullopt: none from 0 to the most.
  [[nodiscard]] std::optional<std::uint32_t> typed_years() const;
  [[nodiscard]] const Compartment* chosen() const;
  void open();
  void take_period();  // of the chosen compartment, into the field
  void go();
  void draw_fields(Ui& ui, const Policy& policy);
  void draw_meaning(Ui& ui, const Compartment& place);

  Services& services_;
  std::shared_ptr<const Policy> policy_;  // as the sheet was opened, or drawn last
  Alive alive_;
  bool open_ = false;
  bool focus_ = false;
  bool running_ = false;
  std::vector<Id> places_;
  std::size_t chosen_ = 0;
  Line years_;
  std::optional<Error> error_;
};

}  // namespace coffre::ui
