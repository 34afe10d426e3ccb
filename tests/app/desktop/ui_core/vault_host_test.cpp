#include "app/desktop/ui_core/vault_host.h"

#include <algorithm>
#include <atomic>

#include <gtest/gtest.h>

#include "tests/app/desktop/support/vault_fixture.h"

namespace coffre::ui {
namespace {

using test::VaultFixture;

class VaultHostTest : public testing::Test {
 protected:
  void settle() {
    host_->wait_until_idle();
    jobs_.drain();
  }
  void open() {
    Status opened = fail(Code::kFailed, "");
    host_->open(fixture_.path(), [&](const Status& status) { opened = status; });
    settle();
    ASSERT_TRUE(opened) << opened.error().what;
  }
  Status unlock(const std::string& user) {
    Status unlocked = fail(Code::kFailed, "no answer");
    host_->unlock(VaultFixture::credentials(user),
                  [&](const Status& status) { unlocked = status; });
    settle();
    return unlocked;
  }

  std::atomic<int> ended_{0};  // sessions, by the listener, which lives as long as the host
  VaultFixture fixture_;
  Jobs jobs_{1};
  std::unique_ptr<VaultHost> host_ = std::make_unique<VaultHost>(fixture_.environment(), jobs_);
};

TEST_F(VaultHostTest, KnowsWhoIsUnlockedAndWhatTheyMay) {
  EXPECT_FALSE(host_->is_open());
  EXPECT_EQ(host_->policy(), nullptr);
  open();
  ASSERT_NE(host_->policy(), nullptr);
  EXPECT_EQ(host_->policy()->practice(), "Cabinet des Tilleuls");
  EXPECT_EQ(host_->me(), nullptr);
  EXPECT_EQ(host_->vault_rights(), 0);
  ASSERT_TRUE(unlock("sec"));
  ASSERT_NE(host_->me(), nullptr);
  EXPECT_EQ(host_->me()->name, "sec");
  const Id medical = host_->policy()->compartment_by_name("medical")->id;
  const Id administrative = host_->policy()->compartment_by_name("administrative")->id;
  EXPECT_EQ(host_->rights(medical), right::kDeposit);
  EXPECT_FALSE(host_->can_read(medical));
  EXPECT_TRUE(host_->can_read(administrative));
  EXPECT_EQ(host_->vault_rights(), 0);
  EXPECT_GT(host_->remaining_ms(), 0);
}

TEST_F(VaultHostTest, AWrongPasswordIsNoEndOfASession) {
  open();
  host_->on_locked([&] { ++ended_; });
  Status refused;
  host_->unlock({"marie", test::secret_of("Cc3#not-this-password"), {}},
                [&](const Status& status) { refused = status; });
  settle();
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Code::kCredentials);
  EXPECT_EQ(ended_, 0);
}

TEST_F(VaultHostTest, ALockDoesNotWaitForTheQueueAndIsJournaledBeforeTheNextUnlock) {
  open();
  host_->on_locked([&] {
    ++ended_;
    ended_.notify_all();
  });
  ASSERT_TRUE(unlock("prac"));
  std::atomic<bool> began{false};
  std::atomic<bool> may_go_on{false};
  host_->ask<void>(
      [&](Vault&) -> Status {
        began = true;
        began.notify_all();
        may_go_on.wait(false);
        return {};
      },
      [](const Status&) {});
  Code after = Code::kFailed;
  host_->ask<std::vector<Patient>>([](Vault& vault) { return vault.patients({}); },
                                   [&](const Result<std::vector<Patient>>& result) {
                                     after = result ? Code::kFailed : result.error().code;
                                   });
  began.wait(false);
  host_->lock(LockCause::kRequest);
  ended_.wait(0);
  EXPECT_EQ(host_->me(), nullptr);
  EXPECT_EQ(host_->rights(host_->policy()->compartment_by_name("medical")->id), 0);
  may_go_on = true;
  may_go_on.notify_all();
  // What was asked before the lock meets a locked vault, though somebody else unlocks next.
  ASSERT_TRUE(unlock("marie"));
  EXPECT_EQ(after, Code::kLocked);
  Result<std::vector<JournalLine>> lines = fail(Code::kFailed, "");
  host_->ask<std::vector<JournalLine>>(
      [](Vault& vault) { return vault.journal({}, {}); },
      [&](Result<std::vector<JournalLine>> result) { lines = std::move(result); });
  settle();
  ASSERT_TRUE(lines);
  std::ranges::sort(*lines, {}, &JournalLine::sequence);
  std::vector<Action> actions;
  for (const JournalLine& line : *lines) {
    if (line.action == Action::kUnlock || line.action == Action::kLock) {
      actions.push_back(*line.action);
    }
  }
  ASSERT_GE(actions.size(), 3U);
  const std::vector<Action> last(actions.end() - 3, actions.end());
  EXPECT_EQ(last, (std::vector<Action>{Action::kUnlock, Action::kLock, Action::kUnlock}));
}

TEST_F(VaultHostTest, ALockThatIsAskedForDuringAnUnlockWins) {
  open();
  Status unlocked;
  host_->unlock(VaultFixture::credentials("marie"),
                [&](const Status& status) { unlocked = status; });
  host_->lock(LockCause::kSuspend);
  settle();
  ASSERT_FALSE(unlocked);
  EXPECT_EQ(unlocked.error().code, Code::kLocked);
  EXPECT_EQ(host_->state(), SessionState::kLocked);
  EXPECT_EQ(host_->me(), nullptr);
}

TEST_F(VaultHostTest, WithoutAVaultNothingIsAskedOfOne) {
  bool asked = false;
  host_->ask<void>(
      [&](Vault&) -> Status {
        asked = true;
        return {};
      },
      [&](const Status&) { asked = true; });
  settle();
  EXPECT_FALSE(asked);
  EXPECT_EQ(host_->state(), SessionState::kLocked);
  EXPECT_EQ(host_->remaining_ms(), 0);
  host_->renew();
  host_->lock(LockCause::kRequest);
  settle();
}

TEST_F(VaultHostTest, TheEndOfTheProgramLocksAndJournalsIt) {
  open();
  ASSERT_TRUE(unlock("marie"));
  host_.reset();
  const auto vault = fixture_.practice().unlock("marie", "second");
  ASSERT_TRUE(vault);
  const auto lines = (*vault)->journal({}, {});
  ASSERT_TRUE(lines);
  EXPECT_TRUE(std::ranges::any_of(
      *lines, [](const JournalLine& line) { return line.action == Action::kLock; }));
}

TEST_F(VaultHostTest, AFileThatIsNoVaultLeavesNoneOpen) {
  open();
  Status opened;
  host_->open(fixture_.file("missing.coffre"), [&](const Status& status) { opened = status; });
  settle();
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, Code::kNotFound);
  EXPECT_FALSE(host_->is_open());
  EXPECT_EQ(host_->policy(), nullptr);
}

}  // namespace
}  // namespace coffre::ui
