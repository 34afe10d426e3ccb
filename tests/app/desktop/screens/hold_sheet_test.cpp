// Holds at the desktop: who sets and lifts them, where they are seen, and what they do.
#include "app/desktop/screens/hold_sheet.h"

#include <algorithm>

#include <gtest/gtest.h>

#include "app/common/i18n.h"
#include "tests/app/desktop/screens/dossiers_fixture.h"

namespace coffre::test {
namespace {

using ui::Availability;
using ui::Key;

class HoldSheet : public testing::Test {
 protected:
  HoldSheet() {
    document_ = file_typed(vault_, "medical", "IRM", "Imagerie", "2020-05-03");
    file_typed(vault_, "medical", "Bilan", "Résultat", "2020-05-04");
  }
  static void take(DossiersRig& rig) {
    rig.choose_patient();
    rig.choose_document("IRM");
  }
  static Availability availability(DossiersRig& rig, const char* id) {
    const ui::Command* command = rig.rig().commands().find(id);
    return command == nullptr ? Availability::hidden() : ui::Commands::availability_of(*command);
  }
  std::unique_ptr<Vault> other(const std::string& user) {
    auto opened = vault_.practice().unlock(user, "other");
    EXPECT_TRUE(opened);
    return *std::move(opened);
  }
  // The reasons that the journal has for what was set about this.
  std::vector<std::string> reasons(const Id& object) {
    std::vector<std::string> found;
    const auto lines = other("priv")->journal(std::nullopt, object);
    EXPECT_TRUE(lines);
    for (const JournalLine& line : *lines) {
      // The entry of the policy has none.
      if (line.action == Action::kSetting && !line.reason.empty()) {
        found.push_back(line.reason);
      }
    }
    return found;
  }
  static std::size_t tags(DossiersRig& rig) {
    return static_cast<std::size_t>(
        std::ranges::count(rig.driver().seen(), "On hold", &ui::SeenWidget::text));
  }

  InLanguage english_{Language::kEnglish};
  VaultFixture vault_;
  Id document_;
};

TEST_F(HoldSheet, ADocumentIsPutOnHoldByKeyboardAndSeenEverywhere) {
  DossiersRig rig(vault_);
  take(rig);
  EXPECT_FALSE(rig.driver().has("document.held"));
  EXPECT_EQ(tags(rig), 0U);
  ASSERT_TRUE(rig.rig().run("document.hold"));
  rig.settle();
  EXPECT_TRUE(rig.shows("Imagerie · Dupont, Éric · 3 May 2020"));
  EXPECT_FALSE(rig.driver().enabled("hold.go")) << "no reason yet";
  rig.press(Key::kEnter);
  EXPECT_TRUE(rig.driver().has("hold.go"));
  rig.type("réclamation");
  rig.rig().expect_tidy();
  rig.driver().save_picture("hold");
  rig.press(Key::kEnter);
  EXPECT_FALSE(rig.driver().has("hold.go"));
  EXPECT_TRUE(rig.rig().vault().policy()->is_held(document_));
  EXPECT_EQ(reasons(document_), std::vector<std::string>{"réclamation"});
  ASSERT_EQ(rig.rig().toasts.heard.size(), 1U);
  EXPECT_TRUE(rig.driver().has("document.held"));
  EXPECT_EQ(tags(rig), 1U) << "of the two in the list";
  EXPECT_FALSE(rig.driver().enabled("document.destroy"));
  rig.rig().expect_tidy();
  rig.driver().save_picture("hold_document");
  rig.choose_document("Bilan");
  EXPECT_FALSE(rig.driver().has("document.held"));
}

TEST_F(HoldSheet, ItIsLiftedWithAReasonAndGoesEverywhere) {
  ASSERT_TRUE(other("adm")->add_hold(document_, "réclamation"));
  DossiersRig rig(vault_);
  take(rig);
  EXPECT_EQ(availability(rig, "document.hold").kind, Availability::Kind::kHidden);
  rig.click("document.lift_hold");
  rig.type("réglée");
  rig.rig().expect_tidy();
  rig.driver().save_picture("hold_lift");
  rig.click("hold.go");
  EXPECT_FALSE(rig.rig().vault().policy()->is_held(document_));
  EXPECT_EQ(reasons(document_), (std::vector<std::string>{"réclamation", "réglée"}));
  EXPECT_FALSE(rig.driver().has("document.held"));
  EXPECT_EQ(tags(rig), 0U);
  EXPECT_TRUE(rig.driver().enabled("document.destroy"));
}

TEST_F(HoldSheet, APatientIsHeldWithAllDocuments) {
  DossiersRig rig(vault_);
  take(rig);
  rig.click("patient.hold");
  rig.type("expertise");
  rig.rig().expect_tidy();
  rig.click("hold.go");
  EXPECT_TRUE(rig.rig().vault().policy()->is_held(vault_.patient()));
  EXPECT_EQ(reasons(vault_.patient()), std::vector<std::string>{"expertise"});
  ASSERT_TRUE(rig.driver().has("document.held"));
  EXPECT_EQ(rig.driver().find("document.held")->text, "On hold with all documents of the patient");
  EXPECT_FALSE(rig.driver().has("document.lift_hold")) << "the patient's is to be lifted";
  EXPECT_EQ(tags(rig), 4U) << "the row, the head, both documents";
  EXPECT_FALSE(rig.driver().enabled("document.destroy"));
  rig.rig().expect_tidy();
  rig.driver().save_picture("hold_patient");
  rig.click("patient.lift_hold");
  rig.type("terminée");
  rig.click("hold.go");
  EXPECT_EQ(tags(rig), 0U);
  EXPECT_TRUE(rig.driver().enabled("document.destroy"));
}

TEST_F(HoldSheet, WhoMayNotSetItSeesItAndNoControl) {
  ASSERT_TRUE(other("adm")->add_hold(document_, "réclamation"));
  RigOptions options;
  options.user = "prac";
  DossiersRig rig(vault_, options);
  take(rig);
  EXPECT_TRUE(rig.driver().has("document.held"));
  EXPECT_EQ(tags(rig), 1U);
  for (const char* id :
       {"document.hold", "document.lift_hold", "patient.hold", "patient.lift_hold"}) {
    EXPECT_FALSE(rig.driver().has(id)) << id;
    EXPECT_EQ(availability(rig, id).kind, Availability::Kind::kHidden) << id;
    EXPECT_FALSE(rig.rig().run(id)) << id;
  }
}

TEST_F(HoldSheet, WithoutADocumentOrAPatientItSaysWhatToChoose) {
  DossiersRig rig(vault_);
  rig.settle();
  EXPECT_EQ(reason_of(availability(rig, "document.hold")), "Choose a document first.");
  EXPECT_EQ(reason_of(availability(rig, "patient.hold")), "Choose a patient first.");
}

TEST_F(HoldSheet, WhatAnotherDidMeanwhileIsSaidAndTheReasonStays) {
  DossiersRig rig(vault_);
  take(rig);
  ASSERT_TRUE(rig.rig().run("document.hold"));
  rig.settle();
  rig.type("réclamation");
  ASSERT_TRUE(other("adm")->add_hold(document_, "contrôle"));
  rig.click("hold.go");
  EXPECT_TRUE(rig.driver().has("hold.error"));
  EXPECT_TRUE(rig.driver().has("hold.go"));
  EXPECT_NE(rig.screen().draft().find("réclamation"), std::string::npos);
  rig.rig().expect_tidy();
}

TEST_F(HoldSheet, TheReasonComesBackAfterALockForTheSameDocument) {
  std::string draft;
  {
    DossiersRig rig(vault_);
    take(rig);
    ASSERT_TRUE(rig.rig().run("document.hold"));
    rig.settle();
    rig.type("réclamation");
    draft = rig.screen().draft();
  }
  ASSERT_FALSE(draft.empty());
  DossiersRig rig(vault_);
  rig.screen().restore(draft);
  take(rig);
  ASSERT_TRUE(rig.rig().run("document.hold"));
  rig.settle();
  EXPECT_TRUE(rig.driver().enabled("hold.go"));
  rig.click("hold.cancel");
  rig.choose_document("Bilan");
  ASSERT_TRUE(rig.rig().run("document.hold"));
  rig.settle();
  EXPECT_FALSE(rig.driver().enabled("hold.go")) << "another document, another reason";
}

}  // namespace
}  // namespace coffre::test
