#include "tests/app/desktop/platform/mock_portal.h"

#include <algorithm>

namespace coffre::test {
namespace {

constexpr const char* kPath = "/org/freedesktop/portal/desktop";
constexpr const char* kChooser = "org.freedesktop.portal.FileChooser";
constexpr const char* kRequest = "org.freedesktop.portal.Request";

// A message that is not as the portal's specification says ends the test.
void must(int result) { COFFRE_ASSERT(result >= 0); }

std::string read_text(sd_bus_message* message) {
  const char* text = nullptr;
  must(sd_bus_message_read(message, "s", &text));
  return text;
}

std::string read_flag(sd_bus_message* message) {
  int flag = 0;
  must(sd_bus_message_read_basic(message, 'b', &flag));
  return flag != 0 ? "true" : "false";
}

std::string read_path(sd_bus_message* message) {
  const void* bytes = nullptr;
  std::size_t size = 0;
  must(sd_bus_message_read_array(message, 'y', &bytes, &size));
  std::string path(static_cast<const char*>(bytes), size);
  if (path.ends_with('\0')) path.replace(path.size() - 1, 1, "\\0");
  return path;
}

std::string read_filters(sd_bus_message* message) {
  std::string text;
  must(sd_bus_message_enter_container(message, 'a', "(sa(us))"));
  while (sd_bus_message_enter_container(message, 'r', "sa(us)") > 0) {
    text += read_text(message) + ":";
    must(sd_bus_message_enter_container(message, 'a', "(us)"));
    std::uint32_t kind = 0;
    const char* glob = nullptr;
    while (sd_bus_message_read(message, "(us)", &kind, &glob) > 0) {
      text += (kind == 0 ? "" : "?") + std::string(glob) + ",";
    }
    must(sd_bus_message_exit_container(message));
    must(sd_bus_message_exit_container(message));
    text += ";";
  }
  must(sd_bus_message_exit_container(message));
  return text;
}

std::string read_variant(sd_bus_message* message) {
  const char* contents = nullptr;
  must(sd_bus_message_peek_type(message, nullptr, &contents));
  const std::string type = contents;
  must(sd_bus_message_enter_container(message, 'v', contents));
  std::string text = "of type " + type;
  if (type == "s") text = read_text(message);
  if (type == "b") text = read_flag(message);
  if (type == "ay") text = read_path(message);
  if (type == "a(sa(us))") text = read_filters(message);
  must(sd_bus_message_exit_container(message));
  return text;
}

PortalCall read_call(sd_bus_message* message) {
  PortalCall call;
  call.method = sd_bus_message_get_member(message);
  call.sender = sd_bus_message_get_sender(message);
  call.parent = read_text(message);
  call.title = read_text(message);
  must(sd_bus_message_enter_container(message, 'a', "{sv}"));
  while (sd_bus_message_enter_container(message, 'e', "sv") > 0) {
    std::string key = read_text(message);
    call.options[std::move(key)] = read_variant(message);
    must(sd_bus_message_exit_container(message));
  }
  must(sd_bus_message_exit_container(message));
  std::string client = call.sender.substr(1);
  std::replace(client.begin(), client.end(), '.', '_');
  call.handle = std::string(kPath) + "/request/" + client + "/" + call.options["handle_token"];
  return call;
}

}  // namespace

MockPortal::MockPortal(const std::string& address, Options options)
    : MockService(address, "org.freedesktop.portal.Desktop"), options_(options) {
  serve(kPath);
}

MockPortal::~MockPortal() { stop(); }

PortalCall MockPortal::call() {
  const std::lock_guard guard(call_mutex_);
  return call_;
}

void MockPortal::respond(std::uint32_t outcome, const std::vector<std::string>& uris) {
  const PortalCall newest = call();
  send_response(*this, newest.handle, newest.sender, outcome, uris);
}

int MockPortal::on_call(sd_bus_message* message, sd_bus_error* error) {
  if (sd_bus_message_is_method_call(message, "org.freedesktop.DBus.Properties", "Get") > 0) {
    return get_version(message, error);
  }
  if (sd_bus_message_is_method_call(message, kChooser, nullptr) > 0) return open(message, error);
  if (sd_bus_message_is_method_call(message, kRequest, "Close") > 0) {
    log().add("close " + std::string(sd_bus_message_get_path(message)));
    return 1;
  }
  return 0;
}

int MockPortal::get_version(sd_bus_message* message, sd_bus_error* error) {
  const char* interface = nullptr;
  const char* property = nullptr;
  must(sd_bus_message_read(message, "ss", &interface, &property));
  if (!options_.has_chooser || std::string_view(interface) != kChooser ||
      std::string_view(property) != "version") {
    return sd_bus_error_set(error, "org.freedesktop.DBus.Error.InvalidArgs", "no such interface");
  }
  return sd_bus_reply_method_return(message, "v", "u", options_.version);
}

int MockPortal::open(sd_bus_message* message, sd_bus_error* error) {
  PortalCall call = read_call(message);
  if (options_.own_handle) call.handle = std::string(kPath) + "/request/own";
  {
    const std::lock_guard guard(call_mutex_);
    call_ = call;
  }
  int answered = 1;
  if (options_.refuses) {
    answered = sd_bus_error_set(error, "org.freedesktop.portal.Error.Failed", "no");
  } else if (!options_.is_silent) {
    answered = sd_bus_reply_method_return(message, "o", call.handle.c_str());
  }
  log().add("open");
  return answered;
}

void send_response(MockService& from, const std::string& handle, const std::string& destination,
                   std::uint32_t outcome, const std::vector<std::string>& uris) {
  from.send_signal(handle, kRequest, "Response", destination, [&](sd_bus_message* signal) {
    must(sd_bus_message_append(signal, "u", outcome));
    must(sd_bus_message_open_container(signal, 'a', "{sv}"));
    // Another result in front: portals send several.
    must(sd_bus_message_append(signal, "{sv}", "writable", "b", 1));
    if (!uris.empty()) {
      must(sd_bus_message_open_container(signal, 'e', "sv"));
      must(sd_bus_message_append(signal, "s", "uris"));
      must(sd_bus_message_open_container(signal, 'v', "as"));
      must(sd_bus_message_open_container(signal, 'a', "s"));
      for (const std::string& uri : uris) must(sd_bus_message_append(signal, "s", uri.c_str()));
      must(sd_bus_message_close_container(signal));
      must(sd_bus_message_close_container(signal));
      must(sd_bus_message_close_container(signal));
    }
    must(sd_bus_message_close_container(signal));
  });
}

}  // namespace coffre::test
