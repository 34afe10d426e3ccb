// Vault: one vault file and at most one unlocked session on it. All that decides who may do what is
// behind this interface (docs/FORMAT.md, docs/ARCHITECTURE.md).
//
// Guarantees: every row, entry and key that an operation uses was verified first; each operation
// that shows or changes something is journaled durably before it shows or returns; what the account
// may not see is not told apart from what is not there (kDenied). After an error the vault is as
// before. Errors common to all operations: kLocked (no session, or its keys were wiped), kDenied,
// kDamaged, kRolledBack, kForked, kBusy, kNoSpace, kFailed. Threads: one operation at a time;
// renew(), lock() and state() may be called from any thread.
#pragma once

#include <functional>
#include <memory>
#include <span>

#include "core/base/clock.h"
#include "core/base/random.h"
#include "core/store/store.h"
#include "core/vault/export_copy.h"
#include "core/vault/lease.h"
#include "core/vault/types.h"

namespace coffre {

// What the vault stands on; the references must outlive it.
struct VaultEnvironment {
  Clock& clock;
  Random& random;
  std::string state_directory;       // the workstation's memory
  std::string workstation;           // name of this workstation, for the journal
  std::int64_t patience_ms = 5'000;  // how long to wait for another writer
  // A lock cannot wipe the keys, because the system does not come back to who uses them; see Lease.
  std::function<void()> stuck_lock = {};
};

struct InitOptions {
  std::string owner;
  std::string practice;
  PasswordCost cost;
  std::optional<std::string> key_file;  // path: second factor of the owner's slot
};

struct Credentials {
  std::string user;
  Secret password;                      // as typed; NFC is done here
  std::optional<std::string> key_file;  // path
};

// Content to be stored: `size` bytes, read in order, once.
class ContentSource {
 public:
  virtual ~ContentSource() = default;
  [[nodiscard]] virtual std::uint64_t size() const = 0;
  // Fills `out` completely; kFailed when the content ends early or changed.
  [[nodiscard]] virtual Status read(MutableByteView out) = 0;
  // Called after the last byte: kFailed when there is more, or it changed while it was read.
  [[nodiscard]] virtual Status finish() = 0;
};

struct NewDocument {
  Id compartment;
  std::optional<Id> patient;
  std::string type;
  std::string title;
  std::string date;  // empty: today
  std::string mime;
  std::unique_ptr<ContentSource> content;
  // Called once the document is durable, before its result is given, with what came of reading it
  // again: from the medium as far as the system lets it, opened with the key in its row, and
  // compared with what the source gave. Empty: it is not read again.
  std::function<void(const Status&)> read_back = {};
  // A new version of this document, which lies in `compartment`: its record stays as it is;
  // patient, type, title and date are not looked at. Needs read, edit and deposit there.
  std::optional<Id> version_of = std::nullopt;
};

struct DocumentFilter {
  std::optional<Id> patient;
  std::optional<Id> compartment;
};

struct DocumentEdit {
  std::optional<std::string> type = std::nullopt;
  std::optional<std::string> title = std::nullopt;
  std::optional<std::string> date = std::nullopt;
  std::optional<Id> patient = std::nullopt;
  // An earlier one becomes the present one, which is an earlier one then.
  std::optional<Id> version = std::nullopt;
};

struct PatientEdit {
  std::optional<std::string> last;
  std::optional<std::string> first;
  std::optional<std::string> born;
};

// Receives content in order, after all of it was verified.
using ContentSink = std::function<Status(ByteView)>;

// A copy in the clear that is to be made.
struct CopyOrder {
  std::string path;  // of a new file
  std::string reason;
  std::string recipient;
  std::int64_t keep_ms = kKeepDefaultMs;
  // Called as it is written, with the bytes so far; an error cancels it. May be empty.
  std::function<Status(std::uint64_t)> progress;
  std::optional<Id> version = std::nullopt;  // an earlier one; nullopt: the present one
};

// A copy for another program, in a private directory.
struct OpenOrder {
  std::string directory;  // where the private one is made
  bool in_memory = true;  // whether that lies in memory (memory_directory() found it)
  std::string name;       // of the file
  std::string reason;
};

struct OpenedCopy {
  Document document;
  ExportCopy copy;  // its owner
};

struct ExportedCopy {
  Document document;
  ExportEntry entry;
};

class Vault {
 public:
  // Makes a vault with the default compartments and roles, its owner holding all; locked
  // afterwards. kInvalidArgument: name, cost; kFailed: a password below the floor (`on` holds its
  // bits); kExists.
  [[nodiscard]] static Result<Hash> create(const std::string& path, const InitOptions& options,
                                           const Credentials& owner,
                                           const VaultEnvironment& environment);
  // Opens, checks the log's signatures and authority since the remembered head (from the start at
  // first contact), and that the file is not older than, or beside, what this workstation saw.
  [[nodiscard]] static Result<std::unique_ptr<Vault>> open(const std::string& path,
                                                           const VaultEnvironment& environment);
  ~Vault();
  Vault(const Vault&) = delete;
  Vault& operator=(const Vault&) = delete;

  // ---- Without a session
  [[nodiscard]] const Policy& policy() const;
  // The newest head could not be remembered (disk full, ...): say so, the vault itself is fine.
  [[nodiscard]] std::optional<Error> memory_error() const;
  [[nodiscard]] bool first_contact() const;  // this workstation never saw the vault before
  // Verifies the whole log: hashes, signatures, authority, the remembered head, and that it extends
  // the checkpoint `anchor` (a note, may be empty).
  [[nodiscard]] Result<LogSummary> verify_log(ByteView anchor);
  [[nodiscard]] Result<std::string> checkpoint_note();

  // ---- Session
  // kCredentials, in the same words and time for unknown names; kDenied for a suspended account.
  [[nodiscard]] Status unlock(Credentials credentials);
  void renew();
  void lock(LockCause cause = LockCause::kRequest);
  // After a lock: the workstation enters in the journal that the session ended. Needs no key of a
  // member. Nothing is written when this workstation is not enrolled.
  [[nodiscard]] Status journal_lock();
  [[nodiscard]] SessionState state() const;
  [[nodiscard]] LockCause lock_cause() const;
  [[nodiscard]] std::int64_t remaining_ms() const;  // until the lock; 0 when locked. Any thread
  // Called at every lock, as soon as the keys are wiped, on the thread that locks, which may be the
  // lease's own: to end what shows plaintext. It must not call the vault. Set it while locked.
  void on_locked(std::function<void()> listener);
  [[nodiscard]] Result<UserView> me();
  // The account's key was made by somebody else who could use it: own password wanted.
  [[nodiscard]] Result<bool> needs_own_password();

  // ---- Accounts (kinds 2, 3, 4, 6, 7, 11)
  // Makes the account with its roles; grants at once what this session may grant.
  [[nodiscard]] Result<Id> add_user(const std::string& name, const std::vector<std::string>& roles,
                                    Secret first_password);
  [[nodiscard]] Result<std::vector<UserView>> users();
  [[nodiscard]] Status set_user_enabled(const std::string& name, bool enabled);
  [[nodiscard]] Result<std::vector<ReadableBefore>> remove_user(const std::string& name);
  // Own password (and key file; nullopt keeps none). A key that somebody else made is replaced.
  [[nodiscard]] Status change_password(Secret password, std::optional<std::string> key_file);
  // Somebody else's: new provisional keys, grants void.
  [[nodiscard]] Status reset_password(const std::string& name, Secret first_password);
  [[nodiscard]] Status assign_role(const std::string& user, const std::string& role, bool revoke);
  [[nodiscard]] Result<std::vector<WaitingGrant>> waiting_grants();
  // key_id: the fingerprint that was compared, if any; kDenied when it is another key.
  [[nodiscard]] Status approve_grant(const std::string& user, const std::string& compartment,
                                     std::optional<Hash> key_id);
  // How many documents somebody who reads the compartment can read; kDenied unless this session
  // does.
  [[nodiscard]] Result<std::uint64_t> document_count(const Id& compartment);

  // ---- Roles, compartments, settings (kinds 5, 8, 9, 10, 12)
  [[nodiscard]] Status define_role(const std::string& name, std::uint8_t vault_rights,
                                   const std::vector<std::pair<std::string, std::uint8_t>>& rights);
  [[nodiscard]] Result<Id> add_compartment(const std::string& name, const std::string& like);
  [[nodiscard]] Status rename_compartment(const std::string& name, const std::string& new_name);
  [[nodiscard]] Status set_lock_after(std::uint32_t seconds);

  // ---- What has to be kept (kinds 15, 16, 17; core/vault/retention.h). Needs the right settings.
  // Documents of the compartment are kept for so many years at least, 0: no period. kDenied: no
  // such compartment; kInvalidArgument.
  [[nodiscard]] Status set_retention(const std::string& compartment, std::uint32_t years);
  // A document, or a patient with all documents, that nobody may destroy, and the end of that. With
  // a reason, which is journaled. kDenied: no such object; kInvalidArgument: it
  // is on hold already, or is not; kLimit.
  [[nodiscard]] Status add_hold(const Id& object, const std::string& reason);
  [[nodiscard]] Status lift_hold(const Id& object, const std::string& reason);

  // ---- Patients and documents
  [[nodiscard]] Result<Id> add_patient(const Patient& patient);
  [[nodiscard]] Status edit_patient(const Id& id, const PatientEdit& edit);
  // Patients whose names match all words (folded, prefixes), sorted by name.
  // `left_out`: see documents().
  [[nodiscard]] Result<std::vector<Patient>> patients(
      const std::vector<std::string>& words, std::vector<UnreadableRecord>* left_out = nullptr);

  // Whether this session may file there, for that patient: kDenied. A document without a patient is
  // for accounts that do not read patients: kInvalidArgument otherwise.
  [[nodiscard]] Status may_deposit(const Id& compartment, const std::optional<Id>& patient);
  // Stores documents, each durable and journaled when its result is given; `done` gets every result
  // in order (index, document id or error). The next document is asked for by `next`, nullopt: end;
  // it is called from another thread, one call at a time. A lock stops it between documents:
  // kLocked.
  using NextDocument = std::function<std::optional<Result<NewDocument>>()>;
  using DocumentDone = std::function<void(std::size_t, const Result<Id>&)>;
  [[nodiscard]] Status import(const NextDocument& next, const DocumentDone& done);

  // Erases the files that documents were stored from, after these were read back. For each the
  // intent is durable in the journal before, and the outcome with its verdict follows. One result
  // an original, in order; a lock leaves the rest untouched (kCancelled). `progress` as in
  // EraseOptions; may be empty.
  [[nodiscard]] Result<std::vector<ErasedOriginal>> erase_originals(
      std::span<const Original> originals,
      const std::function<void(const EraseProgress&)>& progress);

  // With `left_out`, records that somebody sealed so that nobody can read them go there, whosever
  // they are; without, one of them fails the whole (kDamaged).
  [[nodiscard]] Result<std::vector<Document>> documents(
      const DocumentFilter& filter, std::vector<UnreadableRecord>* left_out = nullptr);
  [[nodiscard]] Result<Document> document(const Id& id);
  [[nodiscard]] Status edit_document(const Id& id, const DocumentEdit& edit);
  // Destroys a document for good: its sealed keys first, then its record, what was asked about it,
  // and its ciphertext. Needs the rights read and destroy, and a reason. The intent is durable
  // before; the journal keeps document, patient, person and reason. kFailed for what is on hold, or
  // whose period is not over: then nothing is journaled. When an error is returned, the
  // document is as it was, unless the journal itself could not be written at the end: then it shows
  // "unknown". What is not reached: copies of the vault's file, and what was exported.
  [[nodiscard]] Result<Destroyed> destroy_document(const Id& id, const std::string& reason);
  // A copy in the clear, in a new file. The intent is durable in the journal, and the copy in the
  // export ledger, before its first byte; not a byte is written before the whole was verified.
  // After a failure the file was erased again, or is in the ledger for the next sweep.
  // kExists, kInvalidArgument.
  [[nodiscard]] Result<ExportedCopy> export_copy(const Id& id, const CopyOrder& order);
  // The same for another program: as long as the owner in the result lives, or until a sweep names
  // it. Needs read and export; action open.
  [[nodiscard]] Result<OpenedCopy> open_copy(const Id& id, const OpenOrder& order);
  // The same to a sink that is no file (standard output): nothing of it can be erased.
  [[nodiscard]] Result<Document> export_document(const Id& id, const std::string& reason,
                                                 const std::string& recipient,
                                                 const ContentSink& sink,
                                                 const std::optional<Id>& version = {});
  // A file for what was made of a document that is being looked at (a page as a picture), in the
  // ledger as a copy. The looking is journaled by view_document().
  [[nodiscard]] Result<ExportCopy> new_copy(const Id& document, const std::string& path,
                                            std::int64_t keep_ms);
  // Enters in the journal what became of copies of this vault (core/vault/export_sweep.h), signed
  // by the workstation. Needs no key of a member, but an unlock before; every unlock does it too.
  [[nodiscard]] Status journal_outcomes();

  // The same for looking at it: the right read, action view. What the sink gets must not outlive
  // the session.
  [[nodiscard]] Result<Document> view_document(const Id& id, const std::string& reason,
                                               const ContentSink& sink,
                                               const std::optional<Id>& version = {});

  // ---- What somebody filed without reading there
  // Own receipts of documents filed at or after `since_ms`, newest first.
  [[nodiscard]] Result<std::vector<Receipt>> receipts(std::int64_t since_ms);
  // Asks those who read the document's compartment to move or withdraw it. Needs deposit there;
  // kDenied also when there is no such document.
  [[nodiscard]] Status ask_reader(const Id& document, RequestKind kind, const std::string& words);
  // Open requests in compartments that this account reads, oldest first. `left_out`: see
  // documents().
  [[nodiscard]] Result<std::vector<Request>> requests(
      std::vector<UnreadableRecord>* left_out = nullptr);
  // Needs the right edit. Closes one that nobody can read, too.
  [[nodiscard]] Status close_request(const Id& id);

  // ---- Work in progress
  // Seals what was being typed to the member of this session, or of the last one: after the lock
  // too. Kept in memory by the program, never in the vault. kLocked when there was no session.
  [[nodiscard]] Result<Bytes> seal_draft(ByteView draft);
  // kDenied when it was another member's.
  [[nodiscard]] Result<Secret> open_draft(ByteView sealed);

  // ---- Journal and verification
  [[nodiscard]] Result<std::vector<JournalLine>> journal(std::optional<std::int64_t> since_ms,
                                                         std::optional<Id> object);
  // Everything; with read_data every document that this account may read is decrypted, and every
  // other one's ciphertext compared with its hash.
  [[nodiscard]] Result<VerifyReport> verify(bool read_data);

  struct Impl;                                   // core/vault/vault_impl.h
  [[nodiscard]] Impl& impl() { return *impl_; }  // for core/vault and its tests

 private:
  explicit Vault(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace coffre
