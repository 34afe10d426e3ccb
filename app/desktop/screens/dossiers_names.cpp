#include "app/desktop/screens/dossiers_names.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <ctime>

#include "app/common/i18n.h"
#include "app/desktop/ui_core/format.h"
#include "app/desktop/ui_core/icons.h"
#include "core/base/text.h"
#include "core/base/time.h"

namespace coffre::ui {
namespace {

constexpr int kAgeMax = 130;

struct DefaultName {
  std::string_view name;  // as core/vault/defaults.h has it
  const char* label;
};
constexpr std::array<DefaultName, 4> kDefaultNames = {{
    {"administrative", N_("Administrative")},
    {"medical", N_("Medical")},
    {"management", N_("Management")},
    {"journal", N_("Journal")},
}};

struct Day {
  int year = 0;
  int month = 0;
  int day = 0;
};

// Of a day that checked_date() accepts.
std::optional<Day> day_of(std::string_view date) {
  if (!checked_date(date)) {
    return std::nullopt;
  }
  const auto number = [&](std::size_t at, std::size_t size) {
    int value = 0;
    std::from_chars(date.data() + at, date.data() + at + size, value);
    return value;
  };
  return Day{number(0, 4), number(5, 2), number(8, 2)};
}

std::string padded(int value, std::size_t digits) {
  std::string text = std::to_string(value);
  return text.size() < digits ? std::string(digits - text.size(), '0') + text : text;
}

std::string name_of_user(const Policy& policy, const std::optional<Id>& id) {
  const User* user = id ? policy.user(*id) : nullptr;
  return user == nullptr ? std::string() : printable(user->name);
}

std::tm local_time(std::int64_t wall_ms) {
  const auto seconds = static_cast<std::time_t>(wall_ms / 1000);
  std::tm local{};
  localtime_r(&seconds, &local);
  return local;
}

}  // namespace

std::string compartment_label(std::string_view name) {
  for (const DefaultName& known : kDefaultNames) {
    if (known.name == name) {
      return tr(known.label);
    }
  }
  return std::string(name);
}

std::string compartment_label(const Policy& policy, const Id& id) {
  const Compartment* compartment = policy.compartment(id);
  return compartment == nullptr ? std::string() : compartment_label(compartment->name);
}

TagKind compartment_tag(const Policy& policy, const Id& id) {
  const Compartment* compartment = policy.compartment(id);
  if (compartment == nullptr) {
    return TagKind::kNeutral;
  }
  if (compartment->purpose == Purpose::kAdministrative) {
    return TagKind::kAdministrative;
  }
  return compartment->name == "management" ? TagKind::kNeutral : TagKind::kMedical;
}

std::string patient_name(const Patient& patient) { return patient.last + ", " + patient.first; }

const char* document_icon(const Document& document) {
  const std::string type = fold(document.type);
  if (type.find("factur") != std::string::npos || type.find("invoice") != std::string::npos) {
    return icon::kReceipt;
  }
  return document.mime.starts_with("image/") ? icon::kImage : icon::kDescription;
}

std::string author_name(const Policy& policy, const Document& document) {
  return name_of_user(policy, document.author);
}

std::string author_name(const Policy& policy, const EarlierVersion& version) {
  return name_of_user(policy, version.author);
}

std::string version_line(const Policy& policy, const EarlierVersion& version, std::int64_t now_ms) {
  std::string line = moment_text(version.stored_ms, now_ms);
  if (const std::string author = author_name(policy, version); !author.empty()) {
    line += " · " + author;
  }
  return line + " · " + size_text(version.size);
}

std::vector<std::string> common_types() {
  return {tr(N_("Letter")),       tr(N_("Report")),  tr(N_("Result")),  tr(N_("Imaging")),
          tr(N_("Prescription")), tr(N_("Invoice")), tr(N_("Consent")), tr(N_("Insurance"))};
}

Result<std::string> parse_day(std::string_view typed) {
  if (std::optional<std::string> day = typed_date(typed)) {
    return *std::move(day);
  }
  // Digits enough for a day, but none that exists.
  if (std::ranges::count_if(typed, [](char c) { return c >= '0' && c <= '9'; }) == 8) {
    return fail(Code::kInvalidArgument, N_("there is no such day"));
  }
  return fail(Code::kInvalidArgument, N_("write the day like 17/09/1991"));
}

Result<std::string> parse_birth_day(std::string_view typed, std::string_view today) {
  COFFRE_TRY_ASSIGN(std::string born, parse_day(typed));
  if (born > today) {
    return fail(Code::kInvalidArgument, N_("this day is still to come"));
  }
  if (age_at(born, today) > kAgeMax) {
    return fail(Code::kInvalidArgument, N_("this is more than 130 years ago: check the year"));
  }
  return born;
}

std::string typed_day(std::string_view day) {
  if (!checked_date(day)) {
    return std::string(day);
  }
  return std::string(day.substr(8, 2)) + "/" + std::string(day.substr(5, 2)) + "/" +
         std::string(day.substr(0, 4));
}

std::string today_of(std::int64_t wall_ms) {
  const std::tm local = local_time(wall_ms);
  return padded(local.tm_year + 1900, 4) + "-" + padded(local.tm_mon + 1, 2) + "-" +
         padded(local.tm_mday, 2);
}

std::int64_t day_begin_ms(std::int64_t wall_ms) {
  std::tm local = local_time(wall_ms);
  local.tm_hour = 0;
  local.tm_min = 0;
  local.tm_sec = 0;
  local.tm_isdst = -1;  // a day on which the clocks change begins in the other time
  return static_cast<std::int64_t>(std::mktime(&local)) * 1000;
}

int age_at(std::string_view born, std::string_view today) {
  const std::optional<Day> first = day_of(born);
  const std::optional<Day> last = day_of(today);
  if (!first || !last) {
    return -1;
  }
  const bool had_birthday =
      last->month > first->month || (last->month == first->month && last->day >= first->day);
  return last->year - first->year - (had_birthday ? 0 : 1);
}

std::string birth_line(std::string_view born, std::string_view today) {
  const int age = age_at(born, today);
  if (age < 0) {
    return fill(tr(N_("born {}")), {date_text(born)});
  }
  return fill(age < 2 ? tr(N_("born {} · {} year")) : tr(N_("born {} · {} years")),
              {date_text(born), std::to_string(age)});
}

}  // namespace coffre::ui
