// The process's claim on a vault file: a descriptor of our own with a flock(2), held from before
// SQLite opens the file until after SQLite closed it.
//
// Guarantees: while a claim is shared, no other process (and no other claim of this one) is
// exclusive. Descriptors are closed only when this process has no claim on the file left: closing
// any descriptor of a file drops all POSIX locks that the process holds on it, SQLite's included.
// For the same reason nothing else in the process may open the file of an open vault.
// Not covered: programs that do not use this lock (SQLite's own locks guard against those).
// Threads: a claim needs outside locking; claims are independent of each other.
#pragma once

#include <string>

#include "core/base/file.h"

namespace coffre {

// The first bytes of a SQLite file, as far as a vault fixes them.
inline constexpr std::int32_t kVaultApplicationId = 0x436F6672;  // "Cofr"
inline constexpr std::int32_t kVaultFormatVersion = 1;
inline constexpr std::int32_t kVaultPageSize = 16'384;

class VaultClaim {
 public:
  // Opens an existing regular file for reading and writing; kBusy when another process has it
  // exclusively for longer than `patience_ms`.
  [[nodiscard]] static Result<VaultClaim> open(const std::string& path, std::int64_t patience_ms);
  // Makes a new, empty file, mode 0600; kExists.
  [[nodiscard]] static Result<VaultClaim> create(const std::string& path);

  VaultClaim(VaultClaim&& other) noexcept = default;
  VaultClaim& operator=(VaultClaim&&) = delete;
  ~VaultClaim();

  [[nodiscard]] int fd() const { return file_.fd(); }
  // kFailed unless the file is a vault's by its first bytes; kUnsupported for a newer version;
  // kDamaged for a page size or mode that no vault has.
  [[nodiscard]] Status check_header(const std::string& path) const;
  // True when `path`, which is no symbolic link, is the claimed file.
  [[nodiscard]] bool is_at(const std::string& path) const;
  [[nodiscard]] bool try_exclusive(std::int64_t patience_ms);
  void share(std::int64_t patience_ms);
  // False when the claim was lost to another process that became exclusive; share() takes it again.
  [[nodiscard]] bool is_held() const { return held_; }

 private:
  VaultClaim(File file, dev_t device, ino_t inode);
  [[nodiscard]] bool lock_shared(std::int64_t patience_ms);

  File file_;
  dev_t device_;
  ino_t inode_;
  bool held_ = false;
};

}  // namespace coffre
