// A program of the desktop as a test needs it: a connection to the test's bus with a thread that
// answers calls and sends what it is told.
//
// Threads: run() from the test's thread; on_call() and the tasks run on the service's.
#pragma once

#include <atomic>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "app/desktop/platform/bus.h"
#include "tests/app/desktop/platform/event_log.h"

namespace coffre::test {

class MockService {
 public:
  // Connected, and owner of `name` unless it is empty, when this returns.
  MockService(const std::string& address, const std::string& name);
  MockService(const MockService&) = delete;
  MockService& operator=(const MockService&) = delete;
  virtual ~MockService();

  // Runs on the service's thread; done when this returns.
  void run(const std::function<void(sd_bus*)>& task);
  // Sends a signal: to all, or to one connection. `fill` appends the fields. The bus has it when
  // this returns.
  void send_signal(const std::string& path, const std::string& interface, const std::string& member,
                   const std::string& destination,
                   const std::function<void(sd_bus_message*)>& fill);
  // Returns when that connection has handled all that was sent to it before.
  void wait_until_handled_by(const std::string& connection);
  [[nodiscard]] EventLog& log() { return log_; }

 protected:
  // Begins to answer calls to the objects at and below `path`. Last in a constructor; stop() is the
  // first in its destructor.
  void serve(const std::string& path);
  void stop();
  // > 0 when it has answered, 0 when the call is not known.
  virtual int on_call(sd_bus_message* message, sd_bus_error* error);

 private:
  static int on_message(sd_bus_message* message, void* self, sd_bus_error* error);
  void loop();

  desktop::Bus bus_;
  desktop::Wakeup wakeup_;
  EventLog log_;
  std::mutex mutex_;  // tasks_
  std::vector<std::function<void(sd_bus*)>> tasks_;
  std::atomic<bool> stops_{false};
  std::thread thread_;
};

}  // namespace coffre::test
