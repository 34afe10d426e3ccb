#include "app/cli/context.h"

#include "app/cli/exports.h"
#include "app/cli/signals.h"
#include "app/cli/terminal.h"
#include "app/common/i18n.h"
#include "app/common/process.h"
#include "app/common/state_directory.h"
#include "core/base/file.h"
#include "core/base/text.h"

namespace coffre::cli {
namespace {

constexpr std::size_t kFingerprintBytes = 16;

// In groups of four digits, to be compared by eye or read aloud.
std::string fingerprint(const Hash& vault) {
  const std::string hex = to_hex(vault.view().first(kFingerprintBytes));
  std::string text;
  for (std::size_t at = 0; at < hex.size(); at += 4) {
    text += (at == 0 ? "" : " ") + hex.substr(at, 4);
  }
  return text;
}

}  // namespace

Context::Context(GlobalOptions options, Output& output)
    : options_(std::move(options)), output_(output) {}

Context::~Context() {
  set_signal_vault(nullptr);
  if (unlocked_) {
    vault_->lock();
  }
}

Result<VaultEnvironment> Context::environment() {
  COFFRE_TRY_ASSIGN(std::string state, state_directory());
  COFFRE_TRY(make_directories(state));
  return VaultEnvironment{.clock = system_clock(),
                          .random = system_random(),
                          .state_directory = std::move(state),
                          .workstation = workstation_name(),
                          .stuck_lock = end_stuck_process};
}

Result<Vault*> Context::vault() {
  if (vault_) {
    return vault_.get();
  }
  if (options_.vault.empty()) {
    return fail(Code::kInvalidArgument, N_("no vault was named"), {},
                N_("give --vault FILE or set COFFRE_VAULT"));
  }
  COFFRE_TRY_ASSIGN(const VaultEnvironment environment, Context::environment());
  sweep_quietly(environment.state_directory, output_);
  COFFRE_TRY_ASSIGN(vault_, Vault::open(options_.vault, environment));
  set_signal_vault(vault_.get());
  if (vault_->first_contact()) {
    output_.note(fill(tr(N_("this workstation sees this vault for the first time; compare its "
                            "fingerprint with the one that the owner has: {}")),
                      {fingerprint(vault_->policy().vault())}));
  }
  return vault_.get();
}

Result<Vault*> Context::session(bool note_provisional) {
  if (unlocked_) {
    vault_->renew();
    return vault_.get();
  }
  if (options_.user.empty() && !options_.vault.empty()) {
    return fail(Code::kInvalidArgument, N_("no account was named"), {},
                N_("give --user NAME or set COFFRE_USER"));
  }
  COFFRE_TRY_ASSIGN(Vault * opened, vault());
  Credentials credentials;
  credentials.user = options_.user;
  credentials.key_file = options_.key_file;
  COFFRE_TRY_ASSIGN(credentials.password, password());
  COFFRE_TRY(opened->unlock(std::move(credentials)));
  unlocked_ = true;
  COFFRE_TRY_ASSIGN(const bool provisional, opened->needs_own_password());
  if (provisional && note_provisional) {
    output_.note(
        tr(N_("somebody else chose your password: choose your own with "
              "\"coffrectl user password\"")));
  }
  return opened;
}

void Context::tell_memory_error() const {
  if (const auto error = vault_ ? vault_->memory_error() : std::nullopt) {
    output_.note(fill(tr(N_("the work is done, but this workstation could not remember it: {}")),
                      {error_text(*error)}));
  }
}

Result<Secret> Context::password() {
  if (options_.password_fd >= 0) {
    return read_password_line(options_.password_fd);
  }
  return ask_password(options_.user.empty()
                          ? std::string(tr(N_("Password:")))
                          : fill(tr(N_("Password of {}:")), {printable(options_.user)}));
}

Result<Secret> Context::new_password(const char* prompt) {
  const int fd = options_.new_password_fd;
  if (fd < 0) {
    return ask_new_password(prompt);
  }
  if (lines_ == nullptr || fd != lines_->fd()) {
    return read_password_line(fd);
  }
  COFFRE_TRY_ASSIGN(const auto line,
                    lines_->next([this] { return vault_->state() != SessionState::kUnlocked; }));
  if (!line || line->empty()) {
    return fail(Code::kInvalidArgument, N_("the password is missing"), {},
                N_("write it as one line"));
  }
  const ByteView bytes = *line;
  return Secret::copy_of(bytes.back() == '\r' && bytes.size() > 1 ? bytes.first(bytes.size() - 1)
                                                                  : bytes);
}

Result<Secret> Context::first_password(const std::string& user) {
  return new_password(fill(tr(N_("First password of {}:")), {printable(user)}).c_str());
}

}  // namespace coffre::cli
