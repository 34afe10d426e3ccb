// The file erasure record: which files were erased, or which documents destroyed in a vault, when,
// by whom, how, what that is worth and what it does not reach; as a form to print (PDF) or as JSON,
// with the same facts.
//
// Guarantees: nothing in it is better than the report that it was made from. The file is mode 0600,
// never over one that exists, and appears under its name whole and durable. Names in it are
// printable; JSON has the exact bytes too where that changed them.
// Not covered: who wrote it is not proved, and it can be changed by who may write the file. Paths
// may hold names of patients: it has to be kept as what it is about.
// Threads: one at a time.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "app/common/erase_helper_call.h"
#include "core/base/file.h"
#include "core/vault/types.h"

namespace coffre {

// Where a vault's journal has it.
struct RecordedEntry {
  Hash vault;
  Id document;
  // Of a copy that the export ledger knew: its journal has what became of it from the next unlock
  // on.
  std::optional<Id> copy = std::nullopt;
  std::optional<std::uint64_t> sequence = std::nullopt;  // as the journal shows it
};

struct RecordedErasure {
  EraseReport report;
  std::optional<RecordedEntry> entry = std::nullopt;
  std::optional<JournalCare> care = std::nullopt;  // of the helper, when it was asked
};

// A document that was destroyed in its vault.
struct RecordedDestruction {
  Destroyed destroyed;
  Hash vault;
  std::string vault_path;
};

struct EraseRecord {
  std::string program;  // name and version
  std::string workstation;
  std::string directory;               // that paths count from when they do not begin at the root
  std::string system_user;             // name and number
  std::optional<std::string> account;  // of a vault, when one was unlocked
  std::int64_t start_ms = 0;           // wall clock
  std::int64_t end_ms = 0;
  std::vector<RecordedErasure> erasures;
  std::vector<RecordedDestruction> destructions;  // a record is of files or of documents
};

// The name and the number of the user who called the program.
[[nodiscard]] std::string system_user();

// Words of a record that both of its forms have, translated.
[[nodiscard]] std::string record_title(const EraseRecord& record);
[[nodiscard]] std::string method_text(Method method);
[[nodiscard]] std::string medium_text(Medium medium);
[[nodiscard]] std::string destruction_method_text(Verdict verdict);
[[nodiscard]] std::string journal_text(const std::optional<RecordedEntry>& entry);
[[nodiscard]] RecordedEntry entry_of(const RecordedDestruction& destruction);
// "8:1": major and minor number.
[[nodiscard]] std::string device_text(std::uint64_t device);
// What no overwriting reaches, of all that was overwritten, each once and in order.
[[nodiscard]] std::vector<Uncovered> uncovered_of(const EraseRecord& record);

[[nodiscard]] std::string record_json(const EraseRecord& record);
// kFailed, kOutOfMemory: Cairo refused.
[[nodiscard]] Result<Bytes> record_pdf(const EraseRecord& record);

// The place of a record, taken before anything is erased.
class EraseRecordFile {
 public:
  // The ending of the path decides the form: ".pdf" or ".json", else kInvalidArgument; so is a path
  // among `erased`. kExists; kUnsupported where the file system has no files without a name.
  [[nodiscard]] static Result<EraseRecordFile> reserve(const std::string& path,
                                                       std::span<const std::string> erased);
  // kExists when somebody took the name meanwhile. After a failure the name is not there. Called
  // once.
  [[nodiscard]] Status write(const EraseRecord& record);

 private:
  EraseRecordFile(PrivateOutput output, bool is_pdf)
      : output_(std::move(output)), is_pdf_(is_pdf) {}
  PrivateOutput output_;
  bool is_pdf_;
};

}  // namespace coffre
