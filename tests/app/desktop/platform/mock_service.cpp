#include "tests/app/desktop/platform/mock_service.h"

#include <array>
#include <future>

namespace coffre::test {

using desktop::BusKind;
using desktop::BusMessage;

MockService::MockService(const std::string& address, const std::string& name)
    : bus_(desktop::connect_bus(BusKind::kSession, address).value()),
      wakeup_(desktop::Wakeup::create().value()) {
  if (!name.empty()) COFFRE_ASSERT(sd_bus_request_name(bus_.get(), name.c_str(), 0) >= 0);
  if (name.empty()) serve("/nothing");
}

MockService::~MockService() { stop(); }

void MockService::serve(const std::string& path) {
  COFFRE_ASSERT(sd_bus_add_fallback(bus_.get(), nullptr, path.c_str(), on_message, this) >= 0);
  thread_ = desktop::start_thread([this] { loop(); }).value();
}

void MockService::stop() {
  if (!thread_.joinable()) return;
  stops_.store(true);
  wakeup_.signal();
  thread_.join();
  bus_.reset();
}

void MockService::run(const std::function<void(sd_bus*)>& task) {
  std::promise<void> done;
  {
    const std::lock_guard guard(mutex_);
    tasks_.emplace_back([&task, &done](sd_bus* bus) {
      task(bus);
      done.set_value();
    });
  }
  wakeup_.signal();
  done.get_future().wait();
}

void MockService::send_signal(const std::string& path, const std::string& interface,
                              const std::string& member, const std::string& destination,
                              const std::function<void(sd_bus_message*)>& fill) {
  run([&](sd_bus* bus) {
    sd_bus_message* made = nullptr;
    COFFRE_ASSERT(sd_bus_message_new_signal(bus, &made, path.c_str(), interface.c_str(),
                                            member.c_str()) >= 0);
    const BusMessage signal(made);
    if (!destination.empty()) {
      COFFRE_ASSERT(sd_bus_message_set_destination(made, destination.c_str()) >= 0);
    }
    fill(made);
    COFFRE_ASSERT(sd_bus_send(bus, made, nullptr) >= 0);
    // The bus takes messages of one connection in order: its answer says that it has the signal.
    sd_bus_message* answer = nullptr;
    COFFRE_ASSERT(sd_bus_call_method(bus, "org.freedesktop.DBus", "/org/freedesktop/DBus",
                                     "org.freedesktop.DBus", "GetId", nullptr, &answer,
                                     nullptr) >= 0);
    const BusMessage released(answer);
  });
}

void MockService::wait_until_handled_by(const std::string& connection) {
  run([&](sd_bus* bus) {
    sd_bus_message* answer = nullptr;
    COFFRE_ASSERT(sd_bus_call_method(bus, connection.c_str(), "/", "org.freedesktop.DBus.Peer",
                                     "Ping", nullptr, &answer, nullptr) >= 0);
    const BusMessage released(answer);
  });
}

int MockService::on_call(sd_bus_message* /*message*/, sd_bus_error* /*error*/) { return 0; }

int MockService::on_message(sd_bus_message* message, void* self, sd_bus_error* error) {
  return static_cast<MockService*>(self)->on_call(message, error);
}

void MockService::loop() {
  while (!stops_.load()) {
    const bool is_connected = bus_ != nullptr && desktop::process_bus(bus_.get());
    if (!is_connected) bus_.reset();
    std::vector<std::function<void(sd_bus*)>> tasks;
    {
      const std::lock_guard guard(mutex_);
      tasks.swap(tasks_);
    }
    for (const auto& task : tasks) task(bus_.get());
    if (!tasks.empty()) continue;  // what a task's own calls read may be waiting
    const std::array<sd_bus*, 1> buses = {bus_.get()};
    desktop::wait_for_buses(buses, wakeup_, -1);
  }
}

}  // namespace coffre::test
