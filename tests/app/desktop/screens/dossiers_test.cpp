// Patients and their documents, as each role sees them.
#include <gtest/gtest.h>

#include "tests/app/desktop/screens/dossiers_fixture.h"

namespace coffre::test {
namespace {

using ui::Key;
using ui::letter;

TEST(Dossiers, APatientIsFoundAsOneTypesWhateverTheAccents) {
  VaultFixture vault;
  DossiersRig rig(vault);
  rig.settle();
  EXPECT_TRUE(rig.screen().search("eric dup"));
  rig.settle();
  EXPECT_TRUE(rig.shows("Dupont, Éric"));
  EXPECT_TRUE(rig.screen().search("02/01/1970"));
  rig.settle();
  EXPECT_TRUE(rig.shows("Dupont, Éric"));
  EXPECT_TRUE(rig.screen().search("upont"));  // the middle of a name is no begin of a word
  rig.settle();
  EXPECT_FALSE(rig.driver().has("patients.0"));
}

TEST(Dossiers, SaysThatItReadsUntilThePatientsAreThere) {
  VaultFixture vault;
  const InLanguage french(Language::kFrench);
  DossiersRig rig(vault);
  EXPECT_TRUE(rig.shows("Lecture des patients…"));
  rig.settle();
  EXPECT_FALSE(rig.shows("Lecture des patients…"));
  EXPECT_TRUE(rig.driver().has("patients.0"));
}

TEST(Dossiers, ThePatientsDocumentsStandNewestFirst) {
  VaultFixture vault;
  file_typed(vault, "medical", "Bilan", "Résultat", "2026-01-02");
  file_typed(vault, "medical", "Courrier", "Courrier", "2026-03-04");
  file_typed(vault, "administrative", "Carte", "Mutuelle", "2025-12-01");
  DossiersRig rig(vault);
  rig.choose_patient();
  const ui::DocumentsTable& table = rig.screen().table();
  ASSERT_EQ(table.shown().size(), 3U);
  EXPECT_EQ(table.all()[table.shown()[0]].title, "Courrier");
  EXPECT_EQ(table.all()[table.shown()[2]].title, "Carte");
  EXPECT_EQ(rig.screen().subject(), "Dupont, Éric");
  rig.click("documents.head.title");
  EXPECT_EQ(table.all()[table.shown()[0]].title, "Bilan");
}

TEST(Dossiers, ChipsCountTheTypesAndFilter) {
  VaultFixture vault;
  file_typed(vault, "medical", "Un", "Courrier", "2026-01-02");
  file_typed(vault, "medical", "Deux", "Courrier", "2026-03-04");
  file_typed(vault, "medical", "Trois", "Facture", "2025-12-01");
  DossiersRig rig(vault);
  rig.choose_patient();
  EXPECT_TRUE(rig.shows("Courrier · 2"));
  rig.click("documents.type.2");
  ASSERT_EQ(rig.screen().table().shown().size(), 1U);
  rig.click("documents.type.0");
  EXPECT_EQ(rig.screen().table().shown().size(), 3U);
}

TEST(Dossiers, BillingSeesNothingOfMedicalDocuments) {
  VaultFixture vault;
  file_typed(vault, "medical", "Radiographie", "Imagerie", "2026-01-02");
  file_typed(vault, "administrative", "Facture 12", "Facture", "2026-01-03");
  DossiersRig rig(vault, {.user = "bill"});
  rig.choose_patient();
  EXPECT_EQ(rig.screen().table().all().size(), 1U);
  EXPECT_TRUE(rig.shows("Facture 12"));
  EXPECT_FALSE(rig.shows("Radiographie"));
  EXPECT_FALSE(rig.shows("Imagerie"));
  EXPECT_TRUE(rig.screen().search("radio"));
  rig.settle();
  rig.click("dossiers.searched.1");
  EXPECT_FALSE(rig.shows("Radiographie"));
  EXPECT_FALSE(rig.driver().has("titles.0"));
  EXPECT_EQ(rig.screen().badge(), 0);
}

TEST(Dossiers, ATitleOfAnyPatientLeadsToItsDocument) {
  VaultFixture vault;
  file_typed(vault, "medical", "Écho rénale", "Imagerie", "2026-01-02");
  DossiersRig rig(vault);
  rig.settle();
  EXPECT_TRUE(rig.screen().search("echo"));
  rig.settle();
  rig.click("dossiers.searched.1");
  rig.click("titles.0");
  ASSERT_TRUE(rig.screen().pane().document());
  EXPECT_EQ(rig.screen().pane().document()->title, "Écho rénale");
  EXPECT_EQ(rig.screen().subject(), "Dupont, Éric");
}

TEST(Dossiers, APatientIsAddedWithTheKeyboardAlone) {
  VaultFixture vault;
  const InLanguage french(Language::kFrench);
  DossiersRig rig(vault);
  rig.settle();
  rig.press(letter('N'), true);
  rig.type("Lefèvre");
  rig.driver().press(Key::kEnter);  // too early: the fields say what is missing
  rig.settle();
  EXPECT_TRUE(rig.shows("Le prénom manque."));
  rig.click("patient.first");
  rig.type("Zoé");
  rig.click("patient.born");
  rig.type("31/02/1991");
  rig.press(Key::kEnter);
  EXPECT_TRUE(rig.shows("jour n’existe pas"));
  rig.press(letter('A'), true);
  rig.type("17/09/1991");
  rig.press(Key::kEnter);
  EXPECT_FALSE(rig.driver().has("patient.save"));
  EXPECT_EQ(rig.screen().subject(), "Lefèvre, Zoé");
  EXPECT_TRUE(rig.shows("17/09/1991"));
}

TEST(Dossiers, ANamesakeBornTheSameDayIsPointedOut) {
  VaultFixture vault;
  DossiersRig rig(vault);
  rig.settle();
  rig.press(letter('N'), true);
  rig.type("dupont");
  rig.click("patient.first");
  rig.type("eric");
  rig.click("patient.born");
  rig.type("02/01/1970");
  EXPECT_TRUE(rig.driver().has("patient.namesake"));
}

TEST(Dossiers, APatientsRecordIsChanged) {
  VaultFixture vault;
  DossiersRig rig(vault);
  rig.choose_patient();
  rig.press(Key::kF2, false, true);
  rig.click("patient.last");
  rig.press(letter('A'), true);
  rig.type("Durand");
  rig.click("patient.save");
  EXPECT_EQ(rig.screen().subject(), "Durand, Éric");
}

TEST(Dossiers, AReaderWithoutTheRightToAddIsNotOfferedIt) {
  VaultFixture vault;
  DossiersRig rig(vault, {.user = "adm"});
  rig.settle();
  EXPECT_FALSE(rig.screen().is_available());
  EXPECT_FALSE(rig.rig().commands().run("patient.add"));
  EXPECT_FALSE(rig.rig().commands().run("files.add"));
}

TEST(Dossiers, WhoReadsNoPatientWorksWithDocumentsOfNone) {
  VaultFixture vault;
  DossiersRig rig(vault, {.user = "priv"});
  rig.settle();
  EXPECT_TRUE(rig.screen().is_available());
  EXPECT_FALSE(rig.driver().has("patients.0"));
  EXPECT_TRUE(rig.driver().has("documents.empty"));
}

TEST(Dossiers, ASecretaryAsksAReaderToMoveWhatSheFiledWrongly) {
  VaultFixture vault;
  {
    DossiersRig rig(vault, {.user = "sec"});
    rig.choose_patient();
    ASSERT_TRUE(rig.screen().drop({write_file(vault, "scan.txt", "scan")}));
    rig.settle();
    rig.click("import.compartment.0");
    EXPECT_TRUE(rig.shows("not read there"));
    rig.click("import.start");
    rig.click("dossiers.way_filed");
    rig.click("filed.0");
    rig.click("filed.wrong");
    rig.click("wrong.send");
    EXPECT_TRUE(rig.driver().has("wrong.send")) << "it wants a reason first";
    rig.click("wrong.words");
    rig.type("Mme Petit");
    rig.click("wrong.send");
    EXPECT_FALSE(rig.driver().has("wrong.send"));
  }
  DossiersRig rig(vault, {.user = "prac"});
  rig.settle();
  EXPECT_EQ(rig.screen().badge(), 1);
  rig.click("dossiers.way_requests");
  EXPECT_TRUE(rig.shows("Mme Petit"));
  rig.click("requests.show.0");
  ASSERT_TRUE(rig.screen().pane().document());
  EXPECT_EQ(rig.screen().pane().document()->title, "scan");
  rig.click("dossiers.way_requests");
  rig.click("requests.done.0");
  EXPECT_EQ(rig.screen().badge(), 0);
}

TEST(Dossiers, WhatIsBeingTypedComesBackFromTheDraft) {
  VaultFixture vault;
  std::string draft;
  {
    DossiersRig rig(vault);
    rig.settle();
    EXPECT_EQ(rig.screen().draft(), "");
    rig.press(letter('N'), true);
    rig.type("Petit");
    draft = rig.screen().draft();
  }
  DossiersRig rig(vault);
  rig.screen().restore(draft);
  rig.settle();
  EXPECT_TRUE(rig.driver().has("patient.save"));
  EXPECT_NE(rig.screen().draft().find("Petit"), std::string::npos);
  rig.screen().restore("no JSON at all");
}

TEST(Dossiers, AChangeOfARecordThatALockCutOffComesBack) {
  VaultFixture vault;
  file_typed(vault, "medical", "Bilan", "Résultat", "2026-01-02");
  std::string draft;
  {
    DossiersRig rig(vault);
    rig.choose_patient();
    rig.choose_document("Bilan");
    rig.press(Key::kF2);
    rig.press(letter('A'), true);
    rig.type("Bilan complet");
    draft = rig.screen().draft();
  }
  DossiersRig rig(vault);
  rig.screen().restore(draft);
  rig.settle();
  rig.click("edit.save");
  rig.choose_patient();
  EXPECT_EQ(rig.screen().table().all().at(0).title, "Bilan complet");
}

TEST(Dossiers, TheWayBackWorksInANarrowWindow) {
  VaultFixture vault;
  file_typed(vault, "medical", "Bilan", "Résultat", "2026-01-02");
  DossiersRig rig(vault, {.scale = 2});
  rig.choose_patient();
  EXPECT_FALSE(rig.driver().has("patients.0"));
  rig.choose_document("Bilan");
  EXPECT_FALSE(rig.driver().has("documents.0"));
  rig.press(Key::kLeft, false, false, true);
  EXPECT_TRUE(rig.driver().has("documents.0"));
  rig.click("dossiers.to_patients");
  EXPECT_TRUE(rig.driver().has("patients.0"));
}

TEST(Dossiers, NothingIsCutInEitherLanguageAtAnySize) {
  VaultFixture vault;
  file_typed(vault, "medical", "Compte rendu", "Courrier", "2026-01-02");
  file_typed(vault, "administrative", "Facture 2026", "Facture", "2026-01-03");
  for (const Language language : {Language::kFrench, Language::kEnglish}) {
    const InLanguage chosen(language);
    for (const float scale : {1.0F, 1.25F, 1.5F, 2.0F}) {
      const auto theme = scale > 1 ? ui::ThemeKind::kContrast : ui::ThemeKind::kLight;
      DossiersRig rig(vault, {.theme = theme, .scale = scale});
      rig.settle();
      rig.rig().expect_tidy();
      rig.choose_patient();
      rig.rig().expect_tidy();
      rig.choose_document("Compte rendu");
      rig.rig().expect_tidy();
      rig.driver().save_picture("dossiers-" + std::to_string(static_cast<int>(scale * 100)) +
                                (language == Language::kFrench ? "-fr" : "-en"));
      rig.press(Key::kF2);
      rig.rig().expect_tidy();
      rig.press(Key::kEscape);
      rig.press(letter('N'), true);
      rig.rig().expect_tidy();
    }
  }
}

}  // namespace
}  // namespace coffre::test
