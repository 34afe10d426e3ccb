#include "core/vault/slot.h"

#include <cmath>

#include "core/base/file.h"
#include "core/base/text.h"
#include "core/crypto/aead.h"
#include "core/crypto/hash.h"
#include "core/crypto/hkdf.h"
#include "core/vault/hints.h"

namespace coffre {
namespace {

constexpr const char* kSlotLabel = "coffre/slot/v1";
constexpr std::size_t kSealedSize = kAeadNonceSize + 64 + kAeadTagSize;
constexpr std::size_t kSecretsSize = 64;

Error wrong_credentials() {
  return Error{Code::kCredentials,
               N_("the name, the password or the key file is wrong"),
               {},
               N_("check the name and the keyboard's layout, and try again")};
}

std::unexpected<Error> damaged_slot() {
  return fail(Code::kDamaged, N_("what locks an account's keys was changed"), {}, kRestoreHint);
}

struct SlotKeys {
  Secret aead;
  Secret commitment;
};

void put_sized(Secret& out, std::size_t& at, ByteView bytes) {
  Writer size;
  size.u32(static_cast<std::uint32_t>(bytes.size()));
  const MutableByteView target = out.expose();
  std::copy(size.view().begin(), size.view().end(), target.begin() + static_cast<long>(at));
  at += size.size();
  std::copy(bytes.begin(), bytes.end(), target.begin() + static_cast<long>(at));
  at += bytes.size();
}

// FORMAT.md §3: stretched, then the factors, length-prefixed, in fixed order.
Result<SlotKeys> derive(const Unlocker& unlocker, bool with_key_file, ByteView salt,
                        const PasswordCost& cost) {
  COFFRE_TRY_ASSIGN(const Secret stretched, hash_password(unlocker.password.expose(), salt, cost));
  const std::size_t factor_size = with_key_file ? 1 + 4 + unlocker.key_file.size() : 0;
  COFFRE_TRY_ASSIGN(Secret input, Secret::create(4 + stretched.size() + factor_size));
  std::size_t at = 0;
  put_sized(input, at, stretched.expose());
  if (with_key_file) {
    input.expose()[at++] = kFactorKeyFile;
    put_sized(input, at, unlocker.key_file.expose());
  }
  COFFRE_TRY_ASSIGN(const Secret extracted,
                    hkdf_sha256_extract(label("coffre/slot-key/v1"), input.expose()));
  SlotKeys keys;
  COFFRE_TRY_ASSIGN(keys.aead, hkdf_sha256_expand(extracted.expose(),
                                                  label("coffre/slot-key/aead/v1"), kAeadKeySize));
  COFFRE_TRY_ASSIGN(
      keys.commitment,
      hkdf_sha256_expand(extracted.expose(), label("coffre/slot-key/commitment/v1"), Hash::kSize));
  return keys;
}

Bytes joined(ByteView a, ByteView b) {
  Writer out;
  out.raw(a).raw(b);
  return out.take();
}

}  // namespace

Result<MemberSecrets> MemberSecrets::generate(Random& random) {
  COFFRE_TRY_ASSIGN(SigningKey signing, SigningKey::generate(random));
  COFFRE_TRY_ASSIGN(ExchangeKey exchange, ExchangeKey::generate(random));
  return MemberSecrets{std::move(signing), std::move(exchange)};
}

Result<MemberSecrets> MemberSecrets::clone() const {
  COFFRE_TRY_ASSIGN(SigningKey signing_copy, signing.clone());
  COFFRE_TRY_ASSIGN(ExchangeKey exchange_copy, exchange.clone());
  return MemberSecrets{std::move(signing_copy), std::move(exchange_copy)};
}

Result<Unlocker> make_unlocker(const Secret& typed, const std::optional<std::string>& key_file) {
  Unlocker unlocker;
  COFFRE_TRY_ASSIGN(unlocker.password, password_nfc(typed.expose()));
  if (key_file) {
    COFFRE_TRY_ASSIGN(const Secret content, read_secret_file(*key_file, kKeyFileMax));
    if (content.empty()) {
      return fail(Code::kInvalidArgument, N_("the key file is empty"), *key_file,
                  N_("choose the key file of this account"));
    }
    const Hash hash = sha256({label("coffre/key-file/v1"), content.expose()});
    COFFRE_TRY_ASSIGN(unlocker.key_file, Secret::copy_of(hash.view()));
  }
  return unlocker;
}

Status check_password_floor(const Secret& password) {
  const double bits = password_bits(as_text(password.expose()));
  if (bits >= kPasswordBitsMin) {
    return {};
  }
  const long tenths = std::lround(std::floor(bits * 10));
  return fail(Code::kFailed, N_("the password is too weak; its strength in bits is"),
              std::to_string(tenths / 10) + "." + std::to_string(tenths % 10) + " < 79.5",
              N_("use 12 characters with lower case, upper case, digits and signs, or 14 without "
                 "signs, or 7 words"));
}

Result<Slot> Slot::parse(ByteView body) {
  Slot slot;
  Reader in(body);
  COFFRE_TRY(in.expect(label(kSlotLabel)));
  COFFRE_TRY(in.take(Hash::kSize));
  COFFRE_TRY_ASSIGN(slot.user, in.fixed<Id>());
  COFFRE_TRY_ASSIGN(slot.id, in.fixed<Id>());
  COFFRE_TRY_ASSIGN(slot.key_id, in.fixed<Hash>());
  COFFRE_TRY_ASSIGN(slot.cost.memory_kib, in.u32());
  COFFRE_TRY_ASSIGN(slot.cost.passes, in.u32());
  COFFRE_TRY_ASSIGN(slot.cost.lanes, in.u32());
  COFFRE_TRY_ASSIGN(const ByteView salt, in.take(kPasswordSaltSize));
  slot.salt.assign(salt.begin(), salt.end());
  COFFRE_TRY_ASSIGN(const std::uint8_t factors, in.u8());
  if (factors > 1) {
    return damaged_slot();
  }
  if (factors == 1) {
    COFFRE_TRY_ASSIGN(const std::uint8_t type, in.u8());
    COFFRE_TRY(in.text(kNameBytesMax));
    if (type != kFactorKeyFile) {
      return damaged_slot();
    }
    slot.wants_key_file = true;
  }
  const ByteView prefix = body.first(body.size() - in.left());
  slot.prefix.assign(prefix.begin(), prefix.end());
  COFFRE_TRY_ASSIGN(slot.commitment, in.fixed<Hash>());
  COFFRE_TRY_ASSIGN(const ByteView sealed, in.take(kSealedSize));
  slot.sealed.assign(sealed.begin(), sealed.end());
  const ByteView signed_part = body.first(body.size() - in.left());
  slot.signed_part.assign(signed_part.begin(), signed_part.end());
  COFFRE_TRY_ASSIGN(slot.signature, in.fixed<Signature>());
  COFFRE_TRY(in.finish());
  return slot;
}

Status Slot::verify(const Policy& policy, const User& user_of, ByteView row_id) const {
  Writer start;
  start.raw(label(kSlotLabel)).fixed(policy.vault()).fixed(user_of.id);
  const bool here = std::ranges::equal(start.view(), ByteView(prefix).first(start.size())) &&
                    std::ranges::equal(id.view(), row_id);
  if (!here || key_id != user_of.key_id || cost != policy.cost() ||
      !verify_signature(user_of.key.signing, signed_part, signature)) {
    return damaged_slot();
  }
  return check_password_cost(cost);
}

Result<MemberSecrets> Slot::open(const Unlocker& unlocker) const {
  // A key file that is missing changes nothing in the time: the password is stretched all the same.
  const bool with_key_file = wants_key_file && !unlocker.key_file.empty();
  COFFRE_TRY_ASSIGN(const SlotKeys keys, derive(unlocker, with_key_file, salt, cost));
  if (!equal_constant_time(keys.commitment.expose(), commitment.view())) {
    return std::unexpected<Error>(wrong_credentials());
  }
  COFFRE_TRY_ASSIGN(AeadKey key, AeadKey::create(keys.aead.expose()));
  COFFRE_TRY_ASSIGN(const Secret opened, open_box(key, joined(prefix, commitment.view()), sealed));
  COFFRE_TRY_ASSIGN(SigningKey signing, SigningKey::from_seed(opened.expose().first(32)));
  COFFRE_TRY_ASSIGN(ExchangeKey exchange, ExchangeKey::from_private(opened.expose().subspan(32)));
  return MemberSecrets{std::move(signing), std::move(exchange)};
}

Result<Bytes> make_slot(const Hash& vault, const Id& user, const Id& slot,
                        const MemberSecrets& secrets, const Unlocker& unlocker,
                        const PasswordCost& cost, Random& random) {
  Bytes salt(kPasswordSaltSize);
  COFFRE_TRY(random.fill(salt));
  const bool with_key_file = !unlocker.key_file.empty();
  Writer out;
  out.raw(label(kSlotLabel)).fixed(vault).fixed(user).fixed(slot);
  out.fixed(secrets.public_key().id());
  out.u32(cost.memory_kib).u32(cost.passes).u32(cost.lanes).raw(salt);
  out.u8(with_key_file ? 1 : 0);
  if (with_key_file) {
    out.u8(kFactorKeyFile).sized("key file");
  }
  COFFRE_TRY_ASSIGN(const SlotKeys keys, derive(unlocker, with_key_file, salt, cost));
  out.raw(keys.commitment.expose());
  COFFRE_TRY_ASSIGN(Secret both, Secret::create(kSecretsSize));
  std::ranges::copy(secrets.signing.seed().expose(), both.expose().begin());
  std::ranges::copy(secrets.exchange.private_key().expose(), both.expose().begin() + 32);
  COFFRE_TRY_ASSIGN(AeadKey key, AeadKey::create(keys.aead.expose()));
  COFFRE_TRY_ASSIGN(const Bytes sealed, seal_box(key, random, out.view(), both.expose()));
  out.raw(sealed);
  out.fixed(secrets.signing.sign(out.view()));
  return out.take();
}

Error refuse_in_same_time(const Unlocker& unlocker, const PasswordCost& cost, Random& random) {
  Bytes salt(kPasswordSaltSize);
  if (const Status filled = random.fill(salt); !filled) {
    return filled.error();
  }
  const Result<SlotKeys> keys = derive(unlocker, false, salt, cost);
  return keys ? wrong_credentials() : keys.error();
}

}  // namespace coffre
