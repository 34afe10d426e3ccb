// Any flipped bit, in every column of every row of a small vault.
//
// Rows of the state and of the log are checked where an unlock checks them, but without stretching
// a password for each of several hundred flips: Vault::open(), then the load_rows() that unlock
// runs before it gives a session. One flip a column goes through the whole of it.
#include <gtest/gtest.h>

#include "tests/core/vault/damage.h"

namespace coffre::test {
namespace {

constexpr const char* kTitle = "Bilan sanguin";

// Documents of the secretary and of the practitioner, envelopes of both kinds, adoptions.
struct Filled {
  Practice practice;
  Id document;

  Filled() {
    auto secretary = need(practice.unlock("sec"));
    document = need(
        file_document(*secretary, "medical", practice.patient(), sample_bytes(300'000), kTitle));
    secretary.reset();
    auto practitioner = need(practice.unlock("prac"));
    EXPECT_TRUE(file_document(*practitioner, "medical", practice.patient(), sample_bytes(20'000, 2),
                              kTitle));
  }
};

// The error of opening and of loading the rows, as an unlock does it; nullopt when there was none.
std::optional<Error> refusal(Practice& practice, const std::string& workstation) {
  auto vault = practice.open(practice.path(), workstation);
  if (!vault) {
    return vault.error();
  }
  if (const Status loaded = (*vault)->impl().load_rows(); !loaded) {
    return loaded.error();
  }
  // What a remembered head vouches for is not hashed again at each opening, but by a verification.
  if (const auto log = (*vault)->verify_log({}); !log) {
    return log.error();
  }
  return std::nullopt;
}

void expect_each_flip_refused(const std::string& table, const std::string& column) {
  Filled filled;
  std::vector<std::int64_t> rows;
  {
    RawVault raw(filled.practice.path());
    rows = raw.rows(table);
  }
  ASSERT_FALSE(rows.empty());
  const std::string set = "UPDATE " + table + " SET " + column + "=? WHERE row=?";
  for (const std::int64_t row : rows) {
    Bytes before;
    {
      RawVault raw(filled.practice.path());
      before = raw.blob("SELECT " + column + " FROM " + table + " WHERE row=?", {row});
    }
    bool is_first = row == rows.front();
    for (const Bytes& changed : flipped(before)) {
      SCOPED_TRACE(table + "." + column + " row " + std::to_string(row));
      ASSERT_EQ(RawVault(filled.practice.path()).run(set, {changed, row}), 1);
      for (const char* workstation : {"first", "never seen"}) {
        const auto error = refusal(filled.practice, workstation);
        ASSERT_TRUE(error.has_value()) << workstation;
        // A changed genesis is another vault to who knows this one.
        const bool other_vault = table == "entries" && column == "header" && row == 1 &&
                                 workstation == std::string("first");
        EXPECT_EQ(error->code, other_vault ? Code::kForked : Code::kDamaged) << error->what;
      }
      if (std::exchange(is_first, false)) {
        const Access got = access(filled.practice, "marie", "never seen", filled.practice.path());
        expect_refused(got);
      }
    }
    ASSERT_EQ(RawVault(filled.practice.path()).run(set, {before, row}), 1);
  }
  EXPECT_FALSE(refusal(filled.practice, "first").has_value());
}

TEST(TamperBits, InTheIdOfASlot) { expect_each_flip_refused("slots", "id"); }
TEST(TamperBits, InTheBodyOfASlot) { expect_each_flip_refused("slots", "body"); }
TEST(TamperBits, InTheIdOfAnEnvelope) { expect_each_flip_refused("envelopes", "id"); }
TEST(TamperBits, InTheBodyOfAnEnvelope) { expect_each_flip_refused("envelopes", "body"); }
TEST(TamperBits, InTheIdOfAnAdoption) { expect_each_flip_refused("adoptions", "id"); }
TEST(TamperBits, InTheBodyOfAnAdoption) { expect_each_flip_refused("adoptions", "body"); }
TEST(TamperBits, InTheIdOfARecord) { expect_each_flip_refused("records", "id"); }
TEST(TamperBits, InTheBodyOfARecord) { expect_each_flip_refused("records", "body"); }
TEST(TamperBits, InTheIdOfAVersion) { expect_each_flip_refused("versions", "id"); }
TEST(TamperBits, InTheBodyOfAVersion) { expect_each_flip_refused("versions", "body"); }
TEST(TamperBits, InTheVersionOfAnExtent) { expect_each_flip_refused("extents", "version"); }
TEST(TamperBits, InTheHeaderOfAnEntry) { expect_each_flip_refused("entries", "header"); }
TEST(TamperBits, InTheSignatureOfAnEntry) { expect_each_flip_refused("entries", "signature"); }
TEST(TamperBits, InTheBodyOfAnEntry) { expect_each_flip_refused("entries", "body"); }
TEST(TamperBits, InTheCheckpoint) { expect_each_flip_refused("checkpoints", "note"); }

TEST(TamperBits, InTheBytesOfAnExtent) {
  Filled filled;
  auto reader = need(filled.practice.unlock("prac"));
  for (const std::int64_t row : RawVault(filled.practice.path()).rows("extents")) {
    SCOPED_TRACE(row);
    const Bytes before =
        RawVault(filled.practice.path()).blob("SELECT bytes FROM extents WHERE row=?", {row});
    for (const Bytes& changed : flipped(before)) {
      RawVault(filled.practice.path())
          .run("UPDATE extents SET bytes=? WHERE row=?", {changed, row});
      std::size_t refused = 0;
      for (const Document& document : need(reader->documents({}))) {
        Bytes given;
        const auto exported =
            reader->export_document(document.id, "test", "", [&](ByteView bytes) -> Status {
              given.insert(given.end(), bytes.begin(), bytes.end());
              return {};
            });
        if (!exported) {
          ++refused;
          EXPECT_EQ(exported.error().code, Code::kDamaged);
          EXPECT_TRUE(given.empty());
        }
      }
      EXPECT_EQ(refused, 1U);
      EXPECT_FALSE(need(reader->verify(true)).damaged.empty());
      // Also for who cannot decrypt it: the ciphertext's hash is in the version's row.
    }
    RawVault(filled.practice.path()).run("UPDATE extents SET bytes=? WHERE row=?", {before, row});
  }
  reader.reset();
  const Access got = access(filled.practice, "prac", "first", filled.practice.path());
  EXPECT_EQ(got.refused_at, "");
  EXPECT_TRUE(got.damaged.empty());
  EXPECT_EQ(got.content.size(), 320'000U);
}

// Bits of a number; those that would collide with another row's number are left out by the caller.
void expect_number_refused(const std::string& table, const std::string& column,
                           const std::vector<unsigned>& bits) {
  Filled filled;
  for (const std::int64_t row : RawVault(filled.practice.path()).rows(table)) {
    for (const unsigned bit : bits) {
      SCOPED_TRACE(table + "." + column + " row " + std::to_string(row) + " bit " +
                   std::to_string(bit));
      const std::int64_t before =
          RawVault(filled.practice.path())
              .integer("SELECT " + column + " FROM " + table + " WHERE row=?", {row});
      const std::int64_t after = before ^ (std::int64_t{1} << bit);
      const bool is_row = column == "row";
      const std::string set = "UPDATE " + table + " SET " + column + "=? WHERE row=?";
      RawVault(filled.practice.path()).run(set, {after, row});
      for (const char* workstation : {"first", "never seen"}) {
        const auto error = refusal(filled.practice, workstation);
        ASSERT_TRUE(error.has_value()) << workstation;
        EXPECT_EQ(error->code, Code::kDamaged) << error->what;
      }
      RawVault(filled.practice.path()).run(set, {before, is_row ? after : row});
    }
  }
  EXPECT_FALSE(refusal(filled.practice, "first").has_value());
}

TEST(TamperBits, InTheRowNumberOfAnEntry) {
  expect_number_refused("entries", "row", {7, 20, 40, 62});
}
TEST(TamperBits, InTheRowNumberOfTheCheckpoint) {
  expect_number_refused("checkpoints", "row", {0, 1, 20, 62});
}
TEST(TamperBits, InTheRowNumberOfAnExtent) {
  expect_number_refused("extents", "row", {5, 20, 40, 61});
}
TEST(TamperBits, InTheNumberOfAnExtent) {
  expect_number_refused("extents", "number", {0, 1, 20, 31, 62});
}

// The row numbers of state tables are the engine's own (FORMAT.md §2): they are not covered, and
// changing one changes nothing that anybody reads. Impossible ones are refused.
TEST(TamperBits, InTheRowNumberOfAStateRowChangesNothingThatIsRead) {
  for (const char* table : {"slots", "envelopes", "adoptions", "records", "versions"}) {
    SCOPED_TRACE(table);
    Filled filled;
    const std::string set = std::string("UPDATE ") + table + " SET row=row+? WHERE row=?";
    const std::int64_t last = RawVault(filled.practice.path()).rows(table).back();
    RawVault(filled.practice.path()).run(set, {std::int64_t{1} << 40, last});
    const Access same = access(filled.practice, "prac", "first", filled.practice.path());
    EXPECT_EQ(same.refused_at, "") << same.error.what;
    EXPECT_TRUE(same.damaged.empty());
    EXPECT_EQ(same.titles.size(), 2U);
    EXPECT_EQ(same.content.size(), 320'000U);
    RawVault(filled.practice.path())
        .run(set, {std::int64_t{1} << 60, last + (std::int64_t{1} << 40)});
    expect_refused(access(filled.practice, "prac", "first", filled.practice.path()));
  }
}

}  // namespace
}  // namespace coffre::test
