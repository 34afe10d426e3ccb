// The table of documents: what it is sorted and filtered by, and how it is shown.
#include <gtest/gtest.h>

#include "tests/app/desktop/screens/dossiers_fixture.h"

namespace coffre::test {
namespace {

void file_as(VaultFixture& vault, const std::string& user, const std::string& title) {
  const auto open = vault.practice().unlock(user, "second");
  ASSERT_TRUE(open);
  ASSERT_TRUE(file_document(**open, "medical", vault.patient(), sample_bytes(100), title));
}

std::vector<std::string> titles_of(DossiersRig& rig) {
  std::vector<std::string> titles;
  const ui::DocumentsTable& table = rig.screen().table();
  for (const std::size_t place : table.shown()) {
    titles.push_back(table.all()[place].title);
  }
  return titles;
}

TEST(DocumentsTable, TheAuthorIsShownByNameAndSortedByWhereThereIsRoom) {
  VaultFixture vault;
  file_as(vault, "prac", "Avis");
  file_as(vault, "marie", "Bilan");
  DossiersRig rig(vault, {.size = {1920, 1080}});
  rig.choose_patient();
  EXPECT_TRUE(rig.shows("prac"));
  EXPECT_TRUE(rig.shows("marie"));
  EXPECT_FALSE(rig.driver().has("documents.sort")) << "the head has them all";
  rig.click("documents.head.author");
  EXPECT_EQ(titles_of(rig), (std::vector<std::string>{"Bilan", "Avis"}));
  rig.click("documents.head.author");
  EXPECT_EQ(titles_of(rig), (std::vector<std::string>{"Avis", "Bilan"}));
  rig.rig().expect_tidy();
}

TEST(DocumentsTable, AMenuSortsWhereTheHeadHasNoRoom) {
  VaultFixture vault;
  file_as(vault, "prac", "Avis");
  file_as(vault, "marie", "Bilan");
  DossiersRig rig(vault);
  rig.choose_patient();
  EXPECT_TRUE(rig.shows("prac"));
  EXPECT_FALSE(rig.driver().has("documents.head.author"));
  const auto sort_by_author = [&] {
    rig.click("documents.sort");
    rig.click("documents.sort.4");
  };
  sort_by_author();
  EXPECT_EQ(titles_of(rig), (std::vector<std::string>{"Bilan", "Avis"}));
  sort_by_author();
  EXPECT_EQ(titles_of(rig), (std::vector<std::string>{"Avis", "Bilan"}));
  rig.click("documents.head.title");
  EXPECT_EQ(titles_of(rig), (std::vector<std::string>{"Avis", "Bilan"}));
}

TEST(DocumentsTable, TheFilterFindsTheAuthor) {
  VaultFixture vault;
  file_as(vault, "prac", "Bilan");
  for (int number = 0; number < 11; ++number) {
    file_typed(vault, "medical", "Courrier", "Courrier", "2026-01-02");
  }
  DossiersRig rig(vault);
  rig.choose_patient();
  rig.click("documents.filter");
  rig.type("pra");
  EXPECT_EQ(titles_of(rig), std::vector<std::string>{"Bilan"});
  rig.driver().press(ui::letter('A'), true);
  rig.type("MARIE");
  EXPECT_EQ(titles_of(rig).size(), 11U);
}

TEST(DocumentsTable, WhatNobodyCanReadIsToldWithWhoSealedIt) {
  VaultFixture vault;
  const InLanguage english(Language::kEnglish);
  file_as(vault, "marie", "Avis");
  plant_unreadable(vault, ObjectKind::kDocument);
  DossiersRig rig(vault);
  rig.choose_patient();
  EXPECT_EQ(titles_of(rig), std::vector<std::string>{"Avis"});
  ASSERT_TRUE(rig.driver().has("documents.left_out"));
  EXPECT_EQ(rig.driver().find("documents.left_out")->text, "Unreadable: 1, from sec");
}

}  // namespace
}  // namespace coffre::test
