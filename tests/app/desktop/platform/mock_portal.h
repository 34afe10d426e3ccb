// The desktop portal's file chooser as far as the program knows it.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "tests/app/desktop/platform/mock_service.h"

namespace coffre::test {

// A call of OpenFile or SaveFile as it came.
struct PortalCall {
  std::string method;
  std::string sender;
  std::string handle;
  std::string parent;
  std::string title;
  std::map<std::string, std::string> options;  // "true", "false"; a text; a path with its NUL as
                                               // "\\0"; filters as "Name:glob,glob;"
};

// Tells in its log: "open", "close".
class MockPortal final : public MockService {
 public:
  struct Options {
    std::uint32_t version = 4;
    bool has_chooser = true;  // else there is a portal without a file chooser
    bool refuses = false;     // the dialog, with an error
    bool is_silent = false;   // never answers the call
    bool own_handle = false;  // as portals before version 0.9
  };

  explicit MockPortal(const std::string& address) : MockPortal(address, Options()) {}
  MockPortal(const std::string& address, Options options);
  ~MockPortal() override;

  // The newest call; after "open" in the log.
  [[nodiscard]] PortalCall call();
  // Ends the newest request.
  void respond(std::uint32_t outcome, const std::vector<std::string>& uris);

 private:
  int on_call(sd_bus_message* message, sd_bus_error* error) override;
  int get_version(sd_bus_message* message, sd_bus_error* error);
  int open(sd_bus_message* message, sd_bus_error* error);

  Options options_;
  std::mutex call_mutex_;
  PortalCall call_;
};

// Sends a Response from any connection.
void send_response(MockService& from, const std::string& handle, const std::string& destination,
                   std::uint32_t outcome, const std::vector<std::string>& uris);

}  // namespace coffre::test
