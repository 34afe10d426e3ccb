#include <algorithm>
#include <set>
#include <string>
#include <string_view>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/samples/letters.h"
#include "tests/samples/sample.h"

namespace coffre::samples {
namespace {

constexpr std::string_view kMarker = "COFFRE-MARKER-5f3a";

std::string text_of(const Bytes& bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

Sample sample_at(std::uint64_t index, std::string_view marker = kMarker) {
  Result<Sample> sample = make_sample(index, marker);
  EXPECT_TRUE(sample.has_value()) << (sample ? "" : sample.error().what);
  return sample ? *std::move(sample) : Sample{};
}

TEST(Samples, PdfHasHeaderTrailerAndSize) {
  for (const std::uint64_t index : {0U, 2U, 4U, 5U, 7U, 9U, 10U, 12U}) {
    const Sample sample = sample_at(index);
    const std::string text = text_of(sample.bytes);
    EXPECT_TRUE(sample.name.ends_with(".pdf")) << sample.name;
    EXPECT_TRUE(text.starts_with("%PDF-1.")) << sample.name;
    EXPECT_NE(text.rfind("%%EOF"), std::string::npos) << sample.name;
    EXPECT_GT(text.size(), 5'000U) << sample.name;
    EXPECT_LT(text.size(), 200'000U) << sample.name;
  }
}

TEST(Samples, JpegHasBothEndsAndTheSizeOfAScan) {
  for (const std::uint64_t index : {1U, 3U, 6U, 8U}) {
    const Sample sample = sample_at(index);
    const std::string text = text_of(sample.bytes);
    EXPECT_TRUE(sample.name.ends_with(".jpg")) << sample.name;
    EXPECT_TRUE(text.starts_with("\xFF\xD8\xFF")) << sample.name;
    EXPECT_TRUE(text.ends_with("\xFF\xD9")) << sample.name;
    EXPECT_GT(text.size(), 100'000U) << sample.name;
    EXPECT_LT(text.size(), 400'000U) << sample.name;
  }
}

TEST(Samples, MarkerStandsInTheBytesAsItIs) {
  for (std::uint64_t index = 0; index < 6; ++index) {
    const Sample with = sample_at(index);
    EXPECT_NE(text_of(with.bytes).find(kMarker), std::string::npos) << with.name;
    const Sample without = sample_at(index, "");
    EXPECT_EQ(text_of(without.bytes).find(kMarker), std::string::npos) << without.name;
  }
}

TEST(Samples, SameIndexGivesTheSameBytes) {
  for (std::uint64_t index = 0; index < 6; ++index) {
    const Sample once = sample_at(index);
    const Sample again = sample_at(index);
    EXPECT_EQ(once.name, again.name);
    EXPECT_TRUE(once.bytes == again.bytes) << once.name;
  }
}

TEST(Samples, NamesAreDistinctAndFitAFileSystem) {
  std::set<std::string> names;
  for (std::uint64_t index = 0; index < 500; ++index) {
    const std::string name = make_letter(index, 1).name;
    EXPECT_LT(name.size(), 200U) << name;
    EXPECT_EQ(name.find('/'), std::string::npos) << name;
    EXPECT_TRUE(names.insert(name).second) << name;
  }
}

TEST(Samples, TextsHoldTheLettersThatFrenchNeeds) {
  std::string all;
  for (std::uint64_t index = 0; index < 60; ++index) {
    for (const Page& page : make_letter(index, 2).pages) {
      for (const std::string& paragraph : page.paragraphs) {
        all += paragraph;
      }
    }
  }
  for (const char* letter : {"é", "è", "ç", "œ", "€", "à", "ï", "—"}) {
    EXPECT_NE(all.find(letter), std::string::npos) << letter;
  }
}

TEST(Samples, PagesAreCutToTheirLimits) {
  EXPECT_EQ(make_letter(0, 0).pages.size(), 1U);
  EXPECT_EQ(make_letter(0, 99).pages.size(), kPagesMax);
}

class Fonts final : public testing::Environment {
 public:
  void TearDown() override { release_fonts(); }
};
// GoogleTest owns and deletes it.
testing::Environment* const g_fonts = testing::AddGlobalTestEnvironment(new Fonts);

TEST(Samples, RefusesAMarkerThatPdfWouldEscape) {
  for (const std::string& marker : {std::string("a(b"), std::string("é"), std::string("a\nb"),
                                    std::string(kMarkerMax + 1, 'a')}) {
    const Result<Sample> sample = make_sample(0, marker);
    ASSERT_FALSE(sample.has_value()) << marker;
    EXPECT_EQ(sample.error().code, Code::kInvalidArgument);
  }
}

}  // namespace
}  // namespace coffre::samples
