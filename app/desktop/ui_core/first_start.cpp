#include "app/desktop/ui_core/first_start.h"

#include "app/common/i18n.h"
#include "app/desktop/ui_core/icons.h"
#include "app/desktop/ui_core/text_input_wipe.h"
#include "core/base/text.h"

namespace coffre::ui {
namespace {

constexpr std::size_t kFileNameMax = 60;
constexpr std::size_t kPracticeBytesMax = 200;
constexpr float kMark = 34;
constexpr std::string_view kEnding = ".coffre";

bool is_plain(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }

}  // namespace

std::string file_name_for(std::string_view practice) {
  std::string name;
  for (const char c : fold(practice)) {
    if (is_plain(c)) {
      name += c;
    } else if (!name.empty() && name.back() != '-') {
      name += '-';
    }
    if (name.size() == kFileNameMax) {
      break;
    }
  }
  while (!name.empty() && name.back() == '-') {
    name.pop_back();
  }
  return (name.empty() ? "coffre" : name) + std::string(kEnding);
}

FirstStartView::FirstStartView(Preferences& preferences, std::string folder, Actions actions)
    : preferences_(preferences), folder_(std::move(folder)), actions_(std::move(actions)) {}

void FirstStartView::failed(const Error& error) {
  error_ = error;
  is_busy_ = false;
}

void FirstStartView::go(Page page) {
  page_ = page;
  must_focus_ = true;
  error_.reset();
}

std::string FirstStartView::vault_path() const {
  return chosen_place_.empty() ? folder_ + "/" + file_name_for(practice_.view()) : chosen_place_;
}

Availability FirstStartView::practice_is_ready() const {
  if (practice_.empty() || !checked_line(practice_.view(), kPracticeBytesMax)) {
    return Availability::greyed(N_("Give the name of the practice."));
  }
  if (!checked_name(owner_.view())) {
    return Availability::greyed(N_("Give your name, at most 64 characters."));
  }
  return Availability::ready();
}

void FirstStartView::create() {
  Result<Secret> password = password_.copy();
  if (!password) {
    error_ = password.error();
    return;
  }
  wipe_input_state();
  error_.reset();
  is_busy_ = true;
  actions_.create({vault_path(), std::string(practice_.view()), std::string(owner_.view()),
                   *std::move(password)});
}

void FirstStartView::draw(Ui& ui) {
  card_.begin(ui, "##first_start");
  switch (page_) {
    case Page::kWelcome:
      draw_welcome(ui);
      break;
    case Page::kPractice:
      draw_practice(ui);
      break;
    case Page::kPassword:
      draw_password(ui);
      break;
    case Page::kPlace:
      draw_place(ui);
      break;
  }
  card_.end(ui);
}

void FirstStartView::draw_head(Ui& ui, const char* title) {
  const ImVec2 from = ImGui::GetCursorScreenPos();
  put_mark(ui, *ImGui::GetWindowDrawList(), from, ui.px(kMark));
  place(ImVec2(from.x + ui.px(kMark + size::kGap),
               from.y + (ui.px(kMark) - ui.fonts.title->FontSize) / 2));
  fitted(ui, TextKind::kTitle, title, ImGui::GetContentRegionAvail().x);
  place(ImVec2(from.x, from.y + ui.px(kMark + size::kGapSmall)));
  ImGui::Dummy(ImVec2(0, 0));
  if (page_ != Page::kWelcome) {
    text(ui, TextKind::kSmallMuted,
         fill(tr(N_("Step {} of 3")), {std::to_string(static_cast<int>(page_))}));
  }
  gap(ui, size::kGapWide);
  if (error_) {
    error_notice(ui, "first_start.error", text_of(*error_));
    gap(ui, size::kGapWide);
  }
}

void FirstStartView::draw_welcome(Ui& ui) {
  draw_head(ui, tr(N_("Welcome to Coffre")));
  wrapped(ui, TextKind::kText,
          tr(N_("Coffre keeps the documents of your practice in one encrypted file. Each member of "
                "staff opens it with an account of their own, and each access is written down.")));
  gap(ui, size::kGapLarge);
  const float width = ImGui::GetContentRegionAvail().x;
  const float left = ImGui::GetCursorPosX();
  if (button(ui, "first_start.create", tr(N_("Create a vault")), ButtonKind::kPrimary, icon::kPlus,
             {}, width)) {
    go(Page::kPractice);
  }
  gap(ui, size::kGap);
  if (button(ui, "first_start.open", tr(N_("Open a vault that is there")), ButtonKind::kPlain,
             icon::kFolderOpen, {}, width)) {
    actions_.open();
  }
  gap(ui, size::kGapLarge);
  if (actions_.back) {
    if (link(ui, "first_start.back", tr(N_("Back")))) {
      actions_.back();
    }
    ImGui::SameLine();
  }
  const bool is_french = current_language() == Language::kFrench;
  const char* other = is_french ? "English" : "Français";
  ImGui::SetCursorPosX(left + width - paint::extent(ui.fonts.small, other).x);
  if (link(ui, "first_start.language", other)) {
    preferences_.set_language(is_french ? Language::kEnglish : Language::kFrench);
  }
}

void FirstStartView::draw_practice(Ui& ui) {
  draw_head(ui, tr(N_("Your practice")));
  FieldOptions options;
  options.icon = icon::kHome;
  const std::string hint = tr(N_("For example: Cabinet des Tilleuls"));
  options.hint = hint;
  options.focus = must_focus_;
  must_focus_ = false;
  text_field(ui, "first_start.practice", tr(N_("Name of the practice")), practice_.span(), options);
  gap(ui, size::kGapWide);
  FieldOptions mine;
  mine.icon = icon::kPerson;
  const FieldEvent event =
      text_field(ui, "first_start.owner", tr(N_("Your name")), owner_.span(), mine);
  gap(ui, size::kGapSmall);
  wrapped(ui, TextKind::kSmallMuted,
          tr(N_("You become the owner: you read everything and make the other accounts. The names "
                "of the practice and of its staff are not secret to who has the file.")));
  const Availability may = practice_is_ready();
  if (draw_buttons(ui, tr(N_("Continue")), may) ||
      (event == FieldEvent::kEntered && may.is_ready())) {
    go(Page::kPassword);
  }
}

void FirstStartView::draw_password(Ui& ui) {
  draw_head(ui, tr(N_("Your password")));
  const bool entered = password_.draw(ui, "first_start", must_focus_);
  must_focus_ = false;
  gap(ui, size::kGapWide);
  notice(
      ui, "first_start.no_way_back", NoticeKind::kWarning, tr(N_("There is no way around it")),
      tr(N_("Nobody can reset the password of the only owner. Make a second owner soon, and keep "
            "this password where only you find it.")));
  const Availability may =
      password_.is_ready() ? Availability::ready() : Availability::greyed(password_.reason());
  if (draw_buttons(ui, tr(N_("Continue")), may) || (entered && may.is_ready())) {
    wipe_input_state();
    go(Page::kPlace);
  }
}

void FirstStartView::draw_place(Ui& ui) {
  draw_head(ui, tr(N_("Place of the file")));
  wrapped(ui, TextKind::kText,
          tr(N_("The vault is one file. It belongs on a disk of this computer, or on an encrypted "
                "medium, never on a network drive.")));
  gap(ui, size::kGapWide);
  text(ui, TextKind::kSmallStrong, tr(N_("File")));
  const std::string path = vault_path();
  const ImVec2 from = ImGui::GetCursorScreenPos();
  wrapped(ui, TextKind::kStrong, printable(path));
  paint::note(ui, "first_start.path", path, {from, ImGui::GetItemRectMax()});
  gap(ui, size::kGapSmall);
  if (button(ui, "first_start.place", tr(N_("Choose another place…")), ButtonKind::kPlain,
             icon::kFolder,
             is_busy_ ? Availability::greyed(N_("The vault is being made."))
                      : Availability::ready())) {
    actions_.choose_place(file_name_for(practice_.view()), [this](std::string chosen) {
      chosen_place_ = std::move(chosen);
      if (!chosen_place_.ends_with(kEnding)) {
        chosen_place_ += kEnding;
      }
    });
  }
  const Availability may =
      is_busy_ ? Availability::greyed(N_("The vault is being made.")) : Availability::ready();
  if (draw_buttons(ui, is_busy_ ? tr(N_("One moment…")) : tr(N_("Create the vault")), may)) {
    create();
  }
}

bool FirstStartView::draw_buttons(Ui& ui, const char* label, const Availability& may) {
  gap(ui, size::kGapLarge);
  const Availability may_go_back =
      is_busy_ ? Availability::greyed(N_("The vault is being made.")) : Availability::ready();
  const bool back = button(ui, "first_start.back", tr(N_("Back")), ButtonKind::kPlain,
                           icon::kArrowLeft, may_go_back);
  ImGui::SameLine(0, ui.px(size::kGap));
  const bool on = button(ui, "first_start.next", label, ButtonKind::kPrimary, "", may,
                         ImGui::GetContentRegionAvail().x);
  if (back) {
    go(static_cast<Page>(static_cast<unsigned char>(page_) - 1));
    return false;
  }
  return on;
}

}  // namespace coffre::ui
