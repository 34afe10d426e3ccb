#include "app/common/erase_record.h"

#include <fcntl.h>
#include <poppler-document.h>
#include <poppler-page.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "app/common/erase_text.h"
#include "tests/support/fake_os.h"
#include "tests/support/fonts_released.h"
#include "tests/support/temp_dir.h"

namespace coffre {
namespace {

using testing::HasSubstr;
using testing::Not;

const Hash kVault = Hash::from(Bytes(32, 0xf0)).value();
const Id kDocument = Id::from(Bytes(16, 0xd0)).value();
const Id kCopy = Id::from(Bytes(16, 0xc0)).value();

EraseReport report_of(const std::string& path) {
  EraseReport report;
  report.path = path;
  report.verdict = Verdict::kOverwrittenInPlace;
  report.uncovered = {Uncovered::kBackups, Uncovered::kNameAndDates};
  report.size = 70'001;
  report.bytes = 73'728;
  report.identity = FileIdentity{.device = 0x801, .inode = 4711};
  report.method = Method::kRandomPassReadDirectly;
  report.medium = Medium::kRotating;
  report.file_system = "ext4";
  report.left = Left::kNothing;
  return report;
}

EraseReport weak_report(const std::string& path) {
  EraseReport report = report_of(path);
  report.verdict = Verdict::kNotGuaranteed;
  report.reasons = {Reason::kJournaledData, Reason::kFoundShorter};
  report.uncovered = {Uncovered::kBackups, Uncovered::kJournaledContent};
  return report;
}

EraseReport refused_report(const std::string& path) {
  EraseReport report;
  report.path = path;
  report.reasons = {Reason::kHardLinks};
  report.uncovered = {Uncovered::kSpareBlocks};
  return report;
}

EraseRecord record_of(std::vector<EraseReport> reports) {
  EraseRecord record;
  record.program = "Coffre 9.8.7";
  record.workstation = "accueil";
  record.directory = "/srv/scans";
  record.system_user = "claire (1000)";
  record.start_ms = 1'700'000'000'000;
  record.end_ms = 1'700'000'003'000;
  record.erasures = {reports.begin(), reports.end()};
  return record;
}

std::string joined(std::string text) {
  std::erase(text, '\n');
  return text;
}

// The pages' texts, as another program reads them; lines of a wrapped path are one again.
std::vector<std::string> pages_of(const EraseRecord& record) {
  const auto pdf = record_pdf(record);
  EXPECT_TRUE(pdf.has_value());
  if (!pdf) return {};
  const std::unique_ptr<poppler::document> document(poppler::document::load_from_raw_data(
      reinterpret_cast<const char*>(pdf->data()), static_cast<int>(pdf->size())));
  EXPECT_TRUE(document);
  std::vector<std::string> pages;
  for (int i = 0; document && i < document->pages(); ++i) {
    const std::unique_ptr<poppler::page> page(document->create_page(i));
    const poppler::byte_array text =
        page->text(poppler::rectf(), poppler::page::raw_order_layout).to_utf8();
    pages.push_back(joined({text.begin(), text.end()}));
  }
  return pages;
}

std::string text_of(const EraseRecord& record) {
  std::string text;
  for (const std::string& page : pages_of(record)) text += page;
  return text;
}

nlohmann::json json_of(const EraseRecord& record) {
  return nlohmann::json::parse(record_json(record));
}

TEST(EraseRecordTest, JsonHasTheFactsOfTheReports) {
  const auto json = json_of(record_of({report_of("/a"), weak_report("/b"), refused_report("/c")}));
  EXPECT_EQ(json["title"], "File erasure record");
  EXPECT_EQ(json["start"], "2023-11-14T22:13:20.000Z");
  EXPECT_EQ(json["end"], "2023-11-14T22:13:23.000Z");
  EXPECT_EQ(json["user"], "claire (1000)");
  EXPECT_TRUE(json["account"].is_null());
  EXPECT_EQ(json["directory"], "/srv/scans");
  const auto& first = json["files"][0];
  EXPECT_EQ(first["path"], "/a");
  EXPECT_FALSE(first.contains("path_hex"));
  EXPECT_EQ(first["verdict"]["word"], "overwritten-in-place");
  EXPECT_EQ(first["size"], 70'001);
  EXPECT_EQ(first["overwritten"], 73'728);
  EXPECT_EQ(first["device"], "8:1");
  EXPECT_EQ(first["inode"], 4711);
  EXPECT_EQ(first["filesystem"], "ext4");
  EXPECT_EQ(first["medium"]["word"], "rotating");
  EXPECT_EQ(first["method"]["word"], "random-pass-read-directly");
  EXPECT_EQ(first["left"]["word"], "nothing");
  EXPECT_TRUE(first["journal"]["entry"].is_null());
  const auto& second = json["files"][1];
  EXPECT_EQ(second["reasons"][0]["word"], "journaled-data");
  EXPECT_EQ(second["reasons"][1]["text"], "the file was shorter than it once was");
  const auto& third = json["files"][2];
  EXPECT_EQ(third["verdict"]["word"], "failed");
  EXPECT_EQ(third["left"]["word"], "untouched");
  EXPECT_TRUE(third["inode"].is_null());
  // Of what was not erased, nothing is said to be left elsewhere.
  ASSERT_EQ(json["uncovered"].size(), 3u);
  EXPECT_EQ(json["uncovered"][2]["word"], "journaled-content");
}

TEST(EraseRecordTest, ThePdfSaysWhatTheJsonSays) {
  EraseRecord record =
      record_of({report_of("/srv/a.pdf"), weak_report("/srv/b.pdf"), refused_report("/srv/c.pdf")});
  record.account = "claire";
  const auto json = json_of(record);
  const std::string text = text_of(record);
  for (const char* key :
       {"title", "program", "workstation", "start", "end", "user", "account", "directory"}) {
    EXPECT_THAT(text, HasSubstr(json[key].get<std::string>())) << key;
  }
  for (const auto& file : json["files"]) {
    EXPECT_THAT(text, HasSubstr(file["path"].get<std::string>()));
    EXPECT_THAT(text, HasSubstr(file["verdict"]["text"].get<std::string>()));
    EXPECT_THAT(text, HasSubstr(file["method"]["text"].get<std::string>()));
    EXPECT_THAT(text, HasSubstr(file["left"]["text"].get<std::string>()));
    for (const auto& reason : file["reasons"]) {
      EXPECT_THAT(text, HasSubstr(reason["text"].get<std::string>()));
    }
  }
  for (const auto& uncovered : json["uncovered"]) {
    EXPECT_THAT(text, HasSubstr(uncovered["text"].get<std::string>()));
  }
  EXPECT_THAT(text, HasSubstr("bytes: 70001, overwritten: 73728; device 8:1, inode 4711; ext4"));
  EXPECT_THAT(text, HasSubstr("page 1 of 2"));
  EXPECT_THAT(text, Not(HasSubstr(uncovered_text(Uncovered::kSpareBlocks))));
}

TEST(EraseRecordTest, ItClaimsNoMoreThanARecord) {
  const EraseRecord record = record_of({report_of("/a"), weak_report("/b"), refused_report("/c")});
  for (const std::string& text : {text_of(record), record_json(record)}) {
    for (const char* word : {"ertif", "anitiz", "anitis"}) {
      EXPECT_THAT(text, Not(HasSubstr(word)));
    }
  }
}

TEST(EraseRecordTest, ACopyNamesItsVaultAndThatItHasNoNumberYet) {
  EraseRecord record = record_of({report_of("/a")});
  record.erasures[0].entry = RecordedEntry{.vault = kVault, .document = kDocument, .copy = kCopy};
  const auto journal = json_of(record)["files"][0]["journal"];
  EXPECT_TRUE(journal["entry"].is_null());
  EXPECT_EQ(journal["vault"], to_hex(kVault.view()));
  EXPECT_EQ(journal["document"], to_hex(kDocument.view()));
  EXPECT_EQ(journal["copy"], to_hex(kCopy.view()));
  EXPECT_THAT(text_of(record),
              HasSubstr("entered in the journal of vault " + to_hex(kVault.view()) + " after"));
  record.erasures[0].entry.reset();
  EXPECT_THAT(text_of(record), HasSubstr("none: the files belong to no vault"));
}

TEST(EraseRecordTest, AnOriginalNamesItsEntry) {
  EraseRecord record = record_of({report_of("/a"), refused_report("/b")});
  record.erasures[0].entry =
      RecordedEntry{.vault = kVault, .document = kDocument, .sequence = 4242};
  record.erasures[1].entry = RecordedEntry{.vault = kVault, .document = kDocument};
  const auto files = json_of(record)["files"];
  EXPECT_EQ(files[0]["journal"]["entry"], 4242);
  EXPECT_FALSE(files[0]["journal"].contains("copy"));
  EXPECT_TRUE(files[1]["journal"]["entry"].is_null());
  const std::string text = text_of(record);
  EXPECT_THAT(text, HasSubstr("entry 4242 in the journal of vault " + to_hex(kVault.view())));
  EXPECT_THAT(text, HasSubstr("nothing was entered, as it was not begun"));
}

RecordedDestruction destruction_of(Verdict verdict) {
  RecordedDestruction made;
  made.destroyed.document = kDocument;
  made.destroyed.verdict = verdict;
  made.destroyed.uncovered = {Uncovered::kBackups, Uncovered::kSpareBlocks};
  made.destroyed.file_system = "ext4";
  made.destroyed.medium = Medium::kFlash;
  made.destroyed.entry = 77;
  made.vault = kVault;
  made.vault_path = "/srv/cabinet\n.coffre";
  return made;
}

TEST(EraseRecordTest, ADocumentDestroyedInItsVaultHasARecordOfItsOwn) {
  EraseRecord record = record_of({});
  record.destructions = {destruction_of(Verdict::kOverwrittenLogically)};
  const auto json = json_of(record);
  EXPECT_EQ(json["record"], "document-destruction");
  EXPECT_FALSE(json.contains("files"));
  ASSERT_EQ(json["documents"].size(), 1u);
  const auto& document = json["documents"][0];
  EXPECT_EQ(document["document"], to_hex(kDocument.view()));
  EXPECT_EQ(document["vault_path"], "/srv/cabinet\\x0a.coffre");
  EXPECT_EQ(document["verdict"]["word"], "overwritten-logically");
  EXPECT_EQ(document["medium"]["word"], "flash");
  EXPECT_EQ(document["journal"]["entry"], 77);
  EXPECT_EQ(json["uncovered"][1]["word"], "spare-blocks");
  const std::string text = text_of(record);
  for (const std::string& part :
       {std::string("Document destruction record"), to_hex(kDocument.view()),
        std::string("destroyed, key overwritten"), std::string("flash memory"),
        destruction_method_text(Verdict::kOverwrittenLogically),
        "entry 77 in the journal of vault " + to_hex(kVault.view()),
        std::string(uncovered_text(Uncovered::kSpareBlocks)), std::string("Documents: 1")}) {
    EXPECT_THAT(text, HasSubstr(part));
  }
  EXPECT_THAT(text, Not(HasSubstr("Files:")));
  EXPECT_THAT(text, Not(HasSubstr("belong to no vault")));
}

TEST(EraseRecordTest, ADestructionThatFailedSaysWhy) {
  EraseRecord record = record_of({});
  record.destructions = {destruction_of(Verdict::kFailed)};
  record.destructions[0].destroyed.reasons = {Reason::kNoSpace};
  record.destructions[0].destroyed.error = Error{Code::kNoSpace, "there is no space", {}, ""};
  EXPECT_EQ(json_of(record)["documents"][0]["error"], "there is no space");
  const std::string text = text_of(record);
  EXPECT_THAT(text, HasSubstr("gone, but remains may be in the vault's files"));
  EXPECT_THAT(text, HasSubstr(reason_text(Reason::kNoSpace)));
  // What was not done to its end is not told as a method.
  EXPECT_EQ(json_of(record)["documents"][0]["method"]["word"], "none");
  EXPECT_THAT(text, Not(HasSubstr("read back")));
}

TEST(EraseRecordTest, WhatTheHelperDidIsInIt) {
  EraseRecord record = record_of({report_of("/a"), report_of("/b")});
  record.erasures[0].care = JournalCare::kZeroed;
  record.erasures[1].care = JournalCare::kNotAllowed;
  const auto files = json_of(record)["files"];
  EXPECT_EQ(files[0]["filesystem_journal"]["word"], "zeroed");
  EXPECT_EQ(files[1]["filesystem_journal"]["word"], "not-allowed");
  EXPECT_THAT(text_of(record), HasSubstr("the file system's journal was overwritten with zeros"));
  EXPECT_THAT(text_of(record), HasSubstr("no administrator allowed it"));
}

TEST(EraseRecordTest, ManyFilesAreOnManyPagesEachWithItsNumber) {
  std::vector<EraseReport> reports;
  for (int i = 0; i < 300; ++i) reports.push_back(report_of("/srv/f" + std::to_string(i) + ".pdf"));
  const std::vector<std::string> pages = pages_of(record_of(reports));
  ASSERT_GT(pages.size(), 20u);
  std::string text;
  for (std::size_t i = 0; i < pages.size(); ++i) {
    EXPECT_THAT(pages[i],
                HasSubstr("page " + std::to_string(i + 1) + " of " + std::to_string(pages.size())));
    text += pages[i];
  }
  std::size_t at = 0;
  for (const EraseReport& report : reports) {
    at = text.find(report.path, at);
    ASSERT_NE(at, std::string::npos) << report.path;
  }
}

TEST(EraseRecordTest, ALongPathIsWrappedAndWhole) {
  std::string path = "/srv";
  for (int i = 0; i < 8; ++i) path += "/folder" + std::to_string(i) + std::string(90, 'w');
  EXPECT_THAT(text_of(record_of({report_of(path)})), HasSubstr(path));
}

TEST(EraseRecordTest, WhatCannotBeShownStandsEscaped) {
  const std::string path = "/srv/a\x01\xff\n\xe2\x80\xae z \xe6\x97\xa5";  // RLO, and a sun
  const EraseRecord record = record_of({report_of(path)});
  const auto file = json_of(record)["files"][0];
  EXPECT_EQ(file["path"], "/srv/a\\x01\\xff\\x0a\\u{202e} z \xe6\x97\xa5");
  EXPECT_EQ(file["path_hex"], to_hex(as_bytes(path)));
  // What the font does not have is escaped in the form too.
  EXPECT_THAT(text_of(record), HasSubstr("/srv/a\\x01\\xff\\x0a\\u{202e} z \\u{65e5}"));
}

TEST(EraseRecordTest, AnUnusableNameIsRefusedBeforeAnything) {
  const test::TempDir dir;
  const std::vector<std::string> erased{dir / "sub/../b.pdf", dir / "./c.json"};
  EXPECT_EQ(EraseRecordFile::reserve(dir / "a.txt", {}).error().code, Code::kInvalidArgument);
  EXPECT_EQ(EraseRecordFile::reserve(dir / ".pdf/", {}).error().code, Code::kInvalidArgument);
  EXPECT_EQ(EraseRecordFile::reserve(dir / "no/a.pdf", {}).error().code, Code::kNotFound);
  EXPECT_EQ(EraseRecordFile::reserve(dir / "c.json", erased).error().code, Code::kInvalidArgument);
  ASSERT_TRUE(write_durable(dir / "b.pdf", Bytes{1}));
  EXPECT_EQ(EraseRecordFile::reserve(dir / "b.pdf", {}).error().code, Code::kExists);
  EXPECT_EQ(dir.names(), std::vector<std::string>{"b.pdf"});
}

TEST(EraseRecordTest, TheFileAppearsWholeAndPrivateAndNeverOverAnother) {
  const test::TempDir dir;
  auto reserved = EraseRecordFile::reserve(dir / "a.JSON", {});
  auto late = EraseRecordFile::reserve(dir / "a.JSON", {});
  ASSERT_TRUE(reserved && late);
  EXPECT_TRUE(dir.names().empty());
  const EraseRecord record = record_of({report_of("/a")});
  ASSERT_TRUE(reserved->write(record));
  EXPECT_EQ(late->write(record_of({})).error().code, Code::kExists);
  struct stat found{};
  ASSERT_EQ(os().lstat((dir / "a.JSON").c_str(), &found), 0);
  EXPECT_EQ(found.st_mode & 07777U, 0600U);
  const auto content = read_file(dir / "a.JSON", 1 << 20);
  ASSERT_TRUE(content);
  EXPECT_EQ(as_text(*content), record_json(record));
}

}  // namespace
}  // namespace coffre
