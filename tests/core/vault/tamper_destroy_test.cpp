// Destroying with a program of one's own: refused by everybody else, who names the entry and the
// person. And what somebody plants does not lead an honest destruction astray.
#include <gtest/gtest.h>

#include "tests/core/vault/damage.h"

namespace coffre::test {
namespace {

class TamperDestroy : public testing::Test {
 protected:
  TamperDestroy() {
    const auto owner = need(practice_.unlock("marie"));
    document_ =
        need(file_document(*owner, "medical", practice_.patient(), sample_bytes(40'000), "IRM"));
    const auto view = need(owner->impl().view());
    version_ = need(owner->impl().read_document(*view, document_)).version;
    medical_ = compartment_of(*owner, "medical");
    administrative_ = compartment_of(*owner, "administrative");
  }

  void destroy(ForgedCommit& forged, const Id& said) const {
    forged.remove(Table::kVersions, version_.view(), said);
    forged.remove(Table::kRecords, document_.view(), said);
    forged.event();
  }

  Practice practice_;
  Id document_;
  Id version_;
  Id medical_;
  Id administrative_;
};

TEST_F(TamperDestroy, APractitionerDestroysADocument) {
  auto practitioner = need(practice_.unlock("prac"));
  ForgedCommit forged(*practitioner);
  destroy(forged, medical_);
  const std::uint64_t entry = forged.finish();
  practitioner.reset();
  expect_blamed(practice_, entry, "prac");
}

// Only the key: the record stays.
TEST_F(TamperDestroy, ASecretaryDestroysAKey) {
  auto secretary = need(practice_.unlock("sec"));
  ForgedCommit forged(*secretary);
  forged.remove(Table::kVersions, version_.view(), medical_);
  forged.event();
  const std::uint64_t entry = forged.finish();
  secretary.reset();
  expect_blamed(practice_, entry, "sec");
}

TEST_F(TamperDestroy, WhoMayDestroyElsewhereSaysThatItLiesThere) {
  {
    const auto owner = need(practice_.unlock("marie"));
    need(owner->define_role("sorter", 0, {{"administrative", right::kRead | right::kDestroy}}));
    need(owner->assign_role("prac", "sorter", false));
  }
  auto practitioner = need(practice_.unlock("prac"));
  ForgedCommit forged(*practitioner);
  destroy(forged, administrative_);
  const std::uint64_t entry = forged.finish();
  practitioner.reset();
  for (const char* workstation : {"first", "never seen"}) {
    const Access got = access(practice_, "marie", workstation, practice_.path());
    expect_refused(got);
    EXPECT_EQ(got.error.on, "entry " + std::to_string(entry) + ", prac") << got.error.what;
  }
}

TEST_F(TamperDestroy, TheRightThatWasTakenAwayDestroysNoMore) {
  const auto owner = need(practice_.unlock("marie", "other"));
  need(owner->define_role("shredder", 0, {{"medical", right::kDestroy}}));
  need(owner->assign_role("prac", "shredder", false));
  need(owner->assign_role("prac", "shredder", true));
  auto practitioner = need(practice_.unlock("prac"));
  ForgedCommit forged(*practitioner);
  destroy(forged, medical_);
  const std::uint64_t entry = forged.finish();
  practitioner.reset();
  expect_blamed(practice_, entry, "prac");
}

TEST_F(TamperDestroy, WithTheRightItIsNoDamage) {
  auto owner = need(practice_.unlock("marie"));
  ForgedCommit forged(*owner);
  destroy(forged, medical_);
  forged.finish();
  owner.reset();
  const Access got = access(practice_, "prac", "never seen", practice_.path());
  EXPECT_EQ(got.refused_at, "") << got.error.what;
  EXPECT_TRUE(got.titles.empty());
}

// On hold, even who has the right does not destroy with a program that asks nobody: the record, a
// key alone, or a key that is overwritten by something else.
class TamperHold : public TamperDestroy {
 protected:
  TamperHold() { need(need(practice_.unlock("marie", "other"))->add_hold(document_, "claim")); }
};

TEST_F(TamperHold, NobodyDestroysTheDocument) {
  auto owner = need(practice_.unlock("marie"));
  ForgedCommit forged(*owner);
  destroy(forged, medical_);
  const std::uint64_t entry = forged.finish();
  owner.reset();
  expect_blamed(practice_, entry, "marie");
}

TEST_F(TamperHold, NobodyDestroysItsKeyAlone) {
  auto owner = need(practice_.unlock("marie"));
  ForgedCommit forged(*owner);
  forged.remove(Table::kVersions, version_.view(), medical_);
  forged.event();
  const std::uint64_t entry = forged.finish();
  owner.reset();
  expect_blamed(practice_, entry, "marie");
}

TEST_F(TamperHold, NobodyPutsSomethingElseInThePlaceOfItsKey) {
  auto practitioner = need(practice_.unlock("prac"));
  Bytes body = stored_row(*practitioner, Table::kVersions, version_).body;
  body.back() ^= 1;
  ForgedCommit forged(*practitioner);
  forged.replace(Table::kVersions, version_.view(), body, medical_);
  forged.event();
  const std::uint64_t entry = forged.finish();
  practitioner.reset();
  expect_blamed(practice_, entry, "prac");
}

TEST_F(TamperHold, WhoMayNotLiftItDoesNotDestroyAfterLiftingIt) {
  const auto owner = need(practice_.unlock("marie", "other"));
  need(owner->define_role("shredder", 0, {{"medical", right::kDestroy}}));
  need(owner->assign_role("prac", "shredder", false));
  auto practitioner = need(practice_.unlock("prac"));
  ForgedCommit forged(*practitioner);
  forged.policy(HoldLiftedOp{document_});
  destroy(forged, medical_);
  const std::uint64_t entry = forged.finish() - 1;
  practitioner.reset();
  expect_blamed(practice_, entry, "prac");
}

TEST_F(TamperHold, AfterItWasLiftedItIsNoDamage) {
  need(need(practice_.unlock("marie", "other"))->lift_hold(document_, "settled"));
  auto owner = need(practice_.unlock("marie"));
  ForgedCommit forged(*owner);
  destroy(forged, medical_);
  forged.finish();
  owner.reset();
  const Access got = access(practice_, "prac", "never seen", practice_.path());
  EXPECT_EQ(got.refused_at, "") << got.error.what;
  EXPECT_TRUE(got.titles.empty());
}

// Judged at its place in the log: a hold that came later says nothing about what was before.
TEST_F(TamperDestroy, AHoldThatCameAfterIsNoDamage) {
  auto owner = need(practice_.unlock("marie"));
  ForgedCommit forged(*owner);
  destroy(forged, medical_);
  forged.policy(HoldOp{document_, HoldKind::kDocument, {version_}});
  forged.event();
  forged.finish();
  owner.reset();
  const Access got = access(practice_, "prac", "never seen", practice_.path());
  EXPECT_EQ(got.refused_at, "") << got.error.what;
}

// An honest program writes nothing that others would refuse: somebody holds another object, and
// names this one's key.
TEST_F(TamperDestroy, AHoldOfSomethingElseThatNamesItsKeyCountsForAnHonestProgram) {
  {
    auto administrator = need(practice_.unlock("adm"));
    ForgedCommit forged(*administrator);
    forged.policy(HoldOp{need(system_random().id()), HoldKind::kDocument, {version_}});
    forged.finish();
  }
  auto owner = need(practice_.unlock("marie"));
  const auto destroyed = owner->destroy_document(document_, "why");
  ASSERT_FALSE(destroyed.has_value());
  EXPECT_EQ(destroyed.error().code, Code::kFailed);
  owner.reset();
  const Access got = access(practice_, "prac", "never seen", practice_.path());
  EXPECT_EQ(got.refused_at, "") << got.error.what;
  EXPECT_EQ(got.titles, std::vector<std::string>{"IRM"});
}

// A depositor plants a version that bears the doomed document's name and another's extents.
TEST_F(TamperDestroy, APlantedVersionTakesNoExtentsOfOthersWithIt) {
  auto owner = need(practice_.unlock("marie", "other"));
  const Id other =
      need(file_document(*owner, "medical", practice_.patient(), sample_bytes(30'000, 2), "other"));
  Id other_version;
  VersionRow planted;
  {
    const auto view = need(owner->impl().view());
    other_version = need(owner->impl().read_document(*view, other)).version;
    const OwnedStateRow stored = need(owner->impl().row(*view, Table::kVersions, other_version));
    planted = need(VersionRow::parse(stored.body));
  }
  auto secretary = need(practice_.unlock("sec"));
  Bytes body;
  need(secretary->impl().commit([&](Commit& commit) -> Status {
    COFFRE_TRY_ASSIGN(SealingEnvelope * envelope, commit.envelope(medical_));
    planted.document = document_;
    planted.envelope = envelope->id;
    planted.extents = 0xffff'ffff;
    COFFRE_TRY_ASSIGN(
        body, seal_version(envelope->key, system_random(), secretary->impl().log.vault(), Id{},
                           planted, sample_bytes(32)));
    COFFRE_TRY(commit.insert(Table::kVersions, need(system_random().id()).view(), body, medical_));
    return commit.add_event(secretary->impl().event(Action::kImport));
  }));
  secretary.reset();
  EXPECT_TRUE(owner->destroy_document(document_, "why").has_value());
  EXPECT_EQ(need(content_of(*owner, other)), sample_bytes(30'000, 2));
  owner.reset();
  const Access got = access(practice_, "prac", "never seen", practice_.path());
  EXPECT_EQ(got.refused_at, "") << got.error.what;
  EXPECT_EQ(got.titles, std::vector<std::string>{"other"});
}

}  // namespace
}  // namespace coffre::test
