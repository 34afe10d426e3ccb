#include "app/desktop/screens/document_versions.h"

#include <algorithm>
#include <cmath>

#include "app/common/i18n.h"
#include "app/desktop/screens/dossiers_drawing.h"
#include "app/desktop/screens/dossiers_names.h"
#include "app/desktop/screens/screen_layout.h"
#include "app/desktop/ui_core/format.h"
#include "app/desktop/ui_core/icons.h"
#include "core/base/text.h"

namespace coffre::ui {
namespace {

constexpr float kVersionsSheetWidth = 560;
constexpr float kVersionRow = 58;
// Rows at once; half a row more says that there is more.
constexpr float kVersionsShownMin = 2.5F;
constexpr float kVersionsShownMax = 5.5F;
constexpr float kBesideVersions = 360;  // height at 100 % of what the sheet has beside them

bool reads_anywhere(const VaultHost& vault) {
  const auto policy = vault.policy();
  return policy != nullptr && std::ranges::any_of(policy->compartments(), [&](const auto& entry) {
           return entry.second.purpose != Purpose::kJournal && vault.can_read(entry.first);
         });
}

}  // namespace

std::vector<EarlierVersion> versions_of(const Document& document) {
  std::vector<EarlierVersion> all{present_version(document)};
  // Not only turned round: one that was brought back was stored before others that it replaced.
  for (auto each = document.earlier.rbegin(); each != document.earlier.rend(); ++each) {
    all.insert(std::ranges::upper_bound(all.begin() + 1, all.end(), each->stored_ms,
                                        std::ranges::greater(), &EarlierVersion::stored_ms),
               *each);
  }
  return all;
}

void VersionsSheet::add_commands(Commands& commands) {
  commands.add({"document.versions",
                N_("Versions…"),
                icon::kHistory,
                {letter('H'), true},
                [this] { return may_open(); },
                [this] { open(); }});
  commands.add({"document.present",
                N_("Present version"),
                icon::kArrowLeft,
                {letter('H'), true, true},
                [this] {
                  return selection_->document && selection_->earlier ? Availability::ready()
                                                                     : Availability::hidden();
                },
                [this] { calls_.show_present(); }});
  commands.add({"document.bring_back",
                N_("Bring it back"),
                icon::kUndo,
                {},
                [this] {
                  return selection_->document && selection_->earlier ? may_bring_back()
                                                                     : Availability::hidden();
                },
                [this] { bring_back_to(EarlierVersion(*selection_->earlier)); }});
}

Availability VersionsSheet::may_open() const {
  if (!reads_anywhere(services_.vault)) {
    return Availability::hidden();
  }
  if (!selection_->document) {
    return Availability::greyed(N_("Choose a document first."));
  }
  return selection_->document->earlier.empty()
             ? Availability::greyed(N_("It has no earlier version."))
             : Availability::ready();
}

Availability VersionsSheet::may_bring_back() const {
  if ((services_.vault.rights(selection_->document->compartment) & right::kEdit) == 0) {
    return Availability::hidden();
  }
  return running_ ? Availability::greyed(N_("The versions are being changed."))
                  : Availability::ready();
}

bool VersionsSheet::is_present(const EarlierVersion& version) const {
  return version.id == selection_->document->version;
}

bool VersionsSheet::is_shown(const EarlierVersion& version) const {
  return selection_->earlier ? version.id == selection_->earlier->id : is_present(version);
}

Availability VersionsSheet::may_look(const EarlierVersion& version) const {
  return is_shown(version) ? Availability::greyed(N_("It is the one that is shown."))
                           : Availability::ready();
}

void VersionsSheet::open() {
  const Document& document = *selection_->document;
  chosen_ = selection_->earlier ? selection_->earlier->id : versions_of(document)[1].id;
  list_ = {};
  error_.reset();
  open_ = true;
  request_focus("versions.list");
}

void VersionsSheet::look(const EarlierVersion& version) {
  if (!may_look(version).is_ready()) {
    return;
  }
  open_ = false;
  if (is_present(version)) {
    calls_.show_present();
  } else {
    calls_.show_earlier(version);
  }
}

void VersionsSheet::bring_back_to(const EarlierVersion& version) {
  const Document& document = *selection_->document;
  bring_back(document.id, version, present_version(document));
}

void VersionsSheet::bring_back(const Id& document, const EarlierVersion& version,
                               const EarlierVersion& present) {
  running_ = true;
  error_.reset();
  services_.vault.ask<Document>(
      [document, wanted = version.id](Vault& vault) -> Result<Document> {
        DocumentEdit edit;
        edit.version = wanted;
        COFFRE_TRY(vault.edit_document(document, edit));
        return vault.document(document);
      },
      alive_.guard([this, version, present](const Result<Document>& changed) {
        running_ = false;
        if (!changed) {
          if (open_) {
            error_ = changed.error();
          } else {
            services_.toasts.say_error(changed.error());
          }
          return;
        }
        open_ = false;
        services_.toasts.say(
            fill(tr(N_("The version of {} is the present one again; the other one stays, as an "
                       "earlier one.")),
                 {moment_text(version.stored_ms, services_.clock.wall_ms())}),
            tr(N_("Take it back")), alive_.guard([this, id = changed->id, version, present] {
              bring_back(id, present, version);
            }));
        calls_.replaced(*changed);
      }));
}

void VersionsSheet::draw(Ui& ui) {
  open_ = open_ && selection_->document;
  if (!begin_sheet(ui, "versions", tr(N_("Versions of the document")), kVersionsSheetWidth,
                   open_)) {
    return;
  }
  const std::string& title = selection_->document->title;
  wrapped(ui, TextKind::kStrong, title.empty() ? tr(N_("Untitled")) : printable(title));
  wrapped(ui, TextKind::kSmallMuted,
          tr(N_("What it holds now, and what it held before. All of them stay until the document "
                "is destroyed.")));
  gap(ui, size::kGapWide);
  const std::vector<EarlierVersion> versions = versions_of(*selection_->document);
  draw_list(ui, versions);
  gap(ui, size::kGapWide);
  if (error_) {
    error_notice(ui, "versions.error", text_of(*error_));
    gap(ui, size::kGap);
  }
  const auto chosen = std::ranges::find(versions, chosen_, &EarlierVersion::id);
  draw_actions(ui, chosen == versions.end() ? versions.front() : *chosen);
  end_sheet(ui);
}

void VersionsSheet::draw_list(Ui& ui, const std::vector<EarlierVersion>& versions) {
  const float row = ui.px(kVersionRow);
  const float fitting =
      std::floor((ImGui::GetIO().DisplaySize.y - ui.px(kBesideVersions)) / row) + 0.5F;
  const float shown = std::clamp(fitting, kVersionsShownMin, kVersionsShownMax);
  const float height = row * std::min(static_cast<float>(versions.size()), shown);
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const Rect area{at, {at.x + room(ui), at.y + height}};
  const auto selected = std::ranges::find(versions, chosen_, &EarlierVersion::id);
  std::ptrdiff_t pressed = -1;
  line_above(ui, area);
  if (begin_list(ui, "versions.list", list_, versions.size(), row, area)) {
    pressed = list_rows(
        ui, "versions.list", list_, versions.size(), row,
        selected == versions.end() ? 0 : selected - versions.begin(),
        [&](std::size_t index, const Rect& line, bool) { draw_row(ui, line, versions[index]); });
  }
  end_list(ui);
  if (pressed >= 0) {
    const EarlierVersion& version = versions[static_cast<std::size_t>(pressed)];
    chosen_ = version.id;
    if (list_.entered) {
      look(version);
    }
  }
}

void VersionsSheet::draw_row(Ui& ui, const Rect& row, const EarlierVersion& version) const {
  Rect rest = row;
  cut_left(rest, ui.px(size::kGap));
  icon_in(ui, icon::kDescription, cut_left(rest, ui.px(34)), ui.theme.muted);
  cut_right(rest, ui.px(size::kGap));
  const auto tag_at_right = [&](TagKind kind, const char* words) {
    const float width = text_extent(ui, TextKind::kSmallStrong, words).x + ui.px(22);
    tag_in(ui, "", kind, words, cut_right(rest, width));
    cut_right(rest, ui.px(size::kGapSmall));
  };
  if (is_present(version)) {
    tag_at_right(TagKind::kGood, tr(N_("Present")));
  }
  if (selection_->earlier && is_shown(version)) {
    tag_at_right(TagKind::kWarning, tr(N_("Shown")));
  }
  const auto policy = services_.vault.policy();
  const std::string author = policy ? author_name(*policy, version) : std::string();
  const std::string size = size_text(version.size);
  text_at(ui, TextKind::kStrong, {rest.min.x, rest.min.y + ui.px(8)},
          moment_text(version.stored_ms, ui.clock.wall_ms()), rest.width());
  text_at(ui, TextKind::kSmallMuted, {rest.min.x, rest.min.y + ui.px(32)},
          author.empty() ? size : author + " · " + size, rest.width());
}

void VersionsSheet::draw_actions(Ui& ui, const EarlierVersion& version) {
  const char* show = is_present(version) ? tr(N_("Show the present one")) : tr(N_("Look at it"));
  if (button(ui, "versions.look", show, ButtonKind::kPrimary, icon::kEye, may_look(version))) {
    look(version);
  }
  const Command* copy = services_.commands.find("document.export");
  if (copy != nullptr && copy->availability().kind != Availability::Kind::kHidden) {
    flow(ui, button_width(ui, tr(copy->label), copy->icon));
    if (button(ui, "versions.export", tr(copy->label), ButtonKind::kPlain, copy->icon,
               copy->availability())) {
      open_ = false;
      calls_.open_export(is_present(version) ? std::nullopt : std::optional(version));
    }
  }
  if (const Availability may = may_bring_back();
      !is_present(version) && may.kind != Availability::Kind::kHidden) {
    const char* bring = running_ ? tr(N_("Being changed…")) : tr(N_("Bring it back"));
    flow(ui, button_width(ui, bring, icon::kUndo));
    if (button(ui, "versions.bring_back", bring, ButtonKind::kPlain, icon::kUndo, may)) {
      bring_back_to(version);
    }
  }
}

}  // namespace coffre::ui
