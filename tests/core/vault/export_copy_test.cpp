// Writing a copy: what is on the disk at each step, and after each failure.
#include "core/vault/export_copy.h"

#include <cerrno>
#include <unistd.h>

#include "tests/core/vault/exports.h"
#include "tests/support/fake_os.h"

namespace coffre::test {
namespace {

TEST(ExportCopy, AppearsWholeUnderItsNameAndPrivate) {
  ExportPlace place;
  ExportCopy copy = must(ExportCopy::create(place.ledger(), place.order("a.pdf"), system_random()));
  must(copy.write(as_bytes("Let")));
  ASSERT_EQ(place.names().size(), 1U);
  EXPECT_TRUE(place.names()[0].starts_with(".coffre-"));
  must(copy.write(as_bytes("tre")));
  must(copy.commit());
  EXPECT_EQ(place.names(), std::vector<std::string>{"a.pdf"});
  EXPECT_EQ(as_text(must(read_file(place.file("a.pdf"), 100))), "Lettre");
  struct stat found{};
  ASSERT_EQ(os().lstat(place.file("a.pdf").c_str(), &found), 0);
  EXPECT_EQ(found.st_mode & 0777U, 0600U);
  const ExportList list = must(place.ledger().list());
  ASSERT_EQ(list.entries.size(), 1U);
  EXPECT_EQ(list.entries[0].state, CopyState::kKept);
  EXPECT_EQ(list.entries[0].identity.inode, found.st_ino);
  EXPECT_EQ(list.entries[0].size, 6U);
  EXPECT_EQ(list.entries[0].deadline_ms, kNow + kKeepDefaultMs);
}

TEST(ExportCopy, IsInTheLedgerWithItsIdentityBeforeItsFirstByte) {
  const ExportPlace place;
  const ExportCopy copy =
      must(ExportCopy::create(place.ledger(), place.order("a.pdf"), system_random()));
  const ExportList list = must(place.ledger().list());
  ASSERT_EQ(list.entries.size(), 1U);
  EXPECT_EQ(list.entries[0].state, CopyState::kWriting);
  struct stat found{};
  ASSERT_EQ(os().lstat(place.file(list.entries[0].staging).c_str(), &found), 0);
  EXPECT_EQ(list.entries[0].identity.inode, found.st_ino);
  EXPECT_EQ(found.st_size, 0);
}

TEST(ExportCopy, ThatIsNotCommittedLeavesNothing) {
  const ExportPlace place;
  {
    ExportCopy copy =
        must(ExportCopy::create(place.ledger(), place.order("a.pdf"), system_random()));
    must(copy.write(as_bytes("Lettre")));
    const ExportCopy moved = std::move(copy);
  }
  EXPECT_TRUE(place.names().empty());
  EXPECT_EQ(place.known(), 0U);
}

TEST(ExportCopy, IsNeverWrittenOverAFile) {
  ExportPlace place;
  must(write_durable(place.file("a.pdf"), as_bytes("kept")));
  ASSERT_EQ(::symlink("nowhere", place.file("link.pdf").c_str()), 0);
  for (const char* name : {"a.pdf", "link.pdf"}) {
    EXPECT_TRUE(refused(ExportCopy::create(place.ledger(), place.order(name), system_random()),
                        Code::kExists));
  }
  // It comes while the copy is being written.
  ExportCopy late = must(ExportCopy::create(place.ledger(), place.order("b.pdf"), system_random()));
  must(late.write(as_bytes("Lettre")));
  must(write_durable(place.file("b.pdf"), as_bytes("kept")));
  EXPECT_TRUE(refused(late.commit(), Code::kExists));
  late.discard();
  EXPECT_EQ(as_text(must(read_file(place.file("a.pdf"), 100))), "kept");
  EXPECT_EQ(as_text(must(read_file(place.file("b.pdf"), 100))), "kept");
  EXPECT_EQ(place.names(), (std::vector<std::string>{"a.pdf", "b.pdf", "link.pdf"}));
  EXPECT_EQ(place.known(), 0U);
}

TEST(ExportCopy, WhereNamesCannotBeGivenAtomicallyTheNameIsTakenFirst) {
  ExportPlace place;
  FaultyOs faulty;
  const ScopedOs scope(faulty);
  faulty.fail("rename_new", 1, EINVAL, /*from_then_on=*/true);
  place.copy("a.pdf");
  EXPECT_EQ(place.names(), std::vector<std::string>{"a.pdf"});
  ExportCopy late = must(ExportCopy::create(place.ledger(), place.order("b.pdf"), system_random()));
  must(write_durable(place.file("b.pdf"), as_bytes("kept")));
  EXPECT_TRUE(refused(late.commit(), Code::kExists));
  EXPECT_EQ(as_text(must(read_file(place.file("b.pdf"), 100))), "kept");
}

TEST(ExportCopy, TimesThatNobodyMayAskForAreRefused) {
  const ExportPlace place;
  for (const std::int64_t keep : {std::int64_t{0}, std::int64_t{-1}, kKeepMaxMs + 1}) {
    NewCopy order = place.order("a.pdf");
    order.keep_ms = keep;
    EXPECT_TRUE(refused(ExportCopy::create(place.ledger(), order, system_random()),
                        Code::kInvalidArgument));
  }
  EXPECT_EQ(place.known(), 0U);
}

// Each call of each kind fails once. Either the copy is there, whole and known, or nothing is left
// of it but what the next sweep finds.
TEST(ExportCopy, AfterAnyFailureItIsWholeAndKnownOrTheNextSweepLeavesNothing) {
  for (const char* method :
       {"open", "openat", "write", "fsync", "fstat", "fstatat", "lstat", "close", "rename",
        "rename_new", "birth", "flock", "unlinkat", "pwrite", "ftruncate"}) {
    for (int nth = 1;; ++nth) {
      ExportPlace place;
      Status status;
      bool reached = false;
      {
        FaultyOs faulty;
        const ScopedOs scope(faulty);
        faulty.fail(method, nth, EIO);
        status = [&]() -> Status {
          COFFRE_TRY_ASSIGN(ExportCopy copy,
                            ExportCopy::create(place.ledger(), place.order("a"), system_random()));
          COFFRE_TRY(copy.write(as_bytes("Lettre")));
          return copy.commit();
        }();
        reached = faulty.failed();
      }
      if (!reached) break;
      if (status) {
        EXPECT_EQ(as_text(must(read_file(place.file("a"), 100))), "Lettre");
        EXPECT_EQ(place.known(), 1U) << method << nth;
      }
      const SweepReport swept = place.sweep(kLater);
      EXPECT_TRUE(place.names().empty()) << method << " " << nth;
      EXPECT_EQ(place.known(), 0U) << method << " " << nth;
      EXPECT_TRUE(swept.damaged.empty()) << method << " " << nth;
    }
  }
}

}  // namespace
}  // namespace coffre::test
