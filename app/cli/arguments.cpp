#include "app/cli/arguments.h"

#include <algorithm>
#include <array>
#include <charconv>

#include <nlohmann/json.hpp>

#include "core/base/text.h"

namespace coffre::cli {

Result<Id> id_argument(const std::string& text) {
  const auto id = fixed_from_hex<Id>(text);
  if (!id) {
    return fail(Code::kInvalidArgument, N_("this is not an id"), text,
                N_("an id has 32 digits out of 0-9 and a-f"));
  }
  return *id;
}

Result<std::optional<Id>> id_argument(const std::optional<std::string>& text) {
  if (!text) {
    return std::nullopt;
  }
  COFFRE_TRY_ASSIGN(const Id id, id_argument(*text));
  return id;
}

Result<Hash> key_id_argument(const std::string& text) {
  const auto id = fixed_from_hex<Hash>(text);
  if (!id) {
    return fail(Code::kInvalidArgument, N_("this is not a key id"), text,
                N_("a key id has 64 digits out of 0-9 and a-f"));
  }
  return *id;
}

Result<std::int64_t> duration_argument(const std::string& text) {
  constexpr auto kUnits = std::to_array<std::pair<char, std::int64_t>>(
      {{'s', 1'000}, {'m', 60'000}, {'h', 3'600'000}, {'d', 86'400'000}});
  const auto unit = std::ranges::find(kUnits, text.empty() ? '\0' : text.back(),
                                      &std::pair<char, std::int64_t>::first);
  std::int64_t count = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, count);
  if (unit == kUnits.end() || error != std::errc() || stop != end - 1 || count < 1 ||
      count > kKeepMaxMs / unit->second) {
    return fail(Code::kInvalidArgument, N_("this is not a time that a copy may be kept"), text,
                N_("for example 90s, 15m, 2h or 7d, at most 31d"));
  }
  return count * unit->second;
}

Result<Id> compartment_argument(const Vault& vault, const std::string& name) {
  const Compartment* compartment = vault.policy().compartment_by_name(name);
  if (compartment == nullptr) {
    return fail(Code::kDenied, N_("there is no such compartment, or you may not use it"), name);
  }
  return compartment->id;
}

Status all_could_be_read(const std::vector<UnreadableRecord>& left_out) {
  if (left_out.empty()) {
    return {};
  }
  std::string which;
  for (const UnreadableRecord& record : left_out) {
    which += (which.empty() ? "" : ", ") + hex_of(record.id) + " (" + record.from + ")";
  }
  return fail(Code::kDamaged, N_("not all could be listed: somebody sealed what nobody can read"),
              which, N_("ask who sealed it, and tell who looks after the vault"));
}

std::string compartment_name(const Vault& vault, const Id& id) {
  const Compartment* compartment = vault.policy().compartment(id);
  return compartment == nullptr ? std::string() : compartment->name;
}

Json hex_or_null(const std::optional<Id>& id) { return id ? Json(hex_of(*id)) : Json(nullptr); }

Json document_json(const Vault& vault, const Document& document) {
  return {{"id", hex_of(document.id)},
          {"patient", hex_or_null(document.patient)},
          {"compartment", compartment_name(vault, document.compartment)},
          {"type", document.type},
          {"title", document.title},
          {"date", document.date},
          {"size", document.size},
          {"mime", document.mime}};
}

}  // namespace coffre::cli
