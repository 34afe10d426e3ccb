// What is behind Vault: the verified position in the log, the loaded rows, and the session's keys.
// Internal to core/vault; tests of forged clients use it too.
//
// An operation holds a Lease::Use for its time, opens a view or a transaction, catches up with what
// others wrote, and only then looks or writes.
#pragma once

#include "core/journal/head.h"
#include "core/vault/commit.h"
#include "core/vault/keyring.h"
#include "core/vault/log_check.h"
#include "core/vault/payload.h"
#include "core/vault/rows.h"
#include "core/vault/state_check.h"
#include "core/vault/vault.h"

namespace coffre {

struct Vault::Impl {
  Impl(VaultEnvironment env, std::string file, std::unique_ptr<Store> engine, HeadMemory heads)
      : environment(std::move(env)),
        path(std::move(file)),
        store(std::move(engine)),
        memory(std::move(heads)),
        lease(
            environment.clock,
            [this] {
              keyring.wipe();
              if (locked) {
                locked();
              }
            },
            environment.stuck_lock) {}

  VaultEnvironment environment;
  std::string path;
  std::unique_ptr<Store> store;
  HeadMemory memory;
  std::optional<Head> remembered;  // what the workstation knew when the vault was opened
  LogPosition log;                 // verified
  // Until the rows are loaded: what was changed since a state that was verified, and that state's
  // root; nullopt: since the beginning.
  ChangeTracker changes;
  std::optional<Hash> known_root;
  Bytes note;  // the checkpoint that `log` stands on
  std::optional<LoadedState> state;
  Keyring keyring;
  Id session;
  // Whose session it is or was last: drafts are sealed to this key. Not derived from the policy: a
  // key that somebody else set meanwhile must not open them.
  std::optional<std::pair<Id, ExchangePublicKey>> draft_owner;
  std::function<void()> locked;       // called once the keys are wiped
  bool revoked = false;               // the account lost its right while it was unlocked
  std::optional<Error> memory_error;  // the head could not be remembered
  Lease lease;                        // last: its thread wipes the keyring and must end first

  // ---- Opening (vault_unlock.cpp)
  [[nodiscard]] Status check_file();
  [[nodiscard]] Status load_rows();
  [[nodiscard]] Status unlock(Credentials credentials);

  // ---- Following other writers (vault.cpp)
  // Verifies and takes over what others committed since; the session's own authority is judged
  // again.
  [[nodiscard]] Status catch_up(ReadView& view);
  [[nodiscard]] Status check_own_authority();
  // A view that stands on `log`.
  [[nodiscard]] Result<std::unique_ptr<ReadView>> view();
  void remember();

  // Runs `work` with the keys held; locks afterwards when the account was revoked meanwhile.
  template <typename Work>
  [[nodiscard]] auto with_keys(Work work) -> decltype(work(std::declval<Lease::Use&>())) {
    auto result = [&]() -> decltype(work(std::declval<Lease::Use&>())) {
      COFFRE_TRY_ASSIGN(Lease::Use use, lease.use());
      return work(use);
    }();
    if (revoked) {
      lease.lock(LockCause::kRevoked);
    }
    return result;
  }

  // ---- Who I am
  [[nodiscard]] const User& me() const;
  [[nodiscard]] bool may(const Id& compartment, std::uint8_t right) const;
  // The right and the key: what reading needs.
  [[nodiscard]] bool can_read(const Id& compartment) const;
  [[nodiscard]] Status need(std::uint8_t vault_right) const;

  // ---- Reading rows (vault.cpp)
  // A row of the state, compared with its leaf. kDenied when it is not there.
  [[nodiscard]] Result<OwnedStateRow> row(ReadView& view, Table table, const Id& key);
  // The key K of an envelope that this session may open; opened once. kDenied, kDamaged.
  [[nodiscard]] Result<ByteView> envelope_key(ReadView& view, const Hash& id);
  struct OpenRecord {
    RecordRow row;
    OwnedStateRow stored;
    Secret plaintext;  // padded
  };
  // kDenied when it is not there, of another kind, or not to be read.
  [[nodiscard]] Result<OpenRecord> open_record(ReadView& view, const Id& id, ObjectKind kind);
  [[nodiscard]] Result<Document> read_document(ReadView& view, const Id& id);
  [[nodiscard]] Result<Patient> read_patient(ReadView& view, const Id& id);
  // Opens every record of a kind that this session may read, on all threads; `take` gets each
  // record's id, compartment and payload, in no order, one thread at a time per `slot`. With
  // `left_out`, a record that does not open or decode (`take` gives kDamaged) although it is as it
  // was signed goes there; without, it fails the scan.
  using TakeRecord = std::function<Status(std::size_t slot, std::int64_t row, const Id& id,
                                          const Id& compartment, ByteView payload)>;
  [[nodiscard]] Status scan_records(ObjectKind kind, std::optional<Id> compartment,
                                    std::size_t slots, const TakeRecord& take,
                                    std::vector<UnreadableRecord>* left_out = nullptr);
  // Whether the envelope's rows are those that the journal names.
  [[nodiscard]] bool is_as_signed(ReadView& view, const Hash& envelope);

  // ---- Writing (commit.cpp)
  using Build = std::function<Status(Commit&)>;
  [[nodiscard]] Status commit(const Build& build);
  // One event, on its own. Returns its sequence + 1, for Event::intent.
  [[nodiscard]] Result<std::uint64_t> record_event(Event event);
  [[nodiscard]] Event event(Action action) const;

  // ---- Copies in the clear (vault_exports.cpp)
  // The end of what began with an intent: by this session or, when it was locked meanwhile, by the
  // workstation.
  [[nodiscard]] Status record_outcome(const Event& event);
  [[nodiscard]] Result<ExportCopy> make_copy(const Lease::Use& use, const Id& document,
                                             const std::string& path, std::uint64_t size,
                                             std::int64_t keep_ms,
                                             CopyKind kind = CopyKind::kExport);
  // Adds what became of copies to a commit that has no changes yet; what is to be forgotten
  // afterwards.
  [[nodiscard]] Result<std::vector<ExportOutcome>> add_outcomes(Commit& commit,
                                                                const SigningKey& key);
  void forget_outcomes(const std::vector<ExportOutcome>& told);

  // ---- Destroying (vault_destroy.cpp)
  // The rows of versions that bear this document's id and lie in its compartment. One that somebody
  // filed elsewhere under its name is not the document's.
  [[nodiscard]] Result<std::vector<Id>> versions_of(ReadView& view, const Id& document,
                                                    const Id& compartment);

  // ---- People (vault_people.cpp)
  // Grants to one user what this session reads, the user's roles read, and the policy lets grant.
  [[nodiscard]] Status grant_what_i_can(Commit& commit, const Id& user);
  // Opens the next epoch of a compartment that this session reads, and grants it to its readers.
  [[nodiscard]] Status open_epoch(Commit& commit, const Id& compartment);
  // After a change of roles: the next epoch of every compartment that somebody read in `before` and
  // reads no more, where this session reads it. kFailed when nobody would read it any more.
  [[nodiscard]] Status close_epochs(Commit& commit, const Policy& before);
  [[nodiscard]] Status remove_slots(Commit& commit, const Id& user);
  [[nodiscard]] Result<std::uint64_t> count_documents(const Id& compartment);
};

// An erasing as the journal has it: "not-guaranteed copy-on-write moved-extents".
[[nodiscard]] std::string verdict_words(Verdict verdict, const std::vector<Reason>& reasons);

}  // namespace coffre
