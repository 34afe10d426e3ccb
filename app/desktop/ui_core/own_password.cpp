#include "app/desktop/ui_core/own_password.h"

#include "app/common/i18n.h"
#include "app/desktop/ui_core/icons.h"
#include "app/desktop/ui_core/text_input_wipe.h"

namespace coffre::ui {

void OwnPasswordView::failed(const Error& error) {
  error_ = error;
  is_busy_ = false;
  must_focus_ = true;
}

void OwnPasswordView::submit() {
  Result<Secret> secret = password_.copy();
  if (!secret) {
    error_ = secret.error();
    return;
  }
  wipe_input_state();
  password_.clear();
  error_.reset();
  is_busy_ = true;
  actions_.choose(*std::move(secret));
}

void OwnPasswordView::draw(Ui& ui) {
  card_.begin(ui, "##own_password");
  wrapped(ui, TextKind::kTitle, tr(N_("Choose a password of your own")));
  gap(ui, size::kGapSmall);
  wrapped(ui, TextKind::kMuted,
          tr(N_("Somebody else made your account and knows its first password. With your own, "
                "nobody but you opens what you may read.")));
  gap(ui, size::kGapLarge);
  if (error_) {
    error_notice(ui, "own_password.error", text_of(*error_));
    gap(ui, size::kGapWide);
  }
  const bool entered = password_.draw(ui, "own_password", must_focus_);
  must_focus_ = false;
  gap(ui, size::kGapLarge);
  const Availability may = is_busy_ ? Availability::greyed(N_("The password is being changed."))
                           : password_.is_ready() ? Availability::ready()
                                                  : Availability::greyed(password_.reason());
  const float width = ImGui::GetContentRegionAvail().x;
  const bool pressed =
      button(ui, "own_password.choose", tr(is_busy_ ? N_("One moment…") : N_("Use this password")),
             ButtonKind::kPrimary, "", may, width);
  gap(ui, size::kGapWide);
  if (link(ui, "own_password.lock", tr(N_("Not now: lock")))) {
    actions_.lock();
  } else if ((pressed || entered) && may.is_ready()) {
    submit();
  }
  card_.end(ui);
}

}  // namespace coffre::ui
