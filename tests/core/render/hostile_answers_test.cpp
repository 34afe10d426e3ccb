// What the program makes of a viewer that was taken over, or that is gone.
#include <csignal>
#include <thread>

#include <gtest/gtest.h>

#include "core/base/clock.h"
#include "tests/core/render/lies.h"
#include "tests/core/render/viewer_fixture.h"

namespace coffre {
namespace {

using test::Lie;

Result<std::unique_ptr<Viewer>> open_liar(Lie lie, std::int64_t patience_ms = 10'000) {
  ViewerOptions options;
  options.program = COFFRE_HOSTILE_VIEWER;
  options.landlock_max = static_cast<int>(lie);
  options.patience_ms = patience_ms;
  return test::open_viewer(as_bytes("content"), "application/pdf", options);
}

template <typename Value>
Code code_of(const Result<Value>& result) {
  return result ? Code::kInvalidArgument : result.error().code;
}

TEST(HostileAnswers, TheControlTellsTheTruthAndIsBelieved) {
  const auto viewer = open_liar(Lie::kNone);
  ASSERT_TRUE(viewer);
  EXPECT_EQ((*viewer)->pages(), 3U);
  EXPECT_DOUBLE_EQ((*viewer)->page_info(0).value().height_pt, 200);
  const auto image = (*viewer)->draw(0, 64, 0);
  ASSERT_TRUE(image);
  EXPECT_EQ(image->rgba.size(), 64U * 4);
}

TEST(HostileAnswers, AnOpeningThatMakesNoSenseIsRefused) {
  for (const Lie lie :
       {Lie::kEnd, Lie::kLongMessage, Lie::kShortMessage, Lie::kOtherNumber, Lie::kManyPages}) {
    const auto viewer = open_liar(lie);
    ASSERT_FALSE(viewer) << static_cast<int>(lie);
    EXPECT_EQ(viewer.error().code, Code::kFailed);
    EXPECT_STRNE(viewer.error().what, "");
  }
}

TEST(HostileAnswers, APictureThatIsNotTheOneAskedForIsRefused) {
  for (const Lie lie : {Lie::kTallPicture, Lie::kOtherWidth, Lie::kTwoReplies}) {
    const auto viewer = open_liar(lie);
    ASSERT_TRUE(viewer) << static_cast<int>(lie);
    EXPECT_EQ(code_of((*viewer)->draw(0, 64, 0)), Code::kFailed) << static_cast<int>(lie);
    EXPECT_EQ((*viewer)->process_id(), 0) << "it must be gone";
  }
}

TEST(HostileAnswers, ASizeThatIsNoneIsRefused) {
  const auto viewer = open_liar(Lie::kNoSize);
  ASSERT_TRUE(viewer);
  EXPECT_EQ(code_of((*viewer)->page_info(0)), Code::kFailed);
}

TEST(HostileAnswers, WordsThatLieAreRefused) {
  for (const Lie lie : {Lie::kMuchText, Lie::kWordsWithoutEnd, Lie::kWordsThatAreNoText}) {
    const auto viewer = open_liar(lie);
    ASSERT_TRUE(viewer) << static_cast<int>(lie);
    EXPECT_EQ(code_of((*viewer)->text(0)), Code::kFailed) << static_cast<int>(lie);
    EXPECT_EQ((*viewer)->process_id(), 0);
  }
}

TEST(HostileAnswers, SilenceEndsWithThePatience) {
  EXPECT_EQ(code_of(open_liar(Lie::kNoOpening, 100)), Code::kFailed);
  const auto viewer = open_liar(Lie::kSilence);
  ASSERT_TRUE(viewer);
  (*viewer)->set_patience(100);
  const std::int64_t start = system_clock().steady_ms();
  EXPECT_EQ(code_of((*viewer)->draw(0, 64, 0)), Code::kFailed);
  EXPECT_LT(system_clock().steady_ms() - start, 5'000);
  EXPECT_EQ((*viewer)->process_id(), 0);
}

TEST(HostileAnswers, AViewerThatEndsInACallIsAnErrorOfThatCall) {
  const auto viewer = open_liar(Lie::kEndLater);
  ASSERT_TRUE(viewer);
  EXPECT_EQ(code_of((*viewer)->draw(0, 64, 0)), Code::kFailed);
  EXPECT_EQ(code_of((*viewer)->page_info(0)), Code::kFailed);
}

TEST(HostileAnswers, ClosingEndsACallThatWaitsInAnotherThread) {
  const auto viewer = open_liar(Lie::kSilence);
  ASSERT_TRUE(viewer);
  Result<PageImage> answer = PageImage{};
  std::thread waiting([&] { answer = (*viewer)->draw(0, 64, 0); });
  (*viewer)->close();
  waiting.join();
  EXPECT_EQ(code_of(answer), Code::kFailed);
  EXPECT_EQ((*viewer)->process_id(), 0);
}

TEST(HostileAnswers, AViewerThatIsKilledMeanwhileIsAnErrorAndTheNextCallStartsAnew) {
  const auto viewer = test::open_viewer(test::pdf_picture(), "application/pdf");
  ASSERT_TRUE(viewer);
  const int first = (*viewer)->process_id();
  ASSERT_GT(first, 0);
  ASSERT_EQ(::kill(first, SIGKILL), 0);
  EXPECT_EQ(code_of((*viewer)->draw(0, 64, 0)), Code::kFailed);
  const auto image = (*viewer)->draw(0, 64, 0);
  ASSERT_TRUE(image);
  EXPECT_EQ(test::quarters_of(*image), "RGBY");
  EXPECT_NE((*viewer)->process_id(), first);
}

TEST(HostileAnswers, AProgramThatIsNotThereIsAnError) {
  ViewerOptions options;
  options.program = "/nonexistent/coffre-viewer";
  EXPECT_EQ(code_of(test::open_viewer(test::pdf_picture(), "application/pdf", options)),
            Code::kNotFound);
}

TEST(HostileAnswers, AProgramThatIsNoViewerIsAnError) {
  ViewerOptions options;
  options.program = "/bin/true";
  EXPECT_EQ(code_of(test::open_viewer(test::pdf_picture(), "application/pdf", options)),
            Code::kFailed);
}

}  // namespace
}  // namespace coffre
