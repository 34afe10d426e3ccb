// Screen: one page of the program, named in the rail, and what it may use.
//
// A screen is made at the unlock and destroyed at the lock, so that nothing of one session is left
// for the next; what was being typed is given as a draft, sealed to its owner, and taken back at
// the owner's next unlock. A screen asks the vault through VaultHost only, never waits, and shows
// loading, empty and error states of its own. Threads: UI thread only.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "app/desktop/ui_core/command.h"
#include "app/desktop/ui_core/jobs.h"
#include "app/desktop/ui_core/session_end.h"
#include "app/desktop/ui_core/ui.h"
#include "app/desktop/ui_core/vault_host.h"

namespace coffre::ui {

// An error of the core, translated: what failed on what, and what to do.
struct ErrorText {
  std::string what;
  std::string hint;
};
[[nodiscard]] ErrorText text_of(const Error& error);

// Pixels on the screen. The shell's pool zeroes a texture before it is freed or used again.
class Textures {
 public:
  virtual ~Textures() = default;
  // RGBA8, `stride` bytes a row. nullptr: no room (too large, or too many).
  [[nodiscard]] virtual ImTextureID create(std::uint32_t width, std::uint32_t height,
                                           std::size_t stride, std::span<const std::byte> rgba) = 0;
  virtual void destroy(ImTextureID texture) = 0;
};

// Files and folders that a person chooses: the desktop's portal, else our own browser.
struct ChooseRequest {
  enum class Kind : unsigned char { kOpenFiles, kOpenFile, kFolder, kSave };
  Kind kind = Kind::kOpenFiles;
  std::string title;           // translated
  std::string suggested_name;  // kSave
};

class Toasts {
 public:
  virtual ~Toasts() = default;
  virtual void say(std::string words) = 0;
  // With a way back: `undo` runs when its button is pressed.
  virtual void say(std::string words, std::string undo_label, std::function<void()> undo) = 0;
  virtual void say_error(const Error& error) = 0;
};

struct Selection;       // the document in hand: app/desktop/screens/selection.h
class ExportKeeper;     // copies in the clear: app/desktop/ui_core/export_keeper.h
class OpenedDocuments;  // in other programs: app/desktop/ui_core/opened_documents.h

struct Services {
  Clock& clock;
  Jobs& jobs;
  VaultHost& vault;
  Commands& commands;
  Toasts& toasts;
  Textures& textures;
  std::string viewer_program;  // empty: beside the program
  // `done` gets the paths; empty when the person gave up.
  std::function<void(const ChooseRequest&, std::function<void(std::vector<std::string>)> done)>
      choose_paths;
  std::function<void(const char* screen_id)> go;  // to another screen
  // Callbacks for the moment of the lock (kill the viewer process); see its header.
  SessionEnd& session_end;
  std::weak_ptr<Selection> selection{};  // held by the screens, gone with them
  ExportKeeper* exports = nullptr;       // nullptr: nobody looks after copies (tests of a screen)
  OpenedDocuments* opened = nullptr;     // the same
};

using DraftEnd = std::function<std::string(std::string draft)>;

class Screen {
 public:
  virtual ~Screen() = default;
  [[nodiscard]] virtual const char* id() const = 0;     // "dossiers"
  [[nodiscard]] virtual const char* label() const = 0;  // message id
  [[nodiscard]] virtual const char* icon() const = 0;
  // Whether this account has any use for it; asked at the unlock.
  [[nodiscard]] virtual bool is_available() const = 0;
  [[nodiscard]] virtual int badge() const { return 0; }
  // Registers its commands; called once after it was made.
  virtual void add_commands(Commands& commands) = 0;
  virtual void entered() {}  // it is shown from now on
  virtual void draw(Ui& ui, const Rect& area) = 0;
  // Over whatever screen is shown: sheets that a command of this screen opened.
  virtual void draw_sheets(Ui& /*ui*/) {}
  // The search field of the top bar, at each change; false: this screen searches nothing.
  virtual bool search(std::string_view /*words*/) { return false; }
  // Files dropped on the window; false: not taken.
  virtual bool drop(const std::vector<std::string>& /*paths*/) { return false; }
  // What the top bar shows of the patient in hand; empty: none.
  [[nodiscard]] virtual std::string subject() const { return {}; }
  // What is being typed, as JSON of its own; empty: nothing worth keeping.
  [[nodiscard]] virtual std::string draft() const { return {}; }
  // A lock takes the draft while the vault may still be at work. What this gives gets it once that
  // has ended, on the vault's thread, and leaves out what was stored meanwhile; it must not touch
  // the screen, which is gone by then. Empty: the draft stays as it is.
  [[nodiscard]] virtual DraftEnd draft_end() const { return {}; }
  virtual void restore(std::string_view /*draft*/) {}
};

// In the order of the rail. Each is made for every unlock.
using ScreenMaker = std::unique_ptr<Screen> (*)(Services&);
[[nodiscard]] const std::vector<ScreenMaker>& all_screens();

}  // namespace coffre::ui
