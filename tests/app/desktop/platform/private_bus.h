// A message bus of the test's own: a dbus-daemon that nobody else uses.
#pragma once

#include <string>
#include <sys/types.h>

#include "tests/support/temp_dir.h"

namespace coffre::test {

class PrivateBus {
 public:
  enum class Start : unsigned char { kNow, kLater };

  // Ends the process when there is no dbus-daemon.
  explicit PrivateBus(Start when = Start::kNow);
  PrivateBus(const PrivateBus&) = delete;
  PrivateBus& operator=(const PrivateBus&) = delete;
  ~PrivateBus();

  // The same before, during and after it runs.
  [[nodiscard]] std::string address() const { return "unix:path=" + (dir_ / "bus"); }
  // It can be connected to when this returns.
  void start();
  // It is gone when this returns, and with it all its connections.
  void stop();

 private:
  TempDir dir_;
  pid_t pid_ = -1;
};

}  // namespace coffre::test
