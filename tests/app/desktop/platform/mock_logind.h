// logind as far as the program knows it.
#pragma once

#include <set>
#include <string>
#include <thread>
#include <vector>

#include "tests/app/desktop/platform/mock_service.h"

namespace coffre::test {

inline constexpr const char* kOurSession = "/org/freedesktop/login1/session/_31";
inline constexpr const char* kOtherSession = "/org/freedesktop/login1/session/_32";

// Tells in its log: "session ID", "inhibit WHAT WHO WHY MODE", "released".
class MockLogind final : public MockService {
 public:
  struct Options {
    std::set<std::string> known_ids = {"auto", "1"};  // those of our session
    bool grants_inhibitor = true;
  };

  explicit MockLogind(const std::string& address) : MockLogind(address, Options()) {}
  MockLogind(const std::string& address, Options options);
  ~MockLogind() override;

  void prepare_for_sleep(bool begins);
  // The signal of a session.
  void lock(const std::string& session);
  // Who asked for the newest inhibitor.
  [[nodiscard]] std::string client();

 private:
  int on_call(sd_bus_message* message, sd_bus_error* error) override;
  int get_session(sd_bus_message* message, sd_bus_error* error);
  int inhibit(sd_bus_message* message, sd_bus_error* error);

  Options options_;
  std::mutex client_mutex_;
  std::string client_;
  desktop::Wakeup ends_;
  std::vector<std::thread> watchers_;  // one for each inhibitor that was granted
};

}  // namespace coffre::test
