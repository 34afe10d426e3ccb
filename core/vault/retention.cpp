#include "core/vault/retention.h"

#include <algorithm>
#include <chrono>

#include "core/base/time.h"

namespace coffre {
namespace {

using std::chrono::days;
using std::chrono::milliseconds;
using std::chrono::sys_days;
using std::chrono::sys_time;
using std::chrono::year_month_day;

year_month_day day_at(std::int64_t wall_ms) {
  return std::chrono::floor<days>(sys_time<milliseconds>{milliseconds{wall_ms}});
}

std::optional<year_month_day> day_of(std::string_view date) {
  if (!checked_date(date)) {
    return std::nullopt;
  }
  return day_at(*parse_time(date));
}

std::string text_of_day(const year_month_day& day) {
  const milliseconds since{sys_days{day}.time_since_epoch()};
  return format_time(since.count()).substr(0, 10);
}

// The same day so many years later; never a day too early.
year_month_day years_after(const year_month_day& day, std::uint32_t years) {
  const year_month_day later = day + std::chrono::years{static_cast<int>(years)};
  return later.ok() ? later : later.year() / std::chrono::March / 1;
}

}  // namespace

std::optional<std::string> kept_until(const Document& document, std::uint32_t years,
                                      std::string_view born, std::int64_t now_ms) {
  if (years == 0) {
    return std::nullopt;
  }
  const year_month_day today = day_at(now_ms);
  std::optional<year_month_day> from = day_of(document.date);
  if (!from || *from > today) {
    from = day_at(document.filed_ms);
  }
  year_month_day until = years_after(*from, years);
  const std::optional<year_month_day> birth = day_of(born);
  if (birth && *from < years_after(*birth, kAdultYears)) {
    until = std::max(until, years_after(*birth, kMinorKeptYears));
  }
  return until <= today ? std::nullopt : std::optional(text_of_day(until));
}

std::unexpected<Error> on_hold() {
  return fail(Code::kFailed, N_("this document is on hold: nobody may destroy it"), {},
              N_("who may change the settings can lift the hold"));
}

Status check_not_kept(const Policy& policy, const Document& document, std::string_view born,
                      std::int64_t now_ms) {
  if (policy.is_held(document.id) || (document.patient && policy.is_held(*document.patient))) {
    return on_hold();
  }
  const Compartment* place = policy.compartment(document.compartment);
  COFFRE_ASSERT(place != nullptr);
  if (auto day = kept_until(document, place->retention_years, born, now_ms)) {
    return fail(Code::kFailed, N_("the practice's rules keep this document until"), *std::move(day),
                N_("destroy it on that day, or after it"));
  }
  return {};
}

}  // namespace coffre
