#include "tests/app/desktop/screens/screen_rig.h"

#include <gtest/gtest.h>

namespace coffre::test {
namespace {

constexpr int kFramesToSettle = 4;

}  // namespace

HeldVault::HeldVault(ui::VaultHost& vault) {
  vault.ask<void>(
      [opened = gate_.get_future().share()](Vault&) -> Status {
        opened.wait();
        return {};
      },
      [](const Status&) {});
}

BusyVault::BusyVault(VaultFixture& vault) {
  Result<std::unique_ptr<Vault>> other = vault.practice().unlock("marie", "second");
  EXPECT_TRUE(other) << other.error().what;
  other_ = *std::move(other);
  Result<std::unique_ptr<WriteTransaction>> writing = other_->impl().store->write();
  EXPECT_TRUE(writing) << writing.error().what;
  writing_ = *std::move(writing);
}

BusyVault::~BusyVault() { writing_.reset(); }

ScreenRig::ScreenRig(VaultFixture& vault, const RigOptions& options)
    : fixture_(vault), driver_(options.theme, options.scale, options.size), jobs_(1) {
  VaultEnvironment environment = fixture_.environment();
  environment.patience_ms = options.patience_ms;
  host_ = std::make_unique<ui::VaultHost>(environment, jobs_);
  keeper_ = std::make_unique<ui::ExportKeeper>(
      ui::ExportKeeper::Parts{fixture_.clock(), jobs_, *host_, toasts,
                              fixture_.environment().state_directory, options.exports});
  opened_ = std::make_unique<ui::OpenedDocuments>(
      ui::OpenedDocuments::Parts{fixture_.clock(), jobs_, *host_, toasts, *keeper_,
                                 fixture_.environment().state_directory, options.open_calls});
  services_ = std::make_unique<ui::Services>(
      ui::Services{.clock = fixture_.clock(),
                   .jobs = jobs_,
                   .vault = *host_,
                   .commands = commands_,
                   .toasts = toasts,
                   .textures = textures_,
                   .viewer_program = {},
                   .choose_paths =
                       [this](const ui::ChooseRequest& request,
                              const std::function<void(std::vector<std::string>)>& done) {
                         requests.push_back(request);
                         std::vector<std::string> paths;
                         if (!chosen.empty()) {
                           paths = chosen.front();
                           chosen.pop_front();
                         }
                         done(paths);
                       },
                   .go = [this](const char* id) { went.emplace_back(id); },
                   .session_end = session_end_,
                   .exports = keeper_.get(),
                   .opened = opened_.get()});
  Status opened = fail(Code::kFailed, "not answered");
  host_->open(options.path.empty() ? fixture_.path() : options.path,
              [&](const Status& status) { opened = status; });
  answer();
  EXPECT_TRUE(opened) << opened.error().what;
  Status unlocked = fail(Code::kFailed, "not answered");
  host_->unlock(VaultFixture::credentials(options.user),
                [&](const Status& status) { unlocked = status; });
  answer();
  EXPECT_TRUE(unlocked) << unlocked.error().what;
}

ScreenRig::~ScreenRig() {
  screen_.reset();
  opened_.reset();
  keeper_.reset();
  host_.reset();
}

void ScreenRig::answer() {
  do {
    host_->wait_until_idle();
    jobs_.wait_until_done();
    opened_->tick();
    keeper_->tick();
  } while (jobs_.drain() || !jobs_.is_idle());
}

void ScreenRig::show(std::unique_ptr<ui::Screen> screen) {
  screen_ = std::move(screen);
  screen_->add_commands(commands_);
  screen_->entered();
  driver_.shortcuts = [this](const ui::Shortcut& shortcut) { return commands_.run(shortcut); };
  const ImVec2 size = ImGui::GetIO().DisplaySize;
  driver_.frame([this, size](ui::Ui& ui) {
    screen_->draw(ui, {ImVec2(ui.px(ui::size::kRail), ui.px(ui::size::kTopBar)),
                       ImVec2(size.x, size.y - ui.px(ui::size::kStatusBar))});
    screen_->draw_sheets(ui);
  });
}

void ScreenRig::settle() {
  answer();
  driver_.frame();
  answer();  // what the drawing asked for
  driver_.frames(kFramesToSettle);
}

void ScreenRig::click(std::string_view id) {
  driver_.click(id);
  settle();
}

bool ScreenRig::run(std::string_view command) {
  const bool ran = commands_.run(command);
  settle();
  return ran;
}

void ScreenRig::expect_tidy() {
  for (const std::string& words : driver_.cut()) {
    ADD_FAILURE() << "cut: " << words;
  }
  for (const std::string& id : driver_.doubled()) {
    ADD_FAILURE() << "drawn twice: " << id;
  }
}

}  // namespace coffre::test
