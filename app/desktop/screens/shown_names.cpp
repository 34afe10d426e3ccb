#include "app/desktop/screens/shown_names.h"

#include <array>

#include "app/common/i18n.h"
#include "core/base/text.h"

namespace coffre::ui {
namespace {

struct ShownName {
  std::string_view stored;
  const char* shown;
};

constexpr std::array<ShownName, 6> kRoles = {{
    {"owner", N_("Owner")},
    {"practitioner", N_("Practitioner")},
    {"secretary", N_("Secretary")},
    {"billing", N_("Billing")},
    {"privacy-officer", N_("Privacy officer")},
    {"administrator", N_("Administrator")},
}};

}  // namespace

std::string shown_role(std::string_view name) {
  for (const ShownName& role : kRoles) {
    if (role.stored == name) {
      return tr(role.shown);
    }
  }
  return printable(name);
}

std::string joined(std::span<const std::string> parts) {
  std::string text;
  for (const std::string& part : parts) {
    text += (text.empty() ? "" : ", ") + part;
  }
  return text;
}

std::string grouped_hex(ByteView bytes) {
  constexpr std::size_t kGroup = 4;
  const std::string digits = to_hex(bytes);
  std::string text;
  for (std::size_t at = 0; at < digits.size(); at += kGroup) {
    text += (text.empty() ? "" : " ") + digits.substr(at, kGroup);
  }
  return text;
}

}  // namespace coffre::ui
