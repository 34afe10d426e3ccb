// The content of a document cut, reordered, lengthened and shortened, by who holds the file and by
// a member who may edit and signs the result.
#include <gtest/gtest.h>

#include "core/vault/content.h"
#include "tests/core/vault/damage.h"

namespace coffre::test {
namespace {

class TamperExtents : public testing::Test {
 protected:
  TamperExtents() {
    auto practitioner = need(practice_.unlock("prac"));
    document_ = need(file_document(*practitioner, "medical", practice_.patient(), content_, "IRM"));
    version_ = need(practitioner->document(document_)).version;
  }

  // No byte is given, and a verification says so.
  void expect_content_refused() {
    for (const char* workstation : {"first", "never seen"}) {
      SCOPED_TRACE(workstation);
      const Access got = access(practice_, "prac", workstation, practice_.path());
      EXPECT_FALSE(got.refused_at.empty());
      EXPECT_EQ(got.error.code, Code::kDamaged) << got.error.what;
      EXPECT_TRUE(got.content.empty());
      EXPECT_TRUE(got.refused_at != "export" || !got.damaged.empty());
    }
  }
  // The practitioner signs a version row that `edit` changed, sealed anew.
  void sign_version(const std::function<void(VersionRow&, Commit&)>& edit) {
    auto practitioner = need(practice_.unlock("prac"));
    Vault::Impl& impl = practitioner->impl();
    const Id medical = compartment_of(*practitioner, "medical");
    const OwnedStateRow stored = stored_row(*practitioner, Table::kVersions, version_);
    need(impl.commit([&](Commit& commit) -> Status {
      COFFRE_TRY_ASSIGN(VersionRow row, VersionRow::parse(stored.body));
      COFFRE_TRY_ASSIGN(const ByteView key, impl.envelope_key(commit.transaction(), row.envelope));
      COFFRE_TRY_ASSIGN(AeadKey old_key, envelope_aead(key));
      COFFRE_TRY_ASSIGN(const Secret dek, row.open(old_key, impl.log.vault(), version_.view()));
      edit(row, commit);
      COFFRE_TRY_ASSIGN(SealingEnvelope * envelope, commit.envelope(medical));
      row.envelope = envelope->id;
      COFFRE_TRY_ASSIGN(const Bytes body,
                        seal_version(envelope->key, commit.random(), impl.log.vault(), version_,
                                     row, dek.expose()));
      COFFRE_TRY(commit.replace(Table::kVersions, version_.view(), body, medical));
      return commit.add_event(impl.event(Action::kEdit));
    }));
  }
  [[nodiscard]] Bytes ciphertext() const {
    Bytes all;
    RawVault raw(practice_.path());
    for (const std::int64_t row : raw.rows("extents")) {
      const Bytes part = raw.blob("SELECT bytes FROM extents WHERE row=?", {row});
      all.insert(all.end(), part.begin(), part.end());
    }
    return all;
  }

  const Bytes content_ = sample_bytes(1'000'000);  // four extents
  Practice practice_;
  Id document_;
  Id version_;
};

TEST_F(TamperExtents, AnExtentIsCut) {
  for (const char* row : {"1", "2", "4"}) {
    SCOPED_TRACE(row);
    const std::string where = std::string(" WHERE row=") + row;
    const Bytes before = RawVault(practice_.path()).blob("SELECT bytes FROM extents" + where);
    const std::string set = "UPDATE extents SET bytes=?" + where;
    RawVault(practice_.path()).run(set, {Bytes(before.begin(), before.end() - 1)});
    expect_content_refused();
    RawVault(practice_.path()).run(set, {Bytes()});
    expect_content_refused();
    RawVault(practice_.path()).run(set, {before});
  }
  EXPECT_EQ(access(practice_, "prac", "first", practice_.path()).content, content_);
}

TEST_F(TamperExtents, TwoExtentsAreExchanged) {
  RawVault raw(practice_.path());
  raw.run("UPDATE extents SET row=100 WHERE row=2");
  raw.run("UPDATE extents SET row=2 WHERE row=3");
  raw.run("UPDATE extents SET row=3 WHERE row=100");
  expect_content_refused();
  // With their numbers as they should be.
  raw.run("UPDATE extents SET number=row-1");
  expect_content_refused();
}

TEST_F(TamperExtents, TheLastExtentIsDropped) {
  RawVault(practice_.path()).run("DELETE FROM extents WHERE row=4");
  expect_content_refused();
}

TEST_F(TamperExtents, AnExtentInTheMiddleIsDropped) {
  RawVault(practice_.path()).run("DELETE FROM extents WHERE row=2");
  expect_content_refused();
}

// Behind the last one it is what a crash leaves: removed at the next unlock, and never content.
TEST_F(TamperExtents, AnExtentIsAppended) {
  RawVault(practice_.path())
      .run(
          "INSERT INTO extents(row, version, number, bytes) SELECT 5, version, 4, bytes FROM "
          "extents WHERE row=2");
  const Access got = access(practice_, "prac", "first", practice_.path());
  EXPECT_EQ(got.content, content_);
  EXPECT_EQ(RawVault(practice_.path()).rows("extents").size(), 4U);
}

TEST_F(TamperExtents, AnExtentIsAppendedUnderTheEyesOfAnOpenSession) {
  auto reader = need(practice_.unlock("prac"));
  RawVault(practice_.path())
      .run(
          "INSERT INTO extents(row, version, number, bytes) SELECT 5, version, 4, bytes FROM "
          "extents WHERE row=2");
  EXPECT_FALSE(need(reader->verify(true)).damaged.empty());
  EXPECT_EQ(need(content_of(*reader, document_)), content_);
}

TEST_F(TamperExtents, TheLastExtentIsDroppedAndTheRootSignedAgain) {
  RawVault(practice_.path()).run("DELETE FROM extents WHERE row=4");
  const Bytes rest = ciphertext();
  auto session = practice_.unlock("prac");
  EXPECT_FALSE(session.has_value());  // an honest program goes no further
}

TEST_F(TamperExtents, TheLastExtentIsDroppedAndTheVersionEditedAndSigned) {
  sign_version([](VersionRow& row, Commit& commit) {
    need(commit.transaction().remove_extent(static_cast<std::int64_t>(row.first) + 3));
    row.extents = 3;
    row.ciphertext_size = kExtentSealed * 3 + 56;
    Sha256 hash;
    for (std::int64_t extent = 0; extent < 3; ++extent) {
      const auto stored =
          need(commit.transaction().extent(static_cast<std::int64_t>(row.first) + extent));
      hash.update(stored->bytes);
    }
    row.ciphertext_sha256 = hash.finish();
  });
  expect_content_refused();
}

TEST_F(TamperExtents, TheLastExtentIsDroppedAndOnlyTheCountSigned) {
  sign_version([](VersionRow& row, Commit& commit) {
    need(commit.transaction().remove_extent(static_cast<std::int64_t>(row.first) + 3));
    row.extents = 3;
  });
  expect_content_refused();
}

TEST_F(TamperExtents, AnExtentIsAppendedAndTheVersionEditedAndSigned) {
  const Bytes before = ciphertext();
  const Bytes second = RawVault(practice_.path()).blob("SELECT bytes FROM extents WHERE row=2");
  sign_version([&](VersionRow& row, Commit& commit) {
    const std::int64_t at = need(commit.transaction().reserve_extents(1));
    need(commit.transaction().put_extent(at, version_.view(), 4, second));
    row.extents = 5;
    row.ciphertext_size = before.size() + second.size();
    row.ciphertext_sha256 = sha256({before, second});
  });
  expect_content_refused();
}

TEST_F(TamperExtents, TheExtentsAreReorderedAndTheVersionEditedAndSigned) {
  RawVault raw(practice_.path());
  const Bytes second = raw.blob("SELECT bytes FROM extents WHERE row=2");
  const Bytes third = raw.blob("SELECT bytes FROM extents WHERE row=3");
  raw.run("UPDATE extents SET bytes=? WHERE row=2", {third});
  raw.run("UPDATE extents SET bytes=? WHERE row=3", {second});
  const Hash hash = sha256(ciphertext());
  sign_version([&](VersionRow& row, Commit&) { row.ciphertext_sha256 = hash; });
  expect_content_refused();
}

TEST_F(TamperExtents, TheContentOfAnotherDocumentIsPutInItsPlaceAndSigned) {
  Id other;
  {
    auto practitioner = need(practice_.unlock("prac"));
    other = need(file_document(*practitioner, "medical", practice_.patient(),
                               sample_bytes(1'000'000, 5), "Radio"));
  }
  RawVault raw(practice_.path());
  Bytes moved;
  for (std::int64_t row = 1; row <= 4; ++row) {
    const Bytes theirs = raw.blob("SELECT bytes FROM extents WHERE row=?", {row + 4});
    raw.run("UPDATE extents SET bytes=? WHERE row=?", {theirs, row});
    moved.insert(moved.end(), theirs.begin(), theirs.end());
  }
  sign_version([&](VersionRow& row, Commit&) { row.ciphertext_sha256 = sha256(moved); });
  auto reader = need(practice_.unlock("prac"));
  const auto got = content_of(*reader, document_);
  ASSERT_FALSE(got.has_value());
  EXPECT_EQ(got.error().code, Code::kDamaged);
  EXPECT_TRUE(content_of(*reader, other).has_value());
}

}  // namespace
}  // namespace coffre::test
