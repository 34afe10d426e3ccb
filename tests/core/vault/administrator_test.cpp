// The administrator makes accounts, knows their first passwords, and never reads a medical
// document.
#include "tests/core/vault/expect.h"
#include "tests/core/vault/practice.h"

namespace coffre::test {
namespace {

constexpr const char* kFirst = "Dd4#first-first-first";
constexpr const char* kOwn = "Ee5%mine-mine-mine-x";

UserView user_named(Vault& vault, const std::string& name) {
  for (const UserView& user : must(vault.users())) {
    if (user.name == name) {
      return user;
    }
  }
  throw std::runtime_error("no such user");
}

bool reads(Vault& vault, const std::string& name, const std::string& compartment) {
  for (const GrantView& grant : user_named(vault, name).grants) {
    if (grant.compartment_name == compartment) {
      return grant.live;
    }
  }
  return false;
}

class AdministratorTest : public ::testing::Test {
 protected:
  AdministratorTest() {
    const auto practitioner = must(practice_.unlock("prac"));
    medical_ = compartment_of(*practitioner, "medical");
    document_ = must(file_document(*practitioner, "medical", practice_.patient(), content_));
  }
  std::unique_ptr<Vault> docb(const std::string& password) {
    return must(practice_.unlock_at(practice_.path(), "docb", password, "second"));
  }
  void expect_reads_nothing(Vault& vault) {
    EXPECT_TRUE(titles(vault).empty());
    EXPECT_TRUE(refused(vault.document(document_), Code::kDenied));
    EXPECT_TRUE(refused(content_of(vault, document_), Code::kDenied));
    EXPECT_TRUE(must(vault.patients({})).empty());
    const std::uint32_t epochs = vault.policy().compartment(medical_)->epoch();
    for (std::uint32_t epoch = 1; epoch <= epochs; ++epoch) {
      EXPECT_EQ(vault.impl().keyring.epoch(medical_, epoch), nullptr);
    }
  }
  void add_docb() {
    const auto administrator = must(practice_.unlock("adm"));
    must(administrator->add_user("docb", {"practitioner"}, secret_of(kFirst)));
  }

  Practice practice_;
  Bytes content_ = sample_bytes(4000);
  Id document_;
  Id medical_;
};

TEST_F(AdministratorTest, ANewAccountReadsNothingBeforeTheFirstUnlock) {
  add_docb();
  const auto owner = must(practice_.unlock("marie"));
  EXPECT_EQ(user_named(*owner, "docb").state, "provisional");
  EXPECT_FALSE(reads(*owner, "docb", "medical"));
  std::size_t waiting = 0;
  for (const WaitingGrant& grant : must(owner->waiting_grants())) {
    waiting += grant.user == "docb" && !grant.own_key ? 1 : 0;
  }
  EXPECT_EQ(waiting, 2U);  // administrative and medical
  // A reader cannot approve a key that the administrator could use.
  EXPECT_TRUE(refused(owner->approve_grant("docb", "medical", {}), Code::kDenied));
  const auto session = docb(kFirst);
  EXPECT_TRUE(must(session->needs_own_password()));
  expect_reads_nothing(*session);
}

TEST_F(AdministratorTest, NeverReadsWithTheFirstPasswordAfterTheApproval) {
  add_docb();
  {
    const auto session = docb(kFirst);
    must(session->change_password(secret_of(kOwn), {}));
    EXPECT_FALSE(must(session->needs_own_password()));
    expect_reads_nothing(*session);
  }
  const auto owner = must(practice_.unlock("marie"));
  EXPECT_NE(user_named(*owner, "docb").state, "provisional");
  const Hash key = user_named(*owner, "docb").key_id;
  Hash other = key;
  other.bytes[0] = static_cast<Byte>(other.bytes[0] ^ 1U);
  EXPECT_TRUE(refused(owner->approve_grant("docb", "medical", other), Code::kDenied));
  EXPECT_TRUE(ok(owner->approve_grant("docb", "medical", key)));
  EXPECT_TRUE(refused(owner->approve_grant("docb", "medical", key), Code::kExists));
  EXPECT_TRUE(
      refused(practice_.unlock_at(practice_.path(), "docb", kFirst, "third"), Code::kCredentials));
  const auto session = docb(kOwn);
  EXPECT_EQ(must(content_of(*session, document_)), content_);
}

TEST_F(AdministratorTest, AResetMakesTheAccountWaitAgain) {
  must(must(practice_.unlock("adm"))->reset_password("prac", secret_of(kFirst)));
  EXPECT_TRUE(refused(practice_.unlock("prac"), Code::kCredentials));
  const auto session = must(practice_.unlock_at(practice_.path(), "prac", kFirst, "second"));
  expect_reads_nothing(*session);
  const auto owner = must(practice_.unlock("marie"));
  EXPECT_TRUE(refused(owner->approve_grant("prac", "medical", {}), Code::kDenied));
  must(session->change_password(secret_of(kOwn), {}));
  expect_reads_nothing(*session);
  must(owner->approve_grant("prac", "medical", {}));
  EXPECT_EQ(must(content_of(*session, document_)), content_);
}

TEST_F(AdministratorTest, AnOpenSessionEndsWhenItsKeyIsReplaced) {
  const auto practitioner = must(practice_.unlock("prac", "second"));
  must(must(practice_.unlock("adm"))->reset_password("prac", secret_of(kFirst)));
  EXPECT_TRUE(refused(practitioner->document(document_), Code::kLocked));
  EXPECT_EQ(practitioner->state(), SessionState::kLocked);
  EXPECT_EQ(practitioner->lock_cause(), LockCause::kRevoked);
}

TEST_F(AdministratorTest, AReadersResetIsGrantedAtOnce) {
  must(must(practice_.unlock("marie"))->reset_password("prac", secret_of(kFirst)));
  const auto session = must(practice_.unlock_at(practice_.path(), "prac", kFirst, "second"));
  EXPECT_EQ(must(content_of(*session, document_)), content_);
  must(session->change_password(secret_of(kOwn), {}));
  EXPECT_EQ(must(content_of(*session, document_)), content_);
  const auto again = must(practice_.unlock_at(practice_.path(), "prac", kOwn, "second"));
  EXPECT_EQ(must(content_of(*again, document_)), content_);
}

TEST_F(AdministratorTest, CompartmentsAreNotHersToRenameOrToCopy) {
  const auto administrator = must(practice_.unlock("adm"));
  EXPECT_TRUE(refused(administrator->rename_compartment("medical", "autre"), Code::kDenied));
  EXPECT_TRUE(refused(administrator->add_compartment("autre", "medical"), Code::kDenied));
  EXPECT_TRUE(refused(administrator->add_compartment("autre", "inconnu"), Code::kDenied));
  const auto owner = must(practice_.unlock("marie"));
  must(owner->rename_compartment("medical", "soins"));
  expect_reads_nothing(*administrator);
  must(owner->add_compartment("radiologie", "soins"));
  const Id id = must(file_document(*owner, "radiologie", practice_.patient(), sample_bytes(100)));
  EXPECT_TRUE(refused(administrator->document(id), Code::kDenied));
  EXPECT_TRUE(ok(must(practice_.unlock("prac"))->document(id)));
}

TEST_F(AdministratorTest, ARoleThatSheGivesHerselfWaitsForAReader) {
  const auto administrator = must(practice_.unlock("adm"));
  must(administrator->define_role(
      "curieuse", 0,
      {{"medical", right::kRead | right::kExport}, {"administrative", right::kRead}}));
  must(administrator->assign_role("adm", "curieuse", false));
  EXPECT_FALSE(reads(*administrator, "adm", "medical"));
  expect_reads_nothing(*administrator);
  EXPECT_TRUE(refused(administrator->approve_grant("adm", "medical", {}), Code::kDenied));
  // Her own role, widened.
  must(administrator->define_role("administrator", vault_right::kAll, {{"medical", right::kRead}}));
  expect_reads_nothing(*administrator);
  const auto again = must(practice_.unlock("adm"));
  expect_reads_nothing(*again);
}

TEST_F(AdministratorTest, CannotApproveNorGiveTheOwnersRole) {
  add_docb();
  must(docb(kFirst)->change_password(secret_of(kOwn), {}));
  const auto administrator = must(practice_.unlock("adm"));
  EXPECT_TRUE(refused(administrator->approve_grant("docb", "medical", {}), Code::kDenied));
  EXPECT_TRUE(refused(administrator->assign_role("adm", "owner", false), Code::kDenied));
  EXPECT_TRUE(refused(administrator->assign_role("docb", "owner", false), Code::kDenied));
  EXPECT_TRUE(
      refused(administrator->define_role("mienne", 0, {{"medical", right::kAll}}), Code::kDenied));
  EXPECT_TRUE(
      refused(administrator->add_user("complice", {"owner"}, secret_of(kFirst)), Code::kDenied));
  EXPECT_TRUE(refused(administrator->journal({}, {}), Code::kDenied));
}

TEST_F(AdministratorTest, ARefusedChangeLeavesNothingBehind) {
  const auto administrator = must(practice_.unlock("adm"));
  EXPECT_TRUE(
      refused(administrator->add_user("complice", {"owner"}, secret_of(kFirst)), Code::kDenied));
  EXPECT_EQ(administrator->policy().user_by_name("complice"), nullptr);
  must(administrator->add_user("docb", {"secretary"}, secret_of(kFirst)));
  EXPECT_TRUE(must(administrator->verify(true)).damaged.empty());
}

}  // namespace
}  // namespace coffre::test
