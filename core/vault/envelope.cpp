#include "core/vault/envelope.h"

#include "core/crypto/hash.h"
#include "core/crypto/hkdf.h"
#include "core/crypto/hpke.h"
#include "core/vault/hints.h"

namespace coffre {
namespace {

constexpr const char* kEnvelopeLabel = "coffre/envelope/v1";
constexpr const char* kAdoptionLabel = "coffre/adoption/v1";
constexpr std::size_t kReaderSealed = kAeadNonceSize + 32 + kAeadTagSize;
constexpr std::size_t kDepositorSealed = hpke::kEncapsulatedSize + 32 + kAeadTagSize;

std::unexpected<Error> damaged_envelope(ByteView id) {
  return fail(Code::kDamaged, N_("an envelope was changed"),
              to_hex(id.first(std::min<std::size_t>(8, id.size()))), kRestoreHint);
}

Result<Hash> commitment_of(ByteView key) {
  COFFRE_TRY_ASSIGN(const Secret commitment,
                    hkdf_sha256_expand(key, label("coffre/envelope/commitment/v1"), Hash::kSize));
  return Hash::from(commitment.expose());
}

Bytes deposit_info(ByteView prefix) {
  Writer info;
  info.raw(label("coffre/envelope-key/v1")).raw(prefix);
  return info.take();
}

Result<Secret> checked_key(Result<Secret> key, const Envelope& envelope) {
  if (!key || key->size() != 32) {
    return damaged_envelope(envelope.id.view());
  }
  COFFRE_TRY_ASSIGN(const Hash commitment, commitment_of(key->expose()));
  if (commitment != envelope.commitment) {
    return damaged_envelope(envelope.id.view());
  }
  return key;
}

Bytes bytes_of(ByteView view) { return {view.begin(), view.end()}; }

}  // namespace

Result<Envelope> Envelope::parse(const Hash& vault, ByteView row_id, ByteView body) {
  Envelope made;
  made.id = sha256(body);
  if (!std::ranges::equal(made.id.view(), row_id)) {
    return damaged_envelope(row_id);
  }
  Reader in(body);
  COFFRE_TRY(in.expect(label(kEnvelopeLabel)));
  COFFRE_TRY(in.expect(vault.view()));
  COFFRE_TRY_ASSIGN(made.compartment, in.fixed<Id>());
  COFFRE_TRY_ASSIGN(made.epoch, in.u32());
  COFFRE_TRY_ASSIGN(made.creator, in.fixed<Hash>());
  COFFRE_TRY_ASSIGN(const std::uint8_t kind, in.u8());
  if (kind != 1 && kind != 2) {
    return damaged_envelope(row_id);
  }
  made.kind = static_cast<EnvelopeKind>(kind);
  COFFRE_TRY_ASSIGN(made.commitment, in.fixed<Hash>());
  made.prefix = bytes_of(body.first(body.size() - in.left()));
  COFFRE_TRY_ASSIGN(const ByteView sealed,
                    in.take(made.kind == EnvelopeKind::kReader ? kReaderSealed : kDepositorSealed));
  made.sealed = bytes_of(sealed);
  made.signed_part = bytes_of(body.first(body.size() - in.left()));
  COFFRE_TRY_ASSIGN(made.signature, in.fixed<Signature>());
  COFFRE_TRY(in.finish());
  return made;
}

Result<Secret> Envelope::open_as_reader(AeadKey& read_key) const {
  return checked_key(open_box(read_key, prefix, sealed), *this);
}

Result<Secret> Envelope::open_as_deposited(const ExchangeKey& epoch_key) const {
  return checked_key(hpke::open(epoch_key, deposit_info(prefix), {}, sealed), *this);
}

Result<Adoption> Adoption::parse(const Hash& vault, ByteView row_id, ByteView body) {
  Adoption made;
  Reader in(body);
  COFFRE_TRY(in.expect(label(kAdoptionLabel)));
  COFFRE_TRY(in.expect(vault.view()));
  COFFRE_TRY_ASSIGN(made.envelope, in.fixed<Hash>());
  if (!std::ranges::equal(made.envelope.view(), row_id)) {
    return damaged_envelope(row_id);
  }
  COFFRE_TRY_ASSIGN(made.adopter, in.fixed<Hash>());
  made.prefix = bytes_of(body.first(body.size() - in.left()));
  COFFRE_TRY_ASSIGN(const ByteView sealed, in.take(kReaderSealed));
  made.sealed = bytes_of(sealed);
  made.signed_part = bytes_of(body.first(body.size() - in.left()));
  COFFRE_TRY_ASSIGN(made.signature, in.fixed<Signature>());
  COFFRE_TRY(in.finish());
  return made;
}

Result<Secret> Adoption::open(AeadKey& read_key, const Envelope& envelope_of) const {
  return checked_key(open_box(read_key, prefix, sealed), envelope_of);
}

Result<MadeEnvelope> make_envelope(const Hash& vault, const Id& compartment, std::uint32_t epoch,
                                   const ExchangePublicKey& epoch_key, AeadKey* read_key,
                                   const MemberSecrets& creator, Random& random) {
  MadeEnvelope made;
  COFFRE_TRY_ASSIGN(made.key, random.secret(32));
  COFFRE_TRY_ASSIGN(const Hash commitment, commitment_of(made.key.expose()));
  Writer out;
  out.raw(label(kEnvelopeLabel)).fixed(vault).fixed(compartment).u32(epoch);
  out.fixed(creator.public_key().id());
  out.u8(static_cast<std::uint8_t>(read_key != nullptr ? EnvelopeKind::kReader
                                                       : EnvelopeKind::kDepositor));
  out.fixed(commitment);
  if (read_key != nullptr) {
    COFFRE_TRY_ASSIGN(const Bytes sealed,
                      seal_box(*read_key, random, out.view(), made.key.expose()));
    out.raw(sealed);
  } else {
    COFFRE_TRY_ASSIGN(const Bytes sealed, hpke::seal(epoch_key, deposit_info(out.view()), {},
                                                     made.key.expose(), random));
    out.raw(sealed);
  }
  out.fixed(creator.signing.sign(out.view()));
  made.body = out.take();
  made.id = sha256(made.body);
  return made;
}

Result<Bytes> make_adoption(const Hash& vault, const Hash& envelope, ByteView key,
                            AeadKey& read_key, const MemberSecrets& adopter, Random& random) {
  Writer out;
  out.raw(label(kAdoptionLabel)).fixed(vault).fixed(envelope).fixed(adopter.public_key().id());
  COFFRE_TRY_ASSIGN(const Bytes sealed, seal_box(read_key, random, out.view(), key));
  out.raw(sealed);
  out.fixed(adopter.signing.sign(out.view()));
  return out.take();
}

Result<AeadKey> envelope_aead(ByteView key) {
  COFFRE_TRY_ASSIGN(const Secret derived,
                    hkdf_sha256_expand(key, label("coffre/envelope/aead/v1"), kAeadKeySize));
  return AeadKey::create(derived.expose());
}

Result<AeadKey> epoch_read_key(const Hash& vault, const Id& compartment, std::uint32_t epoch,
                               const ExchangeKey& epoch_key) {
  Writer info;
  info.raw(label("coffre/read-key/v1")).fixed(vault).fixed(compartment).u32(epoch);
  COFFRE_TRY_ASSIGN(const Secret derived, hkdf_sha256_expand(epoch_key.private_key().expose(),
                                                             info.view(), kAeadKeySize));
  return AeadKey::create(derived.expose());
}

}  // namespace coffre
