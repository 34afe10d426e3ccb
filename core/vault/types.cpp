#include "core/vault/types.h"

#include <array>
#include <utility>

namespace coffre {
namespace {

constexpr std::array<std::pair<Action, const char*>, 21> kActions = {{
    {Action::kUnlock, "unlock"},   {Action::kUnlockFailed, "unlock-failed"},
    {Action::kLock, "lock"},       {Action::kView, "view"},
    {Action::kDeposit, "deposit"}, {Action::kEdit, "edit"},
    {Action::kExport, "export"},   {Action::kOpen, "open"},
    {Action::kImport, "import"},   {Action::kDestroy, "destroy"},
    {Action::kErase, "erase"},     {Action::kJournal, "journal"},
    {Action::kAccount, "account"}, {Action::kRole, "role"},
    {Action::kGrant, "grant"},     {Action::kRemove, "remove"},
    {Action::kSetting, "setting"}, {Action::kEmergency, "emergency"},
    {Action::kBackup, "backup"},   {Action::kRestore, "restore"},
    {Action::kVerify, "verify"},
}};

}  // namespace

const char* action_name(Action action) {
  for (const auto& [value, name] : kActions) {
    if (value == action) {
      return name;
    }
  }
  COFFRE_ASSERT(false);
  return "";
}

std::optional<Action> action_of(std::string_view name) {
  for (const auto& [value, known] : kActions) {
    if (name == known) {
      return value;
    }
  }
  return std::nullopt;
}

const char* outcome_name(Outcome outcome) {
  switch (outcome) {
    case Outcome::kSuccess:
      return "success";
    case Outcome::kFailure:
      return "failure";
    case Outcome::kStarted:
      return "started";
  }
  COFFRE_ASSERT(false);
  return "";
}

EarlierVersion present_version(const Document& document) {
  const bool is_changed = document.changed_ms != 0;
  return {document.version,
          document.mime,
          document.size,
          document.content_sha256,
          is_changed ? document.changed_ms : document.filed_ms,
          is_changed ? document.changed_by : document.author};
}

}  // namespace coffre
