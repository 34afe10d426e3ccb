// A member who may file, with a program of their own, files what nobody can read: the others read
// on, and are told who it was.
#include <gtest/gtest.h>

#include "core/vault/payload.h"
#include "core/vault/rows.h"
#include "tests/core/vault/damage.h"
#include "tests/core/vault/expect.h"

namespace coffre::test {
namespace {

class Unreadable : public testing::Test {
 protected:
  Unreadable() {
    auto secretary = need(practice_.unlock("sec"));
    filed_ =
        need(file_document(*secretary, "medical", practice_.patient(), sample_bytes(900), "Bilan"));
    need(secretary->ask_reader(filed_, RequestKind::kMove, "patient voisin"));
  }

  // The secretary, who may deposit in medical and not read there, or where patients lie, puts a
  // record under an envelope of her own: this payload, or bytes that no key opens.
  Id plant(ObjectKind kind, const std::optional<Bytes>& payload) {
    auto secretary = need(practice_.unlock("sec"));
    const Id id = need(system_random().id());
    need(secretary->impl().commit([&](Commit& commit) -> Status {
      const bool is_patient = kind == ObjectKind::kPatient;
      const Id place = compartment_of(*secretary, is_patient ? "administrative" : "medical");
      COFFRE_TRY_ASSIGN(SealingEnvelope * envelope, commit.envelope(place));
      const RecordRow row{kind, place, 1, envelope->id, {}};
      COFFRE_TRY_ASSIGN(
          Bytes body, seal_record(envelope->key, system_random(), secretary->impl().log.vault(), id,
                                  row, payload.value_or(sample_bytes(40))));
      if (!payload) {
        body.back() ^= 1U;
      }
      COFFRE_TRY(commit.insert(Table::kRecords, id.view(), body, place));
      return commit.add_event(secretary->impl().event(Action::kDeposit));
    }));
    return id;
  }
  // An envelope that is signed by her and opens for nobody, with a record under it.
  Id plant_under_a_shut_envelope(ObjectKind kind) {
    auto secretary = need(practice_.unlock("sec"));
    const Id place = compartment_of(*secretary, "medical");
    // The key is not the compartment's: who reads there has no other half of it.
    const MemberSecrets nobody = need(MemberSecrets::generate(system_random()));
    const MadeEnvelope made =
        need(make_envelope(secretary->policy().vault(), place, 1, nobody.exchange.public_key(),
                           nullptr, secretary->impl().keyring.member(), system_random()));
    const Id id = need(system_random().id());
    Writer body;
    body.u8(static_cast<std::uint8_t>(kind)).fixed(place).u64(1).fixed(made.id);
    body.raw(sample_bytes(540, 3));
    ForgedCommit forged(*secretary);
    forged.insert(Table::kEnvelopes, made.id.view(), made.body, place);
    forged.insert(Table::kRecords, id.view(), body.take(), place);
    forged.event();
    static_cast<void>(forged.finish());
    return id;
  }
  static void expect_blamed(const std::vector<UnreadableRecord>& left_out, const Id& id) {
    ASSERT_EQ(left_out.size(), 1U);
    EXPECT_EQ(left_out[0].id, id);
    EXPECT_EQ(left_out[0].from, "sec");
  }

  Practice practice_;
  Id filed_;
};

TEST_F(Unreadable, ARequestThatMakesNoSenseLeavesTheOthersAndNamesWhoSentIt) {
  const Id planted = plant(ObjectKind::kRequest, sample_bytes(40));
  auto practitioner = need(practice_.unlock("prac"));
  EXPECT_EQ(practitioner->requests().error().code, Code::kDamaged) << "who asks for all or nothing";
  std::vector<UnreadableRecord> left_out;
  const auto open = must(practitioner->requests(&left_out));
  ASSERT_EQ(open.size(), 1U);
  EXPECT_EQ(open[0].words, "patient voisin");
  expect_blamed(left_out, planted);
  EXPECT_EQ(left_out[0].compartment, compartment_of(*practitioner, "medical"));
}

TEST_F(Unreadable, ARequestThatDoesNotOpenToo) {
  const Id planted = plant(ObjectKind::kRequest, std::nullopt);
  auto practitioner = need(practice_.unlock("prac"));
  std::vector<UnreadableRecord> left_out;
  EXPECT_EQ(must(practitioner->requests(&left_out)).size(), 1U);
  expect_blamed(left_out, planted);
}

TEST_F(Unreadable, ARequestUnderAnEnvelopeThatDoesNotOpenToo) {
  const Id planted = plant_under_a_shut_envelope(ObjectKind::kRequest);
  auto practitioner = need(practice_.unlock("prac"));
  std::vector<UnreadableRecord> left_out;
  EXPECT_EQ(must(practitioner->requests(&left_out)).size(), 1U);
  expect_blamed(left_out, planted);
}

TEST_F(Unreadable, SuchARequestIsClosedByOneWhoMayChange) {
  for (const Id& planted : {plant(ObjectKind::kRequest, sample_bytes(40)),
                            plant_under_a_shut_envelope(ObjectKind::kRequest)}) {
    {
      auto billing = need(practice_.unlock("bill"));
      EXPECT_EQ(billing->close_request(planted).error().code, Code::kDenied);
    }
    auto practitioner = need(practice_.unlock("prac"));
    need(practitioner->close_request(planted));
  }
  auto owner = need(practice_.unlock("marie", "never seen"));
  std::vector<UnreadableRecord> left_out;
  EXPECT_EQ(must(owner->requests(&left_out)).size(), 1U);
  EXPECT_TRUE(left_out.empty());
}

TEST_F(Unreadable, ADocumentLeavesTheOthersAndNamesWhoFiledIt) {
  const Id planted = plant(ObjectKind::kDocument, sample_bytes(40));
  auto practitioner = need(practice_.unlock("prac"));
  EXPECT_EQ(practitioner->documents({}).error().code, Code::kDamaged);
  std::vector<UnreadableRecord> left_out;
  EXPECT_EQ(must(practitioner->documents({}, &left_out)).size(), 1U);
  expect_blamed(left_out, planted);
}

TEST_F(Unreadable, APatientLeavesTheOthers) {
  const Id planted = plant(ObjectKind::kPatient, sample_bytes(40));
  auto practitioner = need(practice_.unlock("prac"));
  std::vector<UnreadableRecord> left_out;
  EXPECT_EQ(must(practitioner->patients({}, &left_out)).size(), 1U);
  expect_blamed(left_out, planted);
}

TEST_F(Unreadable, AJournalEntryHidesNoOthersAndIsShownWithItsAuthor) {
  std::uint64_t planted = 0;
  {
    auto secretary = need(practice_.unlock("sec"));
    ForgedCommit forged(*secretary);
    forged.event();
    planted = forged.finish();
  }
  auto officer = need(practice_.unlock("priv"));
  // Nobody knows what it was about: it is shown with every object.
  const auto lines = must(officer->journal({}, filed_));
  const auto line = std::ranges::find(lines, planted, &JournalLine::sequence);
  ASSERT_NE(line, lines.end());
  EXPECT_EQ(line->action, std::nullopt);
  EXPECT_EQ(line->outcome, "unreadable");
  EXPECT_EQ(line->actor, "sec");
  EXPECT_EQ(line->reason + line->recipient + line->workstation, "");
  EXPECT_EQ(std::ranges::count(lines, Action::kImport, &JournalLine::action), 1);
  EXPECT_EQ(std::ranges::count(must(officer->journal({}, {})), std::optional<Action>(),
                               &JournalLine::action),
            1);
}

TEST_F(Unreadable, AJournalEntryThatIsChangedWhileTheVaultIsOpenHidesNoOthers) {
  auto officer = need(practice_.unlock("priv"));
  const auto before = must(officer->journal({}, filed_));
  RawVault raw(practice_.path());
  const auto row = static_cast<std::int64_t>(before.front().sequence) + 1;
  Bytes body = raw.blob("SELECT body FROM entries WHERE row=?", {row});
  body.back() ^= 1U;
  ASSERT_EQ(raw.run("UPDATE entries SET body=? WHERE row=?", {body, row}), 1);
  const auto after = must(officer->journal({}, filed_));
  ASSERT_EQ(after.size(), before.size() + 1);  // and this reading
  EXPECT_EQ(after.front().action, std::nullopt);
  EXPECT_EQ(after.front().actor, before.front().actor);
  EXPECT_EQ(after.front().sequence, before.front().sequence);
  for (std::size_t index = 1; index < before.size(); ++index) {
    EXPECT_EQ(after[index].action, before[index].action);
  }
}

// What was changed after it was signed is no person's doing: it still fails the whole.
TEST_F(Unreadable, ARowThatIsChangedWhileTheVaultIsOpenFailsTheWhole) {
  auto practitioner = need(practice_.unlock("prac"));
  RawVault raw(practice_.path());
  const Bytes body = raw.blob("SELECT body FROM records WHERE id=?",
                              {Bytes(filed_.bytes.begin(), filed_.bytes.end())});
  Bytes changed = body;
  changed.back() ^= 1U;
  ASSERT_EQ(raw.run("UPDATE records SET body=? WHERE id=?",
                    {changed, Bytes(filed_.bytes.begin(), filed_.bytes.end())}),
            1);
  std::vector<UnreadableRecord> left_out;
  EXPECT_EQ(practitioner->documents({}, &left_out).error().code, Code::kDamaged);
  EXPECT_TRUE(left_out.empty());
}

}  // namespace
}  // namespace coffre::test
