// Payloads come back as they went in; what is malformed is refused, whoever sealed it.
#include "core/vault/payload.h"

#include "core/vault/rows.h"
#include "tests/core/vault/expect.h"
#include "tests/core/vault/practice.h"

namespace coffre::test {
namespace {

Document sample_document(Random& random) {
  Document document;
  document.id = must(random.id());
  document.compartment = must(random.id());
  document.patient = must(random.id());
  document.type = "courrier";
  document.title = "Compte rendu d’échographie";
  document.date = "2026-11-24";
  document.mime = "application/pdf";
  document.size = 123'456'789'012;
  document.version = must(random.id());
  document.filed_ms = 1'764'000'000'000;
  document.content_sha256.bytes.fill(7);
  document.author = must(random.id());
  return document;
}

// A copy at an aligned address, of its exact size: a read behind it is seen by the sanitizer.
Bytes bytes_of(const Secret& secret) { return {secret.expose().begin(), secret.expose().end()}; }

TEST(Payload, APatientComesBack) {
  const Patient patient{Id{}, "L’Hôpital", "Éléonore", "1931-02-28"};
  const Secret encoded = must(encode_patient(patient));
  const Patient back = must(decode_patient(patient.id, encoded.expose()));
  EXPECT_EQ(back.last, patient.last);
  EXPECT_EQ(back.first, patient.first);
  EXPECT_EQ(back.born, patient.born);
}

TEST(Payload, ADocumentComesBackWithAndWithoutAPatient) {
  SeededRandom random(1);
  Document document = sample_document(random);
  for (const bool with_patient : {true, false}) {
    if (!with_patient) {
      document.patient.reset();
    }
    const Secret encoded = must(encode_document(document));
    const Document back =
        must(decode_document(document.id, document.compartment, encoded.expose()));
    EXPECT_EQ(back.patient, document.patient);
    EXPECT_EQ(back.type, document.type);
    EXPECT_EQ(back.title, document.title);
    EXPECT_EQ(back.date, document.date);
    EXPECT_EQ(back.mime, document.mime);
    EXPECT_EQ(back.size, document.size);
    EXPECT_EQ(back.version, document.version);
    EXPECT_EQ(back.filed_ms, document.filed_ms);
    EXPECT_EQ(back.content_sha256, document.content_sha256);
    EXPECT_EQ(back.author, document.author);
  }
}

TEST(Payload, EveryActionAndOutcomeComesBack) {
  for (int number = 0; number <= static_cast<int>(Action::kVerify); ++number) {
    for (const Outcome outcome : {Outcome::kSuccess, Outcome::kFailure, Outcome::kStarted}) {
      Event event;
      event.action = static_cast<Action>(number);
      event.outcome = outcome;
      event.reason = "demande";
      event.intent = 42;
      event.count = 3;
      const Event back = must(decode_event(must(encode_event(event)).expose()));
      EXPECT_EQ(back.action, event.action);
      EXPECT_EQ(back.outcome, event.outcome);
      EXPECT_EQ(back.reason, event.reason);
      EXPECT_EQ(back.intent, event.intent);
      EXPECT_EQ(back.count, event.count);
      EXPECT_EQ(back.object, std::nullopt);
    }
  }
}

TEST(Payload, TheIdentifierOfAnotherKindIsRefused) {
  SeededRandom random(1);
  const Document document = sample_document(random);
  const Secret as_document = must(encode_document(document));
  const Secret as_patient = must(encode_patient({{}, "Dupont", "Éric", "1970-01-02"}));
  const Secret as_event = must(encode_event(Event{}));
  EXPECT_TRUE(refused(decode_patient({}, as_document.expose()), Code::kDamaged));
  EXPECT_TRUE(refused(decode_patient({}, as_event.expose()), Code::kDamaged));
  EXPECT_TRUE(refused(decode_document({}, {}, as_patient.expose()), Code::kDamaged));
  EXPECT_TRUE(refused(decode_event(as_patient.expose()), Code::kDamaged));
}

// A buffer cut at its end may still hold all that is read of it: then it must read the same.
TEST(Payload, EveryTruncationIsRefusedOrChangesNothing) {
  SeededRandom random(1);
  const Document document = sample_document(random);
  const Bytes whole = bytes_of(must(encode_document(document)));
  std::size_t refusals = 0;
  for (std::size_t size = 0; size < whole.size(); ++size) {
    const Bytes cut(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));
    const auto decoded = decode_document(document.id, document.compartment, cut);
    if (decoded) {
      EXPECT_EQ(decoded->title, document.title) << size;
      EXPECT_EQ(decoded->version, document.version) << size;
    } else {
      EXPECT_TRUE(refused(decoded, Code::kDamaged)) << size;
      ++refusals;
    }
  }
  EXPECT_GT(refusals, whole.size() * 9 / 10);
}

TEST(Payload, NoChangedByteReadsOutsideTheBuffer) {
  SeededRandom random(1);
  const Bytes whole = bytes_of(must(encode_document(sample_document(random))));
  for (std::size_t at = 0; at < whole.size(); ++at) {
    for (const unsigned value : {0x00U, 0x01U, 0x7FU, 0x80U, 0xFFU}) {
      Bytes changed = whole;
      changed[at] = static_cast<Byte>(value);
      const auto decoded = decode_document({}, {}, changed);
      EXPECT_TRUE(decoded.has_value() || decoded.error().code == Code::kDamaged) << at;
    }
  }
}

TEST(Padding, ComesOffAndHidesTheLength) {
  for (const std::size_t size :
       {std::size_t{0}, std::size_t{1}, std::size_t{504}, std::size_t{505}, std::size_t{5000}}) {
    const Bytes payload = sample_bytes(size);
    const Secret with = must(padded(payload));
    EXPECT_GE(with.size(), 512U);
    const ByteView back = must(unpadded(with.expose()));
    EXPECT_TRUE(std::ranges::equal(back, payload)) << size;
  }
  EXPECT_EQ(must(padded(sample_bytes(1))).size(), must(padded(sample_bytes(504))).size());
}

TEST(Padding, AnotherSizeAndAByteInItAreDamage) {
  const Bytes with = bytes_of(must(padded(sample_bytes(100))));
  for (const std::size_t size :
       {std::size_t{0}, std::size_t{7}, std::size_t{108}, with.size() - 1}) {
    EXPECT_TRUE(refused(unpadded(ByteView(with).first(size)), Code::kDamaged)) << size;
  }
  Bytes longer = with;
  longer.push_back(0);
  EXPECT_TRUE(refused(unpadded(longer), Code::kDamaged));
  Bytes dirty = with;
  dirty.back() = 1;
  EXPECT_TRUE(refused(unpadded(dirty), Code::kDamaged));
  Bytes too_long = with;
  too_long[0] = 0xFF;
  EXPECT_TRUE(refused(unpadded(too_long), Code::kDamaged));
}

}  // namespace
}  // namespace coffre::test
