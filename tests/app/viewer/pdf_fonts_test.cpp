#include "app/viewer/pdf_fonts.h"

#include <gtest/gtest.h>

namespace coffre::viewer {
namespace {

TEST(PdfFonts, NamesLoseTheirStyleTheirTagAndTheirFoundry) {
  for (const char* name : {"Arial", "ArialMT", "Arial,Bold", "Arial-BoldItalicMT", "ABCDEF+Arial",
                           "ABCDEF+Arial-ItalicMT", "ARIAL"}) {
    EXPECT_EQ(plain_font_name(name), "arial") << name;
  }
  EXPECT_EQ(plain_font_name("TimesNewRomanPS-BoldMT"), "timesnewroman");
  EXPECT_EQ(plain_font_name("TimesNewRomanPSMT"), "timesnewroman");
  EXPECT_EQ(plain_font_name("Nimbus Mono PS"), "nimbusmono");
  EXPECT_EQ(plain_font_name("Standard Symbols PS"), "standardsymbols");
  EXPECT_EQ(plain_font_name("D050000L"), "d050000l");
  EXPECT_EQ(plain_font_name(""), "");
  EXPECT_EQ(plain_font_name("ABCDE+Arial"), "abcdearial") << "no tag: six letters make one";
}

TEST(PdfFonts, OnlyAFamilyOfTheSameWidthsStandsForAStandardFont) {
  EXPECT_TRUE(may_stand_for("nimbussans", "helvetica"));
  EXPECT_TRUE(may_stand_for("liberationsans", "arial"));
  EXPECT_TRUE(may_stand_for("nimbusroman", "timesroman"));
  EXPECT_TRUE(may_stand_for("nimbusmono", "couriernew"));
  EXPECT_TRUE(may_stand_for("standardsymbols", "symbol"));
  EXPECT_TRUE(may_stand_for("d050000l", "zapfdingbats"));
  EXPECT_FALSE(may_stand_for("dejavusans", "helvetica"));
  EXPECT_FALSE(may_stand_for("nimbusroman", "helvetica"));
  EXPECT_FALSE(may_stand_for("dejavusans", "symbol"));
}

TEST(PdfFonts, AnyOtherFontStandsForItselfOnly) {
  EXPECT_TRUE(may_stand_for("dejavusans", "dejavusans"));
  EXPECT_FALSE(may_stand_for("dejavusans", "verdana"));
  EXPECT_FALSE(may_stand_for("", "verdana"));
  EXPECT_FALSE(may_stand_for("", ""));
}

}  // namespace
}  // namespace coffre::viewer
