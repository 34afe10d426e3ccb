// The versions of the document in hand: what it holds now and held before, newest first.
//
// An earlier one can be looked at, exported, and made the present one again; the one that it
// replaces becomes an earlier one, and the message that says so takes it back. Looking is the
// pane's affair, exporting the export sheet's: both journal it. Threads: UI thread only.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "app/desktop/screens/alive.h"
#include "app/desktop/screens/selection.h"
#include "app/desktop/ui_core/widgets.h"

namespace coffre::ui {

// All of the document, those stored last first.
[[nodiscard]] std::vector<EarlierVersion> versions_of(const Document& document);

class VersionsSheet {
 public:
  struct Calls {
    std::function<void(const EarlierVersion&)> show_earlier;
    std::function<void()> show_present;
    std::function<void(const std::optional<EarlierVersion>&)> open_export;
    // The document, which has another present version now.
    std::function<void(const Document&)> replaced;
  };
  VersionsSheet(Services& services, Calls calls)
      : services_(services), calls_(std::move(calls)), selection_(share_selection(services)) {}

  void add_commands(Commands& commands);
  void draw(Ui& ui);

 private:
  [[nodiscard]] Availability may_open() const;
  // Hidden without the right to change the document.
  [[nodiscard]] Availability may_bring_back() const;
  [[nodiscard]] Availability may_look(const EarlierVersion& version) const;
  [[nodiscard]] bool is_present(const EarlierVersion& version) const;
  [[nodiscard]] bool is_shown(const EarlierVersion& version) const;
  void open();
  void look(const EarlierVersion& version);
  // `version` becomes the present one in place of `present`.
  void bring_back(const Id& document, const EarlierVersion& version, const EarlierVersion& present);
  void bring_back_to(const EarlierVersion& version);
  void draw_list(Ui& ui, const std::vector<EarlierVersion>& versions);
  void draw_row(Ui& ui, const Rect& row, const EarlierVersion& version) const;
  void draw_actions(Ui& ui, const EarlierVersion& version);

  Services& services_;
  Calls calls_;
  std::shared_ptr<Selection> selection_;
  Alive alive_;
  bool open_ = false;
  bool running_ = false;
  Id chosen_;
  ListState list_;
  std::optional<Error> error_;
};

}  // namespace coffre::ui
