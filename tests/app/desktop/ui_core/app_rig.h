// AppRig: the whole program without its window, at a practice's vault, and a person at it.
//
// The screens are test screens: each has a field, a sheet, a job and a draft, and is known by
// Lives, which outlives it. Threads: one.
#pragma once

#include <atomic>
#include <deque>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "app/desktop/ui_core/app.h"
#include "app/desktop/ui_core/icons.h"
#include "app/desktop/ui_core/widgets.h"
#include "tests/app/desktop/support/driver.h"
#include "tests/app/desktop/support/vault_fixture.h"

namespace coffre::test {

class AppTextures final : public ui::Textures {
 public:
  [[nodiscard]] ImTextureID create(std::uint32_t, std::uint32_t, std::size_t,
                                   std::span<const std::byte>) override {
    return nullptr;
  }
  void destroy(ImTextureID) override {}
};

// What the test screens did, since the last reset.
struct Lives {
  int made = 0;
  int alive = 0;
  int late_results = 0;  // completions that reached a screen
  int killed = 0;        // callbacks at the end of a session
  std::vector<std::string> searched;
  std::vector<std::string> dropped;
  std::string restored;                // the draft that was given back last
  ui::DraftEnd draft_end;              // of the test screens
  std::atomic<bool> must_hold{false};  // the screen's job goes on until it is asked to stop
  std::atomic<int> began{0};           // jobs of the pool that run or ran
  std::atomic<int> stopped{0};         // jobs that were
};
inline Lives& lives() {
  static Lives only;
  return only;
}

class TestScreen final : public ui::Screen {
 public:
  explicit TestScreen(ui::Services& services, std::string patient)
      : services_(services), patient_(std::move(patient)) {
    ++lives().made;
    ++lives().alive;
    ticket_ = services_.session_end.add([] { ++lives().killed; });
  }
  ~TestScreen() override {
    services_.session_end.remove(ticket_);
    --lives().alive;
  }

  [[nodiscard]] const char* id() const override { return "dossiers"; }
  [[nodiscard]] const char* label() const override { return "Documents"; }
  [[nodiscard]] const char* icon() const override { return ui::icon::kPatients; }
  [[nodiscard]] bool is_available() const override { return true; }
  [[nodiscard]] int badge() const override { return 3; }
  void add_commands(ui::Commands& commands) override {
    commands.add({"test.sheet",
                  "Lock the vault",
                  ui::icon::kFolder,
                  {ui::letter('E'), true, false, false},
                  {},
                  [this] { is_sheet_open_ = true; }});
    commands.add({"test.job",
                  "Add files",
                  ui::icon::kFolder,
                  {ui::letter('J'), true, false, false},
                  {},
                  [this] { start_job(); }});
    commands.add(
        {"test.plain", "Search", ui::icon::kFolder, {ui::letter('D')}, {}, [this] { ++plain_; }});
  }
  void draw(ui::Ui& ui, const ui::Rect& area) override {
    ui::begin_panel(ui, "test.panel", area, ui.theme.ground);
    ui::text(ui, ui::TextKind::kTitle, patient_);
    ui::text_field(ui, "test.field", "Patient", field_.span());
    ui::text(ui, ui::TextKind::kText, std::to_string(plain_));
    ui::end_panel(ui);
  }
  void draw_sheets(ui::Ui& ui) override {
    if (ui::begin_sheet(ui, "test.the_sheet", "Sheet", 400, is_sheet_open_)) {
      ui::text_field(ui, "test.sheet_field", "Words", sheet_field_.span());
      ui::end_sheet(ui);
    }
  }
  bool search(std::string_view words) override {
    lives().searched.emplace_back(words);
    return true;
  }
  bool drop(const std::vector<std::string>& paths) override {
    lives().dropped.insert(lives().dropped.end(), paths.begin(), paths.end());
    return true;
  }
  [[nodiscard]] std::string subject() const override { return patient_; }
  [[nodiscard]] std::string draft() const override { return std::string(field_.view()); }
  [[nodiscard]] ui::DraftEnd draft_end() const override { return lives().draft_end; }
  void restore(std::string_view draft) override {
    field_.set(draft);
    lives().restored = draft;
  }

 private:
  // One on the pool and one on the vault's thread; both go on until they are asked to stop.
  void start_job() {
    services_.jobs.start("Long work", true, [](ui::Progress& progress) -> ui::Jobs::Completion {
      ++lives().began;
      lives().began.notify_all();
      while (lives().must_hold && !progress.should_stop()) {
        std::this_thread::yield();
      }
      lives().stopped += progress.should_stop() ? 1 : 0;
      return [] { ++lives().late_results; };
    });
    services_.vault.ask_job<void>(
        "Vault work", true,
        [](Vault& vault, ui::Progress& progress) -> Status {
          while (lives().must_hold && !progress.should_stop() &&
                 vault.state() == SessionState::kUnlocked) {
            std::this_thread::yield();
          }
          return {};
        },
        [this](const Status&) {
          ++lives().late_results;
          field_.set("late");
        });
  }

  ui::Services& services_;
  std::string patient_;
  ui::SessionEnd::Ticket ticket_ = 0;
  ui::Line field_;
  ui::Line sheet_field_;
  bool is_sheet_open_ = false;
  int plain_ = 0;
};

inline std::unique_ptr<ui::Screen> make_test_screen(ui::Services& services) {
  return std::make_unique<TestScreen>(services, "Lefèvre, Zoé");
}

struct AppRigOptions {
  float scale = 1;
  ui::ThemeKind theme = ui::ThemeKind::kLight;
  bool knows_vault = true;
  std::vector<ui::ScreenMaker> screens = {make_test_screen};
  ImVec2 size = {1280, 800};
  std::map<std::string, std::string> settings = {};
  std::string workstation = "first";  // the one that made the vault
  ui::ExportCalls exports = {};
};

class AppRig {
 public:
  explicit AppRig(VaultFixture& vault, const AppRigOptions& options = {})
      : fixture(vault),
        driver(options.theme, options.scale, options.size),
        settings(options.settings) {
    lives().made = lives().alive = lives().late_results = lives().killed = 0;
    lives().searched.clear();
    lives().dropped.clear();
    lives().restored.clear();
    lives().draft_end = {};
    lives().must_hold = false;
    lives().began = 0;
    lives().stopped = 0;
    if (options.knows_vault) {
      settings["vault"] = vault.path();
    }
    ui::AppOptions given{
        .environment = environment(options.workstation),
        .textures = textures_,
        .version = "1.2.3",
        .viewer_program = {},
        .vault_path = {},
        .vault_folder = fixture.file("new"),
        .new_vault_cost = {kPasswordMemoryMinKib, kPasswordPassesMin, 2},
        .screens = options.screens,
        .role_name = {},
        .setting = [this](std::string_view key) { return settings[std::string(key)]; },
        .set_setting = [this](std::string_view key,
                              std::string_view value) { settings[std::string(key)] = value; },
        .choose_paths =
            [this](const ui::ChooseRequest& request,
                   std::function<void(std::vector<std::string>)> done) {
              requests.push_back(request);
              if (!chosen.empty()) {
                std::vector<std::string> paths = std::move(chosen.front());
                chosen.pop_front();
                done(std::move(paths));
              } else {
                unanswered = std::move(done);
              }
            },
        .wake = [this] { ++wakes; },
        .exports = options.exports,
        .locked =
            [this] {
              ++locks;
              locks.notify_all();
            },
    };
    app = std::make_unique<ui::App>(std::move(given));
    driver.shortcuts = [this](const ui::Shortcut& shortcut) {
      app->activity();
      return app->handle(shortcut);
    };
    settle();
  }

  // Lets everything that was asked be answered, and draws.
  void settle() {
    for (int round = 0; round < 6; ++round) {
      app->services().vault.wait_until_idle();
      app->services().jobs.wait_until_done();
      app->tick();
      draw();
    }
  }
  void draw() {
    driver.frame([this](ui::Ui& ui) { app->draw(ui); });
    driver.frame();
    driver.frame();
  }
  // Types the password of the account that is chosen by its name.
  void unlock(const std::string& user) {
    choose_user(user);
    driver.click("unlock.password");
    driver.type(Practice::password_of(user));
    driver.press(ui::Key::kEnter);
    settle();
  }
  void choose_user(const std::string& user) {
    if (driver.find("unlock.user") != nullptr && driver.find("unlock.user")->text == user) {
      return;
    }
    driver.click("unlock.user");
    for (const ui::SeenWidget& widget : driver.seen()) {
      if (widget.id.starts_with("unlock.user.") && widget.text == user) {
        driver.click(std::string(widget.id));
        return;
      }
    }
    ADD_FAILURE() << "there is no account " << user;
  }
  // Waits, without sleeping, until so many sessions have ended since the start.
  void wait_for_lock(int count) {
    for (int seen = locks.load(); seen < count; seen = locks.load()) {
      locks.wait(seen);
    }
  }
  // All that is on the screen, for the message of a failure.
  [[nodiscard]] std::string words() const {
    std::string all;
    for (const ui::SeenWidget& widget : driver.seen()) {
      all += widget.id + ": " + widget.text + "\n";
    }
    return all;
  }
  [[nodiscard]] bool is_at_unlock() const { return driver.has("unlock.unlock"); }
  [[nodiscard]] bool is_in_session() const { return driver.has("rail.dossiers"); }
  void expect_tidy(const std::string& where) {
    for (const std::string& cut : driver.cut()) {
      ADD_FAILURE() << where << ": cut: " << cut;
    }
    for (const std::string& id : driver.doubled()) {
      ADD_FAILURE() << where << ": drawn twice: " << id;
    }
    const ImVec2 window = ImGui::GetIO().DisplaySize;
    for (const ui::SeenWidget& widget : driver.seen()) {
      EXPECT_TRUE(widget.min.x >= -1 && widget.max.x <= window.x + 1)
          << where << ": outside of the window: " << widget.id << " " << widget.text;
    }
  }
  [[nodiscard]] std::vector<JournalLine> journal() {
    const Result<std::unique_ptr<Vault>> vault = fixture.practice().unlock("marie", "second");
    if (!vault) {
      ADD_FAILURE() << vault.error().what;
      return {};
    }
    return (*vault)->journal({}, {}).value_or(std::vector<JournalLine>());
  }

  VaultFixture& fixture;
  Driver driver;
  std::map<std::string, std::string> settings;
  std::vector<ui::ChooseRequest> requests;
  std::deque<std::vector<std::string>> chosen;
  std::function<void(std::vector<std::string>)> unanswered;
  std::atomic<int> wakes{0};
  std::atomic<int> locks{0};
  std::unique_ptr<ui::App> app;

 private:
  // A workstation of the fixture, with the driver's clock: one clock for all.
  [[nodiscard]] VaultEnvironment environment(const std::string& workstation) {
    const VaultEnvironment given = fixture.practice().workstation(workstation);
    return {driver.clock(), given.random, given.state_directory, given.workstation,
            given.patience_ms};
  }
  AppTextures textures_;
};

}  // namespace coffre::test
