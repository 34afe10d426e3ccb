#include "app/desktop/ui_shell/program.h"

#include <cstdio>
#include <cstdlib>
#include <memory>
#include <optional>

#include "app/common/i18n.h"
#include "app/common/process.h"
#include "app/common/state_directory.h"
#include "app/desktop/platform/settings.h"
#include "app/desktop/screens/shown_names.h"
#include "app/desktop/ui_core/screen.h"
#include "app/desktop/ui_core/text_input_wipe.h"
#include "app/desktop/ui_shell/lock_watch.h"
#include "app/desktop/ui_shell/loop.h"
#include "app/desktop/ui_shell/path_chooser.h"
#include "app/desktop/ui_shell/settings_store.h"
#include "app/desktop/ui_shell/ui_calls.h"
#include "app/desktop/ui_shell/window.h"
#include "core/base/file.h"

namespace coffre::ui {
namespace {

constexpr int kDone = 0;
constexpr int kFailed = 1;
constexpr int kSenseless = 2;

void say(std::FILE* stream, const std::string& words) {
  std::fputs(words.c_str(), stream);
  std::fputs("\n", stream);
}

int failed(const Error& error) {
  std::string words = std::string("coffre: ") + tr(error.what);
  if (!error.on.empty()) {
    words += ": " + error.on;
  }
  say(stderr, words);
  if (*error.hint != '\0') {
    say(stderr, std::string("  ") + tr(error.hint));
  }
  return kFailed;
}

const char* usage() {
  return tr(
      N_("usage: coffre [FILE.coffre]\n"
         "\n"
         "Opens the vault FILE.coffre, or the one that was open last.\n"
         "\n"
         "  --help       this text\n"
         "  --version    the program's version\n"
         "\n"
         "On a computer without a display, use coffrectl."));
}

struct Words {
  std::string vault;
  std::optional<int> exit;  // all is said already
};

Words parse(const std::vector<std::string>& words) {
  Words parsed;
  bool options_end = false;
  for (const std::string& word : words) {
    if (!options_end && (word == "--help" || word == "-h")) {
      say(stdout, usage());
      return {.vault = {}, .exit = kDone};
    }
    if (!options_end && word == "--version") {
      say(stdout, std::string("coffre ") + COFFRE_VERSION);
      return {.vault = {}, .exit = kDone};
    }
    if (!options_end && word == "--") {
      options_end = true;
    } else if ((!options_end && word.starts_with('-')) || !parsed.vault.empty()) {
      say(stderr, "coffre: " + fill(tr(N_("“{}” was not understood")), {word}));
      say(stderr, usage());
      return {.vault = {}, .exit = kSenseless};
    } else {
      parsed.vault = word;
    }
  }
  return parsed;
}

// Where a new vault is proposed: the person's home.
std::string vault_folder() {
  const char* home = getenv("HOME");
  return home != nullptr && *home == '/' ? std::string(home) : std::string();
}

// What is made before the App, in the order in which it has to go again.
struct Parts {
  std::unique_ptr<LockWatch> watch;
  std::unique_ptr<SettingsStore> settings;
  InputQueue queue;
  std::unique_ptr<Window> window;
  SystemGl gl;
  std::unique_ptr<TexturePool> textures;
  std::shared_ptr<UiCalls> calls;
  std::unique_ptr<PathChooser> chooser;
  std::string state_directory;
};

Status make(Parts& parts) {
  use_wiping_allocator();
  COFFRE_TRY_ASSIGN(parts.watch, LockWatch::start());
  COFFRE_TRY_ASSIGN(parts.state_directory, state_directory());
  parts.settings = std::make_unique<SettingsStore>(desktop::settings_path().value_or(""));
  COFFRE_TRY_ASSIGN(parts.window, Window::open(parts.settings->window(), parts.queue));
  parts.textures = std::make_unique<TexturePool>(parts.gl);
  parts.calls = std::make_shared<UiCalls>(Window::wake);
  parts.chooser = std::make_unique<PathChooser>(parts.calls);
  return {};
}

AppOptions options_of(Parts& parts, const std::string& vault, Clock& clock) {
  return {
      .environment = {.clock = clock,
                      .random = system_random(),
                      .state_directory = parts.state_directory,
                      .workstation = workstation_name(),
                      .stuck_lock = end_stuck_process},
      .textures = *parts.textures,
      .version = COFFRE_VERSION,
      .viewer_program = {},
      .vault_path = vault,
      .vault_folder = vault_folder(),
      .new_vault_cost = {},
      .screens = all_screens(),
      .role_name = shown_role,
      .setting = [&parts](std::string_view key) { return parts.settings->get(key); },
      .set_setting = [&parts](std::string_view key,
                              std::string_view value) { parts.settings->set(key, value); },
      .choose_paths =
          [&parts](const ChooseRequest& request, PathChooser::Done done) {
            parts.chooser->choose(request, std::move(done));
          },
      .wake = Window::wake,
      .locked = [&parts] { parts.watch->locked(); },
  };
}

Status run(const std::string& vault, Hooks* hooks) {
  Parts parts;
  COFFRE_TRY(make(parts));
  Clock& clock = hooks != nullptr ? hooks->clock() : system_clock();
  Status status;
  {
    App app(options_of(parts, vault, clock));
    Loop loop({.window = *parts.window,
               .queue = parts.queue,
               .gl = parts.gl,
               .textures = *parts.textures,
               .calls = *parts.calls,
               .chooser = *parts.chooser,
               .hooks = hooks});
    parts.watch->attach(app, loop);
    status = loop.run(app);
    parts.settings->set_window(parts.window->remembered_size());
    parts.watch->detach();
    // The window goes dark before the App ends what it was doing.
    parts.chooser->cancel();
  }
  parts.calls->close();
  return status;
}

}  // namespace

int run_program(const std::vector<std::string>& words, Hooks* hooks) {
  const Words parsed = parse(words);
  if (parsed.exit) {
    return *parsed.exit;
  }
  const Status status = run(parsed.vault, hooks);
  return status ? kDone : failed(status.error());
}

}  // namespace coffre::ui
