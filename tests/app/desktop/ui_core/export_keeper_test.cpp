// The program's own sweeping: when it happens, whom it keeps waiting, who is told.
#include "app/desktop/ui_core/export_keeper.h"

#include <algorithm>
#include <future>
#include <unistd.h>

#include <gtest/gtest.h>

#include "core/base/file.h"
#include "tests/app/desktop/ui_core/app_rig.h"
#include "tests/support/temp_dir.h"

namespace coffre::ui {
namespace {

using test::AppRig;
using test::AppRigOptions;
using test::InLanguage;
using test::TempDir;
using test::VaultFixture;

class KeptToasts final : public Toasts {
 public:
  void say(std::string words) override { said.push_back(std::move(words)); }
  void say(std::string words, std::string /*label*/, std::function<void()> /*undo*/) override {
    said.push_back(std::move(words));
  }
  void say_error(const Error& error) override { errors.push_back(error); }

  std::vector<std::string> said;
  std::vector<Error> errors;
};

bool is_there(const std::string& path) {
  struct stat found{};
  return os().lstat(path.c_str(), &found) == 0;
}

// Holds every sweep until it is let go, and remembers whether it was asked to stop.
class Gate {
 public:
  [[nodiscard]] ExportCalls calls() {
    ExportCalls held;
    held.sweep = [state = state_](const ExportLedger& ledger, const SweepRequest& request,
                                  const EraseOptions& options) {
      ++state->began;
      state->began.notify_all();
      state->is_open.wait(false);
      if (options.progress) {
        options.progress({.files_done = 0, .files_total = 1, .bytes_written = 1});
      }
      state->stopped += options.stop.stop_requested() ? 1 : 0;
      return sweep_exports(ledger, request, options);
    };
    return held;
  }
  void wait_for(int count) {
    for (int seen = state_->began.load(); seen < count; seen = state_->began.load()) {
      state_->began.wait(seen);
    }
  }
  void close() { state_->is_open = false; }
  void open() {
    state_->is_open = true;
    state_->is_open.notify_all();
  }
  [[nodiscard]] int began() const { return state_->began; }
  [[nodiscard]] int stopped() const { return state_->stopped; }

 private:
  struct State {
    std::atomic<int> began{0};
    std::atomic<int> stopped{0};
    std::atomic<bool> is_open{true};
  };
  std::shared_ptr<State> state_ = std::make_shared<State>();
};

class KeeperTest : public testing::Test {
 protected:
  // A copy of a new document, made by the owner on this workstation.
  ExportEntry copy(const std::string& name, std::int64_t keep_ms = kKeepDefaultMs) {
    const Id document = vault_.add_document("medical", "Bilan sanguin", test::sample_bytes(9'000));
    const auto open = vault_.practice().unlock("marie");
    EXPECT_TRUE(open);
    const Result<ExportedCopy> made =
        (*open)->export_copy(document, {out_ / name, "Avis", "Dr Sy", keep_ms, {}});
    EXPECT_TRUE(made) << made.error().what;
    return made->entry;
  }
  void make_keeper(ExportCalls calls = {}) {
    keeper_ = std::make_unique<ExportKeeper>(
        ExportKeeper::Parts{vault_.clock(), jobs_, host_, toasts_,
                            vault_.environment().state_directory, std::move(calls)});
  }
  void unlock(const std::string& user = "marie") {
    host_.open(vault_.path(), [](const Status& status) { EXPECT_TRUE(status); });
    host_.unlock(VaultFixture::credentials(user),
                 [](const Status& status) { EXPECT_TRUE(status); });
    settle();
  }
  // What the App's loop does, until nothing is left to do.
  void settle() {
    do {
      host_.wait_until_idle();
      jobs_.wait_until_done();
      keeper_->tick();
    } while (jobs_.drain() || !jobs_.is_idle());
  }
  // With a person who works meanwhile: an unlocked vault stays so.
  void pass(std::int64_t ms) {
    while (ms > 0) {
      const std::int64_t step = std::min<std::int64_t>(ms, 60'000);
      vault_.clock().advance(step);
      host_.renew();
      settle();
      ms -= step;
    }
  }

  VaultFixture vault_;
  TempDir out_;
  Jobs jobs_{1};
  VaultHost host_{vault_.environment(), jobs_};
  KeptToasts toasts_;
  std::unique_ptr<ExportKeeper> keeper_;
};

TEST_F(KeeperTest, WhatIsDueAtTheStartIsErasedBeforeAnyUnlock) {
  const ExportEntry due = copy("due.pdf");
  const ExportEntry later = copy("later.pdf", kKeepMaxMs);
  vault_.clock().advance(kKeepDefaultMs);
  make_keeper();
  EXPECT_EQ(keeper_->kept(), nullptr) << "nothing is known before it was looked at";
  settle();
  EXPECT_FALSE(is_there(due.path));
  EXPECT_TRUE(is_there(later.path));
  ASSERT_NE(keeper_->kept(), nullptr);
  ASSERT_EQ(keeper_->kept()->copies.size(), 1U);
  EXPECT_TRUE(keeper_->kept()->copies[0].forecast);
  EXPECT_TRUE(toasts_.said.empty() && toasts_.errors.empty()) << "nobody is there";
}

TEST_F(KeeperTest, ADeadlineIsKeptToTheMillisecondAndTheWaitIsNoLongerThanThat) {
  const ExportEntry due = copy("due.pdf", 90'000);
  make_keeper();
  settle();
  EXPECT_EQ(keeper_->next_ms(), 90'000);
  pass(89'999);
  EXPECT_TRUE(is_there(due.path));
  EXPECT_EQ(keeper_->next_ms(), 1);
  pass(1);
  EXPECT_FALSE(is_there(due.path));
  EXPECT_EQ(keeper_->next_ms(), ExportKeeper::kLookMs) << "idle costs nothing";
}

TEST_F(KeeperTest, ACopyThatAnotherProgramMadeIsNoticed) {
  make_keeper();
  settle();
  const ExportEntry other = copy("other.pdf", 60'000);
  pass(ExportKeeper::kLookMs);
  EXPECT_FALSE(is_there(other.path)) << "found by the look, and due by then";
}

TEST_F(KeeperTest, OneThatCannotBeErasedIsToldOnceAndTriedEachMinute) {
  const ExportEntry due = copy("due.pdf");
  make_keeper();
  unlock();
  ASSERT_EQ(::link(due.path.c_str(), (out_ / "second").c_str()), 0);
  pass(kKeepDefaultMs);
  ASSERT_EQ(toasts_.errors.size(), 1U);
  EXPECT_EQ(toasts_.errors[0].on, due.path);
  EXPECT_EQ(keeper_->next_ms(), ExportKeeper::kRetryMs);
  EXPECT_TRUE(keeper_->erased().empty());
  pass(ExportKeeper::kRetryMs);
  EXPECT_EQ(toasts_.errors.size(), 1U) << "the same reason is no news";
  ASSERT_EQ(::unlink((out_ / "second").c_str()), 0);
  pass(ExportKeeper::kRetryMs);
  EXPECT_FALSE(is_there(due.path));
  EXPECT_EQ(keeper_->erased().size(), 1U);
}

TEST_F(KeeperTest, OneThatIsNotWhereItWasPutIsToldOnceAndStays) {
  const ExportEntry lost = copy("lost.pdf");
  make_keeper();
  unlock();
  ASSERT_EQ(::rename(lost.path.c_str(), vault_.file("elsewhere.pdf").c_str()), 0);
  pass(kKeepDefaultMs);
  ASSERT_EQ(toasts_.errors.size(), 1U);
  EXPECT_EQ(keeper_->next_ms(), ExportKeeper::kLookMs) << "it is not tried each minute";
  ASSERT_EQ(keeper_->kept()->copies.size(), 1U);
  EXPECT_EQ(keeper_->kept()->copies[0].copy.standing, CopyStanding::kMissing);
  keeper_->erase({lost.id});
  EXPECT_TRUE(keeper_->is_erasing(lost.id));
  settle();
  EXPECT_TRUE(keeper_->kept()->copies.empty()) << "given up";
  EXPECT_FALSE(keeper_->is_erasing(lost.id));
}

TEST_F(KeeperTest, WhatBecameOfACopyIsInTheJournal) {
  const ExportEntry due = copy("due.pdf");
  make_keeper();
  unlock();
  keeper_->erase({due.id});
  settle();
  Result<std::vector<JournalLine>> lines;
  host_.ask<std::vector<JournalLine>>(
      [&](Vault& vault) { return vault.journal(std::nullopt, due.document); },
      [&](Result<std::vector<JournalLine>> read) { lines = std::move(read); });
  settle();
  ASSERT_TRUE(lines);
  EXPECT_TRUE(std::ranges::any_of(
      *lines, [](const JournalLine& line) { return line.action == Action::kErase; }));
}

TEST_F(KeeperTest, ALockWaitsForNoSweepAndCancelsNone) {
  Gate gate;
  make_keeper(gate.calls());
  unlock();
  const ExportEntry big = copy("big.pdf");
  gate.close();
  const int before = gate.began();
  keeper_->erase({big.id});
  gate.wait_for(before + 1);
  // What the App does at a lock, while the sweep is held.
  host_.lock(LockCause::kRequest);
  keeper_->end_session();
  jobs_.end_session();
  host_.wait_until_idle();
  EXPECT_EQ(host_.state(), SessionState::kLocked);
  EXPECT_TRUE(is_there(big.path));
  gate.open();
  settle();
  EXPECT_FALSE(is_there(big.path));
  EXPECT_EQ(gate.stopped(), 0);
  EXPECT_TRUE(keeper_->erased().empty()) << "the session that asked for it is over";
  EXPECT_EQ(gate.began(), before + 2) << "and the lock swept too, one after the other";
}

TEST_F(KeeperTest, ACancelStopsTheSweepThatIsShown) {
  Gate gate;
  make_keeper(gate.calls());
  unlock();
  const ExportEntry big = copy("big.pdf");
  gate.close();
  const int before = gate.began();
  keeper_->erase({big.id});
  gate.wait_for(before + 1);
  const std::vector<ShownJob> shown = jobs_.shown();
  ASSERT_EQ(shown.size(), 1U);
  EXPECT_TRUE(shown[0].can_cancel);
  jobs_.cancel(shown[0].id);
  gate.open();
  settle();
  EXPECT_EQ(gate.stopped(), 1);
  EXPECT_TRUE(is_there(big.path));
  EXPECT_TRUE(toasts_.errors.empty()) << "who cancels knows it";
  keeper_->erase({big.id});
  settle();
  EXPECT_FALSE(is_there(big.path)) << "the next one finishes it";
}

TEST_F(KeeperTest, TheEndAsksASweepToStopAndLeavesOneThatHangs) {
  const ExportEntry due = copy("due.pdf");
  Gate gate;
  gate.close();
  ExportCalls calls = gate.calls();
  // The thread that is left behind touches nothing of this test.
  calls.list = [](const ExportLedger&, std::int64_t) -> Result<StandingList> {
    return fail(Code::kFailed, "late");
  };
  calls.sweep = [held = calls.sweep](const ExportLedger& ledger, const SweepRequest&,
                                     const EraseOptions& options) {
    return held(ledger, {.now_ms = 0, .ids = {}, .vault = Hash{}, .due = false}, options);
  };
  keeper_ = std::make_unique<ExportKeeper>(
      ExportKeeper::Parts{vault_.clock(), jobs_, host_, toasts_,
                          vault_.environment().state_directory, std::move(calls), 0});
  gate.wait_for(1);
  keeper_->finish();
  keeper_->erase({due.id});  // too late, and without harm
  keeper_.reset();
  jobs_.wait_until_done();
  EXPECT_TRUE(is_there(due.path));
  gate.open();
}

TEST_F(KeeperTest, ALedgerThatCannotBeReadIsAnErrorThatGoesAgain) {
  bool is_broken = true;
  ExportCalls calls;
  calls.list = [&](const ExportLedger& ledger, std::int64_t now_ms) -> Result<StandingList> {
    if (is_broken) {
      return fail(Code::kFailed, "broken");
    }
    return list_exports(ledger, now_ms);
  };
  make_keeper(calls);
  settle();
  EXPECT_TRUE(keeper_->error());
  EXPECT_EQ(keeper_->kept(), nullptr);
  is_broken = false;
  keeper_->look();
  settle();
  EXPECT_FALSE(keeper_->error());
  EXPECT_NE(keeper_->kept(), nullptr);
}

// In the whole program.
class ProgramCopies : public KeeperTest {
 protected:
  InLanguage english_{Language::kEnglish};
};

TEST_F(ProgramCopies, TheDeadlinePassesWhileTheProgramIsLocked) {
  AppRig rig(vault_);
  const ExportEntry due = copy("due.pdf");
  rig.app->services().exports->look();
  rig.settle();
  const std::int64_t left_ms = due.deadline_ms - rig.driver.clock().wall_ms();
  rig.driver.clock().advance(left_ms - 1'000);
  rig.settle();
  EXPECT_TRUE(is_there(due.path));
  EXPECT_LE(rig.app->next_frame_in_ms(), 1'000);
  rig.driver.clock().advance(1'000);
  rig.settle();
  EXPECT_FALSE(is_there(due.path));
  EXPECT_FALSE(rig.driver.shows("due.pdf")) << "nothing of it is shown to who is not unlocked";
}

TEST_F(ProgramCopies, TheNextPersonSeesNoResultOfTheOneBefore) {
  AppRig rig(vault_);
  rig.unlock("marie");
  const ExportEntry first = copy("first.pdf");
  rig.app->services().exports->look();
  rig.settle();
  rig.app->services().exports->erase({first.id});
  rig.settle();
  EXPECT_EQ(rig.app->services().exports->erased().size(), 1U);
  rig.driver.press(letter('L'), true);
  rig.wait_for_lock(1);
  rig.settle();
  rig.unlock("sec");
  EXPECT_TRUE(rig.app->services().exports->erased().empty());
}

TEST_F(ProgramCopies, TheEndOfTheProgramErasesWhatIsDueAndJournalsIt) {
  const ExportEntry due = copy("due.pdf");
  {
    AppRig rig(vault_);
    rig.unlock("marie");
    rig.driver.clock().step_wall(due.deadline_ms - rig.driver.clock().wall_ms());
  }
  EXPECT_FALSE(is_there(due.path));
  const auto open = vault_.practice().unlock("marie");
  ASSERT_TRUE(open);
  const auto lines = (*open)->journal(std::nullopt, due.document);
  ASSERT_TRUE(lines);
  EXPECT_TRUE(std::ranges::any_of(
      *lines, [](const JournalLine& line) { return line.action == Action::kErase; }));
}

}  // namespace
}  // namespace coffre::ui
