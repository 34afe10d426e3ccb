// Dates, times, sizes and counts as people write them, in the language that is chosen, without any
// locale of the system.
//
// Guarantees: never fails; what is no date comes back as it was. Times of day are of the time zone
// of this workstation. Threads: any, while no other changes the language or the time zone.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace coffre::ui {

// "19/11/2026", "19 Nov 2026". `iso`: YYYY-MM-DD.
[[nodiscard]] std::string date_text(std::string_view iso);
[[nodiscard]] std::string date_text(std::int64_t wall_ms);
// "14:02".
[[nodiscard]] std::string time_text(std::int64_t wall_ms);
// "14:02" of today, "hier 17:40", else the date and the time.
[[nodiscard]] std::string moment_text(std::int64_t wall_ms, std::int64_t now_ms);
// "19/11/2026 14:02:41".
[[nodiscard]] std::string full_moment_text(std::int64_t wall_ms);
// "3:36", "1:05:00"; what is negative is 0:00.
[[nodiscard]] std::string remaining_text(std::int64_t ms);
// "15 min", "1 h", "1 h 30".
[[nodiscard]] std::string duration_text(std::int64_t ms);
// "1,2 Mo", "1.2 MB": powers of 1000, one digit behind the comma below 10.
[[nodiscard]] std::string size_text(std::uint64_t bytes);
// "18 204", "18,204".
[[nodiscard]] std::string count_text(std::uint64_t count);

// A date as a person types it: 19/11/2026, 19.11.2026, 19-11-2026, 19112026, 2026-11-19, in either
// language the day before the month; as YYYY-MM-DD. nullopt: none that exists (core/base/time.h).
[[nodiscard]] std::optional<std::string> typed_date(std::string_view typed);

}  // namespace coffre::ui
