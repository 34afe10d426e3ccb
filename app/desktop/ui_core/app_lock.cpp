// Between the unlock and the lock.
#include <utility>

#include "app/common/i18n.h"
#include "app/desktop/ui_core/app_impl.h"
#include "app/desktop/ui_core/focus.h"
#include "app/desktop/ui_core/text_input_wipe.h"

namespace coffre::ui {

bool App::Impl::has_keys() const {
  return stage == Stage::kEntering || stage == Stage::kOwnPassword || stage == Stage::kSession;
}

void App::Impl::unlock(Credentials credentials) {
  must_draw = true;
  unlock_view.begin(credentials.user);
  host.unlock(std::move(credentials), [this](const Status& status) {
    must_draw = true;
    if (status) {
      throttle.succeeded();
      unlocked();
    } else if (is_alarming(status.error())) {
      show_alarm(status.error(), host.path());
    } else {
      unlock_view.failed(status.error(), clock.steady_ms());
    }
  });
}

void App::Impl::unlocked() {
  set_stage(Stage::kEntering);
  host.ask<bool>([](Vault& vault) { return vault.needs_own_password(); },
                 [this](const Result<bool>& needs) {
                   if (!needs && needs.error().code == Code::kLocked) {
                     return;  // a lock came in between: tick() sees it
                   }
                   if (!needs) {
                     show_alarm(needs.error(), host.path());
                     host.lock(LockCause::kRequest);
                   } else if (*needs) {
                     own_password.emplace(OwnPasswordView::Actions{
                         [this](Secret password) { change_own_password(std::move(password)); },
                         [this] { request_lock(LockCause::kRequest); }});
                     set_stage(Stage::kOwnPassword);
                   } else {
                     begin_session();
                   }
                 });
}

void App::Impl::change_own_password(Secret password) {
  auto given = std::make_shared<Secret>(std::move(password));
  host.ask<void>(
      [given](Vault& vault) { return vault.change_password(std::move(*given), std::nullopt); },
      [this](const Status& changed) {
        must_draw = true;
        if (changed) {
          own_password.reset();
          begin_session();
        } else if (own_password) {
          own_password->failed(changed.error());
        }
      });
}

void App::Impl::begin_session() {
  if (!host.me()) {
    return;  // a lock came in between: tick() sees it
  }
  session = std::make_unique<Session>(
      services, preferences, options.screens,
      Session::Actions{[this] { request_lock(LockCause::kRequest); },
                       [this] { curtain_since_ms = clock.steady_ms(); },
                       [this] { must_quit = true; }, options.role_name, options.version});
  set_stage(Stage::kSession);
  opened_documents.begin_session(session->vault(), session->owner());
  restore_draft();
}

void App::Impl::restore_draft() {
  std::optional<Bytes> sealed = drafts.take(session->vault(), session->owner());
  if (!sealed) {
    return;
  }
  host.ask<Secret>([bytes = *std::move(sealed)](Vault& vault) { return vault.open_draft(bytes); },
                   [this](const Result<Secret>& opened) {
                     must_draw = true;
                     if (opened && session) {
                       session->restore(as_text(opened->expose()));
                       toasts.say(tr(N_("What you were typing is back.")));
                     }
                   });
}

void App::Impl::request_lock(LockCause cause) {
  wanted_lock = cause;
  host.lock(cause);
  if (options.wake) {
    options.wake();
  }
}

void App::Impl::session_over() {
  session_end.run();
  if (options.wake) {
    options.wake();
  }
  if (options.locked) {
    options.locked();
  }
}

// Sealing needs no key of the session, so that it also works when the keys are gone already.
void App::Impl::keep_draft(Session& ending) {
  const std::string words = ending.draft();
  if (words.empty()) {
    return;
  }
  Result<Secret> copied = Secret::copy_of(as_bytes(words));
  if (!copied) {
    return;  // no memory, or more than anybody types
  }
  auto plain = std::make_shared<Secret>(*std::move(copied));
  host.ask<void>(
      [this, plain, end = ending.draft_end(), vault_id = ending.vault(),
       owner = ending.owner()](Vault& vault) -> Status {
        const std::string rest = end(std::string(as_text(std::as_const(*plain).expose())));
        plain->wipe();
        if (rest.empty()) {
          return {};
        }
        COFFRE_TRY_ASSIGN(Bytes sealed, vault.seal_draft(as_bytes(rest)));
        drafts.keep(vault_id, owner, std::move(sealed));
        return {};
      },
      [](const Status&) {});
}

void App::Impl::end_session(LockCause cause) {
  ++epoch;
  if (session) {
    keep_draft(*session);
    opened_documents.end_session(session->vault(), session->owner());
  }
  own_password.reset();
  session.reset();
  commands.clear();
  toasts.clear();
  services.selection.reset();
  curtain_since_ms.reset();
  exports.end_session();  // before the jobs: a lock cancels no erasing
  jobs.end_session();
  if (ImGui::GetCurrentContext() != nullptr) {
    wipe_input_state();
    focus::reset();
  }
  must_wipe = true;
  last_renewal_ms = -1;
  show_unlock(cause);
}

}  // namespace coffre::ui
