// Times as text, without any locale.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/base/error.h"

namespace coffre {

// RFC 3339 in UTC with milliseconds, "2026-11-24T03:02:41.123Z". RFC 3339 has the years 0000 to
// 9999 only: a time outside is shown as the nearest inside.
[[nodiscard]] std::string format_time(std::int64_t wall_ms);
// Accepts a date ("2026-11-24", midnight UTC) or an RFC 3339 time (digits below a millisecond are
// cut off, a leap second is the second after it); kInvalidArgument.
[[nodiscard]] Result<std::int64_t> parse_time(std::string_view text);
// A calendar date YYYY-MM-DD that exists, years 1800 to 9999; returns it. kInvalidArgument.
[[nodiscard]] Result<std::string> checked_date(std::string_view text);

}  // namespace coffre
