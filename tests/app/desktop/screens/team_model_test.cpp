#include "app/desktop/screens/team_model.h"

#include <set>

#include <gtest/gtest.h>

#include "core/crypto/password_hash.h"
#include "tests/core/vault/practice.h"

namespace coffre::test {
namespace {

using namespace ui;  // NOLINT(google-build-using-namespace): the names under test

const Person& person(const std::vector<Person>& people, std::string_view name) {
  const auto found = std::ranges::find(people, name, &Person::name);
  EXPECT_NE(found, people.end()) << name;
  return *found;
}

Id id_of(const Vault& vault, std::string_view name) {
  return vault.policy().user_by_name(name)->id;
}

class TeamModel : public testing::Test {
 protected:
  // A practitioner whom the administrator added, who chose a password of her own: her grants wait.
  void add_waiting() {
    {
      const auto admin = practice_.unlock("adm");
      ASSERT_TRUE(admin);
      ASSERT_TRUE((*admin)->add_user("jules", {"practitioner"}, secret_of(kStaffPassword)));
    }
    const auto jules = practice_.unlock("jules");
    ASSERT_TRUE(jules);
    ASSERT_TRUE((*jules)->change_password(secret_of("Cc3!jules-jules-jules"), {}));
  }
  Practice practice_;
};

TEST_F(TeamModel, WhoWaitsIsSeenByEverybodyAndApprovedByReadersOnly) {
  add_waiting();
  const auto marie = practice_.unlock("marie");
  ASSERT_TRUE(marie);
  const Policy& policy = (*marie)->policy();
  const std::vector<Person> for_marie = people_of(policy, id_of(**marie, "marie"));
  const Person& jules = person(for_marie, "jules");
  EXPECT_EQ(jules.state, PersonState::kWaiting);
  EXPECT_EQ(jules.waiting.size(), 2U);  // administrative and medical
  EXPECT_TRUE(jules.waiting[0].can_approve);
  EXPECT_EQ(why_not_approved(jules), nullptr);
  EXPECT_EQ(approvals_waiting(policy, id_of(**marie, "marie")), 2);

  const std::vector<Person> for_admin = people_of(policy, id_of(**marie, "adm"));
  EXPECT_NE(why_not_approved(person(for_admin, "jules")), nullptr);
  EXPECT_EQ(approvals_waiting(policy, id_of(**marie, "adm")), 0);
  // Billing reads the administrative compartment, not the medical one.
  EXPECT_EQ(approvals_waiting(policy, id_of(**marie, "bill")), 1);
}

TEST_F(TeamModel, AKeyThatAnAdministratorMadeIsNotApproved) {
  {
    const auto admin = practice_.unlock("adm");
    ASSERT_TRUE(admin);
    ASSERT_TRUE((*admin)->add_user("jules", {"practitioner"}, secret_of(kStaffPassword)));
  }
  const auto marie = practice_.unlock("marie");
  ASSERT_TRUE(marie);
  const std::vector<Person> people = people_of((*marie)->policy(), id_of(**marie, "marie"));
  EXPECT_EQ(person(people, "jules").state, PersonState::kProvisional);
  EXPECT_NE(why_not_approved(person(people, "jules")), nullptr);
  EXPECT_EQ(approvals_waiting((*marie)->policy(), id_of(**marie, "marie")), 0);
  // The core says the same.
  EXPECT_FALSE((*marie)->approve_grant("jules", "medical", std::nullopt));
}

TEST_F(TeamModel, RemovingNeedsAReaderOfTheSameCompartments) {
  const auto marie = practice_.unlock("marie");
  ASSERT_TRUE(marie);
  const Policy& policy = (*marie)->policy();
  const Id owner = id_of(**marie, "marie");
  const Id admin = id_of(**marie, "adm");
  const std::vector<Person> people = people_of(policy, owner);
  EXPECT_EQ(why_not_removed(policy, person(people, "prac"), owner), nullptr);
  EXPECT_NE(why_not_removed(policy, person(people, "prac"), admin), nullptr);
  EXPECT_NE(why_not_removed(policy, person(people, "marie"), owner), nullptr) << "herself";
  EXPECT_NE(why_not_removed(policy, person(people, "marie"), admin), nullptr);
  EXPECT_EQ(why_not_removed(policy, person(people, "adm"), owner), nullptr);
}

TEST_F(TeamModel, ARoleThatDestroysIsGivenByReadersOnly) {
  const auto marie = practice_.unlock("marie");
  ASSERT_TRUE(marie);
  const Policy& policy = (*marie)->policy();
  const Role& owner = *policy.role_by_name("owner");
  EXPECT_EQ(why_not_assigned(policy, owner, id_of(**marie, "marie")), nullptr);
  EXPECT_NE(why_not_assigned(policy, owner, id_of(**marie, "adm")), nullptr);
  EXPECT_EQ(why_not_assigned(policy, *policy.role_by_name("billing"), id_of(**marie, "adm")),
            nullptr);
}

TEST_F(TeamModel, WhoLeftComesLast) {
  const auto marie = practice_.unlock("marie");
  ASSERT_TRUE(marie);
  ASSERT_TRUE((*marie)->remove_user("bill"));
  const std::vector<Person> people = people_of((*marie)->policy(), id_of(**marie, "marie"));
  EXPECT_EQ(people.back().name, "bill");
  EXPECT_EQ(people.back().state, PersonState::kRemoved);
  EXPECT_TRUE(people.back().reads.empty());
  EXPECT_EQ(people.front().name, "adm");
}

TEST(FirstPassword, IsStrongReadableAndAnotherEachTime) {
  SeededRandom random(3);
  std::set<std::string> seen;
  std::set<char> characters;
  for (int count = 0; count < 200; ++count) {
    const Result<Secret> password = first_password(random);
    ASSERT_TRUE(password);
    const std::string text(as_text(password->expose()));
    EXPECT_EQ(text.size(), 24U);
    EXPECT_GE(password_bits(text), kPasswordBitsMin);
    EXPECT_EQ(text.find_first_of("01ilo"), std::string::npos) << text;
    EXPECT_TRUE(seen.insert(text).second);
    characters.insert(text.begin(), text.end());
  }
  EXPECT_EQ(characters.size(), 32U) << "all thirty-one are used, and the dash";
}

}  // namespace
}  // namespace coffre::test
