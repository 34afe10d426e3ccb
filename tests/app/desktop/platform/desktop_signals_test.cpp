#include "app/desktop/platform/desktop_signals.h"

#include <future>

#include <gtest/gtest.h>

#include "tests/app/desktop/platform/mock_logind.h"
#include "tests/app/desktop/platform/private_bus.h"

namespace coffre::desktop {
namespace {

using test::EventLog;
using test::kOtherSession;
using test::kOurSession;
using test::Latest;
using test::MockLogind;
using test::MockService;
using test::PrivateBus;
using Events = std::vector<std::string>;

constexpr DesktopStatus kAll{
    .sleep = true, .delays_sleep = true, .session_lock = true, .screen_saver = true};

std::string name_of(DesktopEvent event) {
  switch (event) {
    case DesktopEvent::kSleep:
      return "sleep";
    case DesktopEvent::kWake:
      return "wake";
    case DesktopEvent::kSessionLock:
      return "lock";
    case DesktopEvent::kScreenSaver:
      return "saver";
    case DesktopEvent::kTerminate:
      return "terminate";
  }
  return "?";
}

// Signals on two private buses, and what they told.
class Desktop {
 public:
  explicit Desktop(PrivateBus::Start when = PrivateBus::Start::kNow)
      : system_bus(when), session_bus(when) {
    options.system_bus = system_bus.address();
    options.session_bus = session_bus.address();
    options.reason = "the vault is locked first";
    options.retry_ms = 1;
    options.on_status = [this](const DesktopStatus& now) { status.set(now); };
  }

  void listen(const DesktopSignals::Callback& callback) {
    signals = DesktopSignals::start(callback, options).value();
  }
  void listen() {
    listen([this](DesktopEvent event) { events.add(name_of(event)); });
  }
  [[nodiscard]] bool wait_for(const DesktopStatus& wanted) {
    return status.wait_until([&](const DesktopStatus& now) { return now == wanted; });
  }
  void screen_saver(const std::string& interface, bool active) {
    saver().send_signal("/ScreenSaver", interface, "ActiveChanged", {}, [&](sd_bus_message* to) {
      COFFRE_ASSERT(sd_bus_message_append(to, "b", static_cast<int>(active)) >= 0);
    });
  }
  MockService& saver() {
    if (!saver_) saver_ = std::make_unique<MockService>(session_bus.address(), "");
    return *saver_;
  }

  PrivateBus system_bus;
  PrivateBus session_bus;
  EventLog events;
  Latest<DesktopStatus> status;
  DesktopSignalsOptions options;
  std::unique_ptr<DesktopSignals> signals;

 private:
  std::unique_ptr<MockService> saver_;
};

TEST(DesktopSignals, TheInhibitorIsReleasedAfterTheCallbackReturned) {
  Desktop desktop;
  MockLogind logind(desktop.system_bus.address());
  EventLog& log = logind.log();  // one log for both sides gives one order
  std::promise<void> may_return;
  auto returns = may_return.get_future();
  desktop.listen([&](DesktopEvent event) {
    log.add(name_of(event));
    if (event == DesktopEvent::kSleep) returns.wait();
    log.add("returned");
  });
  ASSERT_TRUE(desktop.wait_for(kAll));
  logind.prepare_for_sleep(true);
  ASSERT_TRUE(log.wait_for("sleep"));
  // The vault is being locked: a call to logind and back shows that it is still held.
  logind.run([](sd_bus*) {});
  EXPECT_EQ(log.all().back(), "sleep");
  may_return.set_value();
  ASSERT_TRUE(log.wait_for("released"));
  EXPECT_EQ(log.all(),
            (Events{"session auto", "inhibit sleep Coffre the vault is locked first delay", "sleep",
                    "returned", "released"}));
  EXPECT_TRUE(desktop.wait_for({.sleep = true, .session_lock = true, .screen_saver = true}));
}

TEST(DesktopSignals, AWakingMachineIsHeldBackAgain) {
  Desktop desktop;
  MockLogind logind(desktop.system_bus.address());
  desktop.listen();
  ASSERT_TRUE(desktop.wait_for(kAll));
  for (int times = 1; times <= 3; ++times) {
    logind.prepare_for_sleep(true);
    ASSERT_TRUE(logind.log().wait_for("released", times));
    logind.prepare_for_sleep(false);
    ASSERT_TRUE(desktop.events.wait_for("wake", times));
    ASSERT_TRUE(desktop.wait_for(kAll));
  }
  EXPECT_EQ(desktop.events.all(), (Events{"sleep", "wake", "sleep", "wake", "sleep", "wake"}));
}

TEST(DesktopSignals, ARefusedInhibitorStillTellsOfTheSleep) {
  Desktop desktop;
  MockLogind logind(desktop.system_bus.address(), {.grants_inhibitor = false});
  desktop.listen();
  ASSERT_TRUE(desktop.wait_for({.sleep = true, .session_lock = true, .screen_saver = true}));
  logind.prepare_for_sleep(true);
  EXPECT_TRUE(desktop.events.wait_for("sleep"));
  EXPECT_FALSE(desktop.signals->status().delays_sleep);
}

TEST(DesktopSignals, OnlyTheLockOfThisSessionIsTold) {
  Desktop desktop;
  MockLogind logind(desktop.system_bus.address());
  desktop.listen();
  ASSERT_TRUE(desktop.wait_for(kAll));
  logind.lock(kOtherSession);
  logind.lock(kOurSession);
  logind.prepare_for_sleep(true);
  ASSERT_TRUE(desktop.events.wait_for("sleep"));
  EXPECT_EQ(desktop.events.all(), (Events{"lock", "sleep"}));
}

TEST(DesktopSignals, TheSessionOfTheEnvironmentIsAskedFor) {
  Desktop desktop;
  MockLogind logind(desktop.system_bus.address());
  desktop.options.session_id = "1";
  desktop.listen();
  ASSERT_TRUE(desktop.wait_for(kAll));
  EXPECT_EQ(logind.log().all().front(), "session 1");
  logind.lock(kOtherSession);
  logind.lock(kOurSession);
  EXPECT_TRUE(desktop.events.wait_for("lock"));
  EXPECT_EQ(desktop.events.all(), Events{"lock"});
}

TEST(DesktopSignals, ASessionThatHasEndedIsLookedForAnew) {
  Desktop desktop;
  MockLogind logind(desktop.system_bus.address());
  desktop.options.session_id = "77";
  desktop.listen();
  ASSERT_TRUE(desktop.wait_for(kAll));
  ASSERT_TRUE(logind.log().wait_for("session auto"));
  // The answer is on its way before these signals.
  logind.lock(kOtherSession);
  logind.lock(kOurSession);
  EXPECT_TRUE(desktop.events.wait_for("lock"));
  EXPECT_EQ(desktop.events.all(), Events{"lock"});
}

TEST(DesktopSignals, WithoutASessionEveryLockCounts) {
  Desktop desktop;
  MockLogind logind(desktop.system_bus.address(), {.known_ids = {}});
  desktop.listen();
  ASSERT_TRUE(desktop.wait_for(kAll));
  logind.lock(kOtherSession);
  EXPECT_TRUE(desktop.events.wait_for("lock"));
}

TEST(DesktopSignals, WhatAnotherProgramClaimsOfTheSystemIsIgnored) {
  Desktop desktop;
  MockLogind logind(desktop.system_bus.address());
  MockService stranger(desktop.system_bus.address(), "");
  desktop.listen();
  ASSERT_TRUE(desktop.wait_for(kAll));
  const auto begins = [](sd_bus_message* signal) {
    COFFRE_ASSERT(sd_bus_message_append(signal, "b", 1) >= 0);
  };
  for (const std::string& destination : {std::string(), logind.client()}) {
    stranger.send_signal("/org/freedesktop/login1", "org.freedesktop.login1.Manager",
                         "PrepareForSleep", destination, begins);
    stranger.send_signal(kOurSession, "org.freedesktop.login1.Session", "Lock", destination,
                         [](sd_bus_message*) {});
  }
  logind.prepare_for_sleep(false);
  ASSERT_TRUE(desktop.events.wait_for("wake"));
  EXPECT_EQ(desktop.events.all(), Events{"wake"});
}

TEST(DesktopSignals, EveryScreenSaverIsHeard) {
  Desktop desktop;
  desktop.listen();
  ASSERT_TRUE(desktop.wait_for({.screen_saver = true}));
  std::ptrdiff_t times = 0;
  for (const char* const interface :
       {"org.freedesktop.ScreenSaver", "org.gnome.ScreenSaver", "org.cinnamon.ScreenSaver",
        "org.mate.ScreenSaver", "org.xfce.ScreenSaver"}) {
    desktop.screen_saver(interface, true);
    EXPECT_TRUE(desktop.events.wait_for("saver", ++times)) << interface;
  }
}

TEST(DesktopSignals, AScreenSaverThatGoesOrStammersIsNotTold) {
  Desktop desktop;
  desktop.listen();
  ASSERT_TRUE(desktop.wait_for({.screen_saver = true}));
  desktop.screen_saver("org.gnome.ScreenSaver", false);
  desktop.saver().send_signal("/ScreenSaver", "org.gnome.ScreenSaver", "ActiveChanged", {},
                              [](sd_bus_message* signal) {
                                COFFRE_ASSERT(sd_bus_message_append(signal, "s", "true") >= 0);
                              });
  desktop.saver().send_signal("/ScreenSaver", "org.gnome.ScreenSaver", "ActiveChanged", {},
                              [](sd_bus_message*) {});
  desktop.screen_saver("org.gnome.ScreenSaver", true);
  ASSERT_TRUE(desktop.events.wait_for("saver"));
  EXPECT_EQ(desktop.events.all(), Events{"saver"});
}

TEST(DesktopSignals, AbsentBusesAreNoErrorAndAreFoundWhenTheyCome) {
  Desktop desktop(PrivateBus::Start::kLater);
  desktop.listen();
  EXPECT_EQ(desktop.signals->status(), DesktopStatus());
  desktop.session_bus.start();
  ASSERT_TRUE(desktop.wait_for({.screen_saver = true}));
  desktop.system_bus.start();
  MockLogind logind(desktop.system_bus.address());
  ASSERT_TRUE(desktop.wait_for(kAll));
  logind.lock(kOurSession);
  EXPECT_TRUE(desktop.events.wait_for("lock"));
}

TEST(DesktopSignals, ABusThatDiesIsFoundAgain) {
  Desktop desktop;
  auto logind = std::make_unique<MockLogind>(desktop.system_bus.address());
  desktop.listen();
  ASSERT_TRUE(desktop.wait_for(kAll));
  desktop.system_bus.stop();
  desktop.session_bus.stop();
  ASSERT_TRUE(desktop.wait_for({}));
  EXPECT_TRUE(logind->log().wait_for("released"));  // nothing holds a suspend back for nobody
  desktop.system_bus.start();
  desktop.session_bus.start();
  logind = std::make_unique<MockLogind>(desktop.system_bus.address());
  ASSERT_TRUE(desktop.wait_for(kAll));
  logind->prepare_for_sleep(true);
  EXPECT_TRUE(desktop.events.wait_for("sleep"));
  desktop.screen_saver("org.freedesktop.ScreenSaver", true);
  EXPECT_TRUE(desktop.events.wait_for("saver"));
}

TEST(DesktopSignals, ALogindThatStartsAgainIsListenedToAgain) {
  Desktop desktop;
  auto logind = std::make_unique<MockLogind>(desktop.system_bus.address());
  desktop.listen();
  ASSERT_TRUE(desktop.wait_for(kAll));
  logind.reset();
  ASSERT_TRUE(desktop.wait_for({.screen_saver = true}));
  logind = std::make_unique<MockLogind>(desktop.system_bus.address());
  ASSERT_TRUE(desktop.wait_for(kAll));
  logind->prepare_for_sleep(true);
  EXPECT_TRUE(desktop.events.wait_for("sleep"));
  EXPECT_TRUE(logind->log().wait_for("released"));
}

TEST(DesktopSignals, TheEndWaitsForTheCallback) {
  Desktop desktop;
  std::promise<void> begun;
  std::promise<void> may_return;
  auto returns = may_return.get_future();
  bool is_done = false;
  desktop.listen([&](DesktopEvent) {
    begun.set_value();
    returns.wait();
    is_done = true;
  });
  ASSERT_TRUE(desktop.wait_for({.screen_saver = true}));
  desktop.screen_saver("org.gnome.ScreenSaver", true);
  ASSERT_EQ(begun.get_future().wait_for(test::kPatience), std::future_status::ready);
  std::thread ends([&] { desktop.signals.reset(); });
  may_return.set_value();
  ends.join();
  EXPECT_TRUE(is_done);
}

}  // namespace
}  // namespace coffre::desktop
