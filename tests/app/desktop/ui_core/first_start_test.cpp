#include "app/desktop/ui_core/first_start.h"

#include <filesystem>

#include "tests/app/desktop/ui_core/app_rig.h"

namespace coffre::ui {
namespace {

using test::AppRig;
using test::InLanguage;
using test::VaultFixture;

constexpr const char* kPassword = "correct horse battery staple, 3 times";

class FirstStartTest : public testing::Test {
 protected:
  void SetUp() override { std::filesystem::create_directories(vault_.file("new")); }
  // To the last step, with good answers.
  static void answer(AppRig& rig) {
    rig.driver.click("first_start.create");
    rig.draw();
    rig.driver.type("Cabinet du Châtaignier");
    rig.driver.click("first_start.owner");
    rig.driver.type("Zoé Œillet");
    rig.driver.click("first_start.next");
    rig.draw();
    rig.driver.type(kPassword);
    rig.draw();
    rig.driver.click("first_start.again");
    rig.driver.type(kPassword);
    rig.driver.click("first_start.next");
    rig.draw();
  }

  InLanguage english_{Language::kEnglish};
  VaultFixture vault_;
};

TEST_F(FirstStartTest, AFileNameComesFromThePractice) {
  EXPECT_EQ(file_name_for("Cabinet des Tilleuls"), "cabinet-des-tilleuls.coffre");
  EXPECT_EQ(file_name_for("  Œil & Cœur — Dr. Élan  "), "oeil-coeur-dr-elan.coffre");
  EXPECT_EQ(file_name_for("../../etc/passwd"), "etc-passwd.coffre");
  EXPECT_EQ(file_name_for("東京"), "coffre.coffre");
  EXPECT_EQ(file_name_for(""), "coffre.coffre");
  EXPECT_LE(file_name_for(std::string(500, 'a')).size(), 70U);
}

TEST_F(FirstStartTest, ThreeStepsMakeAVaultAndOpenIt) {
  AppRig rig(vault_, {.knows_vault = false});
  ASSERT_TRUE(rig.driver.has("first_start.create"));
  EXPECT_EQ(rig.app->title(), "Coffre");
  answer(rig);
  ASSERT_TRUE(rig.driver.has("first_start.path"));
  const std::string path = vault_.file("new") + "/cabinet-du-chataignier.coffre";
  EXPECT_EQ(rig.driver.find("first_start.path")->text, path);
  EXPECT_FALSE(std::filesystem::exists(path)) << "nothing is made before the last step";
  rig.driver.click("first_start.next");
  rig.settle();
  rig.settle();
  ASSERT_TRUE(rig.is_in_session()) << rig.words();
  EXPECT_EQ(rig.app->services().vault.me()->name, "Zoé Œillet");
  EXPECT_EQ(rig.settings["vault"], path);
  EXPECT_EQ(rig.app->title(), "Cabinet du Châtaignier – Coffre");
}

TEST_F(FirstStartTest, AWeakPasswordOrAnotherOneAgainStopsThere) {
  AppRig rig(vault_, {.knows_vault = false});
  rig.driver.click("first_start.create");
  EXPECT_FALSE(rig.driver.enabled("first_start.next"));
  rig.driver.type("Cabinet");
  EXPECT_FALSE(rig.driver.enabled("first_start.next"));
  rig.driver.click("first_start.owner");
  rig.driver.type("Zoé");
  rig.driver.press(Key::kEnter);
  rig.draw();
  ASSERT_TRUE(rig.driver.has("first_start.strength"));
  rig.driver.type("secret");
  EXPECT_TRUE(rig.driver.shows("28 bits of the 80 needed"));
  EXPECT_FALSE(rig.driver.enabled("first_start.next"));
  rig.driver.type(" and longer words");
  EXPECT_TRUE(rig.driver.shows("Strong enough"));
  rig.driver.click("first_start.again");
  rig.driver.type("something else");
  EXPECT_TRUE(rig.driver.shows("The two passwords are not the same."));
  EXPECT_FALSE(rig.driver.enabled("first_start.next"));
}

TEST_F(FirstStartTest, BackGoesBackAndKeepsWhatWasTyped) {
  AppRig rig(vault_, {.knows_vault = false});
  rig.driver.click("first_start.create");
  rig.driver.type("Cabinet");
  rig.driver.click("first_start.owner");
  rig.driver.type("Zoé");
  rig.driver.click("first_start.next");
  rig.draw();
  rig.driver.click("first_start.back");
  rig.draw();
  EXPECT_TRUE(rig.driver.enabled("first_start.next")) << "both names are still there";
}

TEST_F(FirstStartTest, AFileThatIsThereIsNotOverwritten) {
  AppRig rig(vault_, {.knows_vault = false});
  answer(rig);
  rig.chosen.push_back({vault_.path()});
  rig.driver.click("first_start.place");
  rig.draw();
  rig.driver.click("first_start.next");
  rig.settle();
  EXPECT_TRUE(rig.driver.has("first_start.error"));
  EXPECT_FALSE(rig.is_in_session());
  EXPECT_TRUE(rig.driver.enabled("first_start.next")) << "another place can be chosen";
}

TEST_F(FirstStartTest, AVaultThatIsThereIsOpened) {
  AppRig rig(vault_, {.knows_vault = false});
  rig.chosen.push_back({vault_.path()});
  rig.driver.click("first_start.open");
  rig.settle();
  EXPECT_TRUE(rig.is_at_unlock());
  EXPECT_EQ(rig.settings["vault"], vault_.path());
}

TEST_F(FirstStartTest, AVaultDroppedOnTheWindowIsOpened) {
  AppRig rig(vault_, {.knows_vault = false});
  rig.app->files_dropped({vault_.file("photo.jpg")});
  rig.settle();
  EXPECT_TRUE(rig.driver.has("first_start.create"));
  rig.app->files_dropped({vault_.path()});
  rig.settle();
  EXPECT_TRUE(rig.is_at_unlock());
}

// The person went on while the file dialog was open.
TEST_F(FirstStartTest, APathThatComesTooLateIsDropped) {
  AppRig rig(vault_, {.knows_vault = false});
  answer(rig);
  rig.driver.click("first_start.place");
  ASSERT_TRUE(rig.unanswered);
  rig.app->files_dropped({vault_.path()});
  rig.settle();
  ASSERT_TRUE(rig.is_at_unlock());
  rig.unanswered({vault_.file("elsewhere")});
  rig.settle();
  EXPECT_TRUE(rig.is_at_unlock());
}

TEST_F(FirstStartTest, EveryStepIsWholeInBothLanguagesAndSizes) {
  for (const Language language : {Language::kEnglish, Language::kFrench}) {
    const InLanguage words(language);
    const std::string name = language == Language::kEnglish ? "en" : "fr";
    for (const float scale : {1.0F, 2.0F}) {
      AppRig rig(vault_, {.scale = scale, .knows_vault = false});
      const std::string where = name + (scale > 1 ? "_200" : "");
      rig.expect_tidy(where + " welcome");
      rig.driver.save_picture("first_start_welcome_" + where);
      rig.driver.click("first_start.create");
      rig.draw();
      rig.expect_tidy(where + " practice");
      rig.driver.save_picture("first_start_practice_" + where);
      rig.driver.type("Cabinet");
      rig.driver.press(Key::kTab);
      rig.driver.type("Zoé");
      rig.driver.press(Key::kEnter);
      rig.draw();
      rig.driver.type("weak");
      rig.draw();
      ASSERT_TRUE(rig.driver.has("first_start.strength"));
      rig.expect_tidy(where + " password");
      rig.driver.save_picture("first_start_password_" + where);
      rig.driver.type(kPassword);
      rig.driver.press(Key::kTab);
      if (!rig.driver.find("first_start.again")->focused) {
        rig.driver.press(Key::kTab);
      }
      rig.driver.type(std::string("weak") + kPassword);
      rig.driver.press(Key::kEnter);
      rig.draw();
      ASSERT_TRUE(rig.driver.has("first_start.path"));
      rig.expect_tidy(where + " place");
      rig.driver.save_picture("first_start_place_" + where);
      rig.chosen.push_back({vault_.path()});
      rig.driver.click("first_start.place");
      rig.draw();
      rig.driver.click("first_start.next");
      rig.expect_tidy(where + " at work");
      rig.settle();
      ASSERT_TRUE(rig.driver.has("first_start.error"));
      rig.expect_tidy(where + " refused");
    }
  }
}

}  // namespace
}  // namespace coffre::ui
