// Billing sees no medical document anywhere, and holds no key that would open one.
#include "tests/core/vault/expect.h"
#include "tests/core/vault/practice.h"

namespace coffre::test {
namespace {

Id unknown_id() { return must(system_random().id()); }

bool same_words(const Error& a, const Error& b) {
  return a.code == b.code && std::string(a.what) == b.what && a.on == b.on &&
         std::string(a.hint) == b.hint;
}

// The rows of a state table, as they lie in the file.
std::vector<OwnedStateRow> rows_of(Vault& vault, Table table) {
  std::vector<OwnedStateRow> rows;
  const auto view = must(vault.impl().store->read());
  if (const auto range = must(view->row_range(table))) {
    must(view->scan(table, range->first, range->second, [&](const StateRow& row) -> Status {
      rows.push_back({{row.id.begin(), row.id.end()}, {row.body.begin(), row.body.end()}});
      return {};
    }));
  }
  return rows;
}

// What a session opens with every key that it holds, whatever the policy says.
struct Opened {
  std::size_t envelopes = 0;
  std::size_t records = 0;
  std::size_t versions = 0;
};

// Every epoch key that the keyring has.
std::vector<EpochKeys*> held_keys(Vault& vault) {
  std::vector<EpochKeys*> keys;
  for (const auto& [id, compartment] : vault.policy().compartments()) {
    for (std::uint32_t epoch = 1; epoch <= compartment.epoch(); ++epoch) {
      if (EpochKeys* found = vault.impl().keyring.epoch(id, epoch)) {
        keys.push_back(found);
      }
    }
  }
  return keys;
}

// The keys K that come out of one envelope's row, or its adoption's, with all that is held.
std::vector<Secret> try_envelope(Vault& vault, const Envelope& envelope,
                                 const std::vector<OwnedStateRow>& adoptions) {
  const Hash& id = vault.policy().vault();
  std::vector<Secret> found;
  const auto keep = [&](Result<Secret> key) {
    if (key) {
      found.push_back(*std::move(key));
    }
  };
  keep(envelope.open_as_deposited(vault.impl().keyring.member().exchange));
  for (EpochKeys* keys : held_keys(vault)) {
    keep(envelope.open_as_reader(keys->read_key));
    keep(envelope.open_as_deposited(keys->exchange));
    for (const OwnedStateRow& row : adoptions) {
      const Adoption adoption = must(Adoption::parse(id, row.id, row.body));
      if (adoption.envelope == envelope.id) {
        keep(adoption.open(keys->read_key, envelope));
      }
    }
  }
  return found;
}

Opened open_all(Vault& vault, const Id& compartment) {
  const Hash& id = vault.policy().vault();
  const auto adoptions = rows_of(vault, Table::kAdoptions);
  std::vector<Secret> all_keys;  // of any compartment: each is tried on every medical row
  Opened opened;
  for (const OwnedStateRow& row : rows_of(vault, Table::kEnvelopes)) {
    const Envelope envelope = must(Envelope::parse(id, row.id, row.body));
    std::vector<Secret> keys = try_envelope(vault, envelope, adoptions);
    opened.envelopes += envelope.compartment == compartment && !keys.empty() ? 1 : 0;
    std::ranges::move(keys, std::back_inserter(all_keys));
  }
  for (auto& [envelope, key] : vault.impl().keyring.opened) {
    all_keys.push_back(must(Secret::copy_of(std::as_const(key).expose())));
  }
  const auto opens = [&](auto parsed, ByteView row_id) {
    return std::ranges::any_of(all_keys, [&](const Secret& key) {
      AeadKey aead = must(envelope_aead(key.expose()));
      return parsed.open(aead, id, row_id).has_value();
    });
  };
  for (const OwnedStateRow& row : rows_of(vault, Table::kRecords)) {
    const RecordRow record = must(RecordRow::parse(row.body));
    opened.records += record.compartment == compartment && opens(record, row.id) ? 1 : 0;
  }
  for (const OwnedStateRow& row : rows_of(vault, Table::kVersions)) {
    const VersionRow version = must(VersionRow::parse(row.body));
    opened.versions += version.compartment == compartment && opens(version, row.id) ? 1 : 0;
  }
  return opened;
}

// A medical document of the practitioner's and one of the secretary's, and an administrative one.
class BillingTest : public ::testing::Test {
 protected:
  BillingTest() {
    {
      const auto secretary = must(practice_.unlock("sec"));
      deposited_ = must(
          file_document(*secretary, "medical", practice_.patient(), sample_bytes(5000, 1), "IRM"));
      invoice_ = must(file_document(*secretary, "administrative", practice_.patient(),
                                    sample_bytes(5000, 2), "facture"));
    }
    const auto practitioner = must(practice_.unlock("prac"));
    written_ = must(file_document(*practitioner, "medical", practice_.patient(),
                                  sample_bytes(5000, 3), "lettre"));
  }

  Practice practice_;
  Id deposited_;
  Id written_;
  Id invoice_;
};

TEST_F(BillingTest, ListsAndCountsOnlyWhatSheReads) {
  const auto billing = must(practice_.unlock("bill"));
  EXPECT_EQ(titles(*billing), std::vector<std::string>{"facture"});
  const Id medical = compartment_of(*billing, "medical");
  EXPECT_TRUE(must(billing->documents({{}, medical})).empty());
  const auto of_patient = must(billing->documents({practice_.patient(), {}}));
  ASSERT_EQ(of_patient.size(), 1U);
  EXPECT_EQ(of_patient.front().id, invoice_);
  EXPECT_TRUE(must(billing->documents({practice_.patient(), medical})).empty());
}

TEST_F(BillingTest, IsToldTheSameAboutAMedicalDocumentAsAboutNone) {
  const auto billing = must(practice_.unlock("bill"));
  for (const Id& hidden : {deposited_, written_}) {
    const Id unknown = unknown_id();
    const auto shown = billing->document(hidden);
    const auto copied = content_of(*billing, hidden);
    const auto edited = billing->edit_document(hidden, {{}, "autre", {}, {}});
    ASSERT_TRUE(refused(shown, Code::kDenied));
    ASSERT_TRUE(refused(copied, Code::kDenied));
    ASSERT_TRUE(refused(edited, Code::kDenied));
    EXPECT_TRUE(same_words(shown.error(), billing->document(unknown).error()));
    EXPECT_TRUE(same_words(copied.error(), content_of(*billing, unknown).error()));
    EXPECT_TRUE(
        same_words(edited.error(), billing->edit_document(unknown, {{}, "autre", {}, {}}).error()));
    EXPECT_TRUE(same_words(billing->edit_patient(hidden, {"Autre", {}, {}}).error(),
                           billing->edit_patient(unknown, {"Autre", {}, {}}).error()));
  }
  const auto medical =
      billing->may_deposit(compartment_of(*billing, "medical"), practice_.patient());
  ASSERT_TRUE(refused(medical, Code::kDenied));
  EXPECT_TRUE(
      same_words(medical.error(), billing->may_deposit(unknown_id(), practice_.patient()).error()));
}

TEST_F(BillingTest, ARefusedExportGivesNoByteToTheSink) {
  const auto billing = must(practice_.unlock("bill"));
  std::size_t calls = 0;
  const auto exported =
      billing->export_document(written_, "curiosité", "", [&](ByteView) -> Status {
        ++calls;
        return {};
      });
  EXPECT_TRUE(refused(exported, Code::kDenied));
  EXPECT_EQ(calls, 0U);
  const std::string path = practice_.file("copie.pdf");
  EXPECT_TRUE(refused(billing->export_copy(written_, {path, "curiosité", {}, kKeepDefaultMs, {}}),
                      Code::kDenied));
  struct stat found{};
  EXPECT_EQ(os().lstat(path.c_str(), &found), -ENOENT);
}

TEST_F(BillingTest, HoldsNoKeyThatOpensAMedicalRow) {
  const auto billing = must(practice_.unlock("bill"));
  static_cast<void>(titles(*billing));  // her own keys are all opened
  const Id medical = compartment_of(*billing, "medical");
  const Opened medical_rows = open_all(*billing, medical);
  EXPECT_EQ(medical_rows.envelopes, 0U);
  EXPECT_EQ(medical_rows.records, 0U);
  EXPECT_EQ(medical_rows.versions, 0U);
  // What she reads opens in the same way: the search itself works.
  const Opened own = open_all(*billing, compartment_of(*billing, "administrative"));
  EXPECT_GE(own.envelopes, 1U);
  EXPECT_EQ(own.records, 2U);  // the patient and the invoice
  EXPECT_EQ(own.versions, 1U);
}

TEST_F(BillingTest, ThePractitionersKeysOpenTheSameRows) {
  const auto practitioner = must(practice_.unlock("prac"));
  static_cast<void>(titles(*practitioner));
  const Opened rows = open_all(*practitioner, compartment_of(*practitioner, "medical"));
  EXPECT_EQ(rows.envelopes, 2U);  // the secretary's and the practitioner's
  EXPECT_EQ(rows.records, 2U);
  EXPECT_EQ(rows.versions, 2U);
}

TEST_F(BillingTest, TheSecretaryCannotOpenWhatSheFiled) {
  const auto secretary = must(practice_.unlock("sec"));
  static_cast<void>(titles(*secretary));
  const Opened rows = open_all(*secretary, compartment_of(*secretary, "medical"));
  EXPECT_EQ(rows.envelopes, 0U);
  EXPECT_EQ(rows.records, 0U);
  EXPECT_EQ(rows.versions, 0U);
}

}  // namespace
}  // namespace coffre::test
