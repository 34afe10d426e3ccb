// The values of a call's arguments, checked, and the contract's forms of values.
#pragma once

#include <optional>
#include <string>

#include "app/cli/output.h"
#include "core/vault/vault.h"

namespace coffre::cli {

// kInvalidArgument unless 32 (or 64) lowercase hex digits.
[[nodiscard]] Result<Id> id_argument(const std::string& text);
[[nodiscard]] Result<Hash> key_id_argument(const std::string& text);
[[nodiscard]] Result<std::optional<Id>> id_argument(const std::optional<std::string>& text);

// Milliseconds of "90s", "15m", "2h", "7d"; kInvalidArgument, also above 31 days.
[[nodiscard]] Result<std::int64_t> duration_argument(const std::string& text);

// The compartment of this name; kDenied, as for one that the account has no right in.
[[nodiscard]] Result<Id> compartment_argument(const Vault& vault, const std::string& name);
// After a list was given: kDamaged, with who sealed them, when records had to be left out.
[[nodiscard]] Status all_could_be_read(const std::vector<UnreadableRecord>& left_out);
// The name of a compartment that the policy has.
[[nodiscard]] std::string compartment_name(const Vault& vault, const Id& id);

template <std::size_t N, typename Tag>
[[nodiscard]] std::string hex_of(const FixedBytes<N, Tag>& value) {
  return to_hex(value.view());
}
// null when there is none.
[[nodiscard]] Json hex_or_null(const std::optional<Id>& id);

// {id, patient, compartment, type, title, date, size, mime}.
[[nodiscard]] Json document_json(const Vault& vault, const Document& document);

}  // namespace coffre::cli
