// What an App is made of. Included by app*.cpp only.
#pragma once

#include <atomic>
#include <optional>
#include <variant>

#include "app/desktop/ui_core/alarm.h"
#include "app/desktop/ui_core/app.h"
#include "app/desktop/ui_core/covers.h"
#include "app/desktop/ui_core/drafts.h"
#include "app/desktop/ui_core/first_start.h"
#include "app/desktop/ui_core/own_password.h"
#include "app/desktop/ui_core/preferences.h"
#include "app/desktop/ui_core/session.h"
#include "app/desktop/ui_core/toasts.h"
#include "app/desktop/ui_core/unlock.h"

namespace coffre::ui {

struct App::Impl {
  explicit Impl(AppOptions given);
  ~Impl();
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

  // What is on the screen.
  enum class Stage : unsigned char {
    kFirstStart,  // no vault is known, or another is wanted
    kOpening,     // a file is being opened and its log checked
    kAlarm,       // it could not be, or must not be trusted
    kUnlock,      // nobody is unlocked
    kEntering,    // unlocked; nothing is shown yet
    kOwnPassword,
    kSession,
  };
  // All that changes by itself with time and can be seen: a frame is wanted when it differs.
  struct Shown {
    ShownTime lock;
    std::int64_t notice_s = 0;
    std::int64_t curtain_s = 0;
    std::int64_t wait_s = 0;
    int percent = -2;
    std::size_t jobs = 0;
    std::int64_t minute = 0;  // while there are copies in the clear: their deadlines come closer
    bool operator==(const Shown&) const = default;
  };

  // ---- app.cpp: vaults
  void start();
  void open(const std::string& path);
  void opened(const std::string& path, const Status& status);
  void create(NewVault wanted);
  void enter_new(const std::string& path, std::string owner,
                 const std::shared_ptr<Secret>& password);
  void ask_for_vault();
  void show_first_start(std::optional<Error> error = {});
  void show_unlock(LockCause cause);
  void show_alarm(const Error& error, const std::string& path);
  void set_stage(Stage next);
  // The session's choose_paths: what comes after its end is dropped.
  void choose(const ChooseRequest& request, std::function<void(std::vector<std::string>)> done);
  void choose_one(ChooseRequest::Kind kind, const char* title, std::string name,
                  std::function<void(std::string)> chosen);

  // ---- app_lock.cpp: between unlock and lock
  void unlock(Credentials credentials);
  void unlocked();
  void change_own_password(Secret password);
  void begin_session();
  void restore_draft();
  [[nodiscard]] bool has_keys() const;  // a stage in which somebody is unlocked
  void request_lock(LockCause cause);
  // Nothing of the session is shown after it; the lock itself goes on elsewhere.
  void end_session(LockCause cause);
  void keep_draft(Session& ending);
  void session_over();  // on the thread that locked

  // ---- app_time.cpp
  void tick();
  [[nodiscard]] Shown shown_now() const;
  [[nodiscard]] std::int64_t next_ms() const;
  [[nodiscard]] bool has_notice() const;
  [[nodiscard]] bool counts_minutes() const;
  [[nodiscard]] std::int64_t curtain_left_ms() const;
  [[nodiscard]] bool has_curtain() const { return curtain_since_ms.has_value(); }
  void draw(Ui& ui);
  void draw_stage(Ui& ui);
  [[nodiscard]] bool must_settle() const;

  AppOptions options;
  Clock& clock;
  Preferences preferences;
  SessionEnd session_end;
  ToastList toasts;
  Commands commands;
  Drafts drafts;
  UnlockThrottle throttle;
  Jobs jobs;
  VaultHost host;  // its threads use jobs and session_end: it goes first
  ExportKeeper exports;
  OpenedDocuments opened_documents;
  Services services;

  Stage stage = Stage::kFirstStart;
  std::uint64_t epoch = 0;  // grows with each page that ends: what it asked for comes too late
  UnlockView unlock_view;
  std::optional<FirstStartView> first_start;
  std::optional<AlarmView> alarm;
  std::optional<OwnPasswordView> own_password;
  std::unique_ptr<Session> session;
  std::optional<std::int64_t> curtain_since_ms;
  std::int64_t last_activity_ms = 0;
  std::int64_t last_renewal_ms = -1;
  bool caps_lock = false;
  bool must_draw = true;
  bool must_wipe = false;
  bool must_minimise = false;
  bool must_quit = false;
  bool is_minimise_due = true;
  Shown drawn;

  // Set by any thread.
  std::atomic<LockCause> wanted_lock{LockCause::kNone};
};

}  // namespace coffre::ui
