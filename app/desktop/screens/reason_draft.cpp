#include "app/desktop/screens/reason_draft.h"

#include <nlohmann/json.hpp>

namespace coffre::ui {
namespace {

constexpr const char* kObject = "object";
constexpr const char* kReason = "reason";

bool has_text(const nlohmann::json& json, const char* key) {
  return json.is_object() && json.contains(key) && json[key].is_string();
}

}  // namespace

std::string ReasonDraft::encode() const {
  return nlohmann::json({{kObject, to_hex(object.view())}, {kReason, reason}})
      .dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

std::optional<ReasonDraft> ReasonDraft::decode(std::string_view draft) {
  const nlohmann::json json = nlohmann::json::parse(draft, nullptr, false);
  if (!has_text(json, kObject) || !has_text(json, kReason)) {
    return std::nullopt;
  }
  const Result<Id> id = fixed_from_hex<Id>(json[kObject].get<std::string>());
  return id ? std::optional(ReasonDraft{*id, json[kReason].get<std::string>()}) : std::nullopt;
}

}  // namespace coffre::ui
