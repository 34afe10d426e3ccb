#include "app/desktop/screens/security_screen.h"

#include <algorithm>

#include "app/common/i18n.h"
#include "app/common/state_directory.h"
#include "app/desktop/screens/screen_layout.h"
#include "app/desktop/screens/shown_names.h"
#include "app/desktop/ui_core/format.h"
#include "app/desktop/ui_core/icons.h"
#include "core/base/text.h"

namespace coffre::ui {
namespace {

constexpr std::uint32_t kMinuteSeconds = 60;
constexpr std::array<std::uint32_t, 5> kMinutes = {1, 2, 5, 10, 15};
constexpr float kTwoColumns = 900;    // at 100 %: room for them
constexpr float kTextWidthMax = 640;  // at 100 %: longer lines are hard to read
constexpr std::size_t kDamagedShown = 20;

std::string seconds_text(std::uint32_t seconds) {
  constexpr std::int64_t kSecondMs = 1000;
  return duration_text(seconds * kSecondMs);
}

// The core says "what: on which"; the first part is a message.
std::string damage_words(const std::string& damage) {
  const std::size_t colon = damage.find(": ");
  const std::string what = damage.substr(0, colon);
  return colon == std::string::npos ? tr(what.c_str()) : tr(what.c_str()) + damage.substr(colon);
}

}  // namespace

SecurityScreen::SecurityScreen(Services& services, std::string state_directory)
    : services_(services),
      state_directory_(std::move(state_directory)),
      password_(services),
      retention_(services) {}

const char* SecurityScreen::label() const { return N_("Security"); }
const char* SecurityScreen::icon() const { return icon::kSecurity; }

bool SecurityScreen::may_set() const {
  return (services_.vault.vault_rights() & vault_right::kSettings) != 0;
}

void SecurityScreen::add_commands(Commands& commands) {
  commands.add({"security.verify",
                N_("Verify now"),
                icon::kVerified,
                {letter('V'), true, true},
                [this] {
                  return verifying_ ? Availability::greyed(N_("The vault is being verified."))
                                    : Availability::ready();
                },
                [this] {
                  services_.go(id());
                  verify();
                }});
  commands.add({"security.password",
                N_("Change my password…"),
                icon::kKey,
                {letter('P'), true, true},
                [this] {
                  return password_.is_running()
                             ? Availability::greyed(N_("The password is being changed."))
                             : Availability::ready();
                },
                [this] { password_.open(); }});
  retention_.add_commands(commands);
}

void SecurityScreen::entered() {
  const auto policy = services_.vault.policy();
  if (notes_read_ || policy == nullptr) {
    return;
  }
  notes_read_ = true;
  services_.vault.ask<VaultNotes>(
      [directory = state_directory_](Vault& vault) -> Result<VaultNotes> {
        return load_notes(directory, vault.policy().vault());
      },
      alive_.guard([this](const Result<VaultNotes>& notes) {
        if (notes) {
          notes_ = *notes;
        }
      }));
}

void SecurityScreen::verify() {
  verifying_ = true;
  verify_error_.reset();
  report_.reset();
  services_.vault.ask_job<Verified>(
      tr(N_("Verifying the vault")), false,
      [read_data = read_data_, directory = state_directory_, now_ms = services_.clock.wall_ms()](
          Vault& vault, Progress&) -> Result<Verified> {
        Verified verified;
        COFFRE_TRY_ASSIGN(verified.report, vault.verify(read_data));
        verified.note = {now_ms, read_data, verified.report.damaged.size()};
        VaultNotes notes = load_notes(directory, vault.policy().vault());
        notes.verification = verified.note;
        // A note about it that fails is no reason to withhold the report.
        static_cast<void>(save_notes(directory, vault.policy().vault(), notes));
        return verified;
      },
      alive_.guard([this](Result<Verified> verified) {
        verifying_ = false;
        if (!verified) {
          verify_error_ = std::move(verified).error();
          return;
        }
        report_ = std::move(verified->report);
        notes_.verification = verified->note;
      }));
}

void SecurityScreen::set_lock_after(std::uint32_t seconds) {
  setting_ = true;
  setting_error_.reset();
  services_.vault.ask<void>(
      [seconds](Vault& vault) { return vault.set_lock_after(seconds); },
      alive_.guard([this, seconds](const Status& status) {
        setting_ = false;
        if (!status) {
          setting_error_ = status.error();
          return;
        }
        services_.toasts.say(fill(tr(N_("From the next unlock on, the vault locks after {} without "
                                        "activity.")),
                                  {seconds_text(seconds)}));
      }));
}

void SecurityScreen::draw(Ui& ui, const Rect& area) {
  if (begin_panel(ui, "security", area, ui.theme.panel)) {
    page_title(ui, tr(N_("Security")));
    const auto policy = services_.vault.policy();
    const bool beside = room(ui) >= ui.px(kTwoColumns);
    const float widest = ui.px(beside ? 2 * kTextWidthMax : kTextWidthMax);
    const ImVec2 inside{std::min(room(ui), widest), 0};
    ImGui::PushStyleVar(ImGuiStyleVar_CellPadding, {beside ? ui.px(size::kGapLarge) : 0, 0});
    if (ImGui::BeginTable("##security", beside ? 2 : 1, ImGuiTableFlags_NoPadOuterX, inside)) {
      ImGui::TableNextColumn();
      if (policy == nullptr) {
        spinner_text(ui, tr(N_("The vault is being read…")));
      } else {
        draw_lock(ui, *policy);
        draw_password(ui);
        draw_verification(ui);
        draw_appearance(ui);
        if (beside) {
          ImGui::TableNextColumn();
        }
        retention_.draw(ui, *policy);
        draw_fingerprints(ui, *policy);
        draw_workstations(ui, *policy);
        draw_limits(ui);
      }
      ImGui::EndTable();
    }
    ImGui::PopStyleVar();
  }
  end_panel(ui);
}

void SecurityScreen::draw_sheets(Ui& ui) {
  password_.draw(ui);
  retention_.draw_sheet(ui);
}

void SecurityScreen::draw_lock(Ui& ui, const Policy& policy) {
  section(ui, tr(N_("Automatic lock")));
  const std::uint32_t now = policy.lock_after_seconds();
  wrapped(ui, TextKind::kText,
          fill(tr(N_("Without activity the vault locks after {}. It also locks when the computer "
                     "sleeps or its screen is locked, and with Ctrl+L.")),
               {seconds_text(now)}));
  if (!may_set()) {
    return;
  }
  gap(ui, size::kGapSmall);
  std::vector<std::string> items;
  items.reserve(kMinutes.size());
  for (const std::uint32_t minutes : kMinutes) {
    items.push_back(seconds_text(minutes * kMinuteSeconds));
  }
  const auto found = std::ranges::find(kMinutes, now / kMinuteSeconds);
  // A duration that was set elsewhere is none of these: then none is marked.
  std::size_t chosen = now % kMinuteSeconds == 0 && found != kMinutes.end()
                           ? static_cast<std::size_t>(found - kMinutes.begin())
                           : items.size();
  ImGui::BeginDisabled(setting_);
  if (segments(ui, "security.lock_after", items, chosen) && !setting_ && chosen < kMinutes.size()) {
    set_lock_after(kMinutes[chosen] * kMinuteSeconds);
  }
  ImGui::EndDisabled();
  if (setting_error_) {
    gap(ui, size::kGapSmall);
    error_notice(ui, "security.setting.error", text_of(*setting_error_));
  }
}

void SecurityScreen::draw_password(Ui& ui) {
  section(ui, tr(N_("My password")));
  wrapped(ui, TextKind::kText,
          tr(N_("Nobody can look it up or send it to you. If it is forgotten, somebody who looks "
                "after the accounts makes a new first one, and a reader approves again.")));
  gap(ui, size::kGapSmall);
  if (const Command* change = services_.commands.find("security.password")) {
    command_button(ui, *change, ButtonKind::kPlain);
  }
}

void SecurityScreen::draw_verification(Ui& ui) {
  section(ui, tr(N_("Verification")));
  if (notes_.verification) {
    const Verification& last = *notes_.verification;
    wrapped(ui, TextKind::kText,
            fill(last.read_data ? tr(N_("Last on this workstation: {}, with every document read."))
                                : tr(N_("Last on this workstation: {}, without reading the "
                                        "documents.")),
                 {moment_text(last.time_ms, services_.clock.wall_ms())}));
  } else {
    wrapped(ui, TextKind::kText, tr(N_("Never verified from this workstation.")));
  }
  gap(ui, size::kGapSmall);
  checkbox(ui, "security.read_data", tr(N_("Read every document as well (takes longer)")),
           read_data_);
  gap(ui, size::kGapSmall);
  if (const Command* verify = services_.commands.find("security.verify")) {
    command_button(ui, *verify, ButtonKind::kPrimary);
  }
  gap(ui, size::kGapSmall);
  if (verifying_) {
    spinner_text(ui, tr(N_("Every entry, row and signature is being verified…")));
  } else if (verify_error_) {
    error_notice(ui, "security.verify.error", text_of(*verify_error_));
  } else if (report_) {
    draw_report(ui);
  }
}

void SecurityScreen::draw_report(Ui& ui) {
  const std::string counts = fill(
      tr(N_("Objects: {}, documents: {}, journal entries: {}.")),
      {count_text(report_->objects), count_text(report_->documents), count_text(report_->entries)});
  if (report_->damaged.empty()) {
    notice(ui, "security.report", NoticeKind::kGood,
           tr(N_("Everything that was looked at is intact.")), counts);
    return;
  }
  notice(ui, "security.report", NoticeKind::kBad,
         fill(tr(N_("Damaged: {}")), {count_text(report_->damaged.size())}),
         counts + " " +
             tr(N_("Restore the newest backup, and tell who looks after the vault. Nothing was "
                   "changed by the verification.")));
  gap(ui, size::kGapSmall);
  const std::size_t shown = std::min(report_->damaged.size(), kDamagedShown);
  for (std::size_t index = 0; index < shown; ++index) {
    wrapped(ui, TextKind::kText, "• " + damage_words(report_->damaged[index]));
  }
  if (shown < report_->damaged.size()) {
    wrapped(ui, TextKind::kMuted,
            fill(tr(N_("and {} more")), {count_text(report_->damaged.size() - shown)}));
  }
}

void SecurityScreen::draw_fingerprints(Ui& ui, const Policy& policy) {
  section(ui, tr(N_("Fingerprints")));
  detail(ui, tr(N_("Of my key: read it to whoever approves what you may read")), [&] {
    const auto me = services_.vault.me();
    return me == nullptr ? std::string() : grouped_hex(me->key_id.view());
  }());
  detail(ui, tr(N_("Of the vault: the same on every workstation")),
         grouped_hex(policy.vault().view()));
}

void SecurityScreen::draw_workstations(Ui& ui, const Policy& policy) {
  section(ui, tr(N_("Workstations")));
  if (policy.workstations().empty()) {
    wrapped(ui, TextKind::kMuted,
            tr(N_("None yet: a workstation enters itself at its first "
                  "unlock.")));
    return;
  }
  constexpr std::size_t kFingerprintBytes = 8;
  std::size_t index = 0;
  for (const auto& [id, workstation] : policy.workstations()) {
    text(ui, TextKind::kText, printable(workstation.name));
    ImGui::SameLine(0, ui.px(size::kGap));
    const std::string tag_id = "security.workstation." + std::to_string(index++);
    tag(ui, tag_id.c_str(), workstation.revoked ? TagKind::kNeutral : TagKind::kGood,
        workstation.revoked ? tr(N_("revoked")) : tr(N_("known")));
    ImGui::SameLine(0, ui.px(size::kGap));
    text(ui, TextKind::kSmallMuted,
         grouped_hex(workstation.key_id.view().first(kFingerprintBytes)));
  }
}

void SecurityScreen::draw_appearance(Ui& ui) {
  section(ui, tr(N_("How Coffre looks")));
  wrapped(ui, TextKind::kText,
          tr(N_("Language, light, dark or high contrast, and size: of this workstation.")));
  gap(ui, size::kGapSmall);
  // The program's own command, so that this and the menu of the account cannot differ.
  if (const Command* preferences = services_.commands.find("app.preferences")) {
    command_button(ui, *preferences, ButtonKind::kPlain);
  }
}

void SecurityScreen::draw_limits(Ui& ui) {
  section(ui, tr(N_("What Coffre cannot promise")));
  constexpr std::array<const char*, 7> kLimits = {
      N_("Whoever has the file sees the names of staff and roles, how many documents there are and "
         "how large, and which one changed when; never a content, a title or a patient."),
      N_("A weak password can be guessed by whoever has the file: it decides what an account is "
         "worth."),
      N_("Who may read can copy, photograph or tell; a program made to hide it does not journal "
         "it."),
      N_("Somebody who left keeps what was copied before."),
      N_("A workstation that never saw the vault cannot tell that it is an older copy, unless an "
         "anchor of the journal was kept outside."),
      N_("In the minutes before the lock, who sits down at your desk sees what you see."),
      N_("Against a computer that is in the hands of an attacker while the vault is open, a "
         "camera, "
         "or force, there is nothing."),
  };
  for (const char* limit : kLimits) {
    wrapped(ui, TextKind::kText, std::string("• ") + tr(limit));
    gap(ui, size::kGapSmall);
  }
}

std::unique_ptr<Screen> make_security_screen(Services& services) {
  return std::make_unique<SecurityScreen>(services, state_directory().value_or(std::string()));
}

}  // namespace coffre::ui
