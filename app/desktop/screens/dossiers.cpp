#include "app/desktop/screens/dossiers.h"

#include <algorithm>

#include <nlohmann/json.hpp>

#include "app/common/i18n.h"
#include "app/desktop/screens/dossiers_names.h"
#include "app/desktop/ui_core/icons.h"

namespace coffre::ui {

DossiersScreen::DossiersScreen(Services& services, ReadPages read)
    : services_(services),
      book_(services),
      patients_(services, book_),
      titles_(services, book_),
      table_(services),
      pane_(services, std::move(read)),
      filed_(services, book_),
      requests_(
          services, [this](const Document& document) { open_document(document); },
          [this](const Document& document, std::string_view reason) {
            destroy_.open(document, reason);
          }),
      patient_sheet_(services, book_, [this](const Id& patient) { patient_saved(patient); }),
      document_sheet_(services, book_,
                      [this](const Document& document) { document_saved(document); }),
      import_(services, book_,
              {[this](const ImportOrder& order) { filed(order); },
               [this](std::string_view name) {
                 return_to_import_ = true;
                 patient_sheet_.open_new(name);
               }}),
      export_(services),
      open_(services),
      versions_(services,
                {[this](const EarlierVersion& version) { pane_.show_earlier(version); },
                 [this] { pane_.show_present(); },
                 [this](const std::optional<EarlierVersion>& earlier) { export_.open(earlier); },
                 [this](const Document& document) { version_replaced(document); }}),
      destroy_(services, book_, [this](const Id& document) { destroyed(document); }),
      hold_(services, [this] { return patient_in_hand(); }) {
  if (services_.opened != nullptr) {
    services_.opened->on_stored(
        alive_.guard([this](const Document& document) { document_saved(document); }));
  }
}

std::unique_ptr<Screen> make_dossiers_screen(Services& services) {
  return std::make_unique<DossiersScreen>(services, sandboxed_pages(services.viewer_program));
}

const char* DossiersScreen::label() const { return N_("Records"); }
const char* DossiersScreen::icon() const { return icon::kPatients; }
int DossiersScreen::badge() const { return static_cast<int>(requests_.count()); }

std::uint8_t DossiersScreen::patient_rights() const {
  const std::shared_ptr<const Policy> policy = services_.vault.policy();
  const Compartment* place = policy ? policy->compartment_for(Purpose::kAdministrative) : nullptr;
  return place == nullptr ? std::uint8_t{0} : services_.vault.rights(place->id);
}

bool DossiersScreen::reads_patients() const {
  const std::shared_ptr<const Policy> policy = services_.vault.policy();
  const Compartment* place = policy ? policy->compartment_for(Purpose::kAdministrative) : nullptr;
  return place != nullptr && services_.vault.can_read(place->id);
}

bool DossiersScreen::is_available() const {
  const std::shared_ptr<const Policy> policy = services_.vault.policy();
  return policy && std::ranges::any_of(policy->compartments(), [&](const auto& entry) {
           return entry.second.purpose != Purpose::kJournal &&
                  (services_.vault.rights(entry.first) & (right::kRead | right::kDeposit)) != 0;
         });
}

bool DossiersScreen::is_shown() const {
  return ImGui::GetCurrentContext() != nullptr && ImGui::GetFrameCount() - drawn_frame_ <= 1;
}

const Patient* DossiersScreen::patient_in_hand() const {
  const std::optional<DocumentsOf>& whose = table_.whose();
  return whose && whose->patient ? book_.find(*whose->patient) : nullptr;
}

std::string DossiersScreen::subject() const {
  const Patient* patient = patient_in_hand();
  return patient == nullptr ? std::string() : patient_name(*patient);
}

void DossiersScreen::entered() {
  if (reads_patients()) {
    book_.load();
  } else if (middle_ == Middle::kNothing) {
    choose_unfiled();  // such an account works with documents of no patient
  }
  filed_.load();
  requests_.load();
}

void DossiersScreen::add_commands(Commands& commands) {
  add_patient_commands(commands);
  add_list_commands(commands);
  pane_.add_commands(
      commands, [this] { return is_shown(); },
      [this] {
        if (pane_.document()) {
          document_sheet_.open(*pane_.document(), reads_patients());
        }
      });
  export_.add_commands(commands);
  open_.add_commands(commands);
  versions_.add_commands(commands);
  destroy_.add_commands(commands);
  hold_.add_commands(commands);
}

void DossiersScreen::add_patient_commands(Commands& commands) {
  commands.add({"patient.add",
                N_("Add a patient"),
                icon::kAddPerson,
                {letter('N'), true},
                [this] {
                  return reads_patients() && (patient_rights() & right::kDeposit) != 0
                             ? Availability::ready()
                             : Availability::hidden();
                },
                [this] { patient_sheet_.open_new(""); }});
  commands.add({"patient.edit",
                N_("Change the patient's record"),
                icon::kEdit,
                {Key::kF2, false, true},
                [this] {
                  if (!reads_patients() || (patient_rights() & right::kEdit) == 0) {
                    return Availability::hidden();
                  }
                  return patient_in_hand() == nullptr
                             ? Availability::greyed(N_("Choose a patient first."))
                             : Availability::ready();
                },
                [this] {
                  if (const Patient* patient = patient_in_hand()) {
                    patient_sheet_.open(*patient);
                  }
                }});
}

void DossiersScreen::add_list_commands(Commands& commands) {
  const auto when = [](bool may) { return may ? Availability::ready() : Availability::hidden(); };
  commands.add({"files.add",
                N_("Add files"),
                icon::kAddFile,
                {letter('O'), true},
                [this, when] { return when(import_.is_allowed()); },
                [this] { choose_files(); }});
  commands.add({"dossiers.filed_today",
                N_("Filed today"),
                icon::kInbox,
                {letter('J'), true},
                [this, when] { return when(filed_.is_available()); },
                [this] {
                  services_.go(id());
                  show_middle(Middle::kFiledToday);
                }});
  commands.add({"dossiers.requests",
                N_("Requests"),
                icon::kUndo,
                {},
                [this, when] { return when(requests_.count() > 0); },
                [this] {
                  services_.go(id());
                  show_middle(Middle::kRequests);
                }});
  commands.add({"dossiers.unfiled",
                N_("Documents of no patient"),
                icon::kFolder,
                {},
                [this, when] { return when(is_shown()); },
                [this] { choose_unfiled(); }});
  commands.add({"dossiers.refresh",
                N_("Read the lists again"),
                icon::kRefresh,
                {Key::kF5},
                [this, when] { return when(is_shown()); },
                [this] { refresh(); }});
  commands.add({"dossiers.back",
                N_("Back"),
                icon::kArrowLeft,
                {Key::kLeft, false, false, true},
                [this, when] { return when(is_shown() && middle_ != Middle::kNothing); },
                [this] { go_back(); }});
}

void DossiersScreen::choose_files() {
  ChooseRequest request;
  request.kind = ChooseRequest::Kind::kOpenFiles;
  request.title = tr(N_("Files to put in the vault"));
  services_.choose_paths(request, alive_.guard([this](const std::vector<std::string>& paths) {
    if (!paths.empty()) {
      drop(paths);
    }
  }));
}

bool DossiersScreen::drop(const std::vector<std::string>& paths) {
  if (!import_.is_allowed()) {
    return false;
  }
  const Patient* patient = patient_in_hand();
  import_.open(paths, patient == nullptr ? std::nullopt : std::optional<Id>(patient->id));
  return true;
}

bool DossiersScreen::search(std::string_view words) {
  words_ = words;
  patients_.search().set_words(words);
  titles_.set_words(words);
  if (words.empty()) {
    searched_in_ = 0;
  }
  return true;
}

void DossiersScreen::choose_patient(const Id& patient) {
  middle_ = Middle::kDocuments;
  const DocumentsOf whose{patient};
  if (table_.whose() == whose) {
    return;
  }
  pane_.clear();
  table_.show(whose);
}

void DossiersScreen::choose_unfiled() {
  middle_ = Middle::kDocuments;
  pane_.clear();
  table_.show({});
}

void DossiersScreen::show_middle(Middle middle) {
  middle_ = middle;
  pane_.clear();
  table_.clear();
  if (middle == Middle::kFiledToday) {
    filed_.load();
  } else if (middle == Middle::kRequests) {
    requests_.load();
  }
}

void DossiersScreen::go_back() {
  if (pane_.document()) {
    pane_.clear();
  } else {
    show_middle(Middle::kNothing);
  }
}

void DossiersScreen::refresh() {
  if (reads_patients()) {
    book_.load();
  }
  filed_.load();
  requests_.load();
  titles_.forget();
  if (table_.whose()) {
    table_.show(*table_.whose());
  }
}

void DossiersScreen::show_document(const Id& document) {
  if (const Document* found = table_.find(document)) {
    const Patient* patient = patient_in_hand();
    pane_.show(*found, patient == nullptr ? std::string() : patient_name(*patient));
  }
}

void DossiersScreen::open_document(const Document& document) {
  services_.go(id());
  middle_ = Middle::kDocuments;
  pane_.clear();
  table_.show({document.patient});
  table_.choose_when_loaded(document.id);
  if (document.patient) {
    patients_.reveal(*document.patient);
  }
}

void DossiersScreen::patient_saved(const Id& patient) {
  adding_patient_ = true;
  book_.load([this, patient] {
    adding_patient_ = false;
    if (return_to_import_) {
      return_to_import_ = false;
      import_.choose_patient(patient);
      import_.reopen();
    }
    choose_patient(patient);
    patients_.reveal(patient);
  });
}

void DossiersScreen::document_saved(const Document& document) {
  pane_.replace_record(document);
  titles_.forget();
  if (!table_.whose()) {
    return;
  }
  if (table_.whose()->patient != document.patient) {
    pane_.clear();  // it went to somebody else's record
  }
  table_.show(DocumentsOf(*table_.whose()));
}

void DossiersScreen::version_replaced(const Document& document) {
  document_saved(document);
  if (pane_.document() && pane_.document()->id == document.id) {
    pane_.show_present();
  }
}

void DossiersScreen::filed(const ImportOrder& order) {
  titles_.forget();
  filed_.load();
  if (table_.whose() && table_.whose()->patient == order.patient) {
    table_.show(DocumentsOf(*table_.whose()));
  } else if (order.patient && !pane_.document()) {
    choose_patient(*order.patient);
    patients_.reveal(*order.patient);
  }
}

void DossiersScreen::destroyed(const Id& document) {
  if (pane_.document() && pane_.document()->id == document) {
    pane_.clear();
  }
  titles_.forget();
  filed_.load();
  requests_.load();
  if (table_.whose()) {
    table_.show(DocumentsOf(*table_.whose()));
  }
}

std::string DossiersScreen::draft() const {
  nlohmann::json json = nlohmann::json::object();
  const auto keep = [&](const char* key, const std::string& part) {
    if (!part.empty()) {
      json[key] = part;
    }
  };
  keep("patient", patient_sheet_.draft());
  keep("import", import_.draft());
  keep("document", document_sheet_.draft());
  keep("export", export_.draft());
  keep("open", open_.draft());
  keep("destroy", destroy_.draft());
  keep("hold", hold_.draft());
  return json.empty() ? std::string()
                      : json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

DraftEnd DossiersScreen::draft_end() const {
  DraftEnd end = import_.draft_end();
  if (!end) {
    return {};
  }
  return [end = std::move(end)](std::string draft) -> std::string {
    nlohmann::json json = nlohmann::json::parse(draft, nullptr, false);
    const auto import = json.is_object() ? json.find("import") : json.end();
    if (import == json.end() || !import->is_string()) {
      return draft;
    }
    std::string rest = end(import->get<std::string>());
    if (rest.empty()) {
      json.erase(import);
    } else {
      *import = std::move(rest);
    }
    return json.empty() ? std::string()
                        : json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  };
}

void DossiersScreen::restore(std::string_view draft) {
  const nlohmann::json json = nlohmann::json::parse(draft, nullptr, false);
  if (!json.is_object()) {
    return;
  }
  const auto part = [&](const char* key) {
    const auto found = json.find(key);
    return found != json.end() && found->is_string() ? found->get<std::string>() : std::string();
  };
  if (const std::string patient = part("patient"); !patient.empty()) {
    patient_sheet_.restore(patient);
  }
  if (const std::string document = part("document"); !document.empty()) {
    document_sheet_.restore(document);
  }
  if (const std::string import = part("import"); !import.empty()) {
    import_.restore(import);
  }
  if (const std::string copy = part("export"); !copy.empty()) {
    export_.restore(copy);
  }
  if (const std::string reason = part("open"); !reason.empty()) {
    open_.restore(reason);
  }
  if (const std::string destroy = part("destroy"); !destroy.empty()) {
    destroy_.restore(destroy);
  }
  if (const std::string hold = part("hold"); !hold.empty()) {
    hold_.restore(hold);
  }
}

}  // namespace coffre::ui
