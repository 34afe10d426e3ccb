// Documents come in, are read back byte for byte, and only by those who may.
#include <gtest/gtest.h>

#include "tests/core/vault/practice.h"

namespace coffre::test {
namespace {

TEST(Documents, ComeBackByteForByteAtEverySizeAroundTheEdges) {
  Practice practice;
  auto owner = practice.unlock("marie");
  ASSERT_TRUE(owner.has_value()) << owner.error().what;
  for (const std::size_t size : {std::size_t{1}, std::size_t{16'376}, std::size_t{16'384},
                                 std::size_t{262'136}, std::size_t{262'144}, std::size_t{262'145},
                                 std::size_t{3'000'000}, std::size_t{30'000'000}}) {
    const Bytes content = sample_bytes(size);
    const auto id = file_document(**owner, "medical", practice.patient(), content);
    ASSERT_TRUE(id.has_value()) << size << " " << id.error().what;
    const auto back = content_of(**owner, *id);
    ASSERT_TRUE(back.has_value()) << size << " " << back.error().what;
    EXPECT_TRUE(*back == content) << size;
  }
  const auto report = (*owner)->verify(true);
  ASSERT_TRUE(report.has_value());
  EXPECT_TRUE(report->damaged.empty());
  EXPECT_EQ(report->documents, 8U);
}

TEST(Documents, TheSecretaryFilesIntoMedicalAndReadsNothingBack) {
  Practice practice;
  Id id;
  const Bytes content = sample_bytes(200'000);
  {
    auto secretary = practice.unlock("sec");
    ASSERT_TRUE(secretary.has_value());
    const auto filed =
        file_document(**secretary, "medical", practice.patient(), content, "IRM du genou");
    ASSERT_TRUE(filed.has_value());
    id = *filed;
    EXPECT_TRUE(titles(**secretary).empty());
    EXPECT_EQ((*secretary)->document(id).error().code, Code::kDenied);
    EXPECT_EQ(content_of(**secretary, id).error().code, Code::kDenied);
    EXPECT_EQ((*secretary)->edit_document(id, {{}, "autre", {}, {}}).error().code, Code::kDenied);
  }
  auto practitioner = practice.unlock("prac");
  ASSERT_TRUE(practitioner.has_value());
  EXPECT_EQ(titles(**practitioner), std::vector<std::string>{"IRM du genou"});
  EXPECT_TRUE(content_of(**practitioner, id).value() == content);
}

}  // namespace
}  // namespace coffre::test
