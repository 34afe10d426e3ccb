// The lock: from whatever the program is doing to a page that knows nothing of the session.
#include <algorithm>
#include <condition_variable>
#include <future>
#include <mutex>
#include <optional>

#include "app/desktop/ui_core/covers.h"
#include "app/desktop/ui_core/drafts.h"
#include "app/desktop/ui_core/focus.h"
#include "tests/app/desktop/ui_core/app_rig.h"
#include "tests/support/fake_os.h"

namespace coffre::ui {
namespace {

using test::AppRig;
using test::InLanguage;
using test::lives;
using test::VaultFixture;

constexpr std::int64_t kIdleMs = 300'000;  // of the template's policy

class LockTest : public testing::Test {
 protected:
  InLanguage english_{Language::kEnglish};
  VaultFixture vault_;
};

void expect_nothing_left(const AppRig& rig) {
  EXPECT_TRUE(rig.is_at_unlock());
  EXPECT_EQ(lives().alive, 0);
  EXPECT_FALSE(rig.driver.shows("Lefèvre"));
  EXPECT_FALSE(rig.driver.has("rail.dossiers"));
  EXPECT_FALSE(rig.driver.has("top.search"));
}

TEST_F(LockTest, CtrlLLocksAtOnce) {
  AppRig rig(vault_);
  rig.unlock("marie");
  EXPECT_TRUE(rig.driver.shows("Lefèvre, Zoé"));
  EXPECT_FALSE(rig.app->take_wipe_request());
  rig.driver.press(letter('L'), true);
  // The very next frame, whether the keys are gone yet or not.
  expect_nothing_left(rig);
  EXPECT_TRUE(rig.driver.shows("The vault is locked."));
  rig.wait_for_lock(1);
  rig.settle();
  EXPECT_TRUE(rig.app->is_locked());
  EXPECT_TRUE(rig.app->take_wipe_request());
  EXPECT_FALSE(rig.app->take_wipe_request()) << "once a lock";
}

// The interface hangs: nobody calls tick(). The keys go, and what shows pixels is killed.
TEST_F(LockTest, IdlenessLocksThoughTheInterfaceHangs) {
  AppRig rig(vault_);
  rig.unlock("marie");
  rig.driver.clock().advance(kIdleMs + 1);
  rig.wait_for_lock(1);
  EXPECT_EQ(lives().killed, 1);
  EXPECT_EQ(lives().alive, 1) << "nobody drew yet";
  rig.draw();
  expect_nothing_left(rig);
  EXPECT_TRUE(rig.driver.shows("The vault locked after 5 minutes without activity."));
}

TEST_F(LockTest, AnotherThreadLocksThoughTheInterfaceHangs) {
  AppRig rig(vault_);
  rig.unlock("marie");
  std::thread([&] { rig.app->request_lock(LockCause::kSuspend); }).join();
  rig.wait_for_lock(1);
  EXPECT_EQ(lives().killed, 1);
  rig.settle();
  expect_nothing_left(rig);
  EXPECT_TRUE(rig.driver.shows("The vault locked because the computer went to sleep."));
}

TEST_F(LockTest, ThePasswordHasTheKeyboardInTheContextThatComesAfterTheLock) {
  AppRig rig(vault_);
  rig.unlock("marie");
  rig.driver.press(letter('L'), true);
  rig.settle();
  ASSERT_TRUE(rig.app->take_wipe_request());
  focus::reset();
  EXPECT_TRUE(rig.app->wants_frame());
  rig.draw();
  ASSERT_TRUE(rig.driver.has("unlock.password"));
  EXPECT_TRUE(rig.driver.find("unlock.password")->focused);
}

TEST_F(LockTest, ActivityKeepsItOpen) {
  AppRig rig(vault_);
  rig.unlock("marie");
  for (int i = 0; i < 5; ++i) {
    rig.driver.clock().advance(kIdleMs - 1'000);
    rig.app->activity();
    rig.draw();
  }
  EXPECT_TRUE(rig.is_in_session());
}

TEST_F(LockTest, TheNoticeCountsDownAndAnyKeyEndsIt) {
  AppRig rig(vault_);
  rig.unlock("marie");
  EXPECT_FALSE(rig.driver.has("lock_notice"));
  rig.driver.clock().advance(kIdleMs - 30'000);
  EXPECT_TRUE(rig.app->wants_frame());
  rig.draw();
  ASSERT_TRUE(rig.driver.has("lock_notice"));
  EXPECT_TRUE(rig.driver.shows("locks in 30 s"));
  rig.expect_tidy("notice");
  EXPECT_FALSE(rig.app->wants_frame());
  EXPECT_LE(rig.app->next_frame_in_ms(), 1'000);
  rig.driver.clock().advance(11'000);
  rig.draw();
  EXPECT_TRUE(rig.driver.shows("locks in 19 s"));
  rig.driver.press(Key::kDown);
  rig.draw();
  EXPECT_FALSE(rig.driver.has("lock_notice"));
  EXPECT_TRUE(rig.is_in_session());
}

TEST_F(LockTest, AnIdleWindowHasNothingToDrawForAWholeMinute) {
  AppRig rig(vault_);
  rig.unlock("marie");
  rig.settle();
  EXPECT_FALSE(rig.app->wants_frame());
  EXPECT_TRUE(rig.driver.shows("5 min"));
  EXPECT_GT(rig.app->next_frame_in_ms(), 50'000);
  rig.driver.clock().advance(59'000);
  EXPECT_FALSE(rig.app->wants_frame());
  rig.driver.clock().advance(2'000);
  EXPECT_TRUE(rig.app->wants_frame());
  rig.draw();
  EXPECT_TRUE(rig.driver.shows("4 min"));
}

TEST_F(LockTest, TheTimeLeftIsShownMoreExactlyTowardsTheEnd) {
  struct Case {
    std::int64_t ms;
    const char* words;
    std::int64_t next_ms;
  };
  for (const Case& at :
       {Case{300'000, "5 min", 60'000}, Case{240'001, "5 min", 1}, Case{60'001, "2 min", 1},
        Case{60'000, "60 s", 10'000}, Case{45'000, "50 s", 5'000}, Case{30'000, "30 s", 1'000},
        Case{1'500, "2 s", 500}, Case{1, "1 s", 1}, Case{0, "0 s", 0}}) {
    const ShownTime time = shown_time(at.ms);
    EXPECT_EQ(text_of(time), at.words) << at.ms;
    EXPECT_EQ(time.next_change_ms, at.next_ms) << at.ms;
  }
}

TEST_F(LockTest, ALockWhileJobsRunStopsThemAndDiscardsWhatTheyBring) {
  AppRig rig(vault_);
  rig.unlock("marie");
  lives().must_hold = true;
  rig.driver.press(letter('J'), true);
  lives().began.wait(0);
  EXPECT_EQ(rig.app->services().jobs.shown().size(), 2U);
  EXPECT_TRUE(rig.driver.has("status.cancel"));
  EXPECT_LE(rig.app->next_frame_in_ms(), 100);
  rig.driver.press(letter('L'), true);
  expect_nothing_left(rig);
  rig.settle();
  EXPECT_EQ(lives().stopped, 1);
  EXPECT_EQ(lives().late_results, 0);
  EXPECT_TRUE(rig.app->is_locked());
}

TEST_F(LockTest, ALockWhileASheetIsOpenClosesIt) {
  AppRig rig(vault_);
  rig.unlock("marie");
  rig.driver.press(letter('E'), true);
  ASSERT_TRUE(rig.driver.has("test.sheet_field"));
  rig.driver.type("Zoé Lefèvre");
  rig.driver.press(letter('L'), true);
  rig.settle();
  expect_nothing_left(rig);
  EXPECT_FALSE(rig.driver.has("test.sheet_field"));
  rig.unlock("marie");
  EXPECT_TRUE(rig.is_in_session());
  EXPECT_FALSE(rig.driver.has("test.sheet_field"));
}

TEST_F(LockTest, ALockWhileAFileDialogIsOpenDropsItsAnswer) {
  AppRig rig(vault_);
  rig.unlock("marie");
  rig.driver.press(letter('O'), true);
  ASSERT_TRUE(rig.unanswered);
  rig.app->request_lock(LockCause::kScreenSaver);
  rig.settle();
  rig.unanswered({"/tmp/letter.pdf"});
  EXPECT_TRUE(lives().dropped.empty());
  expect_nothing_left(rig);
}

TEST_F(LockTest, ALockThatIsAskedForDuringTheUnlockWins) {
  AppRig rig(vault_);
  rig.choose_user("marie");
  rig.driver.click("unlock.password");
  rig.driver.type(VaultFixture::password_of("marie"));
  rig.driver.press(Key::kEnter);
  rig.app->request_lock(LockCause::kSuspend);
  rig.settle();
  EXPECT_TRUE(rig.is_at_unlock());
  EXPECT_TRUE(rig.app->is_locked());
  EXPECT_EQ(lives().made, 0);
}

TEST_F(LockTest, WhatWasTypedReturnsToItsOwnerOnly) {
  AppRig rig(vault_);
  rig.unlock("marie");
  rig.driver.click("test.field");
  rig.driver.type("Thévenet");
  rig.driver.press(letter('L'), true);
  rig.settle();
  rig.unlock("prac");
  ASSERT_TRUE(rig.is_in_session());
  EXPECT_FALSE(rig.driver.shows("is back"));
  EXPECT_EQ(lives().restored, "");
  rig.driver.press(letter('L'), true);
  rig.settle();
  rig.unlock("marie");
  EXPECT_TRUE(rig.driver.shows("What you were typing is back."));
  EXPECT_EQ(lives().restored, "Thévenet");
  rig.driver.press(letter('L'), true);
  rig.settle();
  rig.unlock("marie");
  EXPECT_TRUE(rig.driver.shows("What you were typing is back.")) << "it was there a second time";
}

TEST_F(LockTest, ADraftLeavesOutWhatTheVaultEndedAfterTheLock) {
  for (const bool all : {false, true}) {
    AppRig rig(vault_);
    rig.unlock("marie");
    rig.driver.click("test.field");
    rig.driver.type("letter scan");
    // The vault is at work, and ends it after the lock was asked for.
    std::promise<void> gate;
    // The program's end asks for a draft once more, after this scope.
    const auto is_stored = std::make_shared<std::atomic<bool>>(false);
    rig.app->services().vault.ask<void>(
        [opened = gate.get_future().share(), is_stored](Vault&) -> Status {
          opened.wait();
          *is_stored = true;
          return {};
        },
        [](const Status&) {});
    lives().draft_end = [is_stored, all](const std::string& draft) -> std::string {
      return !*is_stored ? draft : all ? "" : "scan";
    };
    rig.driver.press(letter('L'), true);
    gate.set_value();
    rig.settle();
    rig.unlock("marie");
    EXPECT_EQ(lives().restored, all ? "" : "scan");
    EXPECT_EQ(rig.driver.shows("What you were typing is back."), !all);
  }
}

TEST_F(LockTest, ADraftIsGivenOnceAndToItsOwner) {
  Drafts drafts;
  const Hash vault{{1}};
  const Id mine{{1}};
  const Id yours{{2}};
  drafts.keep(vault, mine, {1, 2, 3});
  EXPECT_FALSE(drafts.take(vault, yours));
  EXPECT_FALSE(drafts.take(Hash{{2}}, mine));
  EXPECT_EQ(drafts.take(vault, mine), (Bytes{1, 2, 3}));
  EXPECT_FALSE(drafts.take(vault, mine));
}

TEST_F(LockTest, TheNextPersonSeesNothingOfTheLast) {
  AppRig rig(vault_);
  rig.unlock("marie");
  rig.driver.press(letter('F'), true);
  rig.driver.type("Zoé");
  ASSERT_FALSE(lives().searched.empty());
  EXPECT_EQ(lives().searched.back(), "Zoé");
  rig.app->services().toasts.say("Lefèvre was stored");
  rig.driver.press(letter('L'), true);
  rig.settle();
  lives().searched.clear();
  rig.unlock("prac");
  ASSERT_TRUE(rig.is_in_session());
  EXPECT_FALSE(rig.driver.shows("was stored"));
  EXPECT_FALSE(rig.driver.shows("marie"));
  rig.driver.press(letter('F'), true);
  rig.driver.type("A");
  ASSERT_FALSE(lives().searched.empty());
  EXPECT_EQ(lives().searched.back(), "A") << "the field was empty";
}

TEST_F(LockTest, TheCurtainHidesAllAndNeedsNoPasswordForTenSeconds) {
  AppRig rig(vault_);
  rig.unlock("marie");
  rig.driver.press(Key::kF12);
  ASSERT_TRUE(rig.driver.has("curtain"));
  EXPECT_FALSE(rig.driver.shows("Lefèvre"));
  EXPECT_FALSE(rig.driver.has("rail.dossiers"));
  rig.driver.clock().advance(9'000);
  rig.draw();
  EXPECT_TRUE(rig.driver.has("curtain"));
  rig.app->activity();  // the mouse was pushed: nothing
  rig.draw();
  EXPECT_TRUE(rig.driver.has("curtain"));
  rig.driver.press(Key::kDown);
  EXPECT_TRUE(rig.is_in_session());
  EXPECT_EQ(lives().made, 1) << "it is the same session";
}

TEST_F(LockTest, AClickLiftsTheCurtainToo) {
  AppRig rig(vault_);
  rig.unlock("marie");
  rig.driver.press(Key::kF12);
  ASSERT_TRUE(rig.driver.has("curtain"));
  rig.driver.click_at({640, 400});
  EXPECT_TRUE(rig.is_in_session());
}

TEST_F(LockTest, BehindTheCurtainTheVaultLocks) {
  AppRig rig(vault_);
  rig.unlock("marie");
  rig.driver.press(Key::kF12);
  rig.driver.clock().advance(kCurtainMs);
  // A key that comes too late does not lift it.
  rig.driver.press(Key::kDown);
  rig.wait_for_lock(1);
  rig.settle();
  expect_nothing_left(rig);
  EXPECT_TRUE(rig.driver.shows("The vault locked behind the curtain."));
}

TEST_F(LockTest, TheLockIsInTheJournal) {
  AppRig rig(vault_);
  rig.unlock("marie");
  rig.driver.press(letter('L'), true);
  rig.settle();
  const std::vector<JournalLine> lines = rig.journal();
  EXPECT_EQ(std::ranges::count(lines, Action::kLock, &JournalLine::action), 1);
}

// The journal's entry of a lock begins with the workstation's key: after arm(), its opening waits
// for left(), for half a second at most.
class HoldingOs final : public Os {
 public:
  int open(const char* path, int flags, mode_t mode) override {
    if (std::string_view(path).ends_with("/workstation")) {
      hold();
    }
    return Os::open(path, flags, mode);
  }
  void arm() {
    const std::lock_guard guard(mutex_);
    is_armed_ = true;
  }
  void left() {
    const std::lock_guard guard(mutex_);
    has_left_ = true;
    changed_.notify_all();
  }
  // What was asked to wait had left while it was held; nothing when none was.
  [[nodiscard]] std::optional<bool> overtaken() {
    const std::lock_guard guard(mutex_);
    return overtaken_;
  }

 private:
  void hold() {
    std::unique_lock lock(mutex_);
    if (!std::exchange(is_armed_, false)) {
      return;
    }
    overtaken_ = changed_.wait_for(lock, std::chrono::milliseconds(500), [&] { return has_left_; });
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  bool is_armed_ = false;
  bool has_left_ = false;
  std::optional<bool> overtaken_;
};

TEST_F(LockTest, TheVaultIsNotIdleBeforeItsLockIsInTheJournal) {
  HoldingOs holding;
  const test::ScopedOs scope(holding);
  AppRig rig(vault_);
  rig.unlock("marie");
  holding.arm();
  rig.driver.press(letter('L'), true);
  rig.app->services().vault.wait_until_idle();
  holding.left();
  rig.settle();
  EXPECT_EQ(holding.overtaken(), false);
}

TEST_F(LockTest, EndingTheProgramLocksFirst) {
  AppRig rig(vault_);
  rig.unlock("marie");
  rig.driver.press(letter('Q'), true);
  EXPECT_TRUE(rig.app->take_quit_request());
  rig.app.reset();
  EXPECT_EQ(rig.locks, 1);
  EXPECT_EQ(lives().alive, 0);
}

}  // namespace
}  // namespace coffre::ui
