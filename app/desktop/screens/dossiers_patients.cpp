#include "app/desktop/screens/dossiers_patients.h"

#include <algorithm>

#include "app/common/i18n.h"
#include "app/desktop/screens/dossiers_drawing.h"
#include "app/desktop/screens/dossiers_names.h"
#include "app/desktop/ui_core/icons.h"
#include "core/base/text.h"

namespace coffre::ui {
namespace {

// Searched within the frame: below a millisecond. More goes to a job.
constexpr std::size_t kAtOnceMax = 8192;
constexpr float kPatientRowHeight = 62;

std::vector<std::string> words_of(std::string_view text) {
  const std::string folded = fold(text);
  std::vector<std::string> words;
  std::size_t at = 0;
  while (at < folded.size()) {
    const std::size_t end = std::min(folded.find_first_of(" ,;", at), folded.size());
    if (end > at) {
      words.push_back(folded.substr(at, end - at));
    }
    at = end + 1;
  }
  return words;
}

bool begins_a_word(const std::string& text, const std::string& word) {
  for (std::size_t at = text.find(word); at != std::string::npos; at = text.find(word, at + 1)) {
    const char before = at == 0 ? ' ' : text[at - 1];
    if (before == ' ' || before == '-' || before == '/' || before == '\'') {
      return true;
    }
  }
  return false;
}

}  // namespace

PatientIndex::PatientIndex(std::vector<Patient> patients) : patients_(std::move(patients)) {
  folded_.reserve(patients_.size());
  by_id_.reserve(patients_.size());
  for (std::size_t place = 0; place < patients_.size(); ++place) {
    const Patient& patient = patients_[place];
    folded_.push_back(fold(patient.last) + " " + fold(patient.first) + " " + patient.born + " " +
                      typed_day(patient.born));
    by_id_.emplace_back(patient.id, static_cast<std::uint32_t>(place));
  }
  std::ranges::sort(by_id_);
}

std::optional<std::size_t> PatientIndex::place_of(const Id& id) const {
  const auto found = std::ranges::lower_bound(by_id_, id, {}, &std::pair<Id, std::uint32_t>::first);
  if (found == by_id_.end() || found->first != id) {
    return std::nullopt;
  }
  return found->second;
}

const Patient* PatientIndex::find(const Id& id) const {
  const std::optional<std::size_t> place = place_of(id);
  return place ? &patients_[*place] : nullptr;
}

std::vector<std::uint32_t> PatientIndex::search(std::string_view words,
                                                std::size_t count_max) const {
  const std::vector<std::string> wanted = words_of(words);
  std::vector<std::uint32_t> found;
  for (std::size_t place = 0; place < patients_.size() && found.size() < count_max; ++place) {
    const std::string& text = folded_[place];
    if (std::ranges::all_of(wanted,
                            [&](const std::string& word) { return begins_a_word(text, word); })) {
      found.push_back(static_cast<std::uint32_t>(place));
    }
  }
  return found;
}

void PatientBook::load(std::function<void()> then) {
  struct Loaded {
    std::shared_ptr<const PatientIndex> index;
    std::vector<UnreadableRecord> left_out;
  };
  services_.vault.ask<Loaded>(
      [](Vault& vault) -> Result<Loaded> {
        Loaded loaded;
        COFFRE_TRY_ASSIGN(std::vector<Patient> patients, vault.patients({}, &loaded.left_out));
        loaded.index = std::make_shared<const PatientIndex>(std::move(patients));
        return loaded;
      },
      alive_.guard([this, then = std::move(then)](Result<Loaded> loaded) {
        if (loaded) {
          index_ = std::move(loaded->index);
          left_out_ = std::move(loaded->left_out);
          state_ = State::kReady;
          error_.reset();
        } else {
          state_ = State::kFailed;
          error_ = loaded.error();
        }
        ++generation_;
        if (then) {
          then();
        }
      }));
}

void PatientSearch::set_words(std::string_view words) {
  if (words == words_) {
    return;
  }
  words_ = words;
  start();
}

const PatientSearch::Found& PatientSearch::found() {
  if (searched_generation_ != book_.generation()) {
    start();
  }
  return found_;
}

void PatientSearch::start() {
  searched_generation_ = book_.generation();
  const std::uint64_t number = ++wanted_;
  const std::shared_ptr<const PatientIndex> index = book_.index();
  if (index->all().size() <= kAtOnceMax) {
    found_ = {index, index->search(words_, index->all().size())};
    done_ = number;
    return;
  }
  const auto found = std::make_shared<Found>(Found{index, {}});
  services_.jobs.start({}, false,
                       [found, words = words_, take = alive_.guard([this, number, found] {
                         if (number == wanted_) {
                           found_ = std::move(*found);
                           done_ = number;
                         }
                       })](Progress&) -> Jobs::Completion {
                         found->places = found->index->search(words, found->index->all().size());
                         return take;
                       });
}

std::optional<Id> PatientsColumn::draw_rows(Ui& ui, const Rect& area,
                                            const std::optional<Id>& selected) {
  const PatientSearch::Found& found = search_.found();
  const std::size_t count = found.places.size();
  today_ = today_of(ui.clock.wall_ms());
  std::ptrdiff_t chosen = -1;
  if (const auto place = selected ? found.index->place_of(*selected) : std::nullopt) {
    const auto at = std::ranges::lower_bound(found.places, *place);
    if (at != found.places.end() && *at == *place) {
      chosen = at - found.places.begin();
    }
  }
  if (reveal_ && selected == reveal_ && chosen >= 0) {
    list_.focused = chosen;
    list_.scroll_to_focused = true;
    reveal_.reset();
  }
  std::ptrdiff_t pressed = -1;
  if (begin_list(ui, "patients", list_, count, ui.px(kPatientRowHeight), area)) {
    pressed =
        list_rows(ui, "patients", list_, count, ui.px(kPatientRowHeight), chosen,
                  [&](std::size_t at, const Rect& row, bool) { draw_row(ui, row, found[at]); });
  }
  end_list(ui);
  return pressed >= 0 ? std::optional<Id>(found[static_cast<std::size_t>(pressed)].id)
                      : std::nullopt;
}

void PatientsColumn::draw_row(Ui& ui, const Rect& row, const Patient& patient) const {
  const float left = row.min.x + ui.px(size::kGapWide);
  float width = row.width() - ui.px(size::kGapWide) - ui.px(size::kGap);
  const auto policy = services_.vault.policy();
  if (policy && policy->is_held(patient.id)) {
    Rect held{{row.max.x - ui.px(34), row.min.y}, row.max};
    icon_in(ui, icon::kBlock, held, ui.theme.warning.text);
    paint::note(ui, "held", tr(N_("On hold")), held);
    width -= ui.px(26);
  }
  text_at(ui, TextKind::kStrong, {left, row.min.y + ui.px(9)}, patient_name(patient), width);
  text_at(ui, TextKind::kSmallMuted, {left, row.min.y + ui.px(34)},
          birth_line(patient.born, today_), width);
}

}  // namespace coffre::ui
