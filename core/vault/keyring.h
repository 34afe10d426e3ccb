// The keys of an unlocked session: the member's own, the epochs' that their grants open, and those
// of envelopes already opened. Everything here is wiped at the lock.
//
// Threads: one at a time; whoever holds a Lease::Use.
#pragma once

#include <map>
#include <optional>
#include <unordered_map>

#include "core/vault/envelope.h"
#include "core/vault/policy.h"

namespace coffre {

struct EpochKeys {
  ExchangeKey exchange;
  AeadKey read_key;
};

// The envelope that a session seals under, in one compartment.
struct SealingEnvelope {
  Hash id;
  std::uint32_t epoch = 0;
  AeadKey key;
  std::uint32_t seals = 0;
};

struct HashHasher {
  std::size_t operator()(const Hash& hash) const;
};

struct IdHasher {
  std::size_t operator()(const Id& id) const;
};

class Keyring {
 public:
  [[nodiscard]] bool is_open() const { return member_.has_value(); }
  [[nodiscard]] const MemberSecrets& member() const { return *member_; }
  [[nodiscard]] const Id& user() const { return user_; }
  [[nodiscard]] const Hash& key_id() const { return key_id_; }

  void open(const Id& user, MemberSecrets member);
  void wipe();
  // Opens the grants that the policy has for this member, and the chains behind them; forgets
  // epochs that were lost and sealing envelopes of closed epochs. kDamaged naming the compartment
  // when a key does not belong to its public key.
  [[nodiscard]] Status refresh(const Policy& policy);
  // A key of an epoch that this session made itself (before the grant to it is applied).
  [[nodiscard]] Status add_epoch(const Hash& vault, const Id& compartment, std::uint32_t epoch,
                                 const ExchangeKey& key);
  // nullptr when this member cannot read the epoch.
  [[nodiscard]] EpochKeys* epoch(const Id& compartment, std::uint32_t epoch);

  // What only this member opens: receipts. HKDF of the member's private key.
  [[nodiscard]] Result<AeadKey*> own_key(const Hash& vault);

  // Keys of opened envelopes, by envelope.
  std::unordered_map<Hash, Secret, HashHasher> opened;
  // By compartment.
  std::map<Id, SealingEnvelope> sealing;

 private:
  [[nodiscard]] Status open_chain(const Policy& policy, const Compartment& compartment,
                                  const Grant& grant);

  std::optional<MemberSecrets> member_;
  std::optional<AeadKey> own_key_;
  Id user_;
  Hash key_id_;
  std::map<std::pair<Id, std::uint32_t>, EpochKeys> epochs_;
};

// Seals an epoch's private key to a member (kinds 4 and 11).
[[nodiscard]] Result<SealedGrant> seal_grant(const Hash& vault, const Id& compartment,
                                             std::uint32_t epoch, const ExchangeKey& epoch_key,
                                             const User& recipient, const Hash& granter_key,
                                             Random& random);
[[nodiscard]] Result<SealedGrant> seal_grant_to(const Hash& vault, const Id& compartment,
                                                std::uint32_t epoch, const ExchangeKey& epoch_key,
                                                const MemberKey& recipient, const Hash& granter_key,
                                                Random& random);
// The box of kind 10: the key of the epoch before under the new epoch's read key.
[[nodiscard]] Result<ChainBox> seal_chain(const Hash& vault, const Id& compartment,
                                          std::uint32_t new_epoch, AeadKey& new_read_key,
                                          const ExchangeKey& previous, Random& random);

}  // namespace coffre
