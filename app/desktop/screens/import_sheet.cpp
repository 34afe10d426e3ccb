#include "app/desktop/screens/import_sheet.h"

#include <algorithm>

#include <nlohmann/json.hpp>

#include "app/common/i18n.h"
#include "app/common/sources.h"
#include "app/desktop/screens/dossiers_names.h"
#include "app/desktop/screens/selection.h"

namespace coffre::ui {

ImportSheet::ImportSheet(Services& services, const PatientBook& book, Callbacks callbacks)
    : services_(services),
      callbacks_(std::move(callbacks)),
      run_(services, [this] { finished(); }),
      record_(services),
      picker_(services, book) {}

bool ImportSheet::is_allowed() const {
  const std::shared_ptr<const Policy> policy = services_.vault.policy();
  return policy && std::ranges::any_of(policy->compartments(), [&](const auto& entry) {
           return entry.second.purpose != Purpose::kJournal &&
                  (services_.vault.rights(entry.first) & right::kDeposit) != 0;
         });
}

void ImportSheet::look_at_places() {
  places_.clear();
  const std::shared_ptr<const Policy> policy = services_.vault.policy();
  if (!policy) {
    return;
  }
  for (const auto& [id, compartment] : policy->compartments()) {
    if (compartment.purpose != Purpose::kJournal &&
        (services_.vault.rights(id) & right::kDeposit) != 0) {
      places_.push_back({id, compartment_label(compartment.name), services_.vault.can_read(id)});
    }
  }
  // Medical first, as most are: what people may choose wrongly without looking is the safer one.
  std::ranges::sort(places_, [&](const Place& left, const Place& right) {
    const auto order = [&](const Place& place) {
      const TagKind kind = compartment_tag(*policy, place.id);
      return std::pair(kind == TagKind::kMedical          ? 0
                       : kind == TagKind::kAdministrative ? 1
                                                          : 2,
                       place.label);
    };
    return order(left) < order(right);
  });
}

bool ImportSheet::wants_patient() const {
  const std::shared_ptr<const Policy> policy = services_.vault.policy();
  const Compartment* patients =
      policy ? policy->compartment_for(Purpose::kAdministrative) : nullptr;
  return patients != nullptr && services_.vault.can_read(patients->id);
}

void ImportSheet::open(std::vector<std::string> paths, const std::optional<Id>& patient) {
  open_ = true;
  if (step_ == Step::kRunning || paths.empty()) {
    return;
  }
  step_ = Step::kForm;
  interrupted_ = false;
  tried_ = false;
  destroy_originals_ = false;
  paths_ = std::move(paths);
  look_at_places();
  place_ = std::min(place_, places_.empty() ? 0 : places_.size() - 1);
  picker_.choose(patient);
  type_.clear();
  title_.set(paths_.size() == 1 ? title_of(paths_.front()) : std::string());
  date_.set(typed_day(today_of(services_.clock.wall_ms())));
  focus_ = true;
}

void ImportSheet::close() {
  open_ = false;
  if (step_ != Step::kRunning) {
    step_ = Step::kForm;
    paths_.clear();
    picker_.clear();
    type_.clear();
    title_.clear();
    date_.clear();
  }
}

void ImportSheet::start() {
  tried_ = true;
  const Result<std::string> date = parse_day(date_.view());
  if (!date || places_.empty() || (wants_patient() && !picker_.chosen())) {
    return;  // the fields say what is wrong
  }
  ImportOrder order;
  order.patient = picker_.chosen();
  order.compartment = places_[place_].id;
  order.type = type_.empty() ? tr(N_("Document")) : std::string(type_.view());
  order.date = *date;
  if (paths_.size() == 1 && !title_.empty()) {
    order.title = std::string(title_.view());
  }
  order.destroy_originals = destroy_originals_;
  step_ = Step::kRunning;
  started_ms_ = services_.clock.wall_ms();
  run_.start(std::move(order), paths_);
}

void ImportSheet::finished() {
  ended_ms_ = services_.clock.wall_ms();
  using State = ImportedFile::State;
  const std::size_t stored = run_.count_of(State::kStored);
  const bool all = stored == run_.count();
  step_ = Step::kDone;
  if (stored > 0) {
    services_.toasts.say(
        fill(stored == 1 ? tr(N_("{} document is filed.")) : tr(N_("{} documents are filed.")),
             {std::to_string(stored)}));
  }
  if (all && !run_.order().destroy_originals) {
    close();
  } else {
    open_ = true;  // what could not be stored, or destroyed, is never left unsaid
  }
  if (stored > 0) {
    callbacks_.filed(run_.order());
  }
}

std::string ImportSheet::draft() const {
  std::vector<std::string> paths;
  if (step_ == Step::kForm && open_) {
    paths = paths_;
  } else if (step_ == Step::kRunning || (step_ == Step::kDone && open_)) {
    paths = run_.unstored()().value_or(paths_);
  }
  if (paths.empty()) {
    return {};
  }
  nlohmann::json json = {{"paths", paths},
                         {"type", std::string(type_.view())},
                         {"title", std::string(title_.view())},
                         {"date", std::string(date_.view())},
                         {"destroy", destroy_originals_},
                         {"interrupted", step_ != Step::kForm}};
  if (picker_.chosen()) {
    json["patient"] = to_hex(picker_.chosen()->view());
  }
  if (place_ < places_.size()) {
    json["compartment"] = to_hex(places_[place_].id.view());
  }
  return json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

DraftEnd ImportSheet::draft_end() const {
  if (step_ != Step::kRunning) {
    return {};
  }
  return [unstored = run_.unstored()](std::string draft) -> std::string {
    const std::optional<std::vector<std::string>> paths = unstored();
    nlohmann::json json = nlohmann::json::parse(draft, nullptr, false);
    if (!paths || !json.is_object()) {
      return draft;
    }
    if (paths->empty()) {
      return {};
    }
    json["paths"] = *paths;
    return json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  };
}

void ImportSheet::restore(std::string_view draft) {
  const nlohmann::json json = nlohmann::json::parse(draft, nullptr, false);
  if (!json.is_object() || !json.contains("paths") || !json["paths"].is_array()) {
    return;
  }
  const auto text_at_key = [&](const char* key) {
    const auto found = json.find(key);
    return found != json.end() && found->is_string() ? found->get<std::string>() : std::string();
  };
  std::vector<std::string> paths;
  for (const nlohmann::json& path : json["paths"]) {
    if (path.is_string()) {
      paths.push_back(path.get<std::string>());
    }
  }
  std::optional<Id> patient;
  if (const Result<Id> id = fixed_from_hex<Id>(text_at_key("patient")); id) {
    patient = *id;
  }
  if (paths.empty()) {
    return;
  }
  open(std::move(paths), patient);
  type_.set(text_at_key("type"));
  title_.set(text_at_key("title"));
  date_.set(text_at_key("date"));
  const auto is_set = [&](const char* key) {
    const auto found = json.find(key);
    return found != json.end() && found->is_boolean() && found->get<bool>();
  };
  destroy_originals_ = is_set("destroy");
  interrupted_ = is_set("interrupted");
  if (const Result<Id> id = fixed_from_hex<Id>(text_at_key("compartment")); id) {
    const auto found = std::ranges::find(places_, *id, &Place::id);
    place_ = found == places_.end() ? place_ : static_cast<std::size_t>(found - places_.begin());
  }
}

}  // namespace coffre::ui
