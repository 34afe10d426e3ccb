// Slots, envelopes, signatures and the cost of passwords forged.
#include <sys/resource.h>

#include <gtest/gtest.h>

#include "core/crypto/hpke.h"
#include "tests/core/vault/damage.h"

namespace coffre::test {
namespace {

constexpr std::size_t kSignature = 64;

class TamperKeys : public testing::Test {
 protected:
  static Signature signature_at_end(const Bytes& body) {
    return need(Signature::from(ByteView(body).last(kSignature)));
  }
  static Bytes with_signature(Bytes body, const Signature& signature) {
    std::ranges::copy(signature.bytes, body.end() - kSignature);
    return body;
  }
  // The practitioner's own slot with a changed body, signed and entered as it should be.
  void replace_own_slot(const std::function<Bytes(Bytes, const SigningKey&)>& edit) {
    auto session = need(practice_.unlock("prac"));
    const Id self = session->impl().keyring.user();
    std::optional<Id> found;
    Bytes body;
    RawVault raw(practice_.path());
    for (const std::int64_t row : raw.rows("slots")) {
      const Bytes one = raw.blob("SELECT body FROM slots WHERE row=?", {row});
      const Slot slot = need(Slot::parse(one));
      if (slot.user == self) {
        found = slot.id;
        body = one;
      }
    }
    ASSERT_TRUE(found.has_value());
    ForgedCommit forged(*session);
    forged.replace(Table::kSlots, found->view(),
                   edit(body, session->impl().keyring.member().signing), self);
    forged.event();
    forged.finish();
  }
  void expect_refused_by_all() {
    for (const char* workstation : {"first", "never seen"}) {
      for (const char* user : {"marie", "prac"}) {
        SCOPED_TRACE(std::string(user) + " at " + workstation);
        expect_refused(access(practice_, user, workstation, practice_.path()));
      }
    }
  }
  static long peak_kib() {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    return usage.ru_maxrss;
  }
  // The peak with what ordinary unlocks take of it (and what AddressSanitizer keeps when they give
  // it back) already in it.
  long peak_kib_after_unlocks() {
    for (int i = 0; i < 4; ++i) (void)need(practice_.unlock("marie"));
    return peak_kib();
  }
  // The cost lies behind label, vault, user, slot and key id.
  static Bytes with_memory(Bytes body, std::uint32_t kib) {
    constexpr std::ptrdiff_t kAt = 15 + 32 + 16 + 16 + 32;
    Writer cost;
    cost.u32(kib);
    std::ranges::copy(cost.view(), body.begin() + kAt);
    return body;
  }
  static Bytes signed_again(Bytes body, const SigningKey& key) {
    const Signature signature = key.sign(ByteView(body).first(body.size() - kSignature));
    return with_signature(std::move(body), signature);
  }
  // An envelope of the practitioner's in "medical", entered as it should be.
  std::uint64_t enter_envelope(const std::function<Bytes(Bytes, const SigningKey&)>& edit) {
    auto session = need(practice_.unlock("prac"));
    Keyring& keys = session->impl().keyring;
    const Id medical = compartment_of(*session, "medical");
    const Compartment& place = *session->policy().compartment(medical);
    const MadeEnvelope made =
        need(make_envelope(session->policy().vault(), medical, 1, place.current().key,
                           &keys.epoch(medical, 1)->read_key, keys.member(), system_random()));
    const Bytes body = edit(made.body, keys.member().signing);
    ForgedCommit forged(*session);
    forged.insert(Table::kEnvelopes, sha256(body).view(), body, medical);
    forged.event();
    return forged.finish();
  }

  Practice practice_;
};

TEST_F(TamperKeys, ThePasswordCostOfASlotIsLowered) {
  replace_own_slot([](Bytes body, const SigningKey& key) {
    return signed_again(with_memory(std::move(body), 8), key);
  });
  expect_refused_by_all();
}

TEST_F(TamperKeys, ThePasswordCostOfASlotIsRaisedTo100GiBAndNoMemoryIsTaken) {
  const long before = peak_kib_after_unlocks();
  replace_own_slot([](Bytes body, const SigningKey& key) {
    return signed_again(with_memory(std::move(body), 100U << 20), key);
  });
  expect_refused_by_all();
  EXPECT_LT(peak_kib() - before, 128 * 1024);
}

TEST_F(TamperKeys, ThePasswordCostOfASlotIsRaisedByWhoHoldsTheFile) {
  const long before = peak_kib_after_unlocks();
  RawVault raw(practice_.path());
  for (const std::int64_t row : raw.rows("slots")) {
    const Bytes body = raw.blob("SELECT body FROM slots WHERE row=?", {row});
    raw.run("UPDATE slots SET body=? WHERE row=?", {with_memory(body, 100U << 20), row});
  }
  expect_refused_by_all();
  EXPECT_LT(peak_kib() - before, 128 * 1024);
}

// A whole journal of one entry, signed by a key of its own: only its cost is wrong.
Code code_of_genesis(Practice& practice, std::uint32_t memory_kib) {
  const std::string path = practice.file("genesis" + std::to_string(memory_kib));
  practice.copy_to(path);
  const MemberSecrets maker = need(MemberSecrets::generate(system_random()));
  RawVault raw(path);
  GenesisOp op =
      std::get<GenesisOp>(need(decode_op(raw.blob("SELECT body FROM entries WHERE row=1"))));
  op.key = maker.public_key();
  op.cost.memory_kib = memory_kib;
  const Bytes body = encode_op(op);
  EntryHeader header;
  header.actor = op.key.id();
  header.kind = EntryKind::kPolicy;
  header.body_hash = entry_body_hash(body);
  StateTree empty;
  need(empty.load({}, 1));
  header.state_root = empty.root();
  const Bytes encoded = header.encode();
  const Signature signature = maker.signing.sign(encoded);
  Frontier frontier;
  frontier.append(entry_leaf(encoded, signature.view()));
  const std::string note =
      Checkpoint::sign(vault_id_of(encoded), 1, frontier.root(), header.actor, maker.signing)
          .encode();
  for (const char* table : {"entries", "slots", "envelopes", "adoptions", "records"}) {
    raw.run(std::string("DELETE FROM ") + table);
  }
  raw.run("INSERT INTO entries(row, header, signature, body) VALUES(1, ?, ?, ?)",
          {encoded, Bytes(signature.bytes.begin(), signature.bytes.end()), body});
  raw.run("UPDATE checkpoints SET note=?", {Bytes(note.begin(), note.end())});
  const auto opened = practice.open(path, "never seen");
  return opened ? Code::kExists : opened.error().code;
}

TEST_F(TamperKeys, ThePasswordCostOfTheGenesisIsLoweredOrRaised) {
  const long before = peak_kib();
  EXPECT_EQ(code_of_genesis(practice_, kPasswordMemoryMinKib), Code::kExists);  // the control
  EXPECT_EQ(code_of_genesis(practice_, kPasswordMemoryMinKib - 1), Code::kDamaged);
  EXPECT_EQ(code_of_genesis(practice_, 100U << 20), Code::kDamaged);
  EXPECT_LT(peak_kib() - before, 128 * 1024);
}

TEST_F(TamperKeys, TheSignatureOfASlotIsRewrittenAsSPlusL) {
  replace_own_slot([](const Bytes& body, const SigningKey&) {
    return with_signature(body, plus_order(signature_at_end(body)));
  });
  expect_refused_by_all();
}

TEST_F(TamperKeys, TheSignatureOfASlotIsAnotherPersons) {
  const SigningKey stranger = need(SigningKey::generate(system_random()));
  replace_own_slot(
      [&](const Bytes& body, const SigningKey&) { return signed_again(body, stranger); });
  expect_refused_by_all();
}

TEST_F(TamperKeys, TheSignatureOfAnEntryIsRewrittenAsSPlusL) {
  auto session = need(practice_.unlock("prac"));
  ForgedCommit forged(*session);
  forged.rewrite_signatures(plus_order);
  forged.event();
  const std::uint64_t entry = forged.finish();
  session.reset();
  expect_blamed(practice_, entry, "prac");
}

TEST_F(TamperKeys, TheSignatureOfTheCheckpointIsRewrittenAsSPlusL) {
  RawVault raw(practice_.path());
  Checkpoint checkpoint = need(Checkpoint::parse(raw.blob("SELECT note FROM checkpoints")));
  checkpoint.signature = plus_order(checkpoint.signature);
  const std::string note = checkpoint.encode();
  raw.run("UPDATE checkpoints SET note=?", {Bytes(note.begin(), note.end())});
  expect_refused_by_all();
}

TEST_F(TamperKeys, TheCheckpointIsSignedBySomebodyElse) {
  const SigningKey stranger = need(SigningKey::generate(system_random()));
  RawVault raw(practice_.path());
  Checkpoint checkpoint = need(Checkpoint::parse(raw.blob("SELECT note FROM checkpoints")));
  checkpoint.signature = stranger.sign(as_bytes(checkpoint.body()));
  const std::string note = checkpoint.encode();
  raw.run("UPDATE checkpoints SET note=?", {Bytes(note.begin(), note.end())});
  expect_refused_by_all();
}

TEST_F(TamperKeys, TheSignatureOfAnEnvelopeIsRewrittenAsSPlusL) {
  const std::uint64_t entry = enter_envelope([](const Bytes& body, const SigningKey&) {
    return with_signature(body, plus_order(signature_at_end(body)));
  });
  expect_blamed(practice_, entry, "prac");
}

TEST_F(TamperKeys, TheSignatureOfAnEnvelopeIsAnotherPersons) {
  const SigningKey stranger = need(SigningKey::generate(system_random()));
  const std::uint64_t entry = enter_envelope(
      [&](const Bytes& body, const SigningKey&) { return signed_again(body, stranger); });
  expect_blamed(practice_, entry, "prac");
}

// Its maker signs another commitment: nobody opens the envelope, and nothing under it.
TEST_F(TamperKeys, TheCommitmentOfAnEnvelopeIsReplacedByItsMaker) {
  enter_envelope([](Bytes body, const SigningKey& key) {
    constexpr std::size_t kCommitmentEnd = 60 + kSignature;
    body[body.size() - kCommitmentEnd - 1] ^= 1;
    return signed_again(std::move(body), key);
  });
  const Access got = access(practice_, "marie", "first", practice_.path());
  EXPECT_FALSE(got.refused_at.empty());
  EXPECT_EQ(got.error.code, Code::kDamaged);
  EXPECT_TRUE(got.content.empty());
}

// The body of the entry that made an account names another key.
TEST_F(TamperKeys, AMembersPublicKeyIsReplacedInTheEntryThatNamesIt) {
  const MemberSecrets stranger = need(MemberSecrets::generate(system_random()));
  RawVault raw(practice_.path());
  for (const std::int64_t row : raw.rows("entries")) {
    const Bytes before = raw.blob("SELECT body FROM entries WHERE row=?", {row});
    EntryHeader header =
        need(EntryHeader::decode(raw.blob("SELECT header FROM entries WHERE row=?", {row})));
    if (header.kind != EntryKind::kPolicy) {
      continue;
    }
    PolicyOp op = need(decode_op(before));
    UserOp* user = std::get_if<UserOp>(&op);
    if (user == nullptr) {
      continue;
    }
    user->key = stranger.public_key();
    const Bytes body = encode_op(op);
    raw.run("UPDATE entries SET body=? WHERE row=?", {body, row});
    expect_refused_by_all();
    // And the header with it, signed by somebody else.
    header.body_hash = entry_body_hash(body);
    const Bytes encoded = header.encode();
    const Signature signature = stranger.signing.sign(encoded);
    raw.run("UPDATE entries SET header=?, signature=? WHERE row=?",
            {encoded, Bytes(signature.bytes.begin(), signature.bytes.end()), row});
    expect_refused_by_all();
    const Access got = access(practice_, "marie", "never seen", practice_.path());
    EXPECT_EQ(got.error.on, "entry " + std::to_string(row - 1) + ", marie");
    return;
  }
  FAIL() << "no account was added";
}

}  // namespace
}  // namespace coffre::test
