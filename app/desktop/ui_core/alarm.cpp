#include "app/desktop/ui_core/alarm.h"

#include "app/common/i18n.h"
#include "app/desktop/ui_core/icons.h"
#include "app/desktop/ui_core/widgets.h"
#include "core/base/text.h"

namespace coffre::ui {
namespace {

// Message ids; an empty `meaning` leaves the error's own words to say it.
struct Words {
  NoticeKind kind;
  const char* title;
  const char* meaning;
  const char* what_to_do;
};

Words words_of(Code code) {
  switch (code) {
    case Code::kDamaged:
      return {NoticeKind::kBad, N_("The vault is damaged or was changed"),
              N_("A part of the file is not what its members signed. Nothing of it is shown, so "
                 "that nobody works with wrong documents."),
              N_("Do not go on with this file, and do not delete it. Restore the newest backup, "
                 "and tell who looks after the vault.")};
    case Code::kRolledBack:
      return {NoticeKind::kBad, N_("An older copy of the vault lies here"),
              N_("This workstation has already seen a newer state. What was filed since then is "
                 "not in this file."),
              N_("Find the newer file, or ask who put the older one back. Do not file anything "
                 "into this one.")};
    case Code::kForked:
      return {NoticeKind::kBad, N_("This vault has another history"),
              N_("Somebody went on from an older copy, or put another vault in its place. Two "
                 "files now claim to be the same vault."),
              N_("Ask who worked where, and find the right file. Do not file anything before "
                 "that is known.")};
    case Code::kBusy:
      return {NoticeKind::kWarning, N_("The vault is in use"),
              N_("Another program is writing into it. Nothing is wrong with the file."),
              N_("Wait a moment and try again, or close the other program.")};
    case Code::kReadOnly:
      return {NoticeKind::kWarning, N_("The vault cannot be written"),
              N_("Each access is entered in the vault's journal, so it has to be writable."),
              N_("Copy it to a disk that can be written, or ask for the right to write there.")};
    case Code::kUnsupported:
      return {NoticeKind::kWarning, N_("The vault cannot be opened here"), "", ""};
    case Code::kNotFound:
      return {NoticeKind::kWarning, N_("The vault is not there"),
              N_("The file was moved or renamed, or its medium is not connected."),
              N_("Connect the medium and try again, or open the vault from its new place.")};
    default:
      return {NoticeKind::kWarning, N_("The vault could not be opened"), "", ""};
  }
}

}  // namespace

bool is_alarming(const Error& error) {
  switch (error.code) {
    case Code::kCredentials:
    case Code::kDenied:
    case Code::kLocked:
    case Code::kInvalidArgument:
      return false;
    default:
      return true;
  }
}

AlarmView::Pressed AlarmView::draw(Ui& ui) {
  const Words words = words_of(error_.code);
  const ErrorText own = text_of(error_);
  card_.begin(ui, "##alarm");
  ImGui::PushStyleColor(ImGuiCol_Text,
                        words.kind == NoticeKind::kBad ? ui.theme.danger : ui.theme.warning.text);
  ImGui::PushFont(ui.fonts.icons);
  ImGui::TextUnformatted(words.kind == NoticeKind::kBad ? icon::kError : icon::kWarning);
  ImGui::PopFont();
  ImGui::PopStyleColor();
  ImGui::SameLine(0, ui.px(size::kGap));
  const ImVec2 from = ImGui::GetCursorScreenPos();
  wrapped(ui, TextKind::kTitle, tr(words.title));
  paint::note(ui, "alarm.title", tr(words.title), {from, ImGui::GetItemRectMax()});
  gap(ui, size::kGapSmall);
  wrapped(ui, TextKind::kSmallMuted, printable(path_));
  gap(ui, size::kGapWide);
  if (*words.meaning != '\0') {
    wrapped(ui, TextKind::kStrong, tr(N_("What it means")));
    wrapped(ui, TextKind::kText, tr(words.meaning));
    gap(ui, size::kGap);
    wrapped(ui, TextKind::kStrong, tr(N_("What to do")));
    wrapped(ui, TextKind::kText, tr(words.what_to_do));
    gap(ui, size::kGapWide);
  }
  error_notice(ui, "alarm.error", own);
  gap(ui, size::kGapLarge);
  Pressed pressed = Pressed::kNothing;
  if (button(ui, "alarm.retry", tr(N_("Try again")), ButtonKind::kPrimary, icon::kRefresh)) {
    pressed = Pressed::kRetry;
  }
  ImGui::SameLine(0, ui.px(size::kGap));
  if (button(ui, "alarm.another", tr(N_("Open another vault…")), ButtonKind::kPlain,
             icon::kFolderOpen)) {
    pressed = Pressed::kAnother;
  }
  card_.end(ui);
  return pressed;
}

}  // namespace coffre::ui
