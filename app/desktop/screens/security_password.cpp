#include "app/desktop/screens/security_password.h"

#include "app/common/i18n.h"
#include "app/desktop/screens/screen_layout.h"
#include "app/desktop/ui_core/icons.h"
#include "app/desktop/ui_core/text_input_wipe.h"
#include "core/base/text.h"

namespace coffre::ui {
namespace {

constexpr float kPasswordSheetWidth = 480;

}  // namespace

void PasswordSheet::open() {
  key_file_ = services_.vault.key_file().value_or(std::string());
  error_.reset();
  open_ = true;
  focus_ = true;
}

void PasswordSheet::close() {
  wipe_input_state();
  password_.clear();
  open_ = false;
}

void PasswordSheet::choose_key_file() {
  ChooseRequest request{ChooseRequest::Kind::kOpenFile, tr(N_("Choose the key file")), {}};
  services_.choose_paths(request, alive_.guard([this](const std::vector<std::string>& paths) {
    if (!paths.empty()) {
      key_file_ = paths.front();
    }
  }));
}

Availability PasswordSheet::may_change() const {
  if (running_) {
    return Availability::greyed(N_("The password is being changed."));
  }
  return password_.is_ready() ? Availability::ready() : Availability::greyed(password_.reason());
}

void PasswordSheet::change() {
  Result<Secret> secret = password_.copy();
  if (!secret) {
    error_ = secret.error();
    return;
  }
  running_ = true;
  error_.reset();
  const std::optional<std::string> key_file =
      key_file_.empty() ? std::nullopt : std::optional(key_file_);
  services_.vault.ask<void>(
      [kept = std::make_shared<Secret>(*std::move(secret)), key_file](Vault& vault) {
        return vault.change_password(std::move(*kept), key_file);
      },
      alive_.guard([this](const Status& status) {
        running_ = false;
        if (!status) {
          error_ = status.error();
          if (!open_) {
            services_.toasts.say_error(status.error());
          }
          return;
        }
        close();
        services_.toasts.say(tr(N_("Your password is changed.")));
      }));
}

void PasswordSheet::draw(Ui& ui) {
  bool stays_open = open_;
  if (begin_sheet(ui, "security.password_sheet", tr(N_("Change my password")), kPasswordSheetWidth,
                  stays_open)) {
    const bool entered = password_.draw(ui, "security.new", focus_);
    focus_ = false;
    gap(ui, size::kGapWide);
    wrapped(ui, TextKind::kSmallMuted, tr(N_("Key file")));
    wrapped(ui, TextKind::kText,
            key_file_.empty() ? tr(N_("None: the password alone opens the account."))
                              : fill(tr(N_("Needed as well: {}")), {printable(key_file_)}));
    gap(ui, size::kGapSmall);
    if (button(ui, "security.key_file",
               key_file_.empty() ? tr(N_("Add a key file…")) : tr(N_("Another key file…")),
               ButtonKind::kPlain, icon::kKey)) {
      choose_key_file();
    }
    if (!key_file_.empty()) {
      const char* without = tr(N_("Without a key file"));
      flow(ui, button_width(ui, without));
      if (button(ui, "security.no_key_file", without)) {
        key_file_.clear();
      }
    }
    if (error_) {
      gap(ui, size::kGap);
      error_notice(ui, "security.password.error", text_of(*error_));
    }
    gap(ui, size::kGapWide);
    const char* cancel = tr(N_("Cancel"));
    const char* go = running_ ? tr(N_("One moment…")) : tr(N_("Change the password"));
    const float go_width = button_width(ui, go, icon::kCheck);
    right_aligned(ui, button_width(ui, cancel) + ui.px(size::kGapSmall) + go_width);
    if (button(ui, "security.password.cancel", cancel)) {
      stays_open = false;
    }
    flow(ui, go_width);
    const bool pressed =
        button(ui, "security.password.go", go, ButtonKind::kPrimary, icon::kCheck, may_change());
    if ((pressed || entered) && may_change().is_ready()) {
      change();
    }
    end_sheet(ui);
  }
  if (open_ && !stays_open) {
    close();
  }
}

}  // namespace coffre::ui
