#include "app/desktop/screens/filed_today_requests.h"

#include <algorithm>

#include "app/common/i18n.h"
#include "app/desktop/screens/dossiers_drawing.h"
#include "app/desktop/screens/dossiers_names.h"
#include "app/desktop/screens/screen_layout.h"
#include "app/desktop/ui_core/format.h"
#include "app/desktop/ui_core/icons.h"

namespace coffre::ui {

void RequestsList::load() {
  const std::shared_ptr<const Policy> policy = services_.vault.policy();
  const bool reads = policy && std::ranges::any_of(policy->compartments(), [&](const auto& entry) {
                       return services_.vault.can_read(entry.first);
                     });
  if (!reads) {
    return;
  }
  struct Read {
    std::vector<Request> requests;
    std::vector<UnreadableRecord> left_out;
  };
  services_.vault.ask<Read>(
      [](Vault& vault) -> Result<Read> {
        Read read;
        COFFRE_TRY_ASSIGN(read.requests, vault.requests(&read.left_out));
        return read;
      },
      alive_.guard([this](Result<Read> read) {
        error_.reset();
        if (!read) {
          error_ = read.error();
          return;
        }
        requests_ = std::move(read->requests);
        left_out_ = std::move(read->left_out);
      }));
}

void RequestsList::draw(Ui& ui, const Rect& area) {
  if (begin_panel(ui, "requests", area, ui.theme.panel)) {
    text(ui, TextKind::kTitle, tr(N_("Requests")));
    wrapped(ui, TextKind::kSmallMuted,
            tr(N_("Who filed a document wrongly, and may not change it, asks you to.")));
    gap(ui, size::kGapWide);
    if (error_) {
      error_notice(ui, "requests.error", text_of(*error_));
      gap(ui, size::kGap);
      if (button(ui, "requests.retry", tr(N_("Try again")), ButtonKind::kPlain, icon::kRefresh)) {
        load();
      }
      gap(ui, size::kGap);
    } else if (count() == 0) {
      empty_state(ui, "requests.empty", icon::kDone, tr(N_("No request is open")),
                  tr(N_("They come here when somebody asks for a correction.")));
    }
    draw_left_out(ui);
    for (std::size_t at = 0; at < requests_.size(); ++at) {
      draw_one(ui, at);
    }
  }
  end_panel(ui);
}

void RequestsList::draw_left_out(Ui& ui) {
  if (left_out_.empty()) {
    return;
  }
  notice(
      ui, "requests.left_out", NoticeKind::kWarning,
      fill(tr(N_("Unreadable requests: {}")), {count_text(left_out_.size())}),
      fill(tr(N_("Nobody can read what was sealed there by: {}. Ask what was meant, and tell who "
                 "looks after the vault.")),
           {sealers_of(left_out_)}));
  std::vector<Id> closable;
  for (const UnreadableRecord& record : left_out_) {
    if (may_close(record.compartment)) {
      closable.push_back(record.id);
    }
  }
  gap(ui, size::kGapSmall);
  if (!closable.empty() &&
      button(ui, "requests.left_out.done", tr(N_("Done")), ButtonKind::kPlain, icon::kCheck)) {
    close(closable);
  }
  gap(ui, size::kGapWide);
}

bool RequestsList::may_close(const Id& compartment) const {
  return (services_.vault.rights(compartment) & right::kEdit) != 0;
}

void RequestsList::draw_one(Ui& ui, std::size_t at) {
  const Request request = requests_[at];
  const std::string number = std::to_string(at);
  text(ui, TextKind::kStrong,
       request.kind == RequestKind::kMove ? tr(N_("Move a document"))
                                          : tr(N_("Withdraw a document")));
  wrapped(ui, TextKind::kText, "“" + request.words + "”");
  text(ui, TextKind::kSmallMuted,
       fill("{} · {}", {request.from, moment_text(request.time_ms, ui.clock.wall_ms())}));
  gap(ui, size::kGapSmall);
  if (button(ui, ("requests.show." + number).c_str(), tr(N_("Show the document")),
             ButtonKind::kPlain, icon::kEye)) {
    take_document(request, show_);
  }
  if (may_destroy(request)) {
    const char* destroy = tr(N_("Destroy…"));
    flow(ui, button_width(ui, destroy, icon::kDestroy));
    if (button(ui, ("requests.destroy." + number).c_str(), destroy, ButtonKind::kDanger,
               icon::kDestroy)) {
      take_document(request, [this, words = request.words](const Document& document) {
        destroy_(document, words);
      });
    }
  }
  flow(ui, button_width(ui, tr(N_("Done")), icon::kCheck));
  if (may_close(request.compartment) && button(ui, ("requests.done." + number).c_str(),
                                               tr(N_("Done")), ButtonKind::kPlain, icon::kCheck)) {
    close({request.id});
  }
  gap(ui, size::kGap);
  separator(ui);
  gap(ui, size::kGap);
}

bool RequestsList::may_destroy(const Request& request) const {
  return request.kind == RequestKind::kWithdraw &&
         (services_.vault.rights(request.compartment) & right::kDestroy) != 0;
}

void RequestsList::take_document(const Request& request, const Show& take) {
  services_.vault.ask<Document>(
      [id = request.document](Vault& vault) { return vault.document(id); },
      alive_.guard([this, take](Result<Document> document) {
        if (document) {
          take(*document);
        } else {
          services_.toasts.say_error(document.error());
        }
      }));
}

void RequestsList::close(const std::vector<Id>& requests) {
  services_.vault.ask<void>(
      [requests](Vault& vault) -> Status {
        for (const Id& id : requests) {
          COFFRE_TRY(vault.close_request(id));
        }
        return {};
      },
      alive_.guard([this](const Status& status) {
        if (!status) {
          services_.toasts.say_error(status.error());
        }
        load();
      }));
}

}  // namespace coffre::ui
