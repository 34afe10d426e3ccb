#include "app/desktop/ui_core/app.h"

#include <utility>

#include "app/common/i18n.h"
#include "app/desktop/ui_core/app_impl.h"
#include "app/desktop/ui_core/text_input_wipe.h"

namespace coffre::ui {
namespace {

constexpr std::size_t kJobThreads = 2;

}  // namespace

App::App(AppOptions options) : impl_(std::make_unique<Impl>(std::move(options))) { impl_->start(); }
App::~App() = default;

void App::tick() { impl_->tick(); }
bool App::wants_frame() const { return impl_->must_draw || impl_->shown_now() != impl_->drawn; }
int App::next_frame_in_ms() const { return wants_frame() ? 0 : static_cast<int>(impl_->next_ms()); }
void App::draw(Ui& ui) { impl_->draw(ui); }
bool App::take_wipe_request() {
  const bool wanted = std::exchange(impl_->must_wipe, false);
  if (wanted) {
    // The context that comes knows nothing of who had the keyboard.
    impl_->unlock_view.focus_again();
    impl_->must_draw = true;
  }
  return wanted;
}
void App::set_caps_lock(bool on) {
  impl_->must_draw = impl_->must_draw || on != impl_->caps_lock;
  impl_->caps_lock = on;
}
void App::request_lock(LockCause cause) { impl_->request_lock(cause); }
bool App::is_locked() const { return impl_->host.state() == SessionState::kLocked; }
Appearance App::appearance() const { return impl_->preferences.appearance(); }
bool App::take_minimise_request() { return std::exchange(impl_->must_minimise, false); }
bool App::take_quit_request() { return std::exchange(impl_->must_quit, false); }
Services& App::services() { return impl_->services; }

std::string App::title() const {
  const std::shared_ptr<const Policy> policy = impl_->host.policy();
  return policy && impl_->stage != Impl::Stage::kFirstStart ? policy->practice() + " – Coffre"
                                                            : std::string("Coffre");
}

void App::activity() {
  Impl& self = *impl_;
  const std::int64_t now = self.clock.steady_ms();
  self.last_activity_ms = now;
  self.is_minimise_due = true;
  // The pointer moves hundreds of times a second; a deadline that is a little early harms nobody.
  constexpr std::int64_t kRenewalMs = 200;
  if (self.has_keys() && !self.has_curtain() &&
      (self.last_renewal_ms < 0 || now - self.last_renewal_ms >= kRenewalMs)) {
    self.last_renewal_ms = now;
    self.host.renew();
  }
}

bool App::handle(const Shortcut& shortcut) {
  Impl& self = *impl_;
  if (self.has_curtain()) {
    self.must_draw = true;
    if (self.curtain_left_ms() == 0) {
      self.tick();  // too late: it locks
      return true;
    }
    self.curtain_since_ms.reset();
    self.host.renew();
    return true;
  }
  if (self.stage != Impl::Stage::kSession || shortcut.key == Key::kNone) {
    return false;
  }
  // What is typed belongs to the field, and a sheet to its own keys; the lock is always there.
  const bool is_plain = !shortcut.ctrl && !shortcut.alt && shortcut.key < Key::kF1;
  const bool is_editing = ImGui::GetCurrentContext() != nullptr && ImGui::GetIO().WantTextInput;
  const bool moves = shortcut.key >= Key::kEnter && !shortcut.alt;
  if ((is_plain || moves) && is_editing) {
    return false;
  }
  if (self.session->is_covered()) {
    for (const char* id : {"app.lock", "app.curtain", "app.quit"}) {
      const Command* command = self.commands.find(id);
      if (command != nullptr && command->shortcut == shortcut) {
        self.must_draw = true;
        return self.commands.run(id);
      }
    }
    return false;
  }
  if (shortcut == Shortcut{Key::kEscape} && self.toasts.close_newest()) {
    self.must_draw = true;
    return true;
  }
  const bool ran = self.commands.run(shortcut);
  self.must_draw = self.must_draw || ran;
  return ran;
}

void App::files_dropped(const std::vector<std::string>& paths) {
  Impl& self = *impl_;
  self.must_draw = true;
  if (self.stage == Impl::Stage::kSession && !self.has_curtain()) {
    self.session->files_dropped(paths);
  } else if (paths.size() == 1 && paths.front().ends_with(".coffre") && !self.has_keys() &&
             self.stage != Impl::Stage::kOpening && !self.unlock_view.is_busy()) {
    self.open(paths.front());
  }
}

App::Impl::Impl(AppOptions given)
    : options(std::move(given)),
      clock(options.environment.clock),
      preferences(options.setting, options.set_setting),
      toasts(clock),
      jobs(kJobThreads, options.wake),
      host(options.environment, jobs),
      exports({clock, jobs, host, toasts, options.environment.state_directory, options.exports}),
      opened_documents({clock, jobs, host, toasts, exports, options.environment.state_directory,
                        options.open_calls}),
      services{
          clock,
          jobs,
          host,
          commands,
          toasts,
          options.textures,
          options.viewer_program,
          [this](const ChooseRequest& request, std::function<void(std::vector<std::string>)> done) {
            choose(request, std::move(done));
          },
          [this](const char* screen_id) {
            if (session) {
              session->go(screen_id);
            }
          },
          session_end,
          {},
          &exports,
          &opened_documents},
      unlock_view(host, preferences, throttle,
                  {[this](Credentials credentials) { unlock(std::move(credentials)); },
                   [this] { show_first_start(); },
                   [this](std::function<void(std::string)> chosen) {
                     choose_one(ChooseRequest::Kind::kOpenFile, N_("Choose the key file"), {},
                                std::move(chosen));
                   }}) {
  if (!options.role_name) {
    options.role_name = [](std::string_view name) { return std::string(name); };
  }
  host.on_locked([this] { session_over(); });
}

App::Impl::~Impl() {
  if (has_keys()) {
    opened_documents.store_all();
    host.wait_until_idle();
    host.lock(LockCause::kRequest);
    end_session(LockCause::kRequest);
  }
  exports.finish();
  exports.tick();  // what became of copies, for the journal
  // What still runs was told to stop; it may use anything of ours until it has.
  jobs.wait_until_done();
}

void App::Impl::start() {
  const std::string known = options.vault_path.empty() ? preferences.vault() : options.vault_path;
  if (known.empty()) {
    show_first_start();
  } else {
    open(known);
  }
}

void App::Impl::set_stage(Stage next) {
  stage = next;
  must_draw = true;
}

void App::Impl::open(const std::string& path) {
  set_stage(Stage::kOpening);
  host.open(path, [this, path](const Status& status) { opened(path, status); });
}

void App::Impl::opened(const std::string& path, const Status& status) {
  if (status) {
    preferences.set_vault(path);
    throttle.succeeded();
    show_unlock(LockCause::kNone);
  } else {
    show_alarm(status.error(), path);
  }
}

void App::Impl::create(NewVault wanted) {
  // The vault is locked after it was made: the password that was just chosen opens it, too.
  auto again = std::make_shared<Secret>();
  Result<Secret> copied = Secret::copy_of(std::as_const(wanted.password).expose());
  if (!copied) {
    first_start->failed(copied.error());
    return;
  }
  *again = *std::move(copied);
  InitOptions init;
  init.owner = wanted.owner;
  init.practice = wanted.practice;
  init.cost = options.new_vault_cost;
  Credentials credentials;
  credentials.user = wanted.owner;
  credentials.password = std::move(wanted.password);
  host.create(wanted.path, std::move(init), std::move(credentials),
              [this, path = wanted.path, owner = wanted.owner, again](const Result<Hash>& made) {
                must_draw = true;
                if (made) {
                  enter_new(path, owner, again);
                } else if (first_start) {
                  first_start->failed(made.error());
                }
              });
}

void App::Impl::enter_new(const std::string& path, std::string owner,
                          const std::shared_ptr<Secret>& password) {
  host.open(path, [this, path, owner = std::move(owner), password](const Status& status) {
    opened(path, status);
    if (status) {
      Credentials credentials;
      credentials.user = owner;
      credentials.password = std::move(*password);
      unlock(std::move(credentials));
    }
  });
}

void App::Impl::ask_for_vault() {
  choose_one(ChooseRequest::Kind::kOpenFile, N_("Open a vault"), {},
             [this](const std::string& path) { open(path); });
}

void App::Impl::show_first_start(std::optional<Error> error) {
  FirstStartView::Actions actions;
  actions.create = [this](NewVault wanted) { create(std::move(wanted)); };
  actions.open = [this] { ask_for_vault(); };
  actions.choose_place = [this](const std::string& name, std::function<void(std::string)> chosen) {
    choose_one(ChooseRequest::Kind::kSave, N_("Place of the new vault"), name, std::move(chosen));
  };
  if (host.is_open()) {
    actions.back = [this] { show_unlock(LockCause::kNone); };
  } else if (alarm) {
    actions.back = [this] { set_stage(Stage::kAlarm); };
  }
  first_start.emplace(preferences, options.vault_folder, std::move(actions));
  if (error) {
    first_start->failed(*error);
  }
  set_stage(Stage::kFirstStart);
}

void App::Impl::show_unlock(LockCause cause) {
  alarm.reset();
  unlock_view.show(cause);
  set_stage(Stage::kUnlock);
}

void App::Impl::show_alarm(const Error& error, const std::string& path) {
  alarm.emplace(error, path);
  set_stage(Stage::kAlarm);
}

void App::Impl::choose(const ChooseRequest& request,
                       std::function<void(std::vector<std::string>)> done) {
  if (!options.choose_paths) {
    return;
  }
  options.choose_paths(
      request, [this, asked = epoch, done = std::move(done)](std::vector<std::string> paths) {
        if (asked == epoch) {
          must_draw = true;
          done(std::move(paths));
        }
      });
}

void App::Impl::choose_one(ChooseRequest::Kind kind, const char* title, std::string name,
                           std::function<void(std::string)> chosen) {
  choose({kind, tr(title), std::move(name)},
         [chosen = std::move(chosen)](std::vector<std::string> paths) {
           if (!paths.empty()) {
             chosen(std::move(paths.front()));
           }
         });
}

}  // namespace coffre::ui
