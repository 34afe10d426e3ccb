// How long a document has to be kept, and what must not be destroyed at all. docs/FORMAT.md §7,
// docs/ERASING.md.
//
// Guarantees: the same answer for who destroys and for who only asks whether they could.
// Not covered: whether the account may. A period is judged by the clock of this workstation and by
// what the document's record says; only a hold is also checked by everybody else (log_check.h).
// Threads: functions of their arguments.
#pragma once

#include <string_view>

#include "core/vault/types.h"

namespace coffre {

inline constexpr unsigned kAdultYears = 18;
inline constexpr unsigned kMinorKeptYears = 28;  // documents of minors: to this birthday

// The first day on which a document may be destroyed that is kept for `years`, YYYY-MM-DD; nullopt
// when that is today or past, or `years` is 0. Counted from the document's date, or from the day
// when it was filed if that date is none, or lies in the future; where the 29th of February is
// missing, to the 1st of March. A document of a minor is kept to the 28th birthday at least; `born`
// is the patient's day of birth, empty when it is not known. Days are those of UTC.
[[nodiscard]] std::optional<std::string> kept_until(const Document& document, std::uint32_t years,
                                                    std::string_view born, std::int64_t now_ms);

// What check_not_kept() says of a hold.
[[nodiscard]] std::unexpected<Error> on_hold();

// kFailed when the document, or its patient, is on hold, or when its period is not over: `on` has
// the day.
[[nodiscard]] Status check_not_kept(const Policy& policy, const Document& document,
                                    std::string_view born, std::int64_t now_ms);

}  // namespace coffre
