#include "app/desktop/platform/portal_request.h"

#include <algorithm>
#include <array>

#include "app/desktop/platform/file_uri.h"
#include "core/base/bytes.h"

namespace coffre::desktop {
namespace {

constexpr const char* kName = "org.freedesktop.portal.Desktop";
constexpr const char* kPath = "/org/freedesktop/portal/desktop";
constexpr const char* kChooser = "org.freedesktop.portal.FileChooser";
constexpr const char* kRequest = "org.freedesktop.portal.Request";
constexpr const char* kResponseRule =
    "type='signal',sender='org.freedesktop.portal.Desktop',"
    "interface='org.freedesktop.portal.Request',member='Response'";
constexpr std::uint32_t kVersionOfDirectory = 3;
constexpr std::uint32_t kChosen = 0;
constexpr std::uint32_t kCancelled = 1;

PortalRequest& request_of(void* self) { return *static_cast<PortalRequest*>(self); }

std::unexpected<Error> no_portal() {
  return fail(Code::kNotFound, N_("the desktop offers no file dialog"));
}

std::unexpected<Error> ended() {
  return fail(Code::kFailed, N_("the file dialog ended without an answer"), {},
              N_("open it again"));
}

bool is_error(sd_bus_message* message) {
  return sd_bus_message_is_method_error(message, nullptr) != 0;
}

// Appends to a message; after the first failure the rest is skipped. The vararg calls of the
// library take what the type string says, so each type has a function of its own here.
class Fields {
 public:
  explicit Fields(sd_bus_message* message) : message_(message) {}

  Fields& text(const char* value) { return note(sd_bus_message_append(message_, "s", value)); }
  Fields& text_option(const char* key, const std::string& value) {
    return note(sd_bus_message_append(message_, "{sv}", key, "s", value.c_str()));
  }
  Fields& flag_option(const char* key, bool value) {
    return note(sd_bus_message_append(message_, "{sv}", key, "b", static_cast<int>(value)));
  }
  // A path is bytes with their terminator.
  Fields& path_option(const char* key, const std::string& value) {
    open('e', "sv").text(key).open('v', "ay");
    note(sd_bus_message_append_array(message_, 'y', value.c_str(), value.size() + 1));
    return close().close();
  }
  Fields& filters_option(const std::vector<FileFilter>& filters) {
    open('e', "sv").text("filters").open('v', "a(sa(us))").open('a', "(sa(us))");
    for (const FileFilter& filter : filters) add(filter);
    return close().close().close();
  }
  Fields& open(char type, const char* contents) {
    return note(sd_bus_message_open_container(message_, type, contents));
  }
  Fields& close() { return note(sd_bus_message_close_container(message_)); }
  [[nodiscard]] bool ok() const { return ok_; }

 private:
  void add(const FileFilter& filter) {
    open('r', "sa(us)").text(filter.name.c_str()).open('a', "(us)");
    if (filter.extensions.empty()) glob("*");
    for (const std::string& extension : filter.extensions) {
      glob("*." + extension);
      glob("*." + upper(extension));
    }
    close().close();
  }
  void glob(const std::string& pattern) {
    note(sd_bus_message_append(message_, "(us)", std::uint32_t{0}, pattern.c_str()));
  }
  static std::string upper(std::string text) {
    for (char& c : text) {
      if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    }
    return text;
  }
  Fields& note(int result) {
    ok_ = ok_ && result >= 0;
    return *this;
  }

  sd_bus_message* message_;
  bool ok_ = true;
};

// ":1.7" and "t" make /org/freedesktop/portal/desktop/request/1_7/t.
std::string handle_of(std::string unique_name, const std::string& token) {
  std::replace(unique_name.begin(), unique_name.end(), '.', '_');
  unique_name.erase(0, unique_name.starts_with(':') ? 1 : 0);
  return std::string(kPath) + "/request/" + unique_name + "/" + token;
}

FileDialog::Answer paths_of(sd_bus_message* message) {
  std::vector<std::string> paths;
  const char* uri = nullptr;
  if (sd_bus_message_enter_container(message, 'v', "as") < 0 ||
      sd_bus_message_enter_container(message, 'a', "s") < 0) {
    return ended();
  }
  int more = 0;
  while ((more = sd_bus_message_read(message, "s", &uri)) > 0) {
    if (paths.size() == kChosenMax) {
      return fail(Code::kLimit, N_("too many files were chosen at once"), {},
                  N_("choose a folder, or fewer files"));
    }
    COFFRE_TRY_ASSIGN(std::string path, path_of_file_uri(uri));
    paths.push_back(std::move(path));
  }
  if (more < 0) return ended();
  return paths;
}

// The results of a Response, after its first field: the paths under "uris".
FileDialog::Answer results_of(sd_bus_message* message) {
  if (sd_bus_message_enter_container(message, 'a', "{sv}") < 0) return ended();
  while (sd_bus_message_enter_container(message, 'e', "sv") > 0) {
    const char* key = nullptr;
    if (sd_bus_message_read(message, "s", &key) < 0) return ended();
    if (std::string_view(key) == "uris") return paths_of(message);
    if (sd_bus_message_skip(message, "v") < 0 || sd_bus_message_exit_container(message) < 0) {
      return ended();
    }
  }
  return ended();
}

// A Response.
FileDialog::Answer answer_of(sd_bus_message* message, bool multiple) {
  std::uint32_t outcome = 0;
  if (sd_bus_message_read(message, "u", &outcome) < 0) return ended();
  if (outcome == kCancelled) return {};
  if (outcome != kChosen) return ended();
  COFFRE_TRY_ASSIGN(auto paths, results_of(message));
  if (paths.empty() || (!multiple && paths.size() != 1)) return ended();
  return paths;
}

}  // namespace

FileDialog::Answer PortalRequest::run() {
  auto bus = connect_bus(BusKind::kSession, options_.session_bus);
  if (!bus) return no_portal();
  bus_ = *std::move(bus);
  if (!ask_version()) return no_portal();
  while (!answer_) {
    if (!process_bus(bus_.get())) return is_open_ ? FileDialog::Answer(ended()) : no_portal();
    if (answer_) break;
    if (is_cancelled_.load()) {
      close();
      return {};
    }
    const std::array<sd_bus*, 1> buses = {bus_.get()};
    wait_for_buses(buses, wakeup_, -1);
  }
  return *std::move(answer_);
}

bool PortalRequest::ask_version() {
  sd_bus* const bus = bus_.get();
  const auto patience_us = static_cast<std::uint64_t>(options_.answer_ms) * 1'000;
  return sd_bus_set_method_call_timeout(bus, patience_us) >= 0 &&
         sd_bus_add_match_async(bus, nullptr, kResponseRule, on_response, nullptr, this) >= 0 &&
         sd_bus_add_match_async(bus, nullptr, owner_rule(kName).c_str(), on_owner_changed, nullptr,
                                this) >= 0 &&
         sd_bus_call_method_async(bus, nullptr, kName, kPath, "org.freedesktop.DBus.Properties",
                                  "Get", on_version, this, "ss", kChooser, "version") >= 0;
}

BusMessage PortalRequest::dialog_call(const std::string& token) const {
  sd_bus_message* made = nullptr;
  const int result = sd_bus_message_new_method_call(bus_.get(), &made, kName, kPath, kChooser,
                                                    saves_ ? "SaveFile" : "OpenFile");
  BusMessage call(made);
  if (result < 0) return nullptr;
  Fields fields(call.get());
  fields.text(request_.parent_window.c_str()).text(request_.title.c_str()).open('a', "{sv}");
  fields.text_option("handle_token", token).flag_option("modal", true);
  if (!request_.accept_label.empty()) fields.text_option("accept_label", request_.accept_label);
  if (!request_.folder.empty()) fields.path_option("current_folder", request_.folder);
  if (!request_.filters.empty()) fields.filters_option(request_.filters);
  if (saves_) {
    if (!request_.name.empty()) fields.text_option("current_name", request_.name);
  } else {
    fields.flag_option("multiple", request_.multiple).flag_option("directory", request_.directory);
  }
  return fields.close().ok() ? std::move(call) : nullptr;
}

bool PortalRequest::ask_dialog() {
  std::array<Byte, 16> random{};
  const char* unique_name = nullptr;
  // The bus has answered a call, so its name for us is there without waiting.
  if (os().getrandom(random.data(), random.size()) != ssize_t{random.size()} ||
      sd_bus_get_unique_name(bus_.get(), &unique_name) < 0) {
    return false;
  }
  const std::string token = "coffre_" + to_hex(random);
  handle_ = handle_of(unique_name, token);
  const BusMessage call = dialog_call(token);
  return call != nullptr &&
         sd_bus_call_async(bus_.get(), nullptr, call.get(), on_handle, this, 0) >= 0;
}

void PortalRequest::close() const {
  if (handle_.empty()) return;
  // Nobody waits for the answer: with our connection the portal drops the request anyway.
  sd_bus_message* made = nullptr;
  const int result =
      sd_bus_message_new_method_call(bus_.get(), &made, kName, handle_.c_str(), kRequest, "Close");
  const BusMessage call(made);
  if (result >= 0 && sd_bus_message_set_expect_reply(call.get(), 0) >= 0) {
    (void)sd_bus_send(bus_.get(), call.get(), nullptr);
  }
}

int PortalRequest::on_version(sd_bus_message* message, void* self, sd_bus_error*) {
  PortalRequest& request = request_of(self);
  std::uint32_t version = 0;
  const char* const sender = sd_bus_message_get_sender(message);
  if (is_error(message) || sender == nullptr ||
      sd_bus_message_read(message, "v", "u", &version) < 0 ||
      (request.request_.directory && version < kVersionOfDirectory)) {
    request.answer_ = no_portal();
    return 0;
  }
  request.portal_ = sender;
  if (!request.ask_dialog()) request.answer_ = no_portal();
  return 0;
}

int PortalRequest::on_handle(sd_bus_message* message, void* self, sd_bus_error*) {
  PortalRequest& request = request_of(self);
  if (request.answer_) return 0;
  const char* handle = nullptr;
  if (is_error(message) || sd_bus_message_read(message, "o", &handle) < 0) {
    request.close();  // it may open late, and the program has taken its own browser by then
    request.answer_ = no_portal();
    return 0;
  }
  request.handle_ = handle;  // portals before version 0.9 choose their own
  request.is_open_ = true;
  return 0;
}

int PortalRequest::on_response(sd_bus_message* message, void* self, sd_bus_error*) {
  PortalRequest& request = request_of(self);
  const char* const path = sd_bus_message_get_path(message);
  if (request.answer_ || !is_from(message, request.portal_) || path == nullptr ||
      request.handle_ != path) {
    return 0;
  }
  request.answer_ = answer_of(message, request.request_.multiple);
  return 0;
}

int PortalRequest::on_owner_changed(sd_bus_message* message, void* self, sd_bus_error*) {
  PortalRequest& request = request_of(self);
  if (request.answer_ || request.portal_.empty()) return 0;  // the start that we asked for
  if (new_owner_of(message) != request.portal_) {
    request.answer_ = request.is_open_ ? FileDialog::Answer(ended()) : no_portal();
  }
  return 0;
}

}  // namespace coffre::desktop
