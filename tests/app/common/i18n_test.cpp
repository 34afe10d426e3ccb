#include "app/common/i18n.h"

#include <gtest/gtest.h>

namespace coffre {
namespace {

TEST(Language, FrenchOfAnyCountryOrEncodingIsFrench) {
  for (const char* name : {"fr", "fr_FR", "fr_FR.UTF-8", "fr_CA.ISO-8859-1", "fr_BE@euro"}) {
    EXPECT_EQ(language_of(nullptr, nullptr, nullptr, name), Language::kFrench) << name;
  }
}

TEST(Language, AnythingElseIsEnglish) {
  for (const char* name : {"", "C", "C.UTF-8", "POSIX", "de_DE.UTF-8", "french", "frr_DE", "x"}) {
    EXPECT_EQ(language_of(nullptr, nullptr, nullptr, name), Language::kEnglish) << name;
  }
  EXPECT_EQ(language_of(nullptr, nullptr, nullptr, nullptr), Language::kEnglish);
}

TEST(Language, LcAllComesBeforeLcMessagesBeforeLang) {
  EXPECT_EQ(language_of(nullptr, "en_GB.UTF-8", "fr_FR", "fr_FR"), Language::kEnglish);
  EXPECT_EQ(language_of(nullptr, "", "fr_FR", "en_GB"), Language::kFrench);
  EXPECT_EQ(language_of(nullptr, nullptr, "", "fr_FR"), Language::kFrench);
}

TEST(Language, TheLanguageListComesFirstAndItsFirstSpokenEntryDecides) {
  EXPECT_EQ(language_of("fr", nullptr, nullptr, "en_GB.UTF-8"), Language::kFrench);
  EXPECT_EQ(language_of("de:fr:en", nullptr, nullptr, "en_GB.UTF-8"), Language::kFrench);
  EXPECT_EQ(language_of("en:fr", nullptr, nullptr, "fr_FR.UTF-8"), Language::kEnglish);
  EXPECT_EQ(language_of("de", nullptr, nullptr, "fr_FR.UTF-8"), Language::kFrench);
  EXPECT_EQ(language_of("", nullptr, nullptr, "fr_FR.UTF-8"), Language::kFrench);
}

TEST(Language, TheLocaleCSwitchesTheLanguageListOff) {
  EXPECT_EQ(language_of("fr", "C", nullptr, nullptr), Language::kEnglish);
  EXPECT_EQ(language_of("fr", nullptr, nullptr, "POSIX"), Language::kEnglish);
  EXPECT_EQ(language_of("fr", "C.UTF-8", nullptr, nullptr), Language::kFrench);
}

TEST(Fill, PutsThePartsInOrder) {
  EXPECT_EQ(fill("{} reads {}.", {"Anne", "{}"}), "Anne reads {}.");
  EXPECT_EQ(fill("none", {"Anne"}), "none");
  EXPECT_EQ(fill("{} {}", {"one"}), "one {}");
}

}  // namespace
}  // namespace coffre
