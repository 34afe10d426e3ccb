// A document in hand: pages, zoom, search, record.
#include <gtest/gtest.h>

#include "tests/app/desktop/screens/dossiers_fixture.h"

namespace coffre::test {
namespace {

using ui::Key;
using ui::letter;

class DocumentPaneTest : public testing::Test {
 protected:
  void SetUp() override {
    file_typed(vault_, "medical", "Radiographie", "Imagerie", "2026-01-02");
    file_typed(vault_, "medical", "Bilan", "Résultat", "2026-01-03");
  }
  void open(DossiersRig& rig) {
    rig.choose_patient();
    rig.choose_document("Radiographie");
  }
  VaultFixture vault_;
};

TEST_F(DocumentPaneTest, ShowsTheFirstPageWholeAndFetchesTheNext) {
  DossiersRig rig(vault_);
  open(rig);
  ASSERT_TRUE(rig.driver().has("document.page"));
  EXPECT_EQ(rig.driver().find("document.page")->text, "page 1 / 3");
  EXPECT_EQ(rig.pages->drawn, (std::vector<std::uint32_t>{0, 1}));
  EXPECT_EQ(rig.textures.live.size(), 2U);
}

TEST_F(DocumentPaneTest, PageKeysTurnPagesAndStopAtTheEnds) {
  DossiersRig rig(vault_);
  open(rig);
  rig.press(Key::kPageDown);
  EXPECT_EQ(rig.view().page(), 1U);
  rig.press(Key::kPageDown);
  rig.press(Key::kPageDown);
  EXPECT_EQ(rig.view().page(), 2U);
  rig.press(Key::kPageUp);
  rig.press(Key::kPageUp);
  rig.press(Key::kPageUp);
  EXPECT_EQ(rig.view().page(), 0U);
  EXPECT_EQ(rig.driver().find("document.page")->text, "page 1 / 3");
}

TEST_F(DocumentPaneTest, ALargerPageIsScrolledBeforeItIsTurned) {
  DossiersRig rig(vault_);
  open(rig);
  for (int step = 0; step < 6; ++step) {
    rig.press(letter('+'));
  }
  EXPECT_GE(rig.view().percent(), 150);
  rig.press(Key::kPageDown);
  EXPECT_EQ(rig.view().page(), 0U);
  for (int step = 0; step < 8; ++step) {
    rig.press(Key::kPageDown);
  }
  EXPECT_GT(rig.view().page(), 0U);
}

TEST_F(DocumentPaneTest, ZoomAndFitAskForAnotherPicture) {
  DossiersRig rig(vault_);
  open(rig);
  const int fitted = rig.view().percent();
  EXPECT_GT(fitted, 20);
  EXPECT_LT(fitted, 200);
  const std::uint32_t width = rig.pages->widths.front();
  rig.press(letter('+'));
  EXPECT_GT(rig.view().percent(), fitted);
  EXPECT_GT(rig.pages->widths.back(), width);
  rig.press(letter('-'));
  rig.press(letter('-'));
  EXPECT_LT(rig.view().percent(), fitted);
  rig.press(letter('0'), true);
  EXPECT_EQ(rig.view().percent(), fitted);
  // What is not shown any more is given back.
  EXPECT_LE(rig.textures.live.size(), 3U);
}

TEST_F(DocumentPaneTest, RotatingTurnsThePicture) {
  DossiersRig rig(vault_);
  open(rig);
  rig.press(letter('R'), true);
  EXPECT_EQ(rig.view().quarter_turns(), 1);
  const ui::SeenWidget* page = rig.driver().find("document.page");
  ASSERT_NE(page, nullptr);
  EXPECT_GT(page->max.x - page->min.x, page->max.y - page->min.y);
}

TEST_F(DocumentPaneTest, ThumbnailsLeadToTheirPages) {
  DossiersRig rig(vault_);
  open(rig);
  rig.press(letter('T'), true);
  rig.click("document.thumbnails.2");
  EXPECT_EQ(rig.view().page(), 2U);
}

TEST_F(DocumentPaneTest, AFoundWordIsMarkedAndItsPageShown) {
  DossiersRig rig(vault_);
  rig.pages->words = {{"Compte", "rendu"}, {"thorax", "Épaule", "droite"}, {"épaule"}};
  open(rig);
  rig.press(letter('F'), true, true);
  rig.type("epaule");
  EXPECT_EQ(rig.view().page(), 1U);
  ASSERT_TRUE(rig.driver().has("document.hit_current"));
  EXPECT_EQ(rig.driver().find("document.find_count")->text, "1 / 2");
  rig.press(Key::kF3);
  EXPECT_EQ(rig.view().page(), 2U);
  rig.press(Key::kF3);
  EXPECT_EQ(rig.view().page(), 1U);
  rig.click("document.find_close");
  EXPECT_FALSE(rig.driver().has("document.hit_current"));
}

TEST_F(DocumentPaneTest, APageWithoutItsFontsSaysSo) {
  DossiersRig rig(vault_);
  rig.pages->without_fonts = {1};
  open(rig);
  EXPECT_FALSE(rig.driver().has("document.fonts_missing"));
  rig.press(Key::kPageDown);
  EXPECT_TRUE(rig.driver().has("document.fonts_missing"));
}

TEST_F(DocumentPaneTest, ABrokenPageIsAnErrorOfThatPageOnly) {
  DossiersRig rig(vault_);
  rig.pages->broken = {1};
  open(rig);
  rig.press(Key::kPageDown);
  EXPECT_TRUE(rig.driver().has("document.page_error"));
  rig.press(Key::kPageDown);
  EXPECT_TRUE(rig.driver().has("document.page"));
}

TEST_F(DocumentPaneTest, ABrokenDocumentSaysSoAndCanBeTriedAgain) {
  DossiersRig rig(vault_);
  rig.open_error = Error{Code::kFailed, "broken", {}, ""};
  open(rig);
  EXPECT_TRUE(rig.driver().has("document.error"));
  rig.open_error.reset();
  rig.click("document.retry");
  EXPECT_TRUE(rig.driver().has("document.page"));
}

TEST_F(DocumentPaneTest, NoRoomForAPictureIsSaid) {
  DossiersRig rig(vault_);
  rig.textures.refuse = true;
  open(rig);
  EXPECT_TRUE(rig.driver().has("document.page_error"));
}

TEST_F(DocumentPaneTest, TheNewestOfManyWishesIsShown) {
  DossiersRig rig(vault_);
  rig.choose_patient();
  // Both before the vault answers the first.
  rig.driver().click("documents.0");
  rig.driver().click("documents.1");
  rig.settle();
  ASSERT_TRUE(rig.screen().pane().document());
  EXPECT_EQ(rig.opened.back(), rig.screen().pane().document()->title);
  EXPECT_EQ(rig.screen().pane().state(), ui::DocumentPane::State::kReady);
}

TEST_F(DocumentPaneTest, AnotherDocumentClosesTheLastAndItsPictures) {
  DossiersRig rig(vault_);
  open(rig);
  const std::shared_ptr<FakePages> first = rig.pages;
  rig.pages = std::make_shared<FakePages>();
  rig.choose_document("Bilan");
  EXPECT_TRUE(first->closed);
  EXPECT_EQ(rig.textures.live.size(), 2U);
}

TEST_F(DocumentPaneTest, TheEndOfTheSessionClosesThePagesAtOnce) {
  DossiersRig rig(vault_);
  open(rig);
  EXPECT_FALSE(rig.pages->closed);
  rig.rig().services().session_end.run();  // as the lock does, whatever the interface is doing
  EXPECT_TRUE(rig.pages->closed);
}

TEST_F(DocumentPaneTest, ASessionThatEndsWhileADocumentOpensClosesItWithoutTheInterface) {
  for (const bool is_started : {true, false}) {
    DossiersRig rig(vault_);
    ui::Services& services = rig.rig().services();
    rig.choose_patient();
    rig.driver().click("documents.0");
    rig.rig().vault().wait_until_idle();  // the content is read
    if (!is_started) {
      services.session_end.run();
    }
    ASSERT_TRUE(services.jobs.drain());
    services.jobs.wait_until_done();  // its process runs, and nobody has taken it yet
    if (is_started) {
      EXPECT_FALSE(rig.pages->closed);
      services.session_end.run();
    }
    EXPECT_TRUE(rig.pages->closed) << is_started;
  }
}

TEST_F(DocumentPaneTest, NoTextureIsLeftWhenTheScreenGoes) {
  CountedTextures* textures = nullptr;
  const auto rig = std::make_unique<DossiersRig>(vault_);
  textures = &rig->textures;
  open(*rig);
  rig->press(letter('T'), true);
  EXPECT_FALSE(textures->live.empty());
  rig->screen().pane().clear();
  EXPECT_TRUE(textures->live.empty());
}

TEST_F(DocumentPaneTest, TitleTypeAndDateAreChanged) {
  DossiersRig rig(vault_);
  open(rig);
  rig.press(Key::kF2);
  rig.press(letter('A'), true);
  rig.type("Thorax de face");
  rig.click("edit.date");
  rig.press(letter('A'), true);
  rig.type("05/02/2026");
  rig.click("edit.save");
  ASSERT_TRUE(rig.screen().pane().document());
  EXPECT_EQ(rig.screen().pane().document()->title, "Thorax de face");
  EXPECT_TRUE(rig.shows("Thorax de face"));
  EXPECT_FALSE(rig.pages->closed) << "the pages stay";
  EXPECT_EQ(rig.screen().table().find(rig.screen().pane().document()->id)->date, "2026-02-05");
}

TEST_F(DocumentPaneTest, WithoutTheRightToChangeTheCommandIsGreyed) {
  file_typed(vault_, "administrative", "Facture", "Facture", "2026-01-03");
  DossiersRig rig(vault_, {.user = "bill"});
  rig.choose_patient();
  rig.choose_document("Facture");
  EXPECT_FALSE(rig.rig().commands().run("document.edit"));
  EXPECT_FALSE(rig.driver().enabled("document.edit"));
}

TEST_F(DocumentPaneTest, LookingIsJournaled) {
  {
    DossiersRig rig(vault_);
    open(rig);
  }
  Result<std::unique_ptr<Vault>> owner = vault_.practice().unlock("marie");
  ASSERT_TRUE(owner);
  const Result<std::vector<JournalLine>> lines = (*owner)->journal(std::nullopt, std::nullopt);
  ASSERT_TRUE(lines);
  EXPECT_TRUE(std::ranges::any_of(*lines, [](const JournalLine& line) {
    return line.action == Action::kView && line.object && line.actor == "marie";
  }));
}

}  // namespace
}  // namespace coffre::test
