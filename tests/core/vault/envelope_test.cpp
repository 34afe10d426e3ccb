// Envelopes, adoptions, and the rows sealed under them: each opens in its own place only.
#include "core/vault/envelope.h"

#include "core/crypto/hash.h"
#include "core/vault/rows.h"
#include "tests/core/vault/expect.h"
#include "tests/core/vault/practice.h"

namespace coffre::test {
namespace {

class EnvelopeTest : public ::testing::Test {
 protected:
  [[nodiscard]] MadeEnvelope made(bool reader) {
    return must(make_envelope(vault_, place_, 2, epoch_.public_key(), reader ? &read_key_ : nullptr,
                              creator_, random_));
  }
  [[nodiscard]] Envelope parsed(const MadeEnvelope& envelope) const {
    return must(Envelope::parse(vault_, envelope.id.view(), envelope.body));
  }

  SeededRandom random_{5};
  Hash vault_ = must(Hash::from(sample_bytes(32)));
  Id place_ = must(random_.id());
  MemberSecrets creator_ = must(MemberSecrets::generate(random_));
  ExchangeKey epoch_ = must(ExchangeKey::generate(random_));
  ExchangeKey other_epoch_ = must(ExchangeKey::generate(random_));
  AeadKey read_key_ = must(epoch_read_key(vault_, place_, 2, epoch_));
};

TEST_F(EnvelopeTest, AReadersOpensWithTheReadKeyOfItsEpochOnly) {
  const MadeEnvelope envelope = made(true);
  const Envelope row = parsed(envelope);
  EXPECT_TRUE(row.signed_by(creator_.signing.public_key()));
  EXPECT_EQ(row.creator, creator_.public_key().id());
  EXPECT_TRUE(
      equal_constant_time(must(row.open_as_reader(read_key_)).expose(), envelope.key.expose()));
  AeadKey later = must(epoch_read_key(vault_, place_, 3, epoch_));
  EXPECT_TRUE(refused(row.open_as_reader(later), Code::kDamaged));
  AeadKey elsewhere = must(epoch_read_key(vault_, must(random_.id()), 2, epoch_));
  EXPECT_TRUE(refused(row.open_as_reader(elsewhere), Code::kDamaged));
}

TEST_F(EnvelopeTest, ADepositorsOpensWithThePrivateKeyAndNotWithTheDepositorsOwn) {
  const MadeEnvelope envelope = made(false);
  const Envelope row = parsed(envelope);
  EXPECT_TRUE(
      equal_constant_time(must(row.open_as_deposited(epoch_)).expose(), envelope.key.expose()));
  EXPECT_TRUE(refused(row.open_as_deposited(other_epoch_), Code::kDamaged));
  EXPECT_TRUE(refused(row.open_as_deposited(creator_.exchange), Code::kDamaged));
}

TEST_F(EnvelopeTest, AnAdoptionGivesTheSameKeyAndIsBoundToItsEnvelope) {
  const MadeEnvelope deposited = made(false);
  const MadeEnvelope other = made(false);
  const MemberSecrets reader = must(MemberSecrets::generate(random_));
  const Bytes body =
      must(make_adoption(vault_, deposited.id, deposited.key.expose(), read_key_, reader, random_));
  const Adoption adoption = must(Adoption::parse(vault_, deposited.id.view(), body));
  EXPECT_TRUE(adoption.signed_by(reader.signing.public_key()));
  EXPECT_TRUE(equal_constant_time(must(adoption.open(read_key_, parsed(deposited))).expose(),
                                  deposited.key.expose()));
  EXPECT_TRUE(refused(adoption.open(read_key_, parsed(other)), Code::kDamaged));
  EXPECT_TRUE(refused(Adoption::parse(vault_, other.id.view(), body), Code::kDamaged));
  // Another key under a right seal: the commitment tells.
  const Bytes false_body =
      must(make_adoption(vault_, deposited.id, other.key.expose(), read_key_, reader, random_));
  const Adoption false_one = must(Adoption::parse(vault_, deposited.id.view(), false_body));
  EXPECT_TRUE(refused(false_one.open(read_key_, parsed(deposited)), Code::kDamaged));
}

TEST_F(EnvelopeTest, AChangedByteAnotherVaultAndATruncationAreRefused) {
  for (const bool reader : {true, false}) {
    const MadeEnvelope envelope = made(reader);
    for (std::size_t at = 0; at < envelope.body.size(); ++at) {
      Bytes changed = envelope.body;
      changed[at] = static_cast<Byte>(changed[at] ^ 1U);
      EXPECT_TRUE(refused(Envelope::parse(vault_, envelope.id.view(), changed), Code::kDamaged));
      // Under the id that would be right for it, the signature or the format tells.
      const auto row = Envelope::parse(vault_, sha256(changed).view(), changed);
      EXPECT_TRUE(!row || !row->signed_by(creator_.signing.public_key())) << at;
      const ByteView cut = ByteView(envelope.body).first(at);
      EXPECT_FALSE(Envelope::parse(vault_, sha256(cut).view(), cut).has_value()) << at;
    }
    EXPECT_FALSE(Envelope::parse(Hash{}, envelope.id.view(), envelope.body).has_value());
  }
}

TEST_F(EnvelopeTest, ARecordOpensUnderItsOwnIdKindPlaceAndRevisionOnly) {
  AeadKey key = must(envelope_aead(made(true).key.expose()));
  const Id id = must(random_.id());
  const RecordRow row{ObjectKind::kPatient, place_, 3, vault_, {}};
  const Bytes payload = sample_bytes(100);
  const Bytes body = must(seal_record(key, random_, vault_, id, row, payload));
  const RecordRow back = must(RecordRow::parse(body));
  EXPECT_EQ(back.revision, 3U);
  const Secret opened = must(back.open(key, vault_, id.view()));
  EXPECT_TRUE(std::ranges::equal(must(unpadded(opened.expose())), payload));
  EXPECT_TRUE(refused(back.open(key, vault_, place_.view()), Code::kDamaged));
  EXPECT_TRUE(refused(back.open(key, Hash{}, id.view()), Code::kDamaged));
  AeadKey other = must(envelope_aead(made(true).key.expose()));
  EXPECT_TRUE(refused(back.open(other, vault_, id.view()), Code::kDamaged));
  for (std::size_t at = 0; at < body.size(); ++at) {
    Bytes changed = body;
    changed[at] = static_cast<Byte>(changed[at] ^ 1U);
    const auto parsed_row = RecordRow::parse(changed);
    EXPECT_TRUE(!parsed_row || !parsed_row->open(key, vault_, id.view())) << at;
  }
}

TEST_F(EnvelopeTest, AVersionOpensUnderItsOwnIdAndFieldsOnly) {
  AeadKey key = must(envelope_aead(made(true).key.expose()));
  const Id id = must(random_.id());
  VersionRow row;
  row.document = must(random_.id());
  row.compartment = place_;
  row.extents = 2;
  row.first = 17;
  row.ciphertext_size = 300'000;
  const Bytes body = must(seal_version(key, random_, vault_, id, row, sample_bytes(32)));
  const VersionRow back = must(VersionRow::parse(body));
  EXPECT_EQ(back.first, 17U);
  const Secret opened = must(back.open(key, vault_, id.view()));
  EXPECT_TRUE(std::ranges::equal(opened.expose(), sample_bytes(32)));
  EXPECT_TRUE(refused(back.open(key, vault_, place_.view()), Code::kDamaged));
  for (std::size_t at = 0; at < body.size(); ++at) {
    Bytes changed = body;
    changed[at] = static_cast<Byte>(changed[at] ^ 1U);
    const auto parsed_row = VersionRow::parse(changed);
    EXPECT_TRUE(!parsed_row || !parsed_row->open(key, vault_, id.view())) << at;
    EXPECT_FALSE(VersionRow::parse(ByteView(body).first(at)).has_value()) << at;
  }
}

}  // namespace
}  // namespace coffre::test
