// A practice for tests: a vault with one account of each role, made once and copied for each test,
// and workstations with memories of their own.
#pragma once

#include <memory>
#include <string>

#include "core/vault/vault.h"
#include "core/vault/vault_impl.h"
#include "tests/support/temp_dir.h"

namespace coffre::test {

inline constexpr const char* kOwnerPassword = "Aa1!owner-owner-owner";
inline constexpr const char* kStaffPassword = "Bb2?staff-staff-staff";

[[nodiscard]] Secret secret_of(std::string_view text);

// Content for imports, from memory.
class MemorySource final : public ContentSource {
 public:
  explicit MemorySource(Bytes content) : content_(std::move(content)) {}
  [[nodiscard]] std::uint64_t size() const override { return content_.size(); }
  [[nodiscard]] Status read(MutableByteView out) override;
  [[nodiscard]] Status finish() override { return {}; }

 private:
  Bytes content_;
  std::size_t at_ = 0;
};

// `size` repeatable bytes.
[[nodiscard]] Bytes sample_bytes(std::size_t size, std::uint8_t seed = 1);

// Makes the vault that every Practice begins as, in a directory that is there and empty.
void make_template(const std::string& directory);

// Accounts: marie (owner, kOwnerPassword); sec, bill, prac, priv, adm (kStaffPassword), whose roles
// are secretary, billing, practitioner, privacy-officer, administrator, all added by marie. One
// patient.
class Practice {
 public:
  Practice();

  [[nodiscard]] const std::string& path() const { return path_; }
  [[nodiscard]] std::string file(const std::string& name) const { return dir_ / name; }
  [[nodiscard]] const Id& patient() const { return patient_; }
  [[nodiscard]] ManualClock& clock() { return clock_; }

  // The environment of a workstation; each has its own memory. The one that made the vault is
  // "first".
  [[nodiscard]] VaultEnvironment workstation(const std::string& name = "first");
  [[nodiscard]] Result<std::unique_ptr<Vault>> open(const std::string& path,
                                                    const std::string& workstation = "first");
  // Opens and unlocks; the vault at path().
  [[nodiscard]] Result<std::unique_ptr<Vault>> unlock(const std::string& user,
                                                      const std::string& workstation = "first");
  [[nodiscard]] Result<std::unique_ptr<Vault>> unlock_at(const std::string& path,
                                                         const std::string& user,
                                                         const std::string& password,
                                                         const std::string& workstation);
  [[nodiscard]] static std::string password_of(const std::string& user);

  // A copy of the vault as it is now.
  void copy_to(const std::string& path) const;

 private:
  TempDir dir_;
  ManualClock clock_;
  std::string path_;
  Id patient_;
};

[[nodiscard]] Id compartment_of(const Vault& vault, std::string_view name);
// Files one document; its id.
[[nodiscard]] Result<Id> file_document(Vault& vault, const std::string& compartment,
                                       const std::optional<Id>& patient, Bytes content,
                                       const std::string& title = "Compte rendu");
// The content of a document, by an export.
[[nodiscard]] Result<Bytes> content_of(Vault& vault, const Id& document);
// Titles of what this session lists.
[[nodiscard]] std::vector<std::string> titles(Vault& vault);

}  // namespace coffre::test
