// App: all of the program but its window: first start, unlock, the frame around the screens, lock.
//
// The shell owns the window and calls, in its loop: activity() for real input only; handle() for
// each key pressed (before ImGui gets it; true: taken, do not forward it; digits by the key's
// place, Key::kNone for a key without a name); tick() after each wait; then, if an event came or
// wants_frame() says so, a frame with draw(); then take_wipe_request(), and waits at most
// next_frame_in_ms().
//
// Guarantees: nothing of a session is drawn once its lock was asked for or happened; screens are
// destroyed, jobs stopped, their late results discarded, ImGui's typed text wiped; what was being
// typed is sealed to its owner. A lock by idleness, or by request_lock() from another thread, does
// not wait for the UI thread: keys are wiped and SessionEnd's callbacks run all the same. Not
// covered: pixels already on the glass until the next frame; the memory that ImGui's draw lists
// used, until the shell recreates its context (take_wipe_request()).
// Threads: UI thread only, but request_lock() and is_locked() from any.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "app/desktop/ui_core/command.h"
#include "app/desktop/ui_core/export_keeper.h"
#include "app/desktop/ui_core/opened_documents.h"
#include "app/desktop/ui_core/screen.h"
#include "app/desktop/ui_core/ui.h"
#include "core/vault/vault.h"

namespace coffre::ui {

struct AppOptions {
  VaultEnvironment environment;
  Textures& textures;
  std::string version;         // shown in "About"
  std::string viewer_program;  // empty: beside the program
  std::string vault_path;      // from the command line; empty: the vault used last
  std::string vault_folder;    // where a new vault is proposed, without a slash at the end
  PasswordCost new_vault_cost{};
  std::vector<ScreenMaker> screens;  // all_screens()
  // A role as a person reads it (shown_role of app/desktop/screens); empty: as it is stored.
  std::function<std::string(std::string_view)> role_name;

  // The workstation's settings, by key: "vault" (path used last), "theme" ("light", "dark",
  // "contrast"), "scale" (percent), "language" ("fr", "en"), "minimise_after" (seconds; "": never).
  // Empty: never set. The shell may keep its own keys ("window...") in the same place. Both may be
  // empty functions: nothing is remembered.
  std::function<std::string(std::string_view key)> setting;
  std::function<void(std::string_view key, std::string_view value)> set_setting;

  // As in Services; `done` is called on the UI thread, empty paths: the person gave up.
  std::function<void(const ChooseRequest&, std::function<void(std::vector<std::string>)> done)>
      choose_paths;
  // Wakes the shell's loop: tick() has something to do. Any thread.
  std::function<void()> wake;
  // How copies in the clear are looked at and erased.
  ExportCalls exports = {};
  // How documents are opened in other programs.
  OpenCalls open_calls = {};
  // The session ended: keys are wiped, SessionEnd's callbacks have run. On the thread that locked
  // (a suspend may go on now); it must not call the App.
  std::function<void()> locked;
};

// What the shell makes the Ui of the next frame from.
struct Appearance {
  ThemeKind theme = ThemeKind::kLight;
  int scale_percent = 100;  // times the content scale of the monitor
  bool operator==(const Appearance&) const = default;
};

class App {
 public:
  explicit App(AppOptions options);
  // Locks if need be, seals drafts, journals the lock, closes the vault.
  ~App();
  App(const App&) = delete;
  App& operator=(const App&) = delete;

  // ---- Every pass of the loop
  // Takes finished jobs, notices a lock, lets deadlines pass (notice, curtain, toasts). Cheap.
  void tick();
  // Something visible changed since the last draw(). The shell itself draws a few frames after
  // each event; this says when to draw without one.
  [[nodiscard]] bool wants_frame() const;
  // How long the shell may wait without an event: 0 when a frame is wanted now, at most 60'000.
  [[nodiscard]] int next_frame_in_ms() const;
  // The whole window. Ui must be made from appearance() and ImGui's display size be the window's.
  void draw(Ui& ui);
  // True once after each lock: recreate ImGui's context, zero the textures' pool, clear the
  // clipboard if its text is ours, wipe the queue of events, and draw until every back buffer is
  // replaced.
  [[nodiscard]] bool take_wipe_request();

  // ---- Input
  // A key or button of a person was pressed, or the pointer moved: moves the lock's deadline, and
  // so ends the notice before it. Never for events that a program made (drops, focus). While the
  // curtain is drawn nothing moves the deadline; a key or a button lifts it, a movement does not.
  void activity();
  [[nodiscard]] bool handle(const Shortcut& shortcut);
  void set_caps_lock(bool on);
  void files_dropped(const std::vector<std::string>& paths);

  // ---- Locking
  void request_lock(LockCause cause);    // any thread; returns at once
  [[nodiscard]] bool is_locked() const;  // any thread; true when no key is in memory

  // ---- The window
  [[nodiscard]] Appearance appearance() const;
  // "Cabinet des Tilleuls – Coffre" when unlocked or a vault is open, else "Coffre". Never a
  // patient.
  [[nodiscard]] std::string title() const;
  [[nodiscard]] bool take_minimise_request();
  [[nodiscard]] bool take_quit_request();

  // For the test's driver and for drop and dialog glue.
  [[nodiscard]] Services& services();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace coffre::ui
