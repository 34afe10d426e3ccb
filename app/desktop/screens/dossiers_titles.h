// TitleSearch: documents of all patients whose title or type has the words that are searched for.
//
// The list of all documents is journaled like any list: it is read when the person asks for titles,
// once, and again when something was filed or changed. Threads: UI thread only.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "app/desktop/screens/alive.h"
#include "app/desktop/screens/dossiers_patients.h"
#include "app/desktop/ui_core/screen.h"
#include "app/desktop/ui_core/widgets.h"

namespace coffre::ui {

class TitleSearch {
 public:
  TitleSearch(Services& services, const PatientBook& book) : services_(services), book_(book) {}

  void set_words(std::string_view words);
  // Something was filed or changed: read again at the next draw().
  void forget() { stale_ = true; }
  // Below the head of the left column; returns the document chosen in this frame.
  std::optional<Document> draw(Ui& ui, const Rect& area);

 private:
  // All documents with what is searched in them, folded once.
  struct Titles {
    std::vector<Document> documents;  // the newest first
    std::vector<std::string> folded;
  };
  struct Found {
    std::shared_ptr<const Titles> titles;
    std::vector<std::uint32_t> places;
  };
  void load();
  void search();
  void draw_row(Ui& ui, const Rect& row, const Document& document) const;

  Services& services_;
  const PatientBook& book_;
  std::string words_;
  bool stale_ = true;
  bool loading_ = false;
  std::optional<Error> error_;
  std::shared_ptr<const Titles> titles_;
  Found found_;
  std::uint64_t wanted_ = 0;
  ListState list_;
  Alive alive_;
};

}  // namespace coffre::ui
