#include "tests/app/desktop/platform/mock_logind.h"

#include <array>
#include <fcntl.h>
#include <memory>
#include <poll.h>
#include <unistd.h>

namespace coffre::test {
namespace {

constexpr const char* kManagerPath = "/org/freedesktop/login1";
constexpr const char* kManager = "org.freedesktop.login1.Manager";

}  // namespace

MockLogind::MockLogind(const std::string& address, Options options)
    : MockService(address, "org.freedesktop.login1"),
      options_(std::move(options)),
      ends_(desktop::Wakeup::create().value()) {
  serve(kManagerPath);
}

MockLogind::~MockLogind() {
  stop();
  ends_.signal();
  for (std::thread& watcher : watchers_) watcher.join();
}

void MockLogind::prepare_for_sleep(bool begins) {
  send_signal(kManagerPath, kManager, "PrepareForSleep", {}, [&](sd_bus_message* signal) {
    COFFRE_ASSERT(sd_bus_message_append(signal, "b", static_cast<int>(begins)) >= 0);
  });
}

void MockLogind::lock(const std::string& session) {
  send_signal(session, "org.freedesktop.login1.Session", "Lock", {}, [](sd_bus_message*) {});
}

std::string MockLogind::client() {
  const std::lock_guard guard(client_mutex_);
  return client_;
}

int MockLogind::on_call(sd_bus_message* message, sd_bus_error* error) {
  if (sd_bus_message_is_method_call(message, kManager, "GetSession") > 0) {
    return get_session(message, error);
  }
  if (sd_bus_message_is_method_call(message, kManager, "Inhibit") > 0) {
    return inhibit(message, error);
  }
  return 0;
}

int MockLogind::get_session(sd_bus_message* message, sd_bus_error* error) {
  const char* id = nullptr;
  COFFRE_ASSERT(sd_bus_message_read(message, "s", &id) >= 0);
  const int sent = options_.known_ids.contains(id)
                       ? sd_bus_reply_method_return(message, "o", kOurSession)
                       : sd_bus_error_set(error, "org.freedesktop.login1.NoSuchSession", "none");
  log().add(std::string("session ") + id);
  return sent;
}

int MockLogind::inhibit(sd_bus_message* message, sd_bus_error* error) {
  std::array<const char*, 4> words{};
  COFFRE_ASSERT(sd_bus_message_read(message, "ssss", &words[0], &words[1], &words[2], &words[3]) >=
                0);
  std::string event = "inhibit";
  for (const char* const word : words) event += std::string(" ") + word;
  {
    const std::lock_guard guard(client_mutex_);
    client_ = sd_bus_message_get_sender(message);
  }
  if (!options_.grants_inhibitor) {
    log().add(event);
    return sd_bus_error_set(error, "org.freedesktop.DBus.Error.AccessDenied", "no");
  }
  std::array<int, 2> ends{};
  COFFRE_ASSERT(::pipe2(ends.data(), O_CLOEXEC) == 0);
  auto reader = std::make_shared<File>(ends[0]);
  watchers_.emplace_back([this, reader] {
    std::array<pollfd, 2> waits{};
    waits[0] = {.fd = reader->fd(), .events = 0, .revents = 0};  // the other end is closed
    waits[1] = {.fd = ends_.fd(), .events = POLLIN, .revents = 0};
    while (::poll(waits.data(), waits.size(), -1) < 0) {
    }
    if ((waits[0].revents & POLLHUP) != 0) log().add("released");
  });
  const File theirs(ends[1]);
  const int sent = sd_bus_reply_method_return(message, "h", theirs.fd());
  log().add(event);
  return sent;
}

}  // namespace coffre::test
