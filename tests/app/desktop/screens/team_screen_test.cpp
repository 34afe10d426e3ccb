#include "app/desktop/screens/team_screen.h"

#include <gtest/gtest.h>

#include "tests/app/desktop/screens/screen_rig.h"

namespace coffre::test {
namespace {

void show_team(ScreenRig& rig) {
  rig.show(std::make_unique<ui::TeamScreen>(rig.services()));
  rig.settle();
}

// The row of somebody in the list, by what is drawn in it.
void choose_person(ScreenRig& rig, std::string_view name) {
  const ui::SeenWidget* tag = rig.driver().find("team.state." + std::string(name));
  ASSERT_NE(tag, nullptr) << name;
  rig.driver().click_at({tag->min.x - 4, (tag->min.y + tag->max.y) / 2});
  rig.settle();
  ASSERT_TRUE(rig.driver().has("team.side.state")) << name;
}

void add_waiting(VaultFixture& vault) {
  {
    const auto admin = vault.practice().unlock("adm");
    ASSERT_TRUE(admin);
    ASSERT_TRUE((*admin)->add_user("jules", {"practitioner"}, secret_of(kStaffPassword)));
  }
  const auto jules = vault.practice().unlock("jules");
  ASSERT_TRUE(jules);
  ASSERT_TRUE((*jules)->change_password(secret_of("Cc3!jules-jules-jules"), {}));
}

TEST(TeamScreen, ShowsEverybodyWithRolesAndState) {
  VaultFixture vault;
  ScreenRig rig(vault);
  rig.show(std::make_unique<ui::TeamScreen>(rig.services()));
  EXPECT_TRUE(rig.driver().shows("The team is being read"));
  rig.settle();
  for (const char* name : {"adm", "bill", "marie", "prac", "priv", "sec"}) {
    EXPECT_TRUE(rig.driver().has("team.state." + std::string(name))) << name;
  }
  EXPECT_TRUE(rig.driver().shows("Practitioner"));
  EXPECT_TRUE(rig.driver().shows("marie (you)"));
  rig.expect_tidy();
  rig.driver().save_picture("team");
}

TEST(TeamScreen, TheMatrixSaysWhoCanDoWhat) {
  VaultFixture vault;
  ScreenRig rig(vault, {.size = {1280, 1400}});
  show_team(rig);
  const auto can = [&](const char* id) {
    const ui::SeenWidget* cell = rig.driver().find(id);
    return cell == nullptr ? std::string("?") : cell->text;
  };
  EXPECT_EQ(can("team.can.practitioner.medical"), "reads, files, changes, exports");
  EXPECT_EQ(can("team.can.secretary.medical"), "files");
  EXPECT_EQ(can("team.can.billing.medical"), "");
  EXPECT_EQ(can("team.can.owner.journal"), "reads");
}

TEST(TeamScreen, WhatAnAccountMayNotDoIsNotThere) {
  VaultFixture vault;
  ScreenRig rig(vault, {.user = "prac"});
  show_team(rig);
  EXPECT_FALSE(rig.driver().has("team.add"));
  EXPECT_FALSE(rig.driver().has("team.new_role"));
  EXPECT_FALSE(rig.driver().has("team.edit_role.0"));
  EXPECT_FALSE(rig.run("team.add"));
  choose_person(rig, "bill");
  for (const char* id : {"team.reset", "team.suspend", "team.remove", "team.role_of.billing"}) {
    EXPECT_FALSE(rig.driver().has(id)) << id;
  }
}

TEST(TeamScreen, AReaderApprovesTheKeyThatIsShown) {
  VaultFixture vault;
  add_waiting(vault);
  vault.add_document("medical", "Bilan", sample_bytes(100));
  ScreenRig rig(vault);
  show_team(rig);
  EXPECT_EQ(rig.screen().badge(), 2);
  choose_person(rig, "jules");
  EXPECT_TRUE(rig.driver().shows("Documents there today: 1"));
  const Hash key = rig.vault().policy()->user_by_name("jules")->key_id;
  EXPECT_TRUE(rig.driver().shows(to_hex(key.view().first(2)) + " "));
  rig.expect_tidy();
  rig.driver().save_picture("team_approval");
  rig.click("team.approve");
  EXPECT_EQ(rig.screen().badge(), 0);
  EXPECT_FALSE(rig.driver().has("team.approve"));
  const auto policy = rig.vault().policy();
  EXPECT_TRUE(policy->is_reader(*policy->user_by_name("jules"),
                                policy->compartment_by_name("medical")->id));
}

TEST(TeamScreen, AnAdministratorIsToldWhyNotToApprove) {
  VaultFixture vault;
  add_waiting(vault);
  ScreenRig rig(vault, {.user = "adm"});
  show_team(rig);
  EXPECT_EQ(rig.screen().badge(), 0);
  choose_person(rig, "jules");
  EXPECT_FALSE(rig.driver().has("team.approve"));
  EXPECT_TRUE(rig.driver().shows("an administrator cannot"));
}

TEST(TeamScreen, ANewPersonGetsAPasswordThatIsShownOnce) {
  VaultFixture vault;
  std::string password;
  {
    ScreenRig rig(vault);
    show_team(rig);
    ASSERT_TRUE(rig.run("team.add"));
    EXPECT_FALSE(rig.driver().enabled("team.add.go"));
    rig.driver().type("Jules Sy");
    rig.driver().frames(2);
    rig.click("team.add.role.billing");
    rig.expect_tidy();
    rig.driver().save_picture("team_add");
    rig.click("team.add.go");
    ASSERT_TRUE(rig.driver().has("team.password.copy"));
    for (const ui::SeenWidget& widget : rig.driver().seen()) {
      if (widget.text.size() == 24 && widget.text[4] == '-' && widget.text[9] == '-') {
        password = widget.text;
      }
    }
    ASSERT_FALSE(password.empty());
    rig.expect_tidy();
    rig.click("team.password.done");
    EXPECT_FALSE(rig.driver().shows(password));
    EXPECT_TRUE(rig.driver().has("team.state.Jules Sy"));
  }
  // The password that was shown opens the account; its role is there.
  const auto jules = vault.practice().unlock_at(vault.path(), "Jules Sy", password, "first");
  ASSERT_TRUE(jules) << jules.error().what;
  EXPECT_EQ((*jules)->me()->roles, std::vector<std::string>{"billing"});
}

TEST(TeamScreen, AddingIsReachedFromTheKeyboardAndItsNameComesBack) {
  VaultFixture vault;
  std::string draft;
  {
    ScreenRig rig(vault);
    show_team(rig);
    EXPECT_EQ(rig.screen().draft(), "");
    rig.driver().press(ui::letter('N'), true, true);
    rig.settle();
    ASSERT_TRUE(rig.driver().has("team.add.go"));
    rig.driver().type("Jules Sy");
    rig.driver().frames(2);
    draft = rig.screen().draft();
  }
  ScreenRig rig(vault);
  show_team(rig);
  rig.screen().restore("[1]");
  EXPECT_FALSE(rig.driver().has("team.add.go"));
  rig.screen().restore(draft);
  rig.settle();
  EXPECT_TRUE(rig.driver().has("team.add.go"));
  EXPECT_EQ(rig.screen().draft(), draft);
}

TEST(TeamScreen, ANameThatIsTakenIsSaidInTheSheet) {
  VaultFixture vault;
  ScreenRig rig(vault);
  show_team(rig);
  rig.run("team.add");
  rig.driver().type("prac");
  rig.driver().frames(2);
  rig.click("team.add.go");
  EXPECT_TRUE(rig.driver().has("team.sheet.error"));
  EXPECT_TRUE(rig.driver().has("team.add.go")) << "what was typed is still there";
  rig.expect_tidy();
  rig.driver().press(ui::Key::kEscape);
  rig.settle();
  EXPECT_FALSE(rig.driver().has("team.add.go"));
}

TEST(TeamScreen, RolesAreGivenAndTaken) {
  VaultFixture vault;
  ScreenRig rig(vault, {.size = {1280, 1400}});
  show_team(rig);
  choose_person(rig, "sec");
  rig.click("team.role_of.billing");
  const auto roles = [&] { return rig.vault().policy()->user_by_name("sec")->roles.size(); };
  EXPECT_EQ(roles(), 2U);
  rig.click("team.role_of.billing");
  EXPECT_EQ(roles(), 1U);
}

TEST(TeamScreen, SuspendedAndBack) {
  VaultFixture vault;
  ScreenRig rig(vault, {.size = {1280, 1400}});
  show_team(rig);
  choose_person(rig, "sec");
  rig.click("team.suspend");
  EXPECT_EQ(rig.vault().policy()->user_by_name("sec")->state, UserState::kSuspended);
  EXPECT_TRUE(rig.driver().shows("stays at risk"));
  rig.click("team.suspend");
  EXPECT_EQ(rig.vault().policy()->user_by_name("sec")->state, UserState::kActive);
}

TEST(TeamScreen, RemovingShowsWhatCouldBeReadBeforeAndAfter) {
  VaultFixture vault;
  vault.add_document("medical", "Bilan", sample_bytes(100));
  ScreenRig rig(vault, {.size = {1280, 1400}});
  show_team(rig);
  choose_person(rig, "prac");
  rig.click("team.remove");
  EXPECT_TRUE(rig.driver().shows("Medical, documents: 1"));
  EXPECT_EQ(rig.vault().policy()->user_by_name("prac")->state, UserState::kActive) << "it asks";
  rig.expect_tidy();
  rig.driver().save_picture("team_remove");
  rig.click("team.remove.go");
  EXPECT_EQ(rig.vault().policy()->user_by_name("prac")->state, UserState::kRemoved);
  EXPECT_TRUE(rig.driver().shows("may have kept copies of"));
  EXPECT_TRUE(rig.driver().shows("Medical, documents: 1"));
  rig.expect_tidy();
  rig.click("team.removed.done");
  EXPECT_FALSE(rig.driver().has("team.removed.done"));
}

TEST(TeamScreen, AnAdministratorCannotRemoveAReaderAndReadsWhy) {
  VaultFixture vault;
  ScreenRig rig(vault, {.user = "adm", .size = {1280, 1400}});
  show_team(rig);
  choose_person(rig, "prac");
  ASSERT_TRUE(rig.driver().has("team.remove"));
  EXPECT_FALSE(rig.driver().enabled("team.remove"));
}

TEST(TeamScreen, ANewRoleIsDefinedAndAnOldOneChanged) {
  VaultFixture vault;
  ScreenRig rig(vault, {.size = {1280, 1400}});
  show_team(rig);
  ASSERT_TRUE(rig.run("team.new_role"));
  rig.driver().type("stagiaire");
  rig.driver().frames(2);
  rig.click("team.role.0.read");  // administrative comes first
  rig.expect_tidy();
  rig.driver().save_picture("team_role");
  rig.click("team.role.go");
  const Role* made = rig.vault().policy()->role_by_name("stagiaire");
  ASSERT_NE(made, nullptr);
  EXPECT_EQ(made->rights.size(), 1U);
  EXPECT_EQ(made->rights.begin()->second, right::kRead);
  EXPECT_FALSE(rig.driver().has("team.role.go")) << "the sheet closes";
  rig.run("team.new_role");
  rig.driver().type("Stagiaire");
  rig.driver().frames(3);
  EXPECT_FALSE(rig.driver().enabled("team.role.go")) << "a taken name changes no role";
}

TEST(TeamScreen, RightsThatTheSheetDoesNotOfferStayAsTheyAre) {
  VaultFixture vault;
  ScreenRig rig(vault, {.size = {1280, 1600}});
  show_team(rig);
  const auto rights_of = [&](const char* role) {
    return rig.vault().policy()->role_by_name(role)->rights;
  };
  const auto before = rights_of("owner");
  rig.click("team.edit_role.0");  // the owner's role may do most
  ASSERT_TRUE(rig.driver().shows("Role: Owner"));
  rig.click("team.role.go");
  EXPECT_EQ(rights_of("owner"), before);
}

TEST(TeamScreen, TheSearchFindsPeople) {
  VaultFixture vault;
  ScreenRig rig(vault);
  show_team(rig);
  EXPECT_TRUE(rig.screen().search("PRA"));
  rig.settle();
  EXPECT_TRUE(rig.driver().has("team.state.prac"));
  EXPECT_FALSE(rig.driver().has("team.state.sec"));
  static_cast<void>(rig.screen().search("zzz"));
  rig.settle();
  EXPECT_TRUE(rig.driver().has("team.none"));
}

TEST(TeamScreen, AFailureIsSaidAndTriedAgain) {
  VaultFixture vault;
  ScreenRig rig(vault);
  rig.vault().lock(LockCause::kRequest);
  rig.vault().wait_until_idle();
  rig.show(std::make_unique<ui::TeamScreen>(rig.services()));
  rig.settle();
  EXPECT_TRUE(rig.driver().has("team.error"));
  EXPECT_TRUE(rig.driver().has("team.retry"));
  rig.expect_tidy();
}

class TeamLooks : public testing::TestWithParam<Look> {};

TEST_P(TeamLooks, NothingIsCut) {
  const InLanguage language(GetParam().language);
  VaultFixture vault;
  add_waiting(vault);
  ScreenRig rig(vault, {.scale = GetParam().scale, .size = GetParam().size});
  rig.show(std::make_unique<ui::TeamScreen>(rig.services()));
  rig.driver().frames(2);
  rig.expect_tidy();
  rig.settle();
  rig.expect_tidy();
  for (const char* name : {"jules", "prac"}) {
    static_cast<void>(rig.screen().search(name));  // into sight, however low the window is
    rig.settle();
    choose_person(rig, name);
    rig.expect_tidy();
    if (rig.driver().has("team.back")) {
      rig.click("team.back");
    }
  }
  for (const char* command : {"team.add", "team.new_role"}) {
    ASSERT_TRUE(rig.run(command));
    rig.expect_tidy();
    rig.driver().press(ui::Key::kEscape);
    rig.settle();
  }
}

INSTANTIATE_TEST_SUITE_P(All, TeamLooks, testing::ValuesIn(kLooks));

}  // namespace
}  // namespace coffre::test
