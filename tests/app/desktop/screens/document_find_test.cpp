// Words found in the text of pages.
#include <gtest/gtest.h>

#include "app/desktop/screens/document_pane_find.h"

namespace coffre::ui {
namespace {

std::vector<PageWordBox> words(std::initializer_list<const char*> texts) {
  std::vector<PageWordBox> made;
  for (const char* text : texts) {
    made.push_back({0, 0, 1, 1, text});
  }
  return made;
}

TEST(TextFinder, AsksForPagesFromTheOneThatIsShown) {
  TextFinder finder;
  finder.reset(3);
  EXPECT_EQ(finder.page_wanted(), std::nullopt);
  finder.set_words("x", 1);
  EXPECT_EQ(finder.page_wanted(), 1U);
  finder.add(1, {});
  EXPECT_EQ(finder.page_wanted(), 2U);
  finder.add(2, {});
  EXPECT_EQ(finder.page_wanted(), 0U);
  finder.add(0, {});
  EXPECT_TRUE(finder.is_done());
}

TEST(TextFinder, AHitRunsOverWords) {
  TextFinder finder;
  finder.reset(1);
  finder.set_words("Épaule dr", 0);
  finder.add(0, words({"epaule", "gauche", "épaule", "droite"}));
  ASSERT_EQ(finder.hits().size(), 1U);
  EXPECT_EQ(finder.hits()[0].word_first, 2U);
  EXPECT_EQ(finder.hits()[0].word_last, 3U);
  EXPECT_EQ(finder.boxes(finder.hits()[0]).size(), 2U);
}

TEST(TextFinder, TheCurrentHitStaysWhenPagesBeforeItBringMore) {
  TextFinder finder;
  finder.reset(2);
  finder.set_words("mot", 1);
  finder.add(1, words({"mot"}));
  ASSERT_EQ(finder.current(), 0U);
  finder.add(0, words({"mot", "mot"}));
  ASSERT_EQ(finder.current(), 2U);
  EXPECT_EQ(finder.hits()[2].page, 1U);
  finder.next();
  EXPECT_EQ(finder.current(), 0U);
  finder.previous();
  EXPECT_EQ(finder.current(), 2U);
}

TEST(TextFinder, OtherWordsAreFoundInTheTextThatIsKnown) {
  TextFinder finder;
  finder.reset(1);
  finder.set_words("un", 0);
  finder.add(0, words({"un", "deux"}));
  finder.set_words("deux", 0);
  EXPECT_EQ(finder.hits().size(), 1U);
  EXPECT_TRUE(finder.is_done());
  finder.set_words("", 0);
  EXPECT_TRUE(finder.hits().empty());
}

TEST(TextFinder, KeepsNoMoreHitsThanItsBound) {
  TextFinder finder;
  finder.reset(1);
  std::vector<PageWordBox> many(TextFinder::kHitsMax + 5, PageWordBox{0, 0, 1, 1, "mot"});
  finder.set_words("mot", 0);
  finder.add(0, std::move(many));
  EXPECT_EQ(finder.hits().size(), TextFinder::kHitsMax);
  EXPECT_TRUE(finder.is_cut());
}

TEST(Rotated, ABoxGoesAroundThePageClockwise) {
  const PageWordBox top_left{0, 0, 0.2F, 0.1F, ""};
  const PageWordBox once = rotated(top_left, 1);
  EXPECT_FLOAT_EQ(once.x0, 0.9F);
  EXPECT_FLOAT_EQ(once.x1, 1.0F);
  EXPECT_FLOAT_EQ(once.y0, 0.0F);
  EXPECT_FLOAT_EQ(once.y1, 0.2F);
  const PageWordBox around = rotated(top_left, 4);
  EXPECT_FLOAT_EQ(around.x1, 0.2F);
  EXPECT_FLOAT_EQ(around.y1, 0.1F);
}

}  // namespace
}  // namespace coffre::ui
