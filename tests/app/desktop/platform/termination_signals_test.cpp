#include "app/desktop/platform/termination_signals.h"

#include <cstdlib>
#include <unistd.h>

#include <gtest/gtest.h>

#include "tests/app/desktop/platform/event_log.h"

namespace coffre::desktop {
namespace {

TEST(TerminationSignals, EachIsToldWhileThisThreadDoesSomethingElse) {
  test::EventLog events;
  const auto signals = TerminationSignals::start([&](DesktopEvent event) {
                         events.add(event == DesktopEvent::kTerminate ? "end" : "?");
                       }).value();
  std::ptrdiff_t times = 0;
  for (const int signal : {SIGTERM, SIGHUP, SIGINT}) {
    ASSERT_EQ(::kill(::getpid(), signal), 0);
    ASSERT_TRUE(events.wait_for("end", ++times)) << signal;
  }
  EXPECT_EQ(events.all(), (std::vector<std::string>{"end", "end", "end"}));
}

TEST(TerminationSignals, OtherThreadsOfThePlatformLeaveThemAlone) {
  test::EventLog events;
  const auto signals = TerminationSignals::start([&](DesktopEvent) { events.add("end"); }).value();
  test::EventLog masks;
  std::thread thread = start_thread([&] {
                         sigset_t blocked;
                         pthread_sigmask(SIG_SETMASK, nullptr, &blocked);
                         masks.add(sigismember(&blocked, SIGTERM) == 1 ? "blocked" : "open");
                       }).value();
  thread.join();
  EXPECT_EQ(masks.all(), std::vector<std::string>{"blocked"});
}

// In a process of its own, which the signal ends.
TEST(TerminationSignalsDeathTest, ASignalAfterwardsEndsTheProcessAsUsual) {
  EXPECT_EXIT(
      {
        {
          const auto signals = TerminationSignals::start([](DesktopEvent) {}).value();
        }
        ::kill(::getpid(), SIGTERM);
        std::_Exit(0);
      },
      testing::KilledBySignal(SIGTERM), "");
}

TEST(TerminationSignalsDeathTest, ASignalMeanwhileDoesNot) {
  EXPECT_EXIT(
      {
        test::EventLog events;
        const auto signals =
            TerminationSignals::start([&](DesktopEvent) { events.add("end"); }).value();
        ::kill(::getpid(), SIGTERM);
        std::_Exit(events.wait_for("end") ? 0 : 1);
      },
      testing::ExitedWithCode(0), "");
}

}  // namespace
}  // namespace coffre::desktop
