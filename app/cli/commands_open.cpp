// open: a copy for another program, as long as that program needs it; what it saves comes back as a
// new version.
#include <unistd.h>

#include <nlohmann/json.hpp>

#include "app/cli/arguments.h"
#include "app/cli/erase_output.h"
#include "app/cli/options.h"
#include "app/cli/signals.h"
#include "app/common/i18n.h"
#include "app/common/mime.h"
#include "app/common/opened_file.h"
#include "core/base/text.h"
#include "core/base/time.h"
#include "core/vault/copy_watch.h"
#include "core/vault/export_sweep.h"
#include "core/vault/opened_place.h"

namespace coffre::cli {
namespace {

constexpr std::int64_t kLookMs = 250;
constexpr std::int64_t kStableMs = 1'000;  // a file that changes is being written
constexpr std::int64_t kRetryMs = 10'000;
// After a signal: what is being written in that moment is tried again until then.
constexpr std::int64_t kLastStoreMs = 3'000;
static_assert(kLastStoreMs < StopOnSignal::kWorkMsMax);

struct OpenArguments {
  std::string id;
  std::string reason;
  std::optional<std::string> with;
  bool on_disk = false;
};

Result<OpenOrder> order_of(const OpenArguments& arguments, const std::string& state_directory) {
  OpenOrder order;
  order.reason = arguments.reason;
  if (arguments.on_disk) {
    order.in_memory = false;
    order.directory = state_directory + "/opened";
    COFFRE_TRY(make_directories(order.directory));
    return order;
  }
  std::optional<std::string> directory = opened_directory();
  if (!directory) {
    return fail(Code::kFailed, N_("there is no file system in memory for the copy"), {},
                N_("with --on-disk it lies on the disk, and erasing it may not reach all of it"));
  }
  order.directory = *std::move(directory);
  return order;
}

class Opened {
 public:
  // Before the program is started: what it saves from then on is seen.
  Opened(Context& context, Vault& vault, OpenedCopy& opened)
      : context_(context),
        vault_(vault),
        clock_(system_clock()),
        document_(opened.document),
        path_(opened.copy.entry().path),
        seen_(mark_of(path_)) {
    may_change_ = may_change();
    if (!may_change_) {
      context_.output().note(
          tr(N_("this account may not change the document: what is saved there is not kept")));
    }
  }

  // Until the program or the person has done, or a signal came; what was saved until then is
  // stored. After a signal the vault is locked.
  void wait(Process* process) {
    if (process != nullptr) {
      while (goes_on() && !process->wait(clock_, clock_.steady_ms() + kLookMs)) {
        look();
      }
    } else {
      LineInput lines(STDIN_FILENO);
      static_cast<void>(lines.next([this] {
        look();
        return !goes_on();
      }));
    }
    while (goes_on() && !finish()) {
      wait_a_moment();
    }
    end();
  }

  // A signal ends the program at once from now on. After one that came before, the vault is locked.
  void end() {
    const std::stop_token token = signal_->token();
    if (token.stop_requested()) {
      store_at_once();
    }
    tell_unstored(token.stop_requested());  // the next signal may leave no time for it
    signal_.reset();
    if (token.stop_requested()) {
      vault_.lock();
    }
  }

  [[nodiscard]] bool is_unlocked() const { return vault_.state() == SessionState::kUnlocked; }
  [[nodiscard]] std::size_t stored() const { return stored_; }
  // Something was saved, and is not in the vault.
  [[nodiscard]] bool is_left() const { return changed_ms_.has_value() || is_unfit_; }

 private:
  [[nodiscard]] bool may_change() const {
    const Result<UserView> me = vault_.me();
    const User* user = me ? vault_.policy().user(me->id) : nullptr;
    constexpr auto kNeeded = static_cast<std::uint8_t>(right::kEdit | right::kDeposit);
    return user != nullptr &&
           (vault_.policy().rights(*user, document_.compartment) & kNeeded) == kNeeded;
  }

  [[nodiscard]] bool goes_on() const { return is_unlocked() && !signal_->token().stop_requested(); }

  void tell_unstored(bool is_stopped) {
    if (is_left() && (is_stopped || !is_unlocked())) {
      context_.output().note(
          tr(N_("what was saved last could not be stored, and is erased with the copy")));
    } else if (!is_stopped && !is_unlocked()) {
      context_.output().note(tr(N_("the vault was locked: what was saved since is not stored")));
    }
  }

  void wait_a_moment() {
    std::mutex mutex;
    std::condition_variable never;
    std::unique_lock lock(mutex);
    clock_.wait_until(lock, never, clock_.steady_ms() + kLookMs);
  }

  // Whether it was changed and is not stored.
  void see() {
    const std::optional<FileMark> mark = mark_of(path_);
    if (mark != seen_) {
      seen_ = mark;
      changed_ms_ = clock_.steady_ms();
    }
    if (!may_change_ || !seen_) {
      changed_ms_.reset();
    }
  }

  // Stores what was saved and is not being written any more.
  void look() {
    see();
    const std::int64_t now_ms = clock_.steady_ms();
    if (changed_ms_ && now_ms >= *changed_ms_ + kStableMs) {
      store();
    }
  }

  // False: what was saved is not stored yet.
  bool finish() {
    see();
    if (changed_ms_) {
      store();
    }
    return !changed_ms_;
  }

  // Now or never: it may be half written.
  void store_at_once() {
    const std::int64_t end_ms = clock_.steady_ms() + kLastStoreMs;
    do {
      retry_ms_ = 0;
    } while (is_unlocked() && !finish() && clock_.steady_ms() < end_ms && (wait_a_moment(), true));
  }

  void store() {
    if (clock_.steady_ms() < retry_ms_) {
      return;
    }
    if (const Status can_be = check_saved(path_); !can_be) {
      if (!std::exchange(is_unfit_, true)) {
        context_.output().note(fill(tr(N_("what was saved cannot be a version, and is not stored; "
                                          "the vault has what was there before: {}")),
                                    {error_text(can_be.error())}));
      }
      changed_ms_.reset();
      return;
    }
    const Result<std::optional<Hash>> hash = store_changes(vault_, document_, path_);
    if (!hash) {
      context_.output().note(
          fill(tr(N_("what was saved could not be stored yet: {}")), {error_text(hash.error())}));
      retry_ms_ = clock_.steady_ms() + kRetryMs;
      return;
    }
    if (*hash) {
      document_.content_sha256 = **hash;
      ++stored_;
      context_.output().note(tr(N_("what was saved is stored as a new version")));
    }
    is_unfit_ = false;
    changed_ms_.reset();
  }

  Context& context_;
  Vault& vault_;
  Clock& clock_;
  Document document_;
  std::string path_;
  bool may_change_ = false;
  bool is_unfit_ = false;  // what was saved last cannot be a version; it was said
  std::optional<FileMark> seen_;
  std::optional<std::int64_t> changed_ms_;  // not stored since
  std::int64_t retry_ms_ = 0;
  std::size_t stored_ = 0;
  std::optional<StopOnSignal> signal_{std::in_place, StopOnSignal::Locks::kTheWork};
};

struct ErasedCopy {
  EraseReport report;
  bool is_by_another = false;  // a sweep of another process, meanwhile
  bool is_known = true;        // what became of it
};

// The ledger does not know it any more; what became of it is there until the journal has it.
ErasedCopy erased_meanwhile(const ExportLedger& ledger, const ExportEntry& entry) {
  ErasedCopy made{.report = {}, .is_by_another = true, .is_known = false};
  made.report.path = entry.path;
  made.report.left = Left::kNothing;
  if (const std::optional<ExportOutcome> told = ledger.outcome(entry.id)) {
    made.is_known = true;
    made.report.verdict = told->outcome.verdict;
    made.report.reasons = told->outcome.reasons;
  } else {
    made.report.verdict = Verdict::kNotGuaranteed;
    made.report.reasons = {Reason::kNothingToOverwrite};
  }
  return made;
}

Result<ErasedCopy> erase_copy(const std::string& state_directory, const ExportEntry& entry) {
  COFFRE_TRY_ASSIGN(const ExportLedger ledger, ExportLedger::open(state_directory));
  SweepRequest request;
  request.due = false;
  request.ids = {entry.id};
  request.now_ms = system_clock().wall_ms();
  Result<SweepReport> swept = sweep_exports(ledger, request);
  if (swept && swept->copies.size() == 1) {
    return ErasedCopy{.report = std::move(swept->copies.front().report)};
  }
  if (swept || swept.error().code == Code::kDenied) {
    return erased_meanwhile(ledger, entry);
  }
  return std::unexpected(std::move(swept).error());
}

// A place in memory is worth what it is worth: overwritten and gone is well there.
Exit exit_of(const ErasedCopy& erased, CopyKind kind, bool is_locked) {
  if (!erased.is_known || !is_well_cleared(erased.report, kind)) {
    return Exit::kErasure;
  }
  return is_locked ? Exit::kBusy : Exit::kDone;
}

void tell_end(const Output& output, const ErasedCopy& erased) {
  if (erased.is_by_another) {
    output.note(erased.is_known
                    ? tr(N_("another process erased the copy meanwhile"))
                    : tr(N_("another process erased the copy meanwhile; the journal says what "
                            "became of it")));
  }
  if (std::ranges::find(erased.report.reasons, Reason::kNotFound) != erased.report.reasons.end()) {
    output.note(tr(N_("the program moved the copy away or removed it: look for it")));
  }
}

Result<Exit> open_document(Context& context, const OpenArguments& arguments) {
  COFFRE_TRY_ASSIGN(const Id id, id_argument(arguments.id));
  if (arguments.reason.empty()) {
    return fail(Code::kInvalidArgument, N_("this is required"), "--reason",
                N_("see coffrectl --help, or --help after a command"));
  }
  if (context.is_batch() && !arguments.with) {
    return fail(Code::kInvalidArgument, N_("in a batch, somebody has to say when it is done"), {},
                N_("name a program: --with"));
  }
  COFFRE_TRY_ASSIGN(const std::string program,
                    find_program(arguments.with.value_or(kDesktopOpener)));
  COFFRE_TRY_ASSIGN(const VaultEnvironment environment, Context::environment());
  COFFRE_TRY_ASSIGN(OpenOrder order, order_of(arguments, environment.state_directory));
  COFFRE_TRY_ASSIGN(Vault * vault, context.session());
  COFFRE_TRY_ASSIGN(const Document wanted, vault->document(id));
  order.name = neutral_name(wanted.mime, format_time(environment.clock.wall_ms()).substr(0, 10));
  COFFRE_TRY_ASSIGN(OpenedCopy opened, vault->open_copy(id, order));
  const ExportEntry entry = opened.copy.entry();
  set_signal_copy(environment.state_directory, entry.id);
  Output& output = context.output();
  output.note(fill(tr(N_("a copy for the program is in {}")), {entry.path}));
  output.note(
      tr(N_("what the program keeps elsewhere stays there: recovery files, lists of recent "
            "documents, small pictures")));
  Opened session(context, *vault, opened);
  Result<Process> process = start_program(program, entry.path);
  if (process) {
    if (!arguments.with) {
      output.note(tr(N_("press Enter when you have finished: the copy is erased then")));
    }
    session.wait(arguments.with ? &*process : nullptr);
    process->leave();
  } else {
    session.end();
  }
  const bool is_locked = !session.is_unlocked();
  COFFRE_TRY_ASSIGN(const ErasedCopy erased, erase_copy(environment.state_directory, entry));
  forget_copy(entry.id);
  clear_signal_copy();
  COFFRE_TRY(vault->journal_outcomes());
  if (!process) {
    return std::unexpected<Error>(process.error());
  }
  const EraseReport& report = erased.report;
  Json value = erase_json(report);
  output.value({{"id", hex_of(entry.id)},
                {"document", hex_of(id)},
                {"path", entry.path},
                {"stored", session.stored()},
                {"unstored", session.is_left()},
                {"verdict", value["verdict"]},
                {"reasons", value["reasons"]}});
  print_erasures(output, {&report, 1});
  tell_end(output, erased);
  return exit_of(erased, entry.kind, is_locked);
}

}  // namespace

void add_open_command(Registry& registry) {
  const auto arguments = std::make_shared<OpenArguments>();
  CLI::App& made = registry.command(
      registry.root(), "open",
      N_("opens a document in another program; what is saved becomes a new version"), arguments,
      open_document);
  text_option(made, "DOC", arguments->id, tr(N_("the document's id")))->required();
  text_option(made, "--reason", arguments->reason, tr(N_("why; it is journaled")))->required();
  text_option(made, "--with", arguments->with,
              tr(N_("the program, which is waited for; otherwise the desktop chooses one, and you "
                    "say when you have finished")));
  made.add_flag("--on-disk", arguments->on_disk,
                tr(N_("the copy may lie on the disk, where there is no file system in memory")));
}

}  // namespace coffre::cli
