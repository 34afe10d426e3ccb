// VaultHost: the vault of the program, on a thread of its own.
//
// Guarantees: vault operations run one at a time, in the order asked, off the UI thread; their
// results come to the UI thread through Jobs and are discarded when the session ended meanwhile.
// renew(), lock() and the looks at the session never wait for an operation. The lock listener is
// called as soon as the keys are wiped, also when the UI thread hangs; the lock is entered in the
// journal afterwards, on the vault's thread, before anything else runs there. An operation that was
// asked before a lock meets a locked vault, never the next person's session. Threads: as said at
// each.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "app/desktop/ui_core/jobs.h"
#include "core/vault/vault.h"

namespace coffre::ui {

class VaultHost {
 public:
  VaultHost(VaultEnvironment environment, Jobs& jobs);
  ~VaultHost();  // locks, journals the lock, closes
  VaultHost(const VaultHost&) = delete;
  VaultHost& operator=(const VaultHost&) = delete;

  // ---- UI thread. Each `done` comes later, on the UI thread.
  using Done = std::function<void(Status)>;
  // Closes the vault that is open, if any: also when the new one cannot be opened.
  void open(const std::string& path, Done done);
  void create(const std::string& path, InitOptions options, Credentials owner,
              std::function<void(Result<Hash>)> done);
  // kLocked also when a lock came in the middle.
  void unlock(Credentials credentials, Done done);
  void close();  // locks first; the lock is journaled
  [[nodiscard]] bool is_open() const;
  [[nodiscard]] const std::string& path() const { return path_; }

  // Runs `work` on the vault; without an open vault neither it nor `done` is called. T is what the
  // operation gives (Status: T = void). With a label it is shown as a job; `work` may take the
  // Progress.
  template <typename T>
  void ask(std::function<Result<T>(Vault&)> work, std::function<void(Result<T>)> done) {
    post({}, false, [work = std::move(work), done = std::move(done)](Vault& vault, Progress&) {
      // A shared_ptr: std::function wants what it holds to be copyable.
      auto result = std::make_shared<Result<T>>(work(vault));
      return [result, done] { done(std::move(*result)); };
    });
  }
  template <typename T>
  void ask_job(std::string label, bool can_cancel, std::function<Result<T>(Vault&, Progress&)> work,
               std::function<void(Result<T>)> done) {
    post(std::move(label), can_cancel,
         [work = std::move(work), done = std::move(done)](Vault& vault, Progress& progress) {
           auto result = std::make_shared<Result<T>>(work(vault, progress));
           return [result, done] { done(std::move(*result)); };
         });
  }

  // What the policy said after the last operation: a copy, so that the UI never waits. Empty
  // practice when no vault is open.
  [[nodiscard]] std::shared_ptr<const Policy> policy() const;  // nullptr: no vault
  // Who is unlocked, since the unlock; nullptr when locked.
  [[nodiscard]] std::shared_ptr<const UserView> me() const;
  // The key file that this session was opened with: a new password keeps it unless told otherwise.
  [[nodiscard]] std::optional<std::string> key_file() const;
  // The rights of me() (core/vault/policy_ops.h, right::k...), 0 when locked.
  [[nodiscard]] std::uint8_t rights(const Id& compartment) const;
  [[nodiscard]] std::uint8_t vault_rights() const;
  [[nodiscard]] bool can_read(const Id& compartment) const;  // right and live grant
  // The newest head could not be remembered by this workstation, as of the last operation.
  [[nodiscard]] std::optional<Error> memory_error() const;
  [[nodiscard]] bool first_contact() const;  // never unlocked here before
  // After a lock: the lock, and what was asked before it, are over (for tests and for the end).
  void wait_until_idle();

  // ---- Any thread
  [[nodiscard]] SessionState state() const;
  [[nodiscard]] LockCause lock_cause() const;
  [[nodiscard]] std::int64_t remaining_ms() const;
  void renew();
  void lock(LockCause cause);
  // Called on whichever thread locked, after the keys are wiped; it must not call this object. Set
  // once, before open().
  void on_locked(std::function<void()> listener);

 private:
  using Operation = std::function<Jobs::Completion(Vault&, Progress&)>;
  struct State;
  void post(std::string label, bool can_cancel, Operation operation);

  std::unique_ptr<State> state_;
  std::string path_;
};

}  // namespace coffre::ui
