// Fonts: nothing that we write shows as a box.
#include "app/desktop/ui_core/fonts.h"

#include <algorithm>
#include <fstream>
#include <set>
#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include "app/desktop/ui_core/icons.h"

namespace coffre::ui {
namespace {

Fonts loaded(ImFontAtlas& atlas, float scale) {
  const Result<Fonts> fonts = load_fonts(atlas, scale);
  EXPECT_TRUE(fonts.has_value()) << fonts.error().what << ": " << fonts.error().on;
  return fonts.value_or(Fonts{});
}

// The code points of UTF-8 text that is known to be valid.
std::set<unsigned> characters_of(std::string_view text) {
  std::set<unsigned> found;
  for (std::size_t at = 0; at < text.size();) {
    const auto first = static_cast<unsigned char>(text[at]);
    const std::size_t size = first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
    unsigned point = size == 1 ? first : first & (0x7FU >> size);
    for (std::size_t part = 1; part < size; ++part) {
      point = point << 6 | (static_cast<unsigned char>(text[at + part]) & 0x3FU);
    }
    found.insert(point);
    at += size;
  }
  return found;
}

// What msgid and msgstr say in the catalogue, one after the other.
std::string messages() {
  std::ifstream file(std::string(COFFRE_TEST_DATA) + "/../assets/po/fr.po");
  EXPECT_TRUE(file.good());
  std::string all;
  for (std::string line; std::getline(file, line);) {
    const std::size_t open = line.find('"');
    const std::size_t close = line.rfind('"');
    if (!line.starts_with('#') && open != std::string::npos && close > open) {
      all += line.substr(open + 1, close - open - 1);
    }
  }
  EXPECT_GT(all.size(), 10'000U);
  return all;
}

TEST(Fonts, EveryCharacterOfOurTextsHasAGlyph) {
  ImFontAtlas atlas;
  const Fonts fonts = loaded(atlas, 1);
  for (const unsigned point : characters_of(messages())) {
    for (const ImFont* font : {fonts.text, fonts.strong, fonts.button, fonts.small,
                               fonts.small_strong, fonts.label, fonts.title}) {
      EXPECT_NE(font->FindGlyphNoFallback(static_cast<ImWchar>(point)), nullptr)
          << "U+" << std::hex << point;
    }
  }
}

TEST(Fonts, EveryIconHasAGlyphThatCanBeSeen) {
  ImFontAtlas atlas;
  const Fonts fonts = loaded(atlas, 1);
  for (const char* icon : icon::kAll) {
    const std::set<unsigned> points = characters_of(icon);
    ASSERT_EQ(points.size(), 1U);
    for (const ImFont* font : {fonts.icons, fonts.icons_small, fonts.icons_large, fonts.text,
                               fonts.strong, fonts.small, fonts.title}) {
      const ImFontGlyph* glyph = font->FindGlyphNoFallback(static_cast<ImWchar>(*points.begin()));
      ASSERT_NE(glyph, nullptr) << "U+" << std::hex << *points.begin();
      EXPECT_TRUE(glyph->Visible);
      EXPECT_GT(glyph->X1, glyph->X0);
    }
  }
}

TEST(Fonts, NamesOfPeopleHaveTheirLetters) {
  ImFontAtlas atlas;
  const Fonts fonts = loaded(atlas, 1);
  for (const unsigned point : characters_of("ÀÂÄÇÉÈÊËÎÏÔÖÙÛÜŸŒÆàâäçéèêëîïôöùûüÿœæñßøåÅŁłŠšČčĆćŽžĐđŘ"
                                            "řĞğİıŞşŐőȘșȚțƠơƯưẠạẾếỮữ€«»’“”–—…•·"
                                            "\u00A0\u202F\u2011")) {
    for (const ImFont* font : {fonts.text, fonts.strong, fonts.button, fonts.small,
                               fonts.small_strong, fonts.label, fonts.title}) {
      EXPECT_NE(font->FindGlyphNoFallback(static_cast<ImWchar>(point)), nullptr)
          << "U+" << std::hex << point;
    }
  }
}

TEST(Fonts, AreAsLargeAsTheScaleSays) {
  for (const float scale : {1.0F, 1.25F, 2.0F}) {
    ImFontAtlas atlas;
    const Fonts fonts = loaded(atlas, scale);
    // 16 px is the em; a capital letter of Inter is 0.727 of it high.
    const ImFontGlyph* glyph = fonts.text->FindGlyph('H');
    EXPECT_NEAR(glyph->Y1 - glyph->Y0, 16 * 0.727F * scale, 1.1F) << scale;
    EXPECT_NEAR(fonts.icons->FontSize, 20 * scale, 0.5F);
    EXPECT_LE(atlas.TexWidth, 4096);
    EXPECT_LE(atlas.TexHeight, 4096);
  }
}

TEST(Fonts, AnIconInATextHasTheMiddleOfItsCapitals) {
  ImFontAtlas atlas;
  const Fonts fonts = loaded(atlas, 2);
  const ImFontGlyph* letter = fonts.text->FindGlyph('H');
  const ImFontGlyph* icon =
      fonts.text->FindGlyph(static_cast<ImWchar>(*characters_of(icon::kPlus).begin()));
  EXPECT_NEAR((letter->Y0 + letter->Y1) / 2, (icon->Y0 + icon->Y1) / 2, 2.0F);
}

TEST(Fonts, APasswordIsShownAsBullets) {
  ImFontAtlas atlas;
  const Fonts fonts = loaded(atlas, 1);
  const ImFontGlyph* star = fonts.secret->FindGlyph('*');
  const ImFontGlyph* bullet = fonts.secret->FindGlyph(0x2022);
  ASSERT_NE(star, nullptr);
  EXPECT_EQ(star, bullet);
  EXPECT_NE(fonts.text->FindGlyph('*'), fonts.text->FindGlyph(0x2022));
}

TEST(Fonts, CanBeLoadedAgainForAnotherScale) {
  ImFontAtlas atlas;
  loaded(atlas, 1);
  const Fonts fonts = loaded(atlas, 1.5F);
  EXPECT_EQ(atlas.Fonts.Size, 11);
  EXPECT_GT(fonts.text->FontSize, 25);
}

}  // namespace
}  // namespace coffre::ui
