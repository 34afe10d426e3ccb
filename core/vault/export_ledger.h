// The export ledger: which copies in the clear this workstation has made and not yet erased.
//
// Files under the state directory, readable without an unlock (docs/FORMAT.md, "The export
// ledger"): exports/copies/<id>, one for each copy, entered durably before the copy's first byte
// and removed when the copy is gone; exports/outcomes/<id>, what became of copies, until the
// journal has it. Guarantees: an entry says nothing about the patient; it is whole or not there,
// after a crash too. An entry that cannot be read is reported, never passed over. Not covered: who
// can write to the state directory can forge or remove entries; the journal still has the export.
// Threads: any; other processes too (locks of the kernel, which end with their holder).
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "core/base/file.h"
#include "core/crypto/hash.h"
#include "core/erase/erase.h"

namespace coffre {

inline constexpr std::size_t kExportsMax = 100'000;  // entries of a workstation

enum class CopyState : std::uint8_t {
  kPlanned = 1,  // entered; the file may be there, empty
  kWriting = 2,  // under its staging name, of which the identity is known
  kKept = 3,     // whole, under its own name
};

// How far an erasing came that has not ended: one that ended otherwise took it back.
enum class CopyErasing : std::uint8_t {
  kNo = 0,
  kBegun = 1,        // the next sweep goes on
  kOverwritten = 2,  // and read back: when the file is away, it went by our removal
};

enum class CopyKind : std::uint8_t {
  kExport = 1,  // one file, for a person
  // For another program: a private directory (core/vault/opened_place.h) with all that this program
  // puts there. It lasts as long as the process that made it looks after it.
  kOpenedInMemory = 2,
  kOpenedOnDisk = 3,
};

// How an erasing of a copy ended.
struct CopyOutcome {
  Verdict verdict = Verdict::kFailed;
  std::vector<Reason> reasons;
  std::int64_t time_ms = 0;
};

struct ExportEntry {
  Id id;
  Hash vault;
  Id document;
  Id user;           // who exported
  std::string path;  // absolute; any bytes but NUL
  // kExport: the name in the same directory until it is whole; else the private directory's name.
  std::string staging;
  CopyKind kind = CopyKind::kExport;
  CopyState state = CopyState::kPlanned;
  FileIdentity identity;                // from kWriting on; of the private directory where one is
  std::optional<std::int64_t> born_ns;  // where the file system keeps it
  std::int64_t modified_ns = 0;         // kKept
  std::uint64_t size = 0;
  std::int64_t created_ms = 0;
  std::int64_t deadline_ms = 0;
  CopyErasing erasing = CopyErasing::kNo;
  std::optional<CopyOutcome> tried;  // the last erasing that failed

  [[nodiscard]] bool is_opened() const { return kind != CopyKind::kExport; }
  [[nodiscard]] Bytes encode() const;
  [[nodiscard]] static Result<ExportEntry> decode(ByteView bytes);  // kDamaged
};

// What became of a copy, for the journal of its vault.
struct ExportOutcome {
  Id id;  // of the copy
  Hash vault;
  Id document;
  CopyOutcome outcome;

  [[nodiscard]] Bytes encode() const;
  [[nodiscard]] static Result<ExportOutcome> decode(ByteView bytes);  // kDamaged
};

struct ExportList {
  std::vector<ExportEntry> entries;  // by time of creation
  std::vector<std::string> damaged;  // paths of entries that cannot be read
};

class ExportLedger {
 public:
  // Makes the directories. `state_directory` as in VaultEnvironment. kFailed when they are somebody
  // else's, or others can write there: who writes entries chooses what a sweep erases.
  [[nodiscard]] static Result<ExportLedger> open(const std::string& state_directory);

  // Held by who writes copies: nobody takes a half-written one for a crash's leftover. While
  // somebody reads the list, it is tried again every 5 ms until `give_up` says so: kBusy.
  [[nodiscard]] Result<File> writing(const std::function<bool()>& give_up) const;
  // Exclusive, for the moment of reading the list; nullopt while somebody writes.
  [[nodiscard]] Result<std::optional<File>> nobody_writes() const;
  // One sweep at a time: waits for the other, or is nullopt.
  [[nodiscard]] Result<std::optional<File>> sweeping(bool wait) const;

  // Durable when it returns; replaces the entry of the same id. kLimit above kExportsMax.
  [[nodiscard]] Status put(const ExportEntry& entry) const;
  [[nodiscard]] Status remove(const Id& id) const;
  [[nodiscard]] Result<ExportList> list() const;

  [[nodiscard]] Status put_outcome(const ExportOutcome& outcome) const;
  // Of one copy; nullopt when there is none that can be read.
  [[nodiscard]] std::optional<ExportOutcome> outcome(const Id& id) const;
  // Of one vault, at most `count_max`; those that cannot be read are left out, and stay.
  [[nodiscard]] Result<std::vector<ExportOutcome>> outcomes(const Hash& vault,
                                                            std::size_t count_max) const;
  [[nodiscard]] Status remove_outcome(const Id& id) const;

 private:
  explicit ExportLedger(std::string directory) : directory_(std::move(directory)) {}
  [[nodiscard]] std::string copy_path(const Id& id) const;
  [[nodiscard]] std::string outcome_path(const Id& id) const;

  std::string directory_;
};

}  // namespace coffre
