#include "app/desktop/screens/filed_today_requests.h"

#include <algorithm>

#include "app/common/i18n.h"
#include "app/desktop/screens/dossiers_drawing.h"
#include "app/desktop/screens/dossiers_names.h"
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
  using Requests = std::vector<Request>;
  services_.vault.ask<Requests>([](Vault& vault) { return vault.requests(); },
                                alive_.guard([this](Result<Requests> requests) {
                                  error_.reset();
                                  if (requests) {
                                    requests_ = *std::move(requests);
                                  } else {
                                    error_ = requests.error();
                                  }
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
    } else if (requests_.empty()) {
      empty_state(ui, "requests.empty", icon::kDone, tr(N_("No request is open")),
                  tr(N_("They come here when somebody asks for a correction.")));
    }
    for (std::size_t at = 0; at < requests_.size(); ++at) {
      draw_one(ui, at);
    }
  }
  end_panel(ui);
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
    show_document(request);
  }
  const bool may_close = (services_.vault.rights(request.compartment) & right::kEdit) != 0;
  same_line(ui);
  if (may_close && button(ui, ("requests.done." + number).c_str(), tr(N_("Done")),
                          ButtonKind::kPlain, icon::kCheck)) {
    close(request);
  }
  gap(ui, size::kGap);
  separator(ui);
  gap(ui, size::kGap);
}

void RequestsList::show_document(const Request& request) {
  services_.vault.ask<Document>(
      [id = request.document](Vault& vault) { return vault.document(id); },
      alive_.guard([this](Result<Document> document) {
        if (document) {
          show_(*document);
        } else {
          services_.toasts.say_error(document.error());
        }
      }));
}

void RequestsList::close(const Request& request) {
  services_.vault.ask<void>([id = request.id](Vault& vault) { return vault.close_request(id); },
                            alive_.guard([this](const Status& status) {
                              if (!status) {
                                services_.toasts.say_error(status.error());
                              }
                              load();
                            }));
}

}  // namespace coffre::ui
