#include "app/desktop/ui_core/unlock.h"

#include <filesystem>
#include <future>

#include "app/desktop/ui_core/alarm.h"
#include "core/base/file.h"
#include "tests/app/desktop/ui_core/app_rig.h"

namespace coffre::ui {
namespace {

using test::AppRig;
using test::InLanguage;
using test::VaultFixture;

class UnlockTest : public testing::Test {
 protected:
  InLanguage english_{Language::kEnglish};
  VaultFixture vault_;
};

TEST_F(UnlockTest, ShowsThePracticeAndItsAccounts) {
  AppRig rig(vault_);
  EXPECT_TRUE(rig.driver.shows("Cabinet des Tilleuls"));
  EXPECT_EQ(rig.app->title(), "Cabinet des Tilleuls – Coffre");
  EXPECT_FALSE(rig.driver.enabled("unlock.unlock")) << "there is no password yet";
  rig.driver.click("unlock.user");
  for (const char* name : {"adm", "bill", "marie", "prac", "priv", "sec"}) {
    EXPECT_TRUE(rig.driver.shows(name)) << name;
  }
}

TEST_F(UnlockTest, ASuspendedAccountIsNotOffered) {
  {
    const auto vault = vault_.practice().unlock("marie");
    ASSERT_TRUE(vault);
    ASSERT_TRUE((*vault)->set_user_enabled("bill", false));
  }
  AppRig rig(vault_);
  rig.driver.click("unlock.user");
  EXPECT_TRUE(rig.driver.shows("sec"));
  EXPECT_FALSE(rig.driver.shows("bill"));
}

TEST_F(UnlockTest, EnterUnlocks) {
  AppRig rig(vault_);
  rig.unlock("marie");
  EXPECT_TRUE(rig.is_in_session());
  EXPECT_FALSE(rig.app->is_locked());
}

TEST_F(UnlockTest, AWrongPasswordIsSaidAndTheFieldIsEmptyAgain) {
  AppRig rig(vault_);
  rig.driver.type("not the password");
  EXPECT_TRUE(rig.driver.enabled("unlock.unlock"));
  rig.driver.click("unlock.unlock");
  rig.settle();
  EXPECT_TRUE(rig.is_at_unlock());
  EXPECT_TRUE(rig.driver.has("unlock.password.message"));
  EXPECT_FALSE(rig.driver.enabled("unlock.unlock"));
  rig.expect_tidy("wrong password");
}

TEST_F(UnlockTest, FromTheThirdFailureOnItWaitsLongerEachTimeAndSaysHowLong) {
  UnlockThrottle throttle;
  const std::vector<std::int64_t> waits = {0, 0, 2, 4, 8, 16, 32, 60, 60};
  for (const std::int64_t wait : waits) {
    throttle.failed(1'000);
    EXPECT_EQ(throttle.wait_ms(1'000), wait * 1'000);
  }
  throttle.succeeded();
  EXPECT_EQ(throttle.wait_ms(1'000), 0);

  AppRig rig(vault_);
  for (int i = 0; i < 3; ++i) {
    rig.driver.type("wrong");
    rig.driver.press(Key::kEnter);
    rig.settle();
  }
  EXPECT_TRUE(rig.driver.shows("try again in 2 s"));
  rig.driver.type(VaultFixture::password_of("adm"));
  rig.driver.press(Key::kEnter);
  rig.settle();
  EXPECT_TRUE(rig.is_at_unlock()) << "not before the time is over";
  EXPECT_FALSE(rig.app->wants_frame());
  EXPECT_GT(rig.app->next_frame_in_ms(), 0);
  EXPECT_LE(rig.app->next_frame_in_ms(), 1'000);
  rig.driver.clock().advance(1'001);
  EXPECT_TRUE(rig.app->wants_frame());
  rig.draw();
  EXPECT_TRUE(rig.driver.shows("try again in 1 s"));
  rig.driver.clock().advance(1'000);
  rig.draw();
  EXPECT_FALSE(rig.driver.shows("Too many attempts"));
  rig.driver.press(Key::kEnter);
  rig.settle();
  EXPECT_TRUE(rig.is_in_session());
}

TEST_F(UnlockTest, CapsLockIsSaid) {
  AppRig rig(vault_);
  EXPECT_FALSE(rig.driver.has("unlock.caps_lock"));
  rig.app->set_caps_lock(true);
  EXPECT_TRUE(rig.app->wants_frame());
  rig.draw();
  EXPECT_TRUE(rig.driver.has("unlock.caps_lock"));
}

TEST_F(UnlockTest, TheLanguageChangesAtOnceAndIsRemembered) {
  AppRig rig(vault_);
  EXPECT_TRUE(rig.driver.shows("Unlock"));
  rig.driver.click("unlock.language");
  EXPECT_TRUE(rig.driver.shows("Déverrouiller"));
  EXPECT_EQ(rig.settings["language"], "fr");
}

TEST_F(UnlockTest, AnAccountWithAKeyFileNeedsIt) {
  const std::string key_file = vault_.file("key");
  {
    ASSERT_TRUE(write_durable(key_file, test::sample_bytes(64)));
    const auto vault = vault_.practice().unlock("marie");
    ASSERT_TRUE(vault);
    ASSERT_TRUE(
        (*vault)->change_password(test::secret_of(VaultFixture::password_of("marie")), key_file));
  }
  AppRig rig(vault_);
  rig.unlock("marie");
  ASSERT_TRUE(rig.is_at_unlock()) << "the password alone is not enough";
  rig.chosen.push_back({key_file});
  rig.driver.click("unlock.key_file");
  rig.settle();
  EXPECT_TRUE(rig.driver.has("unlock.key_file.remove"));
  rig.expect_tidy("key file");
  rig.unlock("marie");
  EXPECT_TRUE(rig.is_in_session());
}

// "neuf" was added by the administrator, who does not read what a practitioner reads: nothing is
// shown before the password was replaced.
class OwnPasswordTest : public UnlockTest {
 protected:
  void SetUp() override {
    const auto vault = vault_.practice().unlock("adm");
    ASSERT_TRUE(vault);
    ASSERT_TRUE((*vault)->add_user("neuf", {"secretary"}, test::secret_of(kFirst)));
  }
  static void unlock(AppRig& rig) {
    rig.choose_user("neuf");
    rig.driver.click("unlock.password");
    rig.driver.type(kFirst);
    rig.driver.press(Key::kEnter);
    rig.settle();
  }
  static constexpr const char* kFirst = "Bb2?staff-staff-staff";
  static constexpr const char* kOwn = "short and then some more words that nobody guesses";
};

TEST_F(OwnPasswordTest, APasswordOfSomebodyElseHasToBeReplacedFirst) {
  AppRig rig(vault_);
  unlock(rig);
  ASSERT_TRUE(rig.driver.has("own_password.password"));
  EXPECT_EQ(test::lives().made, 0);
  EXPECT_FALSE(rig.driver.enabled("own_password.choose"));
  rig.expect_tidy("own password");
  rig.driver.type("short");
  EXPECT_TRUE(rig.driver.shows("bits of the 80 needed"));
  rig.driver.type(" and then some more words that nobody guesses");
  EXPECT_TRUE(rig.driver.shows("Strong enough"));
  EXPECT_FALSE(rig.driver.enabled("own_password.choose")) << "it has to be typed twice";
  rig.driver.click("own_password.again");
  rig.driver.type(kOwn);
  rig.driver.save_picture("own_password");
  rig.driver.click("own_password.choose");
  rig.settle();
  ASSERT_TRUE(rig.is_in_session());
  rig.app->request_lock(LockCause::kRequest);
  rig.settle();
  rig.driver.type(kOwn);
  rig.driver.press(Key::kEnter);
  rig.settle();
  EXPECT_TRUE(rig.is_in_session());
}

TEST_F(OwnPasswordTest, NotNowLocksAgain) {
  AppRig rig(vault_);
  unlock(rig);
  ASSERT_TRUE(rig.driver.has("own_password.lock"));
  rig.driver.click("own_password.lock");
  rig.settle();
  EXPECT_TRUE(rig.is_at_unlock());
  EXPECT_TRUE(rig.app->is_locked());
}

TEST_F(OwnPasswordTest, TheLockComesHereToo) {
  AppRig rig(vault_);
  unlock(rig);
  rig.driver.type("half a pass");
  rig.app->request_lock(LockCause::kScreenSaver);
  rig.settle();
  EXPECT_TRUE(rig.is_at_unlock());
  EXPECT_TRUE(rig.driver.shows("The vault locked together with the screen."));
}

TEST_F(UnlockTest, ANewWorkstationShowsTheFingerprintUntilTheFirstUnlock) {
  AppRig rig(vault_, {.workstation = "third"});
  ASSERT_TRUE(rig.driver.has("unlock.first_contact"));
  const std::string hex = to_hex(rig.app->services().vault.policy()->vault().view().first(2));
  EXPECT_TRUE(rig.driver.shows(hex));
  rig.expect_tidy("first contact");
  rig.unlock("marie");
  ASSERT_TRUE(rig.is_in_session());
  rig.driver.press(letter('L'), true);
  rig.settle();
  EXPECT_TRUE(rig.is_at_unlock());
  EXPECT_FALSE(rig.driver.has("unlock.first_contact"));
}

// The file was changed after it was opened here: the unlock says so on the page of alarms.
TEST_F(UnlockTest, AForkThatTheUnlockFindsIsAnAlarm) {
  const std::string before = vault_.file("before.coffre");
  vault_.practice().copy_to(before);
  AppRig rig(vault_);
  vault_.add_document("administrative", "Facture", test::sample_bytes(1'000));
  rig.unlock("marie");
  ASSERT_TRUE(rig.is_in_session()) << "what somebody else filed is followed";
  rig.driver.press(letter('L'), true);
  rig.settle();
  std::filesystem::copy_file(before, vault_.path(),
                             std::filesystem::copy_options::overwrite_existing);
  rig.unlock("marie");
  EXPECT_FALSE(rig.is_in_session());
  EXPECT_TRUE(rig.driver.has("alarm.title")) << rig.words();
}

TEST_F(UnlockTest, AVaultThatIsNotThereIsSaidAndTriedAgain) {
  const std::string away = vault_.file("away.coffre");
  std::filesystem::rename(vault_.path(), away);
  AppRig rig(vault_);
  ASSERT_TRUE(rig.driver.has("alarm.title"));
  EXPECT_TRUE(rig.driver.shows("The vault is not there"));
  rig.expect_tidy("not there");
  std::filesystem::rename(away, vault_.path());
  rig.driver.click("alarm.retry");
  rig.settle();
  EXPECT_TRUE(rig.is_at_unlock());
}

TEST_F(UnlockTest, AnOlderCopyIsAnAlarmWithWhatToDo) {
  const std::string older = vault_.file("older.coffre");
  vault_.practice().copy_to(older);
  vault_.add_document("administrative", "Facture", test::sample_bytes(1'000));
  std::filesystem::copy_file(older, vault_.path(),
                             std::filesystem::copy_options::overwrite_existing);
  AppRig rig(vault_);
  ASSERT_TRUE(rig.driver.has("alarm.title"));
  EXPECT_TRUE(rig.driver.shows("An older copy of the vault lies here"));
  EXPECT_TRUE(rig.driver.shows("vault is older than what this workstation has seen"));
  EXPECT_FALSE(rig.is_at_unlock());
}

// Every code that opening can give has a page of its own on which nothing is cut.
TEST_F(UnlockTest, EveryAlarmIsWholeInBothLanguagesAndSizes) {
  for (const Language language : {Language::kEnglish, Language::kFrench}) {
    const InLanguage words(language);
    for (const float scale : {1.0F, 2.0F}) {
      test::Driver driver(ThemeKind::kLight, scale);
      for (const Code code :
           {Code::kDamaged, Code::kRolledBack, Code::kForked, Code::kBusy, Code::kReadOnly,
            Code::kUnsupported, Code::kNotFound, Code::kNoSpace, Code::kFailed}) {
        AlarmView view({code, N_("the vault is older than what this workstation has seen"),
                        "/home/cabinet/Documents/cabinet-des-tilleuls.coffre",
                        N_("somebody put an older copy back: find the newer file, or ask who did "
                           "it")},
                       "/home/cabinet/Documents/cabinet-des-tilleuls.coffre");
        driver.frame([&](Ui& ui) { static_cast<void>(view.draw(ui)); });
        driver.frames(2);
        EXPECT_TRUE(driver.none_cut()) << code_name(code) << " " << scale;
        EXPECT_FALSE(view.must_settle()) << code_name(code);
        EXPECT_TRUE(driver.has("alarm.retry"));
      }
    }
  }
}

TEST_F(UnlockTest, EveryStateIsWholeInBothLanguagesAndSizes) {
  for (const Language language : {Language::kEnglish, Language::kFrench}) {
    const InLanguage words(language);
    const std::string name = language == Language::kEnglish ? "en" : "fr";
    for (const float scale : {1.0F, 2.0F}) {
      AppRig rig(vault_, {.scale = scale});
      const std::string where = name + (scale > 1 ? " 200 %" : " 100 %");
      rig.expect_tidy(where + ", empty");
      {
        std::promise<void> gate;  // nothing is answered yet
        rig.app->services().vault.ask<void>(
            [opened = gate.get_future().share()](Vault&) -> Status {
              opened.wait();
              return {};
            },
            [](const Status&) {});
        rig.driver.type("wrong");
        rig.driver.press(Key::kEnter);
        EXPECT_FALSE(rig.driver.enabled("unlock.unlock"));
        rig.expect_tidy(where + ", at work");
        gate.set_value();
      }
      rig.settle();
      rig.app->set_caps_lock(true);
      rig.driver.type("wrong");
      rig.driver.press(Key::kEnter);
      rig.settle();
      rig.expect_tidy(where + ", refused");
      rig.driver.save_picture("unlock_" + name + (scale > 1 ? "_200" : ""));
      EXPECT_FALSE(rig.app->wants_frame()) << "it has settled";
    }
  }
}

TEST(WhyItLocked, EveryCauseHasWords) {
  const InLanguage english(Language::kEnglish);
  EXPECT_EQ(text_of(LockCause::kNone, 300), "");
  EXPECT_EQ(text_of(LockCause::kIdle, 300), "The vault locked after 5 minutes without activity.");
  EXPECT_EQ(text_of(LockCause::kIdle, 60), "The vault locked after one minute without activity.");
  EXPECT_EQ(text_of(LockCause::kIdle, 90), "The vault locked after 90 seconds without activity.");
  for (const LockCause cause : {LockCause::kRequest, LockCause::kRevoked, LockCause::kSuspend,
                                LockCause::kScreenSaver, LockCause::kSignal, LockCause::kCurtain}) {
    EXPECT_NE(text_of(cause, 300), "");
  }
}

}  // namespace
}  // namespace coffre::ui
