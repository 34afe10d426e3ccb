// Documents come in, are read back byte for byte, and only by those who may.
#include <gtest/gtest.h>

#include "tests/core/vault/expect.h"
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

// Stores `content` as a new version.
Result<Id> store_version(Vault& vault, const Document& document, Bytes content) {
  Result<Id> stored = fail(Code::kFailed, "nothing was stored");
  bool is_given = false;
  COFFRE_TRY(vault.import(
      [&]() -> std::optional<Result<NewDocument>> {
        if (std::exchange(is_given, true)) {
          return std::nullopt;
        }
        NewDocument made;
        made.compartment = document.compartment;
        made.version_of = document.id;
        made.mime = "text/plain";
        made.content = std::make_unique<MemorySource>(std::move(content));
        return Result<NewDocument>(std::move(made));
      },
      [&](std::size_t, const Result<Id>& id) { stored = id; }));
  return stored;
}

Bytes content_at(Vault& vault, const Id& document, const std::optional<Id>& version) {
  Bytes content;
  must(vault.export_document(
      document, "test", "",
      [&](ByteView bytes) -> Status {
        content.insert(content.end(), bytes.begin(), bytes.end());
        return {};
      },
      version));
  return content;
}

TEST(Documents, ANewVersionLeavesTheEarlierOnesReadable) {
  Practice practice;
  const auto doctor = must(practice.unlock("prac"));
  const Bytes first = sample_bytes(5'000, 1);
  const Bytes second = sample_bytes(20'000'000, 2);  // in pieces
  const Bytes third = sample_bytes(100, 3);
  const Id id = must(file_document(*doctor, "medical", practice.patient(), first, "IRM"));
  const Document before = must(doctor->document(id));
  practice.clock().advance(60'000);
  EXPECT_EQ(must(store_version(*doctor, before, second)), id);
  EXPECT_EQ(must(store_version(*doctor, before, third)), id);
  const Document now = must(doctor->document(id));
  EXPECT_EQ(now.title, "IRM");
  EXPECT_EQ(now.mime, "text/plain");
  EXPECT_EQ(now.size, third.size());
  EXPECT_EQ(now.filed_ms, before.filed_ms);
  EXPECT_GE(now.changed_ms, before.filed_ms + 60'000);
  ASSERT_EQ(now.earlier.size(), 2U);
  EXPECT_EQ(now.earlier[0].id, before.version);
  EXPECT_EQ(now.earlier[0].stored_ms, before.filed_ms);
  EXPECT_EQ(now.earlier[0].author, before.author);
  EXPECT_TRUE(content_at(*doctor, id, {}) == third);
  EXPECT_TRUE(content_at(*doctor, id, now.version) == third);
  EXPECT_TRUE(content_at(*doctor, id, now.earlier[0].id) == first);
  EXPECT_TRUE(content_at(*doctor, id, now.earlier[1].id) == second);
  EXPECT_TRUE(refused(doctor->export_document(id, "test", "", {}, id), Code::kDenied));
  EXPECT_EQ(titles(*doctor).size(), 1U);

  must(doctor->edit_document(id, {.version = before.version}));
  const Document restored = must(doctor->document(id));
  EXPECT_EQ(restored.version, before.version);
  EXPECT_EQ(restored.mime, before.mime);
  EXPECT_EQ(restored.changed_ms, before.filed_ms);
  ASSERT_EQ(restored.earlier.size(), 2U);
  EXPECT_EQ(restored.earlier[1].id, now.version);
  EXPECT_TRUE(content_at(*doctor, id, {}) == first);
  EXPECT_TRUE(content_at(*doctor, id, now.version) == third);
  EXPECT_TRUE(refused(doctor->edit_document(id, {.version = id}), Code::kDenied));

  const auto report = must(must(practice.unlock("marie", "second"))->verify(true));
  EXPECT_TRUE(report.damaged.empty());
  EXPECT_EQ(report.documents, 1U);
}

TEST(Documents, ANewVersionNeedsTheRightsAndItsDocument) {
  Practice practice;
  Document document;
  Document letter;
  {
    const auto doctor = must(practice.unlock("prac"));
    document = must(doctor->document(
        must(file_document(*doctor, "medical", practice.patient(), sample_bytes(10)))));
    letter = must(doctor->document(
        must(file_document(*doctor, "administrative", practice.patient(), sample_bytes(10)))));
    Document elsewhere = document;
    elsewhere.compartment = letter.compartment;
    EXPECT_TRUE(
        refused(store_version(*doctor, elsewhere, sample_bytes(5)), Code::kInvalidArgument));
    Document unknown = document;
    unknown.id = document.version;
    EXPECT_TRUE(refused(store_version(*doctor, unknown, sample_bytes(5)), Code::kDenied));
  }
  // She files there and reads nothing; the clerk reads and changes nothing.
  const auto secretary = must(practice.unlock("sec"));
  EXPECT_TRUE(refused(store_version(*secretary, document, sample_bytes(5)), Code::kDenied));
  const auto clerk = must(practice.unlock("bill"));
  EXPECT_TRUE(refused(store_version(*clerk, letter, sample_bytes(5)), Code::kDenied));
  EXPECT_TRUE(must(clerk->document(letter.id)).earlier.empty());
}

TEST(Documents, LookingAtAnEarlierVersionIsJournaledAsAnyLook) {
  Practice practice;
  const auto doctor = must(practice.unlock("prac"));
  const Bytes first = sample_bytes(5'000, 1);
  const Id id = must(file_document(*doctor, "medical", practice.patient(), first, "IRM"));
  const Document before = must(doctor->document(id));
  must(store_version(*doctor, before, sample_bytes(100, 2)));
  const auto looks = [&] {
    std::vector<JournalLine> lines =
        must(must(practice.unlock("priv", "other"))->journal(std::nullopt, id));
    std::erase_if(lines, [](const JournalLine& line) { return line.action != Action::kView; });
    return lines;
  };
  const std::size_t looks_before = looks().size();
  Bytes seen;
  const auto sink = [&](ByteView bytes) -> Status {
    seen.insert(seen.end(), bytes.begin(), bytes.end());
    return {};
  };
  const Document shown = must(doctor->view_document(id, "comparaison", sink, before.version));
  EXPECT_TRUE(seen == first);
  EXPECT_EQ(shown.version, before.version);
  EXPECT_EQ(shown.size, first.size());
  const std::vector<JournalLine> lines = looks();
  ASSERT_EQ(lines.size(), looks_before + 1);
  EXPECT_TRUE(std::ranges::any_of(lines, [](const JournalLine& line) {
    return line.reason == "comparaison" && line.outcome == "success" && line.actor == "prac";
  }));
  EXPECT_TRUE(refused(doctor->view_document(id, "", sink, id), Code::kDenied));
  EXPECT_EQ(looks().size(), looks_before + 1) << "what there is not is not looked at";
}

TEST(Documents, OneVersionTooManyFailsAloneInItsBatch) {
  Practice practice;
  const auto doctor = must(practice.unlock("prac"));
  const Id id = must(file_document(*doctor, "medical", practice.patient(), sample_bytes(10)));
  const Document document = must(doctor->document(id));
  std::size_t given = 0;
  std::vector<Result<Id>> results;
  must(doctor->import(
      [&]() -> std::optional<Result<NewDocument>> {
        if (given == kEarlierVersionsMax + 2) {
          return std::nullopt;
        }
        const bool is_last = ++given == kEarlierVersionsMax + 2;
        NewDocument made;
        made.compartment = document.compartment;
        made.mime = "text/plain";
        made.content = std::make_unique<MemorySource>(sample_bytes(10));
        if (is_last) {
          made.patient = practice.patient();
        } else {
          made.version_of = id;
        }
        return Result<NewDocument>(std::move(made));
      },
      [&](std::size_t, const Result<Id>& result) { results.push_back(result); }));
  ASSERT_EQ(results.size(), kEarlierVersionsMax + 2);
  EXPECT_TRUE(ok(results[kEarlierVersionsMax - 1]));
  EXPECT_TRUE(refused(results[kEarlierVersionsMax], Code::kLimit));
  EXPECT_TRUE(ok(results[kEarlierVersionsMax + 1]));
  EXPECT_EQ(must(doctor->document(id)).earlier.size(), kEarlierVersionsMax);
}

TEST(Documents, DestroyingTakesAllVersions) {
  Practice practice;
  const auto owner = must(practice.unlock("marie"));
  const Id id = must(file_document(*owner, "medical", practice.patient(), sample_bytes(1'000)));
  must(store_version(*owner, must(owner->document(id)), sample_bytes(2'000)));
  must(owner->destroy_document(id, "essai"));
  EXPECT_FALSE(must(must(owner->impl().view())->row_range(Table::kVersions)).has_value());
  EXPECT_TRUE(must(owner->verify(true)).damaged.empty());
}

}  // namespace
}  // namespace coffre::test
