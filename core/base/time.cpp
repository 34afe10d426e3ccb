#include "core/base/time.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <optional>

namespace coffre {
namespace {

using std::chrono::days;
using std::chrono::milliseconds;
using std::chrono::sys_days;
using std::chrono::year_month_day;
using SysMs = std::chrono::sys_time<milliseconds>;

constexpr SysMs kFirst{sys_days{std::chrono::year{0} / 1 / 1}};
constexpr SysMs kLast{SysMs{sys_days{std::chrono::year{10000} / 1 / 1}} - milliseconds{1}};

std::unexpected<Error> not_a_time() {
  return fail(Code::kInvalidArgument, N_("this is not a date or a time"), {},
              N_("write it as 2026-11-24 or 2026-11-24T03:02:41Z"));
}

// Takes exactly `count` decimal digits off the front.
std::optional<int> take_digits(std::string_view& text, std::size_t count) {
  if (text.size() < count) return std::nullopt;
  int value = 0;
  for (const char digit : text.substr(0, count)) {
    if (digit < '0' || digit > '9') return std::nullopt;
    value = value * 10 + (digit - '0');
  }
  text.remove_prefix(count);
  return value;
}

bool take_char(std::string_view& text, char wanted) {
  if (!text.starts_with(wanted)) return false;
  text.remove_prefix(1);
  return true;
}

std::optional<year_month_day> take_date(std::string_view& text) {
  const auto year = take_digits(text, 4);
  if (!year || !take_char(text, '-')) return std::nullopt;
  const auto month = take_digits(text, 2);
  if (!month || !take_char(text, '-')) return std::nullopt;
  const auto day = take_digits(text, 2);
  if (!day) return std::nullopt;
  const year_month_day date{std::chrono::year{*year},
                            std::chrono::month{static_cast<unsigned>(*month)},
                            std::chrono::day{static_cast<unsigned>(*day)}};
  if (!date.ok()) return std::nullopt;
  return date;
}

// "hh:mm"
std::optional<int> take_minutes(std::string_view& text) {
  const auto hours = take_digits(text, 2);
  if (!hours || *hours > 23 || !take_char(text, ':')) return std::nullopt;
  const auto minutes = take_digits(text, 2);
  if (!minutes || *minutes > 59) return std::nullopt;
  return *hours * 60 + *minutes;
}

// ".123456", cut to milliseconds; 0 when there is none.
std::optional<int> take_fraction(std::string_view& text) {
  if (!take_char(text, '.')) return 0;
  int ms = 0;
  std::size_t digits = 0;
  while (true) {
    const auto digit = take_digits(text, 1);
    if (!digit) break;
    if (digits < 3) ms = ms * 10 + *digit;
    ++digits;
  }
  if (digits == 0) return std::nullopt;
  for (; digits < 3; ++digits) ms *= 10;
  return ms;
}

// "Z" or "+hh:mm": minutes east of UTC.
std::optional<int> take_offset(std::string_view& text) {
  if (take_char(text, 'Z') || take_char(text, 'z')) return 0;
  const bool east = text.starts_with('+');
  if (!east && !text.starts_with('-')) return std::nullopt;
  text.remove_prefix(1);
  const auto minutes = take_minutes(text);
  if (!minutes) return std::nullopt;
  return east ? *minutes : -*minutes;
}

}  // namespace

std::string format_time(std::int64_t wall_ms) {
  const SysMs time{
      std::clamp(milliseconds{wall_ms}, kFirst.time_since_epoch(), kLast.time_since_epoch())};
  const auto day = std::chrono::floor<days>(time);
  const year_month_day date{day};
  const std::chrono::hh_mm_ss clock{time - day};
  std::array<char, 64> text{};
  const int size = std::snprintf(
      text.data(), text.size(), "%04d-%02u-%02uT%02d:%02d:%02d.%03dZ",
      static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
      static_cast<unsigned>(date.day()), static_cast<int>(clock.hours().count()),
      static_cast<int>(clock.minutes().count()), static_cast<int>(clock.seconds().count()),
      static_cast<int>(clock.subseconds().count()));
  return {text.data(), static_cast<std::size_t>(size)};
}

Result<std::int64_t> parse_time(std::string_view text) {
  const auto date = take_date(text);
  if (!date) return not_a_time();
  const SysMs midnight{sys_days{*date}};
  if (text.empty()) return midnight.time_since_epoch().count();
  if (!take_char(text, 'T') && !take_char(text, 't')) return not_a_time();
  const auto minutes = take_minutes(text);
  if (!minutes || !take_char(text, ':')) return not_a_time();
  const auto seconds = take_digits(text, 2);
  if (!seconds || *seconds > 60) return not_a_time();
  const auto fraction = take_fraction(text);
  if (!fraction) return not_a_time();
  const auto offset = take_offset(text);
  if (!offset || !text.empty()) return not_a_time();
  const SysMs minute = midnight + std::chrono::minutes{*minutes - *offset};
  // A leap second is the last one of a UTC day.
  if (*seconds == 60 && minute - std::chrono::floor<days>(minute) != std::chrono::minutes{1439}) {
    return not_a_time();
  }
  const SysMs time = minute + std::chrono::seconds{*seconds} + milliseconds{*fraction};
  if (time < kFirst || time > kLast) return not_a_time();
  return time.time_since_epoch().count();
}

Result<std::string> checked_date(std::string_view text) {
  std::string_view rest = text;
  const auto date = take_date(rest);
  if (!date || !rest.empty() || date->year() < std::chrono::year{1800}) {
    return fail(Code::kInvalidArgument, N_("this is not a calendar date of the years 1800 to 9999"),
                {}, N_("write it as 1957-03-28"));
  }
  return std::string(text);
}

}  // namespace coffre
