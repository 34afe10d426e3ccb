// Whole rows removed, repeated, exchanged and put back, and the file's structure forged.
#include <filesystem>

#include <gtest/gtest.h>

#include "tests/core/vault/damage.h"

namespace coffre::test {
namespace {

constexpr std::array<const char*, 5> kStateTableNames = {"slots", "envelopes", "adoptions",
                                                         "records", "versions"};

class TamperRows : public testing::Test {
 protected:
  TamperRows() {
    auto secretary = need(practice_.unlock("sec"));
    letter_ = need(file_document(*secretary, "administrative", practice_.patient(),
                                 sample_bytes(1'000), "Lettre"));
    scan_ = need(
        file_document(*secretary, "medical", practice_.patient(), sample_bytes(300'000), "IRM"));
    secretary.reset();
    auto owner = need(practice_.unlock("marie"));
    other_scan_ = need(
        file_document(*owner, "medical", practice_.patient(), sample_bytes(300'000, 2), "Radio"));
    other_patient_ = need(owner->add_patient({{}, "Martin", "Zoé", "1980-02-03"}));
  }

  void expect_refused_everywhere(Code code = Code::kDamaged) {
    for (const char* workstation : {"first", "never seen"}) {
      SCOPED_TRACE(workstation);
      expect_refused(access(practice_, "marie", workstation, practice_.path()), code);
    }
  }
  static Bytes bytes_of(const Id& id) { return {id.bytes.begin(), id.bytes.end()}; }
  void swap_bodies(const std::string& table, const Bytes& one, const Bytes& other) {
    RawVault raw(practice_.path());
    const std::string get = "SELECT body FROM " + table + " WHERE id=?";
    const std::string set = "UPDATE " + table + " SET body=? WHERE id=?";
    const Bytes first = raw.blob(get, {one});
    const Bytes second = raw.blob(get, {other});
    ASSERT_EQ(raw.run(set, {second, one}), 1);
    ASSERT_EQ(raw.run(set, {first, other}), 1);
  }

  Practice practice_;
  Id letter_;
  Id scan_;
  Id other_scan_;
  Id other_patient_;
};

TEST_F(TamperRows, ARowOfTheStateIsRemoved) {
  for (const char* table : kStateTableNames) {
    SCOPED_TRACE(table);
    practice_.copy_to(practice_.file("whole"));
    const std::string of = std::string(" FROM ") + table;
    RawVault(practice_.path()).run("DELETE" + of + " WHERE row=(SELECT max(row)" + of + ")");
    expect_refused_everywhere();
    std::filesystem::copy_file(practice_.file("whole"), practice_.path(),
                               std::filesystem::copy_options::overwrite_existing);
  }
  EXPECT_EQ(access(practice_, "marie", "first", practice_.path()).titles.size(), 3U);
}

TEST_F(TamperRows, ARowOfTheStateIsDuplicated) {
  for (const char* table : kStateTableNames) {
    SCOPED_TRACE(table);
    practice_.copy_to(practice_.file("whole"));
    const std::string name = table;
    RawVault(practice_.path())
        .run("INSERT INTO " + name + "(id, body) SELECT id, body FROM " + name + " WHERE row=1");
    expect_refused_everywhere();
    std::filesystem::copy_file(practice_.file("whole"), practice_.path(),
                               std::filesystem::copy_options::overwrite_existing);
  }
}

TEST_F(TamperRows, AnEntryIsRemovedFromTheMiddle) {
  RawVault(practice_.path()).run("DELETE FROM entries WHERE row=12");
  expect_refused(access(practice_, "marie", "never seen", practice_.path()));
  auto known = practice_.open(practice_.path(), "first");
  EXPECT_TRUE(!known || !(*known)->verify_log({}));
}

TEST_F(TamperRows, AnEntryIsRepeatedAtTheEnd) {
  RawVault(practice_.path())
      .run(
          "INSERT INTO entries(header, signature, body) SELECT header, signature, body FROM "
          "entries WHERE row=(SELECT max(row) FROM entries)");
  expect_refused_everywhere();
}

TEST_F(TamperRows, TwoEntriesAreExchanged) {
  RawVault raw(practice_.path());
  raw.run("UPDATE entries SET row=100000 WHERE row=10");
  raw.run("UPDATE entries SET row=10 WHERE row=11");
  raw.run("UPDATE entries SET row=11 WHERE row=100000");
  expect_refused(access(practice_, "marie", "never seen", practice_.path()));
}

TEST_F(TamperRows, RecordsOfTwoDocumentsAreExchanged) {
  swap_bodies("records", bytes_of(scan_), bytes_of(other_scan_));
  expect_refused_everywhere();
}

TEST_F(TamperRows, RecordsOfTwoPatientsAreExchanged) {
  swap_bodies("records", bytes_of(practice_.patient()), bytes_of(other_patient_));
  expect_refused_everywhere();
}

TEST_F(TamperRows, RecordsOfTwoCompartmentsAreExchanged) {
  swap_bodies("records", bytes_of(letter_), bytes_of(scan_));
  expect_refused_everywhere();
}

TEST_F(TamperRows, VersionsOfTwoDocumentsAreExchanged) {
  RawVault raw(practice_.path());
  const Bytes one = raw.blob("SELECT id FROM versions WHERE row=1");
  const Bytes other = raw.blob("SELECT id FROM versions WHERE row=2");
  swap_bodies("versions", one, other);
  expect_refused_everywhere();
}

TEST_F(TamperRows, SlotsOfTwoPersonsAreExchanged) {
  RawVault raw(practice_.path());
  const Bytes one = raw.blob("SELECT id FROM slots WHERE row=1");
  const Bytes other = raw.blob("SELECT id FROM slots WHERE row=2");
  swap_bodies("slots", one, other);
  expect_refused_everywhere();
}

TEST_F(TamperRows, RowsOfTwoVaultsAreExchanged) {
  const PasswordCost cost{kPasswordMemoryMinKib, kPasswordPassesMin, 2};
  const std::string elsewhere = practice_.file("elsewhere.coffre");
  ASSERT_TRUE(Vault::create(elsewhere, {"marie", "Ailleurs", cost, {}},
                            {"marie", secret_of(kOwnerPassword), {}},
                            practice_.workstation("other"))
                  .has_value());
  {
    auto owner = need(practice_.unlock_at(elsewhere, "marie", kOwnerPassword, "other"));
    const Id patient = need(owner->add_patient({{}, "Petit", "Luc", "1990-01-01"}));
    EXPECT_TRUE(file_document(*owner, "medical", patient, sample_bytes(10)).has_value());
  }
  for (const char* table : {"slots", "envelopes", "records", "versions"}) {
    SCOPED_TRACE(table);
    const std::string name = table;
    const std::string last = " WHERE row=(SELECT max(row) FROM " + name + ")";
    RawVault theirs(elsewhere);
    const Bytes id = theirs.blob("SELECT id FROM " + name + last);
    const Bytes body = theirs.blob("SELECT body FROM " + name + last);
    practice_.copy_to(practice_.file("whole"));
    RawVault(practice_.path()).run("UPDATE " + name + " SET id=?, body=?" + last, {id, body});
    expect_refused_everywhere();
    std::filesystem::copy_file(practice_.file("whole"), practice_.path(),
                               std::filesystem::copy_options::overwrite_existing);
  }
}

TEST_F(TamperRows, AnOldVersionOfARecordIsPutBack) {
  const Bytes before =
      RawVault(practice_.path()).blob("SELECT body FROM records WHERE id=?", {bytes_of(scan_)});
  {
    auto owner = need(practice_.unlock("marie"));
    need(owner->edit_document(scan_, {{}, "IRM du genou", {}, {}}));
  }
  RawVault(practice_.path()).run("UPDATE records SET body=? WHERE id=?", {before, bytes_of(scan_)});
  expect_refused_everywhere();
}

// The old record opens with its key: only the comparison with the tree tells it from the new one.
TEST_F(TamperRows, AnOldVersionOfARecordIsPutBackUnderTheEyesOfAnOpenSession) {
  for (const bool patient : {false, true}) {
    SCOPED_TRACE(patient);
    const Bytes id = bytes_of(patient ? other_patient_ : scan_);
    auto owner = need(practice_.unlock("marie"));
    const Bytes before =
        RawVault(practice_.path()).blob("SELECT body FROM records WHERE id=?", {id});
    if (patient) {
      need(owner->edit_patient(other_patient_, {{}, "Zélie", {}}));
    } else {
      need(owner->edit_document(scan_, {{}, "IRM du genou", {}, {}}));
    }
    ASSERT_TRUE(owner->documents({}).has_value());
    const Bytes after =
        RawVault(practice_.path()).blob("SELECT body FROM records WHERE id=?", {id});
    ASSERT_NE(before, after);
    RawVault(practice_.path()).run("UPDATE records SET body=? WHERE id=?", {before, id});
    const auto listed = owner->documents({});
    const auto patients = owner->patients({});
    const bool refused = patient ? !patients.has_value() : !listed.has_value();
    ASSERT_TRUE(refused);
    EXPECT_EQ(patient ? patients.error().code : listed.error().code, Code::kDamaged);
    RawVault(practice_.path()).run("UPDATE records SET body=? WHERE id=?", {after, id});
    EXPECT_TRUE(owner->documents({}).has_value());
    EXPECT_TRUE(owner->patients({}).has_value());
  }
}

TEST_F(TamperRows, AnOldSlotIsPutBackAfterAChangeOfPassword) {
  RawVault before(practice_.path());
  const Bytes id = before.blob("SELECT id FROM slots WHERE row=2");
  const Bytes body = before.blob("SELECT body FROM slots WHERE row=2");
  {
    auto secretary = need(practice_.unlock("sec"));
    need(secretary->change_password(secret_of("Cc3!another-another"), {}));
  }
  RawVault(practice_.path()).run("INSERT INTO slots(id, body) VALUES(?, ?)", {id, body});
  expect_refused_everywhere();
  auto old = practice_.unlock("sec", "never seen");
  EXPECT_FALSE(old.has_value());
}

TEST_F(TamperRows, TheBodyOfAnEntryIsMissing) {
  for (const char* body : {"NULL", "x''"}) {
    SCOPED_TRACE(body);
    practice_.copy_to(practice_.file("whole"));
    RawVault(practice_.path())
        .run(std::string("UPDATE entries SET body=") + body +
             " WHERE row=(SELECT max(row) FROM entries)");
    expect_refused(access(practice_, "marie", "never seen", practice_.path()));
    auto known = practice_.open(practice_.path(), "first");
    EXPECT_TRUE(!known || !(*known)->verify_log({}));
    std::filesystem::copy_file(practice_.file("whole"), practice_.path(),
                               std::filesystem::copy_options::overwrite_existing);
  }
}

TEST_F(TamperRows, TheCheckpointIsMissing) {
  RawVault(practice_.path()).run("DELETE FROM checkpoints");
  expect_refused_everywhere();
}

TEST_F(TamperRows, TheCheckpointIsThereTwice) {
  RawVault(practice_.path()).run("INSERT INTO checkpoints(note) SELECT note FROM checkpoints");
  expect_refused_everywhere();
}

TEST_F(TamperRows, TheStructureHasAnIndexMore) {
  RawVault(practice_.path()).run("CREATE INDEX planted ON records(id)");
  expect_refused_everywhere();
}

TEST_F(TamperRows, TheStructureHasAViewMore) {
  RawVault(practice_.path()).run("CREATE VIEW planted AS SELECT * FROM slots");
  expect_refused_everywhere();
}

TEST_F(TamperRows, TheStructureHasATriggerMore) {
  RawVault(practice_.path())
      .run("CREATE TRIGGER planted AFTER INSERT ON entries BEGIN DELETE FROM records; END");
  expect_refused_everywhere();
}

TEST_F(TamperRows, TheStructureHasAnotherTextWithTheSameMeaning) {
  RawVault raw(practice_.path());
  raw.run("PRAGMA writable_schema=ON");
  raw.run(
      "UPDATE sqlite_schema SET sql=replace(sql, 'body BLOB NOT NULL', 'body BLOB  NOT NULL') "
      "WHERE name='slots'");
  raw.run("PRAGMA writable_schema=OFF");
  expect_refused_everywhere();
}

// Exchanges two cell pointers on the first leaf page of a table: a scan gives the rows in another
// order, and a search by number misses some.
void exchange_cells(const std::string& path, const std::string& table, bool ends) {
  std::int64_t page = 0;
  {
    RawVault raw(path);
    page = raw.integer("SELECT rootpage FROM sqlite_schema WHERE name='" + table + "'");
  }
  constexpr std::int64_t kPage = 16'384;
  std::FILE* file = std::fopen(path.c_str(), "r+b");
  ASSERT_NE(file, nullptr);
  Bytes bytes(kPage);
  const auto load = [&] {
    ASSERT_EQ(std::fseek(file, (page - 1) * kPage, SEEK_SET), 0);
    ASSERT_EQ(std::fread(bytes.data(), 1, bytes.size(), file), bytes.size());
  };
  load();
  while (bytes[0] == 5) {  // interior: on to its first child
    const std::size_t cell = (std::size_t{bytes[12]} << 8) | bytes[13];
    Reader child(ByteView(bytes).subspan(cell, 4));
    page = need(child.u32());
    load();
  }
  ASSERT_EQ(bytes[0], 13);
  const std::size_t cells = (std::size_t{bytes[3]} << 8) | bytes[4];
  ASSERT_GE(cells, 2U);
  const std::size_t one = 8 + (ends || cells < 4 ? 0 : 2);
  const std::size_t other = ends || cells < 4 ? 8 + 2 * (cells - 1) : one + 2;
  std::swap_ranges(bytes.begin() + static_cast<std::ptrdiff_t>(one),
                   bytes.begin() + static_cast<std::ptrdiff_t>(one) + 2,
                   bytes.begin() + static_cast<std::ptrdiff_t>(other));
  ASSERT_EQ(std::fseek(file, (page - 1) * kPage, SEEK_SET), 0);
  ASSERT_EQ(std::fwrite(bytes.data(), 1, bytes.size(), file), bytes.size());
  ASSERT_EQ(std::fclose(file), 0);
}

TEST_F(TamperRows, APageIsForgedSoThatASearchMissesWhatAScanFinds) {
  for (const char* table :
       {"slots", "envelopes", "adoptions", "records", "versions", "extents", "entries"}) {
    for (const bool ends : {true, false}) {
      SCOPED_TRACE(std::string(table) + (ends ? " ends" : " middle"));
      practice_.copy_to(practice_.file("whole"));
      // A memory for each round: what was accepted in one would make the next a rollback.
      const std::string fresh = std::string("never seen ") + table + (ends ? "1" : "2");
      const std::string knowing = std::string("knows ") + table + (ends ? "1" : "2");
      std::filesystem::copy(practice_.workstation("first").state_directory,
                            practice_.workstation(knowing).state_directory,
                            std::filesystem::copy_options::recursive);
      if (RawVault(practice_.path()).rows(table).size() >= 2) {
        exchange_cells(practice_.path(), table, ends);
        expect_refused(access(practice_, "marie", fresh, practice_.path()));
        const Access known = access(practice_, "marie", knowing, practice_.path());
        EXPECT_FALSE(known.refused_at.empty() && known.damaged.empty());
      }
      std::filesystem::copy_file(practice_.file("whole"), practice_.path(),
                                 std::filesystem::copy_options::overwrite_existing);
    }
  }
}

}  // namespace
}  // namespace coffre::test
