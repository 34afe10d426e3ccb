// Who can do what: roles by compartments, as icons.
#include <algorithm>

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

constexpr float kIconStep = 26;
constexpr float kCellMin = 132;
constexpr float kRoleColumn = 170;
constexpr float kEditColumn = 48;
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
  float at = cell.min.x + ui.px(size::kGap) + ui.px(kIconStep) / 2;
  for (const ShownRight& entry : kRights) {
    if ((rights & entry.bit) != 0) {
      paint::glyph(ui.fonts.icons, {at, middle}, ink_of(ui, entry.bit), entry.icon);
      at += ui.px(kIconStep);
    }
  }
  const std::string words = words_of_rights(rights);
  if (rights == 0) {
    const float x = cell.min.x + ui.px(size::kGap);
    paint::line(ui, {x, middle}, {x + ui.px(size::kGap), middle}, ui.theme.muted);
  } else {
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
    ImGui::Dummy({ui.px(kIconStep), height});
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
  for (const auto& [weight, role] : weighed) {
    roles.push_back(role);
  }
  return roles;
}

}  // namespace

void TeamScreen::draw_matrix(Ui& ui) {
  section(ui, tr(N_("Who can do what")));
  draw_legend(ui);
  gap(ui, size::kGap);
  const std::vector<const Compartment*> places = places_of(*policy_);
  // As many compartments beside each other as there is room for; the others below.
  const bool edits = may(vault_right::kRoles);
  const float fixed = ui.px(kRoleColumn + (edits ? kEditColumn : 0));
  const float left = room(ui) - fixed;
  const auto beside = static_cast<std::size_t>(std::max(1.0F, left / ui.px(kCellMin)));
  const std::vector<const Role*> roles = roles_of(*policy_);
  for (std::size_t first = 0; first < places.size(); first += beside) {
    const std::size_t last = std::min(places.size(), first + beside);
    const std::vector<const Compartment*> shown(places.begin() + static_cast<std::ptrdiff_t>(first),
                                                places.begin() + static_cast<std::ptrdiff_t>(last));
    draw_matrix_head(ui, shown, left / static_cast<float>(shown.size()));
    for (std::size_t index = 0; index < roles.size(); ++index) {
      draw_matrix_row(ui, *roles[index], index, shown, edits && first == 0);
    }
    gap(ui, size::kGapWide);
  }
  if (const Command* make = services_.commands.find("team.new_role")) {
    command_button(ui, *make, ButtonKind::kPlain);
  }
}

void TeamScreen::draw_matrix_head(Ui& ui, const std::vector<const Compartment*>& places,
                                  float cell_width) {
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const float height = ui.px(size::kButton);
  const float middle = at.y + (height - ui.fonts.small_strong->FontSize) / 2;
  edges_.assign(1, at.x);
  edges_.push_back(at.x + ui.px(kRoleColumn));
  for (std::size_t index = 0; index < places.size(); ++index) {
    edges_.push_back(edges_.back() + cell_width);
  }
  const float pad = ui.px(size::kGap);
  place({at.x + pad, middle});
  fitted(ui, TextKind::kSmallMuted, tr(N_("Role")), ui.px(kRoleColumn) - pad);
  for (std::size_t index = 0; index < places.size(); ++index) {
    place({edges_[index + 1] + pad, middle});
    fitted(ui, TextKind::kSmallMuted, compartment_label(places[index]->name), cell_width - pad);
  }
  const float right = at.x + ImGui::GetContentRegionMax().x;
  paint::line(ui, {at.x, at.y + height}, {std::min(right, edges_.back()), at.y + height},
              ui.theme.line);
  place({at.x, at.y + height});
}

void TeamScreen::draw_matrix_row(Ui& ui, const Role& role, std::size_t index,
                                 const std::vector<const Compartment*>& places, bool edits) {
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const float height = ui.px(size::kRow);
  const float pad = ui.px(size::kGap);
  place({at.x + pad, at.y + (height - ui.fonts.text->FontSize) / 2});
  fitted(ui, TextKind::kStrong, shown_role(role.name), ui.px(kRoleColumn) - pad);
  for (std::size_t place = 0; place < places.size(); ++place) {
    const auto found = role.rights.find(places[place]->id);
    const std::uint8_t rights = found == role.rights.end() ? std::uint8_t{0} : found->second;
    draw_cell(ui, "team.can." + role.name + "." + places[place]->name, rights,
              {{edges_[place + 1], at.y}, {edges_[place + 2], at.y + height}});
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
  paint::line(ui, {at.x, at.y + height}, {edges_.back(), at.y + height}, ui.theme.line);
  place({at.x, at.y + height});
  ImGui::Dummy({0, 0});
}

}  // namespace coffre::ui
