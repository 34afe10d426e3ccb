// One run of the program: its global options, its output, and the vault with its session.
//
// Guarantees: the vault is opened and unlocked when a command first asks for it, once; the session
// is locked when the context goes. Threads: one.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "app/cli/exit_code.h"
#include "app/cli/input.h"
#include "app/cli/output.h"
#include "core/vault/vault.h"

namespace coffre::cli {

struct GlobalOptions {
  std::string vault;
  std::string user;
  std::optional<std::string> key_file;
  int password_fd = -1;      // -1: ask on the terminal
  int new_password_fd = -1;  // the same
  bool json = false;
};

class Context {
 public:
  Context(GlobalOptions options, Output& output);
  Context(const Context&) = delete;
  Context& operator=(const Context&) = delete;
  ~Context();

  [[nodiscard]] const GlobalOptions& options() const { return options_; }
  [[nodiscard]] Output& output() { return output_; }
  // The vault, opened; notes its fingerprint at the first contact of this workstation.
  [[nodiscard]] Result<Vault*> vault();
  // The vault with an unlocked session; notes that an own password has to be chosen, unless that is
  // what the command does.
  [[nodiscard]] Result<Vault*> session(bool note_provisional = true);
  // The account that is logged in; nullopt when no vault was unlocked.
  [[nodiscard]] std::optional<std::string> account() const {
    return unlocked_ ? std::optional(options_.user) : std::nullopt;
  }
  // Where vaults stand: clock, randomness, this workstation's memory.
  [[nodiscard]] static Result<VaultEnvironment> environment();
  // The password of --password-fd, or of the terminal.
  [[nodiscard]] Result<Secret> password();
  // The same for a password that is to be set: of --new-password-fd, or asked twice.
  [[nodiscard]] Result<Secret> new_password(const char* prompt);
  [[nodiscard]] Result<Secret> first_password(const std::string& user);

  // Notes that this workstation could not remember the newest head, if so.
  void tell_memory_error() const;

  [[nodiscard]] bool is_batch() const { return lines_ != nullptr; }
  // For a batch: the commands' input, which then also serves --new-password-fd 0, and the line's
  // own descriptor for new passwords.
  void set_lines(LineInput* lines) { lines_ = lines; }
  void set_new_password_fd(int fd) { options_.new_password_fd = fd; }

 private:
  GlobalOptions options_;
  Output& output_;
  std::unique_ptr<Vault> vault_;
  bool unlocked_ = false;
  LineInput* lines_ = nullptr;
};

}  // namespace coffre::cli
