// A document that is destroyed: who may, what is gone, what the journal keeps, and what a failure
// or a kill at any step leaves.
#include <fstream>
#include <iterator>
#include <limits>

#include <gmock/gmock.h>
#include <sqlite3.h>

#include "core/store/sqlite_vfs.h"
#include "tests/core/vault/expect.h"
#include "tests/core/vault/practice.h"
#include "tests/support/fake_os.h"

namespace coffre::test {
namespace {

std::string bytes_of_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

// Bytes of a document's rows and of its ciphertext, as they lie in the file.
struct Needles {
  std::string key;     // the sealed DEK
  std::string record;  // the start of the sealed record
  std::string content;

  Needles(Vault& session, const Id& id) {
    Vault::Impl& vault = session.impl();
    const auto view = must(vault.view());
    const Document document = must(vault.read_document(*view, id));
    const OwnedStateRow version = must(vault.row(*view, Table::kVersions, document.version));
    const OwnedStateRow row = must(vault.row(*view, Table::kRecords, id));
    const auto first = static_cast<std::int64_t>(must(VersionRow::parse(version.body)).first);
    const ExtentRow extent = must(view->extent(first)).value();
    key = as_text(ByteView(version.body).last(60));
    record = as_text(ByteView(row.body).subspan(RecordRow::kPrefixSize, 60));
    content = as_text(ByteView(extent.bytes).last(60));
  }
  // How many are in the file or beside it. No vault of the file may be open.
  [[nodiscard]] int count(const std::string& path) const {
    return count_in(bytes_of_file(path), bytes_of_file(path + "-journal"));
  }
  [[nodiscard]] int count_in(const std::string& vault, const std::string& side) const {
    int found = 0;
    for (const std::string& needle : {key, record, content}) {
      const bool there =
          vault.find(needle) != std::string::npos || side.find(needle) != std::string::npos;
      found += there ? 1 : 0;
    }
    return found;
  }
};

std::uint64_t extents_in(Vault& session) {
  std::uint64_t count = 0;
  const auto view = must(session.impl().store->read());
  must(view->extent_keys(1, [&](const ExtentKey&) -> Status {
    ++count;
    return {};
  }));
  return count;
}

// What the journal says of the destruction: "success prac: the reason".
std::vector<std::string> tombstones(Vault& officer, const Id& document) {
  std::vector<std::string> lines;
  for (const JournalLine& line : must(officer.journal({}, document))) {
    if (line.action == Action::kDestroy) {
      lines.push_back(line.outcome + " " + line.actor + ": " + line.reason +
                      (line.patient ? ", of a patient" : ""));
    }
  }
  return lines;
}

class DestroyTest : public testing::Test {
 protected:
  // A medical document and another one that has to stay.
  void file(std::size_t size = 40'000) {
    const auto owner = must(practice_.unlock("marie"));
    document_ = must(file_document(*owner, "medical", practice_.patient(), sample_bytes(size)));
    kept_ = must(
        file_document(*owner, "medical", practice_.patient(), sample_bytes(30'000, 2), "kept"));
    needles_.emplace(*owner, document_);
    kept_needles_.emplace(*owner, kept_);
  }
  void expect_kept() {
    EXPECT_EQ(kept_needles_->count(practice_.path()), 3);
    const auto owner = must(practice_.unlock("marie", "second"));
    EXPECT_EQ(must(content_of(*owner, kept_)), sample_bytes(30'000, 2));
    const auto report = must(owner->verify(true));
    EXPECT_TRUE(report.damaged.empty()) << report.damaged.front();
  }

  Practice practice_;
  Id document_;
  Id kept_;
  std::optional<Needles> needles_;
  std::optional<Needles> kept_needles_;
};

TEST_F(DestroyTest, NothingOfItIsLeftAndTheJournalKeepsWhoAndWhy) {
  file();
  ASSERT_EQ(needles_->count(practice_.path()), 3) << "void";
  std::string verdict;
  {
    const auto owner = must(practice_.unlock("marie"));
    const Destroyed destroyed = must(owner->destroy_document(document_, "doublon"));
    EXPECT_EQ(destroyed.document, document_);
    verdict = verdict_word(destroyed.verdict);
    EXPECT_NE(destroyed.verdict, Verdict::kFailed) << text_of(destroyed.error.value_or(Error{}));
    EXPECT_EQ(destroyed.reasons.empty(), destroyed.verdict != Verdict::kNotGuaranteed);
    EXPECT_EQ(titles(*owner), std::vector<std::string>{"kept"});
    EXPECT_TRUE(refused(owner->document(document_), Code::kDenied));
    EXPECT_TRUE(refused(content_of(*owner, document_), Code::kDenied));
    EXPECT_TRUE(refused(owner->destroy_document(document_, "again"), Code::kDenied));
  }
  EXPECT_EQ(needles_->count(practice_.path()), 0);
  expect_kept();
  for (int i = 0; i < 3; ++i) {
    must(practice_.unlock("prac"));
  }
  EXPECT_EQ(needles_->count(practice_.path()), 0);
  const auto officer = must(practice_.unlock("priv"));
  EXPECT_EQ(tombstones(*officer, document_),
            std::vector<std::string>{"success marie: doublon, of a patient"});
  const std::vector<JournalLine> lines = must(officer->journal({}, document_));
  const auto line = std::ranges::find(lines, Action::kDestroy, &JournalLine::action);
  ASSERT_NE(line, lines.end());
  EXPECT_EQ(line->verdict.substr(0, line->verdict.find(' ')), verdict);
}

TEST_F(DestroyTest, NeedsTheRightAndAReason) {
  file();
  const auto owner = must(practice_.unlock("marie"));
  EXPECT_TRUE(refused(owner->destroy_document(document_, ""), Code::kInvalidArgument));
  EXPECT_TRUE(refused(owner->destroy_document(document_, "a\nb"), Code::kInvalidArgument));
  const auto practitioner = must(practice_.unlock("prac", "second"));
  EXPECT_TRUE(refused(practitioner->destroy_document(document_, "why"), Code::kDenied));
  EXPECT_EQ(must(content_of(*practitioner, document_)), sample_bytes(40'000));
  const auto officer = must(practice_.unlock("priv", "third"));
  EXPECT_TRUE(tombstones(*officer, document_).empty());
}

// Who does not read there does not learn whether there is such a document, and destroys nothing
// unseen.
TEST_F(DestroyTest, NeedsToRead) {
  file();
  const auto owner = must(practice_.unlock("marie"));
  must(owner->define_role("shredder", 0, {{"medical", right::kDestroy}}));
  must(owner->assign_role("bill", "shredder", false));
  for (const char* user : {"bill", "sec"}) {
    const auto session = must(practice_.unlock(user, user));
    const auto there = session->destroy_document(document_, "why");
    ASSERT_TRUE(refused(there, Code::kDenied)) << user;
    const auto nowhere = session->destroy_document(must(system_random().id()), "why");
    ASSERT_TRUE(refused(nowhere, Code::kDenied)) << user;
    EXPECT_STREQ(there.error().what, nowhere.error().what);
    EXPECT_EQ(there.error().on, nowhere.error().on);
  }
  EXPECT_EQ(must(content_of(*owner, document_)), sample_bytes(40'000));
}

TEST_F(DestroyTest, TakesRequestsAndReceiptsAway) {
  Id asked;
  Id other;
  {
    const auto secretary = must(practice_.unlock("sec"));
    asked = must(file_document(*secretary, "medical", practice_.patient(), sample_bytes(100), "a"));
    other = must(file_document(*secretary, "medical", practice_.patient(), sample_bytes(90), "b"));
    must(secretary->ask_reader(asked, RequestKind::kWithdraw, "mauvais patient"));
    must(secretary->ask_reader(asked, RequestKind::kMove, "ou ailleurs"));
    must(secretary->ask_reader(other, RequestKind::kMove, "ailleurs"));
  }
  std::string record;
  {
    const auto owner = must(practice_.unlock("marie"));
    const std::vector<Request> requests = must(owner->requests());
    ASSERT_EQ(requests.size(), 3U);
    const auto about = std::ranges::find(requests, asked, &Request::document);
    const auto view = must(owner->impl().view());
    const OwnedStateRow row = must(owner->impl().row(*view, Table::kRecords, about->id));
    record = as_text(ByteView(row.body).subspan(RecordRow::kPrefixSize, 60));
  }
  ASSERT_NE(bytes_of_file(practice_.path()).find(record), std::string::npos);
  {
    const auto owner = must(practice_.unlock("marie"));
    must(owner->destroy_document(asked, "demande du secrétariat"));
    const std::vector<Request> left = must(owner->requests());
    ASSERT_EQ(left.size(), 1U);
    EXPECT_EQ(left[0].document, other);
  }
  EXPECT_EQ(bytes_of_file(practice_.path()).find(record), std::string::npos);
  const auto secretary = must(practice_.unlock("sec"));
  const std::vector<Receipt> receipts = must(secretary->receipts(0));
  ASSERT_EQ(receipts.size(), 1U);
  EXPECT_EQ(receipts[0].document, other);
  EXPECT_TRUE(refused(secretary->ask_reader(asked, RequestKind::kMove, "x"), Code::kDenied));
}

TEST_F(DestroyTest, ManyGoInAnyOrder) {
  constexpr std::size_t kFiled = 130;  // three pages of versions
  constexpr std::size_t kGone = 24;
  std::vector<Id> documents;
  std::vector<Needles> needles;
  {
    const auto owner = must(practice_.unlock("marie"));
    const Id place = compartment_of(*owner, "medical");
    std::size_t given = 0;
    must(owner->import(
        [&]() -> std::optional<Result<NewDocument>> {
          if (given == kFiled) {
            return std::nullopt;
          }
          ++given;
          return NewDocument{place,
                             practice_.patient(),
                             "courrier",
                             std::string(1 + given * 7 % 300, 't'),
                             "2026-11-24",
                             "text/plain",
                             std::make_unique<MemorySource>(sample_bytes(50))};
        },
        [&](std::size_t, const Result<Id>& result) { documents.push_back(must(result)); }));
    for (const Id& document : documents) {
      needles.emplace_back(*owner, document);
    }
    for (std::size_t i = 0; i < kGone; ++i) {
      const std::size_t which = i * 37 % kFiled;
      must(owner->destroy_document(documents[which], "why"));
      documents[which] = Id{};
    }
    EXPECT_EQ(must(owner->documents({})).size(), kFiled - kGone);
  }
  const std::string all = bytes_of_file(practice_.path());
  const std::string side = bytes_of_file(practice_.path() + "-journal");
  for (std::size_t i = 0; i < documents.size(); ++i) {
    EXPECT_EQ(needles[i].count_in(all, side), documents[i] == Id{} ? 0 : 3) << i;
  }
}

TEST_F(DestroyTest, OpenSessionsOfOthersFollow) {
  file();
  const auto reader = must(practice_.unlock("prac", "second"));
  ASSERT_EQ(must(content_of(*reader, document_)).size(), 40'000U);
  must(must(practice_.unlock("marie"))->destroy_document(document_, "why"));
  EXPECT_TRUE(refused(content_of(*reader, document_), Code::kDenied));
  EXPECT_EQ(titles(*reader), std::vector<std::string>{"kept"});
  EXPECT_EQ(must(content_of(*reader, kept_)).size(), 30'000U);
}

TEST_F(DestroyTest, WhoIsReadingItIsToldThatItIsNotThereNotOfDamage) {
  file(12'000'000);
  const auto reader = must(practice_.unlock("prac", "second"));
  const auto owner = must(practice_.unlock("marie"));
  bool destroyed = false;
  const auto read = reader->view_document(document_, "test", [&](ByteView) -> Status {
    if (!destroyed) {
      destroyed = true;
      COFFRE_TRY(owner->destroy_document(document_, "why"));
    }
    return {};
  });
  EXPECT_TRUE(destroyed);
  EXPECT_TRUE(refused(read, Code::kDenied));
}

TEST_F(DestroyTest, ASideFileThatIsNotOverwrittenIsAFailureAndTheNextUnlockFinishes) {
  for (const char* method : {"pwrite", "fsync"}) {
    file();
    {
      const auto owner = must(practice_.unlock("marie"));
      FaultyOs faulty;
      Destroyed destroyed;
      {
        const ScopedOs scope(faulty);
        faulty.fail(method, method == std::string_view("fsync") ? 3 : 1, EIO, true);
        const auto result = owner->destroy_document(document_, "why");
        if (!result) {
          continue;  // the workstation's memory asked for a sync first
        }
        destroyed = *result;
      }
      EXPECT_EQ(destroyed.verdict, Verdict::kFailed) << method;
      EXPECT_THAT(destroyed.reasons, testing::Contains(Reason::kWriteFailed)) << method;
      EXPECT_TRUE(destroyed.error.has_value());
      EXPECT_TRUE(refused(owner->document(document_), Code::kDenied));
    }
    if (method == std::string_view("pwrite")) {
      EXPECT_GT(needles_->count(practice_.path()), 0) << "void";
    }
    const auto officer = must(practice_.unlock("priv"));
    EXPECT_EQ(tombstones(*officer, document_),
              std::vector<std::string>{"failure marie: why, of a patient"});
    EXPECT_EQ(must(practice_.unlock("prac"))->state(), SessionState::kUnlocked);
  }
  EXPECT_EQ(needles_->count(practice_.path()), 0);
}

// Asks for the lock at a write, and goes on when it is under way.
class LocksAtWrite final : public SqliteHook {
 public:
  LocksAtWrite(Vault& vault, int at) : vault_(vault), at_(at), before_(set_sqlite_hook(this)) {}
  LocksAtWrite(const LocksAtWrite&) = delete;
  LocksAtWrite& operator=(const LocksAtWrite&) = delete;
  ~LocksAtWrite() override { set_sqlite_hook(before_); }
  int before_write(std::string_view, ByteView, std::int64_t) override {
    if (++writes == at_) {
      locking_ = std::jthread([this] { vault_.lock(); });
      while (vault_.state() != SessionState::kLocking) std::this_thread::yield();
    }
    return SQLITE_OK;
  }
  int writes = 0;

 private:
  Vault& vault_;
  int at_;
  SqliteHook* before_;
  std::jthread locking_;
};

TEST_F(DestroyTest, ALockInTheMiddleIsNoSuccess) {
  constexpr std::size_t kSize = 52'000'000;  // its extents go in several transactions
  file(kSize);
  {
    const auto owner = must(practice_.unlock("marie"));
    const LocksAtWrite locks(*owner, 60);
    const Destroyed destroyed = must(owner->destroy_document(document_, "why"));
    EXPECT_EQ(destroyed.verdict, Verdict::kFailed);
    EXPECT_THAT(destroyed.reasons, testing::Contains(Reason::kCancelled));
    EXPECT_GE(locks.writes, 60) << "void";
  }
  const auto officer = must(practice_.unlock("priv"));
  EXPECT_EQ(tombstones(*officer, document_),
            std::vector<std::string>{"failure marie: why, of a patient"});
  must(practice_.unlock("prac", "second"));
  EXPECT_EQ(needles_->count(practice_.path()), 0);
  expect_kept();
}

// Each call of the system that looks, reads or writes fails once: the document is as it was, with
// an error, or gone, with a verdict that is no success when something of it may be left.
TEST_F(DestroyTest, AFailureOfAnyCallIsNoFalseSuccess) {
  struct Tried {
    Needles needles;
    bool success;
    bool gone;
    std::string call;
  };
  std::vector<Tried> all;
  const auto count = [&](bool finished) {
    const std::string vault = bytes_of_file(practice_.path());
    const std::string side = bytes_of_file(practice_.path() + "-journal");
    for (const Tried& tried : all) {
      const int found = tried.needles.count_in(vault, side);
      EXPECT_TRUE(!tried.success || found == 0) << tried.call;
      EXPECT_TRUE(!finished || found == (tried.gone ? 0 : 3)) << tried.call;
    }
  };
  for (const char* method : {"open", "fstat", "fstatfs", "mount_id", "inode_flags", "extents",
                             "pread", "pwrite", "fsync", "set_direct"}) {
    const auto owner = must(practice_.unlock("marie"));
    bool reached = true;
    for (int nth = 1; reached; ++nth) {
      const Id document =
          must(file_document(*owner, "medical", practice_.patient(), sample_bytes(400)));
      const Needles needles(*owner, document);
      FaultyOs faulty;
      bool success = false;
      {
        const ScopedOs scope(faulty);
        faulty.fail(method, nth, EIO);
        const auto result = owner->destroy_document(document, "why");
        reached = faulty.failed();
        success = result && result->verdict != Verdict::kFailed;
      }
      const bool gone = !owner->document(document).has_value();
      const std::string call = method + (" " + std::to_string(nth));
      EXPECT_TRUE(!success || gone) << call;
      EXPECT_TRUE(reached || success) << call;
      all.push_back({needles, success, gone, call});
    }
  }
  EXPECT_GT(all.size(), 30U);
  count(false);
  must(practice_.unlock("prac", "second"));
  count(true);
  const auto owner = must(practice_.unlock("marie", "third"));
  const auto report = must(owner->verify(true));
  EXPECT_TRUE(report.damaged.empty()) << report.damaged.front();
}

// From one step on nothing reaches the medium any more: as if the program was killed there.
class KilledAt final : public SqliteHook {
 public:
  explicit KilledAt(int step) : step_(step), before_(set_sqlite_hook(this)) {}
  KilledAt(const KilledAt&) = delete;
  KilledAt& operator=(const KilledAt&) = delete;
  ~KilledAt() override { set_sqlite_hook(before_); }
  int before_write(std::string_view, ByteView, std::int64_t) override {
    return next(SQLITE_IOERR_WRITE);
  }
  int before_sync(std::string_view) override { return next(SQLITE_IOERR_FSYNC); }
  int before_truncate(std::string_view, std::int64_t) override {
    return next(SQLITE_IOERR_TRUNCATE);
  }
  int before_delete(std::string_view) override { return next(SQLITE_IOERR_DELETE); }
  // The side file is overwritten past SQLite, under a lock of SQLite's.
  int before_lock(std::string_view, int) override {
    return steps_ >= step_ ? SQLITE_IOERR_LOCK : SQLITE_OK;
  }
  [[nodiscard]] int steps() const { return steps_; }

 private:
  int next(int error) { return ++steps_ >= step_ ? error : SQLITE_OK; }

  int step_;
  int steps_ = 0;
  SqliteHook* before_;
};

// Destroys a document of this size and is killed at a step (never: 0); the steps that were taken.
int kill_and_look(std::size_t size, int step, int& whole, int& gone) {
  Practice practice;
  Id document;
  std::optional<Needles> needles;
  int steps = 0;
  {
    const auto owner = must(practice.unlock("marie"));
    document = must(file_document(*owner, "medical", practice.patient(), sample_bytes(size)));
    needles.emplace(*owner, document);
    const KilledAt killed(step == 0 ? std::numeric_limits<int>::max() : step);
    const auto result = owner->destroy_document(document, "why");
    steps = killed.steps();
    EXPECT_EQ(result.has_value(), step == 0) << step;
  }
  bool is_gone = false;
  {
    const auto owner = must(practice.unlock("marie"));
    is_gone = must(owner->documents({})).empty();
    EXPECT_EQ(extents_in(*owner) == 0, is_gone) << step;
    const auto report = must(owner->verify(true));
    EXPECT_TRUE(report.damaged.empty()) << step << ": " << report.damaged.front();
    const std::vector<std::string> lines =
        tombstones(*must(practice.unlock("priv", "second")), document);
    EXPECT_LE(lines.size(), 1U);
    EXPECT_TRUE(!is_gone || !lines.empty()) << step;
    if (!lines.empty()) {
      EXPECT_EQ(lines.front(), (step == 0 ? std::string("success") : std::string("unknown")) +
                                   " marie: why, of a patient")
          << step;
    }
  }
  EXPECT_EQ(needles->count(practice.path()), is_gone ? 0 : 3) << step;
  (is_gone ? gone : whole) += 1;
  return steps;
}

TEST(DestroyKilled, AtAnyStepItIsWholeOrTheNextUnlockFinishes) {
  int whole = 0;
  int gone = 0;
  const int steps = kill_and_look(40'000, 0, whole, gone);
  for (int step = 1; step < steps; step += 4) {
    kill_and_look(40'000, step, whole, gone);
  }
  EXPECT_GT(whole, 1);
  EXPECT_GT(gone, 3);
}

// Its extents go in transactions of their own.
TEST(DestroyKilled, ALargeDocumentIsFinishedToo) {
  constexpr std::size_t kSize = 52'000'000;
  int whole = 0;
  int gone = 0;
  const int steps = kill_and_look(kSize, 0, whole, gone);
  kill_and_look(kSize, steps / 2, whole, gone);
  kill_and_look(kSize, steps - 40, whole, gone);
  EXPECT_EQ(gone, 3);
}

}  // namespace
}  // namespace coffre::test
