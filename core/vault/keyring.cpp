#include "core/vault/keyring.h"

#include <cstring>

#include "core/crypto/hkdf.h"
#include "core/crypto/hpke.h"
#include "core/vault/hints.h"

namespace coffre {
namespace {

std::unexpected<Error> damaged_key(const std::string& compartment) {
  return fail(Code::kDamaged, N_("the key of a compartment does not belong to it"), compartment,
              kRestoreHint);
}

Bytes chain_context(const Hash& vault, const Id& compartment, std::uint32_t epoch) {
  Writer out;
  out.raw(label("coffre/epoch-chain/v1")).fixed(vault).fixed(compartment).u32(epoch);
  return out.take();
}

}  // namespace

std::size_t HashHasher::operator()(const Hash& hash) const {
  std::size_t value = 0;
  std::memcpy(&value, hash.bytes.data(), sizeof(value));
  return value;
}

std::size_t IdHasher::operator()(const Id& id) const {
  std::size_t value = 0;
  std::memcpy(&value, id.bytes.data(), sizeof(value));
  return value;
}

void Keyring::open(const Id& user, MemberSecrets member) {
  wipe();
  user_ = user;
  key_id_ = member.public_key().id();
  member_.emplace(std::move(member));
}

void Keyring::wipe() {
  member_.reset();
  own_key_.reset();
  epochs_.clear();
  opened.clear();
  sealing.clear();
}

Result<AeadKey*> Keyring::own_key(const Hash& vault) {
  COFFRE_ASSERT(is_open());
  if (!own_key_) {
    Writer info;
    info.raw(label("coffre/own-key/v1")).fixed(vault).fixed(user_);
    COFFRE_TRY_ASSIGN(
        const Secret derived,
        hkdf_sha256_expand(member_->exchange.private_key().expose(), info.view(), kAeadKeySize));
    COFFRE_TRY_ASSIGN(own_key_, AeadKey::create(derived.expose()));
  }
  return &*own_key_;
}

Status Keyring::refresh(const Policy& policy) {
  COFFRE_ASSERT(is_open());
  const User* user = policy.user(user_);
  COFFRE_ASSERT(user != nullptr);
  std::erase_if(sealing, [&](const auto& entry) {
    const Compartment* compartment = policy.compartment(entry.first);
    return compartment == nullptr || compartment->epoch() != entry.second.epoch;
  });
  for (const auto& [id, compartment] : policy.compartments()) {
    const Grant* grant = policy.live_grant(*user, id);
    const EpochKeys* known = grant == nullptr ? nullptr : epoch(id, grant->epoch);
    if (grant != nullptr &&
        (known == nullptr || known->exchange.public_key() != compartment.current().key)) {
      COFFRE_TRY(open_chain(policy, compartment, *grant));
    }
  }
  return {};
}

Status Keyring::open_chain(const Policy& policy, const Compartment& compartment,
                           const Grant& grant) {
  const Bytes info =
      grant_info(policy.vault(), compartment.id, grant.epoch, key_id_, grant.granter_key);
  Result<Secret> opened_key = hpke::open(member_->exchange, info, {}, grant.sealed.view());
  for (std::uint32_t epoch = grant.epoch;; --epoch) {
    if (!opened_key) {
      return damaged_key(compartment.name);
    }
    COFFRE_TRY_ASSIGN(ExchangeKey key, ExchangeKey::from_private(opened_key->expose()));
    const Epoch& known = compartment.epochs[epoch - 1];
    if (key.public_key() != known.key) {
      return damaged_key(compartment.name);
    }
    COFFRE_TRY_ASSIGN(AeadKey read_key, epoch_read_key(policy.vault(), compartment.id, epoch, key));
    // A key left by a change that did not come through is replaced; a right one was opened before,
    // with all that is below it.
    const auto before = epochs_.find({compartment.id, epoch});
    const bool opened_before =
        before != epochs_.end() && before->second.exchange.public_key() == known.key;
    const auto at = epochs_
                        .insert_or_assign({compartment.id, epoch},
                                          EpochKeys{std::move(key), std::move(read_key)})
                        .first;
    if (opened_before || epoch == 1) {
      return {};
    }
    opened_key = open_box(at->second.read_key, chain_context(policy.vault(), compartment.id, epoch),
                          known.chain.view());
  }
}

Status Keyring::add_epoch(const Hash& vault, const Id& compartment, std::uint32_t epoch,
                          const ExchangeKey& key) {
  COFFRE_TRY_ASSIGN(ExchangeKey copy, key.clone());
  COFFRE_TRY_ASSIGN(AeadKey read_key, epoch_read_key(vault, compartment, epoch, copy));
  epochs_.insert_or_assign({compartment, epoch}, EpochKeys{std::move(copy), std::move(read_key)});
  return {};
}

EpochKeys* Keyring::epoch(const Id& compartment, std::uint32_t epoch) {
  const auto found = epochs_.find({compartment, epoch});
  return found == epochs_.end() ? nullptr : &found->second;
}

Result<SealedGrant> seal_grant_to(const Hash& vault, const Id& compartment, std::uint32_t epoch,
                                  const ExchangeKey& epoch_key, const MemberKey& recipient,
                                  const Hash& granter_key, Random& random) {
  const Bytes info = grant_info(vault, compartment, epoch, recipient.id(), granter_key);
  COFFRE_TRY_ASSIGN(const Bytes sealed, hpke::seal(recipient.exchange, info, {},
                                                   epoch_key.private_key().expose(), random));
  return SealedGrant::from(sealed);
}

Result<SealedGrant> seal_grant(const Hash& vault, const Id& compartment, std::uint32_t epoch,
                               const ExchangeKey& epoch_key, const User& recipient,
                               const Hash& granter_key, Random& random) {
  return seal_grant_to(vault, compartment, epoch, epoch_key, recipient.key, granter_key, random);
}

Result<ChainBox> seal_chain(const Hash& vault, const Id& compartment, std::uint32_t new_epoch,
                            AeadKey& new_read_key, const ExchangeKey& previous, Random& random) {
  COFFRE_TRY_ASSIGN(const Bytes box,
                    seal_box(new_read_key, random, chain_context(vault, compartment, new_epoch),
                             previous.private_key().expose()));
  return ChainBox::from(box);
}

}  // namespace coffre
