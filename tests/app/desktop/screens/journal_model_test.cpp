#include "app/desktop/screens/journal_model.h"

#include <gtest/gtest.h>

#include "app/desktop/screens/journal_notes.h"
#include "core/base/file.h"
#include "tests/support/temp_dir.h"

namespace coffre::test {
namespace {

using namespace ui;  // NOLINT(google-build-using-namespace): the names under test

constexpr std::int64_t kNow = 1'764'079'361'000;  // 2025-11-25 14:02:41 UTC
constexpr std::int64_t kHourMs = 3'600'000;
constexpr std::int64_t kDayMs = 24 * kHourMs;

Id id_of(std::uint8_t byte) {
  Id id;
  id.bytes.fill(byte);
  return id;
}

JournalLine line(std::uint64_t sequence, std::int64_t time_ms, const std::string& actor,
                 Action action, std::optional<Id> object = {}, std::optional<Id> patient = {}) {
  JournalLine made;
  made.sequence = sequence;
  made.time_ms = time_ms;
  made.actor = actor;
  made.action = action;
  made.outcome = "success";
  made.object = object;
  made.patient = patient;
  return made;
}

// Four lines: 40 days ago, 10 days ago, yesterday, now.
JournalData sample() {
  JournalData data;
  data.patients[id_of(1)] = "Lefèvre, Zoé";
  data.documents[id_of(2)] = {"Compte rendu de radiologie", id_of(1)};
  data.others[id_of(3)] = "Paul Henry";
  data.lines = {line(0, kNow - 40 * kDayMs, "marie", Action::kAccount, id_of(3)),
                line(1, kNow - 10 * kDayMs, "prac", Action::kView, id_of(2)),
                line(2, kNow - kDayMs, "sec", Action::kDeposit, id_of(9), id_of(8)),
                line(3, kNow, "prac", Action::kExport, id_of(2), id_of(1))};
  data.lines[3].reason = "Avis avant intervention";
  data.lines[3].recipient = "Dr Sy, cardiologue";
  fold_lines(data);
  return data;
}

std::vector<std::uint64_t> sequences(const JournalModel& model) {
  std::vector<std::uint64_t> found;
  for (std::size_t index = 0; index < model.size(); ++index) {
    found.push_back(model.line(index).sequence);
  }
  return found;
}

using Sequences = std::vector<std::uint64_t>;

TEST(JournalModel, TheNewestComesFirst) {
  JournalModel model;
  model.set(sample());
  model.apply({.period = JournalPeriod::kAll}, kNow);
  EXPECT_EQ(sequences(model), (Sequences{3, 2, 1, 0}));
  EXPECT_EQ(model.index_of(1), 2);
}

TEST(JournalModel, APeriodLeavesOutWhatIsOlder) {
  JournalModel model;
  model.set(sample());
  model.apply({.period = JournalPeriod::kMonth}, kNow);
  EXPECT_EQ(sequences(model), (Sequences{3, 2, 1}));
  model.apply({.period = JournalPeriod::kWeek}, kNow);
  EXPECT_EQ(sequences(model), (Sequences{3, 2}));
  model.apply({.period = JournalPeriod::kToday}, kNow);
  EXPECT_EQ(sequences(model), (Sequences{3}));
  EXPECT_EQ(model.index_of(1), -1);
}

TEST(JournalModel, APersonAndAKindLeaveOutTheOthers) {
  JournalModel model;
  model.set(sample());
  EXPECT_EQ(model.people(), (std::vector<std::string>{"marie", "prac", "sec"}));
  model.apply({.period = JournalPeriod::kAll, .person = "prac"}, kNow);
  EXPECT_EQ(sequences(model), (Sequences{3, 1}));
  model.apply({.period = JournalPeriod::kAll, .group = JournalGroup::kExport, .person = "prac"},
              kNow);
  EXPECT_EQ(sequences(model), (Sequences{3}));
  model.apply({.period = JournalPeriod::kAll, .group = JournalGroup::kPeople}, kNow);
  EXPECT_EQ(sequences(model), (Sequences{0}));
}

TEST(JournalModel, WordsFindPatientsWithoutTheirAccentsThroughTheirDocuments) {
  JournalModel model;
  model.set(sample());
  model.apply({.period = JournalPeriod::kAll, .words = "lefevre ZOE"}, kNow);
  EXPECT_EQ(sequences(model), (Sequences{3, 1}));
  model.apply({.period = JournalPeriod::kAll, .words = "cardiologue"}, kNow);
  EXPECT_EQ(sequences(model), (Sequences{3}));
  model.apply({.period = JournalPeriod::kAll, .words = "nobody"}, kNow);
  EXPECT_TRUE(sequences(model).empty());
}

TEST(JournalModel, WhatThisAccountMayNotReadHasAShortIdForAName) {
  const JournalData data = sample();
  const JournalSubject unknown = subject_of(data, data.lines[2]);
  EXPECT_EQ(unknown.first, "08080808");
  EXPECT_EQ(unknown.second, "09090909");
  const JournalSubject known = subject_of(data, data.lines[1]);
  EXPECT_EQ(known.first, "Lefèvre, Zoé");
  EXPECT_EQ(known.second, "Compte rendu de radiologie");
  const JournalSubject account = subject_of(data, data.lines[0]);
  EXPECT_EQ(account.first, "Paul Henry");
  EXPECT_EQ(account.second, "");
}

TEST(JournalModel, EveryActionHasWordsAndAKind) {
  for (int value = 0; value <= static_cast<int>(Action::kVerify); ++value) {
    const auto action = static_cast<Action>(value);
    EXPECT_NE(*action_words(action), '\0') << value;
    EXPECT_NE(group_of(action), JournalGroup::kAll) << value;
  }
}

TEST(JournalModel, AnIntentWithoutAnEndIsNeitherPermittedNorRefused) {
  JournalLine open = line(0, kNow, "prac", Action::kExport);
  open.outcome = "unknown";
  EXPECT_EQ(outcome_tag(open), TagKind::kWarning);
  open.outcome = "failure";
  EXPECT_EQ(outcome_tag(open), TagKind::kBad);
}

TEST(JournalModel, WhatDoesNotOpenIsShownInEveryKind) {
  JournalData data = sample();
  data.lines[1].action.reset();
  data.lines[1].outcome = "unreadable";
  EXPECT_EQ(outcome_tag(data.lines[1]), TagKind::kBad);
  EXPECT_STREQ(outcome_words(data.lines[1]), "unreadable");
  EXPECT_STREQ(action_words(data.lines[1]), "Unreadable entry");
  JournalModel model;
  model.set(std::move(data));
  model.apply({.period = JournalPeriod::kAll, .group = JournalGroup::kPeople}, kNow);
  EXPECT_EQ(sequences(model), (Sequences{1, 0}));
}

TEST(VaultNotes, ComeBackAsTheyWereWritten) {
  const TempDir directory;
  Hash vault;
  vault.bytes.fill(7);
  const std::string place = directory / "state/coffre";
  EXPECT_FALSE(load_notes(place, vault).anchor);
  VaultNotes notes;
  notes.anchor = Anchor{18'204, kNow, "/media/cl\xE9/coffre.note"};  // a path need not be UTF-8
  notes.verification = Verification{kNow, true, 2};
  ASSERT_TRUE(save_notes(place, vault, notes));
  const VaultNotes loaded = load_notes(place, vault);
  ASSERT_TRUE(loaded.anchor && loaded.verification);
  EXPECT_EQ(loaded.anchor->entries, 18'204U);
  EXPECT_EQ(loaded.anchor->path, notes.anchor->path);
  EXPECT_TRUE(loaded.verification->read_data);
  EXPECT_EQ(loaded.verification->damaged, 2U);
  Hash other;
  EXPECT_FALSE(load_notes(place, other).anchor) << "notes of another vault";
}

TEST(VaultNotes, ABrokenFileReadsAsNone) {
  const TempDir directory;
  const Hash vault;
  const std::string path = directory / "notes-00000000000000000000000000000000.json";
  for (const char* broken : {"", "{", "[1]", R"({"anchor":{"entries":"x"}})", R"({"anchor":3})"}) {
    ASSERT_TRUE(write_durable(path, as_bytes(broken)));
    const VaultNotes notes = load_notes(directory.path(), vault);
    EXPECT_FALSE(notes.anchor || notes.verification) << broken;
  }
}

}  // namespace
}  // namespace coffre::test
