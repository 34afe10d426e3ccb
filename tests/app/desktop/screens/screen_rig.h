// ScreenRig: a screen of an unlocked session, without the frame around it: the vault on its thread,
// the services that a screen asks for, and a person at it.
//
// Files are chosen by `chosen`, in order; nothing left: the person gave up. Threads: one.
#pragma once

#include <array>
#include <deque>
#include <future>
#include <memory>
#include <string>
#include <vector>

#include "app/desktop/ui_core/export_keeper.h"
#include "app/desktop/ui_core/opened_documents.h"
#include "app/desktop/ui_core/screen.h"
#include "app/desktop/ui_core/session_end.h"
#include "tests/app/desktop/support/driver.h"
#include "tests/app/desktop/support/vault_fixture.h"

namespace coffre::test {

class HeardToasts final : public ui::Toasts {
 public:
  void say(std::string words) override { heard.push_back(std::move(words)); }
  void say(std::string words, std::string /*label*/, std::function<void()> way_back) override {
    heard.push_back(std::move(words));
    undo = std::move(way_back);
  }
  void say_error(const Error& error) override { errors.push_back(error); }

  std::vector<std::string> heard;
  std::vector<Error> errors;
  std::function<void()> undo;  // of the newest that had one
};

class NoTextures final : public ui::Textures {
 public:
  [[nodiscard]] ImTextureID create(std::uint32_t, std::uint32_t, std::size_t,
                                   std::span<const std::byte>) override {
    return nullptr;
  }
  void destroy(ImTextureID) override {}
};

// One way to look at a screen: every screen has to be whole in each of kLooks.
struct Look {
  Language language;
  float scale;
  ImVec2 size;
};
inline const std::array kLooks = {
    Look{Language::kFrench, 1, {1280, 800}},  Look{Language::kEnglish, 1, {1280, 800}},
    Look{Language::kFrench, 2, {2560, 1600}}, Look{Language::kEnglish, 2, {2560, 1600}},
    Look{Language::kFrench, 2, {1280, 800}},
};

struct RigOptions {
  std::string user = "marie";
  std::string path = {};  // empty: the fixture's
  std::int64_t patience_ms = 5'000;
  ui::ThemeKind theme = ui::ThemeKind::kLight;
  float scale = 1;
  ImVec2 size = {1280, 800};
  ui::ExportCalls exports = {};
  ui::OpenCalls open_calls = {};
};

// While it lives, what is asked of the vault waits: screens show that they read.
class HeldVault {
 public:
  explicit HeldVault(ui::VaultHost& vault);
  ~HeldVault() { gate_.set_value(); }
  HeldVault(const HeldVault&) = delete;
  HeldVault& operator=(const HeldVault&) = delete;

 private:
  std::promise<void> gate_;
};

// While it lives, another program writes to the vault: with RigOptions::patience_ms = 0 everything
// that is journaled fails at once, and the session goes on.
class BusyVault {
 public:
  explicit BusyVault(VaultFixture& vault);
  ~BusyVault();
  BusyVault(const BusyVault&) = delete;
  BusyVault& operator=(const BusyVault&) = delete;

 private:
  std::unique_ptr<Vault> other_;
  std::unique_ptr<WriteTransaction> writing_;
};

class ScreenRig {
 public:
  explicit ScreenRig(VaultFixture& vault, const RigOptions& options = {});
  ~ScreenRig();
  ScreenRig(const ScreenRig&) = delete;
  ScreenRig& operator=(const ScreenRig&) = delete;

  // Puts the screen up: its commands are there and it was entered, nothing was answered yet.
  void show(std::unique_ptr<ui::Screen> screen);
  void close() { screen_.reset(); }  // before what it uses goes
  // Lets the vault answer everything that was asked, and draws until all is in place.
  void settle();
  // What a person does, and the answers to it.
  void click(std::string_view id);
  bool run(std::string_view command);
  // No text is cut and no id is drawn twice.
  void expect_tidy();

  [[nodiscard]] ui::Services& services() { return *services_; }
  [[nodiscard]] ui::VaultHost& vault() { return *host_; }
  [[nodiscard]] ui::ExportKeeper& keeper() { return *keeper_; }
  [[nodiscard]] ui::OpenedDocuments& opened() { return *opened_; }
  [[nodiscard]] ui::Screen& screen() { return *screen_; }
  [[nodiscard]] Driver& driver() { return driver_; }
  [[nodiscard]] ui::Commands& commands() { return commands_; }

  HeardToasts toasts;
  std::deque<std::vector<std::string>> chosen;
  std::vector<ui::ChooseRequest> requests;
  std::vector<std::string> went;  // screens that were asked for

 private:
  void answer();

  VaultFixture& fixture_;
  Driver driver_;
  ui::SessionEnd session_end_;  // jobs hold tickets of it: it goes after them
  ui::Jobs jobs_;
  ui::Commands commands_;
  NoTextures textures_;
  std::unique_ptr<ui::VaultHost> host_;
  std::unique_ptr<ui::ExportKeeper> keeper_;
  std::unique_ptr<ui::OpenedDocuments> opened_;
  std::unique_ptr<ui::Services> services_;
  std::unique_ptr<ui::Screen> screen_;
};

}  // namespace coffre::test
