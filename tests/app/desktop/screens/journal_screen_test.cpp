#include "app/desktop/screens/journal_screen.h"

#include <gtest/gtest.h>

#include "core/base/file.h"
#include "tests/app/desktop/screens/screen_rig.h"
#include "tests/support/temp_dir.h"

namespace coffre::test {
namespace {

std::unique_ptr<ui::Screen> journal_of(ScreenRig& rig, const TempDir& state) {
  return std::make_unique<ui::JournalScreen>(rig.services(), state.path());
}

TEST(JournalScreen, IsThereForThoseWhoReadTheJournalOnly) {
  VaultFixture vault;
  const TempDir state;
  for (const auto& [user, sees] : {std::pair("marie", true),
                                   {"priv", true},
                                   {"prac", false},
                                   {"sec", false},
                                   {"bill", false},
                                   {"adm", false}}) {
    ScreenRig rig(vault, {.user = user});
    rig.show(journal_of(rig, state));
    rig.settle();
    EXPECT_EQ(rig.screen().is_available(), sees) << user;
    EXPECT_EQ(rig.run("journal.anchor"), sees) << user;
  }
}

TEST(JournalScreen, SaysThatItIsReadingUntilTheVaultAnswers) {
  VaultFixture vault;
  const TempDir state;
  ScreenRig rig(vault);
  rig.show(journal_of(rig, state));
  EXPECT_TRUE(rig.driver().shows("The journal is being read"));
  EXPECT_FALSE(rig.driver().has("journal.list.0"));
  rig.settle();
  EXPECT_TRUE(rig.driver().has("journal.list.0"));
}

TEST(JournalScreen, ShowsWhoDidWhatToWhichDocument) {
  VaultFixture vault;
  const TempDir state;
  vault.add_document("medical", "Radiographie du thorax", sample_bytes(500));
  ScreenRig rig(vault);
  rig.show(journal_of(rig, state));
  rig.settle();
  EXPECT_TRUE(rig.driver().shows("Radiographie du thorax"));
  EXPECT_TRUE(rig.driver().shows("Dupont, Éric"));
  EXPECT_TRUE(rig.driver().shows("permitted"));
  rig.expect_tidy();
  rig.driver().save_picture("journal");
}

TEST(JournalScreen, NamesThatAreKnownAreNotLookedUpAgain) {
  VaultFixture vault;
  const TempDir state;
  ScreenRig rig(vault);
  rig.show(journal_of(rig, state));
  rig.settle();
  const auto rows = [&] {
    std::size_t views = 0;
    for (const ui::SeenWidget& widget : rig.driver().seen()) {
      views += widget.text == "Consultation" ? 1U : 0U;
    }
    return views;
  };
  rig.run("journal.refresh");
  const std::size_t first = rows();  // the looks of the first reading
  rig.run("journal.refresh");
  EXPECT_EQ(rows(), first);
  EXPECT_TRUE(rig.driver().shows("a list of 1"));
}

TEST(JournalScreen, NamesNothingToWhoMayNotReadIt) {
  VaultFixture vault;
  const TempDir state;
  const Id document = vault.add_document("medical", "Radiographie du thorax", sample_bytes(500));
  ScreenRig rig(vault, {.user = "priv"});
  rig.show(journal_of(rig, state));
  rig.settle();
  EXPECT_FALSE(rig.driver().shows("Radiographie"));
  EXPECT_FALSE(rig.driver().shows("Dupont"));
  EXPECT_TRUE(rig.driver().shows(to_hex(document.view().first(4))));
}

TEST(JournalScreen, AnEntryShowsItsReasonAndItsRecipientBeside) {
  VaultFixture vault;
  const TempDir state;
  const Id document = vault.add_document("medical", "Bilan sanguin", sample_bytes(500));
  {
    const auto open = vault.practice().unlock("marie");
    ASSERT_TRUE(open);
    ASSERT_TRUE((*open)->export_document(document, "Avis avant intervention", "Dr Sy, cardiologue",
                                         [](ByteView) { return Status(); }));
  }
  ScreenRig rig(vault);
  rig.show(journal_of(rig, state));
  rig.settle();
  rig.click("journal.words");
  rig.driver().type("cardiologue");
  rig.settle();
  ASSERT_TRUE(rig.driver().has("journal.list.0"));
  EXPECT_FALSE(rig.driver().has("journal.list.1"));
  rig.click("journal.list.0");
  EXPECT_TRUE(rig.driver().shows("Avis avant intervention"));
  EXPECT_TRUE(rig.driver().shows("Dr Sy, cardiologue"));
}

TEST(JournalScreen, ASearchThatFindsNothingSaysSo) {
  VaultFixture vault;
  const TempDir state;
  ScreenRig rig(vault);
  rig.show(journal_of(rig, state));
  rig.settle();
  EXPECT_TRUE(rig.screen().search("zzz"));
  rig.settle();
  EXPECT_TRUE(rig.driver().has("journal.none"));
  rig.expect_tidy();
}

TEST(JournalScreen, WithoutAnAnchorItSaysThatThereIsNone) {
  VaultFixture vault;
  const TempDir state;
  ScreenRig rig(vault);
  rig.show(journal_of(rig, state));
  rig.settle();
  EXPECT_TRUE(rig.driver().shows("none changed or withdrawn"));
  EXPECT_TRUE(rig.driver().shows("Never anchored outside the vault"));
}

TEST(JournalScreen, AnchoringWritesTheNoteThatTheCommandLineAccepts) {
  VaultFixture vault;
  const TempDir state;
  const TempDir stick;
  const std::string note = stick / "coffre.note";
  {
    ScreenRig rig(vault);
    rig.show(journal_of(rig, state));
    rig.settle();
    rig.chosen.push_back({note});
    EXPECT_TRUE(rig.run("journal.anchor"));
    ASSERT_EQ(rig.requests.size(), 1U);
    EXPECT_EQ(rig.requests[0].kind, ui::ChooseRequest::Kind::kSave);
    EXPECT_EQ(rig.toasts.errors.size(), 0U);
    EXPECT_EQ(rig.toasts.heard.size(), 1U);
    EXPECT_TRUE(rig.driver().shows("Anchored outside the vault"));
    rig.expect_tidy();
  }
  const Result<Bytes> written = read_file(note, 4096);
  ASSERT_TRUE(written);
  const auto open = vault.practice().open(vault.path());
  ASSERT_TRUE(open);
  const Result<LogSummary> summary = (*open)->verify_log(*written);
  ASSERT_TRUE(summary);
  EXPECT_GT(summary->anchored, 0U);
}

TEST(JournalScreen, AnAnchorOutOfReachIsNotCalledCompared) {
  VaultFixture vault;
  const TempDir state;
  const TempDir stick;
  ScreenRig rig(vault);
  rig.show(journal_of(rig, state));
  rig.settle();
  rig.chosen.push_back({stick / "coffre.note"});
  ASSERT_TRUE(rig.run("journal.anchor"));
  ASSERT_EQ(os().unlink((stick / "coffre.note").c_str()), 0);
  rig.run("journal.refresh");
  EXPECT_TRUE(rig.driver().shows("out of reach now and was not compared"));
}

TEST(JournalScreen, AnAnchorIsNeverWrittenOverAFile) {
  VaultFixture vault;
  const TempDir state;
  const TempDir stick;
  const std::string note = stick / "letter.txt";
  ASSERT_TRUE(write_durable(note, as_bytes("mine")));
  ScreenRig rig(vault);
  rig.show(journal_of(rig, state));
  rig.settle();
  rig.chosen.push_back({note});
  rig.run("journal.anchor");
  ASSERT_EQ(rig.toasts.errors.size(), 1U);
  EXPECT_EQ(rig.toasts.errors[0].code, Code::kExists);
  EXPECT_EQ(as_text(*read_file(note, 100)), "mine");
}

TEST(JournalScreen, AnAnchorOfAnotherHistoryIsAnAlarmThatStays) {
  VaultFixture vault;
  VaultFixture other;
  const TempDir state;
  const TempDir stick;
  const std::string note = stick / "other.note";
  {
    other.add_document("medical", "Bilan", sample_bytes(100));
    const auto open = other.practice().open(other.path());
    ASSERT_TRUE(open);
    ASSERT_TRUE(write_durable(note, as_bytes(*(*open)->checkpoint_note())));
  }
  vault.add_document("medical", "Courrier", sample_bytes(100));
  vault.add_document("medical", "Courrier", sample_bytes(100));
  ScreenRig rig(vault);
  rig.show(journal_of(rig, state));
  rig.settle();
  rig.chosen.push_back({note});
  rig.run("journal.compare");
  ASSERT_EQ(rig.toasts.errors.size(), 1U);
  EXPECT_EQ(rig.toasts.errors[0].code, Code::kForked);
  EXPECT_TRUE(rig.driver().has("journal.alarm"));
}

TEST(JournalScreen, WhenTheVaultFailsItSaysWhatAndTriesAgain) {
  VaultFixture vault;
  const TempDir state;
  ScreenRig rig(vault);
  rig.show(journal_of(rig, state));
  rig.settle();
  // The keys go, as at a lock; the screen stays only in this test.
  rig.vault().lock(LockCause::kRequest);
  rig.vault().wait_until_idle();
  rig.screen().entered();
  rig.settle();
  EXPECT_TRUE(rig.driver().has("journal.error"));
  EXPECT_TRUE(rig.driver().has("journal.retry"));
  rig.expect_tidy();
}

TEST(JournalScreen, EverythingIsReachedFromTheKeyboard) {
  VaultFixture vault;
  const TempDir state;
  ScreenRig rig(vault);
  rig.show(journal_of(rig, state));
  rig.settle();
  rig.driver().press(ui::Key::kF5);
  EXPECT_TRUE(rig.driver().shows("The journal is being read"));
  rig.settle();
  rig.driver().press(ui::letter('A'), true, true);
  rig.settle();
  EXPECT_EQ(rig.requests.size(), 1U);
  // A row is clicked once, so that the list has the keyboard; then the arrows choose.
  rig.click("journal.list.0");
  ASSERT_TRUE(rig.driver().shows("Entry "));
  const auto entry = [&] {
    for (const ui::SeenWidget& widget : rig.driver().seen()) {
      if (widget.text.starts_with("Entry ")) {
        return widget.text;
      }
    }
    return std::string();
  };
  const std::string first = entry();
  rig.driver().press(ui::Key::kDown);
  rig.settle();
  EXPECT_NE(entry(), first);
  rig.driver().press(ui::Key::kUp);
  rig.settle();
  EXPECT_EQ(entry(), first);
}

TEST(JournalScreen, TheFilterComesBackFromTheDraft) {
  VaultFixture vault;
  const TempDir state;
  std::string draft;
  {
    ScreenRig rig(vault);
    rig.show(journal_of(rig, state));
    rig.settle();
    EXPECT_EQ(rig.screen().draft(), "");
    static_cast<void>(rig.screen().search("dupont"));
    draft = rig.screen().draft();
  }
  ScreenRig rig(vault);
  rig.show(journal_of(rig, state));
  rig.screen().restore(draft);
  rig.screen().restore("[]");
  rig.settle();
  EXPECT_EQ(rig.screen().draft(), draft);
  EXPECT_TRUE(rig.driver().shows("Dupont"));
}

class JournalLooks : public testing::TestWithParam<Look> {};

TEST_P(JournalLooks, NothingIsCut) {
  const InLanguage language(GetParam().language);
  VaultFixture vault;
  const TempDir state;
  vault.add_document("medical", "Bilan", sample_bytes(100));
  ScreenRig rig(vault, {.scale = GetParam().scale, .size = GetParam().size});
  rig.show(journal_of(rig, state));
  rig.driver().frames(3);
  rig.expect_tidy();
  rig.settle();
  rig.expect_tidy();
  rig.driver().press(ui::Key::kTab);
  static_cast<void>(rig.screen().search("zzz"));
  rig.settle();
  rig.expect_tidy();
}

INSTANTIATE_TEST_SUITE_P(All, JournalLooks, testing::ValuesIn(kLooks));

}  // namespace
}  // namespace coffre::test
