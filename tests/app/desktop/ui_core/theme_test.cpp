// Contrast as WCAG 2 measures it (https://www.w3.org/TR/WCAG21/#dfn-contrast-ratio): every pair of
// text and ground that the widgets and the frame use.
#include "app/desktop/ui_core/theme.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace coffre::ui {
namespace {

double linear(float part) {
  const auto value = static_cast<double>(part);
  return value <= 0.04045 ? value / 12.92 : std::pow((value + 0.055) / 1.055, 2.4);
}

double luminance(const ImVec4& colour) {
  return 0.2126 * linear(colour.x) + 0.7152 * linear(colour.y) + 0.0722 * linear(colour.z);
}

double contrast(const ImVec4& a, const ImVec4& b) {
  const auto [dark, light] = std::minmax({luminance(a), luminance(b)});
  return (light + 0.05) / (dark + 0.05);
}

struct Pair {
  const char* what;
  ImVec4 text;
  ImVec4 ground;
};

std::vector<Pair> text_pairs(const Theme& theme) {
  std::vector<Pair> pairs = {
      {"primary button", theme.on_accent, theme.accent},
      {"primary button, hovered", theme.on_accent, theme.accent_hover},
      {"greyed", theme.muted, theme.disabled},
      {"danger", theme.danger, theme.panel},
      {"danger, hovered", theme.bad.text, theme.bad.back},
      {"link", theme.accent, theme.panel},
      {"link, hovered", theme.accent_hover, theme.panel},
      {"link in a side panel", theme.accent, theme.side},
      {"error below a field", theme.danger, theme.side},
      {"error on the ground", theme.danger, theme.ground},
      {"accent icon, selected", theme.accent, theme.selected},
      {"label above a field", theme.neutral.text, theme.panel},
      {"label in a side panel", theme.neutral.text, theme.side},
      {"label on the ground", theme.neutral.text, theme.ground},
      {"tip", theme.panel, theme.text},
      {"rail", theme.rail_text, theme.rail},
      {"rail, active", theme.rail_strong, theme.rail_active},
      {"rail, hovered", theme.rail_text, theme.rail_active},
      {"rail, name of the program", theme.rail_strong, theme.rail},
      {"badge", theme.on_badge, theme.badge},
  };
  for (const ImVec4& ground : {theme.ground, theme.panel, theme.side, theme.field, theme.selected,
                               theme.hover, theme.page_ground}) {
    pairs.push_back({"text", theme.text, ground});
    pairs.push_back({"muted", theme.muted, ground});
  }
  for (const TagColours& tag :
       {theme.medical, theme.administrative, theme.good, theme.warning, theme.bad, theme.neutral}) {
    pairs.push_back({"tag", tag.text, tag.back});
    pairs.push_back({"words of a notice", theme.text, tag.back});
  }
  return pairs;
}

class ContrastTest : public testing::TestWithParam<std::pair<ThemeKind, double>> {};

TEST_P(ContrastTest, EveryTextCanBeReadOnItsGround) {
  const auto [kind, at_least] = GetParam();
  for (const Pair& pair : text_pairs(theme_of(kind))) {
    EXPECT_GE(contrast(pair.text, pair.ground), at_least) << pair.what;
  }
}

TEST_P(ContrastTest, TheRingOfTheKeyboardIsSeen) {
  const Theme& theme = theme_of(GetParam().first);
  for (const ImVec4& ground : {theme.ground, theme.panel, theme.side, theme.selected}) {
    EXPECT_GE(contrast(theme.focus, ground), 3.0);
  }
}

INSTANTIATE_TEST_SUITE_P(Themes, ContrastTest,
                         testing::Values(std::pair{ThemeKind::kLight, 4.5},
                                         std::pair{ThemeKind::kDark, 4.5},
                                         std::pair{ThemeKind::kContrast, 7.0}));

TEST(Contrast, IsMeasuredAsTheStandardSays) {
  EXPECT_NEAR(contrast({0, 0, 0, 1}, {1, 1, 1, 1}), 21, 0.01);
  const float grey = 0x76 / 255.0F;  // the darkest example of WebAIM that passes on white
  EXPECT_NEAR(contrast({grey, grey, grey, 1}, {1, 1, 1, 1}), 4.54, 0.01);
}

}  // namespace
}  // namespace coffre::ui
