#include "app/desktop/screens/security_screen.h"

#include <gtest/gtest.h>

#include "core/base/file.h"
#include "tests/app/desktop/screens/screen_rig.h"
#include "tests/support/temp_dir.h"

namespace coffre::test {
namespace {

class SecurityScreen : public testing::Test {
 protected:
  void show(ScreenRig& rig) {
    rig.show(std::make_unique<ui::SecurityScreen>(rig.services(), state_.path()));
    rig.settle();
  }
  VaultFixture vault_;
  TempDir state_;
};

const ImVec2 kTall = {1280, 2400};  // all of it without scrolling

TEST_F(SecurityScreen, ShowsTheLockFingerprintsWorkstationsAndLimits) {
  ScreenRig rig(vault_, {.size = kTall});
  show(rig);
  EXPECT_TRUE(rig.driver().shows("locks after 5"));
  const auto policy = rig.vault().policy();
  EXPECT_TRUE(rig.driver().shows(to_hex(policy->vault().view().first(2)) + " "));
  EXPECT_TRUE(rig.driver().shows(to_hex(rig.vault().me()->key_id.view().first(2)) + " "));
  EXPECT_TRUE(rig.driver().shows("first")) << "the workstation's name";
  EXPECT_TRUE(rig.driver().shows("What Coffre cannot promise"));
  rig.expect_tidy();
  rig.driver().save_picture("security");
}

TEST_F(SecurityScreen, TheLockIsSetByWhoMayAndSeenByTheOthers) {
  {
    ScreenRig rig(vault_, {.user = "prac"});
    show(rig);
    EXPECT_TRUE(rig.driver().shows("locks after 5"));
    EXPECT_FALSE(rig.driver().has("security.lock_after.1"));
  }
  ScreenRig rig(vault_);
  show(rig);
  rig.click("security.lock_after.1");
  EXPECT_EQ(rig.vault().policy()->lock_after_seconds(), 120U);
  EXPECT_TRUE(rig.driver().shows("locks after 2"));
}

TEST_F(SecurityScreen, AVerificationIsReportedAndRemembered) {
  {
    ScreenRig rig(vault_, {.size = kTall});
    show(rig);
    EXPECT_TRUE(rig.driver().shows("Never verified from this workstation"));
    rig.driver().click("security.read_data");
    ASSERT_TRUE(rig.commands().run("security.verify"));
    rig.driver().frames(2);
    rig.settle();
    EXPECT_TRUE(rig.driver().shows("Everything that was looked at is intact"));
    EXPECT_TRUE(rig.driver().shows("with every document read"));
    rig.expect_tidy();
  }
  ScreenRig rig(vault_, {.size = kTall});
  show(rig);
  EXPECT_TRUE(rig.driver().shows("with every document read"));
}

TEST_F(SecurityScreen, TheOwnPasswordIsChanged) {
  constexpr const char* kNew = "correct-Horse-battery-1";
  {
    ScreenRig rig(vault_, {.user = "prac"});
    show(rig);
    ASSERT_TRUE(rig.run("security.password"));
    EXPECT_FALSE(rig.driver().enabled("security.password.go"));
    rig.driver().type(kNew);
    rig.driver().press(ui::Key::kTab);
    rig.driver().press(ui::Key::kTab);  // past the eye
    rig.driver().type(kNew);
    rig.settle();
    rig.expect_tidy();
    rig.driver().save_picture("security_password");
    rig.click("security.password.go");
    EXPECT_FALSE(rig.driver().has("security.password.go"));
    EXPECT_EQ(rig.toasts.heard.size(), 1U);
  }
  EXPECT_FALSE(vault_.practice().unlock("prac"));
  EXPECT_TRUE(vault_.practice().unlock_at(vault_.path(), "prac", kNew, "first"));
}

TEST_F(SecurityScreen, AKeyFileThatIsChosenIsNeededFromThenOn) {
  constexpr const char* kNew = "correct-Horse-battery-1";
  const std::string key = vault_.file("key.bin");
  ASSERT_TRUE(write_durable(key, sample_bytes(64)));
  {
    ScreenRig rig(vault_, {.user = "prac", .size = {1280, 1000}});
    show(rig);
    rig.run("security.password");
    rig.driver().type(kNew);
    rig.driver().press(ui::Key::kTab);
    rig.driver().press(ui::Key::kTab);  // past the eye
    rig.driver().type(kNew);
    rig.chosen.push_back({key});
    rig.settle();
    rig.click("security.key_file");
    EXPECT_TRUE(rig.driver().shows(key));
    rig.click("security.password.go");
    EXPECT_EQ(rig.toasts.heard.size(), 1U);
  }
  EXPECT_FALSE(vault_.practice().unlock_at(vault_.path(), "prac", kNew, "first"));
  const auto open = vault_.practice().open(vault_.path());
  ASSERT_TRUE(open);
  EXPECT_TRUE((*open)->unlock({"prac", secret_of(kNew), key}));
}

TEST_F(SecurityScreen, AWeakPasswordIsNotTaken) {
  ScreenRig rig(vault_, {.user = "prac"});
  show(rig);
  rig.run("security.password");
  rig.driver().type("12345678");
  rig.driver().press(ui::Key::kTab);
  rig.driver().press(ui::Key::kTab);  // past the eye
  rig.driver().type("12345678");
  rig.settle();
  EXPECT_FALSE(rig.driver().enabled("security.password.go"));
  rig.driver().press(ui::Key::kEscape);
  rig.settle();
  EXPECT_FALSE(rig.driver().has("security.password.go"));
  EXPECT_TRUE(vault_.practice().unlock("prac"));
}

TEST_F(SecurityScreen, EverythingIsReachedFromTheKeyboard) {
  ScreenRig rig(vault_, {.size = kTall});
  show(rig);
  rig.driver().press(ui::letter('V'), true, true);
  rig.settle();
  EXPECT_EQ(rig.went, std::vector<std::string>{"security"});
  EXPECT_TRUE(rig.driver().has("security.report"));
  rig.driver().press(ui::letter('P'), true, true);
  rig.settle();
  EXPECT_TRUE(rig.driver().has("security.password.go"));
}

TEST_F(SecurityScreen, AnErrorOfTheVerificationIsSaid) {
  ScreenRig rig(vault_, {.size = kTall});
  show(rig);
  rig.vault().lock(LockCause::kRequest);
  rig.vault().wait_until_idle();
  rig.run("security.verify");
  EXPECT_TRUE(rig.driver().has("security.verify.error"));
  rig.expect_tidy();
}

class SecurityLooks : public SecurityScreen, public testing::WithParamInterface<Look> {};

TEST_P(SecurityLooks, NothingIsCut) {
  const InLanguage language(GetParam().language);
  ScreenRig rig(vault_, {.scale = GetParam().scale, .size = GetParam().size});
  show(rig);
  rig.expect_tidy();
  rig.run("security.verify");
  rig.expect_tidy();
  rig.run("security.password");
  rig.expect_tidy();
}

INSTANTIATE_TEST_SUITE_P(All, SecurityLooks,
                         testing::Values(Look{Language::kFrench, 1, {1280, 800}},
                                         Look{Language::kEnglish, 1, {1280, 800}},
                                         Look{Language::kFrench, 1, kTall},
                                         Look{Language::kFrench, 2, {2560, 1600}},
                                         Look{Language::kEnglish, 2, {2560, 1600}},
                                         Look{Language::kFrench, 2, {1280, 800}}));

}  // namespace
}  // namespace coffre::test
