// Destroying a document at the desktop: who sees it, what is said before and after, and what a hold
// or a period does.
#include "app/desktop/screens/destroy_sheet.h"

#include <algorithm>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "app/common/i18n.h"
#include "tests/app/desktop/screens/dossiers_fixture.h"

namespace coffre::test {
namespace {

using ui::Key;

class DestroySheet : public testing::Test {
 protected:
  // A document in hand, beside another one.
  DestroySheet() {
    document_ = file_typed(vault_, "medical", "IRM", "Imagerie", "2020-05-03");
    file_typed(vault_, "medical", "Bilan", "Résultat", "2020-05-03");
  }
  static void take(DossiersRig& rig) {
    rig.choose_patient();
    rig.choose_document("IRM");
  }
  static std::vector<std::string> titles_in(DossiersRig& rig) {
    std::vector<std::string> titles;
    for (const Document& document : rig.screen().table().all()) {
      titles.push_back(document.title);
    }
    return titles;
  }
  static ui::Availability availability(DossiersRig& rig) {
    const ui::Command* command = rig.rig().commands().find("document.destroy");
    return command == nullptr ? ui::Availability::hidden()
                              : ui::Commands::availability_of(*command);
  }
  std::unique_ptr<Vault> other(const std::string& user) {
    auto opened = vault_.practice().unlock(user, "other");
    EXPECT_TRUE(opened);
    return *std::move(opened);
  }
  std::vector<JournalLine> lines(Action action) {
    auto found = other("priv")->journal(std::nullopt, document_);
    EXPECT_TRUE(found);
    std::erase_if(*found, [&](const JournalLine& line) { return line.action != action; });
    return *found;
  }

  InLanguage english_{Language::kEnglish};
  VaultFixture vault_;
  Id document_;
};

TEST_F(DestroySheet, ByKeyboardItIsGoneAndTheJournalHasTheReason) {
  DossiersRig rig(vault_);
  take(rig);
  rig.press(Key::kDelete, false, true);
  ASSERT_TRUE(rig.driver().has("destroy.reason"));
  EXPECT_TRUE(rig.shows("Imagerie · Dupont, Éric · 3 May 2020"));
  EXPECT_FALSE(rig.driver().enabled("destroy.go")) << "no reason yet";
  rig.rig().expect_tidy();
  rig.type("classé en double");
  EXPECT_TRUE(rig.driver().enabled("destroy.go"));
  rig.press(Key::kEnter);
  EXPECT_EQ(rig.screen().table().all().size(), 2U) << "Enter in the field destroys nothing";
  rig.driver().save_picture("destroy");
  rig.press(Key::kTab);
  rig.press(Key::kTab);
  EXPECT_TRUE(rig.driver().find("destroy.go")->focused);
  rig.press(Key::kEnter);
  EXPECT_EQ(titles_in(rig), std::vector<std::string>{"Bilan"});
  EXPECT_FALSE(rig.screen().pane().document());
  EXPECT_FALSE(rig.driver().has("destroy.go"));
  // What it was worth is said, as this machine's disk allows, and given as a record.
  const std::string record = vault_.file("record.json");
  rig.rig().chosen.push_back({record});
  if (rig.driver().has("destroy.outcome")) {
    EXPECT_TRUE(rig.rig().toasts.heard.empty());
    EXPECT_TRUE(rig.driver().find("destroy.close")->focused);
    rig.click("destroy.record");
    rig.click("destroy.close");
    EXPECT_FALSE(rig.driver().has("destroy.outcome"));
  } else {
    ASSERT_EQ(rig.rig().toasts.heard.size(), 1U);
    EXPECT_TRUE(rig.rig().toasts.heard[0].starts_with("The document is destroyed"));
    rig.rig().toasts.undo();
    rig.settle();
  }
  const auto written = read_file(record, 1 << 20);
  ASSERT_TRUE(written);
  const auto json = nlohmann::json::parse(as_text(*written));
  const auto destroyed = lines(Action::kDestroy);
  ASSERT_EQ(destroyed.size(), 1U);
  EXPECT_EQ(destroyed[0].outcome, "success");
  EXPECT_EQ(destroyed[0].reason, "classé en double");
  EXPECT_EQ(json["record"], "document-destruction");
  EXPECT_EQ(json["documents"][0]["journal"]["entry"], destroyed[0].sequence);
}

TEST_F(DestroySheet, WhoMayNotDestroyDoesNotSeeIt) {
  RigOptions options;
  options.user = "prac";
  DossiersRig rig(vault_, options);
  take(rig);
  EXPECT_TRUE(rig.driver().has("document.export"));
  EXPECT_FALSE(rig.driver().has("document.destroy"));
  EXPECT_EQ(availability(rig).kind, ui::Availability::Kind::kHidden);
  EXPECT_FALSE(rig.rig().run("document.destroy"));
}

TEST_F(DestroySheet, AHoldGreysItWithTheReasonUntilItIsLifted) {
  ASSERT_TRUE(other("adm")->add_hold(document_, "réclamation"));
  DossiersRig rig(vault_);
  take(rig);
  EXPECT_FALSE(rig.driver().enabled("document.destroy"));
  EXPECT_EQ(reason_of(availability(rig)), "It is on hold: nobody may destroy it.");
  EXPECT_FALSE(rig.rig().run("document.destroy"));
  ASSERT_TRUE(other("adm")->lift_hold(document_, "classée"));
  rig.press(Key::kF5);
  EXPECT_TRUE(rig.driver().enabled("document.destroy"));
  ASSERT_TRUE(other("adm")->add_hold(vault_.patient(), "expertise"));
  rig.press(Key::kF5);
  EXPECT_FALSE(rig.driver().enabled("document.destroy")) << "all of the patient's";
}

TEST_F(DestroySheet, APeriodGreysItWithTheDay) {
  ASSERT_TRUE(other("adm")->set_retention("medical", 20));
  DossiersRig rig(vault_);
  take(rig);
  EXPECT_FALSE(rig.driver().enabled("document.destroy"));
  EXPECT_EQ(reason_of(availability(rig)), "The practice’s rules keep it until 3 May 2040.");
  // A day of birth that makes the patient a minor then keeps it longer.
  ASSERT_TRUE(other("adm")->set_retention("medical", 1));
  PatientEdit edit;
  edit.born = "2010-01-02";
  ASSERT_TRUE(other("marie")->edit_patient(vault_.patient(), edit));
  rig.press(Key::kF5);
  EXPECT_EQ(reason_of(availability(rig)), "The practice’s rules keep it until 2 Jan 2038.");
}

TEST_F(DestroySheet, AHoldThatComesWhileItAsksIsSaidAndNothingIsLost) {
  DossiersRig rig(vault_);
  take(rig);
  ASSERT_TRUE(rig.rig().run("document.destroy"));
  rig.settle();
  rig.type("pourquoi");
  ASSERT_TRUE(other("adm")->add_hold(document_, "réclamation"));
  rig.click("destroy.go");
  EXPECT_TRUE(rig.driver().has("destroy.error"));
  EXPECT_FALSE(rig.driver().enabled("destroy.go"));
  rig.rig().expect_tidy();
  EXPECT_EQ(titles_in(rig).size(), 2U);
  EXPECT_TRUE(lines(Action::kDestroy).empty());
}

TEST_F(DestroySheet, ItSaysWhatItWillBeWorthOnTheDiskOfTheVault) {
  std::string asked;
  RigOptions options;
  EraseForecast forecast;
  options.exports.forecast = [&](const std::string& folder) -> Result<EraseForecast> {
    asked = folder;
    return forecast;
  };
  DossiersRig rig(vault_, options);
  take(rig);
  const auto said = [&](Verdict verdict, Medium medium, std::vector<Reason> reasons) {
    forecast.verdict = verdict;
    forecast.medium = medium;
    forecast.reasons = std::move(reasons);
    EXPECT_TRUE(rig.rig().run("document.destroy"));
    rig.settle();
    rig.rig().expect_tidy();
    const std::string text = rig.driver().find("destroy.forecast")->text;
    rig.click("destroy.cancel");
    return text;
  };
  EXPECT_NE(said(Verdict::kOverwrittenInPlace, Medium::kRotating, {}).find("rotating platters"),
            std::string::npos);
  EXPECT_NE(said(Verdict::kOverwrittenLogically, Medium::kFlash, {}).find("Flash memory"),
            std::string::npos);
  EXPECT_NE(said(Verdict::kNotGuaranteed, Medium::kUnknown, {Reason::kCopyOnWrite})
                .find("Not guaranteed"),
            std::string::npos);
  EXPECT_EQ(asked, vault_.path().substr(0, vault_.path().rfind('/')));
}

TEST_F(DestroySheet, ARequestToWithdrawIsAnsweredWithIt) {
  {
    const auto secretary = other("sec");
    ASSERT_TRUE(secretary->ask_reader(document_, RequestKind::kWithdraw, "scanné deux fois"));
  }
  {
    RigOptions options;
    options.user = "prac";
    DossiersRig practitioner(vault_, options);
    practitioner.settle();
    practitioner.click("dossiers.way_requests");
    EXPECT_TRUE(practitioner.driver().has("requests.show.0"));
    EXPECT_FALSE(practitioner.driver().has("requests.destroy.0"));
  }
  DossiersRig rig(vault_);
  rig.settle();
  rig.click("dossiers.way_requests");
  rig.rig().expect_tidy();
  rig.driver().save_picture("destroy_request");
  rig.click("requests.destroy.0");
  ASSERT_TRUE(rig.driver().enabled("destroy.go")) << "the request gives the reason";
  rig.click("destroy.go");
  EXPECT_EQ(rig.screen().badge(), 0) << "the request went with it";
  EXPECT_EQ(lines(Action::kDestroy).at(0).reason, "scanné deux fois");
}

TEST_F(DestroySheet, ARequestAboutADocumentOnHoldSaysSo) {
  ASSERT_TRUE(other("sec")->ask_reader(document_, RequestKind::kWithdraw, "scanné deux fois"));
  ASSERT_TRUE(other("adm")->add_hold(document_, "réclamation"));
  DossiersRig rig(vault_);
  rig.settle();
  rig.click("dossiers.way_requests");
  rig.click("requests.destroy.0");
  EXPECT_FALSE(rig.driver().has("destroy.go"));
  ASSERT_EQ(rig.rig().toasts.errors.size(), 1U);
  EXPECT_EQ(rig.rig().toasts.errors[0].code, Code::kFailed);
}

TEST_F(DestroySheet, TheReasonComesBackAfterALockForTheSameDocument) {
  std::string draft;
  {
    DossiersRig rig(vault_);
    take(rig);
    ASSERT_TRUE(rig.rig().run("document.destroy"));
    rig.settle();
    rig.type("classé en double");
    draft = rig.screen().draft();
  }
  ASSERT_FALSE(draft.empty());
  DossiersRig rig(vault_);
  rig.screen().restore(draft);
  rig.choose_patient();
  rig.choose_document("IRM");
  ASSERT_TRUE(rig.rig().run("document.destroy"));
  rig.settle();
  EXPECT_TRUE(rig.driver().enabled("destroy.go"));
  rig.click("destroy.cancel");
  rig.choose_document("Bilan");
  ASSERT_TRUE(rig.rig().run("document.destroy"));
  rig.settle();
  EXPECT_FALSE(rig.driver().enabled("destroy.go")) << "another document, another reason";
}

}  // namespace
}  // namespace coffre::test
