// VaultFixture: a small practice for the screens: a vault with an account of each role and one
// patient, copied from the template of the vault's tests, in a directory of its own.
#pragma once

#include <string>

#include "core/vault/vault.h"
#include "tests/core/vault/practice.h"

namespace coffre::test {

class VaultFixture {
 public:
  // Accounts: marie (owner), sec (secretary), bill (billing), prac (practitioner), priv (privacy
  // officer), adm (administrator). The patient: Éric Dupont, born 1970-01-02.
  [[nodiscard]] const std::string& path() const { return practice_.path(); }
  [[nodiscard]] const Id& patient() const { return practice_.patient(); }
  [[nodiscard]] ManualClock& clock() { return practice_.clock(); }
  [[nodiscard]] Practice& practice() { return practice_; }
  // A file of this fixture's directory; it is not made.
  [[nodiscard]] std::string file(const std::string& name) const { return practice_.file(name); }
  // Of this workstation, with the clock of the fixture.
  [[nodiscard]] VaultEnvironment environment() { return practice_.workstation(); }
  [[nodiscard]] static Credentials credentials(const std::string& user);
  [[nodiscard]] static std::string password_of(const std::string& user) {
    return Practice::password_of(user);
  }
  // The path of another vault of marie's, in which nothing is yet.
  [[nodiscard]] std::string empty_vault();
  // Files documents of the fixture's patient as the owner: their ids.
  Id add_document(const std::string& compartment, const std::string& title, Bytes content);

 private:
  Practice practice_;
};

}  // namespace coffre::test
