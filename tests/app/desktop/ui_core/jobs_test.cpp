#include "app/desktop/ui_core/jobs.h"

#include <atomic>

#include <gtest/gtest.h>

#include "app/desktop/ui_core/session_end.h"

namespace coffre::ui {
namespace {

TEST(Jobs, AResultReachesTheUiThreadInDrainOnly) {
  std::atomic<int> wakes{0};
  Jobs jobs(2, [&] { ++wakes; });
  std::thread::id worked;
  std::thread::id completed;
  jobs.start({}, false, [&](Progress&) -> Jobs::Completion {
    worked = std::this_thread::get_id();
    return [&] { completed = std::this_thread::get_id(); };
  });
  jobs.wait_until_done();
  EXPECT_EQ(completed, std::thread::id());
  EXPECT_FALSE(jobs.is_idle());
  EXPECT_TRUE(jobs.drain());
  EXPECT_NE(worked, std::this_thread::get_id());
  EXPECT_EQ(completed, std::this_thread::get_id());
  EXPECT_TRUE(jobs.is_idle());
  EXPECT_FALSE(jobs.drain());
}

TEST(Jobs, ASessionThatEndsStopsWhatRunsAndDiscardsItsResult) {
  Jobs jobs(1);
  std::atomic<bool> began{false};
  bool reached = false;
  jobs.start("reading", true, [&](Progress& progress) -> Jobs::Completion {
    began = true;
    began.notify_all();
    while (!progress.should_stop()) {
      std::this_thread::yield();
    }
    return [&] { reached = true; };
  });
  bool second_ran = false;
  jobs.start("waiting", true, [&](Progress&) -> Jobs::Completion {
    second_ran = true;
    return {};
  });
  began.wait(false);
  EXPECT_EQ(jobs.shown().size(), 2U);
  jobs.end_session();
  EXPECT_TRUE(jobs.shown().empty());
  jobs.wait_until_done();
  EXPECT_FALSE(jobs.drain());
  EXPECT_FALSE(reached);
  EXPECT_FALSE(second_ran);
}

TEST(Jobs, AResultThatWaitedWhenTheSessionEndedIsDiscarded) {
  Jobs jobs(1);
  bool reached = false;
  jobs.start({}, false, [&](Progress&) -> Jobs::Completion { return [&] { reached = true; }; });
  jobs.wait_until_done();
  jobs.end_session();
  jobs.drain();
  EXPECT_FALSE(reached);
  bool next = false;
  jobs.start({}, false, [&](Progress&) -> Jobs::Completion { return [&] { next = true; }; });
  jobs.wait_until_done();
  jobs.drain();
  EXPECT_TRUE(next) << "the next session's jobs go on";
}

// A completion that ends the session is the last of it that runs.
TEST(Jobs, ACompletionThatEndsTheSessionIsTheLastOne) {
  Jobs jobs(1);
  int reached = 0;
  for (int i = 0; i < 3; ++i) {
    jobs.start({}, false, [&](Progress&) -> Jobs::Completion {
      return [&] {
        ++reached;
        jobs.end_session();
      };
    });
  }
  jobs.wait_until_done();
  jobs.drain();
  EXPECT_EQ(reached, 1);
}

struct OnThread {
  explicit OnThread(std::thread::id* where) : where_(where) {}
  ~OnThread() { *where_ = std::this_thread::get_id(); }
  OnThread(const OnThread&) = delete;
  OnThread& operator=(const OnThread&) = delete;

 private:
  std::thread::id* where_;
};

TEST(Jobs, WhatACompletionHoldsIsDestroyedOnTheUiThread) {
  std::thread::id kept;
  std::thread::id discarded;
  {
    Jobs jobs(1);
    jobs.start({}, false,
               [held = std::make_shared<OnThread>(&kept)](Progress&) -> Jobs::Completion {
                 return [held] {};
               });
    jobs.wait_until_done();
    jobs.drain();
    EXPECT_EQ(kept, std::this_thread::get_id());
    jobs.start({}, false,
               [held = std::make_shared<OnThread>(&discarded)](Progress&) -> Jobs::Completion {
                 return [held] {};
               });
    jobs.end_session();
    jobs.wait_until_done();
    jobs.drain();
  }
  EXPECT_EQ(discarded, std::this_thread::get_id());
}

TEST(Jobs, OnlyWhatMayBeCancelledIs) {
  Jobs jobs(2);
  std::uint64_t first = 0;
  std::uint64_t second = 0;
  const auto may = jobs.begin_outside("may", true, &first);
  const auto must = jobs.begin_outside("must", false, &second);
  may->set(0.5F);
  jobs.cancel(first);
  jobs.cancel(second);
  EXPECT_TRUE(may->should_stop());
  EXPECT_FALSE(must->should_stop());
  const std::vector<ShownJob> shown = jobs.shown();
  ASSERT_EQ(shown.size(), 2U);
  EXPECT_EQ(shown[0].label, "may");
  EXPECT_FLOAT_EQ(shown[0].fraction, 0.5F);
  EXPECT_FALSE(shown[0].can_cancel) << "once is enough";
  jobs.finish_outside(first, {});
  jobs.finish_outside(second, {});
  EXPECT_TRUE(jobs.drain());
}

TEST(SessionEnd, CallsWhatIsRegisteredAndNothingThatWasRemoved) {
  SessionEnd end;
  int kept = 0;
  int removed = 0;
  static_cast<void>(end.add([&] { ++kept; }));
  const SessionEnd::Ticket ticket = end.add([&] { ++removed; });
  end.run();
  end.remove(ticket);
  end.run();
  EXPECT_EQ(kept, 2);
  EXPECT_EQ(removed, 1);
}

TEST(SessionEnd, WorkThatBeganInASessionThatEndedIsNotRegistered) {
  SessionEnd end;
  int called = 0;
  const std::uint64_t count = end.ended_count();
  const auto in_time = end.add_since(count, [&] { ++called; });
  ASSERT_TRUE(in_time);
  end.run();
  EXPECT_EQ(called, 1);
  EXPECT_FALSE(end.add_since(count, [&] { ++called; }));
  end.remove(*in_time);
  end.run();
  EXPECT_EQ(called, 1);
}

}  // namespace
}  // namespace coffre::ui
