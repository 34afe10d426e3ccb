// Copies for other programs: a private directory that goes with its owner, and nothing else.
#include "core/vault/opened_place.h"

#include <filesystem>
#include <linux/magic.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include "tests/core/vault/exports.h"
#include "tests/support/fake_os.h"

namespace coffre::test {
namespace {

namespace fs = std::filesystem;

std::string directory_of(const ExportEntry& entry) { return parent_directory(entry.path); }

std::string text_in(const std::string& path) {
  return std::string(as_text(must(read_file(path, 1'000))));
}

mode_t mode_of(const std::string& path) {
  struct stat found{};
  EXPECT_EQ(::lstat(path.c_str(), &found), 0) << path;
  return found.st_mode & 07777;
}

TEST(OpenedPlace, ItIsThereAsLongAsItsOwnerAndGoesWithItWhole) {
  ExportPlace place;
  ExportEntry entry;
  {
    const ExportCopy owner = place.opened("document.pdf");
    entry = owner.entry();
    EXPECT_EQ(text_in(entry.path), "Lettre");
    EXPECT_EQ(mode_of(entry.path), 0600U);
    EXPECT_EQ(mode_of(directory_of(entry)), 0700U);
    EXPECT_TRUE(is_private_name(entry.staging));
    EXPECT_EQ(directory_of(entry), place.file(entry.staging));
    EXPECT_TRUE(place.sweep(kLater).copies.empty());
    EXPECT_EQ(must(list_exports(place.ledger(), kLater)).copies.at(0).standing,
              CopyStanding::kOpened);
    // What a program does when it saves.
    must(write_durable(directory_of(entry) + "/neu.tmp", as_bytes("Lettre, changed")));
    fs::rename(directory_of(entry) + "/neu.tmp", entry.path);
    EXPECT_TRUE(place.sweep(kLater).copies.empty());
  }
  EXPECT_EQ(must(list_exports(place.ledger(), kNow)).copies.at(0).standing, CopyStanding::kDue);
  const SweepReport swept = place.sweep(kNow);
  ASSERT_EQ(swept.copies.size(), 1U);
  EXPECT_TRUE(swept.copies[0].is_closed);
  EXPECT_NE(swept.copies[0].report.verdict, Verdict::kFailed);
  EXPECT_EQ(swept.copies[0].report.size, std::string("Lettre, changed").size());
  EXPECT_TRUE(place.names().empty());
  EXPECT_EQ(place.known(), 0U);
  EXPECT_EQ(place.outcomes().size(), 1U);
}

TEST(OpenedPlace, ItGoesWhenItIsNamedOrItsTimeIsOverWhoeverOwnsIt) {
  ExportPlace place;
  const ExportCopy named = place.opened("a.pdf");
  const ExportCopy late = place.opened("b.pdf");
  EXPECT_TRUE(place.sweep(kNow, {named.entry().id}).copies.at(0).is_closed);
  EXPECT_FALSE(fs::exists(directory_of(named.entry())));
  EXPECT_TRUE(fs::exists(late.entry().path));
  EXPECT_EQ(place.sweep(kNow + kKeepOpenedMs).copies.size(), 1U);
  EXPECT_TRUE(place.names().empty());
}

TEST(OpenedPlace, WhatProgramsLeaveThereGoesAndNothingElseIsTouched) {
  ExportPlace place;
  const std::string victim = place.state("victim");
  const std::string linked = place.state("linked");
  must(write_durable(victim, as_bytes("untouched")));
  must(write_durable(linked, as_bytes("two names")));
  std::optional<File> in_use;
  {
    const ExportCopy owner = place.opened("document.odt");
    const std::string at = directory_of(owner.entry());
    fs::create_directories(at + "/sub/deeper");
    must(write_durable(at + "/sub/deeper/draft", as_bytes("half a letter")));
    must(write_durable(at + "/.~lock.document.odt#", as_bytes("marie")));
    fs::create_symlink(victim, at + "/link");
    fs::create_directory_symlink(place.state("exports"), at + "/folder-link");
    fs::create_hard_link(linked, at + "/second-name");
    ASSERT_EQ(::mkfifo((at + "/pipe").c_str(), 0600), 0);
    in_use = must(File::open(owner.entry().path, O_RDWR));
  }
  const SweepReport swept = place.sweep(kNow);
  ASSERT_EQ(swept.copies.size(), 1U);
  EXPECT_TRUE(swept.copies[0].is_closed);
  EXPECT_EQ(swept.copies[0].report.verdict, Verdict::kNotGuaranteed);
  EXPECT_EQ(std::ranges::count(swept.copies[0].report.reasons, Reason::kHardLinks), 1);
  EXPECT_TRUE(place.names().empty());
  EXPECT_EQ(text_in(victim), "untouched");
  EXPECT_EQ(text_in(linked), "two names");
  EXPECT_TRUE(fs::exists(place.state("exports/copies")));
  // The program that still has it open finds nothing of it.
  std::array<char, 16> rest{};
  EXPECT_EQ(::pread(in_use->fd(), rest.data(), rest.size(), 0), 0);
}

TEST(OpenedPlace, AnotherDirectoryOfTheSameNameIsLeftAlone) {
  ExportPlace place;
  std::string at;
  {
    const ExportCopy owner = place.opened("a.pdf");
    at = directory_of(owner.entry());
  }
  fs::rename(at, place.state("moved"));
  fs::create_directory(at);
  fs::permissions(at, fs::perms::owner_all);
  must(write_durable(at + "/mine", as_bytes("kept")));
  EXPECT_EQ(place.sweep(kNow).copies.at(0).report.reasons, std::vector{Reason::kNotFound});
  EXPECT_EQ(text_in(at + "/mine"), "kept");
  EXPECT_TRUE(place.sweep(kNow).copies.empty());  // said once
  EXPECT_EQ(place.known(), 1U);
}

TEST(OpenedPlace, WhatLayInMemoryAndIsGoneWentWithTheMemory) {
  ExportPlace place;
  {
    const ExportCopy owner = place.opened("a.pdf", CopyKind::kOpenedInMemory);
    fs::remove_all(directory_of(owner.entry()));
  }
  const SweepReport swept = place.sweep(kNow);
  EXPECT_EQ(swept.copies.at(0).report.verdict, Verdict::kNotGuaranteed);
  EXPECT_EQ(swept.copies.at(0).report.reasons,
            (std::vector{Reason::kMemoryFileSystem, Reason::kNothingToOverwrite}));
  EXPECT_EQ(place.known(), 0U);
}

// Who writes an entry by hand does not choose a directory to be emptied.
TEST(OpenedPlace, AnEntryThatNamesAnOrdinaryDirectoryIsDamaged) {
  ExportPlace place;
  const ExportCopy owner = place.opened("a.pdf");
  ExportEntry forged = owner.entry();
  EXPECT_TRUE(ok(ExportEntry::decode(forged.encode())));
  forged.path = "/home/marie/Documents/a.pdf";
  EXPECT_TRUE(refused(ExportEntry::decode(forged.encode()), Code::kDamaged));
  forged.staging = "Documents";
  EXPECT_TRUE(refused(ExportEntry::decode(forged.encode()), Code::kDamaged));
  forged = owner.entry();
  forged.staging = "coffre-opened-0123456789abcde/";
  EXPECT_TRUE(refused(ExportEntry::decode(forged.encode()), Code::kDamaged));
}

TEST(OpenedPlace, OthersMayNotShareIt) {
  ExportPlace place;
  ExportEntry entry;
  {
    const ExportCopy owner = place.opened("a.pdf");
    entry = owner.entry();
  }
  ASSERT_EQ(::chmod(directory_of(entry).c_str(), 0755), 0);
  EXPECT_EQ(opened_state(entry), OpenedState::kGone);
  ASSERT_EQ(::chmod(directory_of(entry).c_str(), 0700), 0);
  EXPECT_EQ(opened_state(entry), OpenedState::kLeft);
}

TEST(OpenedPlace, TheFirstDirectoryInMemoryIsTaken) {
  const TempDir disk;
  EXPECT_EQ(memory_directory({}), std::nullopt);
  EXPECT_EQ(memory_directory({"", "relative", disk / "missing", "/proc"}), std::nullopt);
  struct statfs found{};
  ASSERT_EQ(::statfs("/dev/shm", &found), 0);
  if (found.f_type != TMPFS_MAGIC) {
    GTEST_SKIP() << "/dev/shm is not in memory here";
  }
  EXPECT_EQ(memory_directory({"/proc", "/dev/shm/"}), "/dev/shm");
}

// Whatever call fails while a copy is made, none is both there and unknown to the ledger.
TEST(OpenedPlace, AFailureWhileItIsMadeLeavesNothingUnknown) {
  for (const char* method :
       {"make_directory", "openat", "flock", "fstat", "birth", "write", "fsync", "close", "rename",
        "remove_directory", "unlinkat", "pwrite", "list"}) {
    for (int nth = 1; nth <= 12; ++nth) {
      ExportPlace place;
      FaultyOs faulty;
      {
        const ScopedOs scope(faulty);
        faulty.fail(method, nth, EIO);
        NewCopy wanted = place.order("a.pdf");
        wanted.kind = CopyKind::kOpenedOnDisk;
        Result<ExportCopy> made = ExportCopy::create(place.ledger(), wanted, system_random());
        if (made && made->write(as_bytes("Lettre"))) {
          static_cast<void>(made->commit());
        }
      }
      const bool is_known = place.known() != 0;
      EXPECT_TRUE(is_known || place.names().empty()) << method << " " << nth;
      static_cast<void>(place.sweep(kNow));
      EXPECT_TRUE(place.names().empty()) << method << " " << nth;
      EXPECT_EQ(place.known(), 0U) << method << " " << nth;
    }
  }
}

// Whatever call fails in a sweep, the next one finishes.
TEST(OpenedPlace, AfterAnyFailureOfASweepTheNextOneFinishes) {
  for (const char* method :
       {"openat", "open_beneath", "fstat", "fstatat", "list", "pwrite", "fsync", "ftruncate",
        "unlinkat", "remove_directory", "flock", "rename"}) {
    for (int nth = 1; nth <= 6; ++nth) {
      ExportPlace place;
      {
        const ExportCopy owner = place.opened("a.pdf");
        must(write_durable(directory_of(owner.entry()) + "/b", as_bytes("two")));
      }
      FaultyOs faulty;
      {
        const ScopedOs scope(faulty);
        faulty.fail(method, nth, EIO);
        SweepRequest request;
        request.now_ms = kNow;
        static_cast<void>(sweep_exports(place.ledger(), request));
      }
      EXPECT_TRUE(place.known() != 0 || place.names().empty()) << method << " " << nth;
      for (int again = 0; again < 2; ++again) {
        static_cast<void>(place.sweep(kNow));
      }
      EXPECT_TRUE(place.names().empty()) << method << " " << nth;
      EXPECT_EQ(place.known(), 0U) << method << " " << nth;
    }
  }
}

}  // namespace
}  // namespace coffre::test
