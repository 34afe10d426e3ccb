// For how long documents are kept, on the security screen.
#include "app/desktop/screens/security_retention.h"

#include <gtest/gtest.h>

#include "app/common/i18n.h"
#include "app/desktop/screens/security_screen.h"
#include "tests/app/desktop/screens/screen_rig.h"
#include "tests/support/temp_dir.h"

namespace coffre::test {
namespace {

using ui::Key;
using ui::letter;

const ImVec2 kWhole = {1280, 2600};  // all of it without scrolling

class SecurityRetention : public testing::Test {
 protected:
  void show(ScreenRig& rig) {
    rig.show(std::make_unique<ui::SecurityScreen>(rig.services(), state_.path()));
    rig.settle();
  }
  // In the sheet: another compartment, and these years instead of those in the field.
  static void choose(ScreenRig& rig, int place, std::string_view years) {
    ASSERT_TRUE(rig.run("security.retention"));
    rig.click("retention.compartment");
    rig.click("retention.compartment." + std::to_string(place));
    rig.click("retention.years");
    rig.driver().press(letter('A'), true);
    rig.driver().type(years);
    rig.settle();
  }
  [[nodiscard]] static std::uint32_t years_of(ScreenRig& rig, const char* place) {
    return rig.vault().policy()->compartment_by_name(place)->retention_years;
  }

  InLanguage english_{Language::kEnglish};
  VaultFixture vault_;
  TempDir state_;
};

TEST_F(SecurityRetention, EverybodySeesThePeriodsAndHoldsAndNobodyADeadControl) {
  {
    const auto adm = vault_.practice().unlock("adm", "other");
    ASSERT_TRUE(adm);
    ASSERT_TRUE((*adm)->set_retention("medical", 20));
    ASSERT_TRUE((*adm)->set_retention("management", 1));
    ASSERT_TRUE((*adm)->add_hold(vault_.patient(), "expertise"));
  }
  for (const char* user : {"priv", "prac", "sec"}) {
    ScreenRig rig(vault_, {.user = user, .size = kWhole});
    show(rig);
    EXPECT_TRUE(rig.driver().shows("20 years")) << user;
    EXPECT_TRUE(rig.driver().shows("1 year")) << user;
    EXPECT_TRUE(rig.driver().shows("no period")) << user;
    EXPECT_TRUE(rig.driver().shows("Documents: 0; patients, with all documents: 1")) << user;
    EXPECT_FALSE(rig.driver().has("security.retention")) << user;
    EXPECT_FALSE(rig.run("security.retention")) << user;
  }
}

TEST_F(SecurityRetention, APeriodIsSetByKeyboard) {
  ScreenRig rig(vault_, {.user = "adm"});
  show(rig);
  EXPECT_TRUE(rig.driver().shows("Nothing is on hold."));
  ASSERT_TRUE(rig.run("security.retention"));
  rig.expect_tidy();
  EXPECT_FALSE(rig.driver().enabled("retention.go")) << "nothing is another yet";
  rig.driver().press(letter('A'), true);
  rig.driver().type("10");
  rig.settle();
  EXPECT_TRUE(rig.driver()
                  .find("retention.meaning")
                  ->text.starts_with("Administrative: kept for 10 years at least"));
  rig.driver().save_picture("retention");
  rig.driver().press(Key::kEnter);
  rig.settle();
  EXPECT_FALSE(rig.driver().has("retention.go"));
  EXPECT_EQ(years_of(rig, "administrative"), 10U);
  EXPECT_EQ(years_of(rig, "medical"), 0U);
  ASSERT_EQ(rig.toasts.heard.size(), 1U);
  EXPECT_EQ(rig.toasts.heard[0], "Documents of Administrative are kept for 10 years at least.");
}

TEST_F(SecurityRetention, AShorterPeriodIsWarnedAbout) {
  ScreenRig rig(vault_, {.size = {1280, 1000}});
  show(rig);
  choose(rig, 2, "20");
  rig.click("retention.go");
  EXPECT_EQ(years_of(rig, "medical"), 20U);
  choose(rig, 2, "5");
  EXPECT_TRUE(
      rig.driver().find("retention.meaning")->text.starts_with("The period becomes shorter"));
  rig.expect_tidy();
  rig.driver().save_picture("retention_shorter");
  rig.click("retention.usual.0");
  rig.click("retention.go");
  EXPECT_EQ(years_of(rig, "medical"), 0U);
  EXPECT_EQ(rig.toasts.heard.back(), "No period keeps documents of Medical any more.");
}

TEST_F(SecurityRetention, WhatIsNoNumberOfYearsIsNotTaken) {
  ScreenRig rig(vault_);
  show(rig);
  for (const char* typed : {"101", "-1", "vingt", "5 ans", "4294967297"}) {
    choose(rig, 2, typed);
    EXPECT_FALSE(rig.driver().enabled("retention.go")) << typed;
    EXPECT_TRUE(rig.driver().shows("Type a number of years from 0 to 100.")) << typed;
    rig.driver().press(Key::kEnter);
    rig.settle();
    EXPECT_EQ(years_of(rig, "medical"), 0U) << typed;
    rig.driver().press(Key::kEscape);
    rig.settle();
  }
}

TEST_F(SecurityRetention, ARefusalIsSaidAndTheSheetStays) {
  ScreenRig rig(vault_, {.patience_ms = 0});
  show(rig);
  choose(rig, 2, "20");
  const BusyVault busy(vault_);
  rig.click("retention.go");
  EXPECT_TRUE(rig.driver().has("retention.error"));
  EXPECT_EQ(years_of(rig, "medical"), 0U);
  rig.expect_tidy();
}

}  // namespace
}  // namespace coffre::test
