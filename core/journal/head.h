// The workstation's memory: the newest head of each vault that this workstation saw. FORMAT.md §9.
//
// Guarantees: written durably and under a lock, only ever grows: a head that is not larger is
// refused by store(). A memory that cannot be read is an error, never "first contact". Files under
// `directory` (0700): heads/<vault id>, paths/<SHA-256 of the absolute path> (the vault id last
// seen there), lock.
#pragma once

#include <optional>
#include <string>

#include "core/base/file.h"
#include "core/journal/merkle.h"

namespace coffre {

struct Head {
  Hash vault;
  Frontier frontier;  // size and log root
  Hash state_root;
  std::uint64_t policy_sequence = 0;
  Hash policy_link;

  // Asserted: policy_sequence is below the size, which is not 0.
  [[nodiscard]] Bytes encode() const;
  // kDamaged for anything that encode() does not write.
  [[nodiscard]] static Result<Head> decode(ByteView bytes);
};

class HeadMemory {
 public:
  // Makes the directory when it is missing.
  [[nodiscard]] static Result<HeadMemory> open(const std::string& directory);
  // nullopt: this workstation never saw the vault. kDamaged: the memory is there and unreadable.
  [[nodiscard]] Result<std::optional<Head>> load(const Hash& vault) const;
  // The vault id that lay at this absolute path, if any.
  [[nodiscard]] Result<std::optional<Hash>> vault_at(const std::string& path) const;
  // Remembers the head and where the vault lies. Under a lock: when the memory holds a larger size
  // it is kept (another process was faster).
  [[nodiscard]] Status store(const Head& head, const std::string& path) const;
  // Forgets which vault lay at this path: the person said that another one is meant.
  [[nodiscard]] Status forget_path(const std::string& path) const;
  [[nodiscard]] const std::string& directory() const { return directory_; }

 private:
  explicit HeadMemory(std::string directory) : directory_(std::move(directory)) {}
  std::string directory_;
};

}  // namespace coffre
