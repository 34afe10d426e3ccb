// The compartments and roles that a new vault starts with: data, which a practice changes later.
#pragma once

#include <array>

#include "core/vault/policy_ops.h"

namespace coffre {

struct DefaultCompartment {
  const char* name;
  Purpose purpose;
};
inline constexpr std::array<DefaultCompartment, 4> kDefaultCompartments = {{
    {"administrative", Purpose::kAdministrative},
    {"medical", Purpose::kOrdinary},
    {"management", Purpose::kOrdinary},
    {"journal", Purpose::kJournal},
}};

struct DefaultRole {
  const char* name;
  std::array<std::uint8_t, 4> rights;  // in the order of kDefaultCompartments
  std::uint8_t vault_rights;
};

namespace defaults {
inline constexpr std::uint8_t kFile = right::kRead | right::kDeposit;
inline constexpr std::uint8_t kWork = kFile | right::kEdit | right::kExport;
}  // namespace defaults

// The owner's role comes first.
inline constexpr std::array<DefaultRole, 6> kDefaultRoles = {{
    {"owner", {right::kAll, right::kAll, right::kAll, right::kRead}, vault_right::kAll},
    {"practitioner", {defaults::kWork, defaults::kWork, 0, 0}, 0},
    {"secretary", {defaults::kWork, right::kDeposit, 0, 0}, 0},
    {"billing", {defaults::kFile, 0, 0, 0}, 0},
    {"privacy-officer", {0, 0, defaults::kFile, right::kRead}, 0},
    {"administrator", {0, 0, 0, 0}, vault_right::kAll},
}};

}  // namespace coffre
