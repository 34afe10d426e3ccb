// The documents of one patient in a table: icon, title, compartment, date, type, author; sorted by
// each, and filtered by type and words. Where there is little room some stand below others, and a
// menu beside the head sorts.
//
// The author is the account that the filing session said it was; the journal has the proof.
// What the account may not read never reaches this list: the vault does not give it. Listing is
// journaled, so that it is asked for once for each patient chosen; while one list is on its way,
// only the newest wish waits. Threads: UI thread only.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "app/desktop/screens/alive.h"
#include "app/desktop/ui_core/screen.h"
#include "app/desktop/ui_core/widgets.h"

namespace coffre::ui {

// Whose documents: a patient's, or those that are filed for no patient.
struct DocumentsOf {
  std::optional<Id> patient;
  bool operator==(const DocumentsOf&) const = default;
};

class DocumentsTable {
 public:
  explicit DocumentsTable(Services& services) : services_(services) {}

  enum class State : unsigned char { kNone, kLoading, kReady, kFailed };
  // Shows the documents of another patient (or nobody's); the same one again: reads them again and
  // keeps filters.
  void show(const DocumentsOf& whose);
  void clear();
  [[nodiscard]] const std::optional<DocumentsOf>& whose() const { return whose_; }
  [[nodiscard]] State state() const { return state_; }
  [[nodiscard]] const std::vector<Document>& all() const { return all_; }
  [[nodiscard]] const Document* find(const Id& id) const;
  // Places in all() that the filters leave, in the order of the table.
  [[nodiscard]] const std::vector<std::size_t>& shown() const { return shown_; }

  // The chips, the head and the rows; returns the document chosen in this frame.
  std::optional<Id> draw(Ui& ui, const Rect& area, const std::optional<Id>& selected);
  // After the list was read, this document is chosen: draw() returns it once.
  void choose_when_loaded(const Id& id) { wished_ = id; }

 private:
  void ask(const DocumentsOf& whose);
  struct DocumentsRead {
    std::vector<Document> documents;
    std::vector<UnreadableRecord> left_out;
  };
  void loaded(const DocumentsOf& whose, Result<DocumentsRead> documents);
  void count_types();
  [[nodiscard]] std::string author_of(const Document& document) const;
  void refresh();  // shown_, after a change of documents, filter or order
  void draw_filters(Ui& ui, Rect& area);
  // Of what it is sorted by, and the way round.
  void sort_by(std::size_t column, bool descending);
  void draw_sort_menu(Ui& ui, const Rect& area);
  std::optional<Id> draw_table(Ui& ui, const Rect& area, const std::optional<Id>& selected);
  void draw_row(Ui& ui, const Rect& row, const Document& document,
                const std::vector<float>& edges) const;
  void draw_empty(Ui& ui, const Rect& area) const;

  Services& services_;
  State state_ = State::kNone;
  std::optional<DocumentsOf> whose_;
  std::optional<DocumentsOf> asked_;    // on its way
  std::optional<DocumentsOf> waiting_;  // the newest wish meanwhile
  std::optional<Error> error_;
  std::vector<Document> all_;
  std::vector<UnreadableRecord> left_out_;
  std::vector<std::size_t> shown_;
  std::vector<std::string> types_;        // by how many documents have them
  std::vector<std::string> chip_labels_;  // "Tout · 26", then one a type
  std::size_t chip_ = 0;
  Line words_;
  SortState sort_{2, true};  // the newest first
  ListState list_;
  std::optional<Id> wished_;
  Alive alive_;
};

}  // namespace coffre::ui
