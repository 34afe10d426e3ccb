#include "tests/app/desktop/support/vault_fixture.h"

#include <cstdlib>
#include <utility>

#include <gtest/gtest.h>

namespace coffre::test {

Credentials VaultFixture::credentials(const std::string& user) {
  return {user, secret_of(Practice::password_of(user)), {}};
}

Id VaultFixture::add_document(const std::string& compartment, const std::string& title,
                              Bytes content) {
  const Result<std::unique_ptr<Vault>> vault = practice_.unlock("marie");
  if (!vault) {
    ADD_FAILURE() << vault.error().what;
    std::abort();
  }
  const Result<Id> filed =
      file_document(**vault, compartment, practice_.patient(), std::move(content), title);
  if (!filed) {
    ADD_FAILURE() << filed.error().what;
    std::abort();
  }
  return *filed;
}

std::string VaultFixture::empty_vault() {
  std::string path = file("empty.coffre");
  InitOptions options;
  options.owner = "marie";
  options.practice = "Cabinet vide";
  options.cost = {kPasswordMemoryMinKib, kPasswordPassesMin, 2};
  const Result<Hash> made = Vault::create(path, options, credentials("marie"), environment());
  EXPECT_TRUE(made) << made.error().what;
  return path;
}

}  // namespace coffre::test
