#include "app/desktop/ui_core/format.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <ctime>
#include <vector>

#include <fmt/format.h>

#include "app/common/i18n.h"
#include "core/base/time.h"

namespace coffre::ui {
namespace {

constexpr const char* kNarrow = "\u202F";  // no-break space of French numbers

bool is_french() { return current_language() == Language::kFrench; }

std::tm local(std::int64_t wall_ms) {
  const auto seconds = static_cast<std::time_t>(wall_ms / 1000 - (wall_ms % 1000 < 0 ? 1 : 0));
  std::tm parts{};
  localtime_r(&seconds, &parts);
  return parts;
}

std::string date_of(int year, int month, int day) {
  // English only: the French way is in digits.
  constexpr std::array<const char*, 12> kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                   "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  if (is_french()) {
    return fmt::format("{:02}/{:02}/{:04}", day, month, year);
  }
  return fmt::format("{} {} {}", day, kMonths[static_cast<std::size_t>(month - 1)], year);
}

int number(std::string_view digits) {
  int value = 0;
  for (const char digit : digits) {
    value = value * 10 + (digit - '0');
  }
  return value;
}

bool same_day(const std::tm& a, const std::tm& b) {
  return a.tm_year == b.tm_year && a.tm_yday == b.tm_yday;
}

}  // namespace

std::string date_text(std::string_view iso) {
  if (!checked_date(iso)) {
    return std::string(iso);
  }
  return date_of(number(iso.substr(0, 4)), number(iso.substr(5, 2)), number(iso.substr(8, 2)));
}

std::string date_text(std::int64_t wall_ms) {
  const std::tm parts = local(wall_ms);
  return date_of(parts.tm_year + 1900, parts.tm_mon + 1, parts.tm_mday);
}

std::string time_text(std::int64_t wall_ms) {
  const std::tm parts = local(wall_ms);
  return fmt::format("{:02}:{:02}", parts.tm_hour, parts.tm_min);
}

std::string moment_text(std::int64_t wall_ms, std::int64_t now_ms) {
  const std::tm then = local(wall_ms);
  std::tm day = local(now_ms);
  if (same_day(then, day)) {
    return time_text(wall_ms);
  }
  // Noon of the day before: a day is not always of 24 hours.
  day.tm_mday -= 1;
  day.tm_hour = 12;
  day.tm_isdst = -1;
  const std::time_t yesterday = std::mktime(&day);
  if (same_day(then, local(static_cast<std::int64_t>(yesterday) * 1000))) {
    return fill(tr(N_("yesterday {}")), {time_text(wall_ms)});
  }
  return date_text(wall_ms) + " " + time_text(wall_ms);
}

std::string full_moment_text(std::int64_t wall_ms) {
  return date_text(wall_ms) + fmt::format(" {}:{:02}", time_text(wall_ms), local(wall_ms).tm_sec);
}

std::string remaining_text(std::int64_t ms) {
  const std::int64_t seconds = std::max<std::int64_t>(0, ms) / 1000;
  if (seconds >= 3600) {
    return fmt::format("{}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60);
  }
  return fmt::format("{}:{:02}", seconds / 60, seconds % 60);
}

std::string duration_text(std::int64_t ms) {
  const std::int64_t minutes = std::max<std::int64_t>(0, ms) / 60'000;
  if (minutes < 1) {
    return fmt::format("{}\u00A0s", std::max<std::int64_t>(0, ms) / 1000);
  }
  if (minutes < 60) {
    return fmt::format("{}\u00A0min", minutes);
  }
  return minutes % 60 == 0 ? fmt::format("{}\u00A0h", minutes / 60)
                           : fmt::format("{}\u00A0h\u00A0{:02}", minutes / 60, minutes % 60);
}

std::string size_text(std::uint64_t bytes) {
  constexpr std::array<const char*, 5> kFrench = {"octets", "Ko", "Mo", "Go", "To"};
  constexpr std::array<const char*, 5> kEnglish = {"bytes", "kB", "MB", "GB", "TB"};
  double value = static_cast<double>(bytes);
  std::size_t unit = 0;
  // What would be shown as 1000 of a unit is one of the next.
  while (unit + 1 < kFrench.size() && value >= 999.5) {
    value /= 1000;
    ++unit;
  }
  const bool with_tenth = unit > 0 && value < 9.95;
  const auto tenths = static_cast<std::uint64_t>(std::llround(value * 10));
  const std::string digits =
      with_tenth ? fmt::format("{}{}{}", tenths / 10, is_french() ? "," : ".", tenths % 10)
                 : count_text(static_cast<std::uint64_t>(std::llround(value)));
  return digits + "\u00A0" + (is_french() ? kFrench : kEnglish)[unit];
}

std::string count_text(std::uint64_t count) {
  const std::string digits = std::to_string(count);
  std::string text;
  for (std::size_t at = 0; at < digits.size(); ++at) {
    if (at > 0 && (digits.size() - at) % 3 == 0) {
      text += is_french() ? kNarrow : ",";
    }
    text += digits[at];
  }
  return text;
}

std::optional<std::string> typed_date(std::string_view typed) {
  std::vector<std::string> parts(1);
  for (const char c : typed) {
    if (c >= '0' && c <= '9') {
      parts.back() += c;
    } else if (c == '/' || c == '.' || c == '-' || c == ' ') {
      if (!parts.back().empty()) {
        parts.emplace_back();
      }
    } else {
      return std::nullopt;
    }
  }
  if (parts.back().empty()) {
    parts.pop_back();
  }
  if (parts.size() == 1 && parts[0].size() == 8) {
    parts = {parts[0].substr(0, 2), parts[0].substr(2, 2), parts[0].substr(4)};
  }
  if (parts.size() != 3 || parts[1].size() > 2) {
    return std::nullopt;
  }
  if (parts[0].size() == 4) {
    std::swap(parts[0], parts[2]);
  }
  if (parts[0].size() > 2 || parts[2].size() != 4) {
    return std::nullopt;
  }
  const auto checked = checked_date(fmt::format("{}-{:0>2}-{:0>2}", parts[2], parts[1], parts[0]));
  return checked ? std::optional<std::string>(*checked) : std::nullopt;
}

}  // namespace coffre::ui
