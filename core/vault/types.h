// The values that the vault gives and takes: patients, documents, accounts, journal lines.
//
// Not covered: decrypted texts here are ordinary strings; the process is not dumpable and its
// allocator wipes what it frees (app/common/wiping_new.cpp).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/erase/erase.h"
#include "core/vault/policy.h"

namespace coffre {

struct Patient {
  Id id;
  std::string last;
  std::string first;
  std::string born;  // YYYY-MM-DD
};

// A content that a document had before its present one.
struct EarlierVersion {
  Id id;
  std::string mime;
  std::uint64_t size = 0;
  Hash content_sha256;
  std::int64_t stored_ms = 0;
  std::optional<Id> author;
};

struct Document {
  Id id;
  Id compartment;
  std::optional<Id> patient;
  std::string type;
  std::string title;
  std::string date;  // YYYY-MM-DD
  std::string mime;
  std::uint64_t size = 0;  // bytes of the content
  Id version;
  std::int64_t filed_ms = 0;
  Hash content_sha256;
  std::optional<Id> author;  // the user whose session filed it
  // When the present version was stored, and by whom; 0: it came with the document.
  std::int64_t changed_ms = 0;
  std::optional<Id> changed_by;
  std::vector<EarlierVersion> earlier;  // the one that was replaced last at the end
};

// What becomes an earlier version when another content takes its place.
[[nodiscard]] EarlierVersion present_version(const Document& document);

// What a depositor keeps of a document that was filed into a compartment that she does not read.
struct Receipt {
  Id document;
  Id compartment;
  std::optional<Id> patient;
  std::string type;
  std::string title;
  std::int64_t time_ms = 0;
};

// A wish about a misfiled document, by somebody who may not change it, to those who read it.
enum class RequestKind : std::uint8_t { kMove = 1, kWithdraw = 2 };

struct Request {
  Id id;
  Id document;
  Id compartment;
  std::string from;  // name of the account
  RequestKind kind = RequestKind::kMove;
  std::string words;
  std::int64_t time_ms = 0;
  bool closed = false;
};

// A record that a listing leaves out: it lies there as somebody with the right to put it there
// signed it, and does not open, or makes no sense.
struct UnreadableRecord {
  Id id;
  Id compartment;
  std::string from;  // name of the account that sealed it
};

// What journal entries call what was done; action_name() gives the contract's words.
enum class Action : std::uint8_t {
  kUnlock,
  kUnlockFailed,
  kLock,
  kView,
  kDeposit,
  kEdit,
  kExport,
  kOpen,
  kImport,
  kDestroy,
  kErase,
  kJournal,
  kAccount,
  kRole,
  kGrant,
  kRemove,
  kSetting,
  kEmergency,
  kBackup,
  kRestore,
  kVerify,
};
[[nodiscard]] const char* action_name(Action action);
[[nodiscard]] std::optional<Action> action_of(std::string_view name);

enum class Outcome : std::uint8_t { kSuccess, kFailure, kStarted };
[[nodiscard]] const char* outcome_name(Outcome outcome);

struct Event {
  Action action = Action::kView;
  Outcome outcome = Outcome::kSuccess;
  std::optional<Id> object;
  std::optional<Id> patient;
  std::string reason;
  std::string recipient;
  std::string workstation;
  std::optional<Id> session;
  std::uint64_t intent = 0;
  std::uint32_t count = 0;
};

struct JournalLine {
  std::uint64_t sequence = 0;
  std::int64_t time_ms = 0;
  std::string actor;  // name of the account or workstation
  // Nothing, where the entry does not open: its row was damaged, or its author sealed what nobody
  // can read. Sequence and actor are sure, the time is what the actor said; all below is empty.
  std::optional<Action> action;
  // "success", "failure", "unknown" (an intent without an outcome), "unreadable" (no action)
  std::string outcome;
  std::optional<Id> object;
  std::optional<Id> patient;
  std::string reason;
  std::string verdict;    // and reasons, in words, of what was erased for that reason
  std::string recipient;  // of a copy that left the vault
  std::string workstation;
  std::uint32_t count = 0;
};

// What became of a document that was destroyed.
struct Destroyed {
  Id document;
  // kFailed: the document is gone from the vault, but what it was may be in its files still; the
  // next unlock that has the vault for itself finishes.
  Verdict verdict = Verdict::kFailed;
  std::vector<Reason> reasons;
  std::vector<Uncovered> uncovered;
  std::string file_system;  // of the vault's file: its type, as mounted
  Medium medium = Medium::kUnknown;
  std::uint64_t entry = 0;     // JournalLine::sequence
  std::optional<Error> error;  // of the system, with kFailed
};

// A file in the clear whose content is in the vault.
struct Original {
  Id document;
  EraseRequest file;
};

struct ErasedOriginal {
  EraseReport report;
  // JournalLine::sequence; nullopt for one that was not begun.
  std::optional<std::uint64_t> entry;
};

struct GrantView {
  Id compartment;
  std::string compartment_name;
  bool live = false;  // false: waits for a reader's approval
};

struct UserView {
  Id id;
  std::string name;
  std::vector<std::string> roles;
  std::string state;  // "active", "provisional", "suspended", "removed"
  Hash key_id;
  std::vector<GrantView> grants;  // compartments that the roles read
};

struct WaitingGrant {
  std::string user;
  std::string compartment;
  Hash key_id;
  bool own_key = false;  // false: the person has to choose a password of their own first
};

// What somebody who leaves could read: shown at a removal.
struct ReadableBefore {
  std::string compartment;
  std::uint64_t documents = 0;
};

struct LogSummary {
  Hash vault;
  std::uint64_t size = 0;
  Hash root;
  // The newest checkpoint that was given from outside and that the log extends; 0: none.
  std::uint64_t anchored = 0;
};

struct VerifyReport {
  std::uint64_t objects = 0;  // rows of the state
  std::uint64_t documents = 0;
  std::uint64_t entries = 0;
  std::vector<std::string> damaged;  // what is damaged, one text each
};

}  // namespace coffre
