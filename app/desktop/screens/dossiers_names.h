// What the screens call things: compartments, patients, days.
//
// A new vault's compartments have English names that are data of the vault; they are shown in the
// person's language, a practice's own names as they are. Days are typed as people write them and
// kept as YYYY-MM-DD. Threads: tr() decides the language; otherwise values.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "app/desktop/ui_core/widgets.h"
#include "core/vault/policy.h"
#include "core/vault/types.h"

namespace coffre::ui {

[[nodiscard]] std::string compartment_label(std::string_view name);
// Empty when the policy has no such compartment.
[[nodiscard]] std::string compartment_label(const Policy& policy, const Id& id);
[[nodiscard]] TagKind compartment_tag(const Policy& policy, const Id& id);

[[nodiscard]] std::string patient_name(const Patient& patient);  // "Lefèvre, Zoé"
[[nodiscard]] const char* document_icon(const Document& document);
// The account that filed it; empty when the policy does not know it.
[[nodiscard]] std::string author_name(const Policy& policy, const Document& document);
[[nodiscard]] std::string author_name(const Policy& policy, const EarlierVersion& version);
// "hier 17:40 · marie · 1,2 Mo": when it was stored, by whom, how large.
[[nodiscard]] std::string version_line(const Policy& policy, const EarlierVersion& version,
                                       std::int64_t now_ms);
// What practices file most, as proposals; any other text is a type too.
[[nodiscard]] std::vector<std::string> common_types();

// A day as typed_date() of format.h takes it: 17/09/1991, 17091991. Returns YYYY-MM-DD;
// kInvalidArgument with a text that says how to write it.
[[nodiscard]] Result<std::string> parse_day(std::string_view typed);
// The same for a day of birth: not after `today` (YYYY-MM-DD), nor more than 130 years before.
[[nodiscard]] Result<std::string> parse_birth_day(std::string_view typed, std::string_view today);
// YYYY-MM-DD as it is typed: "17/09/1991". What is no such day stays as it is.
[[nodiscard]] std::string typed_day(std::string_view day);
[[nodiscard]] std::string today_of(std::int64_t wall_ms);  // YYYY-MM-DD, of this time zone
[[nodiscard]] std::int64_t day_begin_ms(
    std::int64_t wall_ms);  // midnight before, of this time zone
// Whole years from `born` to `today`; negative when one of them is no day.
[[nodiscard]] int age_at(std::string_view born, std::string_view today);
// "né(e) le 17/09/1991 · 35 ans"
[[nodiscard]] std::string birth_line(std::string_view born, std::string_view today);

}  // namespace coffre::ui
