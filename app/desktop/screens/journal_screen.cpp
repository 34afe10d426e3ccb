// What the journal's screen asks of the vault; journal_draw.cpp draws.
#include "app/desktop/screens/journal_screen.h"

#include <nlohmann/json.hpp>

#include "app/common/i18n.h"
#include "app/common/state_directory.h"
#include "app/desktop/screens/dossiers_names.h"
#include "app/desktop/ui_core/format.h"
#include "app/desktop/ui_core/icons.h"
#include "core/base/file.h"
#include "core/base/text.h"
#include "core/journal/note.h"
#include "core/store/store.h"

namespace coffre::ui {
namespace {

// Verifies the log, against the note that was kept outside when it is within reach.
Result<JournalCheck> check_log_and_anchor(Vault& vault, const std::string& directory) {
  JournalCheck check;
  check.anchor = load_notes(directory, vault.policy().vault()).anchor;
  Bytes note;
  if (check.anchor) {
    Result<Bytes> read = read_file(check.anchor->path, kNoteMax);
    check.anchor_read = read.has_value();
    note = std::move(read).value_or(Bytes{});
  }
  COFFRE_TRY_ASSIGN(check.log, vault.verify_log(note));
  return check;
}

// Writes the newest checkpoint to a new file. Not through a PrivateOutput: the note is no secret,
// and a stick's file system often has no O_TMPFILE.
Result<Anchor> write_note(Vault& vault, const std::string& path, const std::string& directory,
                          std::int64_t now_ms) {
  struct stat found{};
  if (os().lstat(path.c_str(), &found) == 0) {
    return fail(Code::kExists, N_("a file with this name is there already"), path,
                N_("choose another name: nothing is written over"));
  }
  COFFRE_TRY_ASSIGN(const std::string note, vault.checkpoint_note());
  COFFRE_TRY_ASSIGN(const Checkpoint checkpoint, Checkpoint::parse(as_bytes(note)));
  COFFRE_TRY(write_durable(path, as_bytes(note)));
  Anchor anchor{checkpoint.size, now_ms, path};
  VaultNotes notes = load_notes(directory, vault.policy().vault());
  notes.anchor = anchor;
  // The anchor itself is written: a note about it that fails is no reason to say otherwise.
  static_cast<void>(save_notes(directory, vault.policy().vault(), notes));
  return anchor;
}

}  // namespace

JournalScreen::JournalScreen(Services& services, std::string state_directory)
    : services_(services), state_directory_(std::move(state_directory)) {}

const char* JournalScreen::label() const { return N_("Journal"); }
const char* JournalScreen::icon() const { return icon::kJournal; }

bool JournalScreen::is_available() const {
  const auto policy = services_.vault.policy();
  const Compartment* journal =
      policy == nullptr ? nullptr : policy->compartment_for(Purpose::kJournal);
  return journal != nullptr && services_.vault.can_read(journal->id);
}

Availability JournalScreen::may_ask() const {
  if (!is_available()) {
    return Availability::hidden();
  }
  return checking_ || loading_ == Loading::kRunning
             ? Availability::greyed(N_("The journal is being read."))
             : Availability::ready();
}

void JournalScreen::add_commands(Commands& commands) {
  commands.add({"journal.refresh",
                N_("Read the journal again"),
                icon::kRefresh,
                {Key::kF5},
                [this] { return is_shown() ? may_ask() : Availability::hidden(); },
                [this] { load(); }});
  commands.add({"journal.anchor",
                N_("Anchor now"),
                icon::kKey,
                {letter('A'), true, true},
                [this] { return may_ask(); },
                [this] { anchor(); }});
  commands.add({"journal.compare",
                N_("Compare with an anchor…"),
                icon::kVerified,
                {},
                [this] { return may_ask(); },
                [this] { compare(); }});
}

bool JournalScreen::is_shown() const {
  return ImGui::GetCurrentContext() != nullptr && ImGui::GetFrameCount() - drawn_frame_ <= 1;
}

void JournalScreen::entered() {
  if (loading_ != Loading::kRunning) {
    load();
  }
}

void JournalScreen::load() {
  loading_ = Loading::kRunning;
  error_.reset();
  services_.vault.ask<JournalData>(
      [before = model_.data()](Vault& vault) { return load_journal(vault, before); },
      alive_.guard([this](Result<JournalData> data) {
        loading_ = Loading::kDone;
        if (!data) {
          error_ = std::move(data).error();
          return;
        }
        model_.set(*std::move(data));
        person_ = 0;
        filter_.person.clear();
        filter_changed();
      }));
  verify();
}

void JournalScreen::verify() {
  if (checking_) {
    return;
  }
  checking_ = true;
  services_.vault.ask_job<JournalCheck>(
      tr(N_("Verifying the journal")), false,
      [directory = state_directory_](Vault& vault, Progress&) {
        return check_log_and_anchor(vault, directory);
      },
      alive_.guard([this](Result<JournalCheck> check) {
        checking_ = false;
        check_error_.reset();
        if (!check) {
          check_error_ = std::move(check).error();
          return;
        }
        check_ = *std::move(check);
      }));
}

void JournalScreen::anchor() {
  const std::string day = today_of(services_.clock.wall_ms());
  ChooseRequest request{ChooseRequest::Kind::kSave, tr(N_("Anchor the journal outside the vault")),
                        "coffre-" + day + ".note"};
  services_.choose_paths(request, alive_.guard([this](const std::vector<std::string>& paths) {
    if (!paths.empty()) {
      write_anchor(paths.front());
    }
  }));
}

void JournalScreen::write_anchor(const std::string& path) {
  services_.vault.ask<Anchor>(
      [path, directory = state_directory_, now_ms = services_.clock.wall_ms()](Vault& vault) {
        return write_note(vault, path, directory, now_ms);
      },
      alive_.guard([this](const Result<Anchor>& anchor) {
        if (!anchor) {
          services_.toasts.say_error(anchor.error());
          return;
        }
        services_.toasts.say(
            fill(tr(N_("{} entries are anchored in {}. Keep this file away from the vault.")),
                 {count_text(anchor->entries), printable(anchor->path)}));
        verify();
      }));
}

void JournalScreen::compare() {
  ChooseRequest request{
      ChooseRequest::Kind::kOpenFile, tr(N_("Choose an anchor that was kept outside")), {}};
  services_.choose_paths(request, alive_.guard([this](const std::vector<std::string>& paths) {
    if (!paths.empty()) {
      compare_with(paths.front());
    }
  }));
}

void JournalScreen::compare_with(const std::string& path) {
  checking_ = true;
  services_.vault.ask_job<LogSummary>(
      tr(N_("Comparing the journal")), false,
      [path](Vault& vault, Progress&) -> Result<LogSummary> {
        COFFRE_TRY_ASSIGN(const Bytes note, read_file(path, kNoteMax));
        if (note.empty()) {
          return fail(Code::kInvalidArgument, N_("this file is no anchor: it is empty"), path);
        }
        return vault.verify_log(note);
      },
      alive_.guard([this](const Result<LogSummary>& log) {
        checking_ = false;
        if (!log) {
          const Code code = log.error().code;
          // An older or another history is an alarm that stays; a wrong file only a word.
          if (code == Code::kForked || code == Code::kRolledBack) {
            check_error_ = log.error();
          }
          services_.toasts.say_error(log.error());
          return;
        }
        services_.toasts.say(fill(
            tr(N_("The journal goes on from this anchor of {} entries: none of them was changed "
                  "or withdrawn.")),
            {count_text(log->anchored)}));
      }));
}

void JournalScreen::filter_changed() {
  filter_.period = static_cast<JournalPeriod>(period_);
  filter_.group = static_cast<JournalGroup>(group_);
  filter_.person = person_ == 0 ? std::string() : model_.people()[person_ - 1];
  filter_.words = words_.view();
  model_.apply(filter_, services_.clock.wall_ms());
  list_ = {};
}

bool JournalScreen::search(std::string_view words) {
  words_.set(words);
  filter_changed();
  return true;
}

std::string JournalScreen::draft() const {
  if (words_.empty()) {
    return {};
  }
  return nlohmann::json({{"words", words_.view()}})
      .dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

void JournalScreen::restore(std::string_view draft) {
  const nlohmann::json json = nlohmann::json::parse(draft, nullptr, false);
  if (json.is_object() && json.contains("words") && json["words"].is_string()) {
    words_.set(json["words"].get<std::string>());
    filter_changed();
  }
}

std::unique_ptr<Screen> make_journal_screen(Services& services) {
  return std::make_unique<JournalScreen>(services, state_directory().value_or(std::string()));
}

}  // namespace coffre::ui
