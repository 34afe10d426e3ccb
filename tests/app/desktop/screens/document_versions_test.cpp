// Versions of a document at the desktop: the list, looking at an earlier one, exporting it, and
// making it the present one again.
#include "app/desktop/screens/document_versions.h"

#include <algorithm>

#include <gtest/gtest.h>

#include "app/common/i18n.h"
#include "app/desktop/ui_core/format.h"
#include "core/base/file.h"
#include "tests/app/desktop/screens/dossiers_fixture.h"

namespace coffre::test {
namespace {

using ui::Key;
using ui::letter;

constexpr std::int64_t kHourMs = 3'600'000;

class DocumentVersions : public testing::Test {
 protected:
  // IRM of 100 bytes by marie, then 2'000 and 30'000 by prac, an hour between; Bilan has one only.
  DocumentVersions() {
    document_ = file_typed(vault_, "medical", "IRM", "Imagerie", "2020-05-03");
    file_typed(vault_, "medical", "Bilan", "Résultat", "2020-05-03");
    vault_.clock().advance(kHourMs);
    add_version(vault_, document_, 2'000);
    vault_.clock().advance(kHourMs);
    add_version(vault_, document_, 30'000);
    vault_.clock().advance(kHourMs);
  }
  static void take(DossiersRig& rig) {
    rig.choose_patient();
    rig.choose_document("IRM");
  }
  // Opens the list and goes to this row.
  static void choose(DossiersRig& rig, int row) {
    ASSERT_TRUE(rig.rig().run("document.versions"));
    rig.settle();
    rig.click("versions.list." + std::to_string(row));
  }
  static ui::Availability availability(DossiersRig& rig, const char* id) {
    const ui::Command* command = rig.rig().commands().find(id);
    return command == nullptr ? ui::Availability::hidden()
                              : ui::Commands::availability_of(*command);
  }
  [[nodiscard]] std::vector<JournalLine> lines(Action action) {
    const auto officer = vault_.practice().unlock("priv", "other");
    EXPECT_TRUE(officer);
    auto found = (*officer)->journal(std::nullopt, document_);
    EXPECT_TRUE(found);
    std::erase_if(*found, [&](const JournalLine& line) { return line.action != action; });
    return *found;
  }
  [[nodiscard]] std::uint64_t size_now() {
    const auto owner = vault_.practice().unlock("marie", "other");
    EXPECT_TRUE(owner);
    return (*owner)->document(document_)->size;
  }

  InLanguage english_{Language::kEnglish};
  VaultFixture vault_;
  Id document_;
};

TEST_F(DocumentVersions, AreListedTheNewestFirstWithTimeAuthorAndSize) {
  DossiersRig rig(vault_);
  take(rig);
  rig.click("document.versions");
  rig.rig().expect_tidy();
  rig.driver().save_picture("versions");
  ASSERT_TRUE(rig.driver().has("versions.list.2"));
  EXPECT_FALSE(rig.driver().has("versions.list.3"));
  const Document& shown = *rig.screen().pane().document();
  const std::vector<EarlierVersion> all = ui::versions_of(shown);
  ASSERT_EQ(all.size(), 3U);
  EXPECT_EQ(all[0].id, shown.version);
  EXPECT_EQ(all[0].size, 30'000U);
  EXPECT_EQ(all[1].size, 2'000U);
  EXPECT_EQ(all[2].size, 100U);
  EXPECT_TRUE(rig.shows("prac · " + ui::size_text(30'000)));
  EXPECT_TRUE(rig.shows("marie · " + ui::size_text(100)));
  EXPECT_TRUE(rig.shows("Present"));
  EXPECT_FALSE(rig.shows("Shown"));
}

TEST_F(DocumentVersions, WithoutAnEarlierOneTheButtonIsNotThereAndTheCommandSaysWhy) {
  DossiersRig rig(vault_);
  rig.choose_patient();
  EXPECT_EQ(reason_of(availability(rig, "document.versions")), "Choose a document first.");
  rig.choose_document("Bilan");
  EXPECT_FALSE(rig.driver().has("document.versions"));
  EXPECT_EQ(reason_of(availability(rig, "document.versions")), "It has no earlier version.");
  rig.press(letter('H'), true);
  EXPECT_FALSE(rig.driver().has("versions.look"));
}

TEST_F(DocumentVersions, AnEarlierOneIsShownMarkedAndJournaledAndOneClickLeadsBack) {
  DossiersRig rig(vault_);
  take(rig);
  EXPECT_EQ(rig.sizes, std::vector<std::uint64_t>{30'000});
  EXPECT_FALSE(rig.driver().has("document.earlier"));
  const std::size_t looks = lines(Action::kView).size();
  rig.press(letter('H'), true);
  rig.press(Key::kDown);
  rig.pages = std::make_shared<FakePages>();
  rig.press(Key::kEnter);  // by keyboard alone: the oldest
  EXPECT_FALSE(rig.driver().has("versions.look"));
  EXPECT_EQ(rig.sizes, (std::vector<std::uint64_t>{30'000, 100}));
  ASSERT_TRUE(rig.driver().has("document.page"));
  ASSERT_TRUE(rig.driver().has("document.earlier"));
  EXPECT_TRUE(
      rig.driver().find("document.earlier")->text.contains("marie · " + ui::size_text(100)));
  rig.rig().expect_tidy();
  rig.driver().save_picture("versions_earlier");
  // An intent and its outcome are one line.
  EXPECT_EQ(lines(Action::kView).size(), looks + 1);
  rig.press(letter('H'), true);
  EXPECT_TRUE(rig.shows("Shown"));
  rig.driver().save_picture("versions_shown");
  rig.press(Key::kEscape);
  rig.click("document.present");
  EXPECT_FALSE(rig.driver().has("document.earlier"));
  EXPECT_EQ(rig.sizes.back(), 30'000U);
  EXPECT_EQ(availability(rig, "document.present").kind, ui::Availability::Kind::kHidden);
}

TEST_F(DocumentVersions, TheNewestOfManyWishesIsShown) {
  DossiersRig rig(vault_);
  take(rig);
  {
    const HeldVault held(rig.rig().vault());
    ASSERT_TRUE(rig.rig().commands().run("document.versions"));
    rig.driver().frames(3);
    rig.driver().click("versions.look");  // asked for, not read yet
    ASSERT_TRUE(rig.rig().commands().run("document.present"));
    rig.driver().frames(2);
  }
  rig.settle();
  EXPECT_EQ(rig.sizes, (std::vector<std::uint64_t>{30'000, 2'000, 30'000}));
  EXPECT_EQ(rig.screen().pane().state(), ui::DocumentPane::State::kReady);
  EXPECT_FALSE(rig.driver().has("document.earlier"));
}

TEST_F(DocumentVersions, AnotherDocumentIsShownInItsPresentVersion) {
  DossiersRig rig(vault_);
  take(rig);
  choose(rig, 2);
  rig.click("versions.look");
  ASSERT_TRUE(rig.driver().has("document.earlier"));
  rig.choose_document("Bilan");
  EXPECT_FALSE(rig.driver().has("document.earlier"));
  rig.choose_document("IRM");
  EXPECT_FALSE(rig.driver().has("document.earlier"));
  EXPECT_EQ(rig.sizes.back(), 30'000U);
}

TEST_F(DocumentVersions, WhatIsOnTheScreenIsWhatIsExported) {
  DossiersRig rig(vault_);
  take(rig);
  const auto copy_to = [&](const std::string& path) {
    rig.type("Dr Sy");
    rig.press(Key::kTab);
    rig.type("Avis");
    rig.rig().chosen.push_back({path});
    rig.click("export.place");
    rig.click("export.go");
    const Result<Bytes> made = read_file(path, 1 << 20);
    EXPECT_TRUE(made);
    return made ? made->size() : 0;
  };
  choose(rig, 1);
  rig.click("versions.export");
  ASSERT_TRUE(rig.driver().has("export.earlier"));
  EXPECT_TRUE(rig.driver().find("export.earlier")->text.contains("prac · " + ui::size_text(2'000)));
  rig.rig().expect_tidy();
  rig.driver().save_picture("versions_export");
  EXPECT_EQ(copy_to(vault_.file("a.pdf")), 2'000U);
  choose(rig, 2);
  rig.click("versions.look");
  ASSERT_TRUE(rig.rig().run("document.export"));
  rig.settle();
  EXPECT_TRUE(rig.driver().has("export.earlier"));
  EXPECT_EQ(copy_to(vault_.file("b.pdf")), 100U);
  rig.click("document.present");
  ASSERT_TRUE(rig.rig().run("document.export"));
  rig.settle();
  EXPECT_FALSE(rig.driver().has("export.earlier"));
  EXPECT_EQ(copy_to(vault_.file("c.pdf")), 30'000U);
}

TEST_F(DocumentVersions, OneIsMadeThePresentOneAndNothingIsLost) {
  DossiersRig rig(vault_);
  take(rig);
  const std::size_t edits = lines(Action::kEdit).size();
  choose(rig, 2);
  rig.click("versions.bring_back");
  EXPECT_FALSE(rig.driver().has("versions.look"));
  ASSERT_EQ(rig.rig().toasts.heard.size(), 1U);
  EXPECT_TRUE(rig.rig().toasts.heard[0].contains("is the present one again"));
  EXPECT_EQ(rig.sizes.back(), 100U) << "it is shown";
  EXPECT_FALSE(rig.driver().has("document.earlier"));
  const Document& shown = *rig.screen().pane().document();
  EXPECT_EQ(shown.size, 100U);
  EXPECT_EQ(shown.earlier.size(), 2U);
  EXPECT_EQ(rig.screen().table().find(document_)->size, 100U) << "the list is read again";
  EXPECT_EQ(size_now(), 100U);
  EXPECT_EQ(lines(Action::kEdit).size(), edits + 1);
  const std::vector<EarlierVersion> all = ui::versions_of(shown);
  EXPECT_EQ(all[0].size, 100U);
  EXPECT_EQ(all[1].size, 30'000U);
  EXPECT_EQ(all[2].size, 2'000U);
  // The message takes it back.
  ASSERT_TRUE(rig.rig().toasts.undo);
  rig.rig().toasts.undo();
  rig.settle();
  EXPECT_EQ(size_now(), 30'000U);
  EXPECT_EQ(rig.sizes.back(), 30'000U);
}

TEST_F(DocumentVersions, OneThatIsLookedAtBecomesThePresentOneWithoutBeingReadAgain) {
  DossiersRig rig(vault_);
  take(rig);
  choose(rig, 1);
  rig.click("versions.look");
  const std::size_t read = rig.sizes.size();
  rig.click("document.bring_back");
  EXPECT_FALSE(rig.driver().has("document.earlier"));
  EXPECT_EQ(rig.sizes.size(), read);
  EXPECT_EQ(size_now(), 2'000U);
  EXPECT_EQ(availability(rig, "document.bring_back").kind, ui::Availability::Kind::kHidden);
}

TEST_F(DocumentVersions, ARefusalIsSaidAndNothingChanges) {
  DossiersRig rig(vault_, {.patience_ms = 0});
  take(rig);
  choose(rig, 2);
  {
    const BusyVault busy(vault_);
    rig.click("versions.bring_back");
    EXPECT_TRUE(rig.driver().has("versions.error"));
    rig.rig().expect_tidy();
  }
  EXPECT_EQ(size_now(), 30'000U);
  EXPECT_EQ(rig.sizes, std::vector<std::uint64_t>{30'000});
  rig.click("versions.bring_back");
  EXPECT_EQ(size_now(), 100U);
}

TEST_F(DocumentVersions, WhoMayOnlyReadLooksAndNeitherChangesNorExports) {
  const Id bill = file_typed(vault_, "administrative", "Facture", "Facture", "2020-05-03");
  add_version(vault_, bill, 500, "marie");
  DossiersRig rig(vault_, {.user = "bill"});
  rig.choose_patient();
  rig.choose_document("Facture");
  choose(rig, 1);
  EXPECT_TRUE(rig.driver().has("versions.look"));
  EXPECT_FALSE(rig.driver().has("versions.export"));
  EXPECT_FALSE(rig.driver().has("versions.bring_back"));
  rig.click("versions.look");
  EXPECT_TRUE(rig.driver().has("document.present"));
  EXPECT_FALSE(rig.driver().has("document.bring_back"));
  EXPECT_FALSE(rig.rig().run("document.bring_back"));
}

}  // namespace
}  // namespace coffre::test
