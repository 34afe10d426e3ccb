#include "app/desktop/ui_core/unlock.h"

#include <algorithm>

#include "app/common/i18n.h"
#include "app/desktop/ui_core/icons.h"
#include "app/desktop/ui_core/text_input_wipe.h"
#include "core/base/text.h"

namespace coffre::ui {
namespace {

constexpr float kMark = 34;

std::string idle_text(std::uint32_t after_s) {
  if (after_s == 60) {
    return tr(N_("The vault locked after one minute without activity."));
  }
  if (after_s % 60 == 0) {
    return fill(tr(N_("The vault locked after {} minutes without activity.")),
                {std::to_string(after_s / 60)});
  }
  return fill(tr(N_("The vault locked after {} seconds without activity.")),
              {std::to_string(after_s)});
}

}  // namespace

std::string text_of(LockCause cause, std::uint32_t after_s) {
  switch (cause) {
    case LockCause::kNone:
      return {};
    case LockCause::kRequest:
      return tr(N_("The vault is locked."));
    case LockCause::kIdle:
      return idle_text(after_s);
    case LockCause::kRevoked:
      return tr(N_("This account was suspended or removed, or its password was reset."));
    case LockCause::kSuspend:
      return tr(N_("The vault locked because the computer went to sleep."));
    case LockCause::kScreenSaver:
      return tr(N_("The vault locked together with the screen."));
    case LockCause::kSignal:
      return tr(N_("The vault locked because the system asked for it."));
    case LockCause::kCurtain:
      return tr(N_("The vault locked behind the curtain."));
  }
  return {};
}

UnlockView::UnlockView(VaultHost& vault, Preferences& preferences, UnlockThrottle& throttle,
                       Actions actions)
    : vault_(vault), preferences_(preferences), throttle_(throttle), actions_(std::move(actions)) {}

void UnlockView::show(LockCause cause) {
  cause_ = cause;
  error_.reset();
  is_busy_ = false;
  must_focus_ = true;
  if (ImGui::GetCurrentContext() != nullptr) {
    wipe_input_state();
  }
  password_.clear();
}

void UnlockView::begin(const std::string& user) {
  update_users();
  const auto found = std::ranges::find(users_, user);
  user_ = found == users_.end() ? user_ : static_cast<std::size_t>(found - users_.begin());
  is_busy_ = true;
}

void UnlockView::failed(const Error& error, std::int64_t now_ms) {
  is_busy_ = false;
  must_focus_ = true;
  error_ = error;
  if (error.code == Code::kCredentials) {
    throttle_.failed(now_ms);
  }
}

std::int64_t UnlockView::wait_s(std::int64_t now_ms) const {
  return (throttle_.wait_ms(now_ms) + 999) / 1000;
}

void UnlockView::update_users() {
  std::shared_ptr<const Policy> now = vault_.policy();
  if (now == policy_ || now == nullptr) {
    return;
  }
  const std::string chosen = user_ < users_.size() ? users_[user_] : std::string();
  policy_ = std::move(now);
  users_.clear();
  for (const auto& [id, user] : policy_->users()) {
    if (user.state == UserState::kActive) {
      users_.push_back(user.name);
    }
  }
  std::ranges::sort(users_, {}, [](const std::string& name) { return fold(name); });
  const auto found = std::ranges::find(users_, chosen);
  user_ = found == users_.end() ? 0 : static_cast<std::size_t>(found - users_.begin());
}

void UnlockView::submit() {
  if (is_busy_ || password_.empty() || user_ >= users_.size()) {
    return;
  }
  Result<Secret> secret = Secret::copy_of(as_bytes(password_.view()));
  if (!secret) {
    error_ = secret.error();
    return;
  }
  wipe_input_state();
  password_.clear();
  error_.reset();
  Credentials credentials;
  credentials.user = users_[user_];
  credentials.password = *std::move(secret);
  if (!key_file_.empty()) {
    credentials.key_file = key_file_;
  }
  actions_.unlock(std::move(credentials));
}

void UnlockView::draw(Ui& ui, bool caps_lock) {
  update_users();
  card_.begin(ui, "##unlock");
  draw_head(ui);
  draw_fields(ui, caps_lock);
  draw_foot(ui);
  card_.end(ui);
}

void UnlockView::draw_head(Ui& ui) {
  const ImVec2 from = ImGui::GetCursorScreenPos();
  const float width = ImGui::GetContentRegionAvail().x;
  put_mark(ui, *ImGui::GetWindowDrawList(), from, ui.px(kMark));
  const std::string practice = policy_ ? policy_->practice() : std::string("Coffre");
  place(ImVec2(from.x + ui.px(kMark + size::kGap),
               from.y + (ui.px(kMark) - ui.fonts.title->FontSize) / 2));
  fitted(ui, TextKind::kTitle, practice, width - ui.px(kMark + size::kGap));
  place(ImVec2(from.x, from.y + ui.px(kMark + size::kGapSmall)));
  ImGui::Dummy(ImVec2(0, 0));
  const std::string why =
      text_of(cause_, policy_ ? policy_->lock_after_seconds() : kLockAfterMaxSeconds);
  if (!why.empty()) {
    const ImVec2 at = ImGui::GetCursorScreenPos();
    wrapped(ui, TextKind::kSmallMuted, why);
    paint::note(ui, "unlock.why", why, {at, ImGui::GetItemRectMax()});
  }
  if (vault_.first_contact() && policy_) {
    gap(ui, size::kGapSmall);
    const std::string hex = to_hex(policy_->vault().view().first(16));
    std::string groups;
    for (std::size_t at = 0; at < hex.size(); at += 4) {
      groups += (at == 0 ? "" : " ") + hex.substr(at, 4);
    }
    notice(ui, "unlock.first_contact", NoticeKind::kInfo,
           tr(N_("This workstation sees this vault for the first time")),
           fill(tr(N_("Compare its fingerprint with the one that the owner has: {}")), {groups}));
  }
  gap(ui, size::kGapLarge);
}

void UnlockView::draw_fields(Ui& ui, bool caps_lock) {
  choice(ui, "unlock.user", tr(N_("Account")), users_, user_);
  gap(ui, size::kGapWide);
  const std::int64_t wait = wait_s(ui.clock.steady_ms());
  FieldOptions options;
  options.icon = icon::kKey;
  options.focus = must_focus_;
  must_focus_ = false;
  std::string error;
  if (error_) {
    const ErrorText words = text_of(*error_);
    error = words.hint.empty() ? words.what : words.what + "\n" + words.hint;
  }
  if (wait > 0) {
    error += (error.empty() ? "" : "\n") +
             fill(tr(N_("Too many attempts: try again in {} s.")), {std::to_string(wait)});
  }
  options.error = error;
  const FieldEvent event =
      password_field(ui, "unlock.password", tr(N_("Password")), password_.span(), options);
  if (caps_lock) {
    gap(ui, 4);
    const ImVec2 from = ImGui::GetCursorScreenPos();
    const std::string words = std::string(icon::kCapsLock) + "  " + tr(N_("Caps Lock is on"));
    ImGui::PushStyleColor(ImGuiCol_Text, ui.theme.warning.text);
    ImGui::PushFont(ui.fonts.small);
    ImGui::TextUnformatted(words.c_str());
    ImGui::PopFont();
    ImGui::PopStyleColor();
    paint::note(ui, "unlock.caps_lock", words, {from, ImGui::GetItemRectMax()});
  }
  gap(ui, size::kGapWide);
  draw_key_file(ui);
  gap(ui, size::kGapLarge);
  const Availability may = is_busy_   ? Availability::greyed(N_("The vault is being unlocked."))
                           : wait > 0 ? Availability::greyed(N_("Too many attempts: wait."))
                           : password_.empty() ? Availability::greyed(N_("Type your password."))
                                               : Availability::ready();
  const char* label = is_busy_ ? tr(N_("Unlocking…")) : tr(N_("Unlock"));
  const bool pressed = button(ui, "unlock.unlock", label, ButtonKind::kPrimary, "", may,
                              ImGui::GetContentRegionAvail().x);
  if ((pressed || event == FieldEvent::kEntered) && wait == 0) {
    submit();
  }
}

void UnlockView::draw_key_file(Ui& ui) {
  if (key_file_.empty()) {
    if (link(ui, "unlock.key_file", tr(N_("My account also needs a key file…")))) {
      actions_.choose_key_file([this](std::string path) { key_file_ = std::move(path); });
    }
    return;
  }
  text(ui, TextKind::kSmallStrong, tr(N_("Second factor")));
  const float width = ImGui::GetContentRegionAvail().x;
  fitted(ui, TextKind::kText, std::string(icon::kUsb) + "  " + base_name(key_file_),
         width - ui.px(size::kButton + size::kGap));
  ImGui::SameLine(ImGui::GetCursorPosX() + width - ui.px(size::kButton));
  if (icon_button(ui, "unlock.key_file.remove", icon::kClose, tr(N_("Without the key file")))) {
    key_file_.clear();
  }
}

void UnlockView::draw_foot(Ui& ui) {
  gap(ui, size::kGapWide);
  const float left = ImGui::GetCursorPosX();
  const float width = ImGui::GetContentRegionAvail().x;
  const bool is_french = current_language() == Language::kFrench;
  const char* other = is_french ? "English" : "Français";
  if (link(ui, "unlock.open_another", tr(N_("Open another vault…"))) && !is_busy_) {
    actions_.open_another();
  }
  ImGui::SameLine(left + width - paint::extent(ui.fonts.small, other).x);
  if (link(ui, "unlock.language", other)) {
    preferences_.set_language(is_french ? Language::kEnglish : Language::kFrench);
  }
}

}  // namespace coffre::ui
