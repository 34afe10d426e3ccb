#include "app/cli/batch.h"

#include <unistd.h>

#include <nlohmann/json.hpp>

#include "app/cli/options.h"
#include "app/cli/split_line.h"

namespace coffre::cli {
namespace {

// Enters the lock in the journal; what cannot be entered does not keep the vault open.
void journal_lock(Vault& vault) { static_cast<void>(vault.journal_lock()); }

std::unexpected<Error> locked(Vault& vault) {
  journal_lock(vault);
  if (vault.lock_cause() == LockCause::kIdle) {
    return fail(Code::kLocked, N_("the session was idle for too long and is locked"), {},
                N_("start the batch again and enter the password"));
  }
  return fail(Code::kLocked, N_("the session is locked"), {},
              N_("start the batch again and enter the password"));
}

Result<Exit> run_words(Context& context, const std::vector<std::string>& words) {
  COFFRE_TRY_ASSIGN(const Call call, parse_call(words, CallFrom::kBatch));
  if (!call.help.empty()) {
    return fail(Code::kInvalidArgument, N_("a batch gives no help"), {},
                N_("see coffrectl --help, or --help after a command"));
  }
  context.set_new_password_fd(call.options.new_password_fd);
  return call.command(context);
}

// One line: its value or its error goes to the output.
Result<Exit> run_line(Context& context, std::string_view line) {
  auto words = split_line(line);
  if (words && words->empty()) {
    return Exit::kDone;
  }
  Output& output = context.output();
  output.restart();
  auto exit = words ? run_words(context, *words) : Result<Exit>(std::unexpected(words.error()));
  if (exit) {
    if (!output.has_value()) {
      output.value(Json::object());
    }
    return exit;
  }
  if (exit.error().code == Code::kLocked) {
    return exit;
  }
  if (!output.json()) {
    output.error(exit.error());
  } else if (!output.has_value()) {
    output.value(error_json(exit.error()));
  }
  return exit_of(exit.error().code);
}

}  // namespace

Result<Exit> run_batch(Context& context) {
  COFFRE_TRY_ASSIGN(Vault * vault, context.session());
  context.output().set_streams();
  LineInput lines(STDIN_FILENO);
  context.set_lines(&lines);
  const auto is_locked = [vault] { return vault->state() != SessionState::kUnlocked; };
  Exit first = Exit::kDone;
  for (;;) {
    auto line = lines.next(is_locked);
    if (is_locked()) {
      return locked(*vault);
    }
    Result<Exit> exit = Exit::kDone;
    if (!line && line.error().code == Code::kLimit) {
      context.output().restart();
      if (context.output().json()) {
        context.output().value(error_json(line.error()));
      } else {
        context.output().error(line.error());
      }
      exit = exit_of(line.error().code);
    } else if (!line) {
      return std::unexpected(std::move(line).error());
    } else if (!*line) {
      break;
    } else {
      vault->renew();
      exit = run_line(context, as_text(**line));
    }
    if (!exit) {
      return is_locked() ? locked(*vault) : std::unexpected(std::move(exit).error());
    }
    COFFRE_TRY(context.output().finish());  // nobody reads the results any more
    first = first == Exit::kDone ? *exit : first;
  }
  context.set_lines(nullptr);
  vault->lock();
  journal_lock(*vault);
  return first;
}

}  // namespace coffre::cli
