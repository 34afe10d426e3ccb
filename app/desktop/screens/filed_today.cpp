#include "app/desktop/screens/filed_today.h"

#include <algorithm>

#include "app/common/i18n.h"
#include "app/desktop/screens/dossiers_drawing.h"
#include "app/desktop/screens/dossiers_names.h"
#include "app/desktop/ui_core/format.h"
#include "app/desktop/ui_core/icons.h"

namespace coffre::ui {
namespace {

constexpr float kFiledRowHeight = 58;
constexpr float kActions = 60;

}  // namespace

bool FiledToday::is_available() const {
  const std::shared_ptr<const Policy> policy = services_.vault.policy();
  return policy && std::ranges::any_of(policy->compartments(), [&](const auto& entry) {
           return entry.second.purpose != Purpose::kJournal &&
                  (services_.vault.rights(entry.first) & right::kDeposit) != 0 &&
                  !services_.vault.can_read(entry.first);
         });
}

void FiledToday::load() {
  if (!is_available()) {
    return;
  }
  using Receipts = std::vector<Receipt>;
  services_.vault.ask<Receipts>(
      [since = day_begin_ms(services_.clock.wall_ms())](Vault& vault) {
        return vault.receipts(since);
      },
      alive_.guard([this](Result<Receipts> receipts) {
        loaded_ = true;
        error_.reset();
        if (!receipts) {
          error_ = receipts.error();
          return;
        }
        receipts_ = *std::move(receipts);
        chosen_ = std::min(chosen_, static_cast<std::ptrdiff_t>(receipts_.size()) - 1);
      }));
}

void FiledToday::draw(Ui& ui, const Rect& area) {
  Rect rest = area;
  if (begin_panel(ui, "filed.head", cut_top(rest, ui.px(98)), ui.theme.panel, size::kGapLarge,
                  false)) {
    text(ui, TextKind::kTitle, tr(N_("Filed today")));
    wrapped(ui, TextKind::kSmallMuted,
            tr(N_("Your receipts. The documents themselves are for those who read there.")));
  }
  end_panel(ui);
  if (error_ || !loaded_ || receipts_.empty()) {
    if (begin_panel(ui, "filed.state", rest, ui.theme.panel)) {
      if (error_) {
        error_notice(ui, "filed.error", text_of(*error_));
      } else if (!loaded_) {
        spinner_text(ui, tr(N_("Reading the receipts…")));
      } else {
        empty_state(ui, "filed.empty", icon::kInbox, tr(N_("Nothing filed today")),
                    tr(N_("What you file where you do not read is listed here for the day.")));
      }
    }
    end_panel(ui);
    return;
  }
  if (chosen_ >= 0) {
    draw_chosen(ui, cut_bottom(rest, ui.px(kActions)));
  }
  draw_rows(ui, rest);
}

void FiledToday::draw_rows(Ui& ui, const Rect& area) {
  std::ptrdiff_t pressed = -1;
  if (begin_list(ui, "filed", list_, receipts_.size(), ui.px(kFiledRowHeight), area)) {
    pressed =
        list_rows(ui, "filed", list_, receipts_.size(), ui.px(kFiledRowHeight), chosen_,
                  [&](std::size_t at, const Rect& row, bool) { draw_row(ui, row, receipts_[at]); });
  }
  end_list(ui);
  chosen_ = pressed >= 0 ? pressed : chosen_;
}

void FiledToday::draw_row(Ui& ui, const Rect& row, const Receipt& receipt) const {
  Rect rest = row;
  cut_left(rest, ui.px(size::kGapLarge));
  const Rect time = cut_right(rest, ui.px(72));
  const Rect place = cut_right(rest, ui.px(130));
  const Patient* patient = receipt.patient ? book_.find(*receipt.patient) : nullptr;
  const float width = rest.width() - ui.px(size::kGap);
  text_at(ui, TextKind::kStrong, {rest.min.x, rest.min.y + ui.px(8)},
          receipt.title.empty() ? tr(N_("Untitled")) : receipt.title, width);
  const std::string whose = patient == nullptr ? std::string() : patient_name(*patient) + " · ";
  text_at(ui, TextKind::kSmallMuted, {rest.min.x, rest.min.y + ui.px(32)}, whose + receipt.type,
          width);
  if (const std::shared_ptr<const Policy> policy = services_.vault.policy()) {
    tag_in(ui, "", compartment_tag(*policy, receipt.compartment),
           compartment_label(*policy, receipt.compartment), place);
  }
  text_in(ui, TextKind::kMuted, time_text(receipt.time_ms), time);
}

void FiledToday::draw_chosen(Ui& ui, const Rect& area) {
  begin_bar(ui, "filed.actions", area, ui.theme.panel);
  line_above(ui, area);
  place({area.min.x + ui.px(size::kGapLarge),
         area.min.y + (area.height() - ui.px(size::kButton)) / 2});
  if (button(ui, "filed.wrong", tr(N_("Filed wrongly…")), ButtonKind::kPlain, icon::kUndo)) {
    open_sheet(receipts_[static_cast<std::size_t>(chosen_)]);
  }
  end_bar(ui);
}

void FiledToday::open_sheet(const Receipt& receipt) {
  close_sheet();
  wrong_ = receipt;
  focus_ = true;
}

void FiledToday::close_sheet() {
  wrong_.reset();
  kind_ = 0;
  tried_ = false;
  sending_ = false;
  words_.clear();
  send_error_.reset();
}

void FiledToday::send() {
  tried_ = true;
  if (sending_ || words_.empty() || !wrong_) {
    return;
  }
  sending_ = true;
  send_error_.reset();
  services_.vault.ask<void>(
      [id = wrong_->document, kind = kind_ == 0 ? RequestKind::kMove : RequestKind::kWithdraw,
       words = std::string(words_.view())](Vault& vault) {
        return vault.ask_reader(id, kind, words);
      },
      alive_.guard([this](const Status& status) {
        sending_ = false;
        if (!status) {
          send_error_ = status.error();
          return;
        }
        services_.toasts.say(tr(N_("Those who read there are asked.")));
        close_sheet();
      }));
}

void FiledToday::draw_sheet(Ui& ui) {
  if (!wrong_) {
    return;
  }
  bool stays = true;
  if (begin_sheet(ui, "wrong", tr(N_("Filed wrongly")), 480, stays)) {
    wrapped(ui, TextKind::kText,
            fill(tr(N_("Who reads there is asked to correct “{}”.")), {wrong_->title}));
    gap(ui, size::kGap);
    const std::vector<std::string> kinds = {tr(N_("It belongs elsewhere")),
                                            tr(N_("It should not be in the vault"))};
    segments(ui, "wrong.kind", kinds, kind_);
    gap(ui, size::kGap);
    FieldOptions options;
    options.hint = tr(N_("for example: it is Mrs Petit’s"));
    options.focus = std::exchange(focus_, false);
    options.error = tried_ && words_.empty() ? tr(N_("Say what is wrong.")) : "";
    if (text_field(ui, "wrong.words", tr(N_("What is wrong")), words_.span(), options) ==
        FieldEvent::kEntered) {
      send();
    }
    gap(ui, size::kGapWide);
    if (send_error_) {
      error_notice(ui, "wrong.error", text_of(*send_error_));
      gap(ui, size::kGap);
    }
    const Availability may = sending_ ? Availability::greyed(N_("Being sent…")) : Availability{};
    if (button(ui, "wrong.send", tr(N_("Ask")), ButtonKind::kPrimary, icon::kCheck, may)) {
      send();
    }
    same_line(ui);
    if (button(ui, "wrong.cancel", tr(N_("Cancel")))) {
      stays = false;
    }
    end_sheet(ui);
  }
  if (!stays) {
    close_sheet();
  }
}

}  // namespace coffre::ui
