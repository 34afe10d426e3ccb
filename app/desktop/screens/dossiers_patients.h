// The patients of the practice as the interface searches them.
//
// PatientIndex holds all patients that the account may read, with their names folded once; it does
// not change, so that a search on another thread needs no lock. PatientBook loads it from the vault
// and gives it to all who show patients. PatientSearch finds as you type: small practices within
// the frame, large ones off the UI thread, the newest words winning. PatientsColumn draws the left
// column. Threads: UI thread only, but PatientIndex's const methods from any.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/desktop/screens/alive.h"
#include "app/desktop/ui_core/screen.h"
#include "app/desktop/ui_core/widgets.h"

namespace coffre::ui {

class PatientIndex {
 public:
  // `patients` in the order in which they are shown.
  explicit PatientIndex(std::vector<Patient> patients);

  [[nodiscard]] const std::vector<Patient>& all() const { return patients_; }
  [[nodiscard]] const Patient* find(const Id& id) const;
  [[nodiscard]] std::optional<std::size_t> place_of(const Id& id) const;
  // The places of those whose names or day of birth have words beginning with each word of
  // `words`, in order, at most `count_max`. No word: all.
  [[nodiscard]] std::vector<std::uint32_t> search(std::string_view words,
                                                  std::size_t count_max) const;

 private:
  std::vector<Patient> patients_;
  std::vector<std::string> folded_;                  // " lefevre zoe 1991-09-17 17/09/1991"
  std::vector<std::pair<Id, std::uint32_t>> by_id_;  // sorted
};

class PatientBook {
 public:
  explicit PatientBook(Services& services) : services_(services) {}

  enum class State : unsigned char { kLoading, kReady, kFailed };
  [[nodiscard]] State state() const { return state_; }
  [[nodiscard]] const std::optional<Error>& error() const { return error_; }
  // Never nullptr; empty before the first load.
  [[nodiscard]] const std::shared_ptr<const PatientIndex>& index() const { return index_; }
  [[nodiscard]] const Patient* find(const Id& id) const { return index_->find(id); }
  // Records of patients that nobody can read.
  [[nodiscard]] const std::vector<UnreadableRecord>& left_out() const { return left_out_; }
  // Grows with each load: who searched before searches again.
  [[nodiscard]] std::uint64_t generation() const { return generation_; }
  // Reads the patients again; `then` runs when they are there.
  void load(std::function<void()> then = {});

 private:
  Services& services_;
  State state_ = State::kLoading;
  std::optional<Error> error_;
  std::vector<UnreadableRecord> left_out_;
  std::shared_ptr<const PatientIndex> index_ =
      std::make_shared<PatientIndex>(std::vector<Patient>{});
  std::uint64_t generation_ = 0;
  Alive alive_;
};

class PatientSearch {
 public:
  PatientSearch(Services& services, const PatientBook& book)
      : services_(services), book_(book), found_{book.index(), {}} {}

  void set_words(std::string_view words);
  [[nodiscard]] const std::string& words() const { return words_; }
  // Places in an index: of another load's index they would name other people.
  struct Found {
    std::shared_ptr<const PatientIndex> index;
    std::vector<std::uint32_t> places;
    [[nodiscard]] const Patient& operator[](std::size_t at) const {
      return index->all()[places[at]];
    }
  };
  // Of the newest words whose search is done; looks whether the book was loaded again.
  [[nodiscard]] const Found& found();
  // found() is of the newest words: before, Enter would choose somebody else than was typed.
  [[nodiscard]] bool is_done() const {
    return done_ == wanted_ && searched_generation_ == book_.generation();
  }

 private:
  void start();

  Services& services_;
  const PatientBook& book_;
  std::string words_;
  Found found_;
  std::uint64_t searched_generation_ = 0;
  std::uint64_t wanted_ = 0;  // number of the newest search
  std::uint64_t done_ = 0;    // number of the search that found_ is of
  Alive alive_;
};

// The left column: one row a patient, and what an empty or broken list says.
class PatientsColumn {
 public:
  PatientsColumn(Services& services, const PatientBook& book)
      : services_(services), search_(services, book) {}

  [[nodiscard]] PatientSearch& search() { return search_; }
  // The rows below the column's head. Returns the patient chosen in this frame.
  std::optional<Id> draw_rows(Ui& ui, const Rect& area, const std::optional<Id>& selected);
  // The list moves to the patient at the next frame.
  void reveal(const Id& id) { reveal_ = id; }

 private:
  void draw_row(Ui& ui, const Rect& row, const Patient& patient) const;

  Services& services_;
  PatientSearch search_;
  ListState list_;
  std::optional<Id> reveal_;
  std::string today_;
};

}  // namespace coffre::ui
