#include "app/desktop/screens/journal_notes.h"

#include <nlohmann/json.hpp>

#include "core/base/file.h"

namespace coffre::ui {
namespace {

using Json = nlohmann::json;

constexpr std::size_t kNotesMax = std::size_t{64} << 10;
constexpr std::size_t kIdBytes = 16;  // of the vault's id: enough to tell vaults apart

std::string notes_path(const std::string& directory, const Hash& vault) {
  return directory + "/notes-" + to_hex(vault.view().first(kIdBytes)) + ".json";
}

// Paths may hold bytes that are no UTF-8, which JSON cannot.
Json to_json(const VaultNotes& notes) {
  Json json = Json::object();
  if (notes.anchor) {
    json["anchor"] = {{"entries", notes.anchor->entries},
                      {"time_ms", notes.anchor->time_ms},
                      {"path", to_base64(as_bytes(notes.anchor->path))}};
  }
  if (notes.verification) {
    json["verification"] = {{"time_ms", notes.verification->time_ms},
                            {"read_data", notes.verification->read_data},
                            {"damaged", notes.verification->damaged}};
  }
  return json;
}

VaultNotes from_json(const Json& json) {
  VaultNotes notes;
  if (const auto found = json.find("anchor"); found != json.end()) {
    const Result<Bytes> path = from_base64(found->at("path").get<std::string>());
    notes.anchor =
        Anchor{found->at("entries").get<std::uint64_t>(), found->at("time_ms").get<std::int64_t>(),
               path ? std::string(as_text(*path)) : std::string()};
  }
  if (const auto found = json.find("verification"); found != json.end()) {
    notes.verification =
        Verification{found->at("time_ms").get<std::int64_t>(), found->at("read_data").get<bool>(),
                     found->at("damaged").get<std::uint64_t>()};
  }
  return notes;
}

}  // namespace

VaultNotes load_notes(const std::string& directory, const Hash& vault) {
  const Result<Bytes> bytes = read_file(notes_path(directory, vault), kNotesMax);
  if (!bytes) {
    return {};
  }
  try {
    return from_json(Json::parse(bytes->begin(), bytes->end()));
  } catch (const Json::exception&) {
    return {};
  }
}

Status save_notes(const std::string& directory, const Hash& vault, const VaultNotes& notes) {
  COFFRE_TRY(make_directories(directory));
  const std::string text = to_json(notes).dump();
  return write_durable(notes_path(directory, vault), as_bytes(text));
}

}  // namespace coffre::ui
