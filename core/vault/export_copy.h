// Writing a copy in the clear, which the export ledger knows before its first byte.
//
// Guarantees: the file appears under its name when it is whole and synced, mode 0600, never over
// another file; before that it bears a staging name (".coffre-<random>.part") and is empty until
// the ledger knows its identity. A copy that is not committed is erased, or stays in the ledger for
// the next sweep. One for another program has its name from the start, in a private directory
// (core/vault/opened_place.h) of which this object is the owner: when it goes, or its process, the
// copy is due. Not covered: what core/erase cannot reach.
// Threads: one.
#pragma once

#include "core/base/random.h"
#include "core/vault/export_ledger.h"

namespace coffre {

inline constexpr std::int64_t kKeepMinMs = 1'000;
inline constexpr std::int64_t kKeepMaxMs = std::int64_t{31} * 24 * 3'600 * 1'000;
inline constexpr std::int64_t kKeepDefaultMs = std::int64_t{15} * 60 * 1'000;
// A copy for another program goes sooner: with its owner.
inline constexpr std::int64_t kKeepOpenedMs = std::int64_t{12} * 3'600 * 1'000;

struct NewCopy {
  Hash vault;
  Id document;
  Id user;
  // kExport: of the file. Else the directory where the private one is made, a slash, and the name
  // that the file has in it.
  std::string path;
  CopyKind kind = CopyKind::kExport;
  std::uint64_t size = 0;  // that it will have
  std::int64_t now_ms = 0;
  std::int64_t keep_ms = kKeepDefaultMs;
  // While somebody reads the ledger's list: true, to wait no longer.
  std::function<bool()> give_up = [] { return true; };
};

// What create() would refuse of the order itself, without making anything.
[[nodiscard]] Status check_new_copy(const std::string& path, std::int64_t keep_ms);

class ExportCopy {
 public:
  // kExists; kInvalidArgument: the path, or how long (kKeepMinMs to kKeepMaxMs).
  [[nodiscard]] static Result<ExportCopy> create(const ExportLedger& ledger, const NewCopy& copy,
                                                 Random& random);
  ExportCopy(ExportCopy&& other) noexcept;
  ExportCopy& operator=(ExportCopy&&) = delete;
  ExportCopy(const ExportCopy&) = delete;
  ExportCopy& operator=(const ExportCopy&) = delete;
  ~ExportCopy();  // abandons what was not committed

  [[nodiscard]] Status write(ByteView bytes);
  // Synced, under its name, and so in the ledger. After a failure it is discarded, at the latest by
  // the destructor. Called once.
  [[nodiscard]] Status commit();
  // Erases it, committed or not.
  void discard();
  [[nodiscard]] const ExportEntry& entry() const { return entry_; }

 private:
  ExportCopy(const ExportLedger& ledger, File lock) : ledger_(ledger), lock_(std::move(lock)) {}
  [[nodiscard]] Status make_file(const NewCopy& copy);
  [[nodiscard]] Status make_staged(const NewCopy& copy);
  [[nodiscard]] Status make_private(const NewCopy& copy);
  // The ledger knows the identity of this name in a directory from now on.
  [[nodiscard]] Status identify(int directory, const std::string& name, int fd);
  [[nodiscard]] Status give_name();
  void abandon();
  // True: all that lay in the private directory is gone.
  [[nodiscard]] bool clear_private();

  ExportLedger ledger_;
  File lock_;
  File directory_;
  File file_;
  std::string name_;
  ExportEntry entry_;
  std::uint64_t written_ = 0;
  bool is_open_ = false;  // there is something to abandon
};

}  // namespace coffre
