// Making a vault: the genesis, the owner's grants and slot, in one commit.
#include "core/base/file.h"
#include "core/base/text.h"
#include "core/store/sqlite_store.h"
#include "core/vault/defaults.h"
#include "core/vault/vault_impl.h"

namespace coffre {
namespace {

struct Made {
  GenesisOp genesis;
  std::vector<ExchangeKey> epoch_keys;  // of genesis.compartments
};

Result<Made> make_genesis(const InitOptions& options, const MemberSecrets& secrets,
                          Random& random) {
  Made made;
  GenesisOp& op = made.genesis;
  COFFRE_TRY(random.fill(op.random.bytes));
  COFFRE_TRY_ASSIGN(op.practice, checked_line(options.practice, kNameBytesMax));
  COFFRE_TRY_ASSIGN(op.practice, to_nfc(op.practice));
  op.cost = options.cost;
  COFFRE_TRY_ASSIGN(op.user, random.id());
  COFFRE_TRY_ASSIGN(op.user_name, checked_name(options.owner));
  op.key = secrets.public_key();
  for (const DefaultCompartment& wanted : kDefaultCompartments) {
    COFFRE_TRY_ASSIGN(ExchangeKey key, ExchangeKey::generate(random));
    COFFRE_TRY_ASSIGN(const Id id, random.id());
    op.compartments.push_back({id, wanted.purpose, wanted.name, key.public_key()});
    made.epoch_keys.push_back(std::move(key));
  }
  for (const DefaultRole& wanted : kDefaultRoles) {
    RoleOp role;
    COFFRE_TRY_ASSIGN(role.id, random.id());
    role.name = wanted.name;
    role.vault_rights = wanted.vault_rights;
    for (std::size_t index = 0; index < wanted.rights.size(); ++index) {
      if (wanted.rights[index] != 0) {
        role.rights.push_back({op.compartments[index].id, wanted.rights[index]});
      }
    }
    op.roles.push_back(std::move(role));
  }
  op.user_roles.push_back(op.roles.front().id);
  return made;
}

Status write_genesis(Vault::Impl& vault, const InitOptions& options, const Unlocker& unlocker,
                     MemberSecrets secrets) {
  Random& random = vault.environment.random;
  COFFRE_TRY_ASSIGN(const Made made, make_genesis(options, secrets, random));
  const Id owner = made.genesis.user;
  COFFRE_TRY_ASSIGN(const MemberSecrets copy, secrets.clone());
  vault.keyring.open(owner, std::move(secrets));
  return vault.commit([&](Commit& commit) -> Status {
    COFFRE_TRY(commit.add_policy(made.genesis));
    const Hash vault_id = commit.policy().vault();
    // Named by the first grant's entry.
    COFFRE_TRY_ASSIGN(const Id slot, random.id());
    COFFRE_TRY_ASSIGN(const Bytes body,
                      make_slot(vault_id, owner, slot, copy, unlocker, options.cost, random));
    COFFRE_TRY(commit.insert(Table::kSlots, slot.view(), body, owner));
    for (std::size_t index = 0; index < made.epoch_keys.size(); ++index) {
      const Id compartment = made.genesis.compartments[index].id;
      const ExchangeKey& key = made.epoch_keys[index];
      GrantOp grant{compartment, 1, owner, vault.keyring.key_id(), {}};
      COFFRE_TRY_ASSIGN(grant.sealed,
                        seal_grant(vault_id, compartment, 1, key, *commit.policy().user(owner),
                                   vault.keyring.key_id(), random));
      COFFRE_TRY(commit.add_policy(grant));
      COFFRE_TRY(vault.keyring.add_epoch(vault_id, compartment, 1, key));
    }
    return {};
  });
}

}  // namespace

Result<Hash> Vault::create(const std::string& given_path, const InitOptions& options,
                           const Credentials& owner, const VaultEnvironment& environment) {
  COFFRE_TRY_ASSIGN(const std::string path, absolute_path(given_path));
  COFFRE_TRY(check_password_cost(options.cost));
  COFFRE_TRY(checked_name(options.owner));
  COFFRE_TRY_ASSIGN(const Unlocker unlocker, make_unlocker(owner.password, options.key_file));
  COFFRE_TRY(check_password_floor(unlocker.password));
  COFFRE_TRY_ASSIGN(HeadMemory memory, HeadMemory::open(environment.state_directory));
  COFFRE_TRY_ASSIGN(MemberSecrets secrets, MemberSecrets::generate(environment.random));
  SqliteOptions store_options;
  store_options.patience_ms = environment.patience_ms;
  COFFRE_TRY_ASSIGN(std::unique_ptr<Store> store, create_sqlite_store(path, store_options));
  Impl impl(environment, path, std::move(store), std::move(memory));
  const Status written = [&]() -> Status {
    COFFRE_TRY(impl.memory.forget_path(path));
    impl.state.emplace();
    COFFRE_TRY(impl.state->tree.load({}, 1));
    COFFRE_TRY(impl.lease.begin_unlock());
    COFFRE_TRY_ASSIGN(impl.session, environment.random.id());
    return write_genesis(impl, options, unlocker, std::move(secrets));
  }();
  impl.lease.finish_unlock(false, 0);
  if (!written) {
    impl.store.reset();
    // An unfinished vault is nobody's: the name is free again.
    static_cast<void>(os().unlink(path.c_str()));
    static_cast<void>(os().unlink((path + "-journal").c_str()));
    return std::unexpected<Error>(written.error());
  }
  return impl.log.vault();
}

}  // namespace coffre
