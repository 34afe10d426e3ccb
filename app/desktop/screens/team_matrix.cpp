// Who can do what: roles by compartments, as icons.
#include <algorithm>
#include <bit>

#include "app/common/i18n.h"
#include "app/desktop/screens/dossiers_names.h"
#include "app/desktop/screens/screen_layout.h"
#include "app/desktop/screens/shown_names.h"
#include "app/desktop/screens/team_screen.h"
#include "app/desktop/ui_core/icons.h"
#include "app/desktop/ui_core/paint.h"
#include "core/base/text.h"

namespace coffre::ui {
namespace {

constexpr float kIconStep = 22;
constexpr float kRoleColumnMax = 230;
constexpr float kEditColumn = 44;
constexpr float kCellPad = 8;
constexpr std::size_t kShown = 5;

struct ShownRight {
  std::uint8_t bit;
  const char* icon;
  const char* words;
};
constexpr std::array<ShownRight, kShown> kRights = {
    {{right::kRead, icon::kEye, N_("reads")},
     {right::kDeposit, icon::kDeposit, N_("files")},
     {right::kEdit, icon::kEdit, N_("changes")},
     {right::kExport, icon::kExport, N_("exports")},
     {right::kDestroy, icon::kDestroy, N_("destroys")}}};

ImVec4 ink_of(const Ui& ui, std::uint8_t bit) {
  switch (bit) {
    case right::kRead:
      return ui.theme.accent;
    case right::kExport:
      return ui.theme.warning.text;
    case right::kDestroy:
      return ui.theme.danger;
    default:
      return ui.theme.muted;
  }
}

// "reads, files": what the icons of a cell say, for tips and tests.
std::string words_of_rights(std::uint8_t rights) {
  std::vector<std::string> words;
  for (const ShownRight& entry : kRights) {
    if ((rights & entry.bit) != 0) {
      words.emplace_back(tr(entry.words));
    }
  }
  return joined(words);
}

void draw_cell(Ui& ui, const std::string& id, std::uint8_t rights, const Rect& cell) {
  const float middle = (cell.min.y + cell.max.y) / 2;
  float at = cell.min.x + ui.px(kCellPad) + ui.px(kIconStep) / 2;
  for (const ShownRight& entry : kRights) {
    if ((rights & entry.bit) != 0) {
      paint::glyph(ui.fonts.icons, {at, middle}, ink_of(ui, entry.bit), entry.icon);
      at += ui.px(kIconStep);
    }
  }
  const std::string words = words_of_rights(rights);
  if (rights == 0) {
    const float x = cell.min.x + ui.px(kCellPad);
    paint::line(ui, {x, middle}, {x + ui.px(size::kGap), middle}, ui.theme.muted);
  } else if (ImGui::IsWindowHovered() && ImGui::IsMouseHoveringRect(cell.min, cell.max)) {
    paint::tip(ui, cell, words);
  }
  paint::note(ui, id, words, cell);
}

void draw_legend(Ui& ui) {
  for (std::size_t index = 0; index < kRights.size(); ++index) {
    const char* words = tr(kRights[index].words);
    const float width = ui.px(kIconStep) + text_width(ui, words) + ui.px(size::kGap);
    if (index != 0) {
      flow(ui, width);
    }
    const ImVec2 at = ImGui::GetCursorScreenPos();
    const float height = ui.fonts.small->FontSize;
    paint::glyph(ui.fonts.icons, {at.x + ui.px(kIconStep) / 2, at.y + height / 2},
                 ink_of(ui, kRights[index].bit), kRights[index].icon);
    ImGui::Dummy({ui.px(kIconStep + 4), height});
    ImGui::SameLine(0, 0);
    text(ui, TextKind::kSmallMuted, words);
  }
}

std::vector<const Compartment*> places_of(const Policy& policy) {
  std::vector<const Compartment*> places;
  for (const auto& [id, compartment] : policy.compartments()) {
    places.push_back(&compartment);
  }
  std::ranges::sort(places, {}, [](const Compartment* place) {
    return std::pair(place->purpose == Purpose::kJournal, fold(compartment_label(place->name)));
  });
  return places;
}

// Roles that may do more come first.
std::vector<const Role*> roles_of(const Policy& policy) {
  std::vector<std::pair<int, const Role*>> weighed;
  for (const auto& [id, role] : policy.roles()) {
    int weight = 0;
    for (const auto& [place, rights] : role.rights) {
      weight += std::popcount(rights);
    }
    weighed.emplace_back(-weight, &role);
  }
  std::ranges::sort(weighed, {}, [](const auto& entry) {
    return std::pair(entry.first, fold(entry.second->name));
  });
  std::vector<const Role*> roles;
  roles.reserve(weighed.size());
  for (const auto& [weight, role] : weighed) {
    roles.push_back(role);
  }
  return roles;
}

float role_column(const Ui& ui, const std::vector<const Role*>& roles) {
  float width = 0;
  for (const Role* role : roles) {
    width = std::max(width, text_extent(ui, TextKind::kStrong, shown_role(role->name)).x);
  }
  return std::min(width + ui.px(2 * size::kGap), ui.px(kRoleColumnMax));
}

// Wide enough for its name, and for the icons of the role that may do most there.
float place_column(const Ui& ui, const Compartment& place, const std::vector<const Role*>& roles) {
  int icons = 1;
  for (const Role* role : roles) {
    const auto found = role->rights.find(place.id);
    icons = std::max(icons, found == role->rights.end() ? 0 : std::popcount(found->second));
  }
  const float name = text_extent(ui, TextKind::kSmallMuted, compartment_label(place.name)).x;
  return std::max(name, static_cast<float>(icons) * ui.px(kIconStep)) + ui.px(2 * kCellPad);
}

}  // namespace

void TeamScreen::draw_matrix(Ui& ui) {
  section(ui, tr(N_("Who can do what")));
  draw_legend(ui);
  gap(ui, size::kGap);
  const std::vector<const Compartment*> places = places_of(*policy_);
  const std::vector<const Role*> roles = roles_of(*policy_);
  const bool edits = may(vault_right::kRoles);
  const float role_width = role_column(ui, roles);
  const float left = room(ui) - role_width - ui.px(edits ? kEditColumn : 0);
  // As many compartments beside each other as there is room for; the others below.
  for (std::size_t first = 0; first < places.size();) {
    std::vector<float> widths;
    float used = 0;
    for (std::size_t at = first; at < places.size(); ++at) {
      const float width = place_column(ui, *places[at], roles);
      if (!widths.empty() && used + width > left) {
        break;
      }
      widths.push_back(width);
      used += width;
    }
    const float more = std::max(0.0F, left - used) / static_cast<float>(widths.size());
    std::ranges::for_each(widths, [&](float& width) { width += more; });
    const auto begin = places.begin() + static_cast<std::ptrdiff_t>(first);
    first += widths.size();
    const std::vector<const Compartment*> shown(
        begin, places.begin() + static_cast<std::ptrdiff_t>(first));
    const bool first_block = begin == places.begin();
    draw_matrix_head(ui, shown, role_width, widths);
    for (std::size_t index = 0; index < roles.size(); ++index) {
      draw_matrix_row(ui, *roles[index], index, shown, edits && first_block);
    }
    gap(ui, size::kGapWide);
  }
  if (const Command* make = services_.commands.find("team.new_role")) {
    command_button(ui, *make, ButtonKind::kPlain);
  }
}

void TeamScreen::draw_matrix_head(Ui& ui, const std::vector<const Compartment*>& places,
                                  float role_width, const std::vector<float>& widths) {
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const float bottom = at.y + ui.px(size::kButton);
  edges_.assign(1, at.x);
  edges_.push_back(at.x + role_width);
  for (const float width : widths) {
    edges_.push_back(edges_.back() + width);
  }
  text_in(ui, TextKind::kSmallMuted, tr(N_("Role")),
          {{at.x + ui.px(size::kGap), at.y}, {edges_[1], bottom}});
  for (std::size_t index = 0; index < places.size(); ++index) {
    text_in(ui, TextKind::kSmallMuted, compartment_label(places[index]->name),
            {{edges_[index + 1] + ui.px(kCellPad), at.y}, {edges_[index + 2], bottom}});
  }
  paint::line(ui, {at.x, bottom}, {at.x + room(ui), bottom}, ui.theme.line);
  place({at.x, bottom});
}

void TeamScreen::draw_matrix_row(Ui& ui, const Role& role, std::size_t index,
                                 const std::vector<const Compartment*>& places, bool edits) {
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const float height = ui.px(size::kRow);
  const float pad = ui.px(size::kGap);
  const float right = at.x + room(ui);
  text_in(ui, TextKind::kStrong, shown_role(role.name),
          {{at.x + pad, at.y}, {edges_[1], at.y + height}});
  for (std::size_t column = 0; column < places.size(); ++column) {
    const auto found = role.rights.find(places[column]->id);
    const std::uint8_t rights = found == role.rights.end() ? std::uint8_t{0} : found->second;
    draw_cell(ui, "team.can." + role.name + "." + places[column]->name, rights,
              {{edges_[column + 1], at.y}, {edges_[column + 2], at.y + height}});
  }
  if (edits) {
    place({edges_.back() + ui.px(size::kGapSmall) / 2, at.y + (height - ui.px(size::kButton)) / 2});
    const std::string id = "team.edit_role." + std::to_string(index);
    if (icon_button(ui, id.c_str(), icon::kEdit,
                    fill(tr(N_("Change what {} may do")), {shown_role(role.name)}),
                    work_.when_idle())) {
      sheets_.open_role(*policy_, &role);
    }
  }
  paint::line(ui, {at.x, at.y + height}, {right, at.y + height}, ui.theme.line);
  place({at.x, at.y + height});
  ImGui::Dummy({0, 0});
}

}  // namespace coffre::ui
