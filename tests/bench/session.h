// What the benchmark tools share: a vault in a directory of its own, opened by its owner.
//
// The password hash is set to its floor: it is measured and left out, and at the default cost its
// noise would hide what is measured.
#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "core/vault/vault.h"

namespace coffre::bench {

inline constexpr const char* kOwner = "marie";
inline constexpr const char* kPassword = "Aa1!owner-owner-owner";
inline constexpr PasswordCost kCost{kPasswordMemoryMinKib, kPasswordPassesMin, 2};

// Ends the program with the error's text.
[[noreturn]] void end_with(const Error& error);

template <typename T>
T value_or_end(Result<T> result) {
  if (!result) end_with(result.error());
  return *std::move(result);
}
inline void ok_or_end(const Status& status) {
  if (!status) end_with(status.error());
}

// The workstation's memory lies in `directory`/state, the vault is `directory`/bench.coffre.
[[nodiscard]] VaultEnvironment environment_in(const std::string& directory);
[[nodiscard]] std::string vault_path(const std::string& directory);
[[nodiscard]] Credentials credentials();

void make_vault(const std::string& directory);
// Opened and unlocked; made first when there is none.
[[nodiscard]] std::unique_ptr<Vault> open_session(const std::string& directory);

// Files `count` documents of `size` bytes each, different ones, through Vault::import.
void file_documents(Vault& vault, const Id& patient, std::uint64_t count, std::size_t size);
// Adds patients' records in commits as large as the format allows, one entry for each commit.
void add_patients(Vault& vault, std::uint64_t count);
// Adds one patient; its id.
[[nodiscard]] Id some_patient(Vault& vault);

class Stopwatch {
 public:
  [[nodiscard]] double seconds() const {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
  }

 private:
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

}  // namespace coffre::bench
