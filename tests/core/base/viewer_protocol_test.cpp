#include "core/base/viewer_protocol.h"

#include <cmath>
#include <limits>

#include <gtest/gtest.h>

namespace coffre::viewer {
namespace {

Request draw_request() {
  return {.number = 7, .kind = RequestKind::kDraw, .quarter_turns = 3, .page = 12, .width = 640};
}

TEST(ViewerProtocol, ARequestIsReadAsItWasWritten) {
  const auto read = decode_request(encode(draw_request()));
  ASSERT_TRUE(read);
  EXPECT_EQ(read->number, 7U);
  EXPECT_EQ(read->kind, RequestKind::kDraw);
  EXPECT_EQ(read->quarter_turns, 3);
  EXPECT_EQ(read->page, 12U);
  EXPECT_EQ(read->width, 640U);
}

TEST(ViewerProtocol, ARequestOutsideOfItsLimitsIsRefused) {
  for (const auto& change : std::vector<void (*)(Request&)>{
           [](Request& r) { r.kind = static_cast<RequestKind>(0); },
           [](Request& r) { r.kind = static_cast<RequestKind>(5); },
           [](Request& r) { r.document = static_cast<DocumentKind>(0); },
           [](Request& r) { r.document = static_cast<DocumentKind>(6); },
           [](Request& r) { r.quarter_turns = 4; }, [](Request& r) { r.width = 0; },
           [](Request& r) { r.width = kSideMax + 1; }}) {
    Request request = draw_request();
    change(request);
    EXPECT_FALSE(decode_request(encode(request)));
  }
  Bytes bytes = encode(draw_request());
  EXPECT_FALSE(decode_request(ByteView(bytes).first(bytes.size() - 1)));
  bytes.push_back(0);
  EXPECT_FALSE(decode_request(bytes));
}

Reply draw_reply() {
  return {.number = 7,
          .status = ReplyStatus::kDone,
          .fonts_missing = true,
          .width = 640,
          .height = 480};
}

TEST(ViewerProtocol, AReplyIsReadAsItWasWritten) {
  const auto read = decode_reply(encode(draw_reply()), draw_request());
  ASSERT_TRUE(read);
  EXPECT_TRUE(read->fonts_missing);
  EXPECT_EQ(read->width, 640U);
  EXPECT_EQ(read->height, 480U);
}

TEST(ViewerProtocol, AReplyThatIsNotToTheRequestIsRefused) {
  for (const auto& change : std::vector<void (*)(Reply&)>{
           [](Reply& r) { r.number = 8; }, [](Reply& r) { r.width = 641; },
           [](Reply& r) { r.height = 0; }, [](Reply& r) { r.height = kSideMax + 1; },
           [](Reply& r) { r.status = static_cast<ReplyStatus>(0); },
           [](Reply& r) { r.status = static_cast<ReplyStatus>(9); }}) {
    Reply reply = draw_reply();
    change(reply);
    EXPECT_FALSE(decode_reply(encode(reply), draw_request()));
  }
  Request wide = draw_request();
  wide.width = kSideMax;
  Reply many = draw_reply();
  many.width = kSideMax;
  many.height = kSideMax;
  EXPECT_FALSE(decode_reply(encode(many), wide)) << "more pixels than the memory that is shared";
}

TEST(ViewerProtocol, SizesThatAreNoneAreRefused) {
  const Request request{.number = 1, .kind = RequestKind::kInfo};
  for (const double size : {0.0, -1.0, std::numeric_limits<double>::quiet_NaN(),
                            std::numeric_limits<double>::infinity(), 1e7}) {
    const Reply reply{.number = 1, .status = ReplyStatus::kDone, .width_pt = 10, .height_pt = size};
    EXPECT_FALSE(decode_reply(encode(reply), request)) << size;
  }
}

TEST(ViewerProtocol, AnErrorNeedsNoNumbers) {
  const Reply reply{.number = 7, .status = ReplyStatus::kMemory};
  EXPECT_TRUE(decode_reply(encode(reply), draw_request()));
}

TEST(ViewerProtocol, WordsAreReadAsTheyWereWritten) {
  const std::vector<Word> words = {{0, 0, 0.5F, 0.1F, "Bœuf"}, {0.5F, 0, 1, 0.1F, ""}};
  const auto read = decode_words(encode_words(words));
  ASSERT_TRUE(read);
  ASSERT_EQ(read->size(), 2U);
  EXPECT_EQ((*read)[0].text, "Bœuf");
  EXPECT_FLOAT_EQ((*read)[1].x0, 0.5F);
}

TEST(ViewerProtocol, WordsOutsideOfThePageOrOfUtf8AreRefused) {
  for (const Word& word : {Word{-0.1F, 0, 1, 1, "x"}, Word{0, 0, 1.1F, 1, "x"},
                           Word{0.5F, 0, 0.4F, 1, "x"}, Word{0, std::nanf(""), 1, 1, "x"}}) {
    EXPECT_FALSE(decode_words(encode_words({word})));
  }
  Bytes bytes = encode_words({{0, 0, 1, 1, "xx"}});
  bytes.back() = 0xff;
  EXPECT_FALSE(decode_words(bytes));
  bytes.pop_back();
  EXPECT_FALSE(decode_words(bytes));
}

TEST(ViewerProtocol, ACountOfWordsThatIsTooLargeTakesNoMemory) {
  Writer lie;
  lie.u32(0xffffffff);
  EXPECT_FALSE(decode_words(lie.view()));
  EXPECT_TRUE(decode_words(encode_words({}))->empty());
}

TEST(ViewerProtocol, HeightFollowsTheShapeOfThePage) {
  EXPECT_EQ(height_for(100, 200, 100).value(), 50U);
  EXPECT_EQ(height_for(100, 100, 200).value(), 200U);
  EXPECT_EQ(height_for(100, 1e6, 1).value(), 1U) << "a line is left";
  EXPECT_EQ(height_for(100, 1, 1e6).error().code, Code::kLimit);
  EXPECT_EQ(height_for(kSideMax, 1, 1).error().code, Code::kLimit);
  EXPECT_EQ(height_for(0, 1, 1).error().code, Code::kLimit);
  EXPECT_EQ(height_for(10, std::nan(""), 1).error().code, Code::kLimit);
  EXPECT_EQ(height_for(10, 0, 0).error().code, Code::kLimit);
}

}  // namespace
}  // namespace coffre::viewer
