// A document is read back after it was stored, and only then may the file that it came from go.
#include <fstream>
#include <unistd.h>

#include <sqlite3.h>

#include "core/base/file.h"
#include "core/store/sqlite_vfs.h"
#include "tests/core/vault/expect.h"
#include "tests/core/vault/practice.h"
#include "tests/support/fake_os.h"

namespace coffre::test {
namespace {

struct ReadBack {
  Result<Id> filed = fail(Code::kFailed, "nothing was filed");
  std::optional<Status> status;
};

ReadBack file_and_read_back(Vault& vault, const std::optional<Id>& patient, Bytes content) {
  ReadBack got;
  bool given = false;
  must(vault.import(
      [&]() -> std::optional<Result<NewDocument>> {
        if (given) {
          return std::nullopt;
        }
        given = true;
        NewDocument made{compartment_of(vault, "medical"),
                         patient,
                         "courrier",
                         "titre",
                         "2026-11-24",
                         "text/plain",
                         std::make_unique<MemorySource>(std::move(content))};
        made.read_back = [&](const Status& status) {
          EXPECT_FALSE(got.filed.has_value()) << "the result came first";
          got.status = status;
        };
        return made;
      },
      [&](std::size_t, const Result<Id>& result) { got.filed = result; }));
  return got;
}

class OriginalsTest : public testing::Test {
 protected:
  [[nodiscard]] Original original(const std::string& name) {
    const std::string path = practice_.file(name);
    std::ofstream(path) << std::string(9000, 'x');
    struct stat found{};
    EXPECT_EQ(os().lstat(path.c_str(), &found), 0);
    Original made{must(system_random().id()), {}};
    made.file.path = path;
    made.file.expected = FileIdentity{.device = found.st_dev, .inode = found.st_ino};
    made.file.expected_size = 9000;
    made.file.expected_change_ns =
        std::int64_t{found.st_ctim.tv_sec} * 1'000'000'000 + found.st_ctim.tv_nsec;
    return made;
  }
  static bool exists(const Original& original) {
    struct stat found{};
    return os().lstat(original.file.path.c_str(), &found) == 0;
  }
  // "success overwritten-logically", without what this file system adds.
  std::vector<std::string> erasures(const Id& document) {
    const auto officer = must(practice_.unlock("priv", "second"));
    std::vector<std::string> lines;
    for (const JournalLine& line : must(officer->journal({}, document))) {
      if (line.action == Action::kErase) {
        lines.push_back(line.outcome + " " + line.actor + " " +
                        line.reason.substr(0, line.reason.find(' ')));
      }
    }
    return lines;
  }

  std::vector<std::uint64_t> entries_of_erasures() {
    const auto officer = must(practice_.unlock("priv", "second"));
    std::vector<std::uint64_t> entries;
    for (const JournalLine& line : must(officer->journal({}, {}))) {
      if (line.action == Action::kErase) entries.push_back(line.sequence);
    }
    return entries;
  }

  Practice practice_;
};

TEST_F(OriginalsTest, AStoredDocumentIsReadBackByWhoReadsAndByWhoOnlyFiles) {
  for (const char* user : {"marie", "sec"}) {
    const auto session = must(practice_.unlock(user));
    for (const std::size_t size : {10U, 300'000U, 14'000'000U}) {
      const ReadBack got = file_and_read_back(*session, practice_.patient(), sample_bytes(size));
      EXPECT_TRUE(ok(got.filed)) << user;
      ASSERT_TRUE(got.status.has_value()) << user;
      EXPECT_TRUE(ok(*got.status)) << user << " " << size;
    }
  }
}

// The medium has other bytes than were written: a byte is changed when memory is told to forget.
class ForgetfulOs final : public Os {
 public:
  int drop_cache(int fd) override {
    struct stat found{};
    EXPECT_EQ(Os::fstat(fd, &found), 0);
    Byte byte = 0;
    EXPECT_EQ(Os::pread(fd, &byte, 1, found.st_size - from_end), 1);
    byte ^= 1;
    EXPECT_EQ(Os::pwrite(fd, &byte, 1, found.st_size - from_end), 1);
    ++drops;
    return Os::drop_cache(fd);
  }
  off_t from_end = 0;
  int drops = 0;
};

TEST_F(OriginalsTest, WhatTheMediumHasIsComparedNotWhatWasWritten) {
  for (const std::size_t size : {300'000U, 14'000'000U}) {
    Practice practice;
    const auto session = must(practice.unlock("sec"));
    ForgetfulOs forgetful;
    forgetful.from_end = 60'000;  // its ciphertext is what was written last
    const ScopedOs scope(forgetful);
    const ReadBack got = file_and_read_back(*session, practice.patient(), sample_bytes(size));
    EXPECT_TRUE(ok(got.filed));
    EXPECT_EQ(forgetful.drops, 1);
    ASSERT_TRUE(got.status.has_value());
    EXPECT_TRUE(refused(*got.status, Code::kDamaged)) << size;
  }
}

class UnreadableHook final : public SqliteHook {
 public:
  UnreadableHook() : before_(set_sqlite_hook(this)) {}
  UnreadableHook(const UnreadableHook&) = delete;
  UnreadableHook& operator=(const UnreadableHook&) = delete;
  ~UnreadableHook() override { set_sqlite_hook(before_); }
  int before_sync(std::string_view path) override {
    synced_ = synced_ || !path.ends_with("-journal");
    return SQLITE_OK;
  }
  int before_read(std::string_view, std::size_t size, std::int64_t) override {
    return synced_ && size > 100 ? SQLITE_IOERR_READ : SQLITE_OK;
  }

 private:
  bool synced_ = false;
  SqliteHook* before_;
};

TEST_F(OriginalsTest, AMediumThatDoesNotReadIsNoReadingBack) {
  const auto session = must(practice_.unlock("sec"));
  const UnreadableHook hook;
  const ReadBack got = file_and_read_back(*session, practice_.patient(), sample_bytes(300'000));
  EXPECT_TRUE(ok(got.filed));
  ASSERT_TRUE(got.status.has_value());
  EXPECT_FALSE(got.status->has_value());
}

TEST_F(OriginalsTest, AreErasedAndTheJournalHasTheVerdict) {
  const Original first = original("one");
  const Original second = original("two");
  std::string verdict;
  std::vector<std::uint64_t> entries;
  {
    const auto session = must(practice_.unlock("sec"));
    std::size_t told = 0;
    const auto reports = must(session->erase_originals(
        std::array{first, second}, [&](const EraseProgress& done) { told = done.files_total; }));
    ASSERT_EQ(reports.size(), 2U);
    EXPECT_EQ(told, 2U);
    verdict = verdict_word(reports[0].report.verdict);
    EXPECT_NE(reports[0].report.verdict, Verdict::kFailed);
    for (const ErasedOriginal& each : reports) entries.push_back(each.entry.value());
  }
  EXPECT_FALSE(exists(first) || exists(second));
  EXPECT_EQ(erasures(first.document), std::vector<std::string>{"success sec " + verdict});
  EXPECT_EQ(erasures(second.document), std::vector<std::string>{"success sec " + verdict});
  EXPECT_EQ(entries_of_erasures(), entries);
}

TEST_F(OriginalsTest, OneThatChangedSinceItWasReadIsKept) {
  const Original changed = original("changed");
  std::ofstream(changed.file.path, std::ios::app) << "more";
  Original swapped = original("swapped");
  os().unlink(swapped.file.path.c_str());
  const Original other = original("swapped-by");
  ASSERT_EQ(os().rename(other.file.path.c_str(), swapped.file.path.c_str()), 0);
  const auto session = must(practice_.unlock("sec"));
  const auto reports = must(session->erase_originals(std::array{changed, swapped}, {}));
  EXPECT_EQ(reports[0].report.reasons, std::vector{Reason::kChangedDuring});
  EXPECT_EQ(reports[0].report.left, Left::kUntouched);
  EXPECT_EQ(reports[1].report.verdict, Verdict::kFailed);
  EXPECT_TRUE(exists(changed) && exists(swapped));
  EXPECT_EQ(erasures(changed.document), std::vector<std::string>{"failure sec failed"});
}

class UnwritableHook final : public SqliteHook {
 public:
  UnwritableHook() : before_(set_sqlite_hook(this)) {}
  UnwritableHook(const UnwritableHook&) = delete;
  UnwritableHook& operator=(const UnwritableHook&) = delete;
  ~UnwritableHook() override { set_sqlite_hook(before_); }
  int before_write(std::string_view, ByteView, std::int64_t) override {
    return ++writes > allowed ? SQLITE_FULL : SQLITE_OK;
  }
  int writes = 0;
  int allowed = 0;

 private:
  SqliteHook* before_;
};

TEST_F(OriginalsTest, WithoutTheJournalNothingIsErased) {
  const Original kept = original("kept");
  const auto session = must(practice_.unlock("sec"));
  int steps = 0;
  {
    UnwritableHook hook;
    EXPECT_TRUE(refused(session->erase_originals(std::array{kept}, {}), Code::kNoSpace));
    EXPECT_TRUE(exists(kept));
    hook.allowed = 1'000'000;
    hook.writes = 0;
    const Original gone = original("gone");
    must(session->erase_originals(std::array{gone}, {}));
    steps = hook.writes;
  }
  // The intent is there and the outcome is not: the reports are true, the journal says unknown.
  const Original unknown = original("unknown");
  {
    UnwritableHook hook;
    hook.allowed = steps - 1;
    const auto reports = must(session->erase_originals(std::array{unknown}, {}));
    EXPECT_NE(reports[0].report.verdict, Verdict::kFailed);
  }
  EXPECT_FALSE(exists(unknown));
  EXPECT_EQ(erasures(unknown.document), std::vector<std::string>{"unknown sec "});
}

TEST_F(OriginalsTest, ALockedSessionErasesNothing) {
  const Original kept = original("kept");
  const auto session = must(practice_.unlock("sec"));
  session->lock();
  EXPECT_TRUE(refused(session->erase_originals(std::array{kept}, {}), Code::kLocked));
  EXPECT_TRUE(exists(kept));
}

}  // namespace
}  // namespace coffre::test
