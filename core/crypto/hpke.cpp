#include "core/crypto/hpke.h"

#include <initializer_list>
#include <new>

#include "core/crypto/aead.h"
#include "core/crypto/hkdf.h"

namespace coffre::hpke {
namespace {

constexpr std::array<Byte, 5> kKemSuite = {'K', 'E', 'M', 0x00, 0x20};
constexpr std::array<Byte, 10> kSuite = {'H', 'P', 'K', 'E', 0x00, 0x20, 0x00, 0x01, 0x00, 0x02};
constexpr std::string_view kVersion = "HPKE-v1";
constexpr Byte kModeBase = 0;
constexpr std::size_t kHashSize = 32;
constexpr std::size_t kExportSizeMax = 255 * kHashSize;

WipedBytes joined(std::initializer_list<ByteView> parts) {
  std::size_t size = 0;
  for (const ByteView part : parts) size += part.size();
  WipedBytes all;
  all.reserve(size);
  for (const ByteView part : parts) all.insert(all.end(), part.begin(), part.end());
  return all;
}

// RFC 9180 §4.
Result<Secret> labeled_extract(ByteView suite, ByteView salt, std::string_view label,
                               ByteView input) {
  const WipedBytes labeled = joined({as_bytes(kVersion), suite, as_bytes(label), input});
  return hkdf_sha256_extract(salt, labeled);
}

Result<Secret> labeled_expand(ByteView suite, ByteView key, std::string_view label, ByteView info,
                              std::size_t size) {
  const std::array<Byte, 2> length = {static_cast<Byte>(size >> 8), static_cast<Byte>(size)};
  const WipedBytes labeled = joined({length, as_bytes(kVersion), suite, as_bytes(label), info});
  return hkdf_sha256_expand(key, labeled, size);
}

// §4.1: the shared secret of DHKEM.
Result<Secret> kem_secret(const ExchangeKey& own, const ExchangePublicKey& peer,
                          const ExchangePublicKey& encapsulated,
                          const ExchangePublicKey& recipient) {
  COFFRE_TRY_ASSIGN(const Secret dh, own.agree(peer));
  COFFRE_TRY_ASSIGN(const Secret prk, labeled_extract(kKemSuite, {}, "eae_prk", dh.expose()));
  const WipedBytes context = joined({encapsulated.view(), recipient.view()});
  return labeled_expand(kKemSuite, prk.expose(), "shared_secret", context, kHashSize);
}

struct Schedule {
  Secret key;
  Secret base_nonce;
  Secret exporter;
};

// §5.1, base mode: no pre-shared key.
Result<Schedule> key_schedule(const Secret& shared, ByteView info) {
  COFFRE_TRY_ASSIGN(const Secret psk_id, labeled_extract(kSuite, {}, "psk_id_hash", {}));
  COFFRE_TRY_ASSIGN(const Secret info_hash, labeled_extract(kSuite, {}, "info_hash", info));
  const WipedBytes context = joined({{&kModeBase, 1}, psk_id.expose(), info_hash.expose()});
  COFFRE_TRY_ASSIGN(const Secret secret, labeled_extract(kSuite, shared.expose(), "secret", {}));
  Schedule made;
  COFFRE_TRY_ASSIGN(made.key,
                    labeled_expand(kSuite, secret.expose(), "key", context, kAeadKeySize));
  COFFRE_TRY_ASSIGN(made.base_nonce,
                    labeled_expand(kSuite, secret.expose(), "base_nonce", context, kAeadNonceSize));
  COFFRE_TRY_ASSIGN(made.exporter,
                    labeled_expand(kSuite, secret.expose(), "exp", context, kHashSize));
  return made;
}

}  // namespace

Result<Bytes> seal(const ExchangePublicKey& recipient, ByteView info, ByteView associated,
                   ByteView plaintext, Random& random) {
  if (plaintext.size() > Secret::kSizeMax) {
    return fail(Code::kLimit, N_("the data is too large to be sealed in memory"));
  }
  try {
    COFFRE_TRY_ASSIGN(const ExchangeKey ephemeral, ExchangeKey::generate(random));
    COFFRE_TRY_ASSIGN(const Secret shared,
                      kem_secret(ephemeral, recipient, ephemeral.public_key(), recipient));
    COFFRE_TRY_ASSIGN(const Schedule schedule, key_schedule(shared, info));
    COFFRE_TRY_ASSIGN(AeadKey key, AeadKey::create(schedule.key.expose()));
    Bytes message(kEncapsulatedSize + plaintext.size() + kAeadTagSize);
    const ByteView encapsulated = ephemeral.public_key().view();
    std::copy(encapsulated.begin(), encapsulated.end(), message.begin());
    key.seal(schedule.base_nonce.expose(), associated, plaintext,
             MutableByteView(message).subspan(kEncapsulatedSize));
    return message;
  } catch (const std::bad_alloc&) {
    return fail(Code::kOutOfMemory, N_("there is not enough memory"));
  }
}

Result<Secret> open(const ExchangeKey& recipient, ByteView info, ByteView associated,
                    ByteView message) {
  if (message.size() < kEncapsulatedSize + kAeadTagSize) {
    return fail(Code::kDamaged, N_("sealed data has an impossible length"));
  }
  COFFRE_TRY_ASSIGN(const auto encapsulated,
                    ExchangePublicKey::from(message.first(kEncapsulatedSize)));
  COFFRE_TRY_ASSIGN(auto context, RecipientContext::create(recipient, encapsulated, info));
  return context.open(associated, message.subspan(kEncapsulatedSize));
}

Result<RecipientContext> RecipientContext::create(const ExchangeKey& recipient,
                                                  const ExchangePublicKey& encapsulated,
                                                  ByteView info) {
  try {
    COFFRE_TRY_ASSIGN(const Secret shared,
                      kem_secret(recipient, encapsulated, encapsulated, recipient.public_key()));
    COFFRE_TRY_ASSIGN(Schedule schedule, key_schedule(shared, info));
    RecipientContext context;
    context.key_ = std::move(schedule.key);
    context.base_nonce_ = std::move(schedule.base_nonce);
    context.exporter_ = std::move(schedule.exporter);
    return context;
  } catch (const std::bad_alloc&) {
    return fail(Code::kOutOfMemory, N_("there is not enough memory"));
  }
}

Result<Secret> RecipientContext::open(ByteView associated, ByteView sealed) {
  if (sealed.size() < kAeadTagSize || sealed.size() - kAeadTagSize > Secret::kSizeMax) {
    return fail(Code::kDamaged, N_("sealed data has an impossible length"));
  }
  std::array<Byte, kAeadNonceSize> nonce{};
  const ByteView base = base_nonce_.expose();
  COFFRE_ASSERT(base.size() == nonce.size());
  std::copy(base.begin(), base.end(), nonce.begin());
  for (std::size_t i = 0; i < 8; ++i) {
    nonce[11 - i] = static_cast<Byte>(nonce[11 - i] ^ (sequence_ >> (8 * i)));
  }
  COFFRE_TRY_ASSIGN(AeadKey key, AeadKey::create(key_.expose()));
  Secret plaintext;  // stays empty for an empty message, which is authentic all the same
  if (sealed.size() > kAeadTagSize) {
    COFFRE_TRY_ASSIGN(plaintext, Secret::create(sealed.size() - kAeadTagSize));
  }
  const bool authentic = key.open(nonce, associated, sealed, plaintext.expose());
  wipe_bytes(nonce);
  if (!authentic) return fail(Code::kDamaged, N_("sealed data is damaged or was changed"));
  ++sequence_;
  return plaintext;
}

Result<Secret> RecipientContext::export_secret(ByteView context, std::size_t size) const {
  if (size == 0 || size > kExportSizeMax) {
    return fail(Code::kInvalidArgument, N_("a derived key cannot have this length"));
  }
  try {
    return labeled_expand(kSuite, exporter_.expose(), "sec", context, size);
  } catch (const std::bad_alloc&) {
    return fail(Code::kOutOfMemory, N_("there is not enough memory"));
  }
}

}  // namespace coffre::hpke
