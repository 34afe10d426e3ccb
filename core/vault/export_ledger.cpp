#include "core/vault/export_ledger.h"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <thread>

#include "core/crypto/summed.h"
#include "core/vault/opened_place.h"

namespace coffre {
namespace {

using namespace std::string_view_literals;

constexpr std::string_view kCopyLabel = "coffre/copy/v1\0"sv;
constexpr std::string_view kOutcomeLabel = "coffre/outcome/v1\0"sv;
constexpr std::size_t kPathMax = 4096;
constexpr std::size_t kNameMax = 255;
constexpr std::size_t kWordMax = 64;
constexpr std::size_t kEntryFileMax = 16'384;
constexpr std::chrono::milliseconds kRetry{5};

std::unexpected<Error> damaged_entry(std::string path = {}) {
  return fail(Code::kDamaged, N_("an entry of the export ledger is damaged"), std::move(path),
              N_("the journal says what was exported; look for the copy, erase it, and remove "
                 "this file"));
}

void write_outcome(Writer& out, const CopyOutcome& outcome) {
  out.sized(verdict_word(outcome.verdict)).i64(outcome.time_ms);
  out.u8(static_cast<std::uint8_t>(outcome.reasons.size()));
  for (const Reason reason : outcome.reasons) out.sized(reason_word(reason));
}

Result<CopyOutcome> read_outcome(Reader& in) {
  CopyOutcome outcome;
  COFFRE_TRY_ASSIGN(const std::string word, in.text(kWordMax));
  const auto verdict = verdict_of(word);
  if (!verdict) return damaged_entry();
  outcome.verdict = *verdict;
  COFFRE_TRY_ASSIGN(outcome.time_ms, in.i64());
  COFFRE_TRY_ASSIGN(const std::uint8_t count, in.u8());
  if (count > kReasonCount) return damaged_entry();
  for (std::uint8_t i = 0; i < count; ++i) {
    COFFRE_TRY_ASSIGN(const std::string name, in.text(kWordMax));
    const auto reason = reason_of(name);
    if (!reason) return damaged_entry();
    outcome.reasons.push_back(*reason);
  }
  return outcome;
}

Result<std::string> read_name(Reader& in, std::size_t size_max) {
  COFFRE_TRY_ASSIGN(const ByteView bytes, in.sized(size_max));
  std::string name(as_text(bytes));
  if (name.empty() || name.find('\0') != std::string::npos) return damaged_entry();
  return name;
}

// What the rest of the program relies on, whoever wrote the file.
bool is_sound(const ExportEntry& entry) {
  const bool is_path = entry.path.starts_with('/') && !entry.path.ends_with('/');
  // Nothing but a directory of ours is ever emptied.
  if (entry.is_opened()) {
    return is_path && is_private_name(entry.staging) &&
           parent_directory(entry.path).ends_with("/" + entry.staging);
  }
  return is_path && entry.staging.find('/') == std::string::npos && entry.staging != "." &&
         entry.staging != "..";
}

// A directory that nobody else can write to, made when it is missing.
Status own_directory(const std::string& path) {
  COFFRE_TRY(make_directories(path));
  struct stat found{};
  if (const int error = os().lstat(path.c_str(), &found); error < 0) {
    return std::unexpected(os_error(-error, path));
  }
  if (!S_ISDIR(found.st_mode) || found.st_uid != os().effective_user() ||
      (found.st_mode & (S_IWGRP | S_IWOTH)) != 0) {
    return fail(Code::kFailed, N_("somebody else could write to the export ledger"), path,
                N_("make this folder yours alone (chmod 700)"));
  }
  return {};
}

Status remove_file(const std::string& path) {
  if (const int error = os().unlink(path.c_str()); error < 0 && error != -ENOENT) {
    return std::unexpected(os_error(-error, path));
  }
  COFFRE_TRY_ASSIGN(const File directory,
                    File::open(parent_directory(path), O_RDONLY | O_DIRECTORY));
  return directory.sync();
}

// The ids that name files of a directory. What bears another name is a temporary file of a write
// that a crash interrupted, which stands for nothing.
Result<std::vector<Id>> ids_in(const std::string& path) {
  COFFRE_TRY_ASSIGN(const File directory, File::open(path, O_RDONLY | O_DIRECTORY));
  std::vector<DirectoryEntry> found;
  if (const int error = os().list(directory.fd(), &found); error < 0) {
    return std::unexpected(os_error(-error, path));
  }
  std::vector<Id> ids;
  for (const DirectoryEntry& entry : found) {
    if (const auto id = fixed_from_hex<Id>(entry.name)) ids.push_back(*id);
  }
  std::ranges::sort(ids);
  return ids;
}

}  // namespace

Bytes ExportEntry::encode() const {
  Writer out;
  out.raw(kCopyLabel).fixed(id).fixed(vault).fixed(document).fixed(user);
  out.sized(path).sized(staging).u8(static_cast<std::uint8_t>(kind));
  out.u8(static_cast<std::uint8_t>(state));
  out.u64(identity.device).u64(identity.inode);
  out.u8(born_ns ? 1 : 0).i64(born_ns.value_or(0)).i64(modified_ns);
  out.u64(size).i64(created_ms).i64(deadline_ms);
  out.u8(static_cast<std::uint8_t>(erasing)).u8(tried ? 1 : 0);
  if (tried) write_outcome(out, *tried);
  return with_sum(std::move(out));
}

Result<ExportEntry> ExportEntry::decode(ByteView bytes) {
  COFFRE_TRY_ASSIGN(const ByteView inner, without_sum(bytes));
  Reader in(inner);
  ExportEntry entry;
  COFFRE_TRY(in.expect(as_bytes(kCopyLabel)));
  COFFRE_TRY_ASSIGN(entry.id, in.fixed<Id>());
  COFFRE_TRY_ASSIGN(entry.vault, in.fixed<Hash>());
  COFFRE_TRY_ASSIGN(entry.document, in.fixed<Id>());
  COFFRE_TRY_ASSIGN(entry.user, in.fixed<Id>());
  COFFRE_TRY_ASSIGN(entry.path, read_name(in, kPathMax));
  COFFRE_TRY_ASSIGN(entry.staging, read_name(in, kNameMax));
  COFFRE_TRY_ASSIGN(const std::uint8_t kind, in.u8());
  COFFRE_TRY_ASSIGN(const std::uint8_t state, in.u8());
  COFFRE_TRY_ASSIGN(entry.identity.device, in.u64());
  COFFRE_TRY_ASSIGN(entry.identity.inode, in.u64());
  COFFRE_TRY_ASSIGN(const std::uint8_t has_birth, in.u8());
  COFFRE_TRY_ASSIGN(const std::int64_t born, in.i64());
  COFFRE_TRY_ASSIGN(entry.modified_ns, in.i64());
  COFFRE_TRY_ASSIGN(entry.size, in.u64());
  COFFRE_TRY_ASSIGN(entry.created_ms, in.i64());
  COFFRE_TRY_ASSIGN(entry.deadline_ms, in.i64());
  COFFRE_TRY_ASSIGN(const std::uint8_t erasing, in.u8());
  COFFRE_TRY_ASSIGN(const std::uint8_t has_tried, in.u8());
  if (kind < 1 || kind > 3) return damaged_entry();
  entry.kind = static_cast<CopyKind>(kind);
  if (erasing > 2 || state < 1 || state > 3 || has_birth > 1 || (has_birth == 0 && born != 0) ||
      has_tried > 1 || !is_sound(entry)) {
    return damaged_entry();
  }
  entry.state = static_cast<CopyState>(state);
  entry.erasing = static_cast<CopyErasing>(erasing);
  if (has_birth == 1) entry.born_ns = born;
  if (has_tried == 1) {
    COFFRE_TRY_ASSIGN(entry.tried, read_outcome(in));
  }
  COFFRE_TRY(in.finish());
  return entry;
}

Bytes ExportOutcome::encode() const {
  Writer out;
  out.raw(kOutcomeLabel).fixed(id).fixed(vault).fixed(document);
  write_outcome(out, outcome);
  return with_sum(std::move(out));
}

Result<ExportOutcome> ExportOutcome::decode(ByteView bytes) {
  COFFRE_TRY_ASSIGN(const ByteView inner, without_sum(bytes));
  Reader in(inner);
  ExportOutcome made;
  COFFRE_TRY(in.expect(as_bytes(kOutcomeLabel)));
  COFFRE_TRY_ASSIGN(made.id, in.fixed<Id>());
  COFFRE_TRY_ASSIGN(made.vault, in.fixed<Hash>());
  COFFRE_TRY_ASSIGN(made.document, in.fixed<Id>());
  COFFRE_TRY_ASSIGN(made.outcome, read_outcome(in));
  COFFRE_TRY(in.finish());
  return made;
}

Result<ExportLedger> ExportLedger::open(const std::string& state_directory) {
  const std::string ours = state_directory + "/exports";
  COFFRE_TRY(own_directory(ours));
  COFFRE_TRY(own_directory(ours + "/copies"));
  COFFRE_TRY(own_directory(ours + "/outcomes"));
  return ExportLedger(ours);
}

std::string ExportLedger::copy_path(const Id& id) const {
  return directory_ + "/copies/" + to_hex(id.view());
}

std::string ExportLedger::outcome_path(const Id& id) const {
  return directory_ + "/outcomes/" + to_hex(id.view());
}

Result<File> ExportLedger::writing(const std::function<bool()>& give_up) const {
  for (;;) {
    COFFRE_TRY_ASSIGN(std::optional<File> file,
                      lock_file(directory_ + "/writing", LOCK_SH | LOCK_NB));
    if (file) return *std::move(file);
    if (give_up()) {
      return fail(Code::kBusy, N_("another program keeps the export ledger"), {},
                  N_("try again; end that program if it does not let go"));
    }
    std::this_thread::sleep_for(kRetry);
  }
}

Result<std::optional<File>> ExportLedger::nobody_writes() const {
  return lock_file(directory_ + "/writing", LOCK_EX | LOCK_NB);
}

Result<std::optional<File>> ExportLedger::sweeping(bool wait) const {
  return lock_file(directory_ + "/sweeping", wait ? LOCK_EX : LOCK_EX | LOCK_NB);
}

Status ExportLedger::put(const ExportEntry& entry) const {
  COFFRE_ASSERT(is_sound(entry));
  const std::string path = copy_path(entry.id);
  if (entry.state == CopyState::kPlanned) {
    COFFRE_TRY_ASSIGN(const std::vector<Id> ids, ids_in(directory_ + "/copies"));
    if (ids.size() >= kExportsMax) {
      return fail(Code::kLimit, N_("there are too many copies in the clear"), {},
                  N_("erase some of them first"));
    }
  }
  return write_durable(path, entry.encode());
}

Status ExportLedger::remove(const Id& id) const { return remove_file(copy_path(id)); }

Result<ExportList> ExportLedger::list() const {
  COFFRE_TRY_ASSIGN(const std::vector<Id> ids, ids_in(directory_ + "/copies"));
  if (ids.size() > 2 * kExportsMax) {
    return fail(Code::kLimit, N_("there are too many copies in the clear"), directory_);
  }
  ExportList list;
  for (const Id& id : ids) {
    const std::string path = copy_path(id);
    const auto bytes = read_file(path, kEntryFileMax);
    if (!bytes && bytes.error().code == Code::kNotFound) continue;  // removed meanwhile
    auto entry = bytes ? ExportEntry::decode(*bytes)
                       : Result<ExportEntry>(std::unexpected<Error>(bytes.error()));
    if (entry && entry->id == id) {
      list.entries.push_back(*std::move(entry));
    } else {
      list.damaged.push_back(path);
    }
  }
  std::ranges::sort(list.entries, {},
                    [](const ExportEntry& entry) { return std::pair(entry.created_ms, entry.id); });
  return list;
}

Status ExportLedger::put_outcome(const ExportOutcome& outcome) const {
  return write_durable(outcome_path(outcome.id), outcome.encode());
}

std::optional<ExportOutcome> ExportLedger::outcome(const Id& id) const {
  const auto bytes = read_file(outcome_path(id), kEntryFileMax);
  if (!bytes) return std::nullopt;
  auto read = ExportOutcome::decode(*bytes);
  if (!read || read->id != id) return std::nullopt;
  return *std::move(read);
}

Result<std::vector<ExportOutcome>> ExportLedger::outcomes(const Hash& vault,
                                                          std::size_t count_max) const {
  COFFRE_TRY_ASSIGN(const std::vector<Id> ids, ids_in(directory_ + "/outcomes"));
  std::vector<ExportOutcome> found;
  for (const Id& id : ids) {
    if (found.size() == count_max) break;
    auto read = outcome(id);
    if (read && read->vault == vault) found.push_back(*std::move(read));
  }
  return found;
}

Status ExportLedger::remove_outcome(const Id& id) const { return remove_file(outcome_path(id)); }

}  // namespace coffre
