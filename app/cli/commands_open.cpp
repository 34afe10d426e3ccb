// open: a copy for another program, as long as that program needs it; what it saves comes back as a
// new version.
#include <unistd.h>

#include <nlohmann/json.hpp>

#include "app/cli/arguments.h"
#include "app/cli/erase_output.h"
#include "app/cli/options.h"
#include "app/cli/signals.h"
#include "app/common/erase_text.h"
#include "app/common/i18n.h"
#include "app/common/mime.h"
#include "app/common/opened_file.h"
#include "core/base/text.h"
#include "core/base/time.h"
#include "core/vault/export_sweep.h"

namespace coffre::cli {
namespace {

constexpr std::int64_t kLookMs = 250;
constexpr std::int64_t kStableMs = 1'000;  // a file that changes is being written
constexpr std::int64_t kRetryMs = 10'000;

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

  // Until the program or the person has done; what was saved until then is stored.
  void wait(Process* process) {
    if (process != nullptr) {
      while (is_unlocked() && !process->wait(clock_, clock_.steady_ms() + kLookMs)) {
        look();
      }
    } else {
      LineInput lines(STDIN_FILENO);
      static_cast<void>(lines.next([this] {
        look();
        return !is_unlocked();
      }));
    }
    while (is_unlocked() && !finish()) {
      wait_a_moment();
    }
  }

  [[nodiscard]] bool is_unlocked() const { return vault_.state() == SessionState::kUnlocked; }
  [[nodiscard]] std::size_t stored() const { return stored_; }

 private:
  [[nodiscard]] bool may_change() const {
    const Result<UserView> me = vault_.me();
    const User* user = me ? vault_.policy().user(me->id) : nullptr;
    constexpr auto kNeeded = static_cast<std::uint8_t>(right::kEdit | right::kDeposit);
    return user != nullptr &&
           (vault_.policy().rights(*user, document_.compartment) & kNeeded) == kNeeded;
  }

  void wait_a_moment() {
    std::mutex mutex;
    std::condition_variable never;
    std::unique_lock lock(mutex);
    clock_.wait_until(lock, never, clock_.steady_ms() + kLookMs);
  }

  // Stores what was saved and is not being written any more.
  void look() {
    const std::optional<FileMark> mark = mark_of(path_);
    const std::int64_t now_ms = clock_.steady_ms();
    if (mark != seen_) {
      seen_ = mark;
      changed_ms_ = now_ms;
    }
    if (changed_ms_ && now_ms >= *changed_ms_ + kStableMs && now_ms >= retry_ms_) {
      static_cast<void>(store());
    }
  }

  // False: what was saved is not stored yet.
  bool finish() {
    const std::optional<FileMark> mark = mark_of(path_);
    if (mark != seen_) {
      seen_ = mark;
      changed_ms_ = clock_.steady_ms();
    }
    return !changed_ms_ || (clock_.steady_ms() >= retry_ms_ && store());
  }

  bool store() {
    if (!may_change_ || !seen_) {
      changed_ms_.reset();
      return true;
    }
    const Result<std::optional<Hash>> hash = store_changes(vault_, document_, path_);
    if (!hash) {
      context_.output().note(
          fill(tr(N_("what was saved could not be stored yet: {}")), {error_text(hash.error())}));
      retry_ms_ = clock_.steady_ms() + kRetryMs;
      return false;
    }
    if (*hash) {
      document_.content_sha256 = **hash;
      ++stored_;
      context_.output().note(tr(N_("what was saved is stored as a new version")));
    }
    changed_ms_.reset();
    return true;
  }

  Context& context_;
  Vault& vault_;
  Clock& clock_;
  Document document_;
  std::string path_;
  bool may_change_ = false;
  std::optional<FileMark> seen_;
  std::optional<std::int64_t> changed_ms_;  // not stored since
  std::int64_t retry_ms_ = 0;
  std::size_t stored_ = 0;
};

Result<EraseReport> erase_copy(const std::string& state_directory, const Id& id) {
  COFFRE_TRY_ASSIGN(const ExportLedger ledger, ExportLedger::open(state_directory));
  SweepRequest request;
  request.due = false;
  request.ids = {id};
  request.now_ms = system_clock().wall_ms();
  COFFRE_TRY_ASSIGN(SweepReport swept, sweep_exports(ledger, request));
  COFFRE_ASSERT(swept.copies.size() == 1);
  return std::move(swept.copies.front().report);
}

// A place in memory is worth what it is worth: gone is well there.
Exit exit_of(const EraseReport& report, bool in_memory, bool is_locked) {
  const bool is_well =
      in_memory ? report.verdict != Verdict::kFailed : erase_exit(report.verdict) == Exit::kDone;
  if (!is_well) {
    return Exit::kErasure;
  }
  return is_locked ? Exit::kBusy : Exit::kDone;
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
  Result<Process> process = start_program(program, entry.path);
  Opened session(context, *vault, opened);
  if (process) {
    if (!arguments.with) {
      output.note(tr(N_("press Enter when you have finished: the copy is erased then")));
    }
    session.wait(arguments.with ? &*process : nullptr);
    process->leave();
  }
  const bool is_locked = !session.is_unlocked();
  COFFRE_TRY_ASSIGN(const EraseReport report, erase_copy(environment.state_directory, entry.id));
  clear_signal_copy();
  COFFRE_TRY(vault->journal_outcomes());
  if (!process) {
    return std::unexpected<Error>(process.error());
  }
  Json value = erase_json(report);
  output.value({{"id", hex_of(entry.id)},
                {"document", hex_of(id)},
                {"path", entry.path},
                {"stored", session.stored()},
                {"verdict", value["verdict"]},
                {"reasons", value["reasons"]}});
  output.line(fill(tr(N_("The copy, {}: {}")), {entry.path, tr(verdict_text(report.verdict))}));
  if (is_locked) {
    output.note(tr(N_("the vault was locked: what was saved since is not stored")));
  }
  return exit_of(report, order.in_memory, is_locked);
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
